import { Buffer } from "node:buffer"

/** `ResponseHead` is the head of an answer: its status line and its headers. */
export interface ResponseHead {
  readonly status: number
  /** `minor` is that of HTTP/1: 0 or 1. */
  readonly minor: number
  /** `headers` have names in lower case; the values of a repeated one are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
}

/** `Framing` says how many bytes follow a head: so many, what the chunks say, or all until TLS is ended. */
export type Framing =
  | { readonly _tag: "Length"; readonly bytes: number }
  | { readonly _tag: "Chunked" }
  | { readonly _tag: "UntilEnd" }

/** `maxBytes` is far more than a head has, but for that of a login. */
export const maxBytes = 64 * 1024

const headerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\u0020-\u007e\u0080-\u00ff]*$/

const nameOf = (line: string): string => line.slice(0, line.indexOf(":")).toLowerCase()

/** `isTrailer` says whether a line may stand behind the last chunk: a header that frames nothing. */
export const isTrailer = (line: Uint8Array): boolean => {
  const text = latin1(line)
  return headerLine.test(text) && !["content-length", "transfer-encoding"].includes(nameOf(text))
}

/**
 * `read` reads a head, line by line, without its line breaks. A text is what is wrong with it; it holds none of its
 * bytes.
 */
export const read = (lines: ReadonlyArray<Uint8Array>): ResponseHead | string => readLines(lines.map(latin1))

/**
 * `readAtOnce` reads the head that begins at `at`, where it is there as a whole, of at most so many bytes and lines, and
 * nothing is wrong with it. `end` is where its empty line ends.
 */
export const readAtOnce = (
  given: Uint8Array,
  at: number,
  { maxBytes, maxLines }: { readonly maxBytes: number; readonly maxLines: number }
): { readonly head: ResponseHead; readonly end: number } | undefined => {
  const bytes = asBuffer(given)
  const last = bytes.indexOf(emptyLine, at)
  const end = last + emptyLine.length
  if (last < 0 || end - at > maxBytes) return undefined
  const lines = bytes.toString("latin1", at, last).split("\r\n")
  const head = lines.length > maxLines ? undefined : readLines(lines)
  return typeof head === "object" ? { head, end } : undefined
}

const emptyLine = "\r\n\r\n"

const readLines = ([first = "", ...rest]: ReadonlyArray<string>): ResponseHead | string => {
  const line = /^HTTP\/1\.([01]) (\d{3})(?: [\t\u0020-\u007e\u0080-\u00ff]*)?$/.exec(first)
  if (line === null) return "its status line cannot be read"
  const headers: Record<string, string> = {}
  for (const text of rest.some(isFolded) ? unfolded(rest) : rest) {
    if (!headerLine.test(text)) return "one of its headers cannot be read"
    const name = nameOf(text)
    const value = withoutOuterBlanks(text, name.length + 1)
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else put(headers, name, Object.hasOwn(headers, name) ? `${before}, ${value}` : value)
  }
  return { status: Number(line[2]), minor: Number(line[1]), headers }
}

/** `isFolded` says whether a line goes on with the header before it. */
const isFolded = (line: string): boolean => isBlank(line, 0)

/** `unfolded` has a header that goes on in the next line in one (RFC 9112, 5.2). */
const unfolded = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const whole: Array<string> = []
  for (const line of lines) {
    if (isFolded(line) && whole.length > 0) whole.push(`${whole.pop() ?? ""} ${withoutOuterBlanks(line, 0)}`)
    else whole.push(line)
  }
  return whole
}

// By assignment `__proto__` would be the prototype.
const put = (headers: Record<string, string>, name: string, value: string): void => {
  Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true })
}

/** `readPartial` gives what can be read of a head that was not read to its end: its whole lines. */
export const readPartial = (lines: ReadonlyArray<Uint8Array>): ResponseHead | undefined => {
  const [first, ...rest] = lines
  if (first === undefined) return undefined
  const good = rest.filter((line) => typeof read([first, line]) !== "string")
  const head = read([first, ...good])
  return typeof head === "string" ? undefined : head
}

/**
 * `framingOf` finds where the body ends (RFC 9112, 6.3). What could be read in two ways is wrong: two lengths that differ,
 * a length beside chunks, an encoding of the transfer that was not asked for.
 */
export const framingOf = (head: ResponseHead, method: string): Framing | string => {
  const { headers, minor, status } = head
  const length = soleLength(headers["content-length"])
  const encoding = appliedEncoding(headers["transfer-encoding"])
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return "its content-length is no number"
  if (length !== undefined && encoding !== undefined) return "it has both a length and chunks"
  if (hasNoBody(status, method)) return { _tag: "Length", bytes: 0 }
  if (encoding !== undefined) {
    return minor === 1 && encoding.toLowerCase() === "chunked"
      ? { _tag: "Chunked" }
      : "its transfer-encoding is none that was asked for"
  }
  return length === undefined ? { _tag: "UntilEnd" } : { _tag: "Length", bytes: Number(length) }
}

/** `soleLength` gives a length that was said several times over as one (RFC 9112, 6.3). */
const soleLength = (length: string | undefined): string | undefined => {
  const [first, ...others] = length?.split(/[\t ]*,[\t ]*/) ?? []
  return others.every((other) => other === first) ? first : length
}

// "identity" is that there is none (RFC 2616, 3.6), as servers of its time say.
const appliedEncoding = (encoding: string | undefined): string | undefined =>
  encoding?.toLowerCase() === "identity" ? undefined : encoding

/** `keepsConnection` says whether another request can be sent behind this answer. */
export const keepsConnection = ({ headers, minor, status }: ResponseHead, framing: Framing): boolean => {
  const isClosing = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(headers.connection ?? "")
  if (minor !== 1 || framing._tag === "UntilEnd" || isClosing) return false
  // A body that the status rules out may follow all the same, and would be taken for the next answer.
  const isEmpty = status === 204 || status === 304
  return (
    !isEmpty || (headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0)
  )
}

// Blanks and tabs alone stand around a value (RFC 9110, 5.5): the white space of JavaScript has more, and some of it are
// bytes that a value may end with.
const withoutOuterBlanks = (line: string, from: number): string => {
  let start = from
  let end = line.length
  while (start < end && isBlank(line, start)) start += 1
  while (end > start && isBlank(line, end - 1)) end -= 1
  return line.slice(start, end)
}

const isBlank = (text: string, at: number): boolean => text[at] === " " || text[at] === "\t"

// The answer to a HEAD names the length of a body that does not follow.
const hasNoBody = (status: number, method: string): boolean =>
  method === "HEAD" || status < 200 || status === 204 || status === 304

const latin1 = (bytes: Uint8Array): string => asBuffer(bytes).toString("latin1")

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
