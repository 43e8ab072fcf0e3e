import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { YAMLError } from "yaml"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as InventoryFile from "./InventoryFile.ts"
import * as Nesting from "./Nesting.ts"
import * as Source from "./Source.ts"
import * as YamlLines from "./YamlLines.ts"

/**
 * `parse` reads YAML, or JSON, which is YAML too, with the lines at which its parts stand. Fails with `InvalidInput`,
 * which never shows what stands in the file.
 */
export const parse = (path: string, text: string): Effect.Effect<Source.Source, InvalidInput> =>
  Effect.gen(function* () {
    const file = InventoryFile.nameOf(path)
    const language = /\.json$/i.test(path) ? "JSON" : "YAML"
    const yaml = yield* Effect.tryPromise({
      try: () => import("yaml"),
      catch: () => {
        const message = `${file}: inventories in YAML and JSON are read by the package yaml, which is missing: npm i yaml@^2.9`
        return new InvalidInput({ field: "yaml", message })
      }
    })
    const tooDeep = new InvalidInput({
      field: "inventory",
      message: `${file}: this is nested too deep to be read; an inventory has a few levels.`
    })
    if (Nesting.isNestedTooDeep(text)) return yield* Effect.fail(tooDeep)
    const lineCounter = new yaml.LineCounter()
    const document = yield* Effect.try({
      // By itself it compares each name with each other one: 28,000 devices take a minute.
      try: () =>
        yaml.parseDocument(text, {
          lineCounter,
          uniqueKeys: false,
          merge: true,
          prettyErrors: false,
          logLevel: "error"
        }),
      // Its recursion has an end.
      catch: () => tooDeep
    })
    const lineOf = (at: number) => lineCounter.linePos(at).line
    const faults = [...document.errors, ...document.warnings].map((error) => ({
      path: [],
      place: `${file}:${lineOf(error.pos[0])}`,
      sentence: sentenceOf(error, language)
    }))
    if (faults.length > 0) return yield* Source.refused(faults, () => undefined)
    if (language === "JSON" && !isValidJson(text))
      return yield* new InvalidInput({
        field: "inventory",
        message: `${file}: this is no JSON: comments, or commas before a closing bracket, are not in it.`
      })
    const { faults: unfit, lines } = YamlLines.read(yaml, document.contents, lineOf)
    const placeOf = Source.placesByLine(file, lines)
    if (unfit.length > 0)
      return yield* Source.refused(
        unfit.map(({ line, ...fault }) => ({ ...fault, place: `${file}:${line}` })),
        placeOf
      )
    const data: unknown = yield* Effect.try({
      try: () => document.toJS({ maxAliasCount }),
      catch: () =>
        new InvalidInput({
          field: "inventory",
          message: `${file}: the aliases in this file stand for too much, or what is merged into an object (<<) is none.`
        })
    })
    return { data, isText: false, folder: dirname(resolve(path)), placeOf }
  })

// Each of 50,000 devices may have one or two; aliases of aliases make billions of a few lines.
const maxAliasCount = 100_000

const isValidJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// The parser's own words may quote the file.
const sentenceOf = ({ code }: YAMLError, language: string): string =>
  sentences[code] ??
  `this is no ${language}; look for a bracket, a quotation mark or a colon that is missing or too much, here or in the line before.`

const sentences: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT: "the indentation does not fit what stands above it.",
  MULTIPLE_DOCS: "a second document begins here; an inventory is one.",
  TAB_AS_INDENT: "a tab indents this line; YAML takes spaces only.",
  TAG_RESOLVE_FAILED: "the tag of this value means nothing here; write the value alone."
}
