// A run that is given its plan, and guards.
//
// Invariants: what is not as planned is not sent, and the report shows both · what somebody has changed since is not
// written · nothing is sent before the guards have seen the plan · ids that the plan could not know are taken for those
// that the device gives.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"

const Hosts = Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String }))

const importHosts = Workflow.make({
  name: "import-hosts",
  input: Schema.Struct({ hosts: Hosts }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { hosts }) =>
    Effect.gen(function* () {
      const domain = yield* fmc.domain("Global")
      const all = yield* domain.hosts.upsertAll(hosts)
      const objects = all.map(({ item }) => ({ id: item.id, type: "Host", name: item.name ?? "" }))
      yield* domain.networkGroups.upsert({ name: "servers", objects })
    })
})

const rows = [
  { name: "a", value: "198.51.100.1" },
  { name: "host-001", value: "198.51.100.2" }
]

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const devices = { fmc: sandbox.fmc }
  const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
  const writes = () =>
    sandbox.ledger.requests.filter(({ kind, method }) => method !== "GET" && kind === "call").length
  const plan = yield* Workflow.plan(importHosts, devices, { hosts: rows })
  const change = (value: string) =>
    Effect.scoped(
      Effect.gen(function* () {
        const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
        yield* hosts.upsert({ name: "host-001", value })
      })
    )
  return { sandbox, devices, folder, writes, plan, change }
})

describe("a run with its plan", () => {
  it.scopedLive("does what the plan says", () =>
    Effect.gen(function* () {
      const { devices, folder, plan } = yield* given
      const { report } = yield* Workflow.run(importHosts, devices, { hosts: rows }, { folder, plan })
      expect(report.errors).toEqual([])
      expect(report.changes.map(({ action, name, state }) => [action, name, state])).toEqual([
        ["create", "a", "done"],
        ["update", "host-001", "done"],
        ["create", "servers", "done"]
      ])
    })
  )

  it.scopedLive("knows what others refer to, whatever it has called that on the way", () =>
    Effect.gen(function* () {
      const { devices, folder, sandbox } = yield* given
      const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
      const { id } = yield* domain.hosts.create({ name: "old-name", value: "198.51.100.7" })
      const objects = [{ id, type: "Host", name: "old-name" }]
      const kept = yield* domain.networkGroups.create({ name: "kept", objects })
      const gone = yield* domain.networkGroups.create({ name: "gone", objects })
      const renaming = Workflow.make({
        name: "renaming",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) =>
          Effect.gen(function* () {
            const { hosts, networkGroups } = yield* fmc.domain("Global")
            yield* hosts.update({ id, type: "Host", name: "new-name", value: "198.51.100.7" })
            const { objects: members = [] } = yield* networkGroups.get(kept.id)
            const literals = [{ type: "Host", value: "192.0.2.9" }]
            yield* networkGroups.update({ ...kept, objects: members, literals })
            yield* networkGroups.remove(gone.id)
          })
      })
      const plan = yield* Workflow.plan(renaming, devices, {})
      const { report } = yield* Workflow.run(renaming, devices, {}, { folder, plan })
      expect(report.errors).toEqual([])
      expect(report.changes.map(({ state }) => state)).toEqual(["done", "done", "done"])
    })
  )

  it.scopedLive("knows what it has made itself, whatever the device has added to it", () =>
    Effect.gen(function* () {
      const { devices: fmc, folder, sandbox } = yield* given
      const devices = { ...fmc, fdm: sandbox.fdm }
      const workflow = Workflow.make({
        name: "makes",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
        run: ({ fdm, fmc }) =>
          Effect.gen(function* () {
            const { dynamicObjects, hosts, networkGroups } = yield* fmc.domain("Global")
            const made = yield* hosts.create({ name: "made", value: "198.51.100.1" })
            const changed = yield* hosts.update({ ...made, id: made.id ?? "", value: "198.51.100.2" })
            yield* hosts.remove(changed.id ?? "")
            const literals = [{ type: "Host", value: "198.51.100.1" }]
            const group = yield* networkGroups.create({ name: "group", objects: [], literals })
            const kept = yield* hosts.upsert({ name: "host-001", value: "192.0.2.1" })
            const objects = [{ id: kept.item.id, type: "Host", name: "host-001" }]
            yield* networkGroups.update({ ...group, id: group.id ?? "", objects })
            const { id = "" } = yield* dynamicObjects.create({ name: "dynamic", objectType: "IP" })
            yield* dynamicObjects.removeMappings(id, ["198.51.100.3"])
            yield* dynamicObjects.addMappings(id, ["198.51.100.3"])
            const network = { name: "n", subType: "HOST" as const, value: "198.51.100.1" }
            const member = yield* fdm.networks.create(network)
            yield* fdm.networkGroups.create({ name: "g", objects: [member as never] })
          })
      })
      const plan = yield* Workflow.plan(workflow, devices, {})
      expect(plan.complete).toBe(true)
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder, plan })
      expect(report.errors).toEqual([])
      const facts = ({ action, name }: { readonly action: string; readonly name?: string | undefined }) =>
        `${action} ${name}`
      expect(report.changes.map(facts)).toEqual(plan.changes.map(facts))
      expect(plan.changes.map(facts)).toEqual([
        "create made",
        "update made",
        "remove made",
        "create group",
        "update host-001",
        "update group",
        "create dynamic",
        "update dynamic",
        "create n",
        "create g"
      ])
    })
  )

  it.scopedLive("is stopped before the first write that differs, and shows both", () =>
    Effect.gen(function* () {
      const { devices, folder, plan, writes } = yield* given
      const other = [{ name: "a", value: "198.51.100.99" }]
      const { report } = yield* Workflow.run(importHosts, devices, { hosts: other }, { folder, plan })
      expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["refused", ["PlanOutdated"]])
      expect(report.errors[0]?.message).toContain("198.51.100.1")
      expect(report.errors[0]?.message).toContain("198.51.100.99")
      expect(report.changes.map(({ name, state }) => [name, state])).toEqual([
        ["a", "notReached"],
        ["host-001", "notReached"],
        ["servers", "notReached"]
      ])
      expect(writes()).toBe(0)
    })
  )

  it.scopedLive(
    "is stopped before what it would put elsewhere than planned, and its report says where it was put",
    () =>
      Effect.gen(function* () {
        const { devices, folder, writes } = yield* given
        const inSection = (section: string) =>
          Workflow.make({
            name: "adds a rule",
            input: Schema.Struct({}),
            devices: { fmc: Fmc.plugin },
            run: ({ fmc }) =>
              Effect.gen(function* () {
                const domain = yield* fmc.domain("Global")
                const { item } = yield* domain
                  .objects("/policy/accesspolicies")
                  .upsert({ name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
                const rules = domain.objects(`/policy/accesspolicies/${item.id}/accessrules`, { section })
                yield* rules.create({ name: "r", type: "AccessRule", action: "ALLOW", enabled: true })
              })
          })
        const workflow = inSection("mandatory")
        const plan = yield* Workflow.plan(workflow, devices, {})
        const options = { folder, plan }
        const { report } = yield* Workflow.run(workflow, devices, {}, options)
        expect(report.changes.map(({ place, state }) => [place, state])).toEqual([
          [undefined, "done"],
          [{ section: "mandatory" }, "done"]
        ])
        const again = yield* Workflow.plan(workflow, devices, {})
        const before = writes()
        const other = yield* Workflow.run(inSection("default"), devices, {}, { folder, plan: again })
        expect([other.report.outcome, writes()]).toEqual(["refused", before])
        expect(other.report.errors[0]?.message).toContain('at {"section":"mandatory"}')
        expect(other.report.errors[0]?.message).toContain('at {"section":"default"}')
      })
  )

  it.scopedLive("does not write what somebody has changed since, unless it is told to", () =>
    Effect.gen(function* () {
      const { change, devices, folder, plan } = yield* given
      yield* change("203.0.113.1")
      const { report } = yield* Workflow.run(importHosts, devices, { hosts: rows }, { folder, plan })
      expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["refused", ["Drifted"]])
      expect(report.errors[0]?.message).toContain("203.0.113.1")
      expect(report.changes.map(({ name, state }) => [name, state])).toEqual([
        ["a", "undone"],
        ["host-001", "notReached"],
        ["servers", "notReached"]
      ])
      const options = { folder, plan, onDrift: "write" as const }
      const written = yield* Workflow.run(importHosts, devices, { hosts: rows }, options)
      expect(written.report.outcome).toBe("done")
    })
  )

  it.scopedLive("makes it for its guards, and is held to it", () =>
    Effect.gen(function* () {
      const { devices, folder, writes } = yield* given
      const refused = yield* Workflow.run(importHosts, devices, { hosts: rows }, { folder, limit: 2 })
      expect([refused.report.outcome, refused.report.errors.map(({ tag }) => tag)]).toEqual([
        "refused",
        ["GuardRefused"]
      ])
      // They were looked at, and nothing was begun.
      expect(refused.report.changes.map(({ name, state }) => [name, state])).toEqual([
        ["a", "planned"],
        ["host-001", "planned"],
        ["servers", "planned"]
      ])
      expect(refused.report.journal).toBe(undefined)
      expect(writes()).toBe(0)
      let seen = 0
      const approve = (plan: Workflow.Plan) => {
        seen = plan.changes.length
        return true
      }
      const approved = yield* Workflow.run(
        importHosts,
        devices,
        { hosts: rows },
        { folder, limit: 3, approve }
      )
      expect([approved.report.outcome, seen]).toEqual(["done", 3])
    })
  )

  it.scopedLive("deploys what it has changed, and nothing where nothing is pending, as its plan says", () =>
    Effect.gen(function* () {
      const { folder } = yield* given
      const sandbox = yield* Sandbox.make({ devices: [{ name: "ftd-1" }] })
      const deploy = Workflow.make({
        name: "deploy",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) =>
          Effect.gen(function* () {
            const domain = yield* fmc.domain("Global")
            yield* domain.hosts.upsert({ name: "web", value: "192.0.2.1" })
            yield* domain.deploy()
          })
      })
      const run = Workflow.run(deploy, { fmc: sandbox.fmc }, {}, { folder, limit: 2 })
      const first = yield* run
      expect(first.report.errors).toEqual([])
      expect(first.report.changes.map(({ action, state }) => [action, state])).toEqual([
        ["create", "done"],
        ["deploy", "done"]
      ])
      const second = yield* run
      expect(second.report).toMatchObject({ outcome: "done", errors: [], changes: [], unchanged: 2 })
      expect(second.report.unchangedObjects).toMatchObject([
        { device: sandbox.fmc.target.name, kind: "Host", name: "web" },
        { kind: "deployment" }
      ])
      expect(Workflow.runText(second.report)).toContain("; 2 as wanted already (Host web, deployment")
      const deployments = sandbox.ledger.requests.filter(({ path }) => path.endsWith("/deploymentrequests"))
      expect(deployments).toHaveLength(1)
    })
  )

  it.scopedLive("has its devices to itself", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* given
      const second: Array<string> = []
      const slow = Workflow.make({
        ...importHosts,
        run: (clients, input) =>
          Effect.gen(function* () {
            const other = yield* Effect.either(
              Workflow.run(importHosts, devices, { hosts: rows }, { folder })
            )
            if (other._tag === "Left") second.push(other.left._tag)
            yield* importHosts.run(clients, input)
          })
      })
      const { report } = yield* Workflow.run(slow, devices, { hosts: rows }, { folder })
      expect([report.outcome, second]).toEqual(["done", ["DeviceHeld"]])
    })
  )

  it.scopedLive("tells what of it was left undone, since somebody has made it so", () =>
    Effect.gen(function* () {
      const { change, devices, folder, plan } = yield* given
      yield* change("198.51.100.2")
      const { report } = yield* Workflow.run(importHosts, devices, { hosts: rows }, { folder, plan })
      expect([report.outcome, report.changes.map(({ name, state }) => [name, state])]).toEqual([
        "done",
        [
          ["a", "done"],
          ["servers", "done"],
          ["host-001", "notReached"]
        ]
      ])
      expect(Workflow.runText(report)).toMatch(/Host host-001 on .*, not reached: the script came to its end/)
    })
  )

  it.scopedLive("is held to it, and resumed, whatever version of its API the device has told", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const devices = { fdm: sandbox.fdm }
      const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
      let isMended = true
      const workflow = Workflow.make({
        name: "versions",
        input: Schema.Struct({}),
        devices: { fdm: Fdm.plugin },
        run: ({ fdm: { networks } }) =>
          Effect.gen(function* () {
            const made = yield* networks.create({ name: "a", value: "192.0.2.1", subType: "HOST" })
            const there = yield* networks.find("a")
            yield* networks.update({ ...made, id: made.id ?? "", value: "192.0.2.2" })
            if (!isMended) return yield* Effect.fail(scriptFailed("not yet"))
            return Option.map(there, ({ value }) => value)
          })
      })
      const tellsNone = sandbox.fail({ method: "GET", path: /versions/, how: Sandbox.Fault.status(404) })
      yield* tellsNone
      const plan = yield* Workflow.plan(workflow, devices, {})
      expect(plan.changes.map(({ path }) => path)[0]).toContain("/latest/")
      isMended = false
      const { report } = yield* Workflow.run(workflow, devices, {}, { folder, plan, onFailure: "leave" })
      expect(report.errors.map(({ tag }) => tag)).toEqual(["ScriptFailed"])
      expect(report.changes.map(({ path }) => /latest/.test(path))).toEqual([false, false])
      isMended = true
      yield* tellsNone
      const resumed = yield* Workflow.resume(workflow, devices, report.run, { folder, plan })
      expect([resumed.report.errors, Option.flatten(resumed.result)]).toEqual([[], Option.some("192.0.2.1")])
    })
  )

  it.scopedLive("takes no options that there are not, and no other workflow's plan", () =>
    Effect.gen(function* () {
      const { devices, folder, plan } = yield* given
      const wrong: ReadonlyArray<readonly [object, string]> = [
        [{ limt: 3 }, "limt"],
        [{ onFailure: "undone" }, "onFailure"],
        [{ whenHeld: true }, "whenHeld"],
        [{ folder: "" }, "folder"],
        [{ undo: { each: "soon" } }, "undo.each"],
        [{ undo: { every: "1 second" } }, "undo.every"],
        [{ onProgress: "print" }, "onProgress"],
        [{ plan: { ...plan, workflow: "another" } }, "plan"],
        [{ plan: {} }, "plan"]
      ]
      for (const [options, field] of wrong) {
        const run = Workflow.run(importHosts, devices, { hosts: rows }, { folder, ...options })
        expect(yield* Effect.flip(run)).toMatchObject({ _tag: "InvalidInput", field })
      }
    })
  )

  it.scopedLive("says of what an option is none", () =>
    Effect.gen(function* () {
      const { devices, folder, plan } = yield* given
      const none = { folder, timeot: "1 minute" }
      const errors = [
        yield* Effect.flip(Workflow.run(importHosts, devices, { hosts: rows }, none)),
        yield* Effect.flip(Workflow.resume(importHosts, devices, plan.hash, none)),
        yield* Effect.flip(Workflow.undo(importHosts, devices, plan.hash, none))
      ]
      const misspelt = "leave it out, or check its spelling: did you mean timeOut?"
      expect(errors.map(({ message }) => message)).toEqual([
        `timeot: a run has no such field; ${misspelt}`,
        `timeot: a resumed run has no such field; ${misspelt}`,
        expect.stringMatching(/^timeot: an undo has no such field; leave it out, or give folder, .*\.$/)
      ])
    })
  )
})
