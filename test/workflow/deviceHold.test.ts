// Devices that a run has to itself.
//
// States: free · held · waited for. Races: two runs, in two processes or in one, at one device; at several, in another
// order each; the end of one and the start of the next; a wait and its interruption; a process that is killed while it
// holds, or while it waits, or is stopped.
//
// Invariants: one run at a time has a device · of several devices a run has all or none · no two wait for each other · a
// run that is dead has none, and one that lives keeps what it has · nothing is left of one that waits and is ended · who
// is refused is told who has it, since when, and what to do.
import {
  chmodSync,
  lutimesSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as ProcessIdentity from "../../src/auth/store/ProcessIdentity.ts"
import * as DeviceHold from "../../src/workflow/DeviceHold.ts"
import { eventually, pause } from "../support/eventually.ts"
import { type Running, start } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const hq = { name: "hq", origin: "https://fmc.example" }
const branch = { name: "branch", origin: "https://ftd.example:8443" }

const refusing = (folder: string, run: string) => ({ folder, run, whenHeld: "refuse" }) as const
const waiting = (folder: string, run: string) => ({ folder, run, whenHeld: "wait" }) as const

/** Whether a run that comes now can have the devices. */
const isFree = (folder: string, ...devices: ReadonlyArray<DeviceHold.HeldDevice>) =>
  DeviceHold.hold(devices, refusing(folder, "next")).pipe(
    Effect.scoped,
    Effect.as(true),
    Effect.catchTag("DeviceHeld", () => Effect.succeed(false))
  )

const holding = (folder: string, run: string, env: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      start("test/scripts/holding.ts", { mayDoEverything: true, env: { FOLDER: folder, RUN: run, ...env } })
    ),
    (running) =>
      Effect.promise(() => {
        running.kill("SIGKILL")
        return running.ended
      }).pipe(Effect.catchAllCause(() => Effect.void))
  )
const said = (running: Running, words: string) =>
  eventually(`a script says ${words}`, () => running.output().includes(words), 25)
const killed = (running: Running) =>
  Effect.promise(() => {
    running.kill("SIGKILL")
    return running.ended
  })

describe("a device", () => {
  it.scopedLive(
    "is one run's at a time, also in one process: another is told who has it, and what to do",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const first = yield* Scope.make()
        const before = Date.now()
        yield* Scope.extend(DeviceHold.hold([hq], refusing(folder, "import-1")), first)
        const failure = yield* Effect.flip(
          DeviceHold.hold([{ ...hq, name: "the same" }], refusing(folder, "import-2"))
        )
        expect(failure).toMatchObject({
          _tag: "DeviceHeld",
          targetName: "the same",
          origin: hq.origin,
          holder: { run: "import-1", pid: process.pid, host: undefined }
        })
        const since = (failure as DeviceHold.DeviceHeld).holder.since ?? new Date(0)
        expect(since.getTime()).toBeGreaterThanOrEqual(before)
        expect(since.getTime()).toBeLessThanOrEqual(Date.now())
        for (const words of ["the run import-1", `process ${process.pid}`, since.toISOString(), "Wait until"])
          expect(failure.message).toContain(words)
        yield* Scope.close(first, Exit.void)
        yield* DeviceHold.hold([hq], refusing(folder, "import-2"))
        expect(readdirSync(folder).length).toBe(1)
      })
  )

  it.scopedLive("is known by its origin and the path below which it lies, not by its name", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const below = { name: "hq", origin: `${hq.origin}/below` }
      // A run may have one device by two names.
      yield* DeviceHold.hold([hq, { ...hq, name: "again" }, branch], refusing(folder, "one"))
      expect(yield* isFree(folder, below)).toBe(true)
      expect(yield* isFree(folder, { name: "other", origin: hq.origin })).toBe(false)
    })
  )

  it.scopedLive("is not kept by a run that cannot have all that it wants", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* DeviceHold.hold([branch], refusing(folder, "one"))
      for (const wanted of [
        [hq, branch],
        [branch, hq]
      ]) {
        // In the scope of the test, which stays open.
        const failure = yield* Effect.flip(DeviceHold.hold(wanted, refusing(folder, "two")))
        expect(failure).toMatchObject({ _tag: "DeviceHeld", targetName: "branch" })
        expect(yield* isFree(folder, hq)).toBe(true)
      }
      expect(readdirSync(folder).length).toBe(1)
    })
  )

  it.scopedLive("is taken in the same order by all: who waits for one has none of those behind it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* DeviceHold.hold([hq], refusing(folder, "one"))
      for (const wanted of [
        [hq, branch],
        [branch, hq]
      ]) {
        const waits = yield* Effect.fork(DeviceHold.hold(wanted, waiting(folder, "two")))
        yield* pause(100)
        expect(yield* isFree(folder, branch)).toBe(true)
        yield* Fiber.interrupt(waits)
      }
    })
  )

  it.scopedLive("is waited for, and had when the run before has ended", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const first = yield* Scope.make()
      yield* Scope.extend(DeviceHold.hold([branch], refusing(folder, "one")), first)
      const second = yield* Effect.fork(DeviceHold.hold([hq, branch], waiting(folder, "two")))
      yield* pause(50)
      expect(second.unsafePoll()).toBeNull()
      yield* Scope.close(first, Exit.void)
      yield* Fiber.join(second)
      expect(yield* isFree(folder, branch)).toBe(false)
    })
  )

  it.scopedLive("is waited for in a way that can be interrupted, and nothing is left of it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* DeviceHold.hold([branch], refusing(folder, "one"))
      const second = yield* Effect.fork(DeviceHold.hold([hq, branch], waiting(folder, "two")))
      // A lock has its file, and who waits has one for a moment.
      yield* eventually("it has the first of the two", () => readdirSync(folder).length >= 2)
      yield* Fiber.interrupt(second)
      expect(readdirSync(folder).length).toBe(1)
      expect(yield* isFree(folder, hq)).toBe(true)
    })
  )

  it.scopedLive("is nobody's while the folder is another's to write to", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      chmodSync(folder, 0o777)
      const failure = yield* Effect.flip(DeviceHold.hold([hq], refusing(folder, "one")))
      expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Folder", path: folder })
      expect(readdirSync(folder)).toEqual([])
    })
  )
})

describe("runs of several processes", () => {
  it.scopedLive("that want the same devices, each in another order, have them one after the other", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const log = join(yield* temporaryFolder, "log")
      const rounds = { LOG: log, ROUNDS: "8", WHEN: "wait" }
      const all = yield* Effect.all([
        holding(folder, "a", { ...rounds, DEVICES: "https://a,https://b,https://c" }),
        holding(folder, "b", { ...rounds, DEVICES: "https://c,https://b" }),
        holding(folder, "c", { ...rounds, DEVICES: "https://b,https://c,https://a" })
      ])
      for (const running of all) expect((yield* Effect.promise(() => running.ended)).code).toBe(0)
      const events = readFileSync(log, "utf8").trimEnd().split("\n")
      expect(events.length).toBe(3 * 8 * 2)
      for (let at = 0; at < events.length; at += 2)
        expect(events[at + 1]).toBe(events[at]?.replace("in ", "out "))
      expect(readdirSync(folder)).toEqual([])
    })
  )

  it.scopedLive("have none any more when they were killed", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const running = yield* holding(folder, "killed", { DEVICES: `${hq.origin},${branch.origin}` })
      yield* said(running, "holds")
      const failure = yield* Effect.flip(DeviceHold.hold([hq], refusing(folder, "next")))
      expect(failure).toMatchObject({ _tag: "DeviceHeld", holder: { run: "killed", pid: running.pid } })
      yield* killed(running)
      expect(yield* isFree(folder, hq, branch)).toBe(true)
      expect(readdirSync(folder)).toEqual([])
    })
  )

  it.scopedLive("leave nothing that holds a device when they are killed while they wait", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const first = yield* Scope.make()
      yield* Scope.extend(DeviceHold.hold([branch], refusing(folder, "one")), first)
      const dead = yield* holding(folder, "dead", { DEVICES: `${hq.origin},${branch.origin}`, WHEN: "wait" })
      const alive = yield* holding(folder, "alive", { DEVICES: branch.origin, WHEN: "wait" })
      yield* said(alive, "asks")
      yield* eventually("it has the first of the two", () => readdirSync(folder).length >= 2, 25)
      yield* killed(dead)
      expect(yield* isFree(folder, hq)).toBe(true)
      expect(alive.output()).not.toContain("holds")
      yield* Scope.close(first, Exit.void)
      yield* said(alive, "holds")
      expect(yield* isFree(folder, branch)).toBe(false)
    })
  )

  it.scopedLive.skipIf(process.platform !== "linux")(
    "keep a device while they are stopped, however long, and lose it when they are killed then",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const running = yield* holding(folder, "stopped", { DEVICES: hq.origin })
        yield* said(running, "holds")
        running.kill("SIGSTOP")
        for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(0), new Date(0))
        expect(yield* isFree(folder, hq)).toBe(false)
        yield* killed(running)
        expect(yield* isFree(folder, hq)).toBe(true)
      })
  )
})

describe("a lock of a device", () => {
  const spoiled = (spoil: (lock: string) => void) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const name = yield* Effect.scoped(
        Effect.map(DeviceHold.hold([hq], refusing(folder, "one")), () => readdirSync(folder)[0] ?? "")
      )
      spoil(join(folder, name))
      return folder
    })
  const refusal = (folder: string) => Effect.flip(DeviceHold.hold([hq], refusing(folder, "next")))

  it.scopedLive("that an older version left is that of its process, without more", () =>
    Effect.gen(function* () {
      const own = ProcessIdentity.format(ProcessIdentity.currentProcess())
      const folder = yield* spoiled((lock) => writeFileSync(lock, `${own}/b7f9`))
      const failure = yield* refusal(folder)
      expect(failure).toMatchObject({ _tag: "DeviceHeld", holder: { run: undefined, since: undefined } })
      expect(failure.message).toContain(
        `another run has https://fmc.example to itself, by process ${process.pid} (`
      )
      const dead = yield* spoiled((lock) =>
        writeFileSync(lock, own.replace(/\/\d+\//, "/4194999/").concat("/b7f9"))
      )
      expect(yield* isFree(dead, hq)).toBe(true)
    })
  )

  it.scopedLive(
    "that another machine's process has is kept for a minute of silence, and its machine is told",
    () =>
      Effect.gen(function* () {
        const label = JSON.stringify({ run: "far", since: "2026-03-29T01:30:00.000Z" })
        const folder = yield* spoiled((lock) =>
          writeFileSync(lock, `jump-1.pid:[4026531836]/12/77/b7f9\n${label}`)
        )
        const failure = yield* refusal(folder)
        expect(failure.message).toContain(
          "the run far has https://fmc.example to itself, by process 12 on jump-1 since 2026-03-29T01:30:00.000Z ("
        )
        for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(0), new Date(0))
        expect(yield* isFree(folder, hq)).toBe(true)
      })
  )

  const rubbish: ReadonlyArray<readonly [string, string]> = [
    ["nothing", ""],
    ["zeros", "\0".repeat(200)],
    [
      "a name with which a terminal would do something",
      '\u001b[2Jhost.x/12/1/u\n{"run":"\u001b[2J","since":"x"}'
    ],
    ["much", "x/".repeat(50_000)]
  ]
  it.scopedLive.each(rubbish)(
    "in which %s stands tells nothing of it, and holds for a minute",
    ([, content]) =>
      Effect.gen(function* () {
        const folder = yield* spoiled((lock) => writeFileSync(lock, content))
        const failure = yield* refusal(folder)
        expect(failure).toMatchObject({ _tag: "DeviceHeld", holder: { run: undefined, since: undefined } })
        expect(failure.message).not.toMatch(/\p{Cc}|xx|x\/x/u)
        expect(failure.message.length).toBeLessThan(500)
        for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(0), new Date(0))
        expect(yield* isFree(folder, hq)).toBe(true)
      })
  )

  it.scopedLive(
    "that is a link is not followed: it holds for a minute, and what it points to stays as it is",
    () =>
      Effect.gen(function* () {
        const elsewhere = join(yield* temporaryFolder, "elsewhere")
        writeFileSync(elsewhere, "precious")
        const folder = yield* spoiled((lock) => symlinkSync(elsewhere, lock))
        expect(yield* isFree(folder, hq)).toBe(false)
        for (const name of readdirSync(folder)) lutimesSync(join(folder, name), new Date(0), new Date(0))
        expect(yield* isFree(folder, hq)).toBe(true)
        expect(readFileSync(elsewhere, "utf8")).toBe("precious")
        expect(readdirSync(folder)).toEqual([])
      })
  )
})
