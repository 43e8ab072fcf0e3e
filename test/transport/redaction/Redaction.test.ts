import { Buffer } from "node:buffer"
import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { Redaction } from "sallyport/plugin"
import { spellings } from "../../support/spellings.ts"

/** Long enough to be a secret, of letters that no other word here has. */
const secrets = fc.string({ unit: fc.constantFrom(...'QXZ019:"\\%/ +é€ß&='), minLength: 6, maxLength: 40 })
const words = fc.string({ unit: "grapheme", maxLength: 60 })

describe("a device's words", () => {
  it.each(Object.entries(spellings))("hold no secret that stands %s in them", (_, spell) => {
    fc.assert(
      fc.property(secrets, words, words, (secret, before, after) => {
        const said = Redaction.redact(`${before}<${spell(secret)}>${after}`, [Redacted.make(secret)])
        fc.pre(!`${before}${after}`.toLowerCase().includes(secret.toLowerCase()))
        expect(said.includes(spell(secret))).toBe(false)
        expect(said).toContain("***")
      }),
      { numRuns: 40 }
    )
  })

  it("hold no secret that has backslashes and percent codes of its own, in any spelling", () => {
    const secret = "Q\\0%19QQQ"
    for (const [name, spell] of Object.entries(spellings)) {
      const said = Redaction.redact(`<${spell(secret)}>`, [Redacted.make(secret)])
      expect([name, said.includes("***")]).toEqual([name, true])
    }
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
      expect(Redaction.redact(words, [Redacted.make(token), Redacted.make("aaaab")]).length).toBeLessThan(301)
      expect(performance.now() - begin).toBeLessThan(5000)
    }
  })

  it("hold none of several secrets, of which one may be part of another", () => {
    const all = ["token-abc", "token-abc-refresh"].map((secret) => Redacted.make(secret))
    expect(Redaction.redact("token-abc-refresh and token-abc", all)).toBe("*** and ***")
    expect(Redaction.redact("token-abc-refresh and token-abc", all.reverse())).toBe("*** and ***")
  })

  it("hold no secret of which cutting would leave a part", () => {
    const secret = "S".repeat(50)
    const said = Redaction.redact(`${"x".repeat(280)}${secret}`, [Redacted.make(secret)])
    expect(said).toBe(`${"x".repeat(280)}***`)
  })

  it("hold no part of a long token that is repeated often, wherever they are bounded", () => {
    const token = Array.from({ length: 250 }, (_, at) => at.toString(36).padStart(4, "Q")).join("")
    for (const many of [1, 9, 10, 100]) {
      for (const gap of ["", " ", ", and "]) {
        const said = Redaction.redact(`${token}${gap}`.repeat(many), [Redacted.make(token)])
        expect([many, gap, /Q/.test(said)]).toEqual([many, gap, false])
      }
    }
  })

  it("hold nothing that moves a terminal's cursor, changes its colour or turns its text", () => {
    expect(Redaction.redact("red \u001b[31malert\u0007\r\nnext\tline\u202eevil\u2066")).toBe(
      "red  [31malert next line evil"
    )
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
        expect(Redaction.redact(given)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      })
    )
  })

  it("hold no line or paragraph separator, nor the mark that turns Arabic text", () => {
    expect(Redaction.redact("a\u2028b\u2029c\u061cd")).toBe("a b c d")
  })

  it("are made safe beside a secret that is half a letter", () => {
    expect(Redaction.redact("it says \ud800abc", [Redacted.make("\ud800abc")])).toBe("it says ***")
  })

  it("are at most 300 characters, and say that they were cut", () => {
    expect(Redaction.redact("x".repeat(300))).toBe("x".repeat(300))
    expect(Redaction.redact("x".repeat(301))).toBe(`${"x".repeat(299)}…`)
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), secrets, (given, secret) => {
        expect(Redaction.redact(given, [Redacted.make(secret)]).length).toBeLessThanOrEqual(300)
      })
    )
  })

  it("are left as they are where there is nothing to hide, and a secret of two letters garbles nothing", () => {
    expect(Redaction.redact("Invalid name: “Straße 5”")).toBe("Invalid name: “Straße 5”")
    expect(Redaction.redact("an answer", [Redacted.make(""), Redacted.make("an")])).toBe("an answer")
  })
})
