// How often a run waits for the disk.
//
// Invariants: a run waits once when it begins and once when it ends · a change that is done waits twice, before it is sent
// and after its answer, however many objects and requests it has · one that was refused, or whose answer was lost, once,
// unless nobody can look for it · what is as it is wanted does not wait at all · a line that was not waited for is there
// with the next one that is.
import type { FileHandle } from "node:fs/promises"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { ReadBack, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Disk, JournalDisk } from "../../../src/workflow/journal/JournalDisk.ts"
import { linesIn } from "../../support/journals.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>
type Script = (domain: Domain) => Effect.Effect<unknown, unknown>

/** A disk that tells what is done to it: `intent`, `outcome`, `sync`. */
const counting = Effect.map(JournalDisk, ({ append }) => {
  const done: Array<string> = []
  const disk: Disk = {
    append: (file, bytes, isLasting) => {
      done.push(JSON.parse(new TextDecoder().decode(bytes))._tag)
      // What writing a line asks of a file.
      const told = {
        write: (part: Uint8Array, at: number) => file.write(part, at),
        sync: async () => {
          done.push("sync")
          await file.sync()
        }
      } as unknown as FileHandle
      return append(told, bytes, isLasting)
    }
  }
  return { disk, done }
})

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 0 })
  const folder = yield* temporaryFolder
  const { disk, done } = yield* counting
  const devices = { fmc: sandbox.fmc }
  const workflowOf = (script: Script) =>
    Workflow.make({
      name: "syncs",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => Effect.ignore(script(domain)))
    })
  /** What a run does to the disk between its beginning and its end. */
  const syncsOf = (script: Script, options: { readonly isPlanned?: boolean } = {}) =>
    Effect.gen(function* () {
      const workflow = workflowOf(script)
      const plan = options.isPlanned === true ? yield* Workflow.plan(workflow, devices, {}) : undefined
      const from = done.length
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder, ...(plan && { plan }) }).pipe(
        Effect.provideService(JournalDisk, disk),
        Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(0))
      )
      expect(report.outcome).toBe("done")
      const all = done.slice(from)
      expect([...all.slice(0, 2), ...all.slice(-2)]).toEqual(["begun", "sync", "ended", "sync"])
      const lines = linesIn(report.journal ?? "").map((line) => (line as { readonly _tag: string })._tag)
      expect(lines).toEqual(all.filter((one) => one !== "sync"))
      return all.slice(2, -2).join(" ")
    })
  return { sandbox, syncsOf }
})

const twice = "intent sync outcome sync"
const once = "intent sync outcome"
const rows = Array.from({ length: 1200 }, (_, at) => ({
  name: `h-${at}`,
  value: `10.1.${at >> 8}.${at & 255}`
}))

it.scopedLive("waits for the disk before a change and after its answer, however many objects it has", () =>
  Effect.gen(function* () {
    const { sandbox, syncsOf } = yield* given
    const web = { name: "web", value: "192.0.2.1" }
    expect(yield* syncsOf(({ hosts }) => hosts.create(web), { isPlanned: true })).toBe(twice)
    expect(yield* syncsOf(({ hosts }) => hosts.upsert(web))).toBe("")
    expect(yield* syncsOf(({ hosts }) => hosts.upsert({ ...web, value: "192.0.2.2" }))).toBe(twice)
    const from = sandbox.ledger.requests.length
    expect(yield* syncsOf(({ hosts }) => hosts.upsertAll(rows))).toBe(twice)
    const posts = sandbox.ledger.requests.slice(from).filter(({ method }) => method === "POST")
    expect(posts.filter(({ path }) => path.includes("/object/hosts"))).toHaveLength(2)
  })
)

it.scopedLive("waits once for a change of which nothing came", () =>
  Effect.gen(function* () {
    const { sandbox, syncsOf } = yield* given
    yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.status(400) })
    expect(yield* syncsOf(({ hosts }) => hosts.create({ name: "no", value: "192.0.2.3" }))).toBe(once)
    yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.reset })
    expect(yield* syncsOf(({ hosts }) => hosts.create({ name: "lost", value: "192.0.2.4" }))).toBe(once)
  })
)

it.scopedLive("waits twice for what nobody can look for, and once more for its answer", () =>
  Effect.gen(function* () {
    const { sandbox, syncsOf } = yield* given
    const post: Script = ({ rest }) =>
      Workflow.unplanned(
        "by hand",
        Effect.asVoid(
          rest.request("POST", "/object/hosts", { body: { name: "x", type: "Host", value: "192.0.2.9" } })
        )
      )
    expect(yield* syncsOf(post)).toBe(`${twice} step sync`)
    yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.status(400) })
    expect(yield* syncsOf(post)).toBe(twice)
  })
)
