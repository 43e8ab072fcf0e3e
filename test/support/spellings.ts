import { Buffer } from "node:buffer"

const each = (secret: string, spell: (letter: string) => string): string => [...secret].map(spell).join("")
const units = (secret: string, spell: (code: number) => string): string =>
  secret
    .split("")
    .map((unit) => spell(unit.charCodeAt(0)))
    .join("")
const bytes = (secret: string, spell: (byte: number) => string, encoding: BufferEncoding = "utf8"): string =>
  [...Buffer.from(secret, encoding)].map(spell).join("")
const two = (byte: number) => byte.toString(16).padStart(2, "0")
const four = (unit: number) => unit.toString(16).padStart(4, "0")
const json = (secret: string) => JSON.stringify(secret).slice(1, -1)
const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "/": "&#x2F;",
  é: "&eacute;",
  ß: "&szlig;",
  "€": "&euro;"
}
const html = (secret: string) => each(secret, (letter) => named[letter] ?? letter)

/** The spellings in which a device, a proxy or a framework may repeat what it got. */
export const spellings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  "in capitals": (secret) => secret.toUpperCase(),
  "in JSON": json,
  "in JSON within JSON": (secret) => json(json(secret)),
  "in JSON with escaped slashes": (secret) => json(secret).replaceAll("/", "\\/"),
  "in JSON that is safe in HTML": (secret) =>
    json(secret).replace(/[<>&'=+]/g, (letter) => `\\u${four(letter.charCodeAt(0))}`),
  "in JSON, each letter by its number": (secret) => units(secret, (code) => `\\u${four(code)}`),
  "in JSON, each letter by its number, in capitals": (secret) =>
    units(secret, (code) => `\\u${four(code).toUpperCase()}`),
  "in a URL": encodeURIComponent,
  "in a URL in small letters": (secret) =>
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  "in a URL, each byte by its number": (secret) => bytes(secret, (byte) => `%${two(byte)}`),
  "in a URL of Latin-1": (secret) => bytes(secret.replaceAll("€", "?"), (byte) => `%${two(byte)}`, "latin1"),
  "in a URL within a URL": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "in a form": (secret) => new URLSearchParams({ password: secret }).toString(),
  "in HTML": html,
  "in a URL within HTML": (secret) => html(encodeURIComponent(secret).replaceAll("%2F", "/")),
  "in HTML within a URL": (secret) => encodeURIComponent(html(secret)),
  "in HTML within HTML": (secret) => html(html(secret)),
  "in HTML within JSON": (secret) => json(html(secret)),
  "in HTML, each letter by its number": (secret) => each(secret, (letter) => `&#${letter.codePointAt(0)};`),
  "in HTML, each letter by its padded number": (secret) =>
    each(secret, (letter) => `&#0${letter.codePointAt(0)};`),
  "in HTML, each letter in hex": (secret) =>
    each(secret, (letter) => `&#x${letter.codePointAt(0)?.toString(16)};`),
  "in HTML, each letter in capital hex": (secret) =>
    each(secret, (letter) => `&#X${letter.codePointAt(0)?.toString(16).toUpperCase()};`),
  "as a program prints bytes": (secret) => bytes(secret, (byte) => `\\x${two(byte)}`),
  "as a shell prints bytes": (secret) => bytes(secret, (byte) => `\\${byte.toString(8).padStart(3, "0")}`),
  "as mail": (secret) => bytes(secret, (byte) => `=${two(byte).toUpperCase()}`),
  "in hex": (secret) => bytes(secret, two),
  "in capital hex": (secret) => bytes(secret, two).toUpperCase(),
  "in hex with colons": (secret) => bytes(secret, (byte) => `${two(byte)}:`).slice(0, -1),
  "in hex of Latin-1": (secret) => bytes(secret.replaceAll("€", "?"), two, "latin1"),
  "as a list of bytes": (secret) => JSON.stringify([...Buffer.from(secret)]),
  "as bytes that JSON prints": (secret) => JSON.stringify(new Uint8Array(Buffer.from(secret))),
  "in Base64": (secret) => Buffer.from(secret, "utf8").toString("base64"),
  "in Base64 of Latin-1": (secret) => Buffer.from(secret.replaceAll("€", "?"), "latin1").toString("base64"),
  "in Base64 of UTF-16": (secret) => Buffer.from(secret, "utf16le").toString("base64"),
  "in a URL's Base64": (secret) => Buffer.from(secret, "utf8").toString("base64url"),
  "in Base64 within a URL": (secret) => encodeURIComponent(Buffer.from(secret, "utf8").toString("base64")),
  "in Base64 of Base64": (secret) =>
    Buffer.from(Buffer.from(secret, "utf8").toString("base64")).toString("base64"),
  "in Base64 of JSON": (secret) => Buffer.from(JSON.stringify({ password: secret })).toString("base64"),
  "in broken lines of Base64": (secret) =>
    Buffer.from(`{"user":"api","password":"${secret}"}`).toString("base64").replace(/.{20}/g, "$&\r\n"),
  "in Base64 behind a name": (secret) => `token-${Buffer.from(secret, "utf8").toString("base64")}`,
  "in Basic credentials": (secret) => Buffer.from(`api:${secret}`, "utf8").toString("base64"),
  "in a longer Base64": (secret) =>
    Buffer.from(`{"user":"api","password":"${secret}"}`, "utf8").toString("base64")
}
