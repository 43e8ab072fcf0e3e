import * as net from "node:net"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Flight from "../../../src/transport/Flight.ts"
import type { Reply } from "../../../src/transport/Reply.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import { httpsServer, pause, rawAnswer, tcpServer, tlsServer, until } from "../servers.ts"

const get = HttpClientRequest.get("/")
const post = HttpClientRequest.post("/")

describe("a connection", () => {
  it.scopedLive("carries one request after another", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target())
      for (const request of [get, post, get, post]) yield* transport.exchange(request)
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1])
    })
  )

  it.scopedLive("carries a login or refresh only if it is new", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target())
      yield* transport.exchange(get)
      for (let round = 0; round < 2; round++) yield* transport.exchangeAuth(post)
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 3])
    })
  )

  it.scopedLive(
    "carries what is sent again where it is lost, as a logout is, if it would carry a write",
    () =>
      Effect.gen(function* () {
        const server = yield* httpsServer()
        const transport = yield* Transport.make(server.target())
        const logout = Effect.provideService(transport.exchangeAuth(post), Flight.InFlight, Flight.make(true))
        yield* transport.exchange(get)
        yield* logout
        yield* pause(1100)
        yield* logout
        expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2])
      })
  )

  it.scopedLive("is closed when it was idle for the target's idle time", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target({ idleTimeout: 100 }))
      yield* transport.exchange(get)
      expect(server.open.size).toBe(1)
      yield* pause(60)
      // Used again, it idles anew.
      yield* transport.exchange(get)
      yield* pause(60)
      expect(server.open.size).toBe(1)
      yield* until(() => server.open.size === 0)
      yield* transport.exchange(get)
      expect(server.connections).toBe(2)
    })
  )

  it.scopedLive("that was idle for a second still carries a read, but never a write", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target())
      yield* transport.exchange(get)
      yield* pause(1100)
      yield* transport.exchange(get)
      yield* pause(1100)
      yield* transport.exchange(post)
      yield* pause(1100)
      yield* transport.exchangeAuth(post)
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2, 3])
      // The stale ones are gone, not left beside the new one.
      yield* until(() => server.open.size <= 1)
    })
  )

  it.scopedLive("that the device closes while it idles is not used again", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer(undefined, { keepAliveTimeout: 1 })
      const transport = yield* Transport.make(server.target())
      yield* transport.exchange(get)
      for (const socket of server.open) socket.destroy()
      yield* until(() => server.open.size === 0)
      yield* pause(50)
      expect((yield* transport.exchange(post)).status).toBe(200)
    })
  )

  it.scopedLive("that the device has closed without a word is one that writes no longer share", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target())
      const last = () => server.requests.at(-1)?.connection
      yield* transport.exchange(get)
      yield* transport.exchange(post)
      expect(last()).toBe(1)
      for (const socket of server.open) socket.destroy()
      yield* pause(100)
      for (const request of [get, post, get, post]) yield* transport.exchange(request)
      // A read costs nothing where it is lost, and goes on what a write has left.
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2, 3, 3, 4])
    })
  )

  it.scopedLive("that was closed for another reason is no such one", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((_request, response) => setTimeout(() => response.end("ok"), 20))
      const target = server.target({ maxConnections: 3, idleTimeout: 200 })
      const [one, other] = [yield* Transport.make(target), yield* Transport.make(target)]
      const connections = () => server.requests.map(({ connection }) => connection)
      yield* one.exchange(get)
      yield* Effect.timeoutOption(one.exchange(get), 5)
      // Its place is needed for others.
      yield* one.exchange(get)
      yield* Effect.all([get, get].map(other.exchange), { concurrency: "unbounded" })
      yield* Effect.all([one.exchange(get), pause(300)])
      yield* one.exchange(get)
      yield* one.exchange(post)
      expect(connections().at(-1)).toBe(connections().at(-2))
    })
  )

  it.scopedLive("whose device closes each behind its answer costs a session one write at most", () =>
    Effect.gen(function* () {
      const server = yield* tlsServer((socket) =>
        socket.on("data", () => {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
          setTimeout(() => socket.end(), 1)
        })
      )
      const transport = yield* Transport.make(server.target())
      const lost: Array<string> = []
      for (let round = 0; round < 20; round++) {
        for (const request of [get, post]) {
          const exit = yield* Effect.exit(transport.exchange(request))
          if (Exit.isFailure(exit)) lost.push(request.method)
        }
      }
      expect(lost.filter((method) => method === "POST").length).toBeLessThan(2)
    })
  )

  it.scopedLive("whose device closes each behind its answer costs a session two reads at most", () =>
    Effect.gen(function* () {
      let requests = 0
      const server = yield* tlsServer((socket) => {
        let isSecond = false
        socket.on("data", () => {
          requests++
          if (isSecond) socket.destroy()
          else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
          isSecond = true
        })
      })
      const transport = yield* Transport.make(server.target())
      for (let round = 0; round < 10; round++) yield* Effect.exit(transport.exchange(get))
      expect(requests).toBe(10)
      expect(server.connections).toBe(8)
    })
  )

  it.scopedLive("is used again by reads where several are lost at once, as by a device that restarts", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((request, response) => {
        if (request.url === "/lost") request.socket.destroy()
        else setTimeout(() => response.end("ok"), 20)
      })
      const transport = yield* Transport.make(server.target())
      const lost = HttpClientRequest.get("/lost")
      const together = (requests: ReadonlyArray<HttpClientRequest.HttpClientRequest>) =>
        Effect.all(
          requests.map((request) => Effect.exit(transport.exchange(request))),
          { concurrency: "unbounded" }
        )
      yield* together([get, get, get])
      yield* together([lost, lost, lost])
      for (let round = 0; round < 3; round++) yield* transport.exchange(get)
      expect(server.connections).toBe(4)
    })
  )

  it.scopedLive("that says close, or speaks HTTP/1.0, is not used again", () =>
    Effect.gen(function* () {
      for (const answer of [
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi"
      ]) {
        const server = yield* rawAnswer(answer)
        const transport = yield* Transport.make(server.target())
        yield* transport.exchange(get)
        yield* transport.exchange(get)
        expect(server.connections).toBe(2)
        yield* until(() => server.open.size === 0)
      }
    })
  )

  it.scopedLive("that is reset under a request was sent maybe, and nothing is repeated", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer((request, response) => {
        if (request.url === "/lost") request.socket.destroy()
        else response.end()
      })
      const transport = yield* Transport.make(server.target())
      for (const request of [HttpClientRequest.get("/lost"), HttpClientRequest.post("/lost")]) {
        // On a connection that was used before: Deno's own client would send it a second time.
        yield* transport.exchange(get)
        const error = yield* Effect.flip(transport.exchange(request))
        expect(error).toMatchObject({ _tag: "DeviceUnreachable", phase: "Response", sent: "maybe" })
      }
      expect(server.requests.length).toBe(4)
    })
  )
})

describe("connections", () => {
  const slow = () =>
    Effect.gen(function* () {
      let now = 0
      let most = 0
      const answers: Array<() => void> = []
      const server = yield* httpsServer((_request, response) => {
        most = Math.max(most, ++now)
        answers.push(() => {
          now -= 1
          response.end()
        })
      })
      return {
        server,
        most: () => most,
        waiting: () => answers.length,
        answerOne: () => answers.shift()?.(),
        answerAll: () => {
          for (const answer of answers.splice(0)) answer()
        }
      }
    })

  it.scopedLive("are never more than the target allows, two of them kept for authentication", () =>
    Effect.gen(function* () {
      const { answerAll, most, server, waiting } = yield* slow()
      const transport = yield* Transport.make(server.target({ maxConnections: 4 }))
      const fibers = yield* Effect.all(Array.from({ length: 8 }, () => Effect.fork(transport.exchange(get))))
      const logins = yield* Effect.all(
        Array.from({ length: 3 }, () => Effect.fork(transport.exchangeAuth(post)))
      )
      const all = yield* Effect.fork(Effect.zip(Fiber.joinAll(fibers), Fiber.joinAll(logins)))
      yield* until(() => waiting() === 4)
      yield* pause(100)
      // Two requests and two logins, however many are waiting.
      expect(waiting()).toBe(4)
      expect(server.requests.map(({ method }) => method).sort()).toEqual(["GET", "GET", "POST", "POST"])
      const timer = setInterval(answerAll, 5)
      yield* Fiber.join(all)
      clearInterval(timer)
      expect(most()).toBe(4)
      expect(server.requests.length).toBe(11)
      // One for each login, and those that carry one request after another.
      expect(server.connections).toBeLessThanOrEqual(7)
    })
  )

  it.scopedLive("are one where the target allows one, for authentication too", () =>
    Effect.gen(function* () {
      const { answerAll, most, server } = yield* slow()
      const transport = yield* Transport.make(server.target({ maxConnections: 1 }))
      const timer = setInterval(answerAll, 5)
      yield* Effect.all([transport.exchange(get), transport.exchangeAuth(post), transport.exchange(get)], {
        concurrency: "unbounded"
      })
      clearInterval(timer)
      expect(most()).toBe(1)
      // The login has one of its own, for which the other has to go.
      expect(server.open.size).toBe(1)
    })
  )

  it.scopedLive("are not waited for by one who was interrupted", () =>
    Effect.gen(function* () {
      const { answerAll, answerOne, server, waiting } = yield* slow()
      const transport = yield* Transport.make(server.target({ maxConnections: 2 }))
      const first = yield* Effect.fork(transport.exchange(get))
      yield* until(() => waiting() === 1)
      const second = yield* Effect.fork(transport.exchange(HttpClientRequest.get("/second")))
      yield* pause(30)
      yield* Fiber.interrupt(second)
      const third = yield* Effect.fork(transport.exchange(HttpClientRequest.get("/third")))
      answerOne()
      yield* Fiber.join(first)
      yield* until(() => waiting() === 1)
      answerAll()
      yield* Fiber.join(third)
      expect(server.requests.map(({ url }) => url)).toEqual(["/", "/third"])
    })
  )

  it.live("are all destroyed when the scope closes, in use or idle", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { answerOne, server, waiting } = yield* slow()
        const scope = yield* Scope.make()
        const transport = yield* Scope.extend(Transport.make(server.target()), scope)
        const idle = yield* Effect.fork(transport.exchange(get))
        const busy = yield* Effect.fork(Effect.flip(transport.exchange(get)))
        yield* until(() => waiting() === 2)
        answerOne()
        yield* Fiber.join(idle)
        expect(server.open.size).toBe(2)
        yield* Scope.close(scope, Exit.void)
        const error = yield* Fiber.join(busy)
        expect(error).toMatchObject({ _tag: "DeviceUnreachable", phase: "Response", sent: "maybe" })
        yield* until(() => server.open.size === 0)
        const late = yield* Effect.flip(transport.exchange(get))
        expect(late).toMatchObject({ _tag: "DeviceUnreachable", phase: "Connect", sent: "no" })
        expect(server.connections).toBe(2)
      })
    )
  )

  it.live("of a login are not destroyed when the scope closes, but with its answer", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { answerOne, server, waiting } = yield* slow()
        const scope = yield* Scope.make()
        const transport = yield* Scope.extend(Transport.make(server.target()), scope)
        const login = yield* Effect.fork(transport.exchangeAuth(get))
        yield* until(() => waiting() === 1)
        yield* Scope.close(scope, Exit.void)
        answerOne()
        expect((yield* Fiber.join(login)).status).toBe(200)
        yield* until(() => server.open.size === 0)
        const logout = yield* Effect.fork(transport.exchangeAuth(get))
        yield* until(() => waiting() === 1)
        answerOne()
        expect((yield* Fiber.join(logout)).status).toBe(200)
        yield* until(() => server.open.size === 0)
      })
    )
  )

  it.live("that were used before and carry a logout are destroyed with its answer", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { answerOne, server, waiting } = yield* slow()
        const scope = yield* Scope.make()
        const transport = yield* Scope.extend(Transport.make(server.target()), scope)
        const answered = (exchange: Effect.Effect<Reply, unknown>, meanwhile = Effect.void) =>
          Effect.gen(function* () {
            const fiber = yield* Effect.fork(exchange)
            yield* until(() => waiting() === 1)
            yield* meanwhile
            answerOne()
            return (yield* Fiber.join(fiber)).status
          })
        yield* answered(transport.exchange(get))
        const logout = Effect.provideService(transport.exchangeAuth(post), Flight.InFlight, Flight.make(true))
        expect(yield* answered(logout, Scope.close(scope, Exit.void))).toBe(200)
        expect(server.connections).toBe(1)
        yield* until(() => server.open.size === 0)
      })
    )
  )

  it.live("in the middle of their handshake are destroyed when the scope closes", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const server = yield* tcpServer(() => {})
        const scope = yield* Scope.make()
        const transport = yield* Scope.extend(Transport.make(server.target()), scope)
        const fiber = yield* Effect.fork(Effect.flip(transport.exchange(get)))
        yield* until(() => server.open.size === 1)
        yield* Scope.close(scope, Exit.void)
        expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "DeviceUnreachable", sent: "no" })
        yield* until(() => server.open.size === 0)
      })
    )
  )
})

describe("an interruption returns at once and leaves no connection", () => {
  const atOnce = <A, E>(fiber: Fiber.RuntimeFiber<A, E>) =>
    Effect.gen(function* () {
      const started = Date.now()
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      // And not when the shortest of what it waits for is over, 10 seconds.
      expect(Date.now() - started).toBeLessThan(8000)
    })

  it.scopedLive("while the name is resolved", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const url = `https://localhost:${server.port}`
      const transport = yield* Transport.make(server.target({ url }))
      const fiber = yield* Effect.fork(transport.exchange(get))
      yield* Effect.yieldNow()
      yield* atOnce(fiber)
      yield* pause(50)
      expect(server.open.size).toBe(0)
      expect(server.requests).toEqual([])
    })
  )

  it.scopedLive("in the handshake", () =>
    Effect.gen(function* () {
      const server = yield* tcpServer(() => {})
      const transport = yield* Transport.make(server.target())
      const fiber = yield* Effect.fork(transport.exchange(get))
      yield* until(() => server.open.size === 1)
      yield* atOnce(fiber)
      yield* until(() => server.open.size === 0)
    })
  )

  it.scopedLive("while a large body is sent", () =>
    Effect.gen(function* () {
      let sending = false
      const server = yield* tlsServer((socket) =>
        socket.once("data", () => {
          sending = true
          socket.pause()
        })
      )
      // Seen from this side: a server that reads nothing hears of no end.
      let closed = false
      const connect = () =>
        Effect.sync(() => net.connect(server.port, "127.0.0.1").once("close", () => (closed = true)))
      const transport = yield* Transport.make(server.target({ connect }))
      const big = HttpClientRequest.bodyUint8Array(post, new Uint8Array(30 * 1024 * 1024))
      const fiber = yield* Effect.fork(transport.exchange(big))
      yield* until(() => sending)
      yield* atOnce(fiber)
      yield* until(() => closed)
    })
  )

  it.scopedLive("before the answer, and within it", () =>
    Effect.gen(function* () {
      for (const begun of [false, true]) {
        let asked = false
        const server = yield* httpsServer((_request, response) => {
          asked = true
          if (begun) response.write("begun")
        })
        const transport = yield* Transport.make(server.target())
        const fiber = yield* Effect.fork(transport.exchange(get))
        yield* until(() => asked)
        yield* pause(30)
        yield* atOnce(fiber)
        yield* until(() => server.open.size === 0)
      }
    })
  )

  it.scopedLive("at any moment, and the slot is free again", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target({ maxConnections: 2, idleTimeout: 50 }))
      for (let round = 0; round < 60; round++) {
        const fiber = yield* Effect.fork(transport.exchange(round % 2 === 0 ? get : post))
        yield* round % 3 === 0 ? Effect.yieldNow() : pause(round % 12)
        yield* Fiber.interrupt(fiber)
      }
      expect((yield* transport.exchange(get)).status).toBe(200)
      yield* until(() => server.open.size === 0)
    })
  )
})
