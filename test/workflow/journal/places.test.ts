// What may stand in the place of a run's journal, and where journals are.
//
// Invariants: what is no journal of this user alone is neither read nor written, nor is what a link points to · nothing is
// made where something is only looked for · every run that has a journal is listed, and nothing else · the lock of one run
// takes nothing of another with it.
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { eventually } from "../../support/eventually.ts"
import { linesIn, run, written } from "../../support/journals.ts"
import { start } from "../../support/runtime.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const failureOf = (effect: Effect.Effect<unknown, { readonly message: string }, Scope.Scope>) =>
  Effect.flip(effect)

/** Each name, and the text of those that are files. */
const contentsOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .map((entry) => [entry.name, entry.isFile() ? readFileSync(join(folder, entry.name), "utf8") : "no file"])
    .sort()

describe.skipIf(process.platform === "win32")("in the place of a journal", () => {
  const strange: ReadonlyArray<readonly [string, string, (path: string) => void]> = [
    [
      "a link to a journal",
      "Foreign",
      (path) => {
        renameSync(path, `${path}.elsewhere`)
        symlinkSync(`${path}.elsewhere`, path)
      }
    ],
    [
      "a link to nothing",
      "Foreign",
      (path) => {
        rmSync(path)
        symlinkSync(`${path}.elsewhere`, path)
      }
    ],
    [
      "a folder",
      "Foreign",
      (path) => {
        rmSync(path)
        mkdirSync(path)
      }
    ],
    [
      "a pipe",
      "Foreign",
      (path) => {
        rmSync(path)
        execFileSync("mkfifo", ["-m", "600", path])
      }
    ],
    ["a journal that others may read", "Exposed", (path) => chmodSync(path, 0o604)],
    ["a journal that others may write to", "Exposed", (path) => chmodSync(path, 0o620)],
    ...(process.getuid?.() === 0
      ? [["another user's file", "Foreign", (path: string) => chownSync(path, 4711, 4711)] as const]
      : [])
  ]
  for (const [what, reason, spoil] of strange) {
    it.scopedLive(`${what} is refused: ${reason}, and stays as it is`, () =>
      Effect.gen(function* () {
        const { folder, path } = yield* written([{ number: 1 }])
        const whole = readFileSync(path, "utf8")
        writeFileSync(path, `${whole}{"half`)
        spoil(path)
        const before = contentsOf(folder)
        for (const use of [JournalFile.reopen, JournalFile.read]) {
          const failure = yield* failureOf(use({ folder }, run))
          expect(failure).toMatchObject({ _tag: "JournalFailed", reason, path })
          expect(failure.message).toContain(path)
        }
        expect(yield* failureOf(JournalFile.create({ folder }, run))).toMatchObject({ reason: "Exists" })
        expect(contentsOf(folder)).toEqual(before)
      })
    )
  }

  it.scopedLive("nothing is looked at where others may write to the folder", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written([1])
      chmodSync(folder, 0o770)
      for (const use of [
        JournalFile.create({ folder }, "other"),
        JournalFile.reopen({ folder }, run),
        JournalFile.read({ folder }, run),
        JournalFile.list({ folder })
      ]) {
        const failure = yield* failureOf(use)
        expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Folder", path: folder })
        expect(failure.message).toContain("chmod 700")
      }
      expect(readdirSync(folder)).toEqual([`${run}.jsonl`])
      expect(linesIn(path)).toEqual([1])
    })
  )
})

describe("the folder of journals", () => {
  it.scopedLive("is not made where a run is only looked for", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "runs")
      for (const use of [JournalFile.reopen, JournalFile.read]) {
        const failure = yield* failureOf(use({ folder }, run))
        expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Missing", path: folder })
      }
      expect(yield* JournalFile.list({ folder })).toEqual([])
      expect(existsSync(folder)).toBe(false)
    })
  )

  it.scopedLive("says which file is missing, and keeps nothing of who looked for it", () =>
    Effect.gen(function* () {
      const { folder } = yield* written([])
      for (const use of [JournalFile.reopen, JournalFile.read]) {
        const failure = yield* failureOf(use({ folder }, "other"))
        expect(failure).toMatchObject({ reason: "Missing", path: join(folder, "other.jsonl") })
      }
      expect(readdirSync(folder)).toEqual([`${run}.jsonl`])
    })
  )

  it.scopedLive("lists the runs that have a journal, the last written first, and nothing else", () =>
    Effect.gen(function* () {
      const { folder } = yield* written([])
      for (const [at, id] of ["b.1", "a_2", "c-3", "c-4"].entries()) {
        const { path } = yield* JournalFile.create({ folder }, id)
        utimesSync(path, 1_000 + Math.min(at, 2), 1_000 + Math.min(at, 2))
      }
      mkdirSync(join(folder, "folder.jsonl"))
      symlinkSync(join(folder, `${run}.jsonl`), join(folder, "link.jsonl"))
      for (const name of ["notes.txt", "a b.jsonl", ".hidden.jsonl", ".jsonl", `${"x".repeat(101)}.jsonl`])
        writeFileSync(join(folder, name), "")
      expect(yield* JournalFile.list({ folder })).toEqual([run, "c-4", "c-3", "a_2", "b.1"])
    })
  )

  it.scopedLive("loses no run to the lock of another that is taken over", () =>
    Effect.gen(function* () {
      const { folder } = yield* written([])
      const others = ["lock", "jsonl.lock.b", "lock.b", "jsonl"].map((end) => `${run}.${end}`)
      const long = new Date(Date.now() - 3_600_000)
      for (const id of others) {
        const { path } = yield* Effect.scoped(JournalFile.create({ folder }, id))
        utimesSync(path, long, long)
      }
      writeFileSync(join(folder, `${run}~lock`), "")
      utimesSync(join(folder, `${run}~lock`), long, long)
      writeFileSync(join(folder, `${run}~lock.left-by-one-that-waited`), "")
      utimesSync(join(folder, `${run}~lock.left-by-one-that-waited`), long, long)
      yield* Effect.scoped(JournalFile.reopen({ folder }, run))
      expect(readdirSync(folder).sort()).toEqual([run, ...others].map((id) => `${id}.jsonl`).sort())
    })
  )

  it.scopedLive.skipIf(process.platform !== "linux")(
    "that cannot be in the user's state folder is told with the path of that",
    () =>
      Effect.gen(function* () {
        const before = process.env.XDG_STATE_HOME
        process.env.XDG_STATE_HOME = "/proc/1/nowhere"
        const error = yield* Effect.flip(JournalFile.create({}, run)).pipe(
          Effect.ensuring(
            Effect.sync(() => {
              if (before === undefined) delete process.env.XDG_STATE_HOME
              else process.env.XDG_STATE_HOME = before
            })
          )
        )
        expect(error.message).toContain("written down in /proc/1/nowhere/sallyport/runs (")
      })
  )

  it.scopedLive.skipIf(process.platform !== "linux")(
    "is in the user's state folder where none is named",
    () =>
      Effect.gen(function* () {
        const state = yield* temporaryFolder
        const running = start("test/scripts/journaling.ts", {
          env: { HOW: "create", RUN: run, LINES: "1", XDG_STATE_HOME: state }
        })
        yield* eventually("the journal is there", () => running.output().includes("holds"), 25)
        running.kill("SIGTERM")
        expect((yield* Effect.promise(() => running.ended)).code).toBe(143)
        const folder = join(state, "sallyport", "runs")
        expect(linesIn(join(folder, `${run}.jsonl`))).toEqual([{ number: 1 }])
        expect(readdirSync(folder)).toEqual([`${run}.jsonl`])
      })
  )
})
