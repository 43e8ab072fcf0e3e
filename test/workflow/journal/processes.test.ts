// Processes at the journal of one run, and processes that are killed while they write it.
//
// Races: two processes, or two scopes of one, at one run; a reader beside the writer; `kill -9` before an append, behind
// one, and at any moment.
//
// Invariants: one at a time has a run, and another is told who, since when · a dead one has none · whatever was said to be
// added is there after a kill, and at most one line more · a reader sees whole lines only.
import { readdirSync } from "node:fs"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { eventually, pause } from "../../support/eventually.ts"
import { linesIn, run, written } from "../../support/journals.ts"
import { type Running, start } from "../../support/runtime.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const journaling = (folder: string, env: Readonly<Record<string, string>>) =>
  start("test/scripts/journaling.ts", { mayDoEverything: true, env: { FOLDER: folder, RUN: run, ...env } })
const said = (running: Running, words: string) =>
  eventually(`a script says ${words}`, () => running.output().includes(words), 25)
const ended = (running: Running) => Effect.promise(() => running.ended)
const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ number: index + 1 }))

describe("a run", () => {
  it.scopedLive("is one scope's at a time within a process, and free when that has closed", () =>
    Effect.gen(function* () {
      const { folder } = yield* written([1])
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* JournalFile.reopen({ folder }, run)
          const failure = yield* Effect.flip(JournalFile.reopen({ folder }, run))
          expect(failure).toMatchObject({ _tag: "RunHeld", run, holder: { run, pid: process.pid } })
        })
      )
      expect((yield* JournalFile.reopen({ folder }, run)).lines).toEqual([1])
    })
  )

  it.scopedLive("is one process's at a time: another is told which, since when, and may read meanwhile", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const before = Date.now()
      const running = journaling(folder, { HOW: "create", LINES: "3" })
      yield* said(running, "holds")
      const failure = yield* Effect.flip(JournalFile.reopen({ folder }, run))
      if (failure._tag !== "RunHeld") return yield* Effect.die(failure)
      expect(failure.holder).toMatchObject({ run, pid: running.pid, host: undefined })
      const since = failure.holder.since ?? new Date(0)
      expect(since.getTime()).toBeGreaterThanOrEqual(before)
      expect(failure.message).toContain(
        `the run ${run} is held by process ${running.pid} since ${since.toISOString()}`
      )
      expect(yield* Effect.flip(JournalFile.create({ folder }, run))).toMatchObject({ reason: "Exists" })
      expect((yield* JournalFile.read({ folder }, run)).lines).toEqual(numbered(3))
      expect(yield* JournalFile.list({ folder })).toEqual([run])
      running.kill("SIGKILL")
      yield* ended(running)
      // At once.
      const journal = yield* JournalFile.reopen({ folder }, run)
      yield* journal.append("goes on")
      expect(linesIn(journal.path)).toEqual([...numbered(3), "goes on"])
      expect(readdirSync(folder).length).toBe(2)
    })
  )

  it.scopedLive.each([
    { kill: "before 1", left: 0 },
    { kill: "after 1", left: 1 },
    { kill: "before 3", left: 2 },
    { kill: "after 3", left: 3 }
  ])("that is killed $kill of its appends has $left lines, and goes on from there", ({ kill, left }) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const running = journaling(folder, { HOW: "create", LINES: "5", KILL: kill })
      expect((yield* ended(running)).stdout.match(/added/g)?.length ?? 0).toBe(Number(kill.slice(-1)) - 1)
      const again = journaling(folder, { HOW: "reopen", LINES: "1" })
      yield* said(again, "holds")
      again.kill("SIGTERM")
      yield* ended(again)
      expect((yield* JournalFile.read({ folder }, run)).lines).toEqual([...numbered(left), { number: 1 }])
    })
  )

  it.scopedLive(
    "that is killed at any moment has every line that it was told is there, and one more at most",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        let before = 0
        for (let kills = 0; kills < 4; kills++) {
          const running = journaling(folder, { HOW: kills === 0 ? "create" : "reopen", LINES: "1000000" })
          yield* said(running, "added 3\n")
          yield* pause(Math.random() * 50)
          // While it writes.
          expect((yield* JournalFile.read({ folder }, run)).lines.length).toBeGreaterThanOrEqual(before + 3)
          running.kill("SIGKILL")
          const told = (yield* ended(running)).stdout.match(/^added \d+$/gm)?.length ?? 0
          const { lines } = yield* JournalFile.read({ folder }, run)
          expect(lines.slice(before)).toEqual(numbered(lines.length - before))
          expect(lines.length - before - told).toBeGreaterThanOrEqual(0)
          expect(lines.length - before - told).toBeLessThanOrEqual(1)
          before = lines.length
        }
      })
  )
})
