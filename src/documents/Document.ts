import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { YAMLError } from "yaml"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { yamlPackage } from "./LatePackage.ts"
import * as Nesting from "./Nesting.ts"
import * as Places from "./Places.ts"
import * as YamlLines from "./YamlLines.ts"

/** `Document` is what a file in YAML or JSON holds. */
export interface Document {
  readonly value: unknown
  /**
   * `lines` are those of its parts. JSON is read without them; where they are asked for, a name that is there twice is
   * `InvalidInput`, and without the package yaml there are none.
   */
  readonly lines: Effect.Effect<Places.Lines, InvalidInput>
}

/**
 * `parseYaml` reads YAML, with anchors, aliases and merged objects. Fails with `InvalidInput`, which tells all that is
 * wrong by its lines, and never shows what stands in the file.
 */
export const parseYaml = (file: string, text: string): Effect.Effect<Document, InvalidInput> =>
  Effect.gen(function* () {
    const yaml = yield* yamlPackage.load(file)
    const { document, lines } = yield* located(yaml, file, text, "YAML")
    const value: unknown = yield* Effect.try({
      try: () => document.toJS({ maxAliasCount }),
      catch: () =>
        Places.refuse(
          file,
          "the aliases in this file stand for too much, or what is merged into an object (<<) is none."
        )
    })
    return { value, lines: Effect.succeed(lines) }
  })

// Each of 50,000 devices of an inventory may have one or two; aliases of aliases make billions of a few lines.
const maxAliasCount = 100_000

/**
 * `parseJson` reads JSON. Fails with `InvalidInput` as `parseYaml` does; lines are told where the package yaml is
 * installed.
 */
export const parseJson = (file: string, text: string): Effect.Effect<Document, InvalidInput> =>
  Effect.gen(function* () {
    if (Nesting.isNestedTooDeep(text)) return yield* tooDeep(file)
    const lines = yield* Effect.cached(
      Effect.flatMap(
        yamlPackage.loaded,
        Option.match({
          onNone: () => Effect.succeed<Places.Lines>(new Map()),
          onSome: (yaml) => Effect.map(located(yaml, file, text, "JSON"), (found) => found.lines)
        })
      )
    )
    const value: unknown = yield* Effect.try((): unknown => JSON.parse(text)).pipe(
      // The line of what is wrong, or at least that it is.
      Effect.catchAll(() => Effect.zipRight(lines, Places.refuse(file, noJson)))
    )
    return { value, lines }
  })

const noJson = "this is no JSON; comments, single quotes, and commas before a closing bracket, are not in it."

type Yaml = Effect.Effect.Success<ReturnType<typeof yamlPackage.load>>
type Language = "YAML" | "JSON"

/** `located` is a document with its lines. */
const located = (yaml: Yaml, file: string, text: string, language: Language) =>
  Effect.gen(function* () {
    if (Nesting.isNestedTooDeep(text)) return yield* tooDeep(file)
    const lineCounter = new yaml.LineCounter()
    const document = yield* Effect.try({
      try: () =>
        yaml.parseDocument(text, {
          lineCounter,
          schema: language === "JSON" ? "json" : "core",
          merge: language === "YAML",
          // By itself it compares each name with each other one: 28,000 devices take a minute.
          uniqueKeys: false,
          // Its words would show what stands there.
          prettyErrors: false,
          logLevel: "error"
        }),
      // Its recursion has an end.
      catch: () => tooDeep(file)
    })
    const lineOf = (at: number) => lineCounter.linePos(at).line
    const faults = [...document.errors, ...document.warnings].map((error) => ({
      path: [],
      place: `${file}:${lineOf(error.pos[0])}`,
      sentence: sentenceOf(error, language)
    }))
    if (faults.length > 0) return yield* Places.refused(faults, () => undefined)
    const { faults: unfit, lines } = YamlLines.read(yaml, document.contents, lineOf)
    if (unfit.length > 0)
      return yield* Places.refused(
        unfit.map(({ line, ...fault }) => ({ ...fault, place: `${file}:${line}` })),
        () => undefined
      )
    return { document, lines }
  })

const tooDeep = (file: string) => Places.refuse(file, "this is nested too deep to be read; a few levels are.")

/** `sentenceOf` says what is wrong: the parser's own words may quote the file. */
const sentenceOf = ({ code }: YAMLError, language: Language): string =>
  (language === "YAML" ? sentences[code] : undefined) ??
  `this is no ${language}; look for a bracket, a quotation mark or a colon that is missing or too much, here or in the line before.`

const sentences: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT: "the indentation does not fit what stands above it.",
  MULTIPLE_DOCS: "a second document begins here; a file holds one.",
  TAB_AS_INDENT: "a tab indents this line; YAML takes spaces only.",
  TAG_RESOLVE_FAILED: "the tag of this value means nothing here; write the value alone."
}
