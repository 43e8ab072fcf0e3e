import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Certificate } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { file, lines, run } from "../support/example.ts"

const script = "examples/auth-util.ts"
const usage = "Usage: auth-util.ts <server> <username> <password> [<ca.pem>] [--show-tokens]"

const account = (sandbox: Sandbox.Sandbox) => [sandbox.username, Redacted.value(sandbox.password)]

describe("auth-util.ts", () => {
  it.scopedLive("logs in, says that both tokens exist, and logs out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const ca = yield* file("ca.pem", sandbox.certificate.pem)
      const result = yield* run(script, { args: [`127.0.0.1:${sandbox.port}`, ...account(sandbox), ca] })
      expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" })
      const masked = "there, 36 characters (--show-tokens shows it)"
      expect(lines(result.stdout)).toEqual([
        `Access Token: ${masked}`,
        `Refresh Token: ${masked}`,
        "Logout Results: 0"
      ])
      expect(sandbox.ledger.fmc).toMatchObject({ opened: 1, open: 0, revokes: 1 })
    })
  )

  it.scopedLive("shows the tokens where it is told to, wherever the flag stands", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const ca = yield* file("ca.pem", sandbox.certificate.pem)
      const args = ["--show-tokens", sandbox.url, ...account(sandbox), ca]
      const { code, stdout } = yield* run(script, { args })
      expect(code).toBe(0)
      expect(stdout).toMatch(
        /^Access Token: [0-9a-f-]{36}\nRefresh Token: [0-9a-f-]{36}\nLogout Results: 0$/m
      )
    })
  )

  it.scopedLive("says by its result that a logout failed", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.status(500) })
      const ca = yield* file("ca.pem", sandbox.certificate.pem)
      const { stderr, stdout } = yield* run(script, { args: [sandbox.url, ...account(sandbox), ca] })
      expect(lines(stdout).at(-1)).toBe("Logout Results: 1")
      expect(stderr).toContain("was not logged out")
    })
  )

  it.live("with too few arguments prints its usage", () =>
    Effect.gen(function* () {
      for (const args of [[], ["fmc.example", "api", "--show-tokens"]]) {
        const { code, stderr, stdout } = yield* run(script, { args })
        expect({ args, code, said: (stdout + stderr).trim() }).toEqual({ args, code: 1, said: usage })
      }
    })
  )

  it.scopedLive("with a wrong password makes one login, and says so without it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const ca = yield* file("ca.pem", sandbox.certificate.pem)
      const { code, stderr, stdout } = yield* run(script, {
        args: [sandbox.url, "api", "not-the-password-4711", ca]
      })
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(/CredentialsRefused: .*the credentials of "api" were refused/)
      expect(stderr).not.toContain("4711")
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(sandbox.ledger.fmc).toMatchObject({ logins: 0, loginsRefused: 1, opened: 0 })
    })
  )

  it.scopedLive("without the certificate's file shows the fingerprint to compare, and sends nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr, stdout } = yield* run(script, { args: [sandbox.url, ...account(sandbox)] })
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toContain("TrustRefused")
      expect(stderr).toContain(Certificate.fingerprint(sandbox.certificate.sha256))
      expect(stderr).toContain("compare it at the device's console first")
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.live("tells of an address or a file that is no good in one block, without stack or password", () =>
    Effect.gen(function* () {
      const rubbish = yield* file("ca.pem", "no certificate")
      for (const [server, ca, words] of [
        ["https://admin:kept-to-itself@fmc.example", "/nowhere/ca.pem", "user info"],
        ["fmc.example", "/nowhere/ca.pem", "/nowhere/ca.pem"],
        ["fmc.example", rubbish, "Trust.ca"]
      ] as const) {
        const args = server.includes("@") ? [server, "api", "pw"] : [server, "api", "pw", ca]
        const { code, stderr } = yield* run(script, { args })
        expect(code).toBe(1)
        expect(stderr).toContain(words)
        expect(stderr).not.toMatch(/^\s+at /m)
        expect(stderr).not.toContain("kept-to-itself")
      }
    }).pipe(Effect.scoped)
  )
})
