// What somebody else has put into what a run has made: below it, in lists of their own, or in lists within it.
//
// States of what lies in it: nothing; the run's; somebody's; both. States of the object: created, or changed, by the run.
//
// Invariants: an undo removes nothing, and writes nothing over, that somebody else has put there · it says so · what
// nobody has touched is taken back.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { Changes } from "../../../src/client/changes/Change.ts"
import type { JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import * as KeepingDevice from "../../support/keepingDevice.ts"
import { recorded, type Undoing, undone } from "../../support/recordedRun.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const fdm = yield* Fdm.make(sandbox.fdm)
  const undo = (changes: ReadonlyArray<JournaledChange>) =>
    Effect.map(undone(changes, { "sandbox-fmc": domain, "sandbox-fdm": fdm }), ({ result }) => ({
      hows: result.map(({ result }) => result.how),
      why: result.map(({ result }) => result.why ?? "").join("\n")
    }))
  return { domain, fdm, undo }
})

const literal = (value: string) => ({ literals: [{ type: "Host", value }] })
const policies = "/policy/accesspolicies"
const policy = { name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
const rule = { name: "r", type: "AccessRule", action: "ALLOW", enabled: true }
const network = { type: "Network", value: "198.51.100.0/24" }

/** A run makes an object in `path`; somebody puts something there before the undo. */
const put = (
  what: string,
  make: (domain: Domain) => Effect.Effect<{ readonly id?: string | undefined }, unknown>,
  path: string,
  somebody: (domain: Domain, id: string) => Effect.Effect<unknown, unknown>,
  told: string
) =>
  it.scopedLive(`stays where somebody has put ${what}, and goes where nobody has`, () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const list = domain.objects(path)
      const ids = Effect.map(Stream.runCollect(list.listBrief()), (all) => [...all].map(({ id }) => id))
      const before = yield* ids
      expect((yield* undo(yield* recorded(make(domain)))).hows).toEqual(["undone"])
      expect(yield* ids).toEqual(before)
      const changes = yield* recorded(make(domain))
      const [id = ""] = (yield* ids).filter((one) => !before.includes(one))
      yield* somebody(domain, id)
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["changedSince"])
      expect(why).toContain(told)
      expect(yield* ids).toContain(id)
    })
  )

describe("what a run has created", () => {
  put(
    "a mapping into a dynamic object",
    ({ dynamicObjects }) => dynamicObjects.create({ name: "d", objectType: "IP" }),
    "/object/dynamicobjects",
    ({ dynamicObjects }, id) => dynamicObjects.addMappings(id, ["192.0.2.77"]),
    "192.0.2.77 below it is not this run's"
  )
  put(
    "a category into a policy",
    (domain) => domain.objects(policies).create(policy),
    policies,
    (domain, id) =>
      domain.objects(`${policies}/${id}/categories`).create({ name: "c", type: "AccessPolicyCategory" }),
    "c below it is not this run's"
  )
  put(
    "a rule into a policy for NAT",
    (domain) => domain.objects("/policy/ftdnatpolicies").create({ name: "n", type: "FTDNatPolicy" }),
    "/policy/ftdnatpolicies",
    (domain, id) =>
      Effect.flatMap(domain.networks.create({ name: "inner", value: "192.0.2.0/24" }), (one) =>
        domain.objects(`/policy/ftdnatpolicies/${id}/manualnatrules`).create({
          type: "FTDManualNatRule",
          natType: "STATIC",
          originalSource: { id: one.id, type: "Network" },
          translatedSource: { id: one.id, type: "Network" }
        })
      ),
    "below it is not this run's"
  )
  put(
    "a value into a group that had none",
    ({ hosts, networkGroups }) =>
      Effect.flatMap(Effect.flatten(hosts.find("host-001")), ({ id, type }) =>
        networkGroups.create({ name: "g", objects: [{ id, type }] })
      ),
    "/object/networkgroups",
    ({ networkGroups }, id) => networkGroups.addMembers(id, literal("192.0.2.77")),
    "somebody has changed literals since"
  )

  it.scopedLive(
    "stays where somebody has let it be another on some devices, though its answer was lost",
    () =>
      Effect.gen(function* () {
        const { domain, undo } = yield* opened
        const { hosts } = domain
        const wanted = { name: "h", value: "192.0.2.1" }
        const [change] = yield* recorded(hosts.create(wanted))
        const { id, type } = yield* Effect.flatten(hosts.find("h"))
        yield* hosts.update({ ...wanted, id, type, overridable: true })
        yield* hosts.overrides.set(id, { id: "device-1", type: "Device" }, { value: "192.0.2.2" })
        const { path = "" } = change ?? {}
        const byName = { method: "DELETE", path, find: "h", expect: wanted, isWhole: true } as const
        const { hows, why } = yield* undo([
          { ...(change as JournaledChange), outcome: "unknown", undo: [byName] }
        ])
        expect(hows).toEqual(["changedSince"])
        expect(why).toContain("somebody has changed overridable since")
      })
  )

  it.scopedLive("and a policy stays with a rule of the run's into which somebody has put a network", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const rulesOf = (id: string) => domain.objects(`${policies}/${id}/accessrules`)
      const changes = yield* recorded(
        Effect.flatMap(domain.objects(policies).create(policy), ({ id = "" }) => rulesOf(id).create(rule))
      )
      const { id } = yield* Effect.flatten(domain.objects(policies).find("p"))
      const rules = rulesOf(id)
      const own = yield* Effect.flatten(rules.find("r"))
      yield* rules.update({ ...own, sourceNetworks: { literals: [network] } })
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["changedSince", "changedSince"])
      expect(why).toContain("somebody has changed sourceNetworks.literals since")
      expect(yield* rules.get(own.id)).toMatchObject({ sourceNetworks: { literals: [network] } })
    })
  )

  it.scopedLive("and a policy stays with somebody's rule that the run has changed", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const changes = yield* recorded(
        Effect.gen(function* () {
          const { id = "" } = yield* domain.objects(policies).create(policy)
          const rules = domain.objects(`${policies}/${id}/accessrules`)
          // Somebody has, while the run went on.
          const { id: ruleId = "" } = yield* Effect.provideService(rules.create(rule), Changes, undefined)
          yield* rules.update({ ...rule, id: ruleId, enabled: false })
        })
      )
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["undone", "changedSince"])
      expect(why).toContain("r below it is not this run's")
    })
  )
})

describe("what a run has changed", () => {
  it.scopedLive("is not written back over what somebody has put into a list that was empty", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const { hosts, networkGroups } = domain
      const { id, type } = yield* Effect.flatten(hosts.find("host-001"))
      const group = yield* networkGroups.create({ name: "g", objects: [{ id, type }] })
      const described = { ...group, description: "the run's" }
      const changes = yield* recorded(networkGroups.update(described))
      yield* networkGroups.addMembers(group.id, literal("192.0.2.77"))
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["changedSince"])
      expect(why).toContain("somebody has changed literals since")
      expect(yield* networkGroups.get(group.id)).toMatchObject(literal("192.0.2.77"))
      yield* networkGroups.removeMembers(group.id, literal("192.0.2.77"))
      expect((yield* undo(changes)).hows).toEqual(["undone"])
    })
  )
})

describe("a virtual router", () => {
  const router = { name: "v", type: "virtualrouter" }
  const routeOf = (name: string) => ({ name, type: "staticrouteentry" })

  it.scopedLive("of an FDM stays with somebody's route, and goes with the run's", () =>
    Effect.gen(function* () {
      const path = "/devices/default/routing/virtualrouters"
      const { fdm, writes } = yield* KeepingDevice.fdm()
      const routesOf = (id: string) => fdm.objects(`${path}/${id}/staticrouteentries`)
      const script = Effect.flatMap(fdm.objects(path).create(router), ({ id = "" }) =>
        Effect.as(routesOf(id).create(routeOf("own")), id)
      )
      const own = yield* recorded(script)
      const devices = { [own[0]?.targetName ?? ""]: fdm }
      const hows = ({ result }: Undoing) => result.map(({ result }) => result.how)
      expect(hows(yield* undone(own, devices))).toEqual(["goneWithParent", "undone"])
      const changes = yield* recorded(script)
      const [{ id = "" } = {}] = yield* Stream.runCollect(fdm.objects(path).list())
      yield* routesOf(id).create(routeOf("somebody's"))
      expect(hows(yield* undone(changes, devices))).toEqual(["undone", "changedSince"])
      expect(writes().filter((one) => one === `DELETE ${path}`)).toHaveLength(1)
    })
  )

  it.scopedLive("of an FMC stays with somebody's zone", () =>
    Effect.gen(function* () {
      const path = "/devices/devicerecords/d/routing/virtualrouters"
      const { domain, writes } = yield* KeepingDevice.fmc()
      const changes = yield* recorded(domain.objects(path).create({ ...router, type: "VirtualRouter" }))
      const [{ id = "" } = {}] = yield* Stream.runCollect(domain.objects(path).list())
      yield* domain.objects(`${path}/${id}/ecmpzones`).create({ name: "z", type: "ECMPZone" })
      const { result } = yield* undone(changes, { [changes[0]?.targetName ?? ""]: domain })
      expect(result.map(({ result }) => result.how)).toEqual(["changedSince"])
      expect(writes()).not.toContain(`DELETE ${path}`)
    })
  )
})

describe("what a run has removed, and somebody has created anew just as it was", () => {
  const wanted = { name: "h", value: "192.0.2.1" }
  const gone = (script: (domain: Domain) => Effect.Effect<unknown, unknown>) =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened
      const { hosts } = domain
      const changes = yield* recorded(
        Effect.zipRight(
          script(domain),
          Effect.flatMap(Effect.flatten(hosts.find("h")), ({ id }) => hosts.remove(id))
        )
      )
      const value = String(changes.at(-1)?.objects[0]?.before?.value)
      const theirs = yield* hosts.create({ ...wanted, value })
      const { hows, why } = yield* undo(changes)
      expect((yield* hosts.get(theirs.id)).value).toBe(value)
      expect(why).toContain(`is there again, with the id ${theirs.id}`)
      return { hows, why }
    })

  it.scopedLive("is not removed, though the run had created it before", () =>
    Effect.gen(function* () {
      const { hows } = yield* gone(({ hosts }) => hosts.create(wanted))
      expect(hows).toEqual(["goneAlready", "goneAlready"])
    })
  )

  it.scopedLive("is not changed back, though the run had changed it before", () =>
    Effect.gen(function* () {
      const { hows, why } = yield* gone(({ hosts }) =>
        Effect.flatMap(hosts.create(wanted), (one) => hosts.update({ ...one, value: "192.0.2.2" }))
      )
      expect(hows).toEqual(["goneAlready", "changedSince", "goneAlready"])
      expect(why).toContain("this run has removed what it is about")
    })
  )
})

describe("what goes with what was there before", () => {
  const pairs = "/devicehapairs/ftddevicehapairs"
  const firewalls = "/devices/devicerecords"
  const pair = { name: "pair", type: "DeviceHAPair", primary: { id: "one" } }
  const edge = { name: "edge", type: "Device", hostName: "edge.example" }
  const firewall = { ...edge, regKey: "a-key" }

  for (const [what, path, wanted, told] of [
    ["a pair of firewalls", pairs, pair, "removes both firewalls of it, too"],
    [
      "a firewall, whose interfaces and routes are on it",
      firewalls,
      firewall,
      "forgets its interfaces, routes"
    ]
  ] as const)
    it.scopedLive(`is not removed: ${what}`, () =>
      Effect.gen(function* () {
        const { domain, writes } = yield* KeepingDevice.fmc()
        const changes = yield* recorded(domain.objects(path).create(wanted))
        const { result } = yield* undone(changes, { [changes[0]?.targetName ?? ""]: domain })
        expect(result.map(({ result }) => result.how)).toEqual(["cannot"])
        expect(result[0]?.result.why).toContain(told)
        expect(writes()).toEqual([`POST ${path}`])
      })
    )

  for (const [what, path, shown, told] of [
    ["a pair of firewalls", pairs, { ...pair, id: "there" }, "both firewalls of it went with the pair"],
    [
      "a firewall",
      firewalls,
      { ...edge, id: "there" },
      "no FMC shows the key by which a firewall is registered"
    ]
  ] as const)
    it.scopedLive(`is not created anew, since nobody knows all of it: ${what}`, () =>
      Effect.gen(function* () {
        const { domain, writes } = yield* KeepingDevice.fmc({ items: { [path]: [shown] } })
        const changes = yield* recorded(domain.objects(path).remove("there"))
        const { result } = yield* undone(changes, { [changes[0]?.targetName ?? ""]: domain })
        expect(result.map(({ result }) => result.how)).toEqual(["cannot"])
        expect(result[0]?.result.why).toContain(told)
        expect(writes()).toHaveLength(1)
      })
    )
})
