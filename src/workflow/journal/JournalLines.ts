import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { JournalFailed } from "./JournalFailed.ts"

/** `Untimed` is a line as it is given to a journal, which adds its time. */
export type Untimed<Line> = Line extends unknown ? Omit<Line, "at"> : never

/** `timed` gives a line its time. */
export const timed = <Line extends object>(line: Line): Effect.Effect<Line & { readonly at: string }> =>
  Effect.map(Clock.currentTimeMillis, (millis) => ({ ...line, at: new Date(millis).toISOString() }))

/** `decodedBy` reads the lines of a file by the schema of one. Fails with `JournalFailed`, which says which is damaged. */
export const decodedBy = <Line, Encoded>(schema: Schema.Schema<Line, Encoded>) => {
  const decode = Schema.decodeUnknown(schema, { onExcessProperty: "preserve", errors: "first" })
  return ({ lines, path }: FileLines): Effect.Effect<ReadonlyArray<Line>, JournalFailed> =>
    Effect.forEach(lines, (line, at) =>
      Effect.mapError(decode(line), () => new JournalFailed({ reason: "Damaged", path, line: at + 1 }))
    )
}

interface FileLines {
  readonly path: string
  readonly lines: ReadonlyArray<unknown>
}

/** `JournalLines` are those of a file, as far as each is whole. */
export interface JournalLines {
  readonly lines: ReadonlyArray<unknown>
  /** `end` is where the last whole line ends. Behind it is what came of an append that was interrupted. */
  readonly end: number
}

const lineBreak = 0x0a

/** `parse` reads them. Where one cannot be read, it gives the number of that one, from 1. */
export const parse = (bytes: Uint8Array): JournalLines | number => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  const lines: Array<unknown> = []
  let end = 0
  for (;;) {
    const next = bytes.indexOf(lineBreak, end)
    if (next < 0) return { lines, end }
    try {
      lines.push(JSON.parse(decoder.decode(bytes.subarray(end, next))))
    } catch {
      return lines.length + 1
    }
    end = next + 1
  }
}

/** `format` gives the bytes of a line, whole; `undefined` where JSON cannot hold it. */
export const format = (line: unknown): Uint8Array | undefined => {
  const text = textOf(line)
  return text === undefined ? undefined : new TextEncoder().encode(`${text}\n`)
}

/** `textOf` gives a line as JSON; `undefined` where that cannot hold it. */
export const textOf = (line: unknown): string | undefined => {
  try {
    // It gives `undefined` for a function, whatever its type says.
    return JSON.stringify(line) as string | undefined
  } catch {
    return undefined
  }
}
