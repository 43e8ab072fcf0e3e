import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

const policies = "/policy/accesspolicies"

/** Two branches below Global, and a policy in the first that uses objects of its own, of the others, and of Global. */
const started = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ domains: ["Global", "Global/ A", "Global/ B"] })
  const fmc = yield* Fmc.make(sandbox.fmc)
  const [global, a, b] = yield* Effect.all([
    fmc.domain("Global"),
    fmc.domain("Global/A"),
    fmc.domain("Global/B")
  ])
  const shared = yield* global.hosts.create({ name: "shared", value: "192.0.2.1" })
  const [web, mail] = yield* Effect.all([
    a.hosts.create({ name: "web", value: "192.0.2.2", description: "in the cellar" }),
    a.hosts.create({ name: "mail", value: "192.0.2.3" })
  ])
  // The other branch has the same host, which hides another one of Global.
  yield* b.hosts.create({ name: "Mail", value: "192.0.2.3" })
  yield* global.hosts.create({ name: "mail", value: "192.0.2.250" })
  const net = yield* a.networks.create({ name: "net", value: "198.51.100.0/24" })
  const range = yield* a.ranges.create({ name: "range", value: "203.0.113.1-203.0.113.9" })
  const inner = yield* a.networkGroups.create({ name: "inner", objects: [web, shared] })
  const literals = [{ type: "Host", value: "192.0.2.77" }]
  const outer = yield* a.networkGroups.create({ name: "outer", objects: [inner, net], literals })
  const portBody = { name: "app", type: "ProtocolPortObject", protocol: "TCP", port: "8443" }
  const app = yield* a.objects("/object/protocolportobjects").create(portBody)

  const policy = yield* a.objects(policies).create({ name: "Edge", defaultAction: { action: "BLOCK" } })
  const path = `${policies}/${policy.id}`
  const post = (what: string, query: Record<string, string | boolean>, body: unknown) =>
    a.rest.request("POST", `${path}/${what}`, { query, body })
  yield* post("categories", { section: "mandatory" }, { name: "Web", type: "AccessPolicyCategory" })
  yield* post("categories", { section: "default" }, { name: "Late", type: "AccessPolicyCategory" })
  const rule = (name: string, more: object = {}) => ({ name, type: "AccessRule", action: "ALLOW", ...more })
  const to = (...objects: ReadonlyArray<unknown>) => ({ destinationNetworks: { objects } })
  yield* post("accessrules", { bulk: true, category: "Web" }, [
    rule("to the web", { ...to(web, outer), destinationPorts: { objects: [app] } }),
    rule("literal", { sourceNetworks: { literals } })
  ])
  yield* post("accessrules", { bulk: true, section: "mandatory" }, [rule("to mail", to(mail, shared))])
  yield* post("accessrules", { bulk: true, section: "default" }, [
    rule("first", to(range)),
    rule("second", { enabled: false, logEnd: true })
  ])
  yield* post("accessrules", { bulk: true, category: "Late" }, [rule("last", { action: "BLOCK" })])
  const args = ["--name", "Edge", "--from", "Global/A", "--to", "Global/B"]
  const env = environmentOf(sandbox, "FMC")
  return {
    sandbox,
    source: a,
    target: b,
    rules: post,
    copy: run("examples/copy-policy.ts", { args: ["run", "--yes", "--quiet", ...args], env }),
    plan: run("examples/copy-policy.ts", { args: ["plan", ...args], env }),
    writes: () =>
      sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length,
    mark: () => sandbox.ledger.requests.length
  }
})

/** A policy as a reader of it sees it: rules in their order, with what they mean in place of ids. */
const seen = (domain: Fmc.Domain) =>
  Effect.gen(function* () {
    const policy = Option.getOrThrow(yield* domain.objects(policies).find("Edge"))
    const all = (path: string) =>
      Effect.map(Stream.runCollect(domain.objects(path).list()), (items) =>
        Chunk.toReadonlyArray(items).map((item) => nameless(item))
      )
    return {
      defaultAction: nameless(policy.defaultAction),
      categories: yield* all(`${policies}/${policy.id}/categories`),
      rules: yield* all(`${policies}/${policy.id}/accessrules`),
      groups: yield* all("/object/networkgroups")
    }
  })

/** Without what differs between two domains. */
const nameless = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner) =>
      ["id", "links", "timestamp", "domain", "accessPolicy", "lastUser"].includes(key)
        ? undefined
        : key === "name"
          ? String(inner).toLowerCase()
          : inner
    )
  )

// Each test starts several processes one after the other, on a machine that may be busy.
describe("copy-policy.ts", { timeout: 90_000 }, () => {
  it.scopedLive("copies rules in their order with the objects they use, and nothing the second time", () =>
    Effect.gen(function* () {
      const { copy, mark, sandbox, source, target } = yield* started
      const first = mark()
      const once = yield* copy
      expect(once).toMatchObject({ code: 0, stderr: "" })
      expect(once.stdout).toMatch(/^copy-policy: done\n15 done; [\s\S]*Edge: 6 rules to Global\/ B$/m)
      // Reads: the policy is found by a list and read, its categories and rules are listed, the copy is looked for, and
      // five kinds of objects are listed in three domains. Writes: hosts, networks, ranges, ports, the group within the
      // group, the other group, the policy, two categories, and rules of four places.
      Requests.account("copy-policy", sandbox, first)
      expect(yield* seen(target)).toEqual(yield* seen(source))
      const hosts = yield* Stream.runCollect(target.hosts.list())
      expect(Chunk.toReadonlyArray(hosts).map(({ name }) => name)).toEqual(["Mail", "web"])

      const second = mark()
      const twice = yield* copy
      expect(twice).toMatchObject({ code: 0, stderr: "" })
      expect(twice.stdout).toMatch(/^copy-policy: done\nNothing was changed/)
      // Both policies are read, with their categories and rules.
      Requests.account("copy-policy, again", sandbox, second)
    })
  )

  it.scopedLive("is planned whole, and taken back where it breaks off", () =>
    Effect.gen(function* () {
      const { copy, plan, sandbox, source, target, writes } = yield* started
      const before = writes()
      const planned = yield* plan
      expect(planned).toMatchObject({ code: 0, stderr: "" })
      expect(planned.stdout).toMatch(/^15 to create; 0 as wanted already\./m)
      expect(writes()).toBe(before)

      yield* sandbox.fail({ method: "POST", path: /accessrules/, nth: 3, how: Sandbox.Fault.status(500) })
      const broken = yield* copy
      expect(broken.code).toBe(3)
      expect(broken.stdout).toMatch(/^copy-policy: failed, and taken back\n/)
      const hosts = yield* Stream.runCollect(target.hosts.list())
      expect(Chunk.toReadonlyArray(hosts).map(({ name }) => name)).toEqual(["Mail"])
      expect(Option.isNone(yield* target.objects(policies).find("Edge"))).toBe(true)

      expect(yield* copy).toMatchObject({ code: 0, stderr: "" })
      expect(yield* seen(target)).toEqual(yield* seen(source))
    })
  )

  it.scopedLive("refuses what it cannot map, names it, and writes nothing", () =>
    Effect.gen(function* () {
      const { copy, mark, rules, sandbox, target } = yield* started
      const refused = (words: string) =>
        Effect.gen(function* () {
          const first = mark()
          const { code, stderr, stdout } = yield* copy
          expect(code).toBe(1)
          expect(stdout).toMatch(/^copy-policy: failed\nNothing was changed/)
          expect(stderr).toContain(words)
          expect(Requests.since(sandbox, first)).toMatchObject({ logins: 1, writes: 0, logouts: 1 })
        })

      const web = yield* target.hosts.create({ name: "web", value: "192.0.2.200" })
      yield* refused("Host web is something else where it is to go. Nothing was written.")
      yield* target.hosts.remove(web.id)

      const zone = { id: "9d1f", name: "inside", type: "SecurityZone" }
      const body = { name: "zone", type: "AccessRule", action: "ALLOW", sourceZones: { objects: [zone] } }
      yield* rules("accessrules", { section: "default" }, body)
      yield* refused("SecurityZone inside is used, a kind of object that is not known here.")

      const { id } = yield* target
        .objects(policies)
        .create({ name: "Edge", defaultAction: { action: "BLOCK" } })
      const other = { name: "other", type: "AccessRule", action: "ALLOW" }
      yield* target.rest.request("POST", `${policies}/${id}/accessrules`, { body: other })
      yield* refused("Global/B has a policy Edge already, with other rules. Nothing was written.")
    })
  )
})
