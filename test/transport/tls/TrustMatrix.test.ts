import { createServer } from "node:http"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TrustRefused } from "../../../src/transport/DeviceError.ts"
import type * as Target from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import * as Trust from "../../../src/transport/tls/Trust.ts"
import { type Identity, inDays, mint } from "../certificates.ts"
import { httpsServer, type Server, tcpServer, tlsServer, until } from "../servers.ts"

const authority = Effect.runSync(Effect.cached(mint({ name: "Test CA", isCa: true })))
const stranger = Effect.runSync(Effect.cached(mint({ name: "Other CA", isCa: true })))
const signed = (options: Parameters<typeof mint>[0] = {}) =>
  Effect.flatMap(authority, (signedBy) => mint({ ...options, signedBy }))
const byAuthority = Effect.map(authority, ({ cert }) => Trust.ca(cert))
const anotherPin = Trust.pin("ab".repeat(32))

const get = (target: Target.Target) =>
  Effect.scoped(
    Effect.flatMap(Transport.make(target), (transport) => transport.exchange(HttpClientRequest.get("/")))
  )

const refusedBy = (server: Server, options: Partial<Target.Options>) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(get(server.target(options)))
    expect(error).toBeInstanceOf(TrustRefused)
    // Neither the one that was refused nor another one reached it.
    expect(server.requests).toEqual([])
    return error as TrustRefused
  })

const expired = { from: inDays(-9), to: inDays(-1) }
const early = { from: inDays(1), to: inDays(9) }

/** An authority below the root, and a certificate that may not issue others. */
const intermediate = Effect.runSync(Effect.cached(signed({ name: "Middle CA", isCa: true })))
const plainLeaf = Effect.runSync(Effect.cached(mint({ name: "plain" })))

const expiredAuthority = Effect.runSync(Effect.cached(mint({ ...expired, name: "Old CA", isCa: true })))

const bad: ReadonlyArray<{
  readonly when: string
  readonly identity: Effect.Effect<Identity>
  readonly trust: Effect.Effect<Trust.Trust> | ((identity: Identity) => Trust.Trust)
  readonly reason: TrustRefused["reason"]
  readonly url?: "localhost"
  readonly serverName?: string
}> = [
  {
    when: "self-signed, under system",
    identity: mint(),
    trust: Effect.succeed(Trust.system),
    reason: "SelfSigned"
  },
  { when: "self-signed, under a CA", identity: mint(), trust: byAuthority, reason: "SelfSigned" },
  {
    when: "self-signed CA certificate, under another CA",
    identity: mint({ isCa: true }),
    trust: byAuthority,
    reason: "SelfSigned"
  },
  {
    when: "signed by an unknown CA, under system",
    identity: signed(),
    trust: Effect.succeed(Trust.system),
    reason: "UnknownCa"
  },
  {
    when: "signed by an unknown CA, under another CA",
    identity: Effect.flatMap(stranger, (signedBy) => mint({ signedBy })),
    trust: byAuthority,
    reason: "UnknownCa"
  },
  {
    when: "sent along with an unknown CA, under another CA",
    identity: Effect.flatMap(stranger, (signedBy) =>
      Effect.map(mint({ signedBy }), (leaf) => ({ ...leaf, cert: `${leaf.cert}\n${signedBy.cert}` }))
    ),
    trust: byAuthority,
    reason: "UnknownCa"
  },
  {
    when: "for another name, asked for by address",
    identity: signed({ onlyFor: "other.example" }),
    trust: byAuthority,
    reason: "WrongHost"
  },
  {
    when: "for another name, asked for by name",
    identity: signed({ onlyFor: "other.example" }),
    trust: byAuthority,
    reason: "WrongHost",
    url: "localhost"
  },
  {
    when: "for another name than the target's serverName",
    identity: signed(),
    trust: byAuthority,
    reason: "WrongHost",
    serverName: "fmc.example"
  },
  {
    when: "for localhost alone, asked for by address",
    identity: signed({ onlyFor: "localhost" }),
    trust: byAuthority,
    reason: "WrongHost"
  },
  {
    when: "for another name, and trusted as its own CA",
    identity: mint({ onlyFor: "other.example" }),
    trust: ({ cert }) => Trust.ca(cert),
    reason: "WrongHost"
  },
  {
    when: "signed by a trusted certificate that is no authority",
    identity: Effect.flatMap(plainLeaf, (signedBy) => mint({ signedBy })),
    trust: Effect.map(plainLeaf, ({ cert }) => Trust.ca(cert)),
    reason: "UnknownCa"
  },
  {
    when: "signed by a certificate that is no authority and is sent along, with an authority beside it",
    identity: Effect.flatMap(plainLeaf, (signedBy) =>
      Effect.map(mint({ signedBy }), (leaf) => ({ ...leaf, cert: `${leaf.cert}\n${signedBy.cert}` }))
    ),
    trust: Effect.map(Effect.all([plainLeaf, stranger]), ([leaf, other]) =>
      Trust.ca(`${leaf.cert}\n${other.cert}`)
    ),
    reason: "UnknownCa"
  },
  {
    when: "signed by the root above the intermediate that alone is trusted",
    identity: signed(),
    trust: Effect.map(intermediate, ({ cert }) => Trust.ca(cert)),
    reason: "UnknownCa"
  },
  { when: "expired, under its CA", identity: signed(expired), trust: byAuthority, reason: "Expired" },
  {
    when: "expired, under system",
    identity: signed(expired),
    trust: Effect.succeed(Trust.system),
    reason: "Expired"
  },
  {
    when: "signed by a CA that has itself expired",
    identity: Effect.flatMap(expiredAuthority, (signedBy) => mint({ signedBy })),
    trust: Effect.map(expiredAuthority, ({ cert }) => Trust.ca(cert)),
    reason: "Expired"
  },
  {
    when: "expired, and trusted as its own CA",
    identity: mint(expired),
    trust: ({ cert }) => Trust.ca(cert),
    reason: "Expired"
  },
  { when: "not yet valid, under its CA", identity: signed(early), trust: byAuthority, reason: "NotYetValid" },
  {
    when: "not yet valid, under system",
    identity: signed(early),
    trust: Effect.succeed(Trust.system),
    reason: "NotYetValid"
  },
  {
    when: "self-signed, with another pinned",
    identity: mint(),
    trust: Effect.succeed(anotherPin),
    reason: "PinMismatch"
  },
  {
    when: "signed by a CA that is pinned instead of it",
    identity: signed(),
    trust: Effect.map(authority, ({ sha256 }) => Trust.pin(sha256)),
    reason: "PinMismatch"
  },
  {
    when: "expired, with another pinned",
    identity: mint(expired),
    trust: Effect.succeed(anotherPin),
    reason: "PinMismatch"
  }
]

describe("a certificate is refused", () => {
  for (const { identity, reason, serverName, trust, url, when } of bad) {
    it.scopedLive(`as ${reason}: ${when}`, () =>
      Effect.gen(function* () {
        const presented = yield* identity
        const server = yield* httpsServer(undefined, { identity: presented })
        const error = yield* refusedBy(server, {
          trust: Effect.isEffect(trust) ? yield* trust : trust(presented),
          ...(url === undefined ? {} : { url: `https://${url}:${server.port}` }),
          ...(serverName === undefined ? {} : { serverName })
        })
        expect(error.reason).toBe(reason)
        expect(error.sent).toBe("no")
        expect(error.certificate?.sha256).toBe(presented.sha256)
        expect(error.message.includes("an authority above")).toBe(when.includes("has itself expired"))
        // What offers a line to copy must not do so for what may be an impostor.
        expect(error.message.includes("Trust.pin(")).toBe(!["PinMismatch", "WrongHost"].includes(reason))
        // To compare with, what was expected stands beside what came.
        expect(/^ {2}pinned {7}[0-9A-F:]{95}$/m.test(error.message)).toBe(reason === "PinMismatch")
      })
    )
  }
})

const good: ReadonlyArray<{
  readonly when: string
  readonly identity: Effect.Effect<Identity>
  readonly trust: (identity: Identity) => Effect.Effect<Trust.Trust>
  readonly url?: "localhost"
  readonly serverName?: string
}> = [
  { when: "signed by a trusted CA, by address", identity: signed(), trust: () => byAuthority },
  { when: "signed by a trusted CA, by name", identity: signed(), trust: () => byAuthority, url: "localhost" },
  {
    when: "signed by one of two trusted CAs",
    identity: signed(),
    trust: () =>
      Effect.map(Effect.all([stranger, authority]), ([one, other]) => Trust.ca(`${one.cert}\n${other.cert}`))
  },
  {
    when: "for the target's serverName",
    identity: signed({ onlyFor: "fmc.example" }),
    trust: () => byAuthority,
    serverName: "fmc.example"
  },
  {
    when: "signed through an intermediate that is sent along",
    identity: Effect.gen(function* () {
      const middle = yield* signed({ name: "Middle CA", isCa: true })
      const leaf = yield* mint({ signedBy: middle })
      return { ...leaf, cert: `${leaf.cert}\n${middle.cert}` }
    }),
    trust: () => byAuthority
  },
  {
    when: "signed by an intermediate that alone is trusted, its root unknown",
    identity: Effect.flatMap(intermediate, (signedBy) => mint({ signedBy })),
    trust: () => Effect.map(intermediate, ({ cert }) => Trust.ca(cert))
  },
  {
    when: "signed by an intermediate that alone is trusted, and sends that and its root along",
    identity: Effect.gen(function* () {
      const middle = yield* intermediate
      const leaf = yield* mint({ signedBy: middle })
      return { ...leaf, cert: [leaf.cert, middle.cert, (yield* authority).cert].join("\n") }
    }),
    trust: () => Effect.map(intermediate, ({ cert }) => Trust.ca(cert))
  },
  {
    when: "signed by an authority below the intermediate that alone is trusted",
    identity: Effect.gen(function* () {
      const lower = yield* mint({ name: "Lower CA", isCa: true, signedBy: yield* intermediate })
      const leaf = yield* mint({ signedBy: lower })
      return { ...leaf, cert: `${leaf.cert}\n${lower.cert}` }
    }),
    trust: () => Effect.map(intermediate, ({ cert }) => Trust.ca(cert))
  },
  {
    when: "the very certificate that was given, though somebody unknown signed it",
    identity: signed(),
    trust: ({ cert }) => Effect.succeed(Trust.ca(cert))
  },
  {
    when: "self-signed, and trusted as its own CA",
    identity: mint(),
    trust: ({ cert }) => Effect.succeed(Trust.ca(cert))
  },
  {
    when: "a self-signed CA certificate, and trusted as its own CA",
    identity: mint({ isCa: true }),
    trust: ({ cert }) => Effect.succeed(Trust.ca(cert))
  },
  { when: "pinned", identity: mint(), trust: ({ sha256 }) => Effect.succeed(Trust.pin(sha256)) },
  {
    when: "one of two pinned",
    identity: mint(),
    trust: ({ sha256 }) => Effect.succeed(Trust.pin("00".repeat(32), sha256))
  },
  {
    when: "pinned, whatever its name and dates",
    identity: mint({ ...expired, onlyFor: "other.example" }),
    trust: ({ sha256 }) => Effect.succeed(Trust.pin(sha256))
  },
  {
    when: "pinned, though signed by nobody known",
    identity: signed(early),
    trust: ({ sha256 }) => Effect.succeed(Trust.pin(sha256))
  },
  {
    when: "anything, under insecure",
    identity: mint({ ...expired, onlyFor: "other.example" }),
    trust: () => Effect.succeed(Trust.insecure)
  }
]

describe("a certificate is accepted", () => {
  for (const { identity, serverName, trust, url, when } of good) {
    it.scopedLive(`that is ${when}`, () =>
      Effect.gen(function* () {
        const presented = yield* identity
        const server = yield* httpsServer(undefined, { identity: presented })
        const reply = yield* get(
          server.target({
            trust: yield* trust(presented),
            ...(url === undefined ? {} : { url: `https://${url}:${server.port}` }),
            ...(serverName === undefined ? {} : { serverName })
          })
        )
        expect(reply.status).toBe(200)
        // Judged on the connection that carries the request, not on another.
        expect(server.connections).toBe(1)
      })
    )
  }
})

const modes: ReadonlyArray<readonly [string, Effect.Effect<Trust.Trust>]> = [
  ["system", Effect.succeed(Trust.system)],
  ["a CA", byAuthority],
  ["a pin", Effect.succeed(anotherPin)],
  ["insecure", Effect.succeed(Trust.insecure)]
]

describe("a port without usable TLS is refused", () => {
  for (const [mode, trust] of modes) {
    it.scopedLive(`as NotTls when it speaks plain HTTP, under ${mode}`, () =>
      Effect.gen(function* () {
        let requests = 0
        const plain = createServer((_request, response) => {
          requests += 1
          response.end()
        })
        const server = yield* tcpServer((socket) => plain.emit("connection", socket))
        const error = yield* refusedBy(server, { trust: yield* trust })
        expect(error.reason).toBe("NotTls")
        expect(error.certificate).toBeUndefined()
        expect(requests).toBe(0)
      })
    )

    it.scopedLive(`as ProtocolVersion when it is too old, under ${mode}`, () =>
      Effect.gen(function* () {
        const server = yield* httpsServer(undefined, { maxVersion: "TLSv1.2" })
        const error = yield* refusedBy(server, { trust: yield* trust, minTlsVersion: "TLSv1.3" })
        expect(error.reason).toBe("ProtocolVersion")
        expect(error.message).toContain("Set it to TLSv1.2 if that is acceptable")
      })
    )

    it.scopedLive(`as ProtocolVersion when it speaks nothing from TLS 1.2 on, under ${mode}`, () =>
      Effect.gen(function* () {
        const protocolVersion = new Uint8Array([0x15, 3, 1, 0, 2, 2, 70])
        const server = yield* tcpServer((socket) => socket.once("data", () => socket.end(protocolVersion)))
        const error = yield* refusedBy(server, { trust: yield* trust })
        expect(error.reason).toBe("ProtocolVersion")
        expect(error.message).toContain("Update the device, or allow TLS 1.2 on it")
        expect(error.message).not.toContain("minTlsVersion")
      })
    )

    it.scopedLive(`as Handshake when it breaks off with an alert, under ${mode}`, () =>
      Effect.gen(function* () {
        const internalError = new Uint8Array([0x15, 3, 3, 0, 2, 2, 80])
        const server = yield* tcpServer((socket) => socket.once("data", () => socket.end(internalError)))
        expect((yield* refusedBy(server, { trust: yield* trust })).reason).toBe("Handshake")
      })
    )
  }

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    it.scopedLive(`as Handshake when it demands a client certificate, under ${maxVersion}`, () =>
      Effect.gen(function* () {
        const server = yield* httpsServer(undefined, {
          requestCert: true,
          rejectUnauthorized: true,
          maxVersion
        })
        const error = yield* refusedBy(server, {})
        expect(error.reason).toBe("Handshake")
        // To pin it would not help.
        expect(error.message).not.toContain("Trust.pin(")
        // Under 1.3 it was shown before the server said no.
        if (maxVersion === "TLSv1.3") expect(error.certificate?.sha256).toBe(server.identity.sha256)
      })
    )
  }

  it.scopedLive("as Handshake when it speaks HTTP/2 only", () =>
    Effect.gen(function* () {
      const server = yield* tlsServer(() => {}, { ALPNProtocols: ["h2"] })
      expect((yield* refusedBy(server, {})).reason).toBe("Handshake")
    })
  )

  it.scopedLive("and a connection that just closes is unreachable, not refused", () =>
    Effect.gen(function* () {
      const server = yield* tcpServer((socket) => socket.once("data", () => socket.end()))
      const error = yield* Effect.flip(get(server.target()))
      expect(error).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Handshake",
        reason: "ECONNRESET",
        sent: "no"
      })
    })
  )
})

describe("the environment", () => {
  it.scopedLive("cannot switch the check off", () =>
    Effect.gen(function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
          process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"
          return before
        }),
        (before) =>
          Effect.sync(() => {
            if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
            else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
          })
      )
      const server = yield* httpsServer()
      expect((yield* refusedBy(server, { trust: Trust.system })).reason).toBe("SelfSigned")
    })
  )

  it.scopedLive("cannot lead requests through a proxy", () =>
    Effect.gen(function* () {
      const proxy = yield* tcpServer((socket) => socket.destroy())
      const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"]
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
        }),
        () =>
          Effect.sync(() => {
            for (const name of names) delete process.env[name]
          })
      )
      const server = yield* httpsServer()
      expect((yield* get(server.target())).status).toBe(200)
      expect(proxy.connections).toBe(0)
    })
  )
})

describe("Trust.inspect", () => {
  it.scopedLive("shows a certificate whatever it is, and sends no HTTP", () =>
    Effect.gen(function* () {
      const identity = yield* mint({ ...expired, onlyFor: "other.example" })
      const server = yield* httpsServer(undefined, { identity })
      const shown = yield* Trust.inspect({ host: "127.0.0.1", port: server.port })
      expect(shown).toMatchObject({
        sha256: identity.sha256,
        altNames: ["DNS:other.example"],
        selfIssued: true
      })
      expect(shown.validTo.getTime()).toBeLessThan(Date.now())
      expect(shown.pem).toContain("BEGIN CERTIFICATE")
      expect(server.requests).toEqual([])
      // What it shows is what pins it.
      expect((yield* get(server.target({ trust: Trust.pin(shown.sha256) }))).status).toBe(200)
      expect((yield* Effect.flip(get(server.target({ trust: Trust.ca(shown.pem) })))).message).toContain(
        "expired"
      )
    })
  )

  it.scopedLive("gives up on a port that does not answer, and leaves no connection", () =>
    Effect.gen(function* () {
      const server = yield* tcpServer(() => {})
      const error = yield* Effect.flip(Trust.inspect({ host: "127.0.0.1", port: server.port, timeout: 100 }))
      expect(error).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Handshake",
        reason: "Timeout",
        sent: "no"
      })
      yield* until(() => server.open.size === 0)
    })
  )

  it.effect("names the field that is out of bounds", () =>
    Effect.gen(function* () {
      const field = (options: Trust.InspectOptions) =>
        Effect.map(Effect.flip(Trust.inspect(options)), (error) => "field" in error && error.field)
      expect(yield* field({ host: "https://fmc.example", port: 443 })).toBe("host")
      expect(yield* field({ host: "fmc.example", port: 70_000 })).toBe("port")
      expect(yield* field({ host: "fmc.example", port: 443, timeout: "9 weeks" })).toBe("timeout")
      // @ts-expect-error: from plain JavaScript
      expect(yield* field({ host: "fmc.example", port: 443, timeout: "soon" })).toBe("timeout")
    })
  )
})
