import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { Reply } from "../Reply.ts"

/** `BodySink` is where the body of an answer goes that is not to be in memory as a whole: one of status 200. */
export interface BodySink {
  /** `begin` begins with a new answer: what an earlier attempt has left is thrown away. */
  readonly begin: (head: Omit<Reply, "body">) => Promise<void>
  /** `write` takes the next bytes. No more is read from the device before it is done. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** `maxBytes` is the greatest number of bytes of the body; what is larger is `ProtocolViolation`. */
  readonly maxBytes: number
}

/**
 * `BodySource` is where the body of a request comes from that is not to be in memory as a whole. It can be read again
 * and again.
 */
export interface BodySource {
  /** `size` is exactly how many bytes there are. */
  readonly size: number
  readonly read: () => AsyncIterable<Uint8Array>
}

/**
 * `StreamedBody` is what a request carries in place of a body in memory. Its source and its sink are the library's own,
 * not a script's: they are used while the request holds its permit.
 */
export class StreamedBody {
  readonly sink: BodySink | undefined
  readonly source: BodySource | undefined
  constructor(parts: { readonly into?: BodySink; readonly from?: BodySource }) {
    this.sink = parts.into
    this.source = parts.from
  }
}

/**
 * `withStreamedBody` gives the same request, whose body comes `from` somewhere, or whose answer goes `into` something,
 * piece by piece. It keeps its slot of the target's concurrency until its end, is repeated as others are, and has the
 * target's response time-out for each piece, not for the whole. Where the answer's status is 200, the response has no
 * body then.
 */
export const withStreamedBody = (
  request: HttpClientRequest.HttpClientRequest,
  parts: { readonly into?: BodySink; readonly from?: BodySource; readonly contentType?: string }
): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.setBody(
    request,
    // As the body, so that it stays with the request whatever a client changes of its path and headers.
    HttpBody.raw(new StreamedBody(parts), { contentType: parts.contentType })
  )
