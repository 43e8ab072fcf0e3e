import { Duplex } from "node:stream"
import * as tls from "node:tls"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Target from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import * as Trust from "../../../src/transport/tls/Trust.ts"
import { runtime } from "../../support/runtime.ts"
import { mint } from "../certificates.ts"
import { httpsServer } from "../servers.ts"

const get = HttpClientRequest.get("/")
const post = HttpClientRequest.post("/")

/** Two ends of a connection on which nothing takes any time. */
const inMemory = (): readonly [near: Duplex, far: Duplex] => {
  const end = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => {},
      write: (chunk, _encoding, done) => {
        other().push(chunk)
        done()
      },
      final: (done) => {
        other().push(null)
        done()
      }
    })
  const near: Duplex = end(() => far)
  const far: Duplex = end(() => near)
  return [near, far]
}

describe("a connection", () => {
  it.scopedLive("that was made for a login carries the requests after it", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const transport = yield* Transport.make(server.target())
      for (const send of [transport.exchangeAuth, transport.exchange, transport.exchange]) yield* send(post)
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1])
    })
  )

  // Bun and Deno, as servers, speak TLS on sockets alone.
  it.scopedLive.runIf(runtime === "node")("carries the next request, however fast an answer comes", () =>
    Effect.gen(function* () {
      const identity = yield* mint()
      let connections = 0
      const connect = () =>
        Effect.sync(() => {
          connections += 1
          const [near, far] = inMemory()
          const device = new tls.TLSSocket(far, { ...identity, isServer: true })
          device.on("data", () => device.write("HTTP/1.1 204 No Content\r\n\r\n"))
          return near
        })
      const trust = Trust.pin(identity.sha256)
      const transport = yield* Transport.make(Target.make({ url: "https://fmc.example", trust, connect }))
      for (const request of [get, HttpClientRequest.bodyText(post, "body"), get])
        yield* transport.exchange(request)
      expect(connections).toBe(1)
    })
  )
})
