import { setImmediate } from "node:timers"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { InvalidInput, ProtocolViolation, TrustRefused, type WireError } from "../DeviceError.ts"
import type { Flight } from "../Flight.ts"
import type { Late } from "../LateAnswer.ts"
import { lostAnswer } from "../LostAnswer.ts"
import * as Proxy from "../Proxy.ts"
import { failureCode } from "../SystemErrorCode.ts"
import type { Target } from "../Target.ts"
import { isLateRefusal } from "../tls/Handshake.ts"
import * as ByteBuffer from "./ByteBuffer.ts"
import type { Connection, Used } from "./Connections.ts"
import type { Request } from "./Request.ts"
import * as RequestWriter from "./RequestWriter.ts"
import { type Response, tooLarge } from "./Response.ts"
import * as ResponseHead from "./ResponseHead.ts"
import * as ResponseReader from "./ResponseReader.ts"
import type { BodySink } from "./StreamedBody.ts"
import * as WriteQueue from "./WriteQueue.ts"

/** `Download` is an answer on its way into its sink. */
interface Download {
  readonly sink: BodySink
  readonly queue: WriteQueue.WriteQueue
}

/** `Reading` says how an answer is read. */
export interface Reading {
  /** `maxBodyBytes` is how long its body may be. */
  readonly maxBodyBytes: number
  /** `maxHeadBytes` is how long its status line and headers may be, those of interim answers included. */
  readonly maxHeadBytes: number
  /** `partly` is told what was read of one that is not whole, before the failure. */
  readonly partly: ((read: Response) => void) | undefined
  /** `late` is told of the response time-out, which then does not end it, where it has not begun by then. */
  readonly late: Late | undefined
  /** `flight` is told when the request leaves. */
  readonly flight: Flight | undefined
}

/**
 * `exchange` sends a request on a connection and reads its whole answer. Redirects are not followed. The target's
 * response time-out runs from here to the answer's last byte, on a real timer; where a body comes from somewhere or goes
 * somewhere piece by piece, it runs anew with each piece.
 *
 * An answer that is not whole is a failure, however it ends.
 *
 * After a failure or an interruption the connection is of no use any more; destroying it is the caller's.
 */
export const exchange = (
  target: Target,
  connection: Connection,
  request: Request,
  { flight, late, maxBodyBytes, maxHeadBytes, partly }: Reading
): Effect.Effect<Used<Response>, WireError> =>
  Effect.async((resume) => {
    const { deadline, isTruncated, listen, socket } = connection
    const { transfer } = request
    // Something was read.
    let hasReceived = false
    let head: ResponseHead.ResponseHead | undefined
    let body = ByteBuffer.make()
    /** `into` is where this answer goes, where it does not stay in memory. */
    let into: Download | undefined
    let writtenBytes = 0

    const reader = ResponseReader.make(request.method, maxHeadBytes, {
      head: (read, framing) => {
        head = read
        const { headers, status } = read
        into = status === 200 ? download : undefined
        if (into !== undefined) {
          if ((headers["content-encoding"] ?? "identity") !== "identity")
            return "the answer has a content-encoding that was not asked for"
          const { begin } = into.sink
          into.queue.enqueue(0, () => begin({ status, headers }))
        }
        if (framing._tag !== "Length") return undefined
        if (into === undefined) body = ByteBuffer.make(framing.bytes)
        return tooMuch(framing.bytes)
      },
      body: (bytes) => {
        const refused = tooMuch(writtenBytes + body.size() + bytes.length)
        if (refused === undefined) body.add(bytes)
        return refused
      }
    })

    const tooMuch = (bytes: number) => {
      if (into === undefined) return bytes > maxBodyBytes ? tooLarge(maxBodyBytes) : undefined
      const { maxBytes } = into.sink
      return bytes > maxBytes
        ? `the answer is larger than ${maxBytes} bytes (the download's maxBytes)`
        : undefined
    }
    const download: Download | undefined = transfer?.sink && {
      sink: transfer.sink,
      queue: WriteQueue.make({
        full: () => socket.pause(),
        room: () => {
          restartTimer()
          if (!over) socket.resume()
        },
        failed: (error) => {
          if (!over) fail(writeFailure(error))
        }
      })
    }
    const handOn = () => {
      if (into === undefined || body.size() === 0) return
      const piece = body.take()
      const { write } = into.sink
      writtenBytes += piece.length
      into.queue.enqueue(piece.length, () => write(piece))
    }

    let over = false
    const startTimer = () =>
      deadline.set(Duration.toMillis(target.responseTimeout), true, () => {
        // Of an answer that has begun, what came is salvaged.
        if (late === undefined || hasReceived) return lost("Timeout")
        late.told(lostAnswer(target, "Timeout"))
        deadline.set(late.millis, true, () => lost("Timeout"))
      })
    startTimer()
    const restartTimer = () => {
      if (!over && transfer !== undefined) startTimer()
    }
    const detach = () => {
      over = true
      deadline.clear()
      writing.stop()
      listen(undefined)
    }
    const fail = (error: WireError) => {
      detach()
      // What goes on coming is nobody's any more.
      socket.destroy()
      const read = head ?? ResponseHead.readPartial(reader.headLines())
      if (read !== undefined) partly?.({ status: read.status, headers: read.headers, body: body.take() })
      // Another attempt goes into the same file.
      if (into === undefined) resume(error)
      else into.queue.stop().then(() => resume(error))
    }
    const lost = (reason: string) => fail(lostAnswer(target, reason))
    const onReadResult = (reading: ResponseReader.ReadResult) => {
      if (reading._tag === "Bad") {
        const { operation } = request
        fail(new ProtocolViolation({ targetName: target.name, operation, detail: reading.detail }))
      } else if (reading._tag === "Whole") {
        detach()
        const { headers, status } = head as ResponseHead.ResponseHead // an answer without head is not whole
        // After an answer that came before the last byte of the request, the rest of it is still in the way. And nobody
        // listens to the connection while the last bytes go into a file.
        const reusable = reading.keeps && writing.isFlushed() && into === undefined
        const whole = { received: { status, headers, body: body.take() }, reusable }
        if (into === undefined) {
          if (reusable || !reading.keeps) resume(Effect.succeed(whole))
          // That the last byte has left Node may tell a turn of the event loop later: an answer can be faster.
          else setImmediate(() => resume(Effect.succeed({ ...whole, reusable: writing.isFlushed() })))
        } else {
          into.queue.settled().then(
            () => resume(Effect.succeed(whole)),
            (error: unknown) => resume(writeFailure(error))
          )
        }
      }
      return reading._tag
    }

    const onData = (bytes: Uint8Array) => {
      hasReceived = true
      restartTimer()
      const reading = reader.push(bytes)
      if (reading._tag !== "Bad") handOn()
      onReadResult(reading)
    }
    const onEnd = () => {
      if (onReadResult(reader.end()) === "More") lost("ECONNRESET")
    }
    const onClose = () => lost("ECONNRESET")
    const onError = (error: unknown) => {
      const reason = failureCode(error)
      if (isLateRefusal(reason) && !hasReceived && !connection.reused) {
        const { certificate } = connection
        fail(
          new TrustRefused({
            targetName: target.name,
            reason: "Handshake",
            certificate,
            ...Proxy.named(target)
          })
        )
      } else lost(isTruncated() ? "ECONNRESET" : reason)
    }
    listen({ data: onData, end: onEnd, error: onError, close: onClose })

    if (flight !== undefined) flight.stage = "Sent"
    const writing = RequestWriter.writeRequest(socket, request, {
      progress: restartTimer,
      broken: () => fail(refuseInput("body", bodyChanged))
    })
    // Where nothing goes into a file the end of the connection is enough: a finalizer would hold all of this, even where
    // it never runs, and V8 keep it for long.
    if (transfer === undefined) return undefined
    return Effect.promise(async () => {
      detach()
      await download?.queue.stop()
    })
  })

const bodyChanged =
  "the file was changed, or could not be read, while it was sent. The device has not got all of it: send it again once nobody writes to it."

const writeFailure = (error: unknown): InvalidInput =>
  error instanceof InvalidInput
    ? error
    : refuseInput("file", "what the device sends cannot be written to it.")
