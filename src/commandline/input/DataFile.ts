import { readFile } from "node:fs/promises"
import { extname } from "node:path"
import * as Effect from "effect/Effect"
import * as Document from "../../documents/Document.ts"
import * as Places from "../../documents/Places.ts"
import * as TextFile from "../../documents/TextFile.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type { Caller } from "../Caller.ts"
import { asUsage, refuse, type WrongUsage } from "../WrongUsage.ts"
import * as CsvRows from "./CsvRows.ts"
import type { InputField } from "./InputField.ts"
import * as ScalarText from "./ScalarText.ts"

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
      const bytes = () => (path === "-" ? bytesOf(input) : readFile(path))
      return asUsage(TextFile.read(nameOf(path), bytes))
    })
  return {
    readText,
    read: (path, form) =>
      Effect.flatMap(readText(path), (content) => {
        const format = byEnding.get(extname(path).toLowerCase()) ?? formatOf(content, form)
        return parsed[format](nameOf(path), content, form)
      })
  }
}

const nameOf = (path: string): string => (path === "-" ? "standard input" : TextFile.nameOf(path))

const bytesOf = async (input: Caller["input"]): Promise<Uint8Array> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
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
      : Effect.map(asUsage(CsvRows.parse(file, content, form.columns)), ({ lines, rows, unused }) => ({
          value: rows,
          placeOf: placeByLines(file, lines),
          notices: unused.map(
            (name) => `${file}: no field is called ${JSON.stringify(name)}; its column is not used.`
          )
        })),
  json: (file, content) => documentIn(file, Document.parseJson(file, content)),
  yaml: (file, content) => documentIn(file, Document.parseYaml(file, content)),
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

/** `documentIn` gives a document as it is, with the places of its parts. */
const documentIn = (
  file: string,
  parsed: Effect.Effect<Document.Document, InvalidInput>
): Effect.Effect<DataFile, WrongUsage> =>
  Effect.map(asUsage(parsed), ({ lines, value }) => ({
    value,
    notices: [],
    placeOf: (path) =>
      lines.pipe(
        Effect.map((known) => Places.byLine(file, known)(path.map(String)) ?? file),
        Effect.orElseSucceed(() => file)
      )
  }))

/** `placeByLines` gives the places of a file with one thing in each of these lines. */
const placeByLines =
  (file: string, lines: ReadonlyArray<number>): DataFile["placeOf"] =>
  ([at]) => {
    const line = lines[Number(at)]
    return Effect.succeed(line === undefined ? file : `${file}:${line}`)
  }
