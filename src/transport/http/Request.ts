import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import { refuseInput } from "../../validation/RefuseInput.ts"
import * as AtOnce from "../AtOnce.ts"
import { InvalidInput } from "../DeviceError.ts"
import * as RequestPath from "../RequestPath.ts"
import { isRead } from "../Retry.ts"
import { redact } from "../redaction/Redaction.ts"
import type { Target } from "../Target.ts"
import { type EncodedBody, encodeBody } from "./RequestBody.ts"
import type { StreamedBody } from "./StreamedBody.ts"

/** `Request` is a request that was checked: it can go to its target, and nowhere else. */
export interface Request {
  readonly method: string
  /** `path` is path and query, as they are sent. */
  readonly path: string
  /** `pathname` is the path alone: what may be shown. */
  readonly pathname: string
  /** `operation` is method and path, for errors and spans. Never the query, which may hold a secret. */
  readonly operation: string
  /** `head` are the request line and the headers, as they are sent. */
  readonly head: string
  readonly body: Uint8Array
  /** `transfer` stands in place of a body in memory, or of an answer in memory. */
  readonly transfer: StreamedBody | undefined
  /** `isWrite` says that it may change something, so it must not be lost on a dying connection. */
  readonly isWrite: boolean
}

/**
 * `toRequest` checks a request and reads its body, at once where that is in memory. Fails with `InvalidInput`; nothing
 * has been sent then.
 */
export const toRequest = (
  target: Target,
  request: HttpClientRequest
): AtOnce.AtOnce<Request, InvalidInput> => {
  const method = methodOf(request)
  if (method instanceof InvalidInput) return Effect.fail(method)
  const url = urlOf(target, request)
  if (url instanceof InvalidInput) return Effect.fail(url)
  const headers = headersOf(target, request)
  if (headers instanceof InvalidInput) return Effect.fail(headers)
  return AtOnce.map(encodeBody(request.body, target.maxBodyBytes), (body) => {
    const path = `${url.pathname}${url.search}`
    addTransportHeaders(headers, url, method, body)
    return {
      method,
      path,
      pathname: url.pathname,
      operation: `${method} ${url.pathname.slice(0, 300)}`,
      head: headOf(method, path, headers),
      body: body.bytes,
      transfer: body.transfer,
      isWrite: !isRead(method)
    }
  })
}

const headOf = (method: string, path: string, headers: ReadonlyMap<string, string>): string => {
  let head = `${method} ${path} HTTP/1.1\r\n`
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`
  return `${head}\r\n`
}

const addTransportHeaders = (
  headers: Map<string, string>,
  { host }: SentUrl,
  method: string,
  { bytes, contentType, transfer }: EncodedBody
): void => {
  headers.set("host", host)
  headers.set("connection", "keep-alive")
  // What goes into a file goes there as it comes.
  headers.set("accept-encoding", transfer?.sink === undefined ? "gzip" : "identity")
  const length = transfer?.source?.size ?? bytes.length
  // A blank POST, such as an FMC's token operations, has to say that it is blank.
  if (length > 0 || !isRead(method)) headers.set("content-length", String(length))
  if (contentType !== undefined) headers.set("content-type", contentType)
}

const methodOf = ({ method }: HttpClientRequest): string | InvalidInput =>
  /^[A-Z]{1,20}$/.test(method) && !["CONNECT", "TRACE"].includes(method)
    ? method
    : refuseInput(
        "method",
        "this is no method of requests; give one such as GET or POST, in capital letters."
      )

/** `SentUrl` is what is used of a URL. */
type SentUrl = Pick<URL, "host" | "pathname" | "search">

/**
 * `plain` is a path, with its query, that nobody can read in two ways, and in which nothing is encoded: most are. It
 * needs no parser, which takes longer than all other checks.
 */
const plain = /^((?:\/[\w~-][\w.~-]*)+)(\?[\w.~:;=&%,+*()!$@/?-]+)?$/

const urlOf = (target: Target, request: HttpClientRequest): SentUrl | InvalidInput => {
  // The types say that it is text; a script in JavaScript has none.
  const [, path, query = ""] = (typeof request.url === "string" && plain.exec(request.url)) || []
  if (path === undefined) return parsedUrlOf(target, request)
  const host = target.origin.slice("https://".length)
  return { host, pathname: `${target.basePath}${path}`, search: withParams(query, request) }
}

/**
 * `withParams` puts the parameters of a request beside the query that is there; not through `searchParams` of a URL,
 * which would rewrite it.
 */
const withParams = (search: string, { urlParams }: HttpClientRequest): string => {
  if (urlParams.length === 0) return search
  const more = new URLSearchParams(urlParams.map(([name, value]): [string, string] => [name, value]))
  return search === "" ? `?${more}` : `${search}&${more}`
}

const parsedUrlOf = (target: Target, request: HttpClientRequest): SentUrl | InvalidInput => {
  const refuse = (sentence: string) => refuseInput("url", sentence)
  const given = request.url
  const base = `${target.origin}${target.basePath}`
  // The types say so too; a script in JavaScript has none.
  if (typeof given !== "string") return refuse("it is no text; give a path such as /api/x.")
  const [beforeQuery = ""] = given.split(/[?#]/, 1)
  // A URL parser drops the ones and turns the others into slashes: what is read is not what is sent.
  if (/[\u0000-\u001f\u007f-\u009f]/.test(given) || given.trim() !== given || beforeQuery.includes("\\"))
    return refuse(
      "it has control characters, white space round it or a backslash; take them out, or encode them (%20, %5C)."
    )
  // A parser resolves dots without a word, and so does a server that decodes first.
  const fault = RequestPath.fault(request.method, given)
  if (fault !== undefined) return refuse(fault)
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(given)
  if (absolute ? !/^https:\/\/[^/?#@]+([/?#]|$)/i.test(given) : /^(\/\/|@|:)/.test(given))
    return refuse(
      `it is no path of this device; give a path such as /api/x, or a URL that begins with ${base}/.`
    )
  let url: URL
  try {
    url = new URL(absolute ? given : `${base}/${given.replace(/^\//, "")}`)
  } catch {
    return refuse("it is no URL; give a path such as /api/x.")
  }
  if (url.origin !== target.origin || !`${url.pathname}/`.startsWith(`${target.basePath}/`))
    return refuse(`it leads elsewhere, and requests never leave their target; give a path on ${base}/.`)
  const { host, pathname, search } = url
  return { host, pathname, search: withParams(search, request) }
}

// What frames a request, names its destination or speaks to the next hop is the transport's to say.
const reserved = new Set([
  "host",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "te",
  "trailer",
  "trailers",
  "upgrade",
  "http2-settings",
  "expect"
])

// Some servers take one for the other.
const isReserved = (name: string): boolean => {
  const hyphened = name.replaceAll("_", "-")
  return reserved.has(hyphened) || hyphened.startsWith("proxy-")
}

// `@effect/platform` sets it along with a body, and leaves it there when the body is replaced. It is always that of the
// bytes that are sent, so what was said is not looked at.
const isLength = (name: string): boolean => name.replaceAll("_", "-") === "content-length"

/** `sendable` are names that were found to be good, a few: most requests have the same. */
const sendable = new Set<string>()
const maxSendable = 100

const headersOf = (target: Target, request: HttpClientRequest): Map<string, string> | InvalidInput => {
  const headers = new Map([["user-agent", target.userAgent]])
  for (const [given, value] of Object.entries<unknown>(request.headers)) {
    const name = given.toLowerCase()
    if (!sendable.has(name)) {
      if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
        return refuseHeader(name, "this is no name of a header; use letters, digits and hyphens.")
      if (isLength(name)) continue
      if (isReserved(name)) return refuseHeader(name, "the transport sets it; leave it out.")
      if (sendable.size < maxSendable) sendable.add(name)
    }
    // The value is not shown: it may be a token.
    if (typeof value !== "string" || !/^[\t\u0020-\u007e]*$/.test(value))
      return refuseHeader(
        name,
        "its value cannot be sent; give text of ASCII characters, without line breaks and other control characters."
      )
    headers.set(name, value)
  }
  return headers
}

const refuseHeader = (name: string, sentence: string): InvalidInput =>
  refuseInput(`header ${redact(name).slice(0, 60)}`, sentence)
