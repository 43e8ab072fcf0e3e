// Changes that no verb knows, and jobs, of scripts that await.
//
// States of a change: looked at, planned or applied, lost or answered, found or not, taken back. Races: a run that ends
// between what is applied and what is asked for next; a device that has done what it does not answer.
//
// Invariants: nothing is applied in a plan · an undo sends its requests without the script · a lost answer is looked for
// and nothing is applied twice · a job is begun once · what is no such function is refused before anything is read.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { ReadBack, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"

const wanted = "203.0.113.5"

/** Fails with what rejects. */
const tried = <A>(promise: () => Promise<A>) =>
  Effect.tryPromise({ try: promise, catch: (error) => error as Error & { readonly _tag?: string } })

type Script = Workflow.PromiseWorkflow<object, object, { fmc: typeof Fmc.plugin }, unknown>["run"]

const made = (run: Script) =>
  Workflow.promise({ name: "awaits", input: Schema.Struct({}), devices: { fmc: Fmc.plugin }, run })

/** It sets the value of `host-001` by requests of its own, and then goes on. */
const settingValue = (then: () => void) =>
  made(async ({ fmc }, _, { change }) => {
    const { hosts, rest } = await fmc.domain("Global")
    const path = await rest.at("/object/hosts")
    const { id, name } = (await hosts.find("host-001")) ?? {}
    const read = async () => ({ id, name, type: "Host", value: (await hosts.get(String(id))).value })
    const made = await change("value", {
      on: fmc,
      path,
      before: read,
      after: (before) => (before.value === wanted ? undefined : { ...before, value: wanted }),
      planned: () => "planned",
      apply: async (before) => {
        await rest.request("PUT", `/object/hosts/${id}`, { body: { ...before, value: wanted } })
        return "applied"
      },
      look: async () => ((await read()).value === wanted ? { result: "found" } : undefined),
      undo: (before) => [{ method: "PUT", path, id: String(id), body: before, expect: { value: wanted } }]
    })
    then()
    return made
  })

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const devices = { fmc: sandbox.fmc }
  const options = { folder: mkdtempSync(join(tmpdir(), "sallyport-runs-")) }
  const writes = () =>
    sandbox.ledger.requests.filter(({ kind, method }) => method !== "GET" && kind === "call").length
  const value = tried(() =>
    Fmc.use(sandbox.fmc, async (fmc) => (await (await fmc.domain("Global")).hosts.find("host-001"))?.value)
  )
  return { sandbox, devices, options, writes, value }
})

describe("a change that no verb knows, of a script that awaits", () => {
  it.scopedLive("is planned, and taken back where the script fails", () =>
    Effect.gen(function* () {
      const { devices, options, value, writes } = yield* given
      const before = yield* value
      const plan = yield* tried(() =>
        Workflow.planPromise(
          settingValue(() => {}),
          devices,
          {}
        )
      )
      expect([plan.complete, plan.changes.map(({ fields, kind }) => [kind, fields]), writes()]).toEqual([
        true,
        [["value", [{ field: "value", before, after: wanted }]]],
        0
      ])
      const failing = settingValue(() => {
        throw scriptFailed("not yet")
      })
      const { report } = yield* tried(() => Workflow.runPromise(failing, devices, {}, options))
      expect(report.changes.map(({ state }) => state)).toEqual(["undone"])
      expect([yield* value, writes()]).toEqual([before, 2])
    })
  )

  it.scopedLive("is not applied again by a resumed run, which is told what came of it", () =>
    Effect.gen(function* () {
      const { devices, options, value, writes } = yield* given
      let isMended = false
      const script = settingValue(() => {
        if (!isMended) throw scriptFailed("not yet")
      })
      const first = yield* tried(() =>
        Workflow.runPromise(script, devices, {}, { ...options, onFailure: "leave" })
      )
      isMended = true
      const { report, result } = yield* tried(() =>
        Workflow.resumePromise(script, devices, first.report.run, options)
      )
      expect([report.errors, result]).toEqual([[], "found"])
      expect([yield* value, writes()]).toEqual([wanted, 1])
    })
  )

  it.scopedLive("is looked for where its answer is lost, and not applied twice", () =>
    Effect.gen(function* () {
      const { devices, options, sandbox, value, writes } = yield* given
      yield* sandbox.fail({ method: "PUT", how: Sandbox.Fault.loseAnswer })
      const { report, result } = yield* tried(() =>
        Workflow.runPromise(
          settingValue(() => {}),
          devices,
          {},
          options
        )
      )
      expect([report.errors, result]).toEqual([[], "found"])
      expect([yield* value, writes()]).toEqual([wanted, 1])
    })
  )
})

describe("a job of a script that awaits", () => {
  it.scopedLive("is begun once, and waited for by a resumed run", () =>
    Effect.gen(function* () {
      const { devices, options } = yield* given
      let [begun, polls, isMended] = [0, 0, false]
      const script = made(async ({ fmc }, _, { job }) => {
        const end = await job("upgrade", {
          on: fmc,
          path: "/api/upgrades",
          what: { version: "7.6" },
          submit: async () => `job-${++begun}`,
          find: async () => undefined,
          poll: async (id) => `${id} ${++polls}`,
          phase: () => "done",
          cannot: "a version is not taken back"
        })
        if (!isMended) throw scriptFailed("not yet")
        return end
      })
      const plan = yield* tried(() => Workflow.planPromise(script, devices, {}))
      expect([plan.complete, plan.changes.map(({ fields }) => fields), begun]).toEqual([
        false,
        [[{ field: "version", after: "7.6" }]],
        0
      ])
      const first = yield* tried(() =>
        Workflow.runPromise(script, devices, {}, { ...options, onFailure: "leave" })
      )
      isMended = true
      const { result } = yield* tried(() =>
        Workflow.resumePromise(script, devices, first.report.run, options)
      )
      expect([result, begun]).toEqual(["job-1 2", 1])
    })
  )

  it.scopedLive(
    "that has no id is begun once as well, and nothing that a search gives for none is an id",
    () =>
      Effect.gen(function* () {
        const { devices, options, sandbox } = yield* given
        let [begun, polls, isMended] = [0, 0, false]
        const body = { name: "job", type: "Host", value: "192.0.2.1" }
        const script = made(async ({ fmc }, _, { job }) => {
          const { rest } = await fmc.domain("Global")
          const end = await job("creation", {
            on: fmc,
            path: await rest.at("/object/hosts"),
            what: {},
            submit: async () => {
              begun += 1
              await rest.request("POST", "/object/hosts", { body })
            },
            // What scripts in JavaScript give where they find nothing.
            find: async () => null as never,
            poll: async () => `poll ${++polls}`,
            phase: () => "done",
            cannot: "it is a job"
          })
          if (!isMended) throw scriptFailed("not yet")
          return end
        })
        const first = yield* tried(() =>
          Workflow.runPromise(script, devices, {}, { ...options, onFailure: "leave" })
        )
        isMended = true
        const second = yield* tried(() => Workflow.resumePromise(script, devices, first.report.run, options))
        expect([second.result, begun]).toEqual(["poll 2", 1])

        yield* sandbox.fail({ kind: "call", method: "POST", how: Sandbox.Fault.loseAnswer })
        const lost = yield* Workflow.run(script, devices, {}, options).pipe(
          Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))
        )
        expect([lost.report.errors.map(({ tag }) => tag), polls]).toEqual([["OutcomeUnknown"], 2])
      })
  )

  it.scopedLive("is found where it was begun and its answer was lost", () =>
    Effect.gen(function* () {
      const { devices, options, sandbox } = yield* given
      yield* sandbox.fail({ kind: "call", method: "POST", how: Sandbox.Fault.loseAnswer })
      const body = { name: "job", type: "Host", value: "192.0.2.1" }
      const script = made(async ({ fmc }, _, { job }) => {
        const { hosts, rest } = await fmc.domain("Global")
        return job("creation", {
          on: fmc,
          path: await rest.at("/object/hosts"),
          what: async () => ({ of: (await hosts.find("host-001"))?.name }),
          submit: async () => ((await rest.request("POST", "/object/hosts", { body })) as typeof body).name,
          find: async () => (await hosts.find("job"))?.name,
          poll: async (name) => (await hosts.find(name))?.value,
          phase: (value) => (value === undefined ? "running" : "done"),
          cannot: "it is a job"
        })
      })
      const { report, result } = yield* tried(() => Workflow.runPromise(script, devices, {}, options))
      expect([report.errors, result]).toEqual([[], body.value])
    })
  )
})

describe("what is no such function", () => {
  const { object: change, job } = {
    object: {
      path: "/api/banner",
      before: async () => ({ text: "old" }),
      after: () => ({ text: "new" }),
      apply: async () => undefined,
      look: async () => undefined,
      undo: { cannot: "it is a test" }
    },
    job: {
      path: "/api/jobs",
      what: {},
      submit: async () => "1",
      find: async () => undefined,
      poll: async () => "over",
      phase: () => "done",
      cannot: "it is a test"
    }
  }

  const faults: ReadonlyArray<readonly ["change" | "job", object, string]> = [
    [
      "change",
      { lok: change.look },
      "change.lok: a change has no such field; leave it out, or check its spelling: did you mean look?"
    ],
    [
      "change",
      { look: undefined },
      "change.look: it is missing, and a change needs it; give an async function"
    ],
    ["change", { before: Effect.succeed({}) }, "change.before: this cannot be used; give an async function"],
    ["change", { apply: Promise.resolve() }, "change.apply: this cannot be used; give an async function"],
    ["change", { path: "api" }, 'change.path: "api" cannot be used; give the path'],
    ["change", { on: {} }, "change.on: this cannot be used; give the client of the device"],
    [
      "change",
      { undo: [] },
      "change.undo: this cannot be used; give a function that gives at once the requests"
    ],
    ["change", { after: async () => ({ text: "new" }) }, "change.after: it gives a promise; give a function"],
    ["job", { submit: Effect.succeed(1) }, "job.submit: this cannot be used; give an async function"],
    ["job", { what: Effect.succeed({}) }, "job.what: this cannot be used; give the facts"],
    ["job", { onTimeout: "wait" }, 'job.onTimeout: "wait" cannot be used; give "fail" or "leave".'],
    ["job", { phase: () => "Done" }, 'phase: what it gives is none of "running", "done" and "failed"']
  ]

  it.scopedLive("is refused by its name, and by what to give", () =>
    Effect.gen(function* () {
      const { devices, options } = yield* given
      const said: Array<unknown> = []
      const script = made(async ({ fmc }, _, tools) => {
        for (const [tool, fault] of faults) {
          const whole = { on: fmc, ...(tool === "change" ? change : job), ...fault }
          // A script in JavaScript has no types that would refuse it.
          const call = tools[tool] as (name: string, given: object) => Promise<unknown>
          const error = await call("odd", whole).catch((error: unknown) => error)
          said.push([Object(error)._tag, Object(error).message])
        }
      })
      yield* tried(() => Workflow.runPromise(script, devices, {}, options))
      expect(said).toEqual(faults.map(([, , message]) => ["InvalidInput", expect.stringContaining(message)]))
    })
  )
})
