import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { Certificate, InvalidInput, Trust } from "sallyport"
import { mint } from "../certificates.ts"

const refused = (make: () => unknown): InvalidInput => {
  try {
    make()
  } catch (error) {
    if (error instanceof InvalidInput) return error
    throw error
  }
  throw new Error("it was accepted")
}

const hex = "0123456789abcdef".repeat(4)

describe("a pin", () => {
  it.each([
    ["as the library shows it", Certificate.fingerprint(hex)],
    ["in lower case without colons", hex],
    ["in capitals", hex.toUpperCase()],
    ["in groups", hex.replace(/.{8}/g, "$& ")],
    ["with white space round it", `\t ${hex}\r\n`],
    ["over two lines, as a terminal breaks it", `${hex.slice(0, 32)}\n  ${hex.slice(32)}`],
    ["as openssl prints it", `SHA256 Fingerprint=${Certificate.fingerprint(hex)}\n`],
    ["as newer openssl prints it", `sha256 Fingerprint=${Certificate.fingerprint(hex)}`],
    ["as browsers label it", `SHA-256 Fingerprint: ${Certificate.fingerprint(hex)}`],
    ["with its algorithm", `sha256:${hex}`]
  ])("is the same %s", (_, given) => {
    expect(Trust.pin(given)).toEqual({ _tag: "Pin", sha256: [hex] })
  })

  it("may be one of several, of which each must be good", () => {
    const other = "f".repeat(64)
    expect(Trust.pin(hex, other)).toEqual({ _tag: "Pin", sha256: [hex, other] })
    expect(refused(() => Trust.pin(hex, "f".repeat(63))).field).toBe("Trust.pin")
  })

  it.each([
    ["nothing", []],
    ["empty text", [""]],
    ["a SHA-1", ["ab".repeat(20)]],
    ["a digit too few", [hex.slice(1)]],
    ["a digit too many", [`${hex}0`]],
    ["other letters", ["xy".repeat(32)]],
    ["Base64", [Buffer.from(hex, "hex").toString("base64")]]
  ])("is refused when it is %s", (_, given) => {
    const error = refused(() => Trust.pin(...given))
    expect(error.field).toBe("Trust.pin")
    expect(error.message).toContain("SHA-256 fingerprint")
  })

  it("is 64 hex digits or refused, whatever is given", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F: ]{0,100}$/)), (given) => {
        try {
          const trust = Trust.pin(given)
          expect(trust._tag === "Pin" && trust.sha256).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput)
        }
      })
    )
  })
})

describe("a CA", () => {
  it.effect("is every certificate in the text, whatever stands between them", () =>
    Effect.gen(function* () {
      const [one, two] = yield* Effect.all([mint(), mint({ isCa: true })])
      const text = `# the branch\r\n${one.cert}\nSubject: x\n${two.cert}`
      const trust = Trust.ca(text)
      expect(trust._tag === "Ca" && trust.pem.map((pem) => pem.trim())).toEqual([
        one.cert.trim(),
        two.cert.trim()
      ])
      expect(Trust.ca(one.cert.replaceAll("\n", "\r\n"))._tag).toBe("Ca")
    })
  )

  it.effect("is refused when any of it cannot be read, and the text is not repeated", () =>
    Effect.gen(function* () {
      const { cert, key } = yield* mint()
      for (const text of [
        "",
        "/etc/ssl/ca.pem",
        key,
        cert.replace("BEGIN CERTIFICATE", "BEGIN X"),
        cert.slice(0, cert.length / 2),
        "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----",
        `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`
      ]) {
        const error = refused(() => Trust.ca(text))
        expect(error.field).toBe("Trust.ca")
        expect(error.value).toBeUndefined()
      }
    })
  )
})
