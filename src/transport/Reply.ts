import * as Cookies from "@effect/platform/Cookies"
import * as Headers from "@effect/platform/Headers"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

/** `Reply` is a whole answer of a device, read to its end, unzipped and bounded. What plugins judge. */
export interface Reply {
  readonly status: number
  /** `headers` have their names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** `isOk` says whether the status is a 2xx. */
export const isOk = ({ status }: Pick<Reply, "status">): boolean => status >= 200 && status < 300

/** `text` gives the body as text, without a byte order mark. Bytes that are not UTF-8 become replacement characters. */
export const text = (reply: Reply): string => decoder.decode(reply.body)

/**
 * `maxJsonBytes` is the most JSON that is parsed for the library's own use, in bytes: answers to token operations,
 * error envelopes, lists of versions or domains. None of them comes near; what parses takes many times its size in
 * memory.
 */
export const maxJsonBytes = 1024 * 1024

/**
 * `json` gives the body as JSON, or `undefined` where it is none, or larger than `maxBytes`. How deep it is nested is
 * not bounded: read it by its shape, and never with `String` or another recursion.
 */
export const json = (reply: Reply, maxBytes = maxJsonBytes): unknown => {
  if (reply.body.length > maxBytes) return undefined
  try {
    return JSON.parse(text(reply))
  } catch {
    return undefined
  }
}

/**
 * `isTokenText` says whether a device's text can be a token: what a header can carry back to it, printable ASCII
 * without spaces, at most 16 KiB. Two headers in one, or a line break, make a session that can neither be used nor
 * logged out.
 */
export const isTokenText = (text: string): boolean => /^[!-~]{1,16384}$/.test(text)

// The Fetch standard allows these no body.
const bodiless = new Set([204, 205, 304])

// In the platform's words.
const description = "can not create stream from empty body"

/** `decoder` keeps nothing from one answer to the next. */
const decoder = new TextDecoder()

// Beside the responses, not in them: whatever prints one does not come here.
const replies = new WeakMap<HttpClientResponse.HttpClientResponse, Reply>()

/**
 * `toResponse` gives the answer as `@effect/platform` has it, to the request that may be shown: one without a token. It
 * is a view: bytes are copied for whoever asks for bytes, and all of it can be read again and again. Printed, it shows
 * no body, which may hold a secret. What it can be read as is made for whoever reads it.
 */
export const toResponse = (
  given: Reply,
  request: HttpClientRequest
): HttpClientResponse.HttpClientResponse => {
  const { status } = given
  const reply = bodiless.has(status) ? { ...given, body: new Uint8Array(0) } : given
  const headers = Headers.fromInput(reply.headers)
  const remoteAddress = Option.none<string>()
  const undecodable = (cause: unknown) =>
    new HttpClientError.ResponseError({ request, response, reason: "Decode", cause })
  const parsed = <A>(parse: (text: string) => A) =>
    Effect.try({ try: () => parse(text(reply)), catch: undecodable })

  const response: HttpClientResponse.HttpClientResponse = {
    ...Inspectable.BaseProto,
    toJSON: () => ({
      _id: "@effect/platform/HttpClientResponse",
      request: request.toJSON(),
      status,
      headers: Inspectable.redact(headers),
      remoteAddress: remoteAddress.toJSON()
    }),
    [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId,
    [HttpClientResponse.TypeId]: HttpClientResponse.TypeId,
    request,
    status,
    headers,
    remoteAddress,
    get cookies() {
      return Cookies.fromSetCookie(headers["set-cookie"] ?? [])
    },
    get text() {
      return parsed((text) => text)
    },
    get json() {
      return parsed((text) => (text === "" ? null : JSON.parse(text)))
    },
    get urlParamsBody() {
      return parsed((text) => UrlParams.fromInput(new URLSearchParams(text)))
    },
    get formData() {
      return Effect.tryPromise({
        try: () => new Response(new Uint8Array(reply.body), { headers }).formData(),
        catch: undecodable
      })
    },
    get arrayBuffer() {
      return Effect.sync(() => new Uint8Array(reply.body).buffer)
    },
    get stream() {
      return bodiless.has(status)
        ? Stream.fail(
            new HttpClientError.ResponseError({ request, response, reason: "EmptyBody", description })
          )
        : Stream.sync(() => new Uint8Array(reply.body))
    }
  }
  replies.set(response, reply)
  return response
}

/** `fromResponse` gives the answer that a response is a view on. One that a script put in its place is read. */
export const fromResponse = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Reply> =>
  Effect.suspend(() => {
    const known = replies.get(response)
    if (known !== undefined) return Effect.succeed(known)
    const { headers, status } = response
    return response.arrayBuffer.pipe(
      Effect.map((buffer) => new Uint8Array(buffer)),
      // A web response gives its bytes once; of one that was read before, the text is left.
      Effect.orElse(() => Effect.map(response.text, (text) => new TextEncoder().encode(text))),
      Effect.orElseSucceed(() => new Uint8Array(0)),
      Effect.map((body) => ({ status, headers, body }))
    )
  })
