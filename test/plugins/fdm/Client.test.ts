import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { Credentials, Session } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, type Heard, make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const systemInfo = "/operational/systeminfo/default"

/** A session whose calls, token operations apart, are answered in turn like this, and with 200 from then on. */
const answered = (...answers: ReadonlyArray<Answer>) =>
  Effect.gen(function* () {
    const calls: Array<Heard> = []
    let count = 0
    const tokens = () => ({ access_token: `access-${++count}`, refresh_token: `refresh-${count}` })
    const device = yield* make(
      granting(tokens, (heard) => {
        if (heard.path === "/api/versions" || heard.path.endsWith("/fdm/token")) return undefined
        calls.push(heard)
        return answers[calls.length - 1]
      })
    )
    const retry = Schedule.recurs(3)
    return { device, calls, fdm: yield* Fdm.make({ ...device, retry }) }
  })

const envelope = (description: string) => ({ error: { severity: "ERROR", messages: [{ description }] } })

it.scoped("a path is meant below the version, unless it starts with /api/", () =>
  Effect.gen(function* () {
    const { calls, fdm } = yield* answered()
    for (const path of [
      "/object/networks",
      "object/networks?limit=1",
      "/api/fdm/v5/object/hosts",
      "//evil/x",
      "/@evil/x"
    ]) {
      yield* fdm.http.get(path)
    }
    yield* fdm.session.http.get("/apispec/ngfw.json")
    expect(calls.map(({ path }) => path)).toEqual([
      "/api/fdm/v6/object/networks",
      "/api/fdm/v6/object/networks?limit=1",
      "/api/fdm/v5/object/hosts",
      "/api/fdm/v6/evil/x",
      "/api/fdm/v6/@evil/x",
      "/apispec/ngfw.json"
    ])
    expect((yield* Effect.flip(fdm.http.get("https://evil.example/x")))._tag).toBe("InvalidInput")
  })
)

it.scoped.each([
  [401, envelope("Unauthorized")],
  [401, ""],
  [408, envelope("The access token is missing or expired")],
  [408, ""]
] as const)(
  "a read that is answered %i with %j may have met a token that is not good: the session renews and sends again",
  ([status, body]) =>
    Effect.gen(function* () {
      const { calls, device, fdm } = yield* answered({ body: {} }, { status, body })
      yield* fdm.http.get("/object/networks")
      expect((yield* fdm.http.get("/object/networks")).status).toBe(200)
      expect(calls).toHaveLength(3)
      expect(device.asked("refresh_token")).toHaveLength(1)
    })
)

it.scoped.each([
  "Request timed out while saving object api-token-server",
  "The access token is missing or expired",
  "token",
  ""
])(
  "a write that is answered 408 with %j is never sent again: OutcomeUnknown, and the next has a new token",
  (words) =>
    Effect.gen(function* () {
      const { calls, device, fdm } = yield* answered({ body: {} }, { status: 408, body: envelope(words) })
      yield* fdm.http.get("/object/networks")
      const error = yield* Effect.flip(fdm.http.post("/object/networks"))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown" })
      yield* fdm.http.get("/object/networks")
      const writes = calls.filter(({ method }) => method === "POST")
      expect(writes).toHaveLength(1)
      expect(calls.at(-1)?.headers.authorization).not.toBe(writes[0]?.headers.authorization)
      expect(device.asked("refresh_token")).toHaveLength(1)
      expect(device.asked("password")).toHaveLength(1)
    })
)

it.scoped.each(["POST", "PUT", "DELETE"] as const)("a %s that is answered 408 is OutcomeUnknown", (method) =>
  Effect.gen(function* () {
    const { calls, fdm } = yield* answered({ status: 408, body: envelope("Request timed out") })
    const request = HttpClientRequest.make(method)("/object/networks/1")
    expect((yield* Effect.flip(fdm.http.execute(request)))._tag).toBe("OutcomeUnknown")
    expect(calls).toHaveLength(1)
  })
)

it.scopedLive(
  "reads of a slow device that are answered 408 again and again cost one renewal, not one each",
  () =>
    Effect.gen(function* () {
      const slow = { status: 408, body: envelope("Request timed out") }
      const { device, fdm } = yield* answered({ body: {} }, slow, slow, slow)
      yield* fdm.http.get("/object/networks")
      expect((yield* fdm.http.get("/object/networks")).status).toBe(200)
      expect(device.asked("refresh_token")).toHaveLength(1)
    })
)

it.scopedLive.each([502, 504])(
  "a verb whose write a gateway answers with %i is OutcomeUnknown, and sent once",
  (status) =>
    Effect.gen(function* () {
      const { calls, fdm } = yield* answered({ status, body: "<html>" })
      expect((yield* Effect.flip(fdm.networks.remove("1")))._tag).toBe("OutcomeUnknown")
      expect(calls.filter(({ method }) => method === "DELETE")).toHaveLength(1)
    })
)

it.scoped.each([
  [422, envelope('Failed to schedule deployment job "Failed to schedule deployment job"')],
  [422, envelope("The name Failed to schedule deployment job is taken")],
  [
    422,
    {
      error: { messages: [{ description: "Failed to schedule deployment job" }, { description: "and this" }] }
    }
  ]
] as const)("a deployment that is answered %i with %j is not sent again", ([status, body]) =>
  Effect.gen(function* () {
    const { calls, fdm } = yield* answered({ status, body })
    expect((yield* fdm.http.post("/operational/deploy")).status).toBe(status)
    expect(calls).toHaveLength(1)
  })
)

it.scoped.each([
  [422, envelope("Failed to schedule deployment job")],
  [422, envelope("Validation failed due to a duplicate name")],
  [400, envelope("Invalid access token")],
  [403, envelope("forbidden")],
  [500, {}]
] as const)("a %i with %j is handed back as it is to whoever wrote", ([status, body]) =>
  Effect.gen(function* () {
    const { calls, device, fdm } = yield* answered({ status, body })
    expect((yield* fdm.http.post("/object/networks")).status).toBe(status)
    expect(calls).toHaveLength(1)
    expect(device.asked("refresh_token")).toEqual([])
  })
)

it.scopedLive.each([
  [422, envelope("Failed to schedule deployment job")],
  [423, envelope("The configuration database is locked")],
  [429, {}]
] as const)("a %i with %j means that the device is busy: the write is sent again later", ([status, body]) =>
  Effect.gen(function* () {
    const { calls, fdm } = yield* answered({ status, body })
    expect((yield* fdm.http.post("/operational/deploy")).status).toBe(200)
    expect(calls).toHaveLength(2)
  })
)

it.scopedLive("a 503 is waited out for a read, and no write is repeated after it", () =>
  Effect.gen(function* () {
    const { calls, fdm } = yield* answered({ status: 503 }, { body: {} }, { status: 503 })
    expect((yield* fdm.http.get("/object/networks")).status).toBe(200)
    expect(calls).toHaveLength(2)
    expect((yield* Effect.flip(fdm.http.post("/object/networks")))._tag).toBe("DeviceBusy")
    expect(calls).toHaveLength(3)
  })
)

it.scoped("a token operation by hand is authorized in its body, any other request by its header", () =>
  Effect.gen(function* () {
    const { device, fdm } = yield* answered()
    const post = (fields: object) =>
      fdm.http.execute(HttpClientRequest.post("/fdm/token").pipe(HttpClientRequest.bodyUnsafeJson(fields)))
    yield* post({ grant_type: "revoke_token", custom_token_subject_to_revoke: "s", x: { y: 1 } })
    yield* post({ grant_type: "revoke_token", access_token: "own", token_to_revoke: "t" })
    yield* post({ grant_type: "password", username: "u", password: "p" })
    const [signed, own, login] = device.heard.slice(-3)
    expect(signed?.fields).toEqual({
      grant_type: "revoke_token",
      custom_token_subject_to_revoke: "s",
      x: { y: 1 },
      access_token: "access-1"
    })
    expect(signed?.headers.authorization).toBeUndefined()
    expect(own?.fields.access_token).toBe("own")
    expect(login?.fields.access_token).toBeUndefined()
  })
)

it.scoped("a layer gives the client, and a provider a session of one's own", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const byLayer = Effect.flatMap(Fdm.Fdm, (fdm) => fdm.http.get(systemInfo))
    expect((yield* Effect.provide(byLayer, Fdm.layer(sandbox.fdm))).status).toBe(200)
    const bySession = Effect.flatMap(Session.Session, ({ http }) => http.get(`/api/fdm/latest${systemInfo}`))
    const layer = Layer.provide(Session.layer(), Fdm.provider(sandbox.fdm))
    expect((yield* Effect.provide(bySession, layer)).status).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 2, open: 0 })
  })
)

it.scoped("the environment names device, account and certificate", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const variables = new Map([
      ["EDGE_URL", sandbox.url],
      ["EDGE_USERNAME", sandbox.username],
      ["EDGE_PASSWORD", Redacted.value(sandbox.password)],
      ["EDGE_PIN", sandbox.certificate.sha256]
    ])
    const opened = (without?: string) =>
      Fdm.Fdm.pipe(
        Effect.provide(Fdm.layerConfig("EDGE", { apiVersion: "v5" })),
        Effect.withConfigProvider(
          ConfigProvider.fromMap(new Map([...variables].filter(([name]) => name !== without)))
        )
      )
    expect(yield* Effect.flatMap(opened(), ({ apiVersion }) => apiVersion)).toBe("v5")
    for (const name of ["EDGE_URL", "EDGE_USERNAME", "EDGE_PASSWORD"]) {
      expect(String(yield* Effect.flip(opened(name)))).toContain(name)
    }
    expect(yield* Effect.flip(opened("EDGE_PIN"))).toMatchObject({
      _tag: "TrustRefused",
      reason: "SelfSigned"
    })
    expect(sandbox.ledger.fdm).toMatchObject({ opened: 1, open: 0 })
  })
)

it.scoped("a password that was rotated is picked up by the next login", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    let password = sandbox.password
    const credentials = Effect.suspend(() => Credentials.password({ username: sandbox.username, password }))
    const fdm = yield* Fdm.make({ ...sandbox.fdm, credentials })
    password = Redacted.make("rotated")
    yield* sandbox.setPassword(password)
    yield* TestClock.adjust("1 hour")
    expect((yield* fdm.http.get(systemInfo)).status).toBe(200)
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 2, loginsRefused: 0 })
  })
)

it.scopedLive(
  "a client on a session that was opened in another way finds out the version itself, once, and speaks in one that it is given",
  () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { session } = yield* Fdm.make({ ...sandbox.fdm, apiVersion: "v6" })
      const client = Fdm.client(session)
      expect(yield* Effect.all([client.apiVersion, client.apiVersion], { concurrency: 2 })).toEqual([
        "v6",
        "v6"
      ])
      yield* client.networks.find("none")
      const asked = sandbox.ledger.requests.filter(({ path }) => path === "/api/versions")
      expect(asked).toHaveLength(1)
      expect(yield* Fdm.client(session, { apiVersion: "latest" }).apiVersion).toBe("latest")
      const error = yield* Effect.flip(Fdm.client(session, { apiVersion: "../v6" }).networks.find("none"))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "apiVersion" })
      const token = yield* client.customToken({ subject: "job", expiresIn: 600 })
      yield* client.revokeToken(token)
    })
)
