import * as http from "node:http"
import * as net from "node:net"
import { type Duplex, pipeline } from "node:stream"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Connect } from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import * as Trust from "../../../src/transport/tls/Trust.ts"
import { httpsServer, pause, tcpServer, tlsServer, until } from "../servers.ts"

const get = HttpClientRequest.get("/")

const tcp = (port: number) =>
  Effect.async<net.Socket, Error>((resume) => {
    const socket = net.connect(port, "127.0.0.1")
    socket.once("error", (error) => resume(Effect.fail(error)))
    socket.once("connect", () => resume(Effect.succeed(socket)))
    return Effect.sync(() => socket.destroy())
  })

const refused = new Error("the proxy refused")

/** What a user would write to go through an HTTP proxy. */
const throughProxy =
  (proxy: number): Connect =>
  (to) =>
    Effect.async<Duplex, Error>((resume) => {
      const asked = http.request({
        port: proxy,
        host: "127.0.0.1",
        method: "CONNECT",
        path: `${to.host}:${to.port}`
      })
      asked.once("connect", (response, socket) =>
        resume(response.statusCode === 200 ? Effect.succeed(socket) : Effect.fail(refused))
      )
      asked.once("error", (error) => resume(Effect.fail(error)))
      asked.end()
      return Effect.sync(() => asked.destroy())
    })

describe("a target's connect hook", () => {
  it.scopedLive("is told the host as it is, and TLS its name without the dot at its end", () =>
    Effect.gen(function* () {
      const names: Array<string> = []
      const SNICallback = (name: string, done: (error: null) => void) => {
        names.push(name)
        done(null)
      }
      const server = yield* tlsServer(
        (socket) => socket.on("data", () => socket.write("HTTP/1.1 204 No Content\r\n\r\n")),
        { SNICallback }
      )
      const asked: Array<string> = []
      const target = server.target({
        url: "https://localhost.",
        trust: Trust.ca(server.identity.cert),
        connect: ({ host }) => {
          asked.push(host)
          return tcp(server.port)
        }
      })
      const { exchange } = yield* Transport.make(target)
      expect((yield* exchange(get)).status).toBe(204)
      expect([asked, names]).toEqual([["localhost."], ["localhost"]])
    })
  )

  it.scopedLive("leads through a relay, with TLS and its check as always", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const relay = yield* tcpServer((near) => {
        const far = net.connect(server.port, "127.0.0.1")
        far.on("error", () => near.destroy())
        pipeline(near, far, near, () => {})
      })
      const asked: Array<unknown> = []
      const connect: Connect = (to) => {
        asked.push(to)
        return tcp(relay.port)
      }
      const url = "https://fmc.invalid:8443"
      yield* Effect.scoped(
        Effect.gen(function* () {
          const transport = yield* Transport.make(server.target({ url, connect }))
          yield* transport.exchange(get)
          yield* transport.exchange(get)
          expect(asked).toEqual([{ host: "fmc.invalid", port: 8443 }])
          expect(server.requests[1]?.headers.host).toBe("fmc.invalid:8443")
        })
      )
      yield* until(() => relay.open.size === 0)
      const stranger = yield* Transport.make(
        server.target({ url, connect, trust: Trust.pin("00".repeat(32)) })
      )
      expect(yield* Effect.flip(stranger.exchange(get))).toMatchObject({ reason: "PinMismatch" })
      yield* until(() => relay.open.size === 0)
      const shown = yield* Trust.inspect({ host: "fmc.invalid", port: 8443, connect })
      expect(shown.sha256).toBe(server.identity.sha256)
      yield* until(() => relay.open.size === 0)
      expect(server.requests.length).toBe(2)
    })
  )

  it.scopedLive("leads through an HTTP proxy", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const tunnels: Array<string | undefined> = []
      const gate = http.createServer()
      gate.on("connect", (request: http.IncomingMessage, near: Duplex) => {
        tunnels.push(request.url)
        const far = net.connect(server.port, "127.0.0.1", () => {
          near.write("HTTP/1.1 200 OK\r\n\r\n")
          pipeline(near, far, near, () => {})
        })
        far.on("error", () => near.destroy())
        near.on("error", () => far.destroy())
      })
      yield* Effect.acquireRelease(
        Effect.async<void>((resume) => {
          gate.listen(0, "127.0.0.1", () => resume(Effect.void))
        }),
        () => Effect.sync(() => gate.close())
      )
      const connect = throughProxy((gate.address() as net.AddressInfo).port)
      const transport = yield* Transport.make(server.target({ connect }))
      expect((yield* transport.exchange(get)).status).toBe(200)
      expect((yield* transport.exchange(HttpClientRequest.post("/"))).status).toBe(200)
      expect(tunnels).toEqual([`127.0.0.1:${server.port}`])
    })
  )

  it.scopedLive("that gives no byte stream is InvalidInput, which names the option", () =>
    Effect.gen(function* () {
      for (const given of [
        () => Effect.succeed(undefined),
        () => Effect.succeed(null),
        () => Effect.succeed("socket"),
        () => Effect.succeed({ on: () => {} }),
        () => undefined,
        () => Promise.resolve()
      ]) {
        // As JavaScript may give it.
        const connect = given as unknown as Connect
        const server = yield* httpsServer()
        const transport = yield* Transport.make(server.target({ connect }))
        const error = yield* Effect.flip(transport.exchange(get))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "connect" })
      }
    })
  )

  it.scopedLive("that fails, dies or hangs makes the device unreachable", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const error = (connect: Connect) =>
        Effect.flatMap(Transport.make(server.target({ connect, connectTimeout: 100 })), (transport) =>
          Effect.flip(transport.exchange(get))
        )
      const unreachable = { _tag: "DeviceUnreachable", phase: "Connect", sent: "no" }
      const coded = Object.assign(new Error("canary"), { code: "ECONNREFUSED" })
      const nameless = new Error("canary")
      expect(yield* error(() => Effect.fail(coded))).toMatchObject({
        ...unreachable,
        reason: "ECONNREFUSED"
      })
      for (const connect of [
        () => Effect.fail(nameless),
        () => Effect.die("canary"),
        () => {
          throw new Error("canary")
        }
      ] satisfies ReadonlyArray<Connect>) {
        const failed = yield* error(connect)
        expect(failed).toMatchObject({ ...unreachable, reason: "Failed" })
        expect(failed.message).not.toContain("canary")
      }
      expect(yield* error(() => Effect.never)).toMatchObject({ ...unreachable, reason: "Timeout" })
      expect(yield* error(() => Effect.uninterruptible(Effect.never))).toMatchObject({ reason: "Timeout" })
      expect(server.connections).toBe(0)
    })
  )

  it.scopedLive("is interrupted when nobody waits for it any more", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      let ended = 0
      const connect: Connect = () =>
        Effect.async(() =>
          Effect.sync(() => {
            ended += 1
          })
        )
      const transport = yield* Transport.make(server.target({ connect, connectTimeout: 100 }))
      yield* Effect.flip(transport.exchange(get))
      yield* until(() => ended === 1)
      const fiber = yield* Effect.fork(transport.exchange(get))
      yield* pause(20)
      yield* Fiber.interrupt(fiber)
      yield* until(() => ended === 2)
    })
  )

  it.scopedLive("that cannot be interrupted holds up no interruption", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const connect: Connect = () => Effect.uninterruptible(Effect.never)
      const transport = yield* Transport.make(server.target({ connect }))
      const fiber = yield* Effect.fork(transport.exchange(get))
      yield* pause(20)
      // Held up, it would never return.
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
    })
  )

  it.scopedLive("has its stream destroyed when the handshake over it is interrupted", () =>
    Effect.gen(function* () {
      const relay = yield* tcpServer(() => {})
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target({ connect: () => tcp(relay.port) }))
      const fiber = yield* Effect.fork(transport.exchange(get))
      yield* until(() => relay.open.size === 1)
      yield* Fiber.interrupt(fiber)
      yield* until(() => relay.open.size === 0)
    })
  )
})
