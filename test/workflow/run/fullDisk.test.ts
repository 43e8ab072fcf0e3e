// Runs whose journal cannot be written any more, from whichever line on.
//
// States: going on · ended by its journal · taken back · left, to be gone on with or taken back once there is room.
//
// Invariants: what a report says is done is on the device, and what it says is undone is not, whatever could be written
// down · a run is taken back where that stands in its journal alone, so that nobody goes on with it as if it stood, or
// where its journal is gone for good · nothing is told as not sent that was sent · once there is room, the run can be
// resumed to its end or taken back, and nothing is sent twice.
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Disk, JournalDisk } from "../../../src/workflow/journal/JournalDisk.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const names = ["one", "two"]

/** A workflow that creates two hosts and fails behind them, on a disk of which `isFull` says whether a line has room. */
const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 0 })
  const folder = yield* temporaryFolder
  const state = { isMended: false, lines: 0, isFull: (_at: number, _tag: string) => false }
  const disk = Effect.map(JournalDisk, ({ append }): Disk => {
    return {
      append: async (file, bytes, isLasting) => {
        const { _tag } = JSON.parse(new TextDecoder().decode(bytes))
        if (state.isFull(state.lines++, _tag)) throw Object.assign(new Error(), { code: "ENOSPC" })
        return append(file, bytes, isLasting)
      }
    }
  })
  const workflow = Workflow.make({
    name: "two-hosts",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) =>
      Effect.gen(function* () {
        const { hosts } = yield* fmc.domain("Global")
        yield* Effect.forEach(names, (name) => hosts.create({ name, value: "192.0.2.1" }))
        if (!state.isMended) yield* Effect.fail(scriptFailed("not yet"))
      })
  })
  const devices = { fmc: sandbox.fmc }
  const there = Effect.scoped(
    Effect.gen(function* () {
      const { hosts } = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
      return (yield* Stream.runCollect(hosts.list())).pipe(Chunk.toReadonlyArray).map(({ name }) => name)
    })
  )
  const posts = () =>
    sandbox.ledger.requests.filter(
      ({ method, path, status }) => method === "POST" && path.endsWith("/hosts") && status === 201
    ).length
  const run = Workflow.run(workflow, devices, {}, { folder }).pipe(
    Effect.provideServiceEffect(JournalDisk, disk)
  )
  return { sandbox, folder, workflow, devices, state, there, posts, run, disk }
})

/** The names of the changes of a report by their states. */
const named = ({ changes }: Workflow.RunReport, ...states: ReadonlyArray<string>) =>
  changes.filter(({ state }) => states.includes(state)).map(({ name }) => name)

/** The lines of such a run behind its first: two changes, the door to the undo, two requests of it, and the end. */
const behindTheFirst = 10

describe.each(Array.from({ length: behindTheFirst }, (_, at) => at + 1))(
  "a disk that is full from line %i of a journal on",
  (first) => {
    it.scopedLive("leaves a report that is true, and a run that can be resumed or taken back", () =>
      Effect.gen(function* () {
        const { devices, folder, posts, run, sandbox, state, there, workflow } = yield* given
        state.isFull = (at) => at >= first
        const { report } = yield* run
        expect(sandbox.ledger.open).toBe(0)
        const left = yield* there
        expect(named(report, "done")).toEqual(left)
        expect(named(report, "unknown", "left", "failed")).toEqual([])
        expect(report.undo).toEqual(first > 5 ? { state: "done", left: 0 } : undefined)
        const messages = report.errors.map(({ message }) => message)
        for (const message of messages.filter((one) => one.includes("was not sent")))
          expect(posts()).toBe(message.includes("create") ? named(report, "done", "undone").length : -1)
        const [before, requests] = [posts(), sandbox.ledger.requests.length]
        state.isMended = true
        const resumed = yield* Effect.either(Workflow.resume(workflow, devices, report.run, { folder }))
        if (resumed._tag === "Right") {
          expect(report.undo).toBeUndefined()
          expect(resumed.right.report.outcome).toBe("done")
          expect(yield* there).toEqual(names)
          expect(posts() - before).toBe(names.length - left.length)
        } else {
          expect(resumed.left).toMatchObject({ _tag: "RunOver", why: "Undone" })
          expect(left).toEqual([])
          expect(sandbox.ledger.requests.length).toBe(requests)
        }
        const undone = yield* Workflow.undo(workflow, devices, report.run, { folder })
        expect(undone.undo).toEqual({ state: "done", left: 0 })
        expect(yield* there).toEqual([])
      })
    )
  }
)

describe("a run that fails", () => {
  it.scopedLive("is left where its undo cannot be written down, and says why", () =>
    Effect.gen(function* () {
      const { run, state, there } = yield* given
      state.isFull = (_, tag) => tag === "undoing"
      const { report } = yield* run
      expect(report.errors.map(({ tag }) => tag)).toEqual(["ScriptFailed", "JournalFailed"])
      expect(report.errors[1]?.message).toMatch(
        /^What it had changed was not taken back, .* \(ENOSPC\)\. See/
      )
      expect(report.undo).toBeUndefined()
      expect(yield* there).toEqual(names)
    })
  )

  it.scopedLive("is left where another process has taken it over", () =>
    Effect.gen(function* () {
      const { folder, run, state, there } = yield* given
      state.isFull = (at) => {
        if (at === 4) for (const name of locksIn(folder)) rmSync(name)
        return false
      }
      const { report } = yield* run
      expect(report.undo).toBeUndefined()
      expect(report.errors.at(-1)?.message).toContain("another process took the run over")
      expect(yield* there).toEqual(names)
    })
  )

  it.scopedLive("is taken back where its journal is removed, since nobody can go on with it", () =>
    Effect.gen(function* () {
      const { folder, run, state, there } = yield* given
      state.isFull = (at) => {
        if (at === 2) rmSync(folder, { recursive: true })
        return false
      }
      const { report } = yield* run
      expect(report.outcome).toBe("refused")
      expect(report.undo).toEqual({ state: "done", left: 0 })
      expect(named(report, "undone")).toEqual(["one"])
      expect(report.errors[0]?.message).toMatch(/was removed while the run went on/)
      expect(yield* there).toEqual([])
    })
  )

  it.scopedLive("tells of a change that was sent, and could not be written down, as that", () =>
    Effect.gen(function* () {
      const { posts, run, state } = yield* given
      state.isFull = (at) => at === 2
      const { report } = yield* run
      expect(posts()).toBe(1)
      expect(report.errors[0]?.message).toMatch(
        /what became of create \S+\/hosts is not written down: a line/
      )
    })
  )
})

it.scopedLive("an undo that cannot be written down is not begun", () =>
  Effect.gen(function* () {
    const { devices, disk, folder, run, sandbox, state, there, workflow } = yield* given
    state.isMended = true
    const { report } = yield* run
    expect(report.outcome).toBe("done")
    const journal = readFileSync(report.journal ?? "", "utf8")
    state.isFull = () => true
    const undo = Workflow.undo(workflow, devices, report.run, { folder })
    const failure = yield* Effect.flip(Effect.provideServiceEffect(undo, JournalDisk, disk))
    expect(failure).toMatchObject({ _tag: "JournalFailed", reason: "Unwritten", code: "ENOSPC" })
    expect(yield* there).toEqual(names)
    expect(sandbox.ledger.open).toBe(0)
    expect(readFileSync(report.journal ?? "", "utf8")).toBe(journal)
  })
)

/** The locks of the runs in a folder. */
const locksIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith("~lock"))
    .map((name) => join(folder, name))
