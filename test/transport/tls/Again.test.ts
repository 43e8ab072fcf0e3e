import * as net from "node:net"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Transport from "../../../src/transport/Transport.ts"
import * as Trust from "../../../src/transport/tls/Trust.ts"
import { type Identity, inDays, mint } from "../certificates.ts"
import { httpsServer } from "../servers.ts"

const get = HttpClientRequest.get("/")
const closing = (options: { readonly identity: Identity }) =>
  httpsServer((_request, response) => response.setHeader("connection", "close").end(), options)

afterEach(() => void vi.useRealTimers())

describe("a device", () => {
  it.scopedLive("that has another certificate at a later connection is judged by that one", () =>
    Effect.gen(function* () {
      const [first, other] = yield* Effect.all([mint(), mint({ to: inDays(-1) })])
      const [server, another] = yield* Effect.all([
        closing({ identity: first }),
        closing({ identity: other })
      ])
      let { port } = server
      const connect = () => Effect.sync(() => net.connect(port, "127.0.0.1"))
      const target = server.target({ trust: Trust.ca(first.cert), connect })
      const { exchange } = yield* Transport.make(target)
      expect((yield* exchange(get)).status).toBe(200)
      port = another.port
      const refused = { _tag: "TrustRefused", reason: "Expired", certificate: { sha256: other.sha256 } }
      expect(yield* Effect.flip(exchange(get))).toMatchObject(refused)
      expect(another.requests).toEqual([])
      port = server.port
      expect((yield* exchange(get)).status).toBe(200)
    })
  )

  it.scopedLive("whose certificate expires meanwhile is refused at the next connection", () =>
    Effect.gen(function* () {
      const identity = yield* mint({ to: inDays(10) })
      const server = yield* closing({ identity })
      const { exchange } = yield* Transport.make(server.target({ trust: Trust.ca(identity.cert) }))
      expect((yield* exchange(get)).status).toBe(200)
      vi.useFakeTimers({ toFake: ["Date"], now: inDays(11) })
      expect(yield* Effect.flip(exchange(get))).toMatchObject({ _tag: "TrustRefused", reason: "Expired" })
      expect(server.requests.length).toBe(1)
    })
  )

  it.scopedLive("is judged by its own authority, whatever others are trusted by", () =>
    Effect.gen(function* () {
      const [one, other] = yield* Effect.all([mint({ name: "one" }), mint({ name: "other" })])
      const server = yield* closing({ identity: one })
      for (let round = 0; round < 2; round++) {
        const right = yield* Transport.make(server.target({ trust: Trust.ca(one.cert) }))
        expect((yield* right.exchange(get)).status).toBe(200)
        const wrong = yield* Transport.make(server.target({ trust: Trust.ca(other.cert) }))
        expect(yield* Effect.flip(wrong.exchange(get))).toMatchObject({ _tag: "TrustRefused" })
        const system = yield* Transport.make(server.target({ trust: Trust.system }))
        expect(yield* Effect.flip(system.exchange(get))).toMatchObject({ _tag: "TrustRefused" })
      }
    })
  )
})
