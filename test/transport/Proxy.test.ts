// An HTTP proxy between here and the device: the way through it, and what it says when there is none.
import * as net from "node:net"
import process from "node:process"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { Credentials } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import { DeviceUnreachable, InvalidInput } from "../../src/transport/DeviceError.ts"
import * as Target from "../../src/transport/Target.ts"
import * as Transport from "../../src/transport/Transport.ts"
import * as Trust from "../../src/transport/tls/Trust.ts"
import { proxying } from "../support/httpProxy.ts"
import { httpsServer, tcpServer, until } from "./servers.ts"

const get = HttpClientRequest.get("/")

const exchanged = (target: Target.Target) =>
  Effect.scoped(Effect.flatMap(Transport.make(target), ({ exchange }) => exchange(get)))

describe("a target's proxy", () => {
  it.scopedLive("leads to the device, whose name it resolves, with TLS and its check as always", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => response.end("x".repeat(100_000)))
      const proxy = yield* proxying(server.port)
      const url = "https://fmc.invalid:8443"
      const way = `http://jo%40hn:pass%3Aw%C3%B6rd@127.0.0.1:${proxy.port}`
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { exchange } = yield* Transport.make(server.target({ url, proxy: way }))
          expect((yield* exchange(get)).body.length).toBe(100_000)
          yield* exchange(get)
        })
      )
      const account = `Basic ${Buffer.from("jo@hn:pass:wörd").toString("base64")}`
      expect(proxy.asked).toEqual([{ authority: "fmc.invalid:8443", account }])
      expect(server.requests.map(({ headers }) => headers.host)).toEqual(Array(2).fill("fmc.invalid:8443"))
      expect(server.requests[0]?.headers["proxy-authorization"]).toBeUndefined()

      const plain = `http://127.0.0.1:${proxy.port}`
      const stranger = server.target({ url, proxy: plain, trust: Trust.pin("00".repeat(32)) })
      expect(yield* Effect.flip(exchanged(stranger))).toMatchObject({ reason: "PinMismatch" })
      const shown = yield* Trust.inspect({ host: "fmc.invalid", port: 8443, proxy: plain })
      expect(shown.sha256).toBe(server.identity.sha256)
      yield* exchanged(server.target({ url: "https://[2001:db8::1]:8443", proxy: new URL(plain) }))
      expect(proxy.asked.at(-1)).toEqual({ authority: "[2001:db8::1]:8443", account: undefined })
      yield* until(() => proxy.open.size === 0)
    })
  )

  it.scopedLive("is that of PREFIX_PROXY", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const proxy = yield* proxying(server.port)
      const variables = new Map([
        ["FMC_URL", "https://fmc.invalid"],
        ["FMC_PIN", server.identity.sha256],
        ["FMC_PROXY", `http://127.0.0.1:${proxy.port}`]
      ])
      const target = yield* Effect.withConfigProvider(
        Target.fromEnv("FMC"),
        ConfigProvider.fromMap(variables)
      )
      expect((yield* exchanged(target)).status).toBe(200)
      expect(proxy.asked).toHaveLength(1)
      variables.set("FMC_PROXY", "http://john:hunter2@/x")
      const error = yield* Effect.flip(
        Effect.withConfigProvider(Target.fromEnv("FMC"), ConfigProvider.fromMap(variables))
      )
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "FMC_PROXY" })
      expect(JSON.stringify([error, String(error)])).not.toContain("hunter2")
    })
  )

  it.scopedLive.each([
    [407, "wants an account, or refuses"],
    [403, "refuses to lead to the device (403)"],
    [404, "refuses to lead to the device (404)"],
    [502, "could not reach the device (502)"],
    [504, "could not reach the device (504)"]
  ] as const)("that refuses with %i is told from the device, without its password", ([status, words]) =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const proxy = yield* proxying(server.port, status)
      const at = `127.0.0.1:${proxy.port}`
      const error = yield* Effect.flip(exchanged(server.target({ proxy: `http://john:hunter2@${at}` })))
      expect(error).toMatchObject({
        _tag: "DeviceUnreachable",
        phase: "Connect",
        reason: "Refused",
        sent: "no",
        proxy: { at, status }
      })
      expect(error.message).toContain(`the proxy ${at} ${words}`)
      expect(JSON.stringify([error, error.message])).not.toMatch(/hunter2|am9obj/)
      expect(server.connections).toBe(0)
      yield* until(() => proxy.open.size === 0)
    })
  )

  it.scopedLive.each([
    [403, 1],
    [407, 1],
    [502, 4]
  ] as const)(
    "that refuses a request with %i is asked %i times, and is told: a wrong account is not tried again",
    ([status, times]) =>
      Effect.gen(function* () {
        const proxy = yield* proxying(0, status)
        const target = Target.make({
          url: "https://fmc.invalid",
          proxy: `http://john:hunter2@127.0.0.1:${proxy.port}`
        })
        const credentials = Credentials.token(Redacted.make("a-token"))
        const { session } = yield* CdFmc.make({ target, credentials, retry: Schedule.recurs(3) })
        for (const method of ["GET", "POST"] as const) {
          proxy.asked.length = 0
          const error = yield* Effect.flip(session.http.execute(HttpClientRequest.make(method)("/api/x")))
          expect(error).toBeInstanceOf(DeviceUnreachable)
          expect(error).toHaveProperty("proxy.status", status)
          expect(proxy.asked).toHaveLength(times)
        }
      })
  )

  it.scopedLive.each([
    ["Negotiate\r\nProxy-Authenticate: NTLM", ["Negotiate", "NTLM"]],
    ['Digest realm="a, Basic b", nonce=c, NTLM', ["Digest", "NTLM"]],
    ['NTLM, basic realm="Basic"', undefined],
    ["\u001b[2J", undefined]
  ] as const)("that takes no account by Basic names what it takes instead: %s", ([challenge, schemes]) =>
    Effect.gen(function* () {
      const head = `HTTP/1.1 407 No\r\nproxy-AUTHENTICATE: ${challenge}\r\nContent-Length: 0\r\n\r\n`
      const proxy = yield* tcpServer((socket) => socket.once("data", () => socket.write(head)))
      const way = `http://john:hunter2@127.0.0.1:${proxy.port}`
      const target = Target.make({ url: "https://fmc.invalid", proxy: way })
      const error = yield* Effect.flip(exchanged(target))
      expect(error).toHaveProperty("proxy.status", 407)
      expect(error).toMatchObject({ proxy: schemes === undefined ? {} : { schemes } })
      expect(error.message).toContain(
        schemes === undefined
          ? "wants an account, or refuses"
          : `takes an account by ${schemes.join(" or ")} alone (407)`
      )
    })
  )

  it.scopedLive("may say 100 Continue before its answer, and that in pieces", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const proxy = yield* tcpServer((near) => {
        near.once("data", () => {
          const far = net.connect(server.port, "127.0.0.1", () => {
            near.pipe(far)
            near.write("HTTP/1.1 100 Conti")
            setTimeout(() => near.write("nue\r\n\r\nHTTP/1.1 102 X\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), 20)
            setTimeout(() => far.pipe(near), 30)
          })
          far.on("error", () => {})
          near.on("close", () => far.destroy())
        })
      })
      const reply = yield* exchanged(server.target({ proxy: `http://127.0.0.1:${proxy.port}` }))
      expect(reply.status).toBe(200)
    })
  )

  it.scopedLive.each([
    ["closes", "ECONNRESET"],
    ["is silent", "Timeout"]
  ] as const)("that lets the connection through and then %s is named", ([how, reason]) =>
    Effect.gen(function* () {
      const proxy = yield* tcpServer((socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
          if (how === "closes") socket.end()
        })
      })
      const at = `127.0.0.1:${proxy.port}`
      const target = Target.make({
        url: "https://fmc.invalid",
        proxy: `http://${at}`,
        handshakeTimeout: "200 millis"
      })
      const error = yield* Effect.flip(exchanged(target))
      expect(error).toMatchObject({ phase: "Handshake", reason, sent: "no", proxy: { at } })
      expect(error.message).toContain(`the proxy ${at} let the connection through, but the TLS handshake`)
    })
  )

  it.scopedLive("that answers in the device's place, or shows a certificate of its own, is named", () =>
    Effect.gen(function* () {
      const page = "HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nblocked"
      const filtering = yield* tcpServer((socket) => {
        socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${page}`))
      })
      const inspecting = yield* httpsServer()
      const leading = yield* proxying(inspecting.port)
      for (const [port, trust, reason] of [
        [filtering.port, Trust.insecure, "NotTls"],
        [leading.port, Trust.system, "SelfSigned"],
        [leading.port, Trust.pin("00".repeat(32)), "PinMismatch"]
      ] as const) {
        const at = `127.0.0.1:${port}`
        const target = Target.make({ url: "https://fmc.invalid", proxy: `http://john:hunter2@${at}`, trust })
        const error = yield* Effect.flip(exchanged(target))
        expect(error).toMatchObject({ _tag: "TrustRefused", reason, sent: "no", proxy: { at } })
        expect(error.message).toContain(`It was reached through the proxy ${at}, which may answer`)
        expect(JSON.stringify([error, error.message])).not.toMatch(/hunter2|am9obj/)
      }
      const direct = yield* Effect.flip(exchanged(inspecting.target({ trust: Trust.system })))
      expect(direct).toMatchObject({ _tag: "TrustRefused", reason: "SelfSigned" })
      expect(direct.message).not.toContain("proxy")
    })
  )

  it.scopedLive("on the way of an answer that is lost is named, to reads and to writes", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((request, response) => {
        if (request.url !== "/late") response.destroy()
      })
      const proxy = yield* proxying(server.port)
      const at = `127.0.0.1:${proxy.port}`
      const target = server.target({ proxy: `http://john:hunter2@${at}`, responseTimeout: "300 millis" })
      const credentials = Credentials.token(Redacted.make("a-token"))
      const { session } = yield* CdFmc.make({ target, credentials, retry: Schedule.recurs(1) })
      const read = yield* Effect.flip(session.http.get("/api/x"))
      expect(read).toMatchObject({ phase: "Response", reason: "ECONNRESET", sent: "maybe", proxy: { at } })
      const late = yield* Effect.flip(session.http.get("/late"))
      expect(late).toMatchObject({ phase: "Response", reason: "Timeout", proxy: { at } })
      for (const error of [read, late]) {
        expect(error.message).toContain(`It went by the proxy ${at}, which may be at fault too.`)
        // It changed nothing, whether it was carried out or not.
        expect(error.message).not.toMatch(/carried out|proxy .* let the connection/)
      }
      const write = yield* Effect.flip(session.http.post("/api/x"))
      expect(write).toMatchObject({ _tag: "OutcomeUnknown", proxy: { at } })
      expect(write.message).toContain(`Read back before you repeat it. It went by the proxy ${at}`)
      expect(JSON.stringify([read, write, write.message])).not.toMatch(/hunter2|am9obj/)
    })
  )

  it.scopedLive("that is none, closes, hangs or is not there is told as that", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const ssh = yield* tcpServer((socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"))
      const closing = yield* tcpServer((socket) => socket.end())
      const half = yield* tcpServer((socket) => socket.end("HTTP/1.1 200 OK\r\nVia: 1"))
      const hanging = yield* tcpServer(() => {})
      const gone = yield* Effect.scoped(tcpServer(() => {}))
      const connectTimeout = "200 millis"
      for (const [port, reason, words] of [
        [ssh.port, "NotHttp", "is no HTTP proxy"],
        [server.port, undefined, "proxy"],
        [closing.port, "ECONNRESET", "no connection to the proxy"],
        [half.port, "NotHttp", "is no HTTP proxy"],
        [hanging.port, "Timeout", "did not lead to the device in time"],
        [gone.port, "ECONNREFUSED", "no connection to the proxy"]
      ] as const) {
        const proxy = `http://127.0.0.1:${port}`
        const error = yield* Effect.flip(exchanged(server.target({ proxy, connectTimeout })))
        expect(error).toMatchObject({
          _tag: "DeviceUnreachable",
          sent: "no",
          proxy: { at: `127.0.0.1:${port}` }
        })
        if (reason !== undefined) expect(error).toMatchObject({ reason })
        expect(error.message).toContain(words)
      }
      const error = yield* Effect.flip(exchanged(server.target({ proxy: "http://proxy.invalid:3128" })))
      expect(error).toMatchObject({ phase: "Resolve", proxy: { at: "proxy.invalid:3128" } })
      expect(error.message).toContain("the name of the proxy proxy.invalid:3128 cannot be resolved")
      expect(server.requests).toEqual([])
    })
  )

  it.each([
    ["https://proxy.example:3128", "TLS or SOCKS"],
    ["socks5://john:hunter2@proxy.example", "TLS or SOCKS"],
    ["ftp://john:hunter2@proxy.example", "no http: URL"],
    ["proxy.example:3128", "no http: URL"],
    ["john:hunter2@proxy.example", "no http: URL"],
    ["http://john:hunter2@proxy.example/x", "%2F"],
    ["http://john:hunter2/x@proxy.example", "proxy"],
    ["http://john:hunter2%@proxy.example", "%25"],
    ["", "no URL"]
  ])("%s is refused, and never shown", (proxy, words) => {
    try {
      Target.make({ url: "https://fmc.example", proxy })
      expect.fail("it was accepted")
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput)
      expect(error).toMatchObject({ field: "proxy", message: expect.stringContaining(words) })
      expect(JSON.stringify([error, String(error)])).not.toContain("hunter2")
    }
  })

  it("is given alone, or connect is", () => {
    const connect = () => Effect.never
    const both = () => Target.make({ url: "https://fmc.example", proxy: "http://p:1", connect })
    expect(both).toThrow("only one can make the connection")
  })

  it.scopedLive("that is set for other programs alone is named where nothing can be reached", () =>
    Effect.gen(function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          process.env.HTTPS_PROXY = "http://john:hunter2@proxy.example:3128"
        }),
        () => Effect.sync(() => Reflect.deleteProperty(process.env, "HTTPS_PROXY"))
      )
      const gone = yield* Effect.scoped(httpsServer())
      const error = yield* Effect.flip(exchanged(gone.target()))
      expect(error).toMatchObject({ _tag: "DeviceUnreachable", ignoredProxy: "HTTPS_PROXY" })
      expect(error.message).toContain("HTTPS_PROXY is set and was not obeyed")
      expect(JSON.stringify([error, error.message])).not.toContain("hunter2")
    })
  )
})
