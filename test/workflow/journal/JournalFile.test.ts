// The file of a run's journal.
//
// States: open · refusing (another process took it over, something else wrote to it, a failed line could not be taken
// back) · closed. Races: appends side by side; an append and its interruption; an append and the close; a reader beside
// a writer; two processes, or two scopes of one, at one run; a process that is killed before, in and behind an append.
//
// Invariants: a line that was said to be added is there, whole, once, in the order of the calls · a line that failed is
// not there, nor a part of it · no line is glued to half of another · half a line at the end is cut off, and any other
// damage changes nothing and is told by its line · one at a time has a run; a dead one has none · nothing is written
// through a link, or where others may read or write.
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { linesIn, run, written } from "../../support/journals.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const failureOf = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.flip(Effect.asVoid(effect))

describe("a journal", () => {
  it.scopedLive("has what was appended at once by two hundred, whole and in the order of the calls", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      // Longer than what a system takes at once, and shorter.
      const lines = Array.from({ length: 200 }, (_, number) => ({
        number,
        text: "ü\n\u2028".repeat(number % 50 === 0 ? 30_000 : number)
      }))
      const journal = yield* JournalFile.create({ folder }, run)
      yield* Effect.forEach(lines, (line) => journal.append(line), { concurrency: "unbounded" })
      expect(linesIn(journal.path)).toEqual(lines)
      expect((yield* JournalFile.read({ folder }, run)).lines).toEqual(lines)
    })
  )

  it.scopedLive(
    "keeps the order where appends come while others wait, and is handed on as it was at its call",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { append, path } = yield* JournalFile.create({ folder }, run)
        const line = { number: 0 }
        const fibers: Array<Fiber.RuntimeFiber<void, unknown>> = []
        for (let number = 0; number < 50; number++) {
          line.number = number
          fibers.push(yield* Effect.fork(append(line)))
          yield* number % 7 === 0 ? Effect.sleep(1) : Effect.yieldNow()
        }
        yield* Fiber.joinAll(fibers)
        expect(linesIn(path)).toEqual(Array.from({ length: 50 }, (_, number) => ({ number })))
      })
  )

  it.scopedLive("is this user's alone, and so is the folder that is made for it", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "state", "runs")
      const { path } = yield* JournalFile.create({ folder }, run)
      expect(readdirSync(folder).sort()).toEqual([`${run}.jsonl`, `${run}~lock`])
      for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
      expect(path).toBe(join(folder, `${run}.jsonl`))
      for (const made of [folder, join(folder, "..")]) expect(statSync(made).mode & 0o777).toBe(0o700)
    })
  )

  it.scopedLive("is begun once for each id: what is there stays as it is", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written(["first"])
      expect(yield* failureOf(JournalFile.create({ folder }, run))).toMatchObject({
        _tag: "JournalFailed",
        reason: "Exists",
        path
      })
      expect(linesIn(path)).toEqual(["first"])
      // The attempt holds nothing.
      expect((yield* JournalFile.reopen({ folder }, run)).lines).toEqual(["first"])
    })
  )

  it.scopedLive.each(["", ".", "..", "../up", "a/b", "a\\b", "a\n", "ü", "a b", "a~lock", "a".repeat(101)])(
    "has an id that is a file's name on any system: %j is none",
    (id) =>
      Effect.gen(function* () {
        const folder = join(yield* temporaryFolder, "runs")
        for (const use of [JournalFile.create, JournalFile.reopen, JournalFile.read]) {
          const failure = yield* failureOf<unknown, { readonly message: string }, Scope.Scope>(
            use({ folder }, id)
          )
          expect(failure).toMatchObject({ _tag: "InvalidInput", field: "run" })
          expect(failure.message).toContain("letters, digits")
        }
        expect(existsSync(folder)).toBe(false)
      })
  )

  it.scopedLive("does not take what JSON cannot hold, and goes on", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { append, path } = yield* JournalFile.create({ folder }, run)
      const round: Record<string, unknown> = {}
      round.self = round
      for (const line of [undefined, () => 1, 1n, round])
        expect(yield* Effect.flip(append(line))).toMatchObject({ reason: "NotJson" })
      yield* append(null)
      expect(linesIn(path)).toEqual([null])
    })
  )
})

describe("a journal that is opened again", () => {
  const lines = [{ number: 1 }, "zwei – ü", { three: [3] }]

  it.scopedLive("has its lines, and what is added stands behind them", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written(lines)
      const journal = yield* JournalFile.reopen({ folder }, run)
      expect(journal.lines).toEqual(lines)
      yield* journal.append("four")
      expect(linesIn(path)).toEqual([...lines, "four"])
      expect(journal.lines).toEqual(lines)
    })
  )

  it.scopedLive("is as far as its whole lines wherever it was cut off, and goes on from there", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written(lines)
      const whole = readFileSync(path)
      for (let length = whole.length; length >= 0; length--) {
        writeFileSync(path, whole.subarray(0, length))
        const kept = lines.slice(0, whole.subarray(0, length).filter((byte) => byte === 10).length)
        expect((yield* JournalFile.read({ folder }, run)).lines).toEqual(kept)
        const journal = yield* JournalFile.reopen({ folder }, run).pipe(
          Effect.tap(({ append }) => append("next")),
          Effect.scoped
        )
        expect(journal.lines).toEqual(kept)
        expect(linesIn(path)).toEqual([...kept, "next"])
      }
    })
  )

  it.scopedLive("loses what a power cut left in place of its last line", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written(lines)
      // Deno changes the mode of a file that is there.
      appendFileSync(path, Buffer.alloc(5000), { mode: 0o600 })
      expect((yield* JournalFile.read({ folder }, run)).lines).toEqual(lines)
      yield* Effect.scoped(JournalFile.reopen({ folder }, run))
      expect(linesIn(path)).toEqual(lines)
    })
  )

  const damaged: ReadonlyArray<readonly [string, number, string | Buffer]> = [
    ["half a line in the middle", 2, '1\n{"number":\n3\n'],
    ["two lines that were glued together", 2, "1\n2{}\n3\n"],
    ["an empty line", 2, "1\n\n3\n"],
    ["an empty first line", 1, "\n"],
    ["a mark at its beginning", 1, "\uFEFF1\n"],
    ["bytes that are no text", 2, Buffer.from([0x31, 0x0a, 0x22, 0xff, 0x22, 0x0a, 0x33, 0x0a])],
    ["a last line that is whole and no JSON", 3, "1\n2\nthree\n"],
    ["damage before half a line at its end", 1, "{\n2\n{"]
  ]
  it.scopedLive.each(damaged)(
    "is damaged where it has %s: line %i is named, nothing changed",
    ([, line, text]) =>
      Effect.gen(function* () {
        const { folder, path } = yield* written([])
        writeFileSync(path, text)
        const before = readFileSync(path)
        for (const use of [JournalFile.reopen, JournalFile.read]) {
          const failure = yield* failureOf<unknown, { readonly message: string }, Scope.Scope>(
            use({ folder }, run)
          )
          expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Damaged", line, path })
          expect(failure.message).toContain(`line ${line} of the run's journal ${path}`)
        }
        expect(readFileSync(path)).toEqual(before)
        expect(readdirSync(folder)).toEqual([`${run}.jsonl`])
      })
  )

  it.scopedLive("may be empty: a run that was killed before its first line", () =>
    Effect.gen(function* () {
      const { folder, path } = yield* written([])
      const journal = yield* JournalFile.reopen({ folder }, run)
      expect(journal.lines).toEqual([])
      yield* journal.append("first")
      expect(linesIn(path)).toEqual(["first"])
    })
  )
})
