import { Buffer } from "node:buffer"
import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import * as DeviceWords from "sallyport/DeviceWords"

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

const spellings: Readonly<Record<string, (secret: string) => string>> = {
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
  "in a URL of Latin-1": (secret) => bytes(secret.replaceAll("€", "e"), (byte) => `%${two(byte)}`, "latin1"),
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
  "as mail": (secret) => bytes(secret, (byte) => `=${two(byte).toUpperCase()}`),
  "in hex": (secret) => bytes(secret, two),
  "in capital hex": (secret) => bytes(secret, two).toUpperCase(),
  "in hex with colons": (secret) => bytes(secret, (byte) => `${two(byte)}:`).slice(0, -1),
  "in hex of Latin-1": (secret) => bytes(secret.replaceAll("€", "e"), two, "latin1"),
  "as a list of bytes": (secret) => JSON.stringify([...Buffer.from(secret)]),
  "as bytes that JSON prints": (secret) => JSON.stringify(new Uint8Array(Buffer.from(secret))),
  "in Base64": (secret) => Buffer.from(secret, "utf8").toString("base64"),
  "in Base64 of Latin-1": (secret) => Buffer.from(secret.replaceAll("€", "e"), "latin1").toString("base64"),
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

/** Long enough to be a secret, of letters that no other word here has. */
const secrets = fc.string({ unit: fc.constantFrom(...'QXZ019:"\\%/ +é€ß&='), minLength: 6, maxLength: 40 })
const words = fc.string({ unit: "grapheme", maxLength: 60 })

describe("a device's words", () => {
  it.each(Object.entries(spellings))("hold no secret that stands %s in them", (what, spell) => {
    // What Latin-1 cannot say is another secret there.
    const own = (secret: string) => (what.includes("Latin-1") ? secret.replaceAll("€", "e") : secret)
    fc.assert(
      fc.property(secrets.map(own), words, words, (secret, before, after) => {
        const said = DeviceWords.safe(`${before}<${spell(secret)}>${after}`, [Redacted.make(secret)])
        fc.pre(!`${before}${after}`.toLowerCase().includes(secret.toLowerCase()))
        expect(said.includes(spell(secret))).toBe(false)
        expect(said).toContain("***")
      }),
      { numRuns: 40 }
    )
  })

  it("take no more than seconds, whatever a device says and however long its tokens are", () => {
    const token = "a".repeat(3000)
    const base64 = (text: string) => Buffer.from(text).toString("base64")
    const said = [
      "a".repeat(100_000),
      "%61".repeat(50_000),
      "&#97;".repeat(50_000),
      "\\".repeat(100_000),
      base64(base64(base64("ab".repeat(50_000)))),
      "0x".repeat(50_000),
      "61 ".repeat(50_000),
      "%25".repeat(50_000),
      `${"a".repeat(2999)}b`.repeat(50)
    ]
    for (const words of said) {
      const begin = performance.now()
      expect(DeviceWords.safe(words, [Redacted.make(token), Redacted.make("aaaab")]).length).toBeLessThan(301)
      expect(performance.now() - begin).toBeLessThan(5000)
    }
  })

  it("hold none of several secrets, of which one may be part of another", () => {
    const all = ["token-abc", "token-abc-refresh"].map((secret) => Redacted.make(secret))
    expect(DeviceWords.safe("token-abc-refresh and token-abc", all)).toBe("*** and ***")
    expect(DeviceWords.safe("token-abc-refresh and token-abc", all.reverse())).toBe("*** and ***")
  })

  it("hold no secret of which cutting would leave a part", () => {
    const secret = "S".repeat(50)
    const said = DeviceWords.safe(`${"x".repeat(280)}${secret}`, [Redacted.make(secret)])
    expect(said).toBe(`${"x".repeat(280)}***`)
  })

  it("hold no part of a long token that is repeated often, wherever they are bounded", () => {
    const token = Array.from({ length: 250 }, (_, at) => at.toString(36).padStart(4, "Q")).join("")
    for (const many of [1, 9, 10, 100]) {
      for (const gap of ["", " ", ", and "]) {
        const said = DeviceWords.safe(`${token}${gap}`.repeat(many), [Redacted.make(token)])
        expect([many, gap, /Q/.test(said)]).toEqual([many, gap, false])
      }
    }
  })

  it("hold nothing that moves a terminal's cursor, changes its colour or turns its text", () => {
    expect(DeviceWords.safe("red \u001b[31malert\u0007\r\nnext\tline\u202eevil\u2066")).toBe(
      "red  [31malert next line evil"
    )
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
        expect(DeviceWords.safe(given)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      })
    )
  })

  it("hold no line or paragraph separator, nor the mark that turns Arabic text", () => {
    expect(DeviceWords.safe("a\u2028b\u2029c\u061cd")).toBe("a b c d")
  })

  it("are made safe beside a secret that is half a letter", () => {
    expect(DeviceWords.safe("it says \ud800abc", [Redacted.make("\ud800abc")])).toBe("it says ***")
  })

  it("are at most 300 characters, and say that they were cut", () => {
    expect(DeviceWords.safe("x".repeat(300))).toBe("x".repeat(300))
    expect(DeviceWords.safe("x".repeat(301))).toBe(`${"x".repeat(299)}…`)
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), secrets, (given, secret) => {
        expect(DeviceWords.safe(given, [Redacted.make(secret)]).length).toBeLessThanOrEqual(300)
      })
    )
  })

  it("are left as they are where there is nothing to hide, and a secret of two letters garbles nothing", () => {
    expect(DeviceWords.safe("Invalid name: “Straße 5”")).toBe("Invalid name: “Straße 5”")
    expect(DeviceWords.safe("an answer", [Redacted.make(""), Redacted.make("an")])).toBe("an answer")
  })
})
