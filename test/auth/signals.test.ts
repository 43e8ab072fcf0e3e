// Scripts of their own process, ended in every way: 0 sessions stay open, and the exit code tells what happened.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../support/backends.ts"
import { betweenSignals } from "../support/betweenSignals.ts"
import { eventually } from "../support/eventually.ts"
import { environmentOf } from "../support/example.ts"
import { fewer } from "../support/fewer.ts"
import { fewest } from "../support/long.ts"
import { type Running, runtime, start } from "../support/runtime.ts"

describe.each(fewest(backends))("$name: a script", (backend) => {
  const script = (sandbox: Sandbox.Sandbox, ending: string): Running => {
    const prefix = backend.name.toUpperCase()
    return start("test/scripts/session.ts", {
      env: {
        BACKEND: backend.name,
        ENDING: ending,
        [`${prefix}_URL`]: sandbox.url,
        [`${prefix}_USERNAME`]: sandbox.username,
        [`${prefix}_PASSWORD`]: Redacted.value(sandbox.password),
        [`${prefix}_PIN`]: sandbox.certificate.sha256
      }
    })
  }
  const ended = (running: Running) => Effect.promise(() => running.ended)
  const opened = (running: Running) =>
    eventually("the script is open", () => running.output().includes("opened"))

  it.scopedLive.each([
    ...fewer([
      ["failure", 1, 'InvalidInput: answer: "41" is not the answer; give 42.'] as const,
      ["success", 0, ""] as const
    ]),
    ["defect", 1, "Error: a bug in the script"],
    ["timer", 1, "Error: thrown by a timer"],
    ["rejection", 1, "Error: rejected by nobody's promise"],
    // A program that it has started reads no more, but whoever reads what it prints does. Elsewhere that is one signal.
    ...(runtime === "node" ? [["deaf", 1, "EPIPE"] as const] : [])
  ] as const)("that ends in %s exits with %i, logged out", ([ending, code, message]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* ended(script(sandbox, ending))
      expect(result.stderr).toContain(message)
      expect(result.stderr).not.toMatch(/^\s+at /m)
      expect({ code: result.code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
        code,
        open: 0,
        opened: 1
      })
    })
  )

  it.scopedLive.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129]
  ] as const)("that gets %s exits with %i, logged out", ([signal, code]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = script(sandbox, "wait")
      yield* opened(running)
      running.kill(signal)
      const result = yield* ended(running)
      expect({ code: result.code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
        code,
        open: 0,
        opened: 1
      })
    })
  )

  it.scopedLive("that gets SIGINT while it logs in waits for the login and logs it out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("1500 millis") })
      const running = script(sandbox, "wait")
      yield* eventually("the login is under way", () => sandbox.ledger.opened === 1)
      running.kill("SIGINT")
      const result = yield* ended(running)
      expect({ code: result.code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
        code: 130,
        open: 0,
        opened: 1
      })
    })
  )

  it.scopedLive("that gets SIGINT in the middle of a change tells that the device may have made it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ path: "/api/change", how: Sandbox.Fault.hang })
      const running = script(sandbox, "change")
      yield* eventually("the change is under way", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      running.kill("SIGINT")
      const { code, stderr } = yield* ended(running)
      expect({ code, open: sandbox.ledger.open }).toEqual({ code: 130, open: 0 })
      expect(stderr).toContain(
        "the outcome of POST /api/change is unknown (the wait for it was interrupted): it may have"
      )
    })
  )

  it.scopedLive.each([
    ...fewer([
      ["the console", "talk", "stdout"] as const,
      ["the console for errors", "complain", "stderr"] as const
    ]),
    ["writing", "write", "stdout"]
  ] as const)(
    "whose reader goes away, by %s, as in `script | head -1`, ends early, logged out",
    ([, how, stream]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const running = script(sandbox, how)
        yield* opened(running)
        running.stopReading(stream)
        const result = yield* ended(running)
        expect(
          stream === "stdout" ? result.stderr : result.stdout.replaceAll(/started|opened/g, "").trim()
        ).toBe("")
        expect({ code: result.code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
          code: 141,
          open: 0,
          opened: 1
        })
      })
  )

  it.scopedLive("that gets a second signal leaves at once, and says what may be left", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.hang })
      const running = script(sandbox, "wait")
      yield* opened(running)
      running.kill("SIGINT")
      yield* eventually("the logout hangs", () =>
        sandbox.ledger.requests.some(({ status }) => status === "hung")
      )
      yield* betweenSignals
      running.kill("SIGINT")
      const { code, stderr } = yield* ended(running)
      expect(code).toBe(130)
      expect(stderr).toContain("SIGINT: leaving at once. A session that was not logged out yet stays open")
    })
  )

  // `deno task` hands on one Ctrl-C three times, a terminal that closes ends what runs in it more than once.
  it.scopedLive.each(
    fewer([
      ["SIGINT", "SIGINT", 130],
      ["SIGHUP", "SIGHUP", 129],
      // Where both wait for it, the system hands the lower number on first.
      ["SIGHUP", "SIGTERM", 129]
    ] as const)
  )("that gets %s and right behind it %s is logged out", ([first, second, code]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.slow("500 millis") })
      const running = script(sandbox, "wait")
      yield* opened(running)
      running.kill(first)
      yield* Effect.sleep("20 millis")
      running.kill(second)
      const result = yield* ended(running)
      expect([result.code, sandbox.ledger.open, sandbox.ledger.opened], result.stderr).toEqual([code, 0, 1])
      expect(result.stderr).not.toContain("leaving at once")
    })
  )

  it.scopedLive("that calls process.exit in the middle exits with its code, logged out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* ended(
        start("test/scripts/exiting.ts", {
          env: { ...environmentOf(sandbox, "FMC", "FDM"), BACKEND: backend.name }
        })
      )
      expect(result.stderr).toBe("")
      expect({ code: result.code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
        code: 3,
        open: 0,
        opened: 1
      })
    })
  )

  it.scopedLive("says what is missing in its environment", () =>
    Effect.gen(function* () {
      const prefix = backend.name.toUpperCase()
      const running = start("test/scripts/session.ts", {
        env: { BACKEND: backend.name, [`${prefix}_URL`]: "https://127.0.0.1:1" }
      })
      const result = yield* ended(running)
      expect(result.code).toBe(1)
      expect(result.stderr).toContain(`${prefix}_USERNAME`)
    })
  )
})
