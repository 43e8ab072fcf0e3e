import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"

/** `Reply` is a whole answer of a device, read to its end, unzipped and bounded. What plugins judge. */
export interface Reply {
  readonly status: number
  /** `headers` have their names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** `text` gives the body as text. Bytes that are not UTF-8 become replacement characters. */
export const text = (reply: Reply): string => new TextDecoder().decode(reply.body)

/**
 * `maxJsonBytes` is the most JSON that is parsed for the library's own use, in bytes: answers to token operations,
 * error envelopes, lists of versions or domains. None of them comes near; what parses takes many times its size in
 * memory.
 */
export const maxJsonBytes = 1024 * 1024

/**
 * `json` gives the body as JSON, or `undefined` where it is none, or larger than 1 MiB. How deep it is nested is not
 * bounded: read it by its shape, and never with `String` or another recursion.
 */
export const json = (reply: Reply): unknown => {
  if (reply.body.length > maxJsonBytes) return undefined
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

/**
 * `toResponse` gives the answer as `@effect/platform` has it, to the request that may be shown: one without a token.
 */
export const toResponse = (reply: Reply, shown: HttpClientRequest): HttpClientResponse.HttpClientResponse =>
  HttpClientResponse.fromWeb(
    shown,
    new Response(bodiless.has(reply.status) ? null : new Uint8Array(reply.body), {
      status: reply.status,
      headers: { ...reply.headers }
    })
  )
