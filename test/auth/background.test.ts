// What a session does beside its script: it neither ends the process nor keeps it. Scripts of their own process, since
// a test's runtime has handlers and timers of its own.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../support/backends.ts"
import { environmentOf } from "../support/example.ts"
import { fewer } from "../support/fewer.ts"
import { start } from "../support/runtime.ts"

/** Runs a script to its end, or to the end of our patience. */
const run = (script: string, sandbox: Sandbox.Sandbox, env: Readonly<Record<string, string>>) =>
  Effect.acquireUseRelease(
    Effect.sync(() =>
      start(`test/scripts/${script}`, { env: { ...environmentOf(sandbox, "FMC", "FDM"), ...env } })
    ),
    ({ ended }) =>
      Effect.timeoutOption(
        Effect.promise(() => ended),
        "20 seconds"
      ),
    ({ ended, kill }) =>
      Effect.promise(async () => {
        try {
          kill("SIGKILL")
        } catch {
          // It has ended.
        }
        await ended
      })
  )

describe.each(fewer(backends))("$name: a script with nothing more to do", (backend) => {
  it.scopedLive("ends by itself, with its session still open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* run("idle.ts", sandbox, { BACKEND: backend.name })
      expect(result).toMatchObject({ _tag: "Some", value: { code: 0, stdout: "200\n" } })
      // Nobody closed its scope: what Main.run is for.
      expect(backend.tally(sandbox).open).toBe(1)
    })
  )
})

describe("a script", () => {
  it.scopedLive("is not disturbed by what fails beside it: renewals, logouts, late logins, listeners", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* run("background.ts", sandbox, {})
      expect(Option.getOrUndefined(result)).toMatchObject({ code: 0, stderr: "", stdout: "undisturbed\n" })
    })
  )

  it.scopedLive("is not disturbed by a listener whose promise is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* run("background.ts", sandbox, { PROMISE: "1" })
      expect(Option.getOrUndefined(result)).toMatchObject({ code: 0, stderr: "", stdout: "undisturbed\n" })
    })
  )
})
