// Secrets in fields that a plugin declares, whatever they are called.
//
// Invariants: what lies in a declared field, also below others and in lists, stands neither in plan, journal, report,
// events and logs, nor in what a device, a verb's answer, a note or a step repeats of it · it is sent as it is · what
// would have to write one is not undone, and its plan says so · everything else is, compared without them · a resumed
// run knows its changes without them.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { DeviceRefused, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { Bulk, Collection } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import * as Canaries from "../../support/canaries.ts"
import * as Keeping from "../../support/keepingDevice.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const Tunnel = Schema.Struct(
  { id: Schema.String, name: Schema.String },
  { key: Schema.String, value: Schema.Unknown }
)
const secrets = ["psk", "ike.phrase", "keys[].value"]
const canaries = ["psk", "phrase", "value", "later", "former", "echoed"].map((one) => `Canary-${one}-8f31`)
const [psk, phrase, value, later, former, echoed] = canaries

/** A third party's kind: of hosts, since the sandbox keeps whatever fields they are given. */
const tunnelsOf = (fmc: Fmc.Fmc) =>
  Effect.map(fmc.domain("Global"), ({ hosts, rest }) => {
    const targetName = fmc.session.target.name
    const path = "/object/hosts"
    const written = ({ id: _id, ...fields }: Readonly<Record<string, unknown>>) => ({
      ...fields,
      type: "Host"
    })
    return Collection.make({
      ...Collection.restVerbs({
        rest,
        targetName,
        path,
        schema: Tunnel,
        written: (one) => (one.id ? one : written(one))
      }),
      targetName,
      path,
      at: rest.at(path),
      query: { expanded: "true" },
      type: "Host",
      secrets,
      list: hosts.list,
      find: hosts.find,
      createEach: (wanted, create) => Bulk.sequentially(wanted, create),
      removeEach: (ids, remove) => Bulk.sequentially(ids, remove)
    })
  })

const wanted = {
  name: "tunnel-1",
  value: "198.51.100.1",
  psk,
  ike: { mode: "main", phrase },
  keys: [{ name: "k-1", value }]
}

const state = { isMended: true, answer: `the device has ${echoed} now` }
const workflow = Workflow.make({
  name: "tunnels",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }) =>
    Effect.gen(function* () {
      const tunnels = yield* tunnelsOf(fmc)
      const made = yield* tunnels.create(wanted)
      yield* tunnels.update({ ...made, id: made.id, psk: later })
      const old = yield* tunnels.find("tunnel-0")
      // What was removed, and what is masked of it, a resumed run cannot show.
      if (Option.isSome(old)) {
        yield* tunnels.update({ ...old.value, description: "old" })
        yield* tunnels.remove(old.value.id)
      }
      yield* Workflow.change("tunnel", {
        on: fmc,
        path: "/api/tunnel",
        secrets,
        before: Effect.succeed({}),
        after: () => ({ psk: echoed }),
        planned: () => "",
        apply: () => Effect.succeed(state.answer),
        look: () => Effect.succeedNone,
        undo: () => [{ method: "PUT", path: "/api/tunnel", body: { line: `psk ${echoed}` }, expect: {} }]
      })
      yield* Workflow.note(`made with ${psk}`)
      yield* Workflow.step("result", Schema.String, Effect.succeed(`made with ${psk}`))
      if (!state.isMended) yield* Effect.fail(scriptFailed(`${psk} is to be looked at`))
      return made.name
    })
})

describe("secrets in fields that a plugin declares", () => {
  const given = Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const old = { id: "id-0", name: "tunnel-0", type: "Host", value: "198.51.100.9", psk: former }
    const { device, there, writes } = yield* Keeping.fmc({ items: { "/object/hosts": [old] } })
    const evidence = Canaries.evidence({ results: true })
    for (const one of canaries) evidence.plant(Redacted.make(one))
    return { devices: { fmc: device }, evidence, folder, there: () => there("/object/hosts"), writes }
  })

  it.scopedLive("stand nowhere, and what would have to write one is not undone", () =>
    Effect.gen(function* () {
      const { devices, evidence, folder, there } = yield* given
      state.isMended = true
      const planned = yield* evidence.watch("plan", Workflow.plan(workflow, devices, {}))
      const plan = yield* planned
      for (const words of [Workflow.planText(plan), Workflow.planMarkdown(plan)]) evidence.note("plan", words)
      expect(plan.complete).toBe(true)
      expect(plan.changes[0]?.fields).toEqual(
        expect.arrayContaining([
          { field: "psk", after: "(secret)" },
          { field: "ike", after: { mode: "main", phrase: "(secret)" } },
          { field: "keys", after: [{ name: "k-1", value: "(secret)" }] }
        ])
      )
      expect(plan.changes[1]?.fields).toEqual([{ field: "psk", before: "(secret)", after: "(secret)" }])
      const said = { cannot: expect.stringMatching(/psk|secret/) }
      expect(plan.changes.map(({ undo }) => undo)).toEqual(["yes", said, said, said, said])

      state.isMended = false
      const events: Array<unknown> = []
      const onProgress = (event: unknown) => events.push(event)
      const ran = yield* evidence.watch(
        "run",
        Workflow.run(workflow, devices, {}, { folder, plan, onProgress })
      )
      const { report } = yield* ran
      evidence.print("report", report)
      for (const words of [Workflow.runText(report), Workflow.runMarkdown(report)])
        evidence.note("report", words)
      evidence.note("events", JSON.stringify(events))
      evidence.note("journal", readFileSync(report.journal ?? "", "utf8"))
      expect(report.errors.map(({ tag }) => tag)).toEqual(["ScriptFailed"])
      expect(report.changes.map(({ state }) => state)).toEqual(["undone", "left", "left", "left", "left"])
      expect(evidence.found()).toEqual([])
      expect(there()).toEqual([])
    })
  )

  it.scopedLive("are sent as they are, and are not missed by a run that is resumed", () =>
    Effect.gen(function* () {
      const { devices, folder, there, writes } = yield* given
      // What a journal cannot keep of an answer, a resumed run cannot give.
      state.answer = "done"
      state.isMended = false
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
      expect(there()).toMatchObject([{ ...wanted, psk: later }])
      const sent = writes()
      state.isMended = true
      const resumed = yield* Workflow.resume(workflow, devices, report.run, { folder })
      expect(resumed.report.errors).toEqual([])
      expect(writes()).toEqual(sent)
      expect(there()).toMatchObject([{ ...wanted, psk: later }])
    })
  )

  it.scopedLive("are masked where a device repeats them", () =>
    Effect.gen(function* () {
      const { evidence } = yield* given
      const sandbox = yield* Sandbox.make({ objects: 0 })
      const words = `The key ${psk} is too short.`
      const body = { error: { category: "FRAMEWORK", messages: [{ description: words }], severity: "ERROR" } }
      yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.status(400, { body }) })
      const refused = yield* evidence.watch(
        "refusal",
        Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) =>
          Effect.flatMap(tunnelsOf(fmc), (tunnels) => Effect.flip(tunnels.create(wanted)))
        )
      )
      const error = yield* refused
      expect(error).toBeInstanceOf(DeviceRefused)
      expect(error.message).toContain("The key *** is too short")
      expect(evidence.found()).toEqual([])
    })
  )
})
