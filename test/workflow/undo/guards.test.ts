// What an undo leaves as it is, and what it says of that.
//
// States of what a change has left: as it left it; changed by somebody since; gone; never there; in use. Of what was
// removed: gone; created anew by somebody, the same or another one; still there.
//
// Invariants: what somebody else has done stays · whatever is not undone is told, with what a person has to do · nothing
// is sent where there is nothing to do.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import type { ChangeOutcome, JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import { recorded, undone } from "../../support/recordedRun.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const fdm = yield* Fdm.make(sandbox.fdm)
  const writes = () =>
    sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET")
  /** What an undo sends, and what it says of it. */
  const undo = (changes: ReadonlyArray<JournaledChange>) =>
    Effect.gen(function* () {
      const before = writes().length
      const { announced, result } = yield* undone(changes, { "sandbox-fmc": domain, "sandbox-fdm": fdm })
      const sent = writes().slice(before)
      expect(announced).toBe(sent.length)
      return {
        sent: sent.map(({ method }) => method),
        hows: result.map(({ result }) => result.how),
        why: result.map(({ result }) => result.why ?? "").join("\n"),
        result
      }
    })
  return { domain, fdm, sandbox, undo }
})

const host = (name: string, value = "192.0.2.7") => ({ name, value })
const withOutcome = (changes: ReadonlyArray<JournaledChange>, outcome: ChangeOutcome | undefined) =>
  changes.map((one) => ({ ...one, outcome }))
const found = ({ hosts }: Domain, name: string) => Effect.flatten(hosts.find(name))

describe("an undo of a creation", () => {
  it.scopedLive("leaves what somebody has changed since", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(domain.hosts.create(host("c-1")))
      const { id, type } = yield* found(domain, "c-1")
      yield* domain.hosts.update({ ...host("c-1", "192.0.2.99"), id, type })
      const { hows, sent, why } = yield* undo(changes)
      expect([hows, sent]).toEqual([["changedSince"], []])
      expect(why).toContain('Host "c-1" is not as this run left it: somebody has changed value since')
      expect((yield* found(domain, "c-1")).value).toBe("192.0.2.99")
    })
  )

  it.scopedLive("leaves what somebody has added to since, in a field that the run had left empty", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(
        Effect.zipRight(domain.hosts.create(host("c-1")), domain.hosts.createAll([host("c-2"), host("c-3")]))
      )
      for (const name of ["c-1", "c-2"]) {
        const there = yield* found(domain, name)
        yield* domain.hosts.update({ ...there, description: "the scanner's" })
      }
      const { hows, sent, why } = yield* undo(changes)
      expect([[...hows].sort(), sent]).toEqual([["changedSince", "changedSince", "undone"], ["DELETE"]])
      expect(why).toContain("somebody has changed description since")
      expect((yield* found(domain, "c-1")).description).toBe("the scanner's")
    })
  )

  it.scopedLive("leaves what somebody has switched on since, of which the run had said nothing", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const { id = "" } = yield* domain.objects("/policy/accesspolicies").create({
        name: "p-1",
        type: "AccessPolicy",
        defaultAction: { action: "BLOCK" }
      })
      const rules = domain.objects(`/policy/accesspolicies/${id}/accessrules`)
      const changes = yield* recorded(rules.create({ name: "r-1", action: "ALLOW" }))
      const there = yield* Effect.flatten(rules.find("r-1"))
      yield* rules.update({ ...there, logBegin: true, sendEventsToFMC: true })
      const { hows, sent, why } = yield* undo(changes)
      expect([hows, sent]).toEqual([["changedSince"], []])
      expect(why).toContain("somebody has changed sendEventsToFMC, logBegin since")
    })
  )

  for (const [what, own] of [
    ["a policy", []],
    ["a policy with rules of its own", ["own"]]
  ] as const) {
    it.scopedLive(`leaves ${what} into which somebody has put a rule`, () =>
      Effect.gen(function* () {
        const { domain, undo } = yield* opened
        const policies = domain.objects("/policy/accesspolicies")
        const rulesOf = (id: string) => domain.objects(`/policy/accesspolicies/${id}/accessrules`)
        const rule = (name: string) => ({ name, action: "ALLOW", enabled: true })
        const changes = yield* recorded(
          Effect.flatMap(
            policies.create({ name: "p-1", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }),
            ({ id = "" }) => Effect.forEach(own, (name) => rulesOf(id).create(rule(name)))
          )
        )
        const { id = "" } = yield* Effect.flatten(policies.find("p-1"))
        yield* rulesOf(id).create(rule("somebody's"))
        const { hows, why } = yield* undo(changes)
        expect(hows).toEqual([...own.map(() => "undone"), "changedSince"])
        expect(why).toContain("somebody's below it is not this run's")
        const left = yield* Stream.runCollect(rulesOf(id).list())
        expect([...left].map(({ name }) => name)).toEqual(["somebody's"])
      })
    )
  }

  it.scopedLive("leaves an object for which somebody has set a value of a device's own, and no other", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const { hosts } = domain
      const device = { id: "device-1", type: "Device" as const }
      const wanted = ["h-1", "h-2", "h-3", "h-4"].map((name) => ({
        name,
        value: "192.0.2.1",
        overridable: true
      }))
      const changes = yield* recorded(
        Effect.flatMap(hosts.createAll(wanted), ([, { id = "" } = {}]) =>
          hosts.overrides.set(id, device, { value: "192.0.2.2" })
        )
      )
      const { id } = yield* Effect.flatten(hosts.find("h-1"))
      yield* hosts.overrides.set(id, device, { value: "192.0.2.3" })
      const { hows, why } = yield* undo(changes)
      expect([...hows].sort()).toEqual(["changedSince", "goneWithParent", "undone", "undone", "undone"])
      expect(why).toContain("below it is not this run's")
      const left = yield* Stream.runCollect(hosts.list())
      expect([...left].flatMap(({ name }) => (name.startsWith("h-") ? [name] : []))).toEqual(["h-1"])
      expect(yield* Stream.runCount(hosts.overrides.list(id))).toBe(1)
    })
  )

  it.scopedLive("leaves a policy of which nobody can tell what is in it", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const policies = domain.objects("/policy/accesspolicies")
      const changes = yield* recorded(
        policies.create({ name: "p-1", type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
      )
      yield* sandbox.fail({ method: "GET", path: /accessrules/, how: Sandbox.Fault.status(403), times: 9 })
      const { hows, sent, why } = yield* undo(changes)
      expect([hows, sent]).toEqual([["failed"], []])
      expect(why).toContain("p-1")
      yield* sandbox.clearFaults()
      expect((yield* undo(changes)).hows).toEqual(["undone"])
    })
  )

  it.scopedLive("has nothing to do where it is gone, or never happened", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(domain.hosts.create(host("c-1")))
      yield* domain.hosts.remove((yield* found(domain, "c-1")).id)
      for (const [outcome, how] of [
        ["done", "goneAlready"],
        ["unknown", "neverHappened"],
        [undefined, "neverHappened"],
        ["refused", "neverHappened"],
        ["absent", "neverHappened"]
      ] as const) {
        const { hows, sent } = yield* undo(withOutcome(changes, outcome))
        expect([hows, sent]).toEqual([[how], []])
      }
    })
  )

  it.scopedLive("finds by its name what it has no id of", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const [change] = yield* recorded(domain.hosts.createAll([host("n-1"), host("n-2"), host("n-3")]))
      const byName = (change?.objects ?? []).map(({ after, name }) => ({
        method: "DELETE" as const,
        path: change?.path ?? "",
        find: name,
        expect: after
      }))
      yield* domain.hosts.remove((yield* found(domain, "n-2")).id)
      const unknown = { ...(change as JournaledChange), outcome: undefined, undo: byName }
      const { hows, sent } = yield* undo([unknown])
      expect([hows, sent]).toEqual([
        ["undone", "neverHappened", "undone"],
        ["DELETE", "DELETE"]
      ])
      expect(yield* domain.hosts.find("n-1")).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive("and leaves a policy that it finds so with somebody's rules in it", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const policies = domain.objects("/policy/accesspolicies")
      const wanted = { name: "p-1", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
      const [change] = yield* recorded(policies.create(wanted))
      const { id } = yield* Effect.flatten(policies.find("p-1"))
      const rules = domain.objects(`/policy/accesspolicies/${id}/accessrules`)
      yield* rules.create({ name: "somebody's", action: "ALLOW", enabled: true })
      const byName = { method: "DELETE" as const, path: change?.path ?? "", find: "p-1", expect: wanted }
      const unknown = { ...(change as JournaledChange), outcome: undefined, undo: [byName] }
      const { hows, sent, why } = yield* undo([unknown])
      expect([hows, sent]).toEqual([["changedSince"], []])
      expect(why).toContain("somebody's below it is not this run's")
    })
  )

  it.scopedLive("tells what is in use, in the device's words, and goes on with the rest", () =>
    Effect.gen(function* () {
      const { domain, fdm, undo } = yield* opened
      const changes = yield* recorded(
        Effect.gen(function* () {
          yield* domain.hosts.create(host("c-1"))
          yield* domain.hosts.create(host("c-2"))
          yield* fdm.networks.create({ ...host("f-1"), subType: "HOST" })
        })
      )
      const { id, type } = yield* found(domain, "c-2")
      yield* domain.networkGroups.create({ name: "user", objects: [{ id, type }] })
      const network = yield* Effect.flatten(fdm.networks.find("f-1"))
      yield* fdm.networkGroups.create({ name: "user", objects: [network] })
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["failed", "failed", "undone"])
      expect(why).toContain("it is used by NetworkGroup user")
      expect(why).toContain("f-1 is used by user")
      expect(why).toContain("take it out of that; then run the undo again")
    })
  )
})

describe("an undo of an update", () => {
  it.scopedLive("takes back what the run has named in part, and the device has filled up", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const policies = domain.objects("/policy/accesspolicies")
      const own = { name: "p-1", type: "AccessPolicy" }
      const { id = "" } = yield* policies.create({
        ...own,
        defaultAction: { action: "BLOCK", logEnd: false }
      })
      const changes = yield* recorded(
        policies.update({ ...own, id, description: "new", defaultAction: { action: "BLOCK" } })
      )
      const { hows, sent } = yield* undo(changes)
      expect([hows, sent]).toEqual([["undone"], ["PUT"]])
      expect(String((yield* policies.get(id)).description ?? "").trim()).toBe("")
    })
  )

  it.scopedLive("leaves what somebody has changed since, whatever field it is", () =>
    Effect.gen(function* () {
      const { domain, fdm, undo } = yield* opened
      const one = yield* domain.hosts.create(host("u-1"))
      const other = yield* fdm.networks.create({ ...host("u-1"), subType: "HOST" })
      const changes = yield* recorded(
        Effect.zipRight(
          domain.hosts.update({ ...one, value: "192.0.2.8" }),
          fdm.networks.update({ ...other, value: "192.0.2.8" })
        )
      )
      yield* domain.hosts.update({ ...one, value: "192.0.2.8", description: "somebody's" })
      yield* fdm.networks.update({ ...(yield* fdm.networks.get(other.id)), value: "192.0.2.9" })
      const { hows, sent, why } = yield* undo(changes)
      expect([hows, sent]).toEqual([["changedSince", "changedSince"], []])
      expect(why).toMatch(/changed value since[\s\S]*changed description since/)
    })
  )

  it.scopedLive("sends the version of now, whoever has written the same meanwhile", () =>
    Effect.gen(function* () {
      const { fdm, undo } = yield* opened
      const one = yield* fdm.networks.create({ ...host("u-1"), subType: "HOST" })
      const changes = yield* recorded(fdm.networks.update({ ...one, value: "192.0.2.8" }))
      yield* fdm.networks.update(yield* fdm.networks.get(one.id))
      const { hows } = yield* undo(changes)
      expect(hows).toEqual(["undone"])
      expect((yield* fdm.networks.get(one.id)).value).toBe("192.0.2.7")
    })
  )

  it.scopedLive("sends it, too, where it has changed after its list was read", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened
      const rows = ["a", "b", "c", "d", "e"].map((name) => ({
        ...host(`u-${name}`),
        subType: "HOST" as const
      }))
      const there = yield* fdm.networks.createAll(rows)
      const changes = yield* recorded(
        fdm.networks.upsertAll(rows.map((row) => ({ ...row, description: "changed" })))
      )
      const rewrite = Effect.flatMap(fdm.networks.get(there[0]?.id ?? ""), fdm.networks.update)
      const { result } = yield* undone(
        changes,
        { "sandbox-fdm": fdm },
        { begin: ([first]) => (first?.change.number === 5 ? Effect.orDie(rewrite) : Effect.void) }
      )
      expect(result.map(({ result }) => result.how)).toEqual(changes.map(() => "undone"))
      expect((yield* fdm.networks.get(there[0]?.id ?? "")).description ?? "").toBe("")
    })
  )

  it.scopedLive("has nothing to do where it is as before already, or gone", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const one = yield* domain.hosts.create(host("u-1"))
      const changes = yield* recorded(domain.hosts.update({ ...one, value: "192.0.2.8" }))
      yield* domain.hosts.update(one)
      expect(yield* undo(changes)).toMatchObject({ hows: ["goneAlready"], sent: [] })
      expect(yield* undo(withOutcome(changes, undefined))).toMatchObject({
        hows: ["neverHappened"],
        sent: []
      })
      yield* domain.hosts.remove(one.id)
      const gone = yield* undo(changes)
      expect(gone).toMatchObject({ hows: ["goneAlready"], sent: [] })
      expect(gone.why).toContain("somebody has removed it")
    })
  )

  it.scopedLive("of a group's members takes back its own, whatever else is in the group", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const literals = (...values: ReadonlyArray<string>) => ({
        literals: values.map((value) => ({ type: "Host", value }))
      })
      const { id } = yield* domain.networkGroups.create({ name: "g", ...literals("192.0.2.1") })
      const changes = yield* recorded(domain.networkGroups.addMembers(id, literals("192.0.2.2", "192.0.2.3")))
      yield* domain.networkGroups.addMembers(id, literals("192.0.2.4"))
      yield* domain.networkGroups.removeMembers(id, literals("192.0.2.3"))
      expect(yield* undo(changes)).toMatchObject({ hows: ["undone"], sent: ["PUT"] })
      const left = (yield* domain.networkGroups.get(id)).literals ?? []
      expect(left.map(({ value }) => value).sort()).toEqual(["192.0.2.1", "192.0.2.4"])
      expect(yield* undo(changes)).toMatchObject({ hows: ["goneAlready"], sent: [] })
    })
  )
})

describe("an undo of a removal", () => {
  it.scopedLive(
    "tells the new id, who refers to the old one, and gives what is undone after it the new one",
    () =>
      Effect.gen(function* () {
        const { domain, undo } = yield* opened
        const one = yield* domain.hosts.create(host("r-1"))
        const reference = [{ id: one.id, type: one.type }]
        const literals = [{ type: "Host", value: "192.0.2.1" }]
        const group = yield* domain.networkGroups.create({ name: "g", objects: reference, literals })
        const changes = yield* recorded(
          Effect.gen(function* () {
            yield* domain.hosts.update({ ...one, value: "192.0.2.8" })
            yield* domain.networkGroups.update({ id: group.id, name: "g", type: group.type, literals })
            yield* domain.hosts.remove(one.id)
          })
        )
        const { hows, result, why } = yield* undo(changes)
        expect(hows).toEqual(["undone", "undone", "undone"])
        const now = yield* found(domain, "r-1")
        expect([now.id === one.id, now.value]).toEqual([false, "192.0.2.7"])
        expect(result[0]?.result.newId).toBe(now.id)
        expect((yield* domain.networkGroups.get(group.id)).objects?.map(({ id }) => id)).toEqual([now.id])
        expect(why).toContain(`has the id ${now.id} now, in place of ${one.id}`)
        expect(why).toContain("Changes 1, 2 of this run refer to it")
      })
  )

  it.scopedLive("tells what is not created anew with it", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      yield* copied(domain)
      const { id } = yield* policyOf(domain)
      const { hows, why } = yield* undo(yield* recorded(domain.objects(policies).remove(id)))
      expect(hows).toEqual(["undone"])
      expect(why).toContain('"P" has lost what lay below it, such as its rules: look at it')
      expect([...(yield* Stream.runCollect((yield* rulesOf(domain)).list()))]).toEqual([])
    })
  )

  it.scopedLive("leaves the name to another one that has it now", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const one = yield* domain.hosts.create(host("r-1"))
      const changes = yield* recorded(domain.hosts.remove(one.id))
      const { id } = yield* domain.hosts.create(host("r-1", "192.0.2.99"))
      const taken = yield* undo(changes)
      expect(taken).toMatchObject({ hows: ["changedSince"], sent: [] })
      expect(taken.why).toContain("another one of its name is there now, which differs in value")
      yield* domain.hosts.remove(id)
      const same = yield* domain.hosts.create(host("r-1"))
      const made = yield* undo(changes)
      expect(made).toMatchObject({ hows: ["goneAlready"], sent: [] })
      expect(made.why).toContain(same.id)
    })
  )

  it.scopedLive("has nothing to do where it is still there", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const one = yield* domain.hosts.create(host("r-1"))
      const [change] = yield* recorded(domain.hosts.remove(one.id))
      const other = yield* domain.hosts.create(host("r-1"))
      const still = JSON.parse(JSON.stringify(change).replaceAll(one.id, other.id))
      const { hows, sent } = yield* undo([{ ...still, outcome: undefined, takenBack: new Map() }])
      expect([hows, sent]).toEqual([["neverHappened"], []])
    })
  )

  it.scopedLive("tells of what could not be changed back, since it could not be created anew", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const one = yield* domain.hosts.create(host("r-1"))
      const changes = yield* recorded(
        Effect.zipRight(domain.hosts.update({ ...one, value: "192.0.2.8" }), domain.hosts.remove(one.id))
      )
      yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.status(500) })
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["failed", "failed"])
      expect(why).toContain("could not be created anew, so that nothing of it could be changed back")
    })
  )
})

describe("what nothing takes back", () => {
  it.scopedLive("is told with its reason, and nothing is sent for it", () =>
    Effect.gen(function* () {
      const { domain, fdm, undo } = yield* opened
      yield* domain.hosts.create(host("d-1"))
      const changes = yield* recorded(
        Effect.gen(function* () {
          yield* domain.deploy()
          yield* fdm.deploy()
          yield* fdm.endSession("1")
        })
      )
      const { hows, result, sent, why } = yield* undo(changes)
      expect([hows.at(-1), hows.at(-2), sent]).toEqual(["cannot", "cannot", []])
      expect(result.at(-1)?.request).toBe(undefined)
      expect(why).toContain("is not taken back: what is in force stays so until it is deployed again.")
    })
  )
})

const policies = "/policy/accesspolicies"
const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })
const copied = (domain: Domain) =>
  Effect.gen(function* () {
    yield* domain.hosts.create(host("before"))
    const { id = "" } = yield* domain
      .objects(policies)
      .create({ name: "P", defaultAction: { action: "BLOCK" } })
    const rules = domain.objects(`${policies}/${id}/accessrules`)
    const inner = yield* domain.hosts.create(host("inner", "192.0.2.8"))
    const uses = { destinationNetworks: { objects: [{ id: inner.id, type: inner.type }] } }
    yield* rules.createAll([rule("r-1"), { ...rule("r-2"), ...uses }, rule("r-3")])
    yield* rules.upsert({ ...rule("r-1"), action: "BLOCK" })
  })
const policyOf = (domain: Domain) => Effect.flatten(domain.objects(policies).find("P"))
const rulesOf = (domain: Domain) =>
  Effect.map(policyOf(domain), ({ id }) => domain.objects(`${policies}/${id}/accessrules`))

describe("what was created below what was created", () => {
  it.scopedLive("goes with it, by one request, before what it uses", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(copied(domain))
      const { hows, sent } = yield* undo(changes)
      const gone = hows.filter((how) => how === "goneWithParent").length
      expect([gone, hows.filter((how) => how === "undone").length, sent]).toEqual([
        4,
        3,
        ["DELETE", "DELETE", "DELETE"]
      ])
      expect(yield* domain.objects(policies).find("P")).toMatchObject({ _tag: "None" })
      expect(yield* domain.hosts.find("inner")).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive(
    "is taken back by itself where somebody else's lies beside it, and what holds them stays",
    () =>
      Effect.gen(function* () {
        const { domain, undo } = yield* opened
        const changes = yield* recorded(copied(domain))
        yield* (yield* rulesOf(domain)).create(rule("somebody's"))
        const { hows, why } = yield* undo(changes)
        expect(hows.filter((how) => how !== "undone")).toEqual(["changedSince"])
        expect(why).toContain('accesspolicies "P" was left: somebody\'s below it')
        const left = yield* Stream.runCollect((yield* rulesOf(domain)).list())
        expect([...left].map(({ name }) => name)).toEqual(["somebody's"])
      })
  )

  it.scopedLive("stays where somebody has changed it, and so does what holds it", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(copied(domain))
      const rules = yield* rulesOf(domain)
      yield* rules.upsert({ ...rule("r-3"), action: "BLOCK" })
      const { hows } = yield* undo(changes)
      expect(hows.filter((how) => how === "changedSince").length).toBe(2)
      const left = yield* Stream.runCollect(rules.list())
      expect([...left].map(({ name }) => name)).toEqual(["r-3"])
    })
  )

  it.scopedLive("goes first where the device does not remove what holds it", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const changes = yield* recorded(copied(domain))
      yield* sandbox.fail({
        method: "DELETE",
        path: /accesspolicies\/[^/]+$/,
        how: Sandbox.Fault.status(400)
      })
      const { hows, sent } = yield* undo(changes)
      expect([new Set(hows), sent.length]).toEqual([new Set(["undone"]), 8])
      expect(yield* domain.objects(policies).find("P")).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive("goes with it too where that was gone already", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(copied(domain))
      yield* domain.objects(policies).remove((yield* policyOf(domain)).id)
      const { hows, sent } = yield* undo(changes)
      expect(sent).toEqual(["DELETE", "DELETE"])
      expect(new Set(hows)).toEqual(new Set(["goneAlready", "goneWithParent", "undone"]))
    })
  )

  it.scopedLive("is what an object maps, too", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const script = (name: string) =>
        Effect.flatMap(domain.dynamicObjects.create({ name, objectType: "IP" }), ({ id }) =>
          Effect.as(domain.dynamicObjects.addMappings(id, ["192.0.2.1"]), id)
        )
      expect(yield* undo(yield* recorded(script("d-1")))).toMatchObject({
        hows: ["goneWithParent", "undone"],
        sent: ["DELETE"]
      })
      const changes = yield* recorded(script("d-2"))
      const { id } = yield* Effect.flatten(domain.dynamicObjects.find("d-2"))
      yield* domain.dynamicObjects.addMappings(id, ["192.0.2.2"])
      expect(yield* undo(changes)).toMatchObject({ hows: ["undone", "changedSince"], sent: ["PUT"] })
    })
  )
})

describe("an undo", () => {
  it.scopedLive("does not take it for gone where the device has no way to remove it", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const changes = yield* recorded(domain.hosts.create(host("c-1")))
      yield* sandbox.fail({ method: "DELETE", how: Sandbox.Fault.status(404) })
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["failed"])
      expect(why).toContain('Host "c-1" is still there')
    })
  )

  it.scopedLive("reads a list once, however many of its objects it takes back", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const rows = Array.from({ length: 20 }, (_, at) => host(`many-${at}`, `192.0.2.${at + 1}`))
      const undoOf = (script: Effect.Effect<unknown, unknown>) =>
        Effect.gen(function* () {
          const changes = yield* recorded(script)
          const before = sandbox.ledger.requests.length
          expect(new Set((yield* undo(changes)).hows)).toEqual(new Set(["undone"]))
          return sandbox.ledger.requests.slice(before).filter(({ method }) => method === "GET").length
        })
      expect(yield* undoOf(domain.hosts.createAll(rows))).toBe(1)
      const ids = (yield* domain.hosts.createAll(rows)).map(({ id }) => id)
      // A few of those that it does not show are asked for by themselves.
      expect(yield* undoOf(domain.hosts.removeAll(ids))).toBe(4)
    })
  )

  it.scopedLive("says which device it lacks, and goes on with the others", () =>
    Effect.gen(function* () {
      const { domain, fdm } = yield* opened
      const changes = yield* recorded(
        Effect.zipRight(
          domain.hosts.create(host("c-1")),
          fdm.networks.create({ ...host("f-1"), subType: "HOST" })
        )
      )
      const { result } = yield* undone(changes, { "sandbox-fmc": domain })
      expect(result.map(({ result }) => result.how)).toEqual(["failed", "undone"])
      expect(result[0]?.result.why).toContain("sandbox-fdm is not among the devices of this undo")
    })
  )
})
