import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"

const told = [
  "First run",
  "  logged in",
  "  left the login for the next run",
  "Second run",
  "  goes on with the login that it found",
  "  left the login for the next run",
  "Last run",
  "  goes on with the login that it found",
  "  logged out"
]

it.live("shared-login.ts by itself logs in once for three runs", () =>
  Effect.gen(function* () {
    const { code, stderr, stdout } = yield* run("examples/shared-login.ts")
    const ledger = "Ledger: 1 session opened, 0 left open"
    expect({ code, stderr, lines: lines(stdout) }).toEqual({ code: 0, stderr: "", lines: [...told, ledger] })
  })
)

it.scopedLive("shared-login.ts on an FMC does the same, and leaves 0 open", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { code, stdout } = yield* run("examples/shared-login.ts", { env: environmentOf(sandbox, "FMC") })
    expect({ code, lines: lines(stdout) }).toEqual({ code: 0, lines: told })
    expect(sandbox.ledger.fmc).toMatchObject({ logins: 1, revokes: 1, open: 0 })
  })
)
