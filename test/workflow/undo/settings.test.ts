// The settings that a device puts below what is created by itself, such as the logging settings of a policy.
//
// States of them: as the device has put them; changed by the run; changed by somebody since; of which nobody knows how
// they were; that the device does not have, or does not show. Races: a run is interrupted, or its device hangs, while it reads them.
//
// Invariants: an undo removes nothing whose settings somebody has changed, or may have · what nobody has touched is taken
// back · no journal holds a key that stands in them.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { Pages, type Rest } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import type { JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import { eventually } from "../../support/eventually.ts"
import * as KeepingDevice from "../../support/keepingDevice.ts"
import { recorded, undone } from "../../support/recordedRun.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const Fields = Schema.Record({ key: Schema.String, value: Schema.Unknown })
const policies = "/policy/accesspolicies"
const policy = { name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }

/** What is created at a path is `id-1` there, and has what the device puts below it. */
const opened = (
  path: string,
  list: string,
  settings: Readonly<Record<string, unknown>>,
  manners: KeepingDevice.Manners = {}
) =>
  Effect.gen(function* () {
    const below = `${path}/id-1/${list}`
    const { domain, there, writes } = yield* KeepingDevice.fmc({
      items: { [path]: [], [below]: [{ id: "s", ...settings }] },
      ...manners
    })
    const undo = (changes: ReadonlyArray<JournaledChange>) =>
      Effect.map(undone(changes, { [changes[0]?.targetName ?? ""]: domain }), ({ result }) => ({
        hows: result.map(({ result }) => result.how),
        why: result.map(({ result }) => result.why ?? "").join("\n")
      }))
    return { list: domain.objects(path), settings: domain.objects(below), there, undo, writes }
  })

describe("what a run has created, with settings below it", () => {
  for (const [what, path, list, wanted, before, after] of [
    ["the logging of a policy", policies, "loggingsettings", policy, {}, { enableipsSyslog: true }],
    [
      "the policy that it inherits from",
      policies,
      "inheritancesettings",
      policy,
      {},
      { basePolicy: { id: "base", name: "base", type: "AccessPolicy" } }
    ],
    [
      "the keys of a VPN",
      "/policy/ftds2svpns",
      "ikesettings",
      { name: "v", type: "FTDS2SVpn", topologyType: "POINT_TO_POINT" },
      { ikeV2Settings: { authenticationType: "AUTOMATIC_PRE_SHARED_KEY", manualPreSharedKey: "a key" } },
      { ikeV2Settings: { authenticationType: "CERTIFICATE" } }
    ],
    [
      "the inspectors of a policy",
      "/policy/networkanalysispolicies",
      "inspectoroverrideconfigs",
      { name: "n", type: "NetworkAnalysisPolicy" },
      { inspectorOverrideConfig: {} },
      { inspectorOverrideConfig: { arp_spoof: { enabled: true } } }
    ],
    [
      "what becomes of tunnels",
      "/policy/prefilterpolicies",
      "defaultactions",
      { name: "f", type: "PrefilterPolicy" },
      { action: "ANALYZE_TUNNELS" },
      { action: "ANALYZE_TUNNELS", syslogConfig: { id: "log", type: "SyslogAlert" } }
    ],
    [
      "the BGP of a virtual router",
      "/devices/devicerecords/d/routing/virtualrouters",
      "bgp",
      { name: "v", type: "VirtualRouter" },
      { addressFamilyIPv4: {} },
      { addressFamilyIPv4: { neighbors: [{ ipv4Address: "192.0.2.1" }] } }
    ]
  ] as const)
    it.scopedLive(`stays where somebody has changed ${what}, and goes where nobody has`, () =>
      Effect.gen(function* () {
        const { list: all, settings, there, undo, writes } = yield* opened(path, list, before)
        const changes = yield* recorded(all.create(wanted))
        yield* settings.update({ id: "s", ...after })
        const { hows, why } = yield* undo(changes)
        expect(hows).toEqual(["changedSince"])
        expect(why).toContain(`was left: somebody has changed its ${list} since`)
        expect(writes()).not.toContain(`DELETE ${path}`)
        yield* settings.update({ id: "s", ...before })
        expect((yield* undo(changes)).hows).toEqual(["undone"])
        expect(there(path)).toEqual([])
      })
    )

  it.scopedLive("goes with settings that the run itself has changed, and that it has changed back", () =>
    Effect.gen(function* () {
      const { list, settings, undo, writes } = yield* opened(policies, "loggingsettings", {})
      const changes = yield* recorded(
        Effect.zipRight(list.create(policy), settings.update({ id: "s", enableipsSyslog: true }))
      )
      expect((yield* undo(changes)).hows).toEqual(["goneWithParent", "undone"])
      expect(writes().at(-1)).toBe(`DELETE ${policies}`)
    })
  )

  it.scopedLive("stays where somebody has changed what the run has changed before", () =>
    Effect.gen(function* () {
      const { list, settings, there, undo } = yield* opened(policies, "loggingsettings", {})
      const changes = yield* recorded(
        Effect.zipRight(list.create(policy), settings.update({ id: "s", enableipsSyslog: true }))
      )
      yield* settings.update({ id: "s", enableipsSyslog: true, ipsSyslogSeverity: "ALERT", description: "x" })
      const { hows } = yield* undo(changes)
      expect(hows).toEqual(["changedSince", "changedSince"])
      expect(there(policies)).toHaveLength(1)
    })
  )

  it.scopedLive("stays where somebody changes it while its settings are read", () =>
    Effect.gen(function* () {
      const { domain, there } = yield* KeepingDevice.fmc({
        items: { [policies]: [], [`${policies}/id-1/loggingsettings`]: [{ id: "s" }] }
      })
      const changes = yield* recorded(domain.objects(policies).create(policy))
      const describe = domain.objects(policies).update({ ...policy, id: "id-1", description: "somebody's" })
      const list = (path: string, query: Rest.Query = {}) =>
        Stream.unwrap(
          Effect.as(
            path.endsWith("loggingsettings") ? Effect.orDie(describe) : Effect.void,
            Pages.list(domain.rest, path, Fields, query)
          )
        )
      const { result } = yield* undone(changes, {
        [changes[0]?.targetName ?? ""]: { rest: { ...domain.rest, list } }
      })
      expect(result.map(({ result }) => result.how)).toEqual(["changedSince"])
      expect(there(policies)).toMatchObject([{ description: "somebody's" }])
    })
  )

  it.scopedLive("stays where its answer was lost, since nobody knows how its settings were", () =>
    Effect.gen(function* () {
      const { list, undo, writes } = yield* opened(policies, "loggingsettings", { enableipsSyslog: true })
      const [change] = yield* recorded(list.create(policy))
      const { path = "" } = change ?? {}
      const byName = { method: "DELETE", path, find: "p", expect: policy, isWhole: true } as const
      const { hows, why } = yield* undo([
        { ...(change as JournaledChange), outcome: "unknown", undo: [byName] }
      ])
      expect(hows).toEqual(["changedSince"])
      expect(why).toContain("nobody knows whether somebody has changed its loggingsettings since")
      expect(writes()).not.toContain(`DELETE ${policies}`)
    })
  )

  it.scopedLive("goes where its answer was lost, and nothing is in its settings", () =>
    Effect.gen(function* () {
      const { list, undo } = yield* opened(policies, "inheritancesettings", {
        type: "AccessPolicyInheritanceSetting",
        basePolicy: null
      })
      const [change] = yield* recorded(list.create(policy))
      const { path = "" } = change ?? {}
      const byName = { method: "DELETE", path, find: "p", expect: policy, isWhole: true } as const
      const { hows } = yield* undo([{ ...(change as JournaledChange), outcome: "unknown", undo: [byName] }])
      expect(hows).toEqual(["undone"])
    })
  )
})

describe("what a run has created, and the device has filled up", () => {
  const filled = { id: "one", type: "PrefilterPolicy" }
  const manners = (part: Readonly<Record<string, unknown>>): KeepingDevice.Manners => ({
    keeps: (sent, method) => (method === "POST" ? { ...part, ...sent } : sent)
  })

  it.scopedLive("stays where somebody has changed what the answer to its creation had not shown", () =>
    Effect.gen(function* () {
      const { list, there, undo } = yield* opened(
        policies,
        "loggingsettings",
        {},
        {
          ...manners({ prefilterPolicySetting: filled }),
          answers: ({ prefilterPolicySetting: _, ...shown }) => shown
        }
      )
      const changes = yield* recorded(list.create(policy))
      const as = (id: string) =>
        list.update({ ...policy, id: "id-1", prefilterPolicySetting: { ...filled, id } })
      yield* as("another")
      const { hows, why } = yield* undo(changes)
      expect([hows, there(policies).length]).toEqual([["changedSince"], 1])
      expect(why).toContain("somebody has changed prefilterPolicySetting since")
      yield* as("one")
      expect((yield* undo(changes)).hows).toEqual(["undone"])
    })
  )

  it.scopedLive("stays where somebody has changed a part of it of which it has named only some", () =>
    Effect.gen(function* () {
      const path = "/object/anything"
      const { list, there, undo } = yield* opened(
        path,
        "nothing",
        {},
        {
          keeps: (sent, method) =>
            method === "POST" ? { ...sent, part: { level: "LOW", ...Object(sent.part) } } : sent
        }
      )
      const wanted = { name: "x", type: "Anything", part: { action: "BLOCK" } }
      const changes = yield* recorded(list.create(wanted))
      const as = (level: string) => list.update({ ...wanted, id: "id-1", part: { action: "BLOCK", level } })
      yield* as("HIGH")
      const { hows, why } = yield* undo(changes)
      expect([hows, there(path).length]).toEqual([["changedSince"], 1])
      expect(why).toContain("somebody has changed part.level since")
      yield* as("LOW")
      expect((yield* undo(changes)).hows).toEqual(["undone"])
    })
  )
})

describe("a run that creates a policy", () => {
  const creating = Workflow.make({
    name: "test",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) =>
      Effect.gen(function* () {
        const domain = yield* fmc.domain("Global")
        yield* domain.objects(policies).create(policy)
        return yield* Effect.fail(scriptFailed("after the policy"))
      })
  })
  const world = Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const domain: Domain = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
    const folder = yield* temporaryFolder
    const found = domain.objects(policies).find("p")
    return { sandbox, domain, folder, found, devices: { fmc: sandbox.fmc } }
  })
  const reading = { method: "GET", path: /defaultactions/ }

  it.scopedLive(
    "keeps what its default action was, and leaves it where somebody has inspected more since",
    () =>
      Effect.gen(function* () {
        const { devices, domain, folder, found } = yield* world
        const { report } = yield* Workflow.run(creating, devices, {}, { folder, onFailure: "leave" })
        const { id = "" } = yield* Effect.flatten(found)
        const actions = domain.objects(`${policies}/${id}/defaultactions`)
        const [action = {}] = yield* Stream.runCollect(actions.list())
        const variableSet = { id: "set", type: "VariableSet" }
        yield* actions.update({ ...action, id: String(Object(action).id), variableSet })
        const left = yield* Workflow.undo(creating, devices, report.run, { folder })
        expect(left.changes.map(({ state }) => state)).toEqual(["left"])
        expect(left.changes[0]?.why).toContain("somebody has changed its defaultactions since")
        yield* actions.update({ ...action, id: String(Object(action).id) })
        const gone = yield* Workflow.undo(creating, devices, report.run, { folder })
        expect(gone.changes.map(({ state }) => state)).toEqual(["undone"])
        expect(yield* found).toMatchObject({ _tag: "None" })
      })
  )

  it.scopedLive("takes it back, too, where it is interrupted while it reads the settings", () =>
    Effect.gen(function* () {
      const { devices, folder, found, sandbox } = yield* world
      yield* sandbox.fail({ ...reading, how: Sandbox.Fault.slow("1 second") })
      const fiber = yield* Effect.fork(Workflow.run(creating, devices, {}, { folder }))
      yield* eventually("the settings are asked for", () =>
        sandbox.ledger.requests.some(({ path }) => reading.path.test(path))
      )
      yield* Fiber.interrupt(fiber)
      expect(yield* found).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive("tells that nobody knows, where the settings could not be read, and leaves it", () =>
    Effect.gen(function* () {
      const { devices, folder, found, sandbox } = yield* world
      yield* sandbox.fail({ ...reading, how: Sandbox.Fault.status(403) })
      const { report } = yield* Workflow.run(creating, devices, {}, { folder })
      expect(report.changes.map(({ state }) => state)).toEqual(["left"])
      expect(report.changes[0]?.why).toContain("nobody knows whether somebody has changed its defaultactions")
      expect(yield* found).toMatchObject({ _tag: "Some" })
    })
  )

  const logging = { method: "GET", path: /loggingsettings/ }

  it.scopedLive("takes it back where the device has no such list to show", () =>
    Effect.gen(function* () {
      const { devices, folder, found, sandbox } = yield* world
      yield* sandbox.fail({ ...logging, how: Sandbox.Fault.status(405), times: Number.POSITIVE_INFINITY })
      const { report } = yield* Workflow.run(creating, devices, {}, { folder })
      expect(report.changes.map(({ state }) => state)).toEqual(["undone"])
      expect(yield* found).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive("takes it back where one list could not be read, in which there is nothing", () =>
    Effect.gen(function* () {
      const { devices, folder, found, sandbox } = yield* world
      yield* sandbox.fail({ ...logging, how: Sandbox.Fault.status(403) })
      const { report } = yield* Workflow.run(creating, devices, {}, { folder })
      expect(report.changes.map(({ state }) => state)).toEqual(["undone"])
      expect(yield* found).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive.each([400, 403, 422, 500])(
    "leaves it where the device answers a list by %d each time, and tells which and how",
    (status) =>
      Effect.gen(function* () {
        const { devices, folder, found, sandbox } = yield* world
        const how = Sandbox.Fault.status(status)
        yield* sandbox.fail({ ...logging, how, times: Number.POSITIVE_INFINITY })
        const { report } = yield* Workflow.run(creating, devices, {}, { folder })
        expect(report.changes.map(({ state }) => state)).toEqual(["left"])
        const why = report.changes[0]?.why ?? ""
        expect(why).toMatch(/nobody knows whether somebody has changed its loggingsettings since this run/)
        expect(why).toContain(String(status))
        expect(why).not.toContain("defaultactions")
        expect(yield* found).toMatchObject({ _tag: "Some" })
      })
  )
})

describe("a journal", () => {
  it.scopedLive("has no key of the settings that it keeps", () =>
    Effect.gen(function* () {
      const path = "/policy/ftds2svpns"
      const { device } = yield* KeepingDevice.fmc({
        items: {
          [path]: [],
          [`${path}/id-1/ikesettings`]: [{ id: "s", ikeV2Settings: { manualPreSharedKey: "a-planted-key" } }]
        }
      })
      const folder = yield* temporaryFolder
      const workflow = Workflow.make({
        name: "test",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) =>
          Effect.flatMap(fmc.domain("Global"), (domain) =>
            domain.objects(path).create({ name: "v", type: "FTDS2SVpn" })
          )
      })
      const { report } = yield* Workflow.run(workflow, { fmc: device }, {}, { folder })
      const text = readFileSync(`${folder}/${report.run}.jsonl`, "utf8")
      expect(text).toContain('"ikesettings":[{')
      expect(text).not.toContain("a-planted-key")
      const undone = yield* Workflow.undo(workflow, { fmc: device }, report.run, { folder })
      expect(undone.changes.map(({ state }) => state)).toEqual(["undone"])
    })
  )
})
