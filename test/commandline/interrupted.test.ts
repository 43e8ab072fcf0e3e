// What a command line tells when it is interrupted before it has changed anything.
//
// States of a command: logging in · planning · asking · begun. Races: Ctrl-C in each of the first three.
//
// Invariants: whoever has pressed Ctrl-C is told once what has become of it, and how to go on · every session is logged out.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Sandbox from "sallyport/sandbox"
import * as CommandLine from "../../src/commandline/CommandLine.ts"
import { callerOf } from "../support/commandLine.ts"
import { createHosts } from "../support/createHosts.ts"
import { eventually } from "../support/eventually.ts"
import { inventoryOf } from "../support/fleetInventories.ts"
import { adding, fleetOf, input } from "../support/fleets.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = yield* temporaryFolder
  const begin = (isAtTerminal: boolean, ...words: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const { caller, got } = callerOf(words, { isAtTerminal })
      const options = { devices: { fmc: sandbox.fmc }, folder }
      return { fiber: yield* Effect.fork(CommandLine.main(createHosts, options, caller)), got }
    })
  const runs = Effect.gen(function* () {
    const { fiber, got } = yield* begin(false, "run", "--yes", "--names", "a")
    yield* Fiber.join(fiber)
    return /^Run (\S+),/m.exec(got.stdout)?.[1] ?? "none"
  })
  return { sandbox, begin, runs }
})

describe("a command that is interrupted", () => {
  it.scopedLive("while it asks, or plans, says that nothing was changed", () =>
    Effect.gen(function* () {
      const { begin, sandbox } = yield* opened
      const asking = yield* begin(true, "run", "--names", "a")
      yield* eventually("it asks", () => asking.got.stderr.includes("[y/N]"))
      yield* Fiber.interrupt(asking.fiber)
      yield* sandbox.fail({ kind: "call", method: "GET", how: Sandbox.Fault.hang })
      const planning = yield* begin(false, "run", "--yes", "--names", "a")
      yield* eventually("it plans", () => sandbox.ledger.requests.some(({ status }) => status === "hung"))
      yield* Fiber.interrupt(planning.fiber)
      for (const { stderr, stdout } of [asking.got, planning.got]) {
        expect(stderr).toContain("Nothing was changed: it was interrupted before that. Run it again.\n")
        expect(stdout).toBe("")
      }
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("before it takes anything back, says how that is done", () =>
    Effect.gen(function* () {
      const { begin, runs, sandbox } = yield* opened
      const run = yield* runs
      const asking = yield* begin(true, "undo", run)
      yield* eventually("it asks", () => asking.got.stderr.includes("[y/N]"))
      yield* Fiber.interrupt(asking.fiber)
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("300 millis") })
      const before = sandbox.ledger.opened
      const opening = yield* begin(false, "undo", run)
      yield* eventually("it logs in", () => sandbox.ledger.opened > before)
      yield* Fiber.interrupt(opening.fiber)
      for (const { stderr } of [asking.got, opening.got])
        expect(stderr).toContain(
          `Nothing was taken back: it was interrupted before that. script.ts undo ${run} takes it back.\n`
        )
    })
  )

  it.scopedLive("when it has begun, tells by its report alone", () =>
    Effect.gen(function* () {
      const { begin, sandbox } = yield* opened
      yield* sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("300 millis") })
      const { fiber, got } = yield* begin(false, "run", "--yes", "--names", "a", "--names", "b")
      const posts = () =>
        sandbox.ledger.requests.filter(({ method, path }) => method === "POST" && /hosts/.test(path))
      yield* eventually("it writes", () => posts().length === 2)
      yield* Fiber.interrupt(fiber)
      expect(got.stdout).toContain("create-hosts: interrupted, and taken back")
      expect(got.stderr).not.toContain("Nothing was changed")
    })
  )

  it.scopedLive("while a fleet is taken back, tells what is left, and how to go on", () =>
    Effect.gen(function* () {
      const { device, devices, folder } = yield* fleetOf(2)
      const inventory = inventoryOf(folder, devices)
      const begin = (...words: ReadonlyArray<string>) =>
        Effect.gen(function* () {
          const { caller, got } = callerOf([...words, "--inventory", inventory])
          return { fiber: yield* Effect.fork(CommandLine.main(adding, { folder }, caller)), got }
        })
      const ran = yield* begin("run", "--yes", "--value", input.value)
      yield* Fiber.join(ran.fiber)
      const fleet = /^Fleet (\S+),/m.exec(ran.got.stdout)?.[1] ?? "none"
      yield* device("d1").sandbox.fail({ method: "DELETE", how: Sandbox.Fault.slow("300 millis") })
      const { fiber, got } = yield* begin("undo", fleet, "--yes", "--concurrency", "1")
      yield* eventually("it takes back", () =>
        device("d1").sandbox.ledger.requests.some(
          ({ kind, method }) => kind === "call" && method === "DELETE"
        )
      )
      yield* Fiber.interrupt(fiber)
      expect(got.stdout).toContain(`script.ts undo ${fleet} goes on with the undo.`)
      expect(got.stderr).not.toContain("Nothing was")
    })
  )
})
