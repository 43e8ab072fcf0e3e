import { clearTimeout, setTimeout } from "node:timers"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import {
  DeviceUnreachable,
  InvalidInput,
  ProtocolViolation,
  TrustRefused,
  type WireError
} from "../DeviceError.ts"
import { reasonOf } from "../SystemErrorCode.ts"
import type { Target } from "../Target.ts"
import { isLateRefusal } from "../tls/Handshake.ts"
import * as Collected from "./ByteBuffer.ts"
import type { Connection } from "./Connections.ts"
import type { Outgoing } from "./Request.ts"
import * as Writing from "./RequestWriter.ts"
import { headersOf, type Received, tooLarge } from "./Response.ts"
import * as AnswerHead from "./ResponseHead.ts"
import * as AnswerReader from "./ResponseReader.ts"
import type { Into } from "./StreamedBody.ts"
import * as Inlet from "./WriteQueue.ts"

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
 * target's response time-out runs from here to the answer's last byte, on a real timer; where a body comes from
 * somewhere or goes somewhere piece by piece, it runs anew with each piece.
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
    const { transfer } = outgoing
    // Something was read.
    let heard = false
    let head: AnswerHead.AnswerHead | undefined
    let body = Collected.make()
    /** Where this answer goes, and what has gone there of it. */
    let into: Into | undefined
    let gone = 0

    const reader = AnswerReader.make(outgoing.method, bounds.head, {
      head: (read, framing) => {
        head = read
        const { rawHeaders, status } = read
        into = status === 200 ? transfer?.into : undefined
        if (into !== undefined) {
          if ((read.headers.get("content-encoding") ?? "identity") !== "identity")
            return "the answer has a content-encoding that was not asked for"
          const { begin } = into
          inlet.put(0, () => begin({ status, headers: headersOf(rawHeaders) }))
        }
        if (framing._tag !== "Length") return undefined
        if (into === undefined) body = Collected.make(framing.bytes)
        return tooMuch(framing.bytes)
      },
      body: (bytes) => {
        const refused = tooMuch(gone + body.size() + bytes.length)
        if (refused === undefined) body.add(bytes)
        return refused
      }
    })

    const tooMuch = (bytes: number) => {
      if (into === undefined) return bytes > bounds.body ? tooLarge(bounds.body) : undefined
      return bytes > into.maxBytes
        ? `the answer is larger than ${into.maxBytes} bytes (the download's maxBytes)`
        : undefined
    }
    const inlet = Inlet.make({
      full: () => socket.pause(),
      room: () => {
        again()
        if (!over) socket.resume()
      },
      failed: (error) => {
        if (!over) fail(unwritten(error))
      }
    })
    const handOn = () => {
      if (into === undefined || body.size() === 0) return
      const piece = body.take()
      const { write } = into
      gone += piece.length
      inlet.put(piece.length, () => write(piece))
    }

    let over = false
    const startTimer = () => setTimeout(() => lost("Timeout"), Duration.toMillis(target.responseTimeout))
    let timer = startTimer()
    const again = () => {
      if (over || transfer === undefined) return
      clearTimeout(timer)
      timer = startTimer()
    }
    const leave = () => {
      over = true
      clearTimeout(timer)
      writing.stop()
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
      // Another attempt goes into the same file.
      if (into === undefined) resume(error)
      else inlet.stop().then(() => resume(error))
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
        // After an answer that came before the last byte of the request, the rest of it is still in the way. And nobody
        // listens to the connection while the last bytes go into a file.
        const reusable = reading.keeps && writing.isFlushed() && into === undefined
        const whole = { received: { status, rawHeaders, body: body.take() }, reusable }
        if (into === undefined) resume(Effect.succeed(whole))
        else {
          inlet.settled().then(
            () => resume(Effect.succeed(whole)),
            (error: unknown) => resume(unwritten(error))
          )
        }
      }
      return reading._tag
    }

    const onData = (bytes: Uint8Array) => {
      heard = true
      again()
      const reading = reader.push(bytes)
      if (reading._tag !== "Bad") handOn()
      follow(reading)
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
    socket.on("data", onData)
    socket.once("end", onEnd)
    socket.once("error", onError)
    socket.once("close", onClose)

    const writing = Writing.start(socket, outgoing, {
      progress: again,
      broken: () => fail(new InvalidInput({ field: "body", message: changed }))
    })
    return Effect.promise(() => {
      leave()
      return inlet.stop()
    })
  })

const changed =
  "body: the file was changed, or could not be read, while it was sent. The device has not got all of it: send it again once nobody writes to it."

const unwritten = (error: unknown): InvalidInput =>
  error instanceof InvalidInput
    ? error
    : new InvalidInput({ field: "file", message: "file: what the device sends cannot be written to it." })
