import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { refuseInput } from "../../validation/RefuseInput.ts"
import * as AtOnce from "../AtOnce.ts"
import type { InvalidInput } from "../DeviceError.ts"
import * as ByteBuffer from "./ByteBuffer.ts"
import { StreamedBody } from "./StreamedBody.ts"

export interface EncodedBody {
  readonly bytes: Uint8Array
  /** `contentType` is set only where the bytes decide it, as a multipart boundary does. */
  readonly contentType: string | undefined
  readonly transfer?: StreamedBody | undefined
}

/**
 * `bufferBody` gives the same request with a body that is in memory, of at most `limit` bytes; at once where it is there
 * already. To be done before anything is waited for or taken: a stream or a file of a script may itself need the slot
 * that its request would hold, and hang for ever.
 */
export const bufferBody = (
  request: HttpClientRequest.HttpClientRequest,
  limit: number
): AtOnce.AtOnce<HttpClientRequest.HttpClientRequest, InvalidInput> => {
  const { body } = request
  const isRead =
    body._tag === "Empty" ||
    body._tag === "Uint8Array" ||
    (body._tag === "Raw" && !(body.body instanceof FormData || body.body instanceof Blob))
  if (isRead) return request
  return AtOnce.map(encodeBody(body, limit), ({ bytes, contentType }) =>
    // By `raw`, which leaves the content-type alone where the bytes do not decide it.
    HttpClientRequest.setBody(request, HttpBody.raw(bytes, { contentType }))
  )
}

/**
 * `encodeBody` gives a request's body as bytes, at once where it is in memory. Streams are read to their end before a
 * connection is taken, so that a slow source holds none, its failure leaves nothing half sent, and the length is exact. At
 * most `limit` bytes.
 */
export const encodeBody = (
  body: HttpBody.HttpBody,
  limit: number
): AtOnce.AtOnce<EncodedBody, InvalidInput> => {
  switch (body._tag) {
    case "Empty":
      return encoded(new Uint8Array())
    case "Uint8Array":
      return encoded(body.body)
    case "Raw":
      return raw(body.body, body.contentType)
    case "FormData":
      return encodeWeb(body.formData)
    case "Stream":
      return Effect.map(collect(body.stream, limit), encoded)
  }
}

const encoded = (bytes: Uint8Array): EncodedBody => ({ bytes, contentType: undefined })

const raw = (body: unknown, contentType: string | undefined): AtOnce.AtOnce<EncodedBody, InvalidInput> => {
  if (body === undefined || body === null) return encoded(new Uint8Array())
  if (typeof body === "string") return encoded(new TextEncoder().encode(body))
  if (body instanceof Uint8Array) return encoded(body)
  if (body instanceof ArrayBuffer) return encoded(new Uint8Array(body))
  if (body instanceof StreamedBody) return { bytes: new Uint8Array(), contentType, transfer: body }
  if (body instanceof URLSearchParams) {
    return {
      bytes: new TextEncoder().encode(body.toString()),
      contentType: contentType ?? "application/x-www-form-urlencoded"
    }
  }
  if (body instanceof FormData) return encodeWeb(body)
  if (body instanceof Blob) {
    return Effect.map(encodeWeb(body), ({ bytes }) => ({
      bytes,
      contentType: contentType ?? (body.type === "" ? undefined : body.type)
    }))
  }
  return refuseInput(
    "body",
    "it cannot be sent as it is; give text, bytes, a form or a blob, and JSON by HttpBody.json."
  )
}

// The runtime's own encoder: it draws the boundary and reads the files.
const encodeWeb = (body: FormData | Blob): Effect.Effect<EncodedBody, InvalidInput> =>
  Effect.tryPromise({
    try: async () => {
      const encoded = new Response(body)
      // First, since Bun forgets it once the body is read.
      const contentType = encoded.headers.get("content-type") ?? undefined
      return { bytes: new Uint8Array(await encoded.arrayBuffer()), contentType }
    },
    catch: () =>
      refuseInput("body", "a file of the form cannot be read; see that it is still there and may be read.")
  })

const collect = (
  stream: Stream.Stream<Uint8Array, unknown>,
  limit: number
): Effect.Effect<Uint8Array, InvalidInput> =>
  Effect.suspend(() => {
    const collected = ByteBuffer.make()
    return stream.pipe(
      Stream.mapError(() =>
        refuseInput(
          "body",
          "the stream failed before its end, and nothing was sent; give one that can be read to its end."
        )
      ),
      Stream.runForEach((chunk) => {
        // The types say so too; a script in JavaScript has none, and of a text as many zeros would be sent.
        if (!(chunk instanceof Uint8Array)) {
          return refuseInput("body", "the stream gives what is no bytes; encode it, as by Stream.encodeText.")
        }
        collected.add(chunk)
        return collected.size() > limit
          ? refuseInput(
              "body",
              `the stream has more than ${limit} bytes; give less, or raise the target's maxBodyBytes.`
            )
          : Effect.void
      }),
      Effect.map(collected.take)
    )
  })
