import { Buffer } from "node:buffer"
import { clearTimeout, setTimeout } from "node:timers"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as AnswerHead from "./AnswerHead.ts"
import * as AnswerReader from "./AnswerReader.ts"
import * as Collected from "./Collected.ts"
import type { Connection } from "./Connections.ts"
import { DeviceUnreachable, ProtocolViolation, TrustRefused, type WireError } from "./DeviceError.ts"
import { isLateRefusal } from "./Handshake.ts"
import { type Received, tooLarge } from "./Incoming.ts"
import type { Outgoing } from "./Outgoing.ts"
import { reasonOf } from "./Reason.ts"
import type { Target } from "./Target.ts"

/** A whole answer, and whether its connection can carry another request. */
export interface Answered {
  readonly received: Received
  readonly reusable: boolean
}

export interface Bounds {
  /** The most bytes of an answer's body. */
  readonly body: number
  /** The most bytes of its status line and headers, those of interim answers included. */
  readonly head: number
}

/**
 * Sends a request on a connection and reads its whole answer, within `bounds`. Redirects are not followed. The
 * target's response time-out runs from here to the answer's last byte, on a real timer.
 *
 * An answer that is not whole is a failure, however it ends; `partly` is told before it what was read of it.
 *
 * After a failure or an interruption the connection is of no use any more; destroying it is the caller's.
 */
export const exchange = (
  target: Target,
  connection: Connection,
  outgoing: Outgoing,
  bounds: Bounds,
  partly: (read: Received) => void = () => {}
): Effect.Effect<Answered, WireError> =>
  Effect.async((resume) => {
    const { isCut, socket } = connection
    // Something was read.
    let heard = false
    let flushed = false
    let head: AnswerHead.AnswerHead | undefined
    let body = Collected.make()

    const reader = AnswerReader.make(outgoing.method, bounds.head, {
      head: (read, framing) => {
        head = read
        if (framing._tag !== "Length") return undefined
        body = Collected.make(framing.bytes)
        return framing.bytes > bounds.body ? tooLarge(bounds.body) : undefined
      },
      body: (bytes) => {
        if (body.size() + bytes.length > bounds.body) return tooLarge(bounds.body)
        body.add(bytes)
        return undefined
      }
    })

    const leave = () => {
      clearTimeout(timer)
      socket.off("data", onData)
      socket.off("end", onEnd)
      socket.off("error", onError)
      socket.off("close", onClose)
    }
    const fail = (error: WireError) => {
      leave()
      // What goes on coming is nobody's any more.
      socket.destroy()
      const read = head ?? AnswerHead.readPart(reader.headLines())
      if (read !== undefined) partly({ status: read.status, rawHeaders: read.rawHeaders, body: body.take() })
      resume(error)
    }
    const lost = (reason: string) =>
      fail(new DeviceUnreachable({ target: target.name, phase: "Response", reason, sent: "maybe" }))
    const follow = (reading: AnswerReader.Reading) => {
      if (reading._tag === "Bad") {
        const { operation } = outgoing
        fail(new ProtocolViolation({ target: target.name, operation, detail: reading.detail }))
      } else if (reading._tag === "Whole") {
        leave()
        const { rawHeaders, status } = head as AnswerHead.AnswerHead // an answer without head is not whole
        // After an answer that came before the last byte of the request, the rest of it is still in the way.
        const reusable = reading.keeps && flushed
        resume(Effect.succeed({ received: { status, rawHeaders, body: body.take() }, reusable }))
      }
      return reading._tag
    }

    const onData = (bytes: Uint8Array) => {
      heard = true
      follow(reader.push(bytes))
    }
    const onEnd = () => {
      if (follow(reader.end()) === "More") lost("ECONNRESET")
    }
    const onClose = () => lost("ECONNRESET")
    const onError = (error: unknown) => {
      const reason = reasonOf(error)
      if (isLateRefusal(reason) && !heard && !connection.reused) {
        const { certificate } = connection
        fail(new TrustRefused({ target: target.name, reason: "Handshake", certificate }))
      } else lost(isCut() ? "ECONNRESET" : reason)
    }
    const timer = setTimeout(() => lost("Timeout"), Duration.toMillis(target.responseTimeout))
    socket.on("data", onData)
    socket.once("end", onEnd)
    socket.once("error", onError)
    socket.once("close", onClose)

    const done = () => {
      flushed = true
    }
    socket.cork()
    socket.write(outgoing.head, "latin1", outgoing.body.length === 0 ? done : undefined)
    if (outgoing.body.length > 0)
      socket.write(
        Buffer.from(outgoing.body.buffer, outgoing.body.byteOffset, outgoing.body.byteLength),
        done
      )
    socket.uncork()
    return Effect.sync(leave)
  })
