import { Buffer } from "node:buffer"
import * as http from "node:http"
import { clearTimeout, setTimeout } from "node:timers"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Connection } from "./Connections.ts"
import {
  DeviceUnreachable,
  InvalidInput,
  ProtocolViolation,
  TrustRefused,
  type WireError
} from "./DeviceError.ts"
import { reasonOf } from "./Dial.ts"
import { isLateRefusal } from "./Handshake.ts"
import { headViolation, promisesTooMuch, type Received, tooLarge } from "./Incoming.ts"
import type { Outgoing } from "./Outgoing.ts"
import type { Target } from "./Target.ts"

/** A whole answer, and whether its connection can carry another request. */
export interface Answered {
  readonly received: Received
  readonly reusable: boolean
}

/**
 * Sends a request on a connection and reads its whole answer, of at most `limit` bytes. Redirects are not followed.
 * The target's response time-out runs from here to the answer's last byte, on a real timer.
 *
 * After a failure or an interruption the connection is of no use any more; destroying it is the caller's.
 */
export const exchange = (
  target: Target,
  connection: Connection,
  outgoing: Outgoing,
  limit: number
): Effect.Effect<Answered, WireError> =>
  Effect.async((resume) => {
    const { socket } = connection
    // Something was read; and all of the answer was.
    let heard = false
    let received: Received | undefined

    const settle = (result: Effect.Effect<Answered, WireError>) => {
      clearTimeout(timer)
      socket.off("free", onFree)
      socket.off("close", onGone)
      resume(result)
    }
    const lost = (reason: string) =>
      settle(new DeviceUnreachable({ target: target.name, phase: "Response", reason, sent: "maybe" }))
    const violated = (detail: string) =>
      settle(new ProtocolViolation({ target: target.name, operation: outgoing.operation, detail }))
    // A whole answer counts even if its connection is lost right behind it.
    const end = (reason: string, reusable = false) =>
      received === undefined ? lost(reason) : settle(Effect.succeed({ received, reusable }))
    const onFree = () => end("ECONNRESET", true)
    const onGone = () => end("ECONNRESET")
    const timer = setTimeout(() => end("Timeout"), Duration.toMillis(target.responseTimeout))
    socket.once("free", onFree)
    socket.once("close", onGone)

    const request = started(connection, outgoing)
    if (request === undefined) {
      settle(new InvalidInput({ field: "request", message: notHttp }))
      return
    }
    request.on("error", (error) => {
      const reason = reasonOf(error)
      if (received !== undefined) end(reason)
      else if (reason.startsWith("HPE_")) violated(`the answer is not valid HTTP (${reason})`)
      else if (isLateRefusal(reason) && !heard && !connection.reused)
        settle(
          new TrustRefused({
            target: target.name,
            reason: "Handshake",
            certificate: connection.certificate
          })
        )
      else lost(reason)
    })
    request.on("upgrade", () => violated("the answer changes the protocol, which nobody asked for"))
    request.on("information", () => {
      heard = true
    })
    request.on("response", (response) => {
      heard = true
      response.on("error", (error) => end(reasonOf(error)))
      const bad = headViolation(response, outgoing.method, limit)
      if (bad !== undefined) return violated(bad)
      const chunks: Array<Uint8Array> = []
      let size = 0
      response.on("data", (chunk: Uint8Array) => {
        size += chunk.length
        if (size <= limit) {
          chunks.push(chunk)
          return
        }
        chunks.length = 0
        violated(tooLarge(limit))
        socket.destroy()
      })
      response.on("end", () => {
        if (!response.complete || size > limit) return
        received = {
          status: response.statusCode ?? 0,
          rawHeaders: response.rawHeaders,
          body: Buffer.concat(chunks)
        }
        // Without keep-alive there is no `free` to wait for; nor after an answer that came before the last byte
        // of the request, whose rest is still in the way; nor where a body may follow that the status rules out: it
        // would be taken for the answer to the next request.
        if (!request.shouldKeepAlive || !request.writableFinished || promisesTooMuch(response))
          end("ECONNRESET")
      })
    })
    request.end(outgoing.body)
    return Effect.sync(() => {
      clearTimeout(timer)
      request.destroy()
    })
  })

const notHttp =
  "request: HTTP cannot carry it; look for odd characters in its method, its path and its headers."

const started = ({ socket }: Connection, outgoing: Outgoing): http.ClientRequest | undefined => {
  try {
    return http.request({
      // The connection is there, judged, and ours: no agent, and no second way to make one.
      createConnection: () => socket,
      method: outgoing.method,
      path: outgoing.path,
      headers: { ...outgoing.headers },
      setHost: false,
      maxHeaderSize: 64 * 1024,
      insecureHTTPParser: false
    })
  } catch {
    return undefined
  }
}
