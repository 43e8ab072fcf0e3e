// Updates that leave out what a device has added by itself, in their plan and in the run that is held to it.
//
// States of an object: there before · made by the run · made, and changed since; of a part of it: as it was given · with
// what the device has added. Invariants: the run does what its plan says, to the change · what is given otherwise is
// sent · what is left out of what was there is shown by the plan, and sent · what the device has added by itself to what
// the run has made is no difference.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const block = { type: "AccessPolicyDefaultAction", action: "BLOCK" }
const wanted = { name: "p", type: "AccessPolicy", defaultAction: block }

const policiesOf = (fmc: Fmc.Fmc) =>
  Effect.map(fmc.domain("Global"), (domain) => domain.objects("/policy/accesspolicies"))

type Policies = Effect.Effect.Success<ReturnType<typeof policiesOf>>

/** What a script does on its devices, planned and then run by that plan; with `fail` it can be stopped until it is mended. */
const given = (
  script: (clients: {
    readonly policies: Policies
    readonly fdm: Fdm.Fdm
    readonly fail: Effect.Effect<void, Error>
  }) => Effect.Effect<unknown, unknown>
) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = yield* temporaryFolder
    const state = { isMended: true }
    const fail = Effect.suspend(() => (state.isMended ? Effect.void : Effect.fail(scriptFailed("not yet"))))
    const workflow = Workflow.make({
      name: "left-out",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
      run: ({ fdm, fmc }) => Effect.flatMap(policiesOf(fmc), (policies) => script({ policies, fdm, fail }))
    })
    const { fdm, fmc } = sandbox
    const policies = yield* Effect.flatMap(Fmc.make(fmc), policiesOf)
    return { sandbox, folder, state, workflow, devices: { fdm, fmc }, policies }
  })

/** What a plan says, and what its run does; the same, where nobody is in between. */
const plannedAndRun = ({ devices, folder, workflow }: Effect.Effect.Success<ReturnType<typeof given>>) =>
  Effect.gen(function* () {
    const plan = yield* Workflow.plan(workflow, devices, {})
    const { report } = yield* Workflow.run(workflow, devices, {}, { folder, plan })
    expect([report.outcome, report.errors]).toEqual(["done", []])
    const facts = ({ action, fields }: Pick<Workflow.PlannedChange, "action" | "fields">) =>
      action === "update" ? fields.map(({ after, before, field }) => [field, before, after]) : action
    expect(report.changes.map(facts)).toEqual(plan.changes.map(facts))
    expect(report.unchanged).toBe(plan.unchanged)
    return { changes: plan.changes.map(facts), unchanged: plan.unchanged }
  })

describe("an update by the plan", () => {
  it.scopedLive("of what the run has made does nothing where all is as it was given", () =>
    Effect.gen(function* () {
      const own = yield* given(({ fdm, policies }) =>
        Effect.gen(function* () {
          const { id = "" } = yield* policies.create(wanted)
          yield* policies.update({ ...(yield* policies.get(id)), id, defaultAction: block })
          yield* policies.update({ ...wanted, id })
          const { version: _, ...host } = yield* fdm.networks.create({
            name: "n",
            value: "192.0.2.1",
            subType: "HOST"
          })
          yield* fdm.networks.update({
            id: host.id ?? "",
            name: "n",
            type: "networkobject",
            value: "192.0.2.1",
            subType: "HOST"
          })
        })
      )
      expect(yield* plannedAndRun(own)).toEqual({ changes: ["create", "create"], unchanged: 3 })
    })
  )

  it.scopedLive("of what the run has made says what of a part is otherwise, and back", () =>
    Effect.gen(function* () {
      const own = yield* given(({ policies }) =>
        Effect.gen(function* () {
          const { id = "" } = yield* policies.create(wanted)
          for (const action of ["PERMIT", "PERMIT", "BLOCK"])
            yield* policies.update({ ...(yield* policies.get(id)), id, defaultAction: { ...block, action } })
          yield* policies.update({ ...wanted, id })
        })
      )
      expect(yield* plannedAndRun(own)).toEqual({
        changes: [
          "create",
          [["defaultAction.action", "BLOCK", "PERMIT"]],
          [["defaultAction.action", "PERMIT", "BLOCK"]]
        ],
        unchanged: 2
      })
    })
  )

  it.scopedLive("of what was there shows what it takes away from a part", () =>
    Effect.gen(function* () {
      const own = yield* given(({ policies }) =>
        Effect.gen(function* () {
          const there = yield* Effect.flatten(policies.find("p"))
          yield* policies.update({ ...there, defaultAction: block })
          yield* policies.update({ ...there, defaultAction: { ...block, logBegin: true } })
          yield* policies.update({ ...(yield* policies.get(there.id)), id: there.id, defaultAction: block })
        })
      )
      yield* own.policies.create(wanted)
      expect(yield* plannedAndRun(own)).toEqual({
        changes: [[["defaultAction.logBegin", false, true]], [["defaultAction.logBegin", true, undefined]]],
        unchanged: 1
      })
      const [there] = [yield* Effect.flatten(own.policies.find("p"))]
      expect(there).toMatchObject({ defaultAction: { logBegin: false } })
    })
  )

  it.scopedLive("is none either in a resumed run, which knows what it had made", () =>
    Effect.gen(function* () {
      const own = yield* given(({ fail, policies }) =>
        Effect.gen(function* () {
          const { id = "" } = yield* policies.create(wanted)
          yield* fail
          yield* policies.update({ ...wanted, id })
        })
      )
      const { devices, folder, state, workflow } = own
      const plan = yield* Workflow.plan(workflow, devices, {})
      state.isMended = false
      const options = { folder, plan, onFailure: "leave" } as const
      const { report: first } = yield* Workflow.run(workflow, devices, {}, options)
      expect(first.outcome).toBe("failed")
      state.isMended = true
      const { report } = yield* Workflow.resume(workflow, devices, first.run, { folder, plan })
      expect([report.outcome, report.errors, report.changes.length, report.unchanged]).toEqual([
        "done",
        [],
        1,
        1
      ])
    })
  )
})
