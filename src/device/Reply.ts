import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"

/** A whole answer of a device, read to its end, unzipped and bounded. What plugins judge. */
export interface Reply {
  readonly status: number
  /** Names in lower case; values of a repeated header are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The body as text. Bytes that are not UTF-8 become replacement characters. */
export const text = (reply: Reply): string => new TextDecoder().decode(reply.body)

/** The body as JSON, or `undefined` where it is none. */
export const json = (reply: Reply): unknown => {
  try {
    return JSON.parse(text(reply))
  } catch {
    return undefined
  }
}

// The Fetch standard allows these no body.
const bodiless = new Set([204, 205, 304])

/** The answer as `@effect/platform` has it, to the request that may be shown: one without a token. */
export const toResponse = (reply: Reply, shown: HttpClientRequest): HttpClientResponse.HttpClientResponse =>
  HttpClientResponse.fromWeb(
    shown,
    new Response(bodiless.has(reply.status) ? null : new Uint8Array(reply.body), {
      status: reply.status,
      headers: { ...reply.headers }
    })
  )
