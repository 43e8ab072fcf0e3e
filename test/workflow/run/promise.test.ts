// Runs of scripts that await.
//
// States of a run as in run.test.ts; a signal may end it in any. Races: an async function that goes on after it was
// stopped; a call under way when the run ends.
//
// Invariants: what a function awaits is journaled in its step · what `unplanned` does not hold is not sent · after a
// signal nothing of the script is sent, what was done is taken back, and every session is logged out · a step whose
// result has a Schema is not run again by a resumed run.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../../support/eventually.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"

const made = <A>(run: Workflow.PromiseWorkflow<object, object, { fmc: typeof Fmc.plugin }, A>["run"]) =>
  Workflow.promise({ name: "awaits", input: Schema.Struct({}), devices: { fmc: Fmc.plugin }, run })

/** Fails with what rejects. */
const tried = <A>(promise: () => Promise<A>) =>
  Effect.tryPromise({ try: promise, catch: (error) => error as Error & { readonly _tag?: string } })

const host = (at: number) => ({ name: `web-${at}`, value: `192.0.2.${at}` })
const folder = () => mkdtempSync(join(tmpdir(), "sallyport-runs-"))

/** The hosts of a script that are on the device. */
const there = (sandbox: Sandbox.Sandbox) =>
  tried(() =>
    Fmc.use(sandbox.fmc, async (fmc) => {
      const all = await (await fmc.domain("Global")).hosts.list().toArray()
      return all.flatMap(({ name }) => (name.startsWith("web-") ? [name] : [])).toSorted()
    })
  )

describe("a run of a script that awaits", () => {
  it.scopedLive("journals what it awaits in its steps, and gives its result", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = made(async ({ fmc }, _, { note, step, unplanned }) => {
        const { hosts, rest } = await fmc.domain("Global")
        await Promise.all(
          [1, 2].map((at) => step(`s${at}`, () => step("inner", async () => hosts.create(host(at)))))
        )
        await note("said")
        await step("raw", () =>
          unplanned("by hand", async () => {
            await hosts.find("none")
            await rest.request("POST", "/object/hosts", { body: { ...host(3), type: "Host" } })
          })
        )
        return 7
      })
      const { report, result } = yield* tried(() =>
        Workflow.runPromise(script, { fmc: sandbox.fmc }, {}, { folder: folder() })
      )
      expect({ outcome: report.outcome, result }).toEqual({ outcome: "done", result: 7 })
      const steps = report.changes.map(({ name, step }) => `${step}: ${name}`).toSorted()
      expect(steps.slice(-2)).toEqual(["s1 / inner: web-1", "s2 / inner: web-2"])
      expect(yield* there(sandbox)).toEqual(["web-1", "web-2", "web-3"])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive(
    "sends no request of its own outside of what it calls unplanned, and takes back what it did",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const script = made(async ({ fmc }, _, { unplanned }) => {
          const { hosts, rest } = await fmc.domain("Global")
          await hosts.create(host(1))
          await unplanned("nothing", async () => undefined)
          await rest.request("POST", "/object/hosts", { body: { ...host(2), type: "Host" } })
        })
        const { report, result } = yield* tried(() =>
          Workflow.runPromise(script, { fmc: sandbox.fmc }, {}, { folder: folder() })
        )
        expect(result).toBeUndefined()
        expect(report.outcome).not.toBe("done")
        expect(report.changes.find(({ name }) => name === "web-1")?.state).toBe("undone")
        expect(yield* there(sandbox)).toEqual([])
      })
  )

  it.scopedLive("takes back what it did where it has not awaited what it called", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = made(async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await hosts.create(host(1))
        await step("forgets", async () => {
          void hosts.upsert(host(2))
        })
      })
      const { report } = yield* tried(() =>
        Workflow.runPromise(script, { fmc: sandbox.fmc }, {}, { folder: folder() })
      )
      expect(report.outcome).toBe("failed")
      expect(report.errors).toMatchObject([{ tag: "InvalidInput" }])
      expect(yield* there(sandbox)).toEqual([])
    })
  )

  it.scopedLive("ends by a signal, undone and logged out, and sends nothing more", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const end = new AbortController()
      const seen: Array<string> = []
      const script = made(async ({ fmc }) => {
        const { hosts } = await fmc.domain("Global")
        await hosts.create(host(1))
        seen.push("created")
        try {
          await new Promise((_, reject) => end.signal.addEventListener("abort", reject))
        } catch {
          await hosts.create(host(2)).catch(({ _tag }) => seen.push(_tag))
        }
      })
      const run = Workflow.runPromise(
        script,
        { fmc: sandbox.fmc },
        {},
        { folder: folder(), signal: end.signal }
      )
      yield* eventually("it has created", () => seen.length > 0)
      const reason = scriptFailed("enough")
      end.abort(reason)
      expect(yield* Effect.flip(tried(() => run))).toBe(reason)
      expect(sandbox.ledger.open).toBe(0)
      expect(yield* there(sandbox)).toEqual([])
      expect(seen).toHaveLength(2)
    })
  )
})

describe("a run that was left", () => {
  it.scopedLive("is resumed without the step whose result it has, and then undone", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const steps: Array<string> = []
      let isMended = false
      const script = made(async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        const names = await step("once", Schema.Array(Schema.String), async () => {
          steps.push("once")
          return [(await hosts.create(host(1))).name ?? ""]
        })
        await step("again", async () => {
          steps.push("again")
          if (!isMended) throw scriptFailed("not yet")
          await hosts.create(host(2))
        })
        return names
      })
      const devices = { fmc: sandbox.fmc }
      const options = { folder: folder() }
      const first = yield* tried(() =>
        Workflow.runPromise(script, devices, {}, { ...options, onFailure: "leave" })
      )
      expect(first.report.outcome).toBe("failed")
      isMended = true
      const { run } = first.report
      const resumed = yield* tried(() => Workflow.resumePromise(script, devices, run, options))
      expect(resumed).toMatchObject({ report: { outcome: "done" }, result: ["web-1"] })
      expect(steps).toEqual(["once", "again", "again"])
      expect(yield* there(sandbox)).toEqual(["web-1", "web-2"])
      const over = yield* Effect.flip(tried(() => Workflow.resumePromise(script, devices, run, options)))
      expect(over).toMatchObject({ _tag: "RunOver" })
      yield* tried(() => Workflow.undoPromise(script, devices, run, options))
      expect(yield* there(sandbox)).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})

describe("a slip in what a run is given", () => {
  const script = made(async (_clients, _, { step }) => {
    await step("x", "no schema" as never, async () => undefined)
  })
  it.scopedLive("rejects at the script's line, or is told in the report", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const devices = { fmc: sandbox.fmc }
      const wrong: ReadonlyArray<[field: string, run: () => Promise<unknown>]> = [
        ["limits", () => Workflow.runPromise(script, devices, {}, { limits: 1 } as never)],
        ["options", () => Workflow.undoPromise(script, devices, "x", 7 as never)],
        ["signal", () => Workflow.runPromise(script, devices, {}, { signal: 1 as never })]
      ]
      for (const [field, run] of wrong) {
        const error = yield* Effect.flip(tried(async () => await run()))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(String(error.stack).split("\n")[1]).toContain("promise.test.ts")
      }
      const { report } = yield* tried(() => Workflow.runPromise(script, devices, {}, { folder: folder() }))
      expect(report.errors).toMatchObject([
        { message: expect.stringContaining("step.result: this is no Schema") }
      ])
    })
  )
})
