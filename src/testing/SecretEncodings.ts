import { Buffer } from "node:buffer"
import { format, inspect } from "node:util"
import * as Cause from "effect/Cause"

const deep = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null } as const

// What console.log prints with on Bun and Deno: not node:util. By way of `unknown`, since each has types of its own for it.
const { Bun, Deno } = globalThis as unknown as {
  readonly Bun?: { readonly inspect: typeof inspect }
  readonly Deno?: { readonly inspect: typeof inspect }
}
const native = Bun ?? Deno

/** `printedForms` gives a value as a script, a logger or a crash may print it: in each form, by its name. */
export const printedForms = (value: unknown): ReadonlyArray<readonly [string, string]> => {
  const tried: ReadonlyArray<readonly [string, () => unknown]> = [
    ["String", () => String(value)],
    ["console.log", () => format(value)],
    ["util.inspect", () => inspect(value, deep)],
    ["the runtime's own console", () => native?.inspect(value, { depth: 20, showHidden: true })],
    ["JSON.stringify", () => json(value)],
    ["its message", () => (value as Error).message],
    ["its stack", () => (value as Error).stack],
    ["Cause.pretty", () => Cause.pretty(Cause.fail(value), { renderErrorCause: true })],
    ["its fields", () => inspect(Object.entries(Object.getOwnPropertyDescriptors(value as object)), deep)]
  ]
  return tried.flatMap(([form, make]) => {
    try {
      const text = make()
      return typeof text === "string" ? [[form, text] as const] : []
    } catch {
      // A value that cannot be printed in this form tells nothing in it.
      return []
    }
  })
}

const json = (value: unknown): string => {
  const seen = new Set<unknown>()
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return String(part)
    if (typeof part !== "object" || part === null) return part
    if (seen.has(part)) return "seen"
    seen.add(part)
    return part
  })
}

/**
 * `normalize` gives the text to search in: line breaks and the columns of printed bytes aside, both alphabets of Base64
 * as one, bytes in JSON as a list.
 */
export const normalize = (text: string): string =>
  text
    .replace(/\\?"\d+\\?":/g, "")
    .replace(/\s+/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/")

/** `encodings` are what to search for: the ways in which a secret may stand in squeezed text. */
export const encodings = (
  secret: string
): ReadonlyArray<{ readonly needle: string; readonly spelling: string }> => {
  const bytes = Buffer.from(secret)
  const quoted = JSON.stringify(secret).slice(1, -1)
  const inUrl = encodeURIComponent(secret)
  const of = (spelling: string, ...needles: ReadonlyArray<string>) =>
    needles.map((needle) => [normalize(needle), spelling] as const)
  const all = [
    // Of two that look alike the first is told.
    ...of("as it is", secret, quoted, JSON.stringify(quoted).slice(1, -1)),
    ...of(
      "as in a URL",
      inUrl,
      inUrl.replace(/%../g, (code) => code.toLowerCase())
    ),
    ...of("as in a URL, byte by byte", ...bothCases([...bytes].map((byte) => `%${hex(byte, 2)}`).join(""))),
    ...of("as in a form", new URLSearchParams({ "": secret }).toString().slice(1)),
    ...of("as in HTML", html(secret), ...characterReferences(secret)),
    ...of("as in a script", quoted.replace(/[<>&'=+]/g, unit), quoted.replaceAll("/", "\\/")),
    ...of("as in a script, letter by letter", ...bothCases(secret.split("").map(unit).join(""))),
    ...of("as Base64", ...base64(bytes), ...base64(Buffer.from(secret, "latin1"))),
    ...of("as bytes", [...bytes].join(",")),
    ...of("as hex", ...bothCases(bytes.toString("hex")))
  ]
  const spellingOf = new Map(all.reverse())
  return [...spellingOf].map(([needle, spelling]) => ({ needle, spelling }))
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, "0")
const unit = (letter: string): string => `\\u${hex(letter.charCodeAt(0), 4)}`
const bothCases = (text: string): ReadonlyArray<string> => [
  text,
  text.replace(/(?<=%|\\u|\b)[0-9a-f]+/g, (digits) => digits.toUpperCase())
]

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}
const html = (secret: string): string => secret.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)
const characterReferences = (secret: string): ReadonlyArray<string> => {
  const codes = [...secret].map((letter) => letter.codePointAt(0) ?? 0)
  const inHex = codes.map((code) => `&#x${hex(code, 1)};`).join("")
  return [codes.map((code) => `&#${code};`).join(""), inHex, inHex.toUpperCase().replaceAll("X", "x")]
}

const base64 = (bytes: Buffer): ReadonlyArray<string> =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "")
    // The first and the last letter also tell of what stands beside the secret.
    return text.slice([0, 2, 3][shift], (shift + bytes.length) % 3 === 0 ? undefined : -1)
  })
