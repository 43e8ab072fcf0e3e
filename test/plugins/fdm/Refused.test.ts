import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, make } from "../../support/device.ts"
import { granting } from "./granting.ts"

/** What a login fails with when it is answered like this. */
const failure = (answer: Answer) =>
  Effect.gen(function* () {
    const device = yield* make(
      granting({}, ({ fields }) => (fields.grant_type === "password" ? answer : undefined))
    )
    const error = yield* Effect.flip(Fdm.make(device))
    return { error, device }
  })

const shapes = [
  { status_code: 400, message: "Failed to authenticate user" },
  { message: "Failed to authenticate user" },
  { error: { severity: "ERROR", messages: [{ description: "Failed to authenticate user", code: "" }] } }
]

for (const status of [400, 401]) {
  it.scoped.each(shapes)(
    `a login answered with ${status} and %j is CredentialsRefused, and sent once`,
    (body) =>
      Effect.gen(function* () {
        const { device, error } = yield* failure({ status, body })
        expect(error).toMatchObject({
          _tag: "CredentialsRefused",
          username: "api",
          messages: ["Failed to authenticate user"]
        })
        expect(device.asked("password")).toHaveLength(1)
      })
  )
}

it.scoped("a wrong password is CredentialsRefused with the sandbox's words", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { credentials } = sandbox.fdm
    yield* sandbox.setPassword(Redacted.make("another"))
    const wrong = Effect.map(credentials, ({ username }) => ({ username, password: Redacted.make("no") }))
    const error = yield* Effect.flip(Fdm.make({ ...sandbox.fdm, credentials: wrong }))
    expect(error).toMatchObject({ _tag: "CredentialsRefused", messages: ["Failed to authenticate user"] })
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 0, loginsRefused: 1 })
  })
)

it.scoped("words that echo the password or a token are masked, and a raw body is never shown", () =>
  Effect.gen(function* () {
    const echoing = yield* make((heard) =>
      heard.path === "/api/versions"
        ? { body: { supportedVersions: ["v6"] } }
        : { status: 400, body: { message: `no\u001b[2J ${heard.text} eyJhbGciOiJIUzI1NiJ9.e30.c2ln` } }
    )
    const error = yield* Effect.flip(Fdm.make(echoing))
    expect(error.message).not.toContain(Redacted.value(echoing.password))
    expect(error.message).not.toContain("eyJ")
    expect(error.message).not.toContain("\u001b")
    expect(error.message).toContain("***")
    const secret = "canary-in-a-body"
    for (const body of [
      secret,
      `{"message":{"x":"${secret}"}}`,
      `["${secret}"]`,
      `{"error":"${secret}"}`,
      ""
    ]) {
      const { error } = yield* failure({ status: 400, body })
      expect(error).toMatchObject({ _tag: "CredentialsRefused", messages: [] })
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(secret)
    }
  })
)

it.scoped("at most ten of a device's words reach an error", () =>
  Effect.gen(function* () {
    const messages = Array.from({ length: 50 }, (_, at) => ({ description: `word ${at}` }))
    const { error } = yield* failure({ status: 403, body: { error: { messages } } })
    expect(error._tag === "DeviceRefused" && error.messages).toHaveLength(10)
  })
)

it.scoped("a login answered with 403 speaks of the role and of the first-time set-up", () =>
  Effect.gen(function* () {
    const { error } = yield* failure({ status: 403, body: { message: "Not authorized" } })
    expect(error).toMatchObject({ _tag: "DeviceRefused", status: 403, messages: ["Not authorized"] })
    expect(error.message).toMatch(/role.*first-time set-up/)
  })
)

it.scoped("a login answered with 404 says that the version is wrong or that this is no FDM", () =>
  Effect.gen(function* () {
    const body = { code: 404, description: "The server has not found anything matching the request URI" }
    const { error } = yield* failure({ status: 404, body })
    expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404, messages: [body.description] })
    expect(error.message).toMatch(/apiVersion.*no FDM/)
  })
)

it.scoped.each([429, 503])("a login answered with %i is DeviceBusy and says how long to wait", (status) =>
  Effect.gen(function* () {
    const { error } = yield* failure({ status, headers: { "retry-after": "70" }, body: {} })
    expect(error).toMatchObject({ _tag: "DeviceBusy", status, retryAfter: Duration.seconds(70) })
  })
)

it.scoped.each([302, 408, 422, 423, 500, 502])("a login answered with %i is DeviceRefused", (status) =>
  Effect.gen(function* () {
    const { error } = yield* failure({ status, body: { message: "no" } })
    expect(error).toMatchObject({ _tag: "DeviceRefused", status, messages: ["no"] })
  })
)

it.scoped.each(["", "null", "[]", "{}", "<html>", '{"access_token":""}', '{"access_token":7}'])(
  "a login answered with 200 and the body %j is ProtocolViolation",
  (body) =>
    Effect.gen(function* () {
      const { error } = yield* failure({ body })
      expect(error).toMatchObject({ _tag: "ProtocolViolation" })
      expect(error.message).toContain("access_token")
    })
)

it.scoped("garbage in place of a login's answer is ProtocolViolation", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.garbage() })
    expect((yield* Effect.flip(Fdm.make(sandbox.fdm)))._tag).toBe("ProtocolViolation")
  })
)
