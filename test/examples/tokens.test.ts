import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"

describe("token-lifecycle.ts", () => {
  const life = [
    "  login: good for 3 refreshes",
    "Renewal 1",
    "  refresh: 2 left",
    "Renewal 2",
    "  refresh: 1 left",
    "Renewal 3",
    "  refresh: 0 left",
    "Renewal 4",
    "  login: good for 3 refreshes",
    "Logged out: the token is revoked, and so was that of the first login"
  ]

  it.live("by itself shows three refreshes, the fourth renewal as a login, and the logout", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("examples/token-lifecycle.ts")
      expect({ code, stderr, lines: lines(stdout) }).toEqual({ code: 0, stderr: "", lines: life })
    })
  )

  it.scopedLive("on an FMC shows the same, and leaves 0 open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stdout } = yield* run("examples/token-lifecycle.ts", {
        env: environmentOf(sandbox, "FMC")
      })
      expect({ code, lines: lines(stdout) }).toEqual({ code: 0, lines: life })
      expect(sandbox.ledger.fmc).toMatchObject({ logins: 2, refreshes: 3, revokes: 2, opened: 2, open: 0 })
    })
  )
})

describe("fdm-token.ts", () => {
  const account = [
    /^password grant: logged in to .+, API v6$/m,
    /^refresh_token grant: a new pair of tokens$/m,
    /^custom_token grant: for "monitoring", good for 1 hours and 1 refresh$/m,
    /^the monitoring job reads with it: status 200$/m,
    /^revoke_token grant: the tokens of "monitoring" are revoked$/m,
    /^the monitoring job is refused: TokenRejected$/m,
    /^logged out: the script's own token is revoked$/m
  ]

  it.live("by itself goes through all four grants", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("examples/fdm-token.ts")
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      for (const line of account) expect(stdout).toMatch(line)
    })
  )

  it.scopedLive("on an FDM leaves neither its session nor the custom token open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stdout } = yield* run("examples/fdm-token.ts", { env: environmentOf(sandbox, "FDM") })
      expect(code).toBe(0)
      for (const line of account) expect(stdout).toMatch(line)
      expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, refreshes: 1, opened: 1, open: 0 })
      expect(sandbox.ledger.customTokens.map(({ endedBy, subject }) => [subject, endedBy])).toEqual([
        ["monitoring", "revoke"]
      ])
    })
  )
})
