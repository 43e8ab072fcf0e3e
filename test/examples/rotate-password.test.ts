import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

const fresh = "Fresh-Passw0rd-4711"

/** Each login that reached the sandbox, by its status: FDM refuses one with 400. */
const logins = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests.flatMap(({ kind, status }) => (kind === "login" ? [status] : []))

describe("rotate-password.ts", () => {
  it.scopedLive(
    "changes the password, logs in with the new one, and the old one is refused from then on",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const old = Redacted.value(sandbox.password)
        const env = { ...environmentOf(sandbox, "FDM"), FDM_NEW_PASSWORD: fresh }
        const rotating = run("examples/rotate-password.ts", { env })

        const first = yield* rotating
        expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" })
        expect(lines(first.stdout)).toEqual([
          "logged in",
          "logged in",
          "logged out",
          "api has the new password: put it into FDM_PASSWORD, wherever that is kept"
        ])
        expect(Redacted.value(sandbox.password)).toBe(fresh)
        expect(logins(sandbox)).toEqual([200, 200])
        // The API version and the account; each of the two logins has its logout.
        Requests.account("rotate-password", sandbox)

        // By the same variables: the old password, once.
        const mark = sandbox.ledger.requests.length
        const second = yield* rotating
        expect(second).toMatchObject({ code: 1, stdout: "" })
        expect(second.stderr).toMatch(/FDM_PASSWORD has to be the new one[\s\S]*CredentialsRefused/)
        expect(logins(sandbox)).toEqual([200, 200, 400])
        Requests.account("rotate-password, again", sandbox, mark)

        expect(sandbox.ledger).toMatchObject({ opened: 2, open: 0 })
        for (const { stderr, stdout } of [first, second]) {
          for (const secret of [old, fresh]) expect(stdout + stderr).not.toContain(secret)
        }
      })
  )

  it.scopedLive("keeps the old password where the device does not like the new one, and says why", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const old = Redacted.value(sandbox.password)
      const env = { ...environmentOf(sandbox, "FDM"), FDM_NEW_PASSWORD: "kurz" }
      const { code, stderr } = yield* run("examples/rotate-password.ts", { env })
      expect(code).toBe(1)
      expect(stderr).toContain("The new password is too short")
      expect(Redacted.value(sandbox.password)).toBe(old)
      expect(sandbox.ledger).toMatchObject({ logins: 1, open: 0 })
    })
  )

  it.scopedLive("sends nothing without a new password", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr } = yield* run("examples/rotate-password.ts", {
        env: environmentOf(sandbox, "FDM")
      })
      expect(code).toBe(1)
      expect(stderr).toContain("FDM_NEW_PASSWORD is not set or empty")
      expect(sandbox.ledger.requests).toEqual([])
    })
  )
})
