// Two processes with one account, on a device where the newest login ends the older one. (In one process:
// contested.test.ts.)
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../support/backends.ts"
import { eventually } from "../support/eventually.ts"
import { environmentOf } from "../support/example.ts"
import { fewest } from "../support/long.ts"
import { type Running, start } from "../support/runtime.ts"

describe.each(fewest(backends))("$name: two processes that use one account", (backend) => {
  const prefix = backend.name === "fmc" ? "FMC" : "FDM"
  const contender = (sandbox: Sandbox.Sandbox, env: Readonly<Record<string, string>> = {}) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        start("test/scripts/contender.ts", {
          env: { ...environmentOf(sandbox, prefix), BACKEND: backend.name, ...env }
        })
      ),
      (running) =>
        Effect.promise(async () => {
          try {
            running.kill("SIGKILL")
          } catch {
            // It has ended.
          }
          await running.ended
        })
    )
  const isOver = (running: Running) => running.output().includes("SessionContested")
  const served = (running: Running) => Number(/served (\d+)\s*$/.exec(running.output())?.[1] ?? 0)
  const sandboxed = Sandbox.make({ evictOnLogin: true, fdmSessionLimit: 1 })

  it.scopedLive("take it from each other a few times; then one ends and says why, the other works on", () =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      const both = [yield* contender(sandbox), yield* contender(sandbox)]
      yield* eventually("both are logged in", () => sandbox.ledger.opened >= 2)
      const first = yield* Effect.promise(() =>
        Promise.race(both.map(async (running) => ({ running, ended: await running.ended })))
      )
      expect(first.ended.code).toBe(1)
      expect(first.ended.stderr).toMatch(
        /SessionContested: .*someone else uses the account "api": the device ended this session early 3 times since \d{4}-.*Give each script/s
      )
      const { logins } = sandbox.ledger
      expect(logins).toBeLessThanOrEqual(12)
      const other = both.find((running) => running !== first.running)
      if (other === undefined || isOver(other)) return
      const before = served(other)
      yield* eventually("the other is served", () => isOver(other) || served(other) >= before + 40)
      other.kill("SIGTERM")
      const ended = yield* Effect.promise(() => other.ended)
      expect(ended.code).toBe(143)
      // It may have had to take the account back once more from the one that gave up.
      expect(sandbox.ledger.logins).toBeLessThanOrEqual(logins + 1)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  // What gives way does not depend on the backend, and processes take their time.
  it.scopedLive.runIf(backend.name === "fmc")(
    "do not fight where one gives way: it ends at once, and the other never notices",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* sandboxed
        const polite = yield* contender(sandbox, { GIVE_WAY: "1" })
        yield* eventually("it is at work", () => served(polite) > 0)
        const other = yield* contender(sandbox)
        const ended = yield* Effect.promise(() => polite.ended)
        expect(ended.code).toBe(1)
        expect(ended.stderr).toContain("the device ended this session early once since")
        yield* eventually("the other is at work", () => served(other) > 0)
        other.kill("SIGTERM")
        expect((yield* Effect.promise(() => other.ended)).code).toBe(143)
        expect(sandbox.ledger).toMatchObject({ logins: 2, open: 0 })
      })
  )
})
