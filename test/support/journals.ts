import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import * as JournalFile from "../../src/workflow/journal/JournalFile.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

export const run = "2026-03-29_import-hosts"

/** Writes the journal of a run that has ended, and gives its folder and file. */
export const written = (lines: ReadonlyArray<unknown>) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const { path } = yield* Effect.scoped(
      Effect.tap(JournalFile.create({ folder }, run), ({ append }) =>
        Effect.forEach(lines, (line) => append(line))
      )
    )
    return { folder, path }
  })

/** The lines of a file, each of which is whole. */
export const linesIn = (path: string): ReadonlyArray<unknown> => {
  const text = readFileSync(path, "utf8")
  expect(text === "" || text.endsWith("\n")).toBe(true)
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
