// Logins and logouts whose answers are lost, or are larger than others.

import { Buffer } from "node:buffer"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Session } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { type AuthProvider, Background, Transport } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { type Bytes, plain, type RawDevice, rawDevice } from "../fuzz/rawDevice.ts"
import { tlsServer } from "../transport/servers.ts"

let users = 0
const credentials = () =>
  Credentials.password({ username: `user-${++users}`, password: Redacted.make("Passw0rd") })

const token = "the-access-token"
const tokens = { "x-auth-access-token": token, "x-auth-refresh-token": "the-refresh-token" }

/** The events of a session that only begins and ends. */
const eventsOfOneSession = (device: RawDevice) =>
  Effect.gen(function* () {
    const events: Array<string> = []
    yield* Effect.scoped(
      Fmc.make({
        target: device.target(),
        credentials: credentials(),
        onEvent: ({ _tag }) => Effect.sync(() => void events.push(_tag))
      })
    )
    return events
  })

describe("a logout", () => {
  it.scopedLive("that would meet a connection which the device has just closed is not lost", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      // It keeps connections, and is gone from each when a second request comes.
      const server = yield* tlsServer((socket) => {
        let requests = 0
        socket.on("data", (chunk) => {
          if (++requests > 1) return socket.destroy()
          const path = chunk.toString("latin1").split(" ")[1] ?? ""
          asked.push(path.split("/").at(-1) ?? "")
          const headers = path.endsWith("generatetoken") ? `X-auth-access-token: ${token}\r\n` : ""
          return socket.write(`HTTP/1.1 200 OK\r\n${headers}content-length: 2\r\n\r\n{}`)
        })
      })
      const rounds = Array.from({ length: 5 }, () =>
        Effect.scoped(
          Effect.flatMap(Fmc.make({ target: server.target(), credentials: credentials() }), ({ session }) =>
            session.http.get("/api/last")
          )
        )
      )
      yield* Effect.all(rounds, { concurrency: "unbounded" })
      const count = (what: string) => asked.filter((one) => one === what).length
      expect([count("generatetoken"), count("last"), count("revokeaccess")]).toEqual([5, 5, 5])
    })
  )

  for (const ending of ["end", "reset"] as const) {
    it.scopedLive(`whose connection is lost (${ending}) is sent once more`, () =>
      Effect.gen(function* () {
        let logouts = 0
        const device = yield* rawDevice(({ path }) => {
          if (path.endsWith("generatetoken")) return plain(204, "", tokens)
          if (!path.endsWith("revokeaccess")) return plain(204)
          return ++logouts === 1 ? { pieces: [], ending } : plain(204)
        })
        const events = yield* eventsOfOneSession(device)
        expect(logouts).toBe(2)
        expect(events.at(-1)).toBe("LoggedOut")
      })
    )
  }

  it.scopedLive("that would meet two such connections is not lost", () =>
    Effect.gen(function* () {
      let connections = 0
      const logouts: Array<number> = []
      const answers: Array<() => unknown> = []
      const server = yield* tlsServer((socket) => {
        const connection = ++connections
        let requests = 0
        socket.on("data", (chunk) => {
          requests += 1
          const path = chunk.toString("latin1").split(" ")[1] ?? ""
          if (path.endsWith("revokeaccess")) {
            logouts.push(connection)
            if (requests > 1) return socket.destroy()
          }
          const headers = path.endsWith("generatetoken") ? `X-auth-access-token: ${token}\r\n` : ""
          answers.push(() => socket.write(`HTTP/1.1 200 OK\r\n${headers}content-length: 2\r\n\r\n{}`))
          if (path.endsWith("first")) return undefined
          while (answers.length > 0) answers.shift()?.()
          return undefined
        })
      })
      const events: Array<string> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { session } = yield* Fmc.make({
            target: server.target(),
            credentials: credentials(),
            onEvent: ({ _tag }) => void events.push(_tag)
          })
          // The answer to the first comes with that to the second.
          yield* Effect.all([session.http.get("/api/first"), session.http.get("/api/second")], {
            concurrency: 2
          })
        })
      )
      expect(events.at(-1)).toBe("LoggedOut")
      expect(logouts).toEqual([expect.any(Number), 3])
    })
  )

  it.scopedLive("that is answered by bytes of something else is sent once more", () =>
    Effect.gen(function* () {
      let logouts = 0
      const device = yield* rawDevice(({ path }) => {
        if (path.endsWith("generatetoken")) return plain(204, "", tokens)
        // The body that came late behind an answer which has none.
        return ++logouts === 1
          ? { pieces: [Buffer.from('{"error": {}}\r\n\r\n')], ending: "stay" }
          : plain(401)
      })
      expect((yield* eventsOfOneSession(device)).at(-1)).toBe("LoggedOut")
      expect(logouts).toBe(2)
    })
  )

  it.scopedLive("that a busy device has carried out all the same is done", () =>
    Effect.gen(function* () {
      let logouts = 0
      const device = yield* rawDevice(({ path }) => {
        if (path.endsWith("generatetoken")) return plain(204, "", tokens)
        return ++logouts === 1 ? plain(503) : plain(400)
      })
      const events = yield* eventsOfOneSession(device)
      expect(logouts).toBe(2)
      expect(events.at(-1)).toBe("LoggedOut")
    })
  )

  it.scopedLive("is sent twice at most, and what then fails is told", () =>
    Effect.gen(function* () {
      let logouts = 0
      const device = yield* rawDevice(({ path }) => {
        if (path.endsWith("generatetoken")) return plain(204, "", tokens)
        logouts += 1
        return { pieces: [], ending: "reset" }
      })
      const events = yield* eventsOfOneSession(device)
      expect(logouts).toBe(2)
      expect(events.at(-1)).toBe("LogoutFailed")
    })
  )
})

const uuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const domains = (count: number) =>
  JSON.stringify([
    { name: "Global", uuid },
    ...Array.from({ length: count - 1 }, (_, at) => ({
      name: `Global/ Customer ${at} of a provider with long names`,
      uuid: `${String(at).padStart(8, "0")}-0000-0000-0000-000000000000`
    }))
  ])

const heard = (device: { readonly asked: ReadonlyArray<{ readonly path: string }> }) =>
  device.asked.map(({ path }) => path.split("/").at(-1))

describe("a login", () => {
  it.scopedLive.each([1000, 5000])(
    "whose answer lists %i domains in a header is one like any other",
    (count) =>
      Effect.gen(function* () {
        const device = yield* rawDevice(({ path }) =>
          path.endsWith("generatetoken") ? plain(204, "", { domains: domains(count), ...tokens }) : plain(204)
        )
        yield* Effect.scoped(
          Effect.gen(function* () {
            const fmc = yield* Fmc.make({ target: device.target(), credentials: credentials() })
            const last = yield* fmc.domain(`Global/ Customer ${count - 2} of a provider with long names`)
            expect(last.uuid).toContain(String(count - 2))
          })
        )
        expect(heard(device)).toEqual(["generatetoken", "revokeaccess"])
        expect(device.asked.at(-1)?.headers["x-auth-access-token"]).toBe(token)
      })
  )

  const head = `HTTP/1.1 200 OK\r\nX-auth-access-token: ${token}\r\n`
  const parts: ReadonlyArray<readonly [string, Bytes]> = [
    [
      "is larger than all bounds",
      { pieces: [Buffer.from(`${head}domains: ${"d".repeat(5_000_000)}\r\n\r\n`)], ending: "stay" }
    ],
    ["breaks off in its head", { pieces: [Buffer.from(`${head}domains: [`)], ending: "reset" }],
    [
      "breaks off in its body",
      { pieces: [Buffer.from(`${head}content-length: 9\r\n\r\n{}`)], ending: "end" }
    ],
    [
      "has a body that is too large",
      { pieces: [Buffer.from(`${head}content-length: 2000000\r\n\r\n`)], ending: "stay" }
    ]
  ]
  for (const [what, answer] of parts) {
    it.scopedLive(`whose answer ${what} fails, and is logged out by the token in it`, () =>
      Effect.gen(function* () {
        const device = yield* rawDevice(({ path }) => (path.endsWith("generatetoken") ? answer : plain(204)))
        const error = yield* Effect.flip(
          Effect.scoped(Fmc.make({ target: device.target(), credentials: credentials() }))
        )
        expect(["ProtocolViolation", "DeviceUnreachable"]).toContain(error._tag)
        expect(heard(device)).toEqual(["generatetoken", "revokeaccess"])
        expect(device.asked.at(-1)?.headers["x-auth-access-token"]).toBe(token)
        expect(JSON.stringify(error)).not.toContain(token)
      })
    )
  }

  it.scopedLive("of an FDM whose answer breaks off behind its token is logged out too", () =>
    Effect.gen(function* () {
      const device = yield* rawDevice(({ body }) =>
        body.includes('"password"')
          ? {
              pieces: [
                Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"access_token":"${token}","exp`)
              ],
              ending: "end"
            }
          : plain(200, "{}")
      )
      yield* Effect.flip(
        Effect.scoped(Fdm.make({ target: device.target(), credentials: credentials(), apiVersion: "v6" }))
      )
      expect(device.asked.length).toBe(2)
      expect(device.asked.at(-1)?.body).toContain(`"token_to_revoke":"${token}"`)
    })
  )

  it.scopedLive.each(["fmc", "fdm"] as const)(
    "that is answered after its response time-out fails in time, and is logged out: %s",
    (kind) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("1 second") })
        const { credentials, target } = sandbox[kind]
        const given = { target: { ...target, responseTimeout: Duration.millis(200) }, credentials }
        const opened = Effect.scoped(
          kind === "fmc" ? Effect.asVoid(Fmc.make(given)) : Effect.asVoid(Fdm.make(given))
        )
        expect(yield* Effect.flip(opened)).toMatchObject({ _tag: "DeviceUnreachable", reason: "Timeout" })
        expect(sandbox.ledger.open).toBe(1)
        yield* Effect.flatMap(Background.Background, ({ settled }) => settled)
        expect([sandbox.ledger.opened, sandbox.ledger.open]).toEqual([1, 0])
      })
  )

  it.scopedLive("that is answered late is logged out whatever its plugin does about that", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const server = yield* tlsServer((socket) => {
        socket.on("data", (chunk) => {
          const [method = ""] = chunk.toString("latin1").split(" ")
          asked.push(method)
          const answer = `HTTP/1.1 204 No Content\r\nx-token: ${token}\r\n\r\n`
          setTimeout(() => socket.write(answer), method === "POST" ? 600 : 0)
        })
      })
      const transport = yield* Transport.make(server.target({ responseTimeout: 200 }))
      const provider: AuthProvider.AuthProvider = {
        name: "plain",
        transport,
        credentials: credentials(),
        login: () =>
          Effect.map(transport.exchangeAuth(HttpClientRequest.post("/login")), ({ headers }) => ({
            access: Redacted.make(headers["x-token"] ?? ""),
            lifetime: "30 minutes"
          })),
        refresh: () => Effect.dieMessage("it has no refresh token"),
        revoke: () => Effect.asVoid(transport.exchangeAuth(HttpClientRequest.del("/login"))),
        authorize: (request) => request,
        judge: () => "Fine"
      }
      const opened = Effect.scoped(Session.make(provider))
      expect(yield* Effect.flip(opened)).toMatchObject({ _tag: "DeviceUnreachable", reason: "Timeout" })
      expect(asked).toEqual(["POST"])
      yield* Effect.flatMap(Background.Background, ({ settled }) => settled)
      expect(asked).toEqual(["POST", "DELETE"])
    })
  )
})
