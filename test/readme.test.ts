// What the README and the rooms behind it show is run. (All of it is type-checked against what is published:
// package.test.ts.)
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { file } from "./support/example.ts"
import { expected } from "./support/requests.ts"
import { roomAt, rooms, scriptsOf } from "./support/rooms.ts"
import { root, runtime, start } from "./support/runtime.ts"

// Inside the repository: that is where the package can be imported by its own name.
const folder = join(root, `test/.readme-${runtime}-${process.pid}`)
const blocks = rooms.flatMap(scriptsOf).map((code, index) => {
  const file = join(folder, `block-${index + 1}.ts`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, code)
  return { code, file }
})
const blockWith = (...words: ReadonlyArray<string>) => {
  const found = blocks.find(({ code }) => words.every((word) => code.includes(word)))
  if (found === undefined) throw new Error(`no room has a script with ${words.join(" and ")}`)
  return found.file
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("what is shown", () => {
  const environment = (sandbox: Sandbox.Sandbox) =>
    Object.fromEntries(
      ["FMC", "FDM"].flatMap((prefix) => [
        [`${prefix}_URL`, sandbox.url],
        [`${prefix}_USERNAME`, sandbox.username],
        [`${prefix}_PASSWORD`, Redacted.value(sandbox.password)],
        [`${prefix}_PIN`, sandbox.certificate.sha256]
      ])
    )

  it.scopedLive.each([
    ["FMC", 'Fmc.layerConfig("FMC")', "jump-host is 192.0.2.10: created"],
    ["FDM", 'Fdm.layerConfig("FDM")', "softwareVersion"]
  ] as const)("as the first script for an %s runs, and logs out", ([, words, printed]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = start(blockWith(words), { env: environment(sandbox) })
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toContain(printed)
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("as the same without Effect runs, logs out, and writes nothing the second time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const run = Effect.promise(
        () => start(blockWith("Fmc.use", "upsert"), { env: environment(sandbox) }).ended
      )
      const told = (change: string) => ({
        code: 0,
        stderr: "",
        stdout: `jump-host is 192.0.2.10: ${change}\n`
      })
      expect(yield* run).toMatchObject(told("created"))
      expect(yield* run).toMatchObject(told("unchanged"))
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 2, open: 0 })
    })
  )

  it.scopedLive("as a list and an error without Effect runs, and logs out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { hosts } = yield* fmc.domain("Global")
      yield* hosts.create({ name: "jump-host", value: "192.0.2.10" })
      const running = start(blockWith("Fmc.use", "DeviceRefused"), { env: environment(sandbox) })
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(/jump-host 192\.0\.2\.10[\s\S]*already exists/)
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 2, open: 1 })
    })
  )

  it.scopedLive.each(["Workflow.make", "Workflow.promise"])("as a plan by %s is what comes of it", (words) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = start(blockWith(words, "planText"), { env: environment(sandbox) })
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const [shown = ""] = roomAt("src/workflow/README.md")
        .text.split(/^```\n(publish: plan\n.*?)^```/ms)
        .slice(1)
      const lines = (text: string) => text.split("\n").filter((line) => line.startsWith("  "))
      expect(lines(stdout).slice(0, 2)).toEqual(lines(shown).slice(0, 2))
      expect(stdout).toContain("NetworkGroup published")
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("as a workflow runs, reports, and changes nothing the second time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = () => start(blockWith("Workflow.resultOf"), { env: environment(sandbox) }).ended
      const first = yield* Effect.promise(running)
      expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" })
      expect(first.stdout).toMatch(/^add-host: done\n1 done; [\s\S]* \+ Host shop {2}\(done\)/)
      const second = yield* Effect.promise(running)
      expect(second.stdout).toMatch(
        /^add-host: done\nNothing was changed; 1 as wanted already \(Host shop\)\./
      )
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("as a script with a command line plans, and runs", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const hosts = yield* file("hosts.json", '[{ "name": "web-1", "value": "192.0.2.7" }]')
      const call = (...args: ReadonlyArray<string>) =>
        Effect.promise(() => start(blockWith("Main.workflow"), { args, env: environment(sandbox) }).ended)
      const words = ["--hosts", `@${hosts}`]
      expect(yield* call("plan", ...words, "--detailed-exitcode")).toMatchObject({ code: 2, stderr: "" })
      const ran = yield* call("run", ...words, "--yes")
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^add-hosts: done\n/) })
      expect(sandbox.ledger).toMatchObject({ opened: 3, open: 0 })
    })
  )

  it.scopedLive("as a request of one's own runs, and says what the device says", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = start(blockWith("fmc.filterStatusOk"), { env: environment(sandbox) })
      const { code, stdout } = yield* Effect.promise(() => running.ended)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^branch-1: added\nbranch-1: .*already exists/)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.live("as a sandbox in a test runs", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* Effect.promise(() => start(blockWith("Sandbox.make")).ended)
      expect({ code, stdout }).toEqual({ code: 0, stdout: "0 left open\n" })
    })
  )

  it("as the costs of workflows are the numbers that the tests of the examples count", () => {
    const table = roomAt("examples/README.md").text.split(/^## What it costs a device$/m)[1] ?? ""
    const rows = [
      ...table.matchAll(/^\| ([a-z-]+(?:, again)?) +\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\|/gm)
    ]
    const told = rows.map(([, workflow = "", ...numbers]) => {
      const [logins, refreshes, reads, writes, logouts] = numbers.map(Number)
      return [workflow, { logins, refreshes, reads, writes, logouts }]
    })
    const counted = Object.entries(expected).map(([workflow, one]) => [workflow, { refreshes: 0, ...one }])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counted))
    expect(told).toHaveLength(counted.length)
  })
})
