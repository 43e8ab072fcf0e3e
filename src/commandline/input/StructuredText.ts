import * as Effect from "effect/Effect"
import * as Nesting from "../../inventory/Nesting.ts"
import { refuse, type WrongUsage } from "../WrongUsage.ts"
import { packaged } from "./LateImport.ts"

/** `StructuredText` is a file of JSON or YAML, as `DataFile` has it. */
export interface StructuredText {
  readonly value: unknown
  readonly placeOf: (path: ReadonlyArray<PropertyKey>) => Effect.Effect<string>
  readonly notices: ReadonlyArray<string>
}

/** `parseYaml` fails with `WrongUsage`, which names the line. */
export const parseYaml = (file: string, text: string): Effect.Effect<StructuredText, WrongUsage> =>
  Effect.gen(function* () {
    const yaml = yield* yamlPackage
    const { document, lineAt } = yield* documentOf(yaml, file, text, "core")
    const [error] = document.errors
    if (error !== undefined)
      return yield* refuse(`${file}:${lineAt(error.pos[0])}: this is no YAML (${error.code}).`)
    // A few lines could else stand for gigabytes.
    const value = yield* Effect.try({
      try: (): unknown => document.toJS({ maxAliasCount: 100 }),
      catch: () => refuse(`${file}: it has more references than are taken.`)
    })
    return { value, notices: [], placeOf: (path) => Effect.succeed(placeIn(file, document, lineAt, path)) }
  })

/** `parseJson` does the same for JSON; lines are told where the package for YAML is installed. */
export const parseJson = (file: string, text: string): Effect.Effect<StructuredText, WrongUsage> =>
  Effect.gen(function* () {
    const plain = text.replace(/^\uFEFF/, "")
    const located = Effect.flatMap(yamlPackage, (yaml) => documentOf(yaml, file, plain, "json"))
    const value = yield* Effect.try((): unknown => JSON.parse(plain)).pipe(
      Effect.catchAll(() =>
        Effect.flatMap(Effect.option(located), (found) => {
          const at = found._tag === "Some" ? found.value.document.errors[0]?.pos[0] : undefined
          const line = found._tag === "Some" && at !== undefined ? `:${found.value.lineAt(at)}` : ""
          return refuse(`${file}${line}: this is no JSON.`)
        })
      )
    )
    const placeOf = (path: ReadonlyArray<PropertyKey>) =>
      located.pipe(
        Effect.map(({ document, lineAt }) => placeIn(file, document, lineAt, path)),
        Effect.orElseSucceed(() => file)
      )
    return { value, notices: [], placeOf }
  })

const yamlPackage = packaged(() => import("yaml"), "yaml@2", "A YAML file")

type Yaml = Effect.Effect.Success<typeof yamlPackage>

/** `documentOf` parses it. Fails with `WrongUsage` for what is nested so deep that the parser has no end. */
const documentOf = (
  { LineCounter, parseDocument }: Yaml,
  file: string,
  text: string,
  schema: "core" | "json"
) => {
  const tooDeep = () => refuse(`${file}: this is nested too deep to be read.`)
  if (Nesting.isNestedTooDeep(text)) return tooDeep()
  const lineCounter = new LineCounter()
  // Its warnings would show what stands there.
  const quiet = { logLevel: "error", prettyErrors: false, stringKeys: true } as const
  return Effect.map(
    Effect.try({
      try: () => parseDocument(text, { ...quiet, lineCounter, schema }),
      // Its recursion has an end.
      catch: tooDeep
    }),
    (document) => ({ document, lineAt: (offset: number) => lineCounter.linePos(offset).line })
  )
}

type Located = Effect.Effect.Success<ReturnType<typeof documentOf>>

/** `placeIn` is the line of something, or of what it would be in. */
const placeIn = (
  file: string,
  document: Located["document"],
  lineAt: Located["lineAt"],
  path: ReadonlyArray<PropertyKey>
): string => {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    const range: unknown =
      typeof node === "object" && node !== null && "range" in node ? node.range : undefined
    if (Array.isArray(range)) return `${file}:${lineAt(Number(range[0]))}`
  }
  return file
}
