// What a plan says.
//
// Invariants: what the verbs of a plan answer, and what later reads of it show, is what would be so · a plan shows a
// difference only where the kind of a field says that there is one · what nobody can know is never told as "no change" ·
// no secret is in it · it costs the reads that the script itself makes · the same plan has the same hash, and is read
// back from JSON as what it was.
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { temporaryFolder } from "../support/temporaryFolder.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const planned = <A, E>(sandbox: Sandbox.Sandbox, run: (domain: Domain) => Effect.Effect<A, E>) => {
  let result: A | undefined
  const workflow = Workflow.make({
    name: "the workflow",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) =>
      Effect.flatMap(fmc.domain("Global"), (domain) =>
        Effect.tap(run(domain), (answer) => Effect.sync(() => (result = answer)))
      )
  })
  return Effect.map(Workflow.plan(workflow, { fmc: sandbox.fmc }, {}), (plan) => ({ plan, result }))
}

const brief = ({ changes }: Workflow.Plan) =>
  changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)

/** A host that is there, made outside of any plan. */
const withHost = (sandbox: Sandbox.Sandbox, value = "192.0.2.1") =>
  Effect.scoped(
    Effect.gen(function* () {
      const fmc = yield* Fmc.make(sandbox.fmc)
      return yield* (yield* fmc.domain("Global")).hosts.create({ name: "there-1", value })
    })
  )

/** A policy with a rule, made outside of any plan; gives where its rules are. */
const withRule = (sandbox: Sandbox.Sandbox) =>
  Effect.scoped(
    Effect.gen(function* () {
      const domain = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      const wanted = { name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
      const { id = "" } = yield* domain.objects("/policy/accesspolicies").create(wanted)
      const rules = `/policy/accesspolicies/${id}/accessrules`
      const made = yield* domain.objects(rules).create(rule("there"))
      return { policy: id, rules, there: made.id ?? "" }
    })
  )

/** Places of a policy with rules and a category, or without. */
const placesOf = (isFilled: boolean): ReadonlyArray<Parameters<Domain["objects"]>[1]> => [
  undefined,
  ...(isFilled ? [{ category: "Web" }] : []),
  { section: "mandatory" },
  { insertBefore: "1" },
  { section: "default" },
  { insertAfter: "3" },
  { section: "mandatory" }
]

const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })

describe("a plan of what has its place in a list", () => {
  it.scopedLive("says where it is put, and is another plan where it is put elsewhere", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { rules } = yield* withRule(sandbox)
      const planAt = (place?: Parameters<Domain["objects"]>[1]) =>
        planned(sandbox, (domain) => domain.objects(rules, place).create(rule("new")))
      const { plan } = yield* planAt({ section: "mandatory", insertBefore: "1" })
      expect(plan.changes[0]?.place).toEqual({ section: "mandatory", insertBefore: "1" })
      expect(Workflow.planText(plan)).toContain("+ AccessRule new, at section mandatory, insertBefore 1")
      expect(Workflow.planMarkdown(plan)).toContain("AccessRule new, at section mandatory, insertBefore 1")
      expect(Workflow.planHtml(plan)).toContain("AccessRule new, at section mandatory, insertBefore 1")
      expect(yield* Schema.decodeUnknown(Workflow.Plan)(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
      const { plan: elsewhere } = yield* planAt({ section: "default" })
      const { plan: anywhere } = yield* planAt()
      expect(anywhere.changes[0]?.place).toBe(undefined)
      expect(new Set([plan, elsewhere, anywhere].map(({ hash }) => hash)).size).toBe(3)
    })
  )

  it.scopedLive("shows later reads each where the run will have it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { policy, rules } = yield* withRule(sandbox)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const domain = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
          yield* domain.rest.send("POST", `/policy/accesspolicies/${policy}/categories`, Schema.Unknown, {
            body: { name: "Web", type: "AccessPolicyCategory" },
            query: { section: "mandatory" }
          })
          const places = [{ section: "mandatory" }, { category: "Web" }, { section: "mandatory" }]
          for (const [at, place] of places.entries())
            yield* domain.objects(rules, place).create(rule(`there ${at}`))
        })
      )
      const script = (domain: Domain) =>
        Effect.gen(function* () {
          const policies = domain.objects("/policy/accesspolicies")
          const empty = yield* policies.create({
            name: "new",
            type: "AccessPolicy",
            defaultAction: { action: "BLOCK" }
          })
          const seen: Array<ReadonlyArray<string | undefined>> = []
          for (const path of [rules, `/policy/accesspolicies/${empty.id}/accessrules`])
            for (const [at, place] of placesOf(path === rules).entries()) {
              const there = domain.objects(path, place)
              yield* there.createAll([`${at} a`, `${at} b`].map(rule))
              const all = [...(yield* Stream.runCollect(there.list()))]
              seen.push(all.map(({ name }) => name))
              if (at % 2 === 1) yield* there.remove(all[1]?.id ?? "")
            }
          return seen
        })
      const { plan, result } = yield* planned(sandbox, script)
      expect(plan.complete).toBe(true)
      const workflow = Workflow.make({
        name: "the workflow",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), script)
      })
      const options = { folder: yield* temporaryFolder, plan }
      const ran = yield* Workflow.run(workflow, { fmc: sandbox.fmc }, {}, options)
      expect(ran.report.errors).toEqual([])
      expect(result).toEqual(Option.getOrThrow(ran.result))
    })
  )

  it.scopedLive("ends at a list in which only the device knows where something is put", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { rules } = yield* withRule(sandbox)
      const { plan } = yield* planned(sandbox, (domain) => {
        const there = domain.objects(rules, { category: "Empty" })
        return Effect.gen(function* () {
          yield* there.create(rule("new"))
          // For these the order is no matter.
          yield* there.upsertAll(["a", "b", "c", "d", "new"].map(rule))
          return yield* Stream.runCollect(there.list())
        })
      })
      expect([plan.changes.length, plan.complete, plan.end?.reason]).toEqual([
        5,
        false,
        "only the device knows where in the list it puts what is planned so far."
      ])
    })
  )

  it.scopedLive("says what an undo of a removal would not give back, and nothing where it would all", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { policy, rules, there } = yield* withRule(sandbox)
      const { plan } = yield* planned(sandbox, (domain) =>
        Effect.gen(function* () {
          const set = yield* domain.dynamicObjects.create({ name: "set", objectType: "IP" })
          yield* domain.objects(rules).remove(there)
          yield* domain.objects("/policy/accesspolicies").remove(policy)
          return set
        })
      )
      expect(plan.changes.map(({ undo, undoLoses }) => [undo, undoLoses])).toEqual([
        ["yes", undefined],
        ["newId", undefined],
        ["newId", "what lay below it, such as its rules"]
      ])
      const text = Workflow.planText(plan)
      expect(text).toContain("- AccessRule there  (an undo gives it another id)")
      expect(text).toContain(
        "- AccessPolicy p  (an undo gives it another id, without what lay below it, such as its rules)"
      )
    })
  )
})

describe("a plan of a collection's verbs", () => {
  it.scopedLive("shows later reads what is planned, and the device nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { id } = yield* withHost(sandbox)
      const { plan, result } = yield* planned(sandbox, ({ hosts }) =>
        Effect.gen(function* () {
          const made = yield* hosts.create({ name: "web-1", value: "192.0.2.7" })
          const found = yield* hosts.find("WEB-1")
          const again = yield* hosts.upsert({ name: "web-1", value: "192.0.2.8" })
          yield* hosts.upsert({ name: "there-1", value: "192.0.2.2" })
          const read = yield* hosts.get(id)
          yield* hosts.remove(id)
          const gone = yield* Effect.flip(hosts.get(id))
          const names = yield* Stream.runCollect(hosts.list())
          return {
            isFound: Option.isSome(found) && found.value.id === made.id,
            again: again.change,
            read: read.value,
            gone: gone._tag,
            found: yield* hosts.find("there-1"),
            listed: [...names]
              .filter(({ name }) => name === "web-1" || name === "there-1")
              .map(({ value }) => value)
          }
        })
      )
      expect(result).toEqual({
        isFound: true,
        again: "updated",
        read: "192.0.2.2",
        gone: "DeviceRefused",
        found: Option.none(),
        listed: ["192.0.2.8"]
      })
      expect(brief(plan)).toEqual([
        "create Host web-1",
        "update Host web-1",
        "update Host there-1",
        "remove Host there-1"
      ])
      expect(plan.changes.map(({ undo }) => undo)).toEqual(["yes", "yes", "yes", "newId"])
      expect(plan.changes[2]?.fields).toEqual([{ field: "value", before: "192.0.2.1", after: "192.0.2.2" }])
      expect(plan.complete).toBe(true)
      expect(sandbox.ledger.requests.filter(({ method }) => method === "PUT" || method === "DELETE")).toEqual(
        []
      )
    })
  )

  it.scopedLive("shows nothing where the kind says that nothing differs, and counts it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const there = yield* withHost(sandbox)
      const { plan, result } = yield* planned(sandbox, ({ hosts }) =>
        Effect.gen(function* () {
          yield* hosts.update(there)
          yield* hosts.update({ ...there, value: "192.0.2.1/32" })
          return yield* hosts.upsertAll([{ name: "THERE-1", value: "192.0.2.1" }])
        })
      )
      expect(result?.map(({ change }) => change)).toEqual(["unchanged"])
      expect(plan).toMatchObject({ changes: [], unchanged: 3, complete: true })
      const one = { device: sandbox.fmc.target.name, kind: "Host", name: "there-1" }
      expect(plan.unchangedObjects).toEqual([one, one, one])
      expect(Workflow.planText(plan)).toContain(
        "Nothing to change; 3 as wanted already (Host there-1, Host there-1, Host there-1)."
      )
    })
  )

  it.scopedLive("of 1,200 hosts costs one login and one list", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const rows = Array.from({ length: 1200 }, (_, at) => ({
        name: `plan-${at}`,
        value: `10.7.${Math.floor(at / 250)}.${at % 250}`
      }))
      const { plan } = yield* planned(sandbox, ({ hosts }) => hosts.upsertAll(rows))
      expect(plan.changes).toHaveLength(1200)
      expect(plan.complete).toBe(true)
      const paths = sandbox.ledger.requests.map(
        ({ method, path }) => `${method} ${path.split("?")[0]?.split("/").at(-1)}`
      )
      expect(paths.filter((one) => one === "POST generatetoken")).toHaveLength(1)
      expect(paths.filter((one) => one === "GET hosts")).toHaveLength(1)
      expect(paths.filter((one) => one.startsWith("POST"))).toHaveLength(2)
    })
  )

  it.scopedLive("ends where a filter would have to be asked of what is only planned", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { plan } = yield* planned(sandbox, ({ hosts }) =>
        Effect.zipRight(
          hosts.create({ name: "web-1", value: "192.0.2.7" }),
          Stream.runCollect(hosts.list({ filter: "nameOrValue:web" }))
        )
      )
      expect(plan).toMatchObject({ complete: false, end: { reason: expect.stringContaining("filter") } })
    })
  )

  it.scopedLive("fails as the verbs do for what no device would take", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const error = yield* Effect.flip(
        planned(sandbox, ({ hosts }) => hosts.create({ name: "web-1", value: "300.1.1.1" }))
      )
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "value" })
    })
  )
})

describe("a plan of a group's members", () => {
  it.scopedLive.each(["7.4.1", "7.2.0"])("of an FMC %s adds to what is planned, too", (version) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ serverVersion: version })
      const { plan, result } = yield* planned(sandbox, ({ hosts, networkGroups }) =>
        Effect.gen(function* () {
          const web = yield* hosts.create({ name: "web-1", value: "192.0.2.7" })
          const group = yield* networkGroups.create({
            name: "blocked",
            literals: [{ type: "Host", value: "198.51.100.1" }]
          })
          return yield* networkGroups.addMembers(group.id, {
            objects: [{ id: web.id, type: "Host" }],
            literals: [{ type: "Host", value: "198.51.100.2" }]
          })
        })
      )
      expect(result?.literals).toHaveLength(2)
      expect(brief(plan)).toEqual([
        "create Host web-1",
        "create NetworkGroup blocked",
        "update NetworkGroup blocked"
      ])
      expect(plan.complete).toBe(true)
      const text = Workflow.planText(plan)
      expect(text).toContain("known after Host web-1 is created")
      expect(text).not.toContain("sallyport-planned")
      expect(text).toContain('literals: + {"type":"Host","value":"198.51.100.2"}')
    })
  )
})

describe("a plan as a value", () => {
  it.scopedLive("has the hash of what it would do, and is read back from JSON", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* withHost(sandbox)
      const change = (value: string) =>
        Effect.map(
          planned(sandbox, ({ hosts }) => hosts.upsert({ name: "there-1", value })),
          ({ plan }) => plan
        )
      const [one, same, other] = yield* Effect.all([
        change("192.0.2.2"),
        change("192.0.2.2"),
        change("192.0.2.3")
      ])
      expect(one.hash).toBe(same.hash)
      expect(one.hash).not.toBe(other.hash)
      expect(Schema.decodeUnknownSync(Workflow.Plan)(JSON.parse(JSON.stringify(one)))).toEqual(one)
    })
  )

  it.scopedLive("masks secrets", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const workflow = Workflow.make({
        name: "secrets",
        input: Schema.Struct({}),
        devices: { edge: Fdm.plugin },
        run: ({ edge }) =>
          Effect.zipRight(
            edge.users.create({ name: "ops", type: "user", password: "CANARY-pw-1" }),
            Workflow.note("done, says the script")
          )
      })
      const plan = yield* Workflow.plan(workflow, { edge: sandbox.fdm }, {})
      const all = [JSON.stringify(plan), Workflow.planText(plan), Workflow.planMarkdown(plan)]
      for (const text of all) expect(text).not.toContain("CANARY")
      expect(plan.changes[0]?.fields).toContainEqual({ field: "password", after: "(secret)" })
      expect(plan.notes).toEqual([{ step: "", text: "done, says the script" }])
    })
  )

  it("keeps what a device calls something text, in Markdown and on a terminal", () => {
    const name = "<img src=x onerror=alert(1)> | `x` \u001b[2J\u202e"
    const plan: Workflow.Plan = {
      version: 1,
      workflow: "w",
      changes: [
        { device: "d", step: "", action: "create", kind: "Host", path: "/p", name, fields: [], undo: "yes" }
      ],
      unchanged: 0,
      notes: [],
      complete: true,
      hash: "0".repeat(64)
    }
    const markdown = Workflow.planMarkdown(plan)
    expect(markdown).toContain("\\<img src=x onerror=alert(1)\\> \\| \\`x\\`")
    for (const text of [markdown, Workflow.planText(plan)]) expect(text).not.toMatch(/[\u001b\u202e]/)
    expect(Workflow.planText(plan, { colors: true })).toContain("\u001b[32m+ Host")
  })
})

describe("a workflow that awaits", () => {
  it.scopedLive("is planned in the same way, also where it catches everything", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const workflow = Workflow.promise({
        name: "awaits",
        input: Schema.Struct({
          hosts: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String }))
        }),
        devices: { fmc: Fmc.plugin },
        run: async ({ fmc }, { hosts }) => {
          const domain = await fmc.domain("Global")
          const done = await domain.hosts.upsertAll(hosts)
          const listed = []
          for await (const host of domain.hosts.list()) listed.push(host.name)
          try {
            await domain.rest.request("POST", "/object/hosts", { body: { type: "Host" } })
          } catch {
            // As scripts do.
          }
          await domain.hosts.create({ name: "after", value: "192.0.2.9" })
          return [done.length, listed.includes("web-1")]
        }
      })
      const plan = yield* Workflow.plan(
        workflow,
        { fmc: sandbox.fmc },
        { hosts: [{ name: "web-1", value: "192.0.2.7" }] }
      )
      expect(brief(plan)).toEqual(["create Host web-1"])
      expect(plan).toMatchObject({
        complete: false,
        end: { operation: expect.stringMatching(/^POST .*hosts$/) }
      })
      expect(
        sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method === "POST")
      ).toEqual([])
    })
  )
})

describe("a workflow without devices", () => {
  it.effect("ends its plan as any other, and is no failure", () =>
    Effect.gen(function* () {
      const workflow = Workflow.make({
        name: "none",
        input: Schema.Struct({}),
        devices: {},
        run: () => Workflow.unplanned("by hand", Effect.void)
      })
      expect(yield* Workflow.plan(workflow, {}, {})).toMatchObject({ complete: false, changes: [] })
    })
  )
})

describe("a part that is named by its variables", () => {
  it.scopedLive("reads an account as its kind of device has one", () =>
    Effect.gen(function* () {
      const apiToken = Redacted.make("an-api-token")
      const sandbox = yield* Sandbox.make({ apiToken })
      const workflow = Workflow.make({
        name: "named",
        input: Schema.Struct({}),
        devices: { cloud: CdFmc.plugin },
        run: ({ cloud }) =>
          Effect.flatMap(cloud.domain("Global"), ({ hosts }) =>
            hosts.create({ name: "web-1", value: "192.0.2.7" })
          )
      })
      const variables = new Map([
        ["CLOUD_URL", sandbox.url],
        ["CLOUD_PIN", sandbox.certificate.sha256],
        ["CLOUD_TOKEN", Redacted.value(apiToken)]
      ])
      const plan = yield* Effect.withConfigProvider(
        Workflow.plan(workflow, { cloud: "CLOUD" }, {}),
        ConfigProvider.fromMap(variables)
      )
      expect(brief(plan)).toEqual(["create Host web-1"])
    })
  )
})

describe("what a plan is given", () => {
  const workflow = Workflow.make({
    name: "w",
    input: Schema.Struct({ domain: Schema.String }),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }, { domain }) => fmc.domain(domain)
  })
  it.scopedLive("is named where it is wrong, and not shown", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const tried = (devices: unknown, input: unknown) =>
        Effect.flip(Workflow.plan(workflow, devices as never, input as never))
      expect(yield* tried({ fmc: sandbox.fmc }, { domain: 7 })).toMatchObject({
        _tag: "InvalidInput",
        field: "input.domain"
      })
      expect(yield* tried({ fmc: "NO_SUCH" }, { domain: "Global" })).toMatchObject({
        _tag: "InvalidInput",
        field: "NO_SUCH_URL"
      })
      expect(yield* tried({}, { domain: "Global" })).toMatchObject({ _tag: "InvalidInput", field: "fmc" })
      expect(yield* tried(undefined, { domain: "Global" })).toMatchObject({
        _tag: "InvalidInput",
        field: "fmc"
      })
      expect(yield* tried({ fmc: { url: "https://fmc.example" } }, { domain: "Global" })).toMatchObject({
        _tag: "InvalidInput",
        field: "fmc.credentials"
      })
      expect(yield* tried({ fmc: sandbox.fmc }, { domain: "No such" })).toMatchObject({
        _tag: "InvalidInput",
        field: "domain"
      })
    })
  )
})
