import * as ByteBuffer from "./ByteBuffer.ts"
import * as ResponseHead from "./ResponseHead.ts"

/** `Handlers` are what is done with an answer as it comes. */
export interface Handlers {
  /** `head` takes its head. A text is what is wrong with it, and ends the reading. */
  readonly head: (head: ResponseHead.ResponseHead, framing: ResponseHead.Framing) => string | undefined
  /** `body` takes some bytes of its body, which are not kept here. A text ends the reading. */
  readonly body: (bytes: Uint8Array) => string | undefined
}

/** `ReadResult` is how far the reading has come. */
export type ReadResult =
  | { readonly _tag: "More" }
  /** It is whole. `keeps`: the connection can carry another request; nothing stands behind the answer. */
  | { readonly _tag: "Whole"; readonly keeps: boolean }
  /** `detail` says what is wrong with it, in words that hold none of its bytes. */
  | { readonly _tag: "Bad"; readonly detail: string }

/**
 * `ResponseReader` reads one answer of HTTP/1.1 from the bytes of a connection, however they are cut up. Own code,
 * since the parsers of `node:http` are three: one has no bound for the extension of a chunk, one allocates for each
 * chunk, and none shows the head that was too large.
 *
 * It holds a line at a time. All that frames a body is bounded: `maxHeadBytes` for the interim answers and the head
 * together, as much again for trailers, and 16 KiB for the extensions of all chunks.
 */
export interface ResponseReader {
  readonly push: (bytes: Uint8Array) => ReadResult
  /** `end` is called when the other side has ended TLS, and says whether the answer is whole by that. */
  readonly end: () => ReadResult
  /** `headLines` gives the lines of the head that were read, whole or not. */
  readonly headLines: () => ReadonlyArray<Uint8Array>
}

const maxExtensionBytes = 16 * 1024
const maxHeaders = 5000
const lineFeed = 10
const carriageReturn = 13

const more: ReadResult = { _tag: "More" }
const bad = (detail: string): ReadResult => ({ _tag: "Bad", detail })
const invalid = (why: string): ReadResult => bad(`the answer is not valid HTTP: ${why}`)

export const make = (method: string, maxHeadBytes: number, handlers: Handlers): ResponseReader => {
  const line = ByteBuffer.make()
  let lines: Array<Uint8Array> = []
  let phase: "head" | "length" | "untilEnd" | "size" | "chunk" | "chunkEnd" | "trailers" | "over" = "head"
  /** `left` is what is left of the length, or of the chunk. */
  let left = 0
  let headLeft = maxHeadBytes
  let trailersLeft = maxHeadBytes
  let extensionsLeft = maxExtensionBytes
  let keeps = false

  const readHead = (): ReadResult => {
    const head = ResponseHead.read(lines)
    return typeof head === "string" ? invalid(head) : onHead(head)
  }

  /** `readHeadAtOnce` reads a whole head that begins at `at`. Tells where it ends, and how it went. */
  const readHeadAtOnce = (bytes: Uint8Array, at: number): readonly [number, ReadResult] | undefined => {
    if (lines.length > 0 || line.size() > 0) return undefined
    const read = ResponseHead.readAtOnce(bytes, at, { maxBytes: headLeft, maxLines: maxHeaders })
    if (read === undefined) return undefined
    headLeft -= read.end - at
    return [read.end, onHead(read.head)]
  }

  const onHead = (head: ResponseHead.ResponseHead): ReadResult => {
    if (head.status === 101) return bad("the answer changes the protocol, which nobody asked for")
    if (head.status < 100 || head.status > 599)
      return bad(`the answer has status ${head.status}, which HTTP does not know`)
    const framing = ResponseHead.framingOf(head, method)
    if (typeof framing === "string") return invalid(framing)
    lines = []
    if (head.status < 200) return more
    keeps = ResponseHead.keepsConnection(head, framing)
    const refused = handlers.head(head, framing)
    if (refused !== undefined) return bad(refused)
    left = framing._tag === "Length" ? framing.bytes : 0
    phase = framing._tag === "Chunked" ? "size" : framing._tag === "Length" ? "length" : "untilEnd"
    return phase === "length" && left === 0 ? whole() : more
  }

  const whole = (): ReadResult => {
    phase = "over"
    return { _tag: "Whole", keeps }
  }

  /** `onLine` takes a line, without its line break. */
  const onLine = (text: Uint8Array): ReadResult => {
    switch (phase) {
      case "head":
        // Before a status line, an empty one is passed over (RFC 9112, 2.2).
        if (text.length > 0) lines.push(text)
        if (lines.length > maxHeaders) return bad(`the answer has more than ${maxHeaders} headers`)
        return text.length === 0 && lines.length > 0 ? readHead() : more
      case "size": {
        const size = /^([0-9a-f]{1,12})[\t ]*(;.*)?$/i.exec(String.fromCharCode(...text.subarray(0, 64)))
        if (size === null) return invalid("one of its chunks has no size")
        left = Number.parseInt(size[1] ?? "", 16)
        phase = left === 0 ? "trailers" : "chunk"
        return more
      }
      case "chunkEnd":
        phase = "size"
        return text.length === 0 ? more : invalid("one of its chunks does not end where it says")
      default:
        // Trailers are read and left: none of what devices say stands there.
        if (text.length === 0) return whole()
        return ResponseHead.isTrailer(text) ? more : invalid("one of its trailers cannot be read")
    }
  }

  /** `count` counts what frames: a text, once there is too much of it. */
  const count = (bytes: number, total: number): string | undefined => {
    if (phase === "head") {
      headLeft -= bytes
      return headLeft < 0 ? `the answer has more than ${maxHeadBytes} bytes of headers` : undefined
    }
    if (phase === "trailers") {
      trailersLeft -= bytes
      return trailersLeft < 0 ? `the answer has more than ${maxHeadBytes} bytes of trailers` : undefined
    }
    // What is longer than a size of a chunk can be is its extension.
    if (total > 16) extensionsLeft -= Math.min(bytes, total - 16)
    return extensionsLeft < 0
      ? `the answer has more than ${maxExtensionBytes} bytes between its chunks`
      : undefined
  }

  const push = (bytes: Uint8Array): ReadResult => {
    let at = 0
    while (at < bytes.length) {
      if (phase === "over") {
        // Nobody asked for what stands behind an answer.
        return { _tag: "Whole", keeps: false }
      }
      if (phase === "length" || phase === "chunk" || phase === "untilEnd") {
        const piece = phase === "untilEnd" ? bytes.subarray(at) : bytes.subarray(at, at + left)
        at += piece.length
        const refused = handlers.body(piece)
        if (refused !== undefined) return bad(refused)
        if (phase === "untilEnd") continue
        left -= piece.length
        if (left > 0) continue
        if (phase === "chunk") {
          phase = "chunkEnd"
          continue
        }
        const done = whole()
        if (at === bytes.length) return done
        continue
      }
      const atOnce = phase === "head" ? readHeadAtOnce(bytes, at) : undefined
      if (atOnce !== undefined) {
        const [end, reading] = atOnce
        at = end
        if (reading._tag === "Bad" || (reading._tag === "Whole" && at === bytes.length)) return reading
        continue
      }
      const feed = bytes.indexOf(lineFeed, at)
      const piece = bytes.subarray(at, feed < 0 ? bytes.length : feed + 1)
      at += piece.length
      const tooMuch = count(piece.length, line.size() + piece.length)
      if (tooMuch !== undefined) return bad(tooMuch)
      if (feed < 0) {
        line.add(piece)
        continue
      }
      let text = piece
      if (line.size() > 0) {
        line.add(piece)
        text = line.take()
      } else if (phase === "head") {
        // Not a view: it would hold all that came with it.
        text = piece.slice()
      }
      if (text.at(-2) !== carriageReturn) return invalid("one of its lines does not end with CR and LF")
      const reading = onLine(text.subarray(0, -2))
      if (reading._tag === "Bad") return reading
      if (reading._tag === "Whole" && at === bytes.length) return reading
    }
    return more
  }

  return {
    push,
    end: () => (phase === "untilEnd" ? whole() : more),
    headLines: () => lines
  }
}
