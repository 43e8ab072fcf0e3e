// Pages in a browser. `npm run test:browser` installs one where it may; without one this is skipped.
//
// Invariants: nothing in a page runs but its own script · nothing is asked of any network · it has no fault that axe finds,
// by day, by night and on a phone · without scripts it says all the same · the filter finds by words and by state, tells
// how many, and is reached by keys · all that is shown is open on paper.

import axe from "axe-core"
import { type Browser, chromium, type Page } from "playwright-core"
import { Fleet, Workflow } from "sallyport"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chromium as chromiumPath } from "../support/chromium.ts"
import { fleetReport, hostChange, hostile, runReport } from "../support/reports.ts"

const executablePath = chromiumPath()
if (executablePath === undefined)
  console.warn(
    "Pages are not looked at in a browser: there is no Chromium here (npm run test:browser installs it)."
  )

const states = [
  "done",
  "undone",
  "left",
  "unknown",
  "failed",
  "neverHappened",
  "planned",
  "notReached"
] as const

const runPage = Workflow.runHtml(
  runReport({
    outcome: "failed",
    errors: [{ tag: "DeviceRefused", message: `${hostile}\nCorrect it.`, at: "import-hosts.ts:21:14" }],
    changes: Array.from({ length: 40 }, (_, at) =>
      hostChange({
        name: at === 7 ? hostile : `host-${at}`,
        action: (["create", "update", "remove", hostile] as const)[at % 4] ?? "create",
        state: states[at % states.length] ?? "done",
        step: at < 20 ? "hosts" : "more hosts",
        fields: [
          { field: "value", before: hostile, after: "192.0.2.9" },
          { field: "members", added: ["a"], removed: ["b"] }
        ]
      })
    ),
    undo: { state: "incomplete", left: 3 }
  })
)

const fleetPage = Fleet.fleetHtml(fleetReport(1000, (at) => (at === 11 ? hostile : `branch-${at}`)))

describe.skipIf(executablePath === undefined)("a page in a browser", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] })
  })
  afterAll(() => browser.close())

  interface Opened {
    readonly page: Page
    /** What went wrong, and what was asked of the network. */
    readonly faults: ReadonlyArray<string>
  }

  const withPage = async <A>(
    html: string,
    options: Parameters<Browser["newContext"]>[0],
    use: (opened: Opened) => Promise<A>
  ): Promise<A> => {
    const context = await browser.newContext(options)
    try {
      const page = await context.newPage()
      const faults: Array<string> = []
      page.on("pageerror", (error) => faults.push(String(error)))
      page.on("console", (message) => faults.push(message.text()))
      page.on("request", (request) => faults.push(request.url()))
      page.on("dialog", (dialog) => faults.push(dialog.message()))
      await page.setContent(html)
      return await use({ page, faults })
    } finally {
      await context.close()
    }
  }

  it("runs nothing but its own script, and asks nothing of any network", () =>
    withPage(runPage, {}, async ({ faults, page }) => {
      expect(await page.title()).toBe("import-hosts")
      expect(await page.locator("img, iframe, link, object").count()).toBe(0)
      expect(await page.locator("script").count()).toBe(1)
      expect(faults).toEqual([])
    }))

  it.each([
    ["by day", { colorScheme: "light" }],
    ["by night", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 360, height: 780 } }]
  ] as const)("has no fault that axe finds %s", (_, options) =>
    withPage(runPage, { ...options, bypassCSP: true }, async ({ page }) => {
      await page.evaluate(axe.source)
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))"
      )
      expect(found).toEqual([])
      const isTooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
      expect(isTooWide).toBe(false)
    })
  )

  it("says all the same without scripts", () =>
    withPage(runPage, { javaScriptEnabled: false }, async ({ page }) => {
      expect(await page.locator("[data-filter]").isVisible()).toBe(false)
      expect(await page.getByText("host-39").isVisible()).toBe(true)
    }))

  it("finds by words and by state, tells how many, and is reached by a key", () =>
    withPage(runPage, {}, async ({ page }) => {
      const shown = page.locator("[data-item]:visible")
      const count = page.locator("output")
      expect(await count.textContent()).toBe("40 of 40 changes")
      await page.keyboard.press("/")
      await page.keyboard.type("HOST-3 value")
      await expect.poll(() => shown.count()).toBe(8)
      expect(await count.textContent()).toBe("8 of 40 changes")
      await page.getByLabel("undone", { exact: true }).uncheck()
      await expect.poll(() => shown.count()).toBe(7)
      await page.getByRole("searchbox").fill("host-33")
      await expect.poll(() => count.textContent()).toBe("0 of 40 changes")
      expect(await page.locator("[data-group]:visible").count()).toBe(0)
      await page.getByLabel("undone", { exact: true }).check()
      await expect.poll(() => shown.count()).toBe(1)
      expect(await page.locator("[data-group]:visible").count()).toBe(1)
    }))

  it.each([
    ["by day", { colorScheme: "light" }],
    ["by night", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 360, height: 780 } }]
  ] as const)("of a fleet has no fault that axe finds %s", (_, options) =>
    withPage(Fleet.fleetHtml(fleetReport(20)), { ...options, bypassCSP: true }, async ({ page }) => {
      for (const summary of await page.locator("summary").all()) await summary.click()
      await page.evaluate(axe.source)
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))"
      )
      expect(found).toEqual([])
    })
  )

  it("of 1000 devices finds one by words, opens it by keys, and has all open on paper", () =>
    withPage(fleetPage, {}, async ({ faults, page }) => {
      const shown = page.locator("[data-item]:visible")
      await page.keyboard.press("/")
      await page.keyboard.type("left-behind branch-341")
      await expect.poll(() => shown.count()).toBe(1)
      const one = page.locator("details", { hasText: "branch-341" })
      await one.locator("summary").focus()
      await page.keyboard.press("Enter")
      expect(await page.getByText("To be looked at").locator("visible=true").count()).toBe(1)
      expect(await one.locator(".change:visible").count()).toBe(2)
      await page.getByRole("searchbox").fill("")
      await expect.poll(() => shown.count()).toBe(1000)
      await page.getByLabel("done", { exact: true }).uncheck()
      await expect.poll(() => shown.count()).toBe(300)
      await page.evaluate("dispatchEvent(new Event('beforeprint'))")
      expect(await page.locator("details[open]:visible").count()).toBe(300)
      await page.evaluate("dispatchEvent(new Event('afterprint'))")
      expect(await page.locator("details[open]").count()).toBe(1)
      expect(faults).toEqual([])
    }))
})
