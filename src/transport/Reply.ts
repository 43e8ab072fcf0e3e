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
import * as Needed from "../validation/Needed.ts"

/** `Reply` is a whole answer of a device, read to its end, unzipped and bounded. What plugins judge. */
export interface Reply {
  readonly status: number
  /** `headers` have their names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** `isOk` says whether the status is a 2xx. */
export const isOk = (reply: Pick<Reply, "status">): boolean => {
  Needed.object("reply", reply)
  return reply.status >= 200 && reply.status < 300
}

/** `text` gives the body as text, without a byte order mark. Bytes that are not UTF-8 become replacement characters. */
export const text = (reply: Reply): string => {
  Needed.reply("reply", reply)
  return decoder.decode(reply.body)
}

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
  Needed.reply("reply", reply)
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
export const isTokenText = (text: string): boolean =>
  typeof text === "string" && /^[!-~]{1,16384}$/.test(text)

// The Fetch standard allows these no body.
const bodiless = new Set([204, 205, 304])

// In the platform's words.
const description = "can not create stream from empty body"

/** `decoder` keeps nothing from one answer to the next. */
const decoder = new TextDecoder()

/**
 * `toResponse` gives the answer as `@effect/platform` has it, to the request that may be shown: one without a token. It
 * is a view: bytes are copied for whoever asks for bytes, and all of it can be read again and again. Printed, it shows
 * no body, which may hold a secret. What it can be read as is made for whoever reads it.
 */
export const toResponse = (
  given: Reply,
  request: HttpClientRequest
): HttpClientResponse.HttpClientResponse => {
  Needed.reply("reply", given)
  return new ReplyView(given, request)
}

/** `fromResponse` gives the answer that a response is a view on. One that a script put in its place is read. */
export const fromResponse = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Reply> => {
  Needed.object("response", response, "an HttpClientResponse")
  const known = ReplyView.replyOf(response)
  if (known !== undefined) return Effect.succeed(known)
  const { headers, status } = response
  Needed.effect("response.arrayBuffer", response.arrayBuffer)
  return response.arrayBuffer.pipe(
    Effect.map((buffer) => new Uint8Array(buffer)),
    // A web response gives its bytes once; of one that was read before, the text is left.
    Effect.orElse(() => Effect.map(response.text, (text) => new TextEncoder().encode(text))),
    Effect.orElseSucceed(() => new Uint8Array(0)),
    Effect.map((body) => ({ status, headers, body }))
  )
}

/** `ReplyView` is a response with its reply behind it, where nothing that prints it comes. */
class ReplyView extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request
  readonly status
  readonly headers
  readonly cookies
  readonly remoteAddress = Option.none<string>()
  // Of its own, each of them: of a copy that a script makes, with another status perhaps, all can be read, too.
  readonly text: HttpClientResponse.HttpClientResponse["text"]
  readonly json: HttpClientResponse.HttpClientResponse["json"]
  readonly urlParamsBody: HttpClientResponse.HttpClientResponse["urlParamsBody"]
  readonly formData: HttpClientResponse.HttpClientResponse["formData"]
  readonly arrayBuffer: HttpClientResponse.HttpClientResponse["arrayBuffer"]
  readonly stream: HttpClientResponse.HttpClientResponse["stream"]
  readonly #reply: Reply

  static replyOf(response: HttpClientResponse.HttpClientResponse): Reply | undefined {
    return #reply in response ? response.#reply : undefined
  }

  constructor(given: Reply, request: HttpClientRequest) {
    super()
    const { status } = given
    const isBodiless = bodiless.has(status)
    const reply = isBodiless ? { ...given, body: new Uint8Array(0) } : given
    const headers = Headers.fromInput(reply.headers)
    const cookies = headers["set-cookie"]
    const undecodable = (cause: unknown) =>
      new HttpClientError.ResponseError({ request, response: this, reason: "Decode", cause })
    const parsed = <A>(parse: (text: string) => A) =>
      Effect.try({ try: () => parse(text(reply)), catch: undecodable })

    this.request = request
    this.status = status
    this.headers = headers
    this.cookies = cookies === undefined ? Cookies.empty : Cookies.fromSetCookie(cookies)
    this.text = parsed((text) => text)
    this.json = parsed((text): unknown => (text === "" ? null : JSON.parse(text)))
    this.urlParamsBody = parsed((text) => UrlParams.fromInput(new URLSearchParams(text)))
    this.formData = Effect.suspend(() =>
      Effect.tryPromise({
        try: () => new Response(new Uint8Array(reply.body), { headers }).formData(),
        catch: undecodable
      })
    )
    this.arrayBuffer = Effect.sync(() => new Uint8Array(reply.body).buffer)
    this.stream = Stream.suspend(() =>
      isBodiless
        ? Stream.fail(
            new HttpClientError.ResponseError({ request, response: this, reason: "EmptyBody", description })
          )
        : Stream.make(new Uint8Array(reply.body))
    )
    this.#reply = reply
  }

  toJSON() {
    return {
      _id: "@effect/platform/HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status,
      headers: Inspectable.redact(this.headers),
      remoteAddress: this.remoteAddress.toJSON()
    }
  }
}
