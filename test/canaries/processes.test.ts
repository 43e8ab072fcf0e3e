// Canaries in processes of their own: what examples and scripts write, with SALLYPORT_DEBUG set, holds no secret.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { evidence, password } from "../support/canaries.ts"
import { eavesdropper } from "../support/eavesdropper.ts"
import { environment, file, run } from "../support/example.ts"
import { fewer, inFull } from "../support/fewer.ts"

const setting = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ password: password() })
  const between = yield* eavesdropper(sandbox)
  const told = evidence()
  const env = (given: Redacted.Redacted) => ({
    ...environment(
      { url: between.url, username: sandbox.username, password: given, pin: between.sha256 },
      "FMC",
      "FDM"
    ),
    // Both are reached by one address.
    FDM_NAME: "fdm",
    SALLYPORT_DEBUG: "1"
  })
  const check = () => {
    told.plant(sandbox.password)
    for (const token of between.tokens) told.plant(token)
    expect(told.found()).toEqual([])
    expect(sandbox.ledger.open).toBe(0)
  }
  return { sandbox, between, told, env, check }
})

const examples: ReadonlyArray<readonly [string, tokens: number]> = [
  ["quick-start.ts", 4],
  ["token-lifecycle.ts", 10],
  ["fdm-token.ts", 6]
]

it.scopedLive.each(fewer(examples))("%s writes neither password nor token", ([name, tokens]) =>
  Effect.gen(function* () {
    const { between, check, env, sandbox, told } = yield* setting
    const result = yield* run(`examples/${name}`, { env: env(sandbox.password) })
    told.note(name, result.stdout + result.stderr)
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" })
    expect(between.tokens.length).toBeGreaterThanOrEqual(tokens)
    check()
  })
)

it.scopedLive.runIf(inFull)("auth-util.ts writes neither password nor token unless it is told to", () =>
  Effect.gen(function* () {
    const { between, check, env, sandbox, told } = yield* setting
    const ca = yield* file("ca.pem", between.pem)
    const args = [between.address, sandbox.username, Redacted.value(sandbox.password), ca]
    const result = yield* run("examples/auth-util.ts", { args, env: env(sandbox.password) })
    told.note("auth-util.ts", result.stdout + result.stderr)
    expect(result.code).toBe(0)
    expect(between.tokens).toHaveLength(2)
    check()
    const shown = yield* run("examples/auth-util.ts", { args: [...args, "--show-tokens"] })
    const [, , access, refresh] = between.tokens.map(Redacted.value)
    expect(shown.stdout).toContain(`Access Token: ${access}\nRefresh Token: ${refresh}\n`)
  })
)

it.scopedLive.each(fewer(["token-lifecycle.ts", "fdm-token.ts"]))(
  "%s does not write a password that is refused",
  (name) =>
    Effect.gen(function* () {
      const { check, env, told } = yield* setting
      const wrong = password()
      told.plant(wrong)
      const result = yield* run(`examples/${name}`, { env: env(wrong) })
      told.note(name, result.stdout + result.stderr)
      expect(result.code).toBe(1)
      expect(result.stderr).toContain("CredentialsRefused")
      check()
    })
)

it.scopedLive.each([
  ["FMC", "failure"],
  ["FDM", "defect"]
] as const)(
  "a script on an %s that ends in %s writes neither, with SALLYPORT_DEBUG set",
  ([backend, ending]) =>
    Effect.gen(function* () {
      const { between, check, env, sandbox, told } = yield* setting
      const result = yield* run("test/scripts/session.ts", {
        env: { ...env(sandbox.password), BACKEND: backend.toLowerCase(), ENDING: ending }
      })
      told.note(ending, result.stdout + result.stderr)
      expect(result.code).toBe(1)
      // It does show more: where it happened.
      expect(result.stderr).toMatch(/^\s+at /m)
      expect(between.tokens).toHaveLength(2)
      check()
    })
)
