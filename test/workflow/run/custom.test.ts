// Changes that no verb knows, and jobs: planned, written down, taken back, resumed.
//
// Invariants: nothing is applied in a plan · what is as it is wanted is not applied · an undo sends its requests without
// the script · a resumed run looks before it applies, and never begins a job twice.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Deployment, DeviceRefused, type DeviceUnreachable, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { unreachable } from "../../support/unreachable.ts"

const Host = Schema.Struct(
  { id: Schema.String, name: Schema.String, value: Schema.String },
  { key: Schema.String, value: Schema.Unknown }
)

/** It sets the value of `host-001` by requests of its own. */
const setValue = (
  fmc: Fmc.Fmc,
  value: string,
  andThen: Effect.Effect<unknown, DeviceUnreachable | DeviceRefused> = Effect.void
) =>
  Effect.gen(function* () {
    const { hosts, rest } = yield* fmc.domain("Global")
    const found = Option.getOrThrow(yield* hosts.find("host-001"))
    const path = yield* rest.at("/object/hosts")
    const own = ({ id, name, value }: typeof Host.Type) => ({ id, name, type: "Host", value })
    return yield* Workflow.change("value", {
      on: fmc,
      path,
      before: Effect.map(rest.get(`/object/hosts/${found.id}`, Host), own),
      after: (before) => (before.value === value ? undefined : { ...before, value }),
      planned: () => "set",
      apply: (before) =>
        rest
          .send("PUT", `/object/hosts/${found.id}`, Schema.Unknown, { body: { ...before, value } })
          .pipe(Effect.zipRight(andThen), Effect.as("set")),
      look: () =>
        Effect.map(rest.get(`/object/hosts/${found.id}`, Host), (now) =>
          now.value === value ? Option.some("set") : Option.none()
        ),
      undo: (before) => [{ method: "PUT", path, id: found.id, body: before, expect: { value } }]
    })
  })

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
  const writes = () =>
    sandbox.ledger.requests.filter(({ kind, method }) => method !== "GET" && kind === "call").length
  const value = Effect.scoped(
    Effect.gen(function* () {
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      return Option.getOrThrow(yield* hosts.find("host-001")).value
    })
  )
  return { devices: { fmc: sandbox.fmc }, folder, writes, value, before: yield* value }
})

const failing = (
  script: (fmc: Fmc.Fmc, fail: Effect.Effect<void, Error>) => Effect.Effect<unknown, unknown>
) => {
  const state = { isMended: false }
  const fail = Effect.suspend(() => (state.isMended ? Effect.void : Effect.fail(scriptFailed("not yet"))))
  const workflow = Workflow.make({
    name: "custom",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) => script(fmc, fail)
  })
  return { state, workflow }
}

describe("a change that no verb knows", () => {
  const script = (fmc: Fmc.Fmc, fail: Effect.Effect<void, Error>) =>
    Effect.gen(function* () {
      const first = yield* setValue(fmc, "203.0.113.5")
      yield* fail
      return first
    })

  it.scopedLive("is planned, and taken back", () =>
    Effect.gen(function* () {
      const { before, devices, folder, value, writes } = yield* given
      const { state, workflow } = failing(script)
      state.isMended = true
      const plan = yield* Workflow.plan(workflow, devices, {})
      state.isMended = false
      expect(plan.end?.reason ?? plan.changes.map(({ fields, kind }) => [kind, fields])).toEqual([
        ["value", [{ field: "value", before, after: "203.0.113.5" }]]
      ])
      expect(writes()).toBe(0)
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder })
      expect(report.changes.map(({ state }) => state)).toEqual(["undone"])
      expect([yield* value, writes()]).toEqual([before, 2])
    })
  )

  it.scopedLive("is not applied again by a resumed run, which gets what it gave", () =>
    Effect.gen(function* () {
      const { devices, folder, value, writes } = yield* given
      const { state, workflow } = failing(script)
      const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
      state.isMended = true
      const { report, result } = yield* Workflow.resume(workflow, devices, first.report.run, { folder })
      expect([report.errors, Option.getOrThrow(result)]).toEqual([[], "set"])
      expect([yield* value, writes()]).toEqual(["203.0.113.5", 1])
    })
  )
})

describe("a change whose write is accepted, and what it asks for behind that is not", () => {
  const refused = new DeviceRefused({ targetName: "fmc", operation: "GET /job/7", status: 404, messages: [] })

  for (const error of [unreachable("fmc"), refused]) {
    const script = (isMended: () => boolean) => (fmc: Fmc.Fmc) =>
      setValue(
        fmc,
        "203.0.113.5",
        Effect.suspend(() => (isMended() ? Effect.void : Effect.fail(error)))
      )

    it.scopedLive(`is taken back: ${error._tag}`, () =>
      Effect.gen(function* () {
        const { before, devices, folder, value, writes } = yield* given
        const { workflow } = failing(script(() => false))
        const { report } = yield* Workflow.run(workflow, devices, {}, { folder })
        expect(report.changes.map(({ state }) => state)).toEqual(["undone"])
        expect([yield* value, writes()]).toEqual([before, 2])
      })
    )

    it.scopedLive(`is looked for by a resumed run, and not sent again: ${error._tag}`, () =>
      Effect.gen(function* () {
        const { devices, folder, value, writes } = yield* given
        let isMended = false
        const { workflow } = failing(script(() => isMended))
        const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
        expect(first.report.errors.map(({ tag }) => tag)).toEqual([error._tag])
        isMended = true
        const { report, result } = yield* Workflow.resume(workflow, devices, first.report.run, { folder })
        expect([report.errors, Option.getOrThrow(result)]).toEqual([[], "set"])
        expect([yield* value, writes()]).toEqual(["203.0.113.5", 1])
      })
    )
  }
})

describe("a change that no verb knows, of something else than before", () => {
  it.scopedLive("is not made by a resumed run", () =>
    Effect.gen(function* () {
      const { devices, folder, value, writes } = yield* given
      let wanted = "203.0.113.5"
      const { state, workflow } = failing((fmc, fail) =>
        Effect.zipRight(
          Effect.suspend(() => setValue(fmc, wanted)),
          fail
        )
      )
      const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
      state.isMended = true
      wanted = "203.0.113.6"
      const { report } = yield* Workflow.resume(workflow, devices, first.report.run, { folder })
      expect(report.errors.map(({ tag }) => tag)).toEqual(["ResumeDiverged"])
      expect([yield* value, writes()]).toEqual(["203.0.113.5", 1])
    })
  )
})

describe("a job", () => {
  it.scopedLive("is begun once, and waited for by a resumed run", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* given
      let begun = 0
      let polls = 0
      const { state, workflow } = failing((fmc, fail) =>
        Effect.gen(function* () {
          const end = yield* Workflow.job("upgrade", {
            on: fmc,
            path: "/api/upgrades",
            what: Effect.succeed({ version: "7.6" }),
            submit: Effect.sync(() => `job-${++begun}`),
            find: Effect.succeedNone,
            poll: (id) => Effect.sync(() => `${id} ${++polls}`),
            phase: () => "done",
            cannot: "a version is not taken back"
          })
          yield* fail
          return end
        })
      )
      const plan = yield* Workflow.plan(workflow, devices, {})
      expect([plan.complete, plan.changes.map(({ undo }) => undo), begun]).toEqual([
        false,
        [{ cannot: "a version is not taken back" }],
        0
      ])
      const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
      state.isMended = true
      const { result } = yield* Workflow.resume(workflow, devices, first.report.run, { folder })
      expect([Option.getOrThrow(result), begun]).toEqual(["job-1 2", 1])
    })
  )

  it.scopedLive("that fails is told, and left as what cannot be taken back", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* given
      const { workflow } = failing((fmc) =>
        Workflow.job("upgrade", {
          on: fmc,
          path: "/api/upgrades",
          what: Effect.succeed({}),
          submit: Effect.succeed(1),
          find: Effect.succeedNone,
          poll: () => Effect.succeed("broken"),
          phase: () => "failed",
          cannot: "a version is not taken back"
        })
      )
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder })
      expect(report.errors.map(({ tag }) => tag)).toEqual(["JobFailed"])
      expect(report.changes.map(({ state }) => state)).toEqual(["left"])
      expect(report.changes[0]?.why).toContain("a version is not taken back")
    })
  )

  it.scopedLive(
    "that lasts longer than it is waited for goes on: a resumed run waits on, and begins no other",
    () =>
      Effect.gen(function* () {
        const { devices, folder } = yield* given
        let begun = 0
        let isOver = false
        const { workflow } = failing((fmc) =>
          Workflow.job("upgrade", {
            on: fmc,
            path: "/api/upgrades",
            what: Effect.succeed({}),
            submit: Effect.sync(() => ++begun),
            find: Effect.succeedNone,
            poll: () => Effect.sync(() => (isOver ? "good" : "a state that nobody knows")),
            phase: (state) => (state === "good" ? "done" : "running"),
            cannot: "a version is not taken back"
          })
        )
        const soon = Effect.provideService(Deployment.PollSchedule, Schedule.recurs(3))
        const first = yield* soon(Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" }))
        expect(first.report.errors.map(({ tag }) => tag)).toEqual(["JobUnfinished"])
        expect(first.report.errors[0]?.message).toContain("resume the run, which goes on waiting")
        isOver = true
        const { result } = yield* soon(Workflow.resume(workflow, devices, first.report.run, { folder }))
        expect([Option.getOrThrow(result), begun]).toEqual(["good", 1])
      })
  )
})
