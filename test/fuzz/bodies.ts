// JSON, headers and tokens gone wrong in every way that came to mind, for fast-check.
import { Buffer } from "node:buffer"
import { gzipSync } from "node:zlib"
import * as fc from "fast-check"

/** What stands where a token should be, around one that could be recognized. */
export const oddToken = (good: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      "",
      " ",
      `${good}, ${good}`,
      `${good} ${good}`,
      `${good}\r\nx-injected: y`,
      `${good}\n`,
      `${good}\u0000`,
      `\u001b[31m${good}`,
      `${good}\u00e9`,
      `${good}ключ`,
      `\ud800${good}`,
      `${good}\u202e`,
      "null",
      "undefined",
      good.repeat(2000),
      good.repeat(60_000).slice(0, 1_200_000)
    ),
    fc.string({ unit: "binary", maxLength: 40 }).map((text) => `${good}${text}`),
    fc.string({ maxLength: 40 })
  )

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}${close.repeat(depth)}`

/** JSON text of a value that nobody expects. */
export const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "null",
    "true",
    "-5",
    "0",
    "1e308",
    "1e300",
    "-1e308",
    "1e999",
    "0.0000001",
    '"1800"',
    '"1e300"',
    '"NaN"',
    '"Infinity"',
    '"-1"',
    '""',
    "[]",
    "{}",
    '{"toString":1,"valueOf":1}',
    '{"toString":null}',
    '{"__proto__":{"access_token":"x","length":3}}',
    '[{"__proto__":null}]',
    '["v99999999999999999999"]',
    JSON.stringify(Array.from({ length: 150_000 }, () => "v1")),
    nested("[", "]", 50_000),
    `[${nested("[", "]", 50_000)}]`,
    `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
    `[{"description":"${"d".repeat(900_000)}"}]`,
    JSON.stringify(Array.from({ length: 30_000 }, (_, at) => ({ description: `words ${at}` })))
  ),
  fc.jsonValue().map((value) => JSON.stringify(value))
)

/** An object with these fields, each of which may be missing, doubled, or another. */
export const oddObject = (fields: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> => {
  const entries = Object.entries(fields).map(([name, good]) =>
    fc
      .tuple(fc.constantFrom("good", "good", "odd", "gone", "double"), good, oddJson)
      .map(([fate, usual, odd]): ReadonlyArray<string> => {
        const pair = (value: string) => `${JSON.stringify(name)}:${value}`
        if (fate === "gone") return []
        if (fate === "double") return [pair(usual), pair(odd)]
        return [pair(fate === "odd" ? odd : usual)]
      })
  )
  return fc
    .tuple(fc.constantFrom("", '"__proto__":{"access_token":"x"},', '"constructor":1,'), ...entries)
    .map(([first, ...pairs]) => `{${first}${pairs.flat().join(",")}}`.replace(",}", "}"))
}

const large = Buffer.alloc(2 * 1024 * 1024, 0x20)

/** A body with this text: in another charset, zipped, cut off, or in the middle of nothing. */
export const encoded = (
  text: fc.Arbitrary<string>
): fc.Arbitrary<{ readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }> =>
  fc
    .tuple(text, fc.constantFrom("plain", "plain", "plain", "other"), fc.nat(20))
    .map(([json, fate, kind]) => {
      const utf8 = Buffer.from(json, "utf8")
      const as = (body: Uint8Array, type: string, more: Readonly<Record<string, string>> = {}) => ({
        body,
        headers: { "content-type": type, ...more }
      })
      if (fate === "plain") return as(utf8, "application/json")
      switch (kind % 11) {
        case 0:
          return as(Buffer.from(json, "utf16le"), "application/json; charset=utf-16")
        case 1:
          return as(Buffer.from(`\ufeff${json}`, "utf16le"), "application/json")
        case 2:
          return as(Buffer.from(json, "latin1"), "application/json; charset=iso-8859-1")
        case 3:
          return as(Buffer.from(`\ufeff${json}`, "utf8"), "application/json; charset=nonsense")
        case 4:
          return as(utf8.subarray(0, utf8.length >> 1), "application/json")
        case 5:
          return as(Buffer.concat([utf8, utf8]), "application/json")
        case 6:
          return as(Buffer.concat([utf8, large]), "application/json")
        case 7:
          return as(gzipSync(utf8), "application/json", { "content-encoding": "gzip" })
        case 8:
          return as(gzipSync(Buffer.concat([utf8, large])), "application/json", {
            "content-encoding": "gzip"
          })
        case 9:
          return as(Buffer.from(`<html>${json}</html>`), "text/html")
        default:
          return as(new Uint8Array(), "application/json")
      }
    })
