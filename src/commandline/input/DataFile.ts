import { readFile } from "node:fs/promises"
import { extname } from "node:path"
import { text } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import { systemErrorCode } from "../../auth/store/StoreFault.ts"
import type { Caller } from "../Caller.ts"
import { refuse, type WrongUsage } from "../WrongUsage.ts"
import * as CsvTable from "./CsvTable.ts"
import type { InputField } from "./InputField.ts"
import * as ScalarText from "./ScalarText.ts"
import * as StructuredText from "./StructuredText.ts"

/** `DataFile` is what a file or standard input gives. */
export interface DataFile {
  readonly value: unknown
  /** `placeOf` says where in the file something stands: `hosts.csv:14`. */
  readonly placeOf: (path: ReadonlyArray<PropertyKey>) => Effect.Effect<string>
  /** `notices` are what whoever gives the file should know of it. */
  readonly notices: ReadonlyArray<string>
}

/** `Reader` reads files for a command line; standard input once. */
export interface Reader {
  /** `read` takes a path, or `-` for standard input. Fails with `WrongUsage`. */
  readonly read: (path: string, form: InputField["form"]) => Effect.Effect<DataFile, WrongUsage>
  /** `readText` gives a file as it is. Fails with `WrongUsage`. */
  readonly readText: (path: string) => Effect.Effect<string, WrongUsage>
}

/** `make` makes one. */
export const make = ({ input }: Caller): Reader => {
  let isRead = false
  const readText = (path: string): Effect.Effect<string, WrongUsage> =>
    Effect.suspend(() => {
      if (path === "-" && isRead)
        return refuse("Standard input is asked for more than once; give a file for one of them.")
      if (path === "-") isRead = true
      return Effect.tryPromise({
        try: () => (path === "-" ? text(input) : readFile(path, "utf8")),
        catch: (error) => refuse(`${nameOf(path)}: ${sentenceOf(error)}`)
      })
    })
  return {
    readText,
    read: (path, form) =>
      Effect.flatMap(readText(path), (content) => {
        const plain = content.replace(/^\uFEFF/, "")
        const format = byEnding.get(extname(path).toLowerCase()) ?? formatOf(plain, form)
        return parsed[format](nameOf(path), plain, form)
      })
  }
}

const nameOf = (path: string): string => (path === "-" ? "standard input" : path)

const sentenceOf = (error: unknown): string => {
  const code = systemErrorCode(error)
  if (code === "ENOENT" || code === "ENOTDIR")
    return "there is no such file; give the path of one, from the folder in which the script runs or from the root."
  if (code === "EISDIR") return "this is a folder; give the path of a file."
  return `it cannot be read${code === undefined ? "" : ` (${code})`}; let whoever runs the script read it (Deno: --allow-read).`
}

type Format = "csv" | "json" | "yaml" | "lines"

const byEnding: ReadonlyMap<string, Format> = new Map([
  [".csv", "csv"],
  [".tsv", "csv"],
  [".json", "json"],
  [".yaml", "yaml"],
  [".yml", "yaml"]
])

/** `formatOf` tells by the content where no ending does. */
const formatOf = (content: string, form: InputField["form"]): Format => {
  const start = content.trimStart()
  if (/^[[{]/.test(start)) return "json"
  if (form._tag === "List") return "lines"
  // The names of columns have no colon.
  return /^(---|- |[\w-]+:(\s|$))/.test(start) ? "yaml" : "csv"
}

type Parse = (file: string, content: string, form: InputField["form"]) => Effect.Effect<DataFile, WrongUsage>

const parsed: Readonly<Record<Format, Parse>> = {
  csv: (file, content, form) =>
    form._tag !== "Data" || form.columns === undefined
      ? refuse(`${file}: what is asked for is no table; give it as JSON or YAML.`)
      : Effect.map(CsvTable.parse(file, content, form.columns), ({ lines, rows, unused }) => ({
          value: rows,
          placeOf: placeByLines(file, lines),
          notices: unused.map(
            (name) => `${file}: no field is called ${JSON.stringify(name)}; its column is not used.`
          )
        })),
  json: (file, content) => StructuredText.parseJson(file, content),
  yaml: (file, content) => StructuredText.parseYaml(file, content),
  lines: (file, content, form) => {
    const of = form._tag === "List" ? form.of : ({ _tag: "Text" } as const)
    const lines = content
      .split(/\r?\n/)
      .map((line, at) => ({ line: line.replace(/(^|\s)#.*/, "").trim(), number: at + 1 }))
      .filter(({ line }) => line !== "")
    return Effect.succeed({
      value: lines.map(({ line }) => ScalarText.valueOf(of, line)),
      placeOf: placeByLines(
        file,
        lines.map(({ number }) => number)
      ),
      notices: []
    })
  }
}

/** `placeByLines` gives the places of a file with one thing in each of these lines. */
const placeByLines =
  (file: string, lines: ReadonlyArray<number>): DataFile["placeOf"] =>
  ([at]) => {
    const line = lines[Number(at)]
    return Effect.succeed(line === undefined ? file : `${file}:${line}`)
  }
