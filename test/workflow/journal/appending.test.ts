// Appends that fail, that are interrupted, and that meet the end of their scope.
//
// States: open · refusing · closed. Races: an append and its interruption; an append and the close of its scope; an append
// and another process that takes the run over, or that writes to the file.
//
// Invariants: a line that failed is not there, nor a part of it, whatever of it the disk had taken · where that cannot be
// had, nothing is added any more · nothing is written to a file that another process has, or that something else has
// changed · an append that began ends, whoever is interrupted or closed meanwhile.
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import type { FileHandle } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { type Disk, JournalDisk } from "../../../src/workflow/journal/JournalDisk.ts"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { eventually, pause } from "../../support/eventually.ts"
import { linesIn, run } from "../../support/journals.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

/** Begins a journal on a disk of which one append goes as it is told here, and the others as they should. */
const begun = (
  folder: string,
  options: {
    readonly which?: number
    readonly append?: (
      write: () => Promise<void>,
      file: FileHandle,
      bytes: Uint8Array,
      path: string
    ) => Promise<void>
  } = {}
) =>
  Effect.gen(function* () {
    const path = join(folder, `${run}.jsonl`)
    const { append } = yield* JournalDisk
    let number = 0
    const disk: Disk = {
      append: (file, bytes) => {
        const write = () => append(file, bytes)
        number++
        return number === options.which && options.append !== undefined
          ? options.append(write, file, bytes, path)
          : write()
      }
    }
    const journal = yield* Effect.provideService(JournalFile.create({ folder }, run), JournalDisk, disk)
    return { ...journal, lock: join(folder, `${run}~lock`) }
  })

const full = (code: string) => Object.assign(new Error("the words of the system: secret"), { code })

const halfOf = async (file: FileHandle, bytes: Uint8Array) => {
  await file.write(bytes.subarray(0, bytes.length / 2))
}

describe("an append that fails", () => {
  const failures: ReadonlyArray<
    readonly [string, (write: () => Promise<void>, file: FileHandle, bytes: Uint8Array) => Promise<void>]
  > = [
    ["before anything is written", async () => Promise.reject(full("ENOSPC"))],
    [
      "in the middle of its line",
      async (_, file, bytes) => {
        await halfOf(file, bytes)
        throw full("ENOSPC")
      }
    ],
    [
      "when its line was written, and not yet there for good",
      async (write) => {
        await write()
        throw full("ENOSPC")
      }
    ]
  ]
  it.scopedLive.each(failures)(
    "%s leaves nothing of it, and the next stands on a line of its own",
    ([, append]) =>
      Effect.gen(function* () {
        const journal = yield* begun(yield* temporaryFolder, { which: 2, append })
        const exits = yield* Effect.forEach(
          [{ first: 1 }, { second: 2 }, { third: 3 }],
          (line) => Effect.exit(journal.append(line)),
          {
            concurrency: "unbounded"
          }
        )
        expect(exits.map(Exit.isSuccess)).toEqual([true, false, true])
        expect(linesIn(journal.path)).toEqual([{ first: 1 }, { third: 3 }])
        const failure = yield* Effect.flip(exits[1] ?? Effect.void)
        expect(failure).toMatchObject({
          _tag: "JournalFailed",
          reason: "Unwritten",
          code: "ENOSPC",
          path: journal.path
        })
        expect(failure.message).toContain(`${journal.path} (ENOSPC). See that its disk is neither full`)
        expect(failure.message).not.toContain("secret")
      })
  )

  it.scopedLive(
    "where its half line cannot be taken away is the last: all that come later fail as it did",
    () =>
      Effect.gen(function* () {
        const journal = yield* begun(yield* temporaryFolder, {
          which: 2,
          append: async (_write, file, bytes, path) => {
            await halfOf(file, bytes)
            // By its name it is not to be found any more.
            renameSync(path, `${path}.moved`)
            throw full("EIO")
          }
        })
        yield* journal.append("first")
        const failure = yield* Effect.flip(journal.append("second"))
        expect(failure).toMatchObject({ reason: "Unwritten", code: "EIO" })
        const before = readFileSync(`${journal.path}.moved`)
        renameSync(`${journal.path}.moved`, journal.path)
        for (const line of ["third", "fourth"]) expect(yield* Effect.flip(journal.append(line))).toBe(failure)
        expect(readFileSync(journal.path)).toEqual(before)
      })
  )
})

describe("nothing is added", () => {
  const meddling: ReadonlyArray<readonly [string, string, (path: string, lock: string) => void]> = [
    ["written to by something else", "Changed", (path) => appendFileSync(path, '"other"\n')],
    ["shortened", "Changed", (path) => truncateSync(path, 3)],
    ["removed", "Removed", (path) => rmSync(path)],
    [
      "replaced by a copy",
      "Changed",
      (path) => {
        const text = readFileSync(path)
        rmSync(path)
        writeFileSync(path, text)
      }
    ],
    ["taken over by another process", "LockLost", (_, lock) => writeFileSync(lock, "elsewhere/1/1/other")],
    ["without its lock", "LockLost", (_, lock) => rmSync(lock)]
  ]
  it.scopedLive.each(meddling)("to a journal that was %s: %s, once and for all", ([, reason, meddle]) =>
    Effect.gen(function* () {
      const journal = yield* begun(yield* temporaryFolder)
      yield* journal.append("first")
      const whole = readFileSync(journal.path)
      meddle(journal.path, journal.lock)
      const failure = yield* Effect.flip(journal.append("second"))
      expect(failure).toMatchObject({ _tag: "JournalFailed", reason })
      writeFileSync(journal.path, whole)
      expect(yield* Effect.flip(journal.append("third"))).toBe(failure)
      expect(linesIn(journal.path)).toEqual(["first"])
    })
  )
})

describe("an append", () => {
  const slow = Effect.map(Deferred.make<void>(), (released) => ({
    released,
    append: async (write: () => Promise<void>) => {
      await Effect.runPromise(Deferred.await(released))
      await write()
    }
  }))

  it.scopedLive("that is interrupted ends first, and so does one that waits for its turn", () =>
    Effect.gen(function* () {
      const { append, released } = yield* slow
      const journal = yield* begun(yield* temporaryFolder, { which: 1, append })
      const first = yield* Effect.fork(journal.append("first"))
      const second = yield* Effect.fork(journal.append("second"))
      yield* pause(10)
      const interruption = yield* Effect.fork(Fiber.interruptAll([first, second]))
      yield* pause(10)
      expect(interruption.unsafePoll()).toBeNull()
      yield* Deferred.succeed(released, undefined)
      yield* Fiber.join(interruption)
      expect(linesIn(journal.path)).toEqual(["first", "second"])
    })
  )

  it.scopedLive("is waited for by the close of its scope, and none comes later", () =>
    Effect.gen(function* () {
      const { append, released } = yield* slow
      const folder = yield* temporaryFolder
      const scope = yield* Scope.make()
      const journal = yield* Scope.extend(begun(folder, { which: 1, append }), scope)
      const first = yield* Effect.fork(journal.append("first"))
      const second = yield* Effect.fork(journal.append("second"))
      yield* pause(10)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* eventually("the close waits", () => closing.unsafePoll() === null)
      const late = yield* Effect.fork(Effect.flip(journal.append("late")))
      yield* Deferred.succeed(released, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      yield* Fiber.join(closing)
      const failure = yield* Fiber.join(late)
      expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Closed" })
      expect(failure.message).toContain("inside the scope")
      expect(yield* Effect.flip(journal.append("later"))).toMatchObject({ reason: "Closed" })
      expect(linesIn(journal.path)).toEqual(["first", "second"])
      expect(readdirSync(folder)).toEqual([`${run}.jsonl`])
    })
  )
})

describe("the disk", () => {
  it.live("takes all of a line, however little at once, and only then is it there for good", () =>
    Effect.gen(function* () {
      const { append } = yield* JournalDisk
      const bytes = new TextEncoder().encode("a line that comes in pieces\n")
      const done: Array<string> = []
      const file = {
        write: async (given: Uint8Array, at: number) => {
          const piece = given.subarray(at, at + 10)
          done.push(new TextDecoder().decode(piece))
          return { bytesWritten: piece.length }
        },
        sync: async () => void done.push("synced")
      } as unknown as FileHandle
      yield* Effect.promise(() => append(file, bytes))
      expect(done).toEqual(["a line tha", "t comes in", " pieces\n", "synced"])
    })
  )
})
