import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const systemInfo = "/operational/systeminfo/default"
const tokens = { access_token: "access-1", refresh_token: "refresh-1" }
const hour = { subject: "monitoring", expiresIn: 3600 }

it.scoped(
  "a custom token works beside the session that made it, outlives it, and ends with its subject",
  () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const token = yield* Effect.scoped(
        Effect.flatMap(Fdm.make(sandbox.fdm), (fdm) =>
          fdm.customToken({ ...hour, refreshExpiresIn: 7200, refreshCount: 3 })
        )
      )
      expect(token).toMatchObject({ subject: "monitoring", expiresAt: 3_600_000, refreshesLeft: 3 })
      expect(sandbox.ledger.fdm.open).toBe(0)
      const monitor = yield* Fdm.make({ target: sandbox.fdm.target, token })
      expect((yield* monitor.http.get(systemInfo)).status).toBe(200)
      const fdm = yield* Fdm.make(sandbox.fdm)
      yield* fdm.revokeSubject("monitoring")
      expect(sandbox.ledger.customTokens).toMatchObject([{ subject: "monitoring", endedBy: "revoke" }])
      expect((yield* Effect.flip(monitor.http.get(systemInfo)))._tag).toBe("TokenRejected")
    })
)

it.scoped("a token without refreshes comes without a refresh token", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    expect(yield* fdm.customToken(hour)).toMatchObject({ refresh: undefined, refreshesLeft: 0 })
    expect(yield* fdm.customToken({ ...hour, refreshCount: 0, refreshExpiresIn: 7200 })).toMatchObject({
      refresh: undefined
    })
  })
)

it.scoped("one token is revoked by itself, given whole or bare, and the others stay", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    const wish = { ...hour, refreshExpiresIn: 7200, refreshCount: 1 }
    const [first, second] = [yield* fdm.customToken(wish), yield* fdm.customToken(wish)]
    yield* fdm.customToken(wish)
    yield* fdm.revokeToken(first)
    yield* fdm.revokeToken(second.access)
    expect(sandbox.ledger.customTokens.map(({ endedBy }) => endedBy)).toEqual(["revoke", "revoke", undefined])
    const again = yield* Effect.flip(fdm.revokeToken(first))
    expect(again).toMatchObject({
      _tag: "DeviceRefused",
      status: 400,
      messages: ["Invalid token to revoke."]
    })
  })
)

it.scoped("the wire holds what Cisco's text names, and the access token of the session only there", () =>
  Effect.gen(function* () {
    const device = yield* make(granting(tokens))
    const fdm = yield* Fdm.make(device)
    const token = yield* fdm.customToken({ ...hour, refreshExpiresIn: 7200, refreshCount: 2 })
    yield* fdm.customToken(hour)
    yield* fdm.revokeSubject("monitoring")
    yield* fdm.revokeToken({
      ...token,
      access: Redacted.make("custom-1"),
      refresh: Redacted.make("custom-2")
    })
    const sent = device.heard.filter(({ path }) => path.endsWith("/fdm/token")).slice(1)
    expect(sent.map(({ fields }) => fields)).toEqual([
      {
        grant_type: "custom_token",
        access_token: "access-1",
        desired_subject: "monitoring",
        desired_expires_in: 3600,
        desired_refresh_expires_in: 7200,
        desired_refresh_count: 2
      },
      {
        grant_type: "custom_token",
        access_token: "access-1",
        desired_subject: "monitoring",
        desired_expires_in: 3600,
        desired_refresh_count: 0
      },
      { grant_type: "revoke_token", access_token: "access-1", custom_token_subject_to_revoke: "monitoring" },
      { grant_type: "revoke_token", access_token: "access-1", token_to_revoke: "custom-1" }
    ])
    for (const { headers, path } of sent) {
      expect(path).toBe("/api/fdm/v6/fdm/token")
      expect(headers.authorization).toBeUndefined()
      expect(headers["content-type"]).toBe("application/json")
    }
  })
)

it.scoped("an answer without lifetimes means the lifetime that was wished for", () =>
  Effect.gen(function* () {
    yield* TestClock.adjust("5 seconds")
    const device = yield* make(granting({ access_token: "custom", expires_in: null }))
    const fdm = yield* Fdm.make(device)
    expect(yield* fdm.customToken(hour)).toMatchObject({ expiresAt: 3_605_000 })
    const shorter = yield* make(granting({ access_token: "custom", expires_in: "60" }))
    expect(yield* (yield* Fdm.make(shorter)).customToken(hour)).toMatchObject({ expiresAt: 65_000 })
  })
)

it.scoped("a token operation whose token was refused is recovered like any other request", () =>
  Effect.gen(function* () {
    let count = 0
    const device = yield* make(
      granting(
        () => ({ ...tokens, access_token: `access-${++count}` }),
        ({ fields }) => {
          if (fields.grant_type !== "custom_token") return undefined
          return fields.access_token === "access-2" ? { body: { access_token: "custom" } } : { status: 401 }
        }
      )
    )
    const fdm = yield* Fdm.make(device)
    yield* fdm.http.get("/object/networks")
    expect(Redacted.value((yield* fdm.customToken(hour)).access)).toBe("custom")
    expect(device.asked("custom_token").map(({ fields }) => fields.access_token)).toEqual([
      "access-1",
      "access-2"
    ])
  })
)

it.scoped("what a request's author can print holds no token", () =>
  Effect.gen(function* () {
    const device = yield* make(granting(tokens))
    const fdm = yield* Fdm.make(device)
    const { request } = yield* fdm.http.get("/object/networks")
    const posted = yield* fdm.session.http.post("/api/fdm/v6/fdm/token")
    const shown = JSON.stringify([request, posted.request, fdm])
    expect(shown).not.toMatch(/access-1|refresh-1/)
  })
)

it.scoped("a refusal carries the device's words, with every token in them masked", () =>
  Effect.gen(function* () {
    const device = yield* make(
      granting(tokens, ({ fields, text }) =>
        /custom_token|revoke_token/.test(String(fields.grant_type))
          ? { status: 422, body: { message: text } }
          : undefined
      )
    )
    const fdm = yield* Fdm.make(device)
    const refused = yield* Effect.flip(fdm.customToken(hour))
    expect(refused).toMatchObject({ _tag: "DeviceRefused", status: 422 })
    expect(refused.message).toContain("monitoring")
    const unrevoked = yield* Effect.flip(fdm.revokeToken(Redacted.make("custom-canary")))
    for (const { message } of [refused, unrevoked]) expect(message).not.toMatch(/access-1|custom-canary/)
  })
)

it.scoped("a custom token that is granted without a token is ProtocolViolation", () =>
  Effect.gen(function* () {
    const device = yield* make(
      granting(tokens, ({ fields }) => (fields.grant_type === "custom_token" ? { body: {} } : undefined))
    )
    const error = yield* Effect.flip((yield* Fdm.make(device)).customToken(hour))
    expect(error._tag).toBe("ProtocolViolation")
  })
)

it.scoped("a custom token whose answer is lost is OutcomeUnknown, and not repeated", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    yield* sandbox.fail({ kind: "custom-token", how: Sandbox.Fault.loseAnswer })
    expect((yield* Effect.flip(fdm.customToken(hour)))._tag).toBe("OutcomeUnknown")
    expect(sandbox.ledger.customTokens).toHaveLength(1)
    yield* fdm.revokeSubject(hour.subject)
    expect(sandbox.ledger.customTokens).toMatchObject([{ endedBy: "revoke" }])
  })
)

const year = 31_536_000
const refreshes = { refreshCount: 1, refreshExpiresIn: 7200 }

it.scoped.each([
  ["subject", { ...hour, subject: "" }, ""],
  ["subject", { ...hour, subject: "  " }, "  "],
  ["expiresIn", { ...hour, expiresIn: 0 }, "0"],
  ["expiresIn", { ...hour, expiresIn: -1 }, "-1"],
  ["expiresIn", { ...hour, expiresIn: 1.5 }, "1.5"],
  ["expiresIn", { ...hour, expiresIn: Number.NaN }, "NaN"],
  ["expiresIn", { ...hour, expiresIn: year + 1 }, "31536001"],
  ["refreshCount", { ...hour, ...refreshes, refreshCount: -1 }, "-1"],
  ["refreshCount", { ...hour, ...refreshes, refreshCount: 0.5 }, "0.5"],
  ["refreshCount", { ...hour, ...refreshes, refreshCount: Number.POSITIVE_INFINITY }, "Infinity"],
  ["refreshExpiresIn", { ...hour, refreshCount: 1 }, undefined],
  ["refreshExpiresIn", { ...hour, ...refreshes, refreshExpiresIn: 3600 }, "3600"],
  ["refreshExpiresIn", { ...hour, ...refreshes, refreshExpiresIn: 7200.5 }, "7200.5"],
  ["refreshExpiresIn", { ...hour, ...refreshes, refreshExpiresIn: 34_128_001 }, "34128001"],
  ["refreshExpiresIn", { ...hour, refreshExpiresIn: 60 }, "60"]
] as const)(
  "a wish whose %s breaks a rule is InvalidInput, and nothing is sent: %j",
  ([field, wish, value]) =>
    Effect.gen(function* () {
      const device = yield* make(granting(tokens))
      const fdm = yield* Fdm.make(device)
      const error = yield* Effect.flip(fdm.customToken(wish))
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect(error._tag === "InvalidInput" && error.value).toBe(value)
      expect(device.asked("custom_token")).toEqual([])
    })
)

it.scoped("the bounds of Cisco's text are themselves allowed", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    yield* fdm.customToken({ subject: "s", expiresIn: 1, refreshExpiresIn: 2, refreshCount: 1 })
    yield* fdm.customToken({ subject: "s", expiresIn: year, refreshExpiresIn: 34_128_000, refreshCount: 1 })
    expect(sandbox.ledger.customTokens).toHaveLength(2)
  })
)

it.effect.prop(
  "a wish is sent exactly when the device's rules allow it",
  [
    FastCheck.integer({ min: -2, max: 12 }),
    FastCheck.integer({ min: -2, max: 12 }),
    FastCheck.integer({ min: -1, max: 2 })
  ],
  ([expiresIn, refreshExpiresIn, refreshCount]) =>
    Effect.gen(function* () {
      const device = yield* make(granting(tokens))
      const fdm = yield* Fdm.make(device)
      const exit = yield* Effect.exit(
        fdm.customToken({ subject: "s", expiresIn, refreshExpiresIn, refreshCount })
      )
      const isAllowed = expiresIn >= 1 && refreshCount >= 0 && refreshExpiresIn > expiresIn
      expect(exit._tag).toBe(isAllowed ? "Success" : "Failure")
      expect(device.asked("custom_token")).toHaveLength(isAllowed ? 1 : 0)
    }).pipe(Effect.scoped),
  { fastCheck: { numRuns: 25 } }
)

it.scoped("nothing is revoked by an empty subject or an empty token", () =>
  Effect.gen(function* () {
    const device = yield* make(granting(tokens))
    const fdm = yield* Fdm.make(device)
    expect(yield* Effect.flip(fdm.revokeSubject(""))).toMatchObject({
      _tag: "InvalidInput",
      field: "subject"
    })
    expect(yield* Effect.flip(fdm.revokeToken(Redacted.make("")))).toMatchObject({
      _tag: "InvalidInput",
      field: "token"
    })
    expect(device.asked("revoke_token")).toEqual([])
  })
)
