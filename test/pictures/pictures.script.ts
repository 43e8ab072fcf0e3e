// Makes the pictures of the pages: `npm run pictures`. The terminal is what examples/workflow.ts prints on one, with eight
// FMCs of the sandbox of which one refuses the last change, and the report is the page that it leaves, in a browser
// (Debian: apt-get install chromium script; or CHROMIUM names another one). They go to examples/pictures; look at them.

import { mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { chromium } from "playwright-core"
import * as Sandbox from "sallyport/sandbox"
import { chromium as chromiumPath } from "../support/chromium.ts"
import { root } from "../support/runtime.ts"
import { type Styled, screenOf } from "../support/screen.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { commandOnTerminal, hasTerminals } from "../support/terminal.ts"
import { terminalSvg } from "./terminalSvg.ts"

const columns = 102
const folder = join(root, "examples/pictures")
const words = ["--inventory", "fmcs.json", "--service", "shop", "--address", "192.0.2.7"]

const refusal = {
  error: { category: "FRAMEWORK", messages: [{ description: "The name shop conflicts with a port object." }] }
}
const refuses = { method: "POST", path: /networkgroups/, how: Sandbox.Fault.status(422, { body: refusal }) }
const isSlow = (path: RegExp, seconds: number) => ({
  method: "POST",
  path,
  how: Sandbox.Fault.slow(seconds * 1000)
})

/** The FMCs, and what is odd with each. */
const fmcs: Readonly<Record<string, Parameters<Sandbox.Sandbox["fail"]>[0] | undefined>> = {
  berlin: undefined,
  bremen: isSlow(/networkgroups/, 3),
  dresden: refuses,
  hamburg: isSlow(/hosts/, 3),
  kiel: undefined,
  leipzig: isSlow(/hosts/, 4),
  munich: isSlow(/networkgroups/, 4),
  rostock: undefined
}

/** A folder with an inventory of them. */
const fleet = Effect.gen(function* () {
  const work = yield* temporaryFolder
  const devices = yield* Effect.forEach(Object.entries(fmcs), ([name, fault]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ latency: "100 millis" })
      if (fault !== undefined) yield* sandbox.fail(fault)
      const { certificate, password, url, username } = sandbox
      const passwordFile = join(work, `${name}.password`)
      writeFileSync(passwordFile, Redacted.value(password), { mode: 0o600 })
      return [name, { url, trust: { pin: certificate.sha256 }, credentials: { username, passwordFile } }]
    })
  )
  const inventory = { defaults: { kind: "fmc" }, devices: Object.fromEntries(devices) }
  writeFileSync(join(work, "fmcs.json"), JSON.stringify(inventory))
  return work
})

/** What `workflow.ts` shows on a terminal in this folder, at a moment on the way and at its end. */
const called = (
  work: string,
  given: ReadonlyArray<string>,
  isMoment: (lines: ReadonlyArray<string>) => boolean
) =>
  Effect.gen(function* () {
    const node = [process.execPath, "--conditions=@sallyport/source", "--import", import.meta.resolve("tsx")]
    const running = commandOnTerminal([...node, join(root, "examples/workflow.ts"), ...given], {
      cwd: work,
      env: { XDG_STATE_HOME: work, TERM: "xterm-256color", NO_COLOR: "", FORCE_COLOR: "" },
      size: [columns, 60]
    })
    const screen = screenOf(columns, 60)
    screen.echo(`\u001b[1m$ workflow.ts ${given.join(" ")}\u001b[0m\r\n`)
    let shown = 0
    const showMore = () => {
      screen.echo(running.output().slice(shown))
      shown = running.output().length
    }
    const ended = yield* Effect.fork(Effect.promise(() => running.ended))
    let onTheWay: ReadonlyArray<ReadonlyArray<Styled>> = []
    while ((yield* Fiber.poll(ended))._tag === "None") {
      yield* Effect.sleep("20 millis")
      showMore()
      if (onTheWay.length === 0 && isMoment(yield* screen.lines)) onTheWay = yield* screen.styled
    }
    showMore()
    return { onTheWay, end: yield* screen.styled }
  })

/** A failure stands there, and the others are under way. */
const isUnderWay = (lines: ReadonlyArray<string>): boolean =>
  /^[█░]+ 4 of 8 devices · 1 failed .*left/.test(lines.at(-1) ?? "") &&
  lines.filter((line) => line.includes(" · create ")).length === 4

/** The page of a report, as a browser shows it. */
const pageOf = (file: string) =>
  Effect.acquireUseRelease(
    Effect.promise(() => chromium.launch({ executablePath: chromiumPath() ?? "", args: ["--no-sandbox"] })),
    (browser) =>
      Effect.promise(async () => {
        const page = await browser.newPage({ viewport: { width: 1000, height: 900 } })
        await page.goto(pathToFileURL(file).href)
        // The device that failed is the first.
        await page.locator("summary").first().click()
        return page.screenshot({ path: join(folder, "report.png") })
      }),
    (browser) => Effect.promise(() => browser.close())
  )

const pictures = Effect.gen(function* () {
  const work = yield* fleet
  mkdirSync(folder, { recursive: true })
  const plan = yield* called(work, ["plan", ...words], () => false)
  const run = yield* called(work, ["run", ...words, "--yes", "--report", "report.html"], isUnderWay)
  if (run.onTheWay.length === 0) return yield* Effect.dieMessage("the moment was missed; make them once more")
  const moments = [
    { title: "what it would do", lines: plan.end },
    { title: "while it does it", lines: run.onTheWay },
    { title: "what became of it", lines: run.end }
  ]
  writeFileSync(join(folder, "terminal.svg"), terminalSvg(moments, columns))
  yield* pageOf(join(work, "report.html"))
  for (const name of ["terminal.svg", "report.png"]) {
    const { size } = statSync(join(folder, name))
    console.log(`examples/pictures/${name}: ${Math.ceil(size / 1024)} KB`)
    if (size > mostBytes) process.exitCode = 1
  }
})

// A page that shows them has to be there at once.
const mostBytes = 150 * 1024

if (hasTerminals && chromiumPath() !== undefined) await Effect.runPromise(Effect.scoped(pictures))
else {
  console.error(
    "The pictures need a terminal and a browser: the commands script and chromium (Debian: apt-get install util-linux chromium)."
  )
  process.exitCode = 1
}
