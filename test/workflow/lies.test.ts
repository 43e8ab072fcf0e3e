// What a plan must not say: that it is complete, or that nothing changes, where the script would do something else.
//
// Invariants: what a read shows while a plan is made is what would be so, or the plan ends there, however the read is
// spelled and whichever fiber makes it · what would be sent stands in the plan as it would be sent · a plan that is told
// does not change any more · what a device or a script calls something stays text.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Target, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const parts = { fmc: Fmc.plugin, fdm: Fdm.plugin }

interface Given {
  readonly domain: Domain
  readonly fdm: Fdm.Fdm
}

type Devices = Pick<Sandbox.Sandbox, "fmc" | "fdm">

const plannedOn = <A, E>(sandbox: Devices, script: (given: Given) => Effect.Effect<A, E>) =>
  Workflow.plan(
    Workflow.make({
      name: "lies",
      input: Schema.Struct({}),
      devices: parts,
      run: ({ fdm, fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => script({ domain, fdm }))
    }),
    { fmc: sandbox.fmc, fdm: sandbox.fdm },
    {}
  )

const web = { name: "web-1", value: "192.0.2.7" }
const policies = "/policy/accesspolicies"
const policy = {
  name: "P",
  type: "AccessPolicy",
  defaultAction: { action: "BLOCK", type: "AccessPolicyDefaultAction" }
}

/** Made on the device before it is planned. */
const before = (sandbox: Devices) =>
  Effect.gen(function* () {
    const domain = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
    const { id } = yield* domain.objects(policies).create(policy)
    const host = yield* domain.hosts.create({ name: "there-1", value: "192.0.2.1", description: "old" })
    return { domain, host, policyId: String(id) }
  })

const endings: Readonly<
  Record<string, (given: Given & { readonly policyId: string }) => Effect.Effect<unknown, unknown>>
> = {
  "the rules of a policy that is removed": ({ domain, policyId }) =>
    Effect.zipRight(
      domain.objects(policies).remove(policyId),
      Stream.runCollect(domain.objects(`${policies}/${policyId}/accessrules`).list())
    ),
  "a list, its path in other letters": ({ domain }) =>
    Effect.zipRight(domain.hosts.create(web), domain.rest.request("GET", "/object/Hosts")),
  "a list, its path in percent codes": ({ domain }) =>
    Effect.zipRight(domain.hosts.create(web), domain.rest.request("GET", "/object/%68osts?limit=5")),
  "a list by its short form": ({ domain }) =>
    Effect.zipRight(domain.hosts.create(web), Stream.runCollect(domain.hosts.listBrief())),
  "a list by another version of the API": ({ fdm }) =>
    Effect.zipRight(
      fdm.networks.create({ ...web, subType: "HOST" }),
      fdm.rest.request("GET", "/api/fdm/latest/object/networks")
    ),
  "something by the id of what is planned": ({ domain }) =>
    Effect.flatMap(domain.hosts.create(web), ({ id }) =>
      domain.rest.request("GET", "/object/operational/usage", { query: { filter: `uuid:${id};type:Host` } })
    ),
  "what is to be deployed": ({ domain }) =>
    Effect.zipRight(domain.hosts.create(web), Stream.runCollect(domain.listDeployableDevices())),
  "what is to be deployed to an FDM": ({ fdm }) =>
    Effect.zipRight(
      fdm.networks.create({ ...web, subType: "HOST" }),
      Stream.runCollect(fdm.listPendingChanges())
    ),
  "a list of several kinds": ({ domain }) =>
    Effect.zipRight(
      domain.hosts.create(web),
      Stream.runCollect(domain.objects("/object/networkaddresses").list())
    ),
  "what nothing uses": ({ domain }) =>
    Effect.zipRight(
      domain.networkGroups.create({ name: "g", literals: [{ type: "Host", value: "192.0.2.9" }] }),
      Stream.runCollect(domain.hosts.list({ filter: "unusedOnly:true" }))
    )
}

describe("a plan ends at a read of", () => {
  it.scopedLive.each(Object.entries(endings))("%s", ([, script]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { policyId } = yield* before(sandbox)
      const plan = yield* plannedOn(sandbox, (given) => script({ ...given, policyId }))
      expect(plan.changes).toHaveLength(1)
      expect(plan).toMatchObject({ complete: false, end: { operation: expect.stringMatching(/^GET /) } })
    })
  )
})

describe("a plan does not end", () => {
  it.scopedLive("where fibers side by side look for what others plan", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const rows = Array.from({ length: 8 }, (_, at) => ({
        name: `n-${at}`,
        subType: "HOST" as const,
        value: `10.0.0.${at + 1}`
      }))
      const plan = yield* plannedOn(sandbox, ({ fdm }) =>
        Effect.forEach(rows, (row) => fdm.networks.upsert(row), { concurrency: "unbounded" })
      )
      expect(plan).toMatchObject({ complete: true })
      expect(plan.changes).toHaveLength(8)
    })
  )

  it.scopedLive("where an id of the device only looks like a planned one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        Effect.either(domain.hosts.get("sallyport-planned-0123456789ab"))
      )
      expect(plan.complete).toBe(true)
    })
  )

  it.scopedLive("where what is to be deployed is asked before anything is changed, or by a deployment", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* plannedOn(sandbox, ({ domain, fdm }) =>
        Effect.all([
          Stream.runCollect(domain.listDeployableDevices()),
          domain.hosts.create(web),
          domain.deploy(),
          fdm.networks.create({ ...web, subType: "HOST" }),
          fdm.deploy()
        ])
      )
      expect(plan.changes.map(({ action }) => action)).toEqual(["create", "deploy", "create", "deploy"])
      expect(plan.complete).toBe(true)
    })
  )
})

describe("a plan shows", () => {
  it.scopedLive("an update that leaves a field out, which takes it away", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { domain, host } = yield* before(sandbox)
      const less = { id: host.id, name: host.name, type: "Host", value: host.value }
      const plan = yield* plannedOn(sandbox, ({ domain }) => domain.hosts.update(less))
      expect(plan.changes[0]?.fields).toContainEqual({ field: "description", before: "old" })
      yield* domain.hosts.update(less)
      expect((yield* domain.hosts.get(host.id)).description?.trim()).toBe("")
    })
  )

  it.scopedLive("what would be sent, as JSON has it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const odd = { zero: -0, not: undefined, constructor: "text" }
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        domain.objects("/object/hosts").create({ ...web, type: "Host", ...odd })
      )
      const fields = Object.fromEntries(
        plan.changes[0]?.fields.map(({ after, field }) => [field, after]) ?? []
      )
      expect(fields).toMatchObject({ zero: 0, constructor: "text" })
      expect(Object.keys(fields)).not.toContain("not")
      expect(Schema.decodeUnknownSync(Workflow.Plan)(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
    })
  )

  it.scopedLive("what JSON cannot say as InvalidInput, as the verb does", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { host } = yield* before(sandbox)
      for (const description of [1n, circular(), Number.NaN, new Date(0), Redacted.make("hunter2")]) {
        const item = { ...host, description } as never
        const error = yield* Effect.flip(plannedOn(sandbox, ({ domain }) => domain.hosts.update(item)))
        expect(error).toMatchObject({
          _tag: "InvalidInput",
          field: expect.stringMatching(/^body\.description/)
        })
      }
    })
  )

  it.scopedLive("objects where they stand in the device's list, and new ones behind them", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { domain } = yield* before(sandbox)
      const names = (list: Domain) =>
        Effect.map(Stream.runCollect(list.hosts.list()), (all) => [...all].map(({ name }) => name))
      const there = yield* names(domain)
      let shown: ReadonlyArray<string> = []
      yield* plannedOn(sandbox, ({ domain }) =>
        Effect.gen(function* () {
          const [first, second] = [...(yield* Stream.runCollect(domain.hosts.list()))]
          yield* domain.hosts.create(web)
          yield* domain.hosts.update({ ...first, id: String(first?.id), name: "renamed" } as never)
          yield* domain.hosts.remove(String(second?.id))
          shown = yield* names(domain)
        })
      )
      expect(shown).toEqual(["renamed", ...there.slice(2), "web-1"])
    })
  )

  it.scopedLive("the members of a group of thousands in no time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { domain } = yield* before(sandbox)
      const literals = (net: number) =>
        Array.from({ length: 2000 }, (_, at) => ({ type: "Host", value: `10.${net}.${at >> 8}.${at & 255}` }))
      yield* domain.networkGroups.create({ name: "many", literals: literals(1) })
      const begun = performance.now()
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        domain.networkGroups.upsert({ name: "many", literals: literals(2) })
      )
      expect(plan.changes[0]?.fields[0]?.added).toHaveLength(2000)
      expect(performance.now() - begun).toBeLessThan(10_000)
    })
  )

  it.scopedLive("no mapping that is there already", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { domain } = yield* before(sandbox)
      const { id } = yield* domain.dynamicObjects.create({ name: "set-1", objectType: "IP" })
      yield* domain.dynamicObjects.addMappings(id, ["192.0.2.1"])
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        domain.dynamicObjects.addMappings(id, ["192.0.2.1/32"])
      )
      expect(plan).toMatchObject({ changes: [], unchanged: 1, complete: true })
    })
  )

  it.scopedLive("nothing that comes after it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const go = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<unknown, unknown>()
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        Effect.flatMap(Effect.runtime(), (runtime) => {
          const late = Effect.zipRight(Deferred.await(go), domain.hosts.create(web))
          return Effect.sync(() => Runtime.runFork(runtime)(Effect.intoDeferred(late, answer)))
        })
      )
      yield* Deferred.succeed(go, undefined)
      const error = yield* Effect.flip(Deferred.await(answer))
      expect(error).toMatchObject({ _tag: "PlanRefused" })
      expect(plan).toMatchObject({ changes: [], complete: true })
    })
  )
})

describe("what is planned in a domain", () => {
  const domains = ["Global", "Global/ Branch", "Global/ Branch/ Lab", "Global/ Other"]
  const inDomains = <A, E>(sandbox: Sandbox.Sandbox, script: (fmc: Fmc.Fmc) => Effect.Effect<A, E>) =>
    Workflow.plan(
      Workflow.make({
        name: "domains",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) => script(fmc)
      }),
      { fmc: sandbox.fmc },
      {}
    )

  const depending: Readonly<Record<string, (lab: Domain, id: string) => Effect.Effect<unknown, unknown>>> = {
    "an upsert of its name": ({ hosts }) => hosts.upsert({ ...web, name: "WEB-1" }),
    "an upsert of many, its name among them": ({ hosts }) =>
      hosts.upsertAll([web, { ...web, name: "web-2" }]),
    "a search for its name": ({ hosts }) => hosts.find("web-1"),
    "a read by its id": ({ hosts }, id) => hosts.get(id),
    "the whole list": ({ hosts }) => Stream.runCollect(hosts.list()),
    "the list by a filter": ({ hosts }) => Stream.runCollect(hosts.list({ filter: "nameOrValue:w" })),
    "the list by its short form": ({ hosts }) => Stream.runCollect(hosts.listBrief()),
    "an upsert by a key": ({ hosts }) => hosts.upsert(web, { key: ({ value }) => value }),
    "a request of its own": ({ rest }) => rest.request("GET", "/object/hosts")
  }

  it.scopedLive.each(Object.entries(depending))("ends a plan, two domains below, at %s", ([, read]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ domains })
      const { host } = yield* before(sandbox)
      const ways: ReadonlyArray<(global: Domain) => Effect.Effect<string, unknown>> = [
        ({ hosts }) => Effect.map(hosts.create(web), ({ id }) => id),
        ({ hosts }) => Effect.map(hosts.update({ ...host, ...web }), ({ id }) => id)
      ]
      for (const way of ways) {
        const plan = yield* inDomains(sandbox, (fmc) =>
          Effect.gen(function* () {
            const id = yield* way(yield* fmc.domain("Global"))
            return yield* read(yield* fmc.domain("Global/Branch/Lab"), id)
          })
        )
        expect(plan.changes).toHaveLength(1)
        expect(plan.complete).toBe(false)
      }
    })
  )

  it.scopedLive("ends none where it has nothing to do with what is read", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ domains })
      const plan = yield* inDomains(sandbox, (fmc) =>
        Effect.gen(function* () {
          const [global, branch, other] = yield* Effect.all([
            fmc.domain("Global"),
            fmc.domain("Global/Branch"),
            fmc.domain("Global/Other")
          ])
          yield* branch.hosts.create(web)
          // Beside it, above it, and other objects below it.
          yield* other.hosts.upsert(web)
          yield* global.hosts.upsertAll([{ name: "web-3", value: "192.0.2.3" }])
          yield* Stream.runCollect(global.hosts.list())
          yield* branch.hosts.upsert({ name: "web-4", value: "192.0.2.4" })
          yield* branch.hosts.upsertAll([web, { name: "web-5", value: "192.0.2.5" }])
          yield* Stream.runCollect(branch.networks.list())
        })
      )
      expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
        "create web-1",
        "create web-1",
        "create web-3",
        "create web-4",
        "create web-5"
      ])
      expect(plan).toMatchObject({ complete: true, unchanged: 1 })
    })
  )
})

describe("members that are added side by side", () => {
  it.scopedLive("are all in the group that a plan shows, and each once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { domain } = yield* before(sandbox)
      const literal = (at: number) => ({ type: "Host", value: `198.51.100.${at}` })
      const { id } = yield* domain.networkGroups.create({
        name: "blocked",
        literals: [literal(0), literal(9)]
      })
      let shown: ReadonlyArray<string> = []
      // All of them have read the group before the first knows the version.
      yield* sandbox.fail({ path: /serverversion/, how: Sandbox.Fault.slow("300 millis") })
      const plan = yield* plannedOn(sandbox, ({ domain: { networkGroups } }) =>
        Effect.gen(function* () {
          const adding = [[1], [2, 3], [3], [1, 4]].map((members) =>
            networkGroups.addMembers(id, { literals: members.map(literal) })
          )
          const removing = networkGroups.removeMembers(id, { literals: [literal(9)] })
          yield* Effect.all([...adding, removing], { concurrency: "unbounded" })
          const { literals = [] } = yield* networkGroups.get(id)
          shown = literals.map(({ value }) => value).toSorted()
        })
      )
      expect(shown).toEqual([0, 1, 2, 3, 4].map((at) => literal(at).value))
      const added = plan.changes.flatMap(({ fields }) => fields.flatMap(({ added = [] }) => added))
      expect(added).toHaveLength(4)
      expect(
        plan.changes.flatMap(({ fields }) => fields.flatMap(({ removed = [] }) => removed))
      ).toHaveLength(1)
      expect(plan).toMatchObject({ unchanged: 1, complete: true })
      // As it comes when it is done.
      for (const members of [[1], [2, 3], [3], [1, 4]])
        yield* domain.networkGroups.addMembers(id, { literals: members.map(literal) })
      const { literals = [] } = yield* domain.networkGroups.removeMembers(id, { literals: [literal(9)] })
      expect(literals.map(({ value }) => value).toSorted()).toEqual(shown)
    })
  )
})

describe("a deployment that finds nothing pending", () => {
  const named = ({ url, fmc, fdm }: Sandbox.Sandbox, name: string) => {
    const target = Target.make({ url, trust: fmc.target.trust, name })
    return { fmc: { ...fmc, target }, fdm: { ...fdm, target } }
  }

  /** An FMC and an FDM, each of its own. */
  const devices = Effect.map(Effect.all([Sandbox.make(), Sandbox.make()]), ([one, other]) => ({
    fmc: named(one, "manager").fmc,
    fdm: named(other, "edge").fdm
  }))

  const deployed = (
    given: Effect.Effect.Success<typeof devices>,
    first: (given: Given) => Effect.Effect<unknown, unknown>
  ) =>
    plannedOn(given, (clients) =>
      first(clients).pipe(
        Effect.zipRight(clients.domain.deploy({ note: "n" })),
        Effect.zipRight(clients.fdm.deploy())
      )
    )

  it.scopedLive("is no change", () =>
    Effect.gen(function* () {
      const given = yield* devices
      const { domain } = yield* before(given)
      const fdm = yield* Fdm.make(given.fdm)
      yield* domain.deploy()
      yield* fdm.deploy()
      const plan = yield* deployed(given, () => Effect.void)
      expect(plan).toMatchObject({ changes: [], unchanged: 2, complete: true })
      const forced = yield* plannedOn(given, ({ fdm }) => fdm.deploy({ evenIfUnchanged: true }))
      expect(forced.changes).toMatchObject([{ action: "deploy" }])
      yield* domain.hosts.create(web)
      const pending = yield* deployed(given, () => Effect.void)
      expect(pending).toMatchObject({ changes: [{ action: "deploy", device: "manager" }], unchanged: 1 })
    })
  )

  it.scopedLive("is one where the plan has changed something on its device, and on no other", () =>
    Effect.gen(function* () {
      const given = yield* devices
      const plan = yield* deployed(given, ({ fdm }) => fdm.networks.create({ ...web, subType: "HOST" }))
      expect(plan.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
        "create networkobject",
        "deploy deployment"
      ])
      expect(plan.unchanged).toBe(1)
    })
  )
})

describe("a plan of several parts", () => {
  const two = Workflow.make({
    name: "two",
    input: Schema.Struct({}),
    devices: { one: Fmc.plugin, other: Fmc.plugin },
    run: ({ one, other }) =>
      Effect.gen(function* () {
        const [left, right] = [yield* one.domain("Global"), yield* other.domain("Global")]
        yield* left.hosts.create(web)
        return yield* right.hosts.upsert(web)
      })
  })
  const called = (sandbox: Sandbox.Sandbox, name: string) => ({
    ...sandbox.fmc,
    target: Target.make({ url: sandbox.url, trust: sandbox.fmc.target.trust, name })
  })

  it.scopedLive("knows one device by two names", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* Workflow.plan(two, { one: called(sandbox, "a"), other: called(sandbox, "b") }, {})
      expect(plan).toMatchObject({ changes: [{ action: "create" }], unchanged: 1, complete: true })
    })
  )

  it.scopedLive("takes no two devices for one, whatever they are called", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* Sandbox.make(), yield* Sandbox.make()]
      const devices = { one: called(one, "a"), other: called(other, "a") }
      const same = yield* Effect.flip(Workflow.plan(two, devices, {}))
      expect(same).toMatchObject({ _tag: "InvalidInput", field: "other.name" })
      const own = yield* Workflow.plan(two, { one: called(one, "a"), other: called(other, "b") }, {})
      expect(own.changes.map(({ device }) => device)).toEqual(["a", "b"])
    })
  )
})

describe("what a script calls something", () => {
  it.scopedLive("stays text, wherever it stands in a plan", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const hostile = "x\u001b[2J\u2028\u202e\n| y"
      const plan = yield* plannedOn(sandbox, ({ domain }) =>
        Workflow.step(
          hostile,
          Effect.zipRight(
            Workflow.note(hostile),
            domain
              .objects("/object/hosts")
              .create({ ...web, type: "Host", [hostile]: hostile, ["__proto__"]: hostile })
          )
        )
      )
      const text = Workflow.planText(plan)
      const markdown = Workflow.planMarkdown(plan)
      for (const shown of [text, markdown]) expect(shown).not.toMatch(/[\u001b\u2028\u202e]/)
      expect(markdown.split("\n").filter((line) => line.startsWith("| sandbox"))).toHaveLength(1)
    })
  )
})

const circular = () => {
  const one: Record<string, unknown> = {}
  one.self = one
  return one
}
