import { describe, expect, it } from "@effect/vitest"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as TestClock from "effect/TestClock"
import { Trust } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { make } from "../support/device.ts"
import { eventually } from "../support/eventually.ts"
import { environment, environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"
import { start } from "../support/runtime.ts"

const script = "examples/export-rules.ts"

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `rule-${String(at + 1).padStart(3, "0")}`)

const rule = { id: "r-1", type: "AccessRule", name: "open", action: "ALLOW", enabled: true, logEnd: true }
const owns = new Set(["index", "section", "category", "name", "action", "enabled"])

/** What the script says of these rules, of an FMC that has them as they are here. */
const exported = (rules: ReadonlyArray<unknown>) =>
  Effect.gen(function* () {
    const domains = [{ name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }]
    const headers = { "X-auth-access-token": "access-1", DOMAINS: JSON.stringify(domains) }
    const policy = { id: "p-1", type: "AccessPolicy", name: "Edge" }
    const device = yield* make(({ path }) => {
      if (path.includes("/auth/")) return { status: 204, headers }
      if (path.includes("/accessrules")) return { body: { items: rules } }
      return { body: /accesspolicies\/p-1/.test(path) ? policy : { items: [policy] } }
    })
    const { host, origin: url, port } = device.target
    const { sha256: pin } = yield* Trust.inspect({ host, port })
    const env = environment({ url, username: "api", password: device.password, pin }, "FMC")
    const { code, stderr, stdout } = yield* run(script, { args: ["Edge"], env })
    return { code, stderr, rows: parse<Record<string, string>>(stdout, { columns: true }) }
  })

/** A condition of Cisco's model, or one that nobody knows. */
const field = FastCheck.constantFrom(
  ...["sourceNetworks", "destinationNetworks", "sourceZones", "destinationZones", "sourcePorts"],
  ...["destinationPorts", "applications", "urls", "users", "vlanTags", "sourceDynamicObjects"],
  ...["destinationDynamicObjects", "sourceSecurityGroupTags", "destinationSecurityGroupTags", "destSGTTypes"],
  ...["endPointDeviceTypes", "networkAccessDeviceIPs", "originalSourceNetworks", "timeRangeObjects"],
  ...["youTube", "safeSearch", "somethingNew", "isNegated"]
)
const item = FastCheck.oneof(
  FastCheck.record({ id: FastCheck.uuid(), type: FastCheck.constant("Host"), name: FastCheck.string() }),
  FastCheck.record({ type: FastCheck.constant("Network"), value: FastCheck.ipV4() }),
  FastCheck.constantFrom(null, 7, "text", {}, { id: "1" }, { protocol: "6" }, { startTag: 1 })
)
const container = FastCheck.dictionary(
  FastCheck.constantFrom("objects", "literals", "applications", "urlCategoriesWithReputation", "others"),
  FastCheck.array(item, { minLength: 1, maxLength: 3 }),
  { minKeys: 1 }
)
const odd = FastCheck.oneof(
  FastCheck.constantFrom(
    true,
    "text",
    [null],
    [{}],
    { enabled: true },
    { objects: "text" },
    { deep: { deep: [null] } }
  ),
  FastCheck.array(item, { minLength: 1, maxLength: 2 })
)

// Each test starts several processes one after the other, on a machine that may be busy.
describe("export-rules.ts", { timeout: 90_000 }, () => {
  // By the test's clock: the token expires while the second of five pages is on its way, however slow the machine is.
  it.scoped("over an expiry loses no rule, has none twice, and begins to write before it has read all", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ rules: 5000 })
      yield* sandbox.fail({ path: /accessrules/, nth: 2, how: Sandbox.Fault.slow("1 second") })
      const exporting = start(script, { args: ["Edge"], env: environmentOf(sandbox, "FMC") })
      const pages = () => sandbox.ledger.requests.filter(({ path }) => path.includes("/accessrules"))
      yield* eventually("the second page is on its way", () => pages().length === 2, 20)
      yield* TestClock.adjust("31 minutes")
      yield* eventually("the first page is written", () => exporting.output().includes("rule-1000"))
      expect(exporting.output()).not.toContain("rule-1001")

      const { code, stderr, stdout } = yield* Effect.promise(() => exporting.ended)
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const rows = parse<Record<string, string>>(stdout, { columns: true })
      expect(rows.map(({ name }) => name)).toEqual(numbered(5000))
      expect(pages().filter(({ status }) => status === 401)).toHaveLength(1)
      // The policy is found by a list and read; five pages, and the one that was refused for the token once more.
      Requests.account("export-rules", sandbox)
    })
  )

  it.scopedLive("has a row for each rule, and a whole rule in each line of JSON", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ rules: 20 })
      const [csv, json] = yield* Effect.all(
        [["Edge"], ["Edge", "--json"]].map((args) =>
          run(script, { args, env: environmentOf(sandbox, "FMC") })
        ),
        { concurrency: 2 }
      )
      expect(lines(csv?.stdout ?? "").slice(0, 2)).toEqual([
        expect.stringMatching(
          /^index,section,category,name,action,enabled,sourceNetworks,destinationNetworks,sourcePorts,destinationPorts,.*,other$/
        ),
        expect.stringMatching(/^1,Mandatory,,rule-001,ALLOW,true,host-001,any,any,HTTPS(,any)+,$/)
      ])
      const rules = lines(json?.stdout ?? "").map((line) => JSON.parse(line))
      expect(rules.map(({ name }) => name)).toEqual(numbered(20))
      expect(rules[0]).toMatchObject({ type: "AccessRule", logEnd: true, metadata: { section: "Mandatory" } })
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("says any/any of no rule that has a condition, whatever its shape", () =>
    Effect.gen(function* () {
      const limited = FastCheck.sample(FastCheck.tuple(field, FastCheck.oneof(container, odd)), {
        numRuns: 150,
        seed: 4711
      }).map(([key, value], at) => ({ ...rule, name: `limited-${at}`, [key]: value }))
      const open = [
        rule,
        { ...rule, sourceNetworks: {}, applications: { applications: [] }, vlanTags: null, isNegated: false },
        { ...rule, safeSearch: { enabled: false, actionForNonSupportedEngines: "BLOCK" }, destSGTTypes: [] }
      ]
      const { rows } = yield* exported([...limited, ...open])
      const isAny = ({ other, ...row }: Record<string, string>) =>
        other === "" && Object.keys(row).every((column) => owns.has(column) || row[column] === "any")
      expect(rows.filter(isAny).map(({ name }) => name)).toEqual(["open", "open", "open"])
      expect(rows).toHaveLength(153)
    })
  )

  it.scopedLive("names what limits a rule, and is not ended by an odd rule or a formula", () =>
    Effect.gen(function* () {
      const of = (fields: object) => ({ ...rule, ...fields })
      const objects = (...objects: ReadonlyArray<unknown>) => ({ objects })
      const { code, rows, stderr } = yield* exported([
        of({
          sourceZones: objects({ name: "inside", type: "SecurityZone", id: "1" }, null, {
            id: "2",
            type: "Zone"
          })
        }),
        null,
        { action: "BLOCK", enabled: false, name: "=cmd|' /C calc'!A0" },
        of({
          destinationPorts: {
            literals: [
              { type: "PortLiteral", protocol: "6", port: "443" },
              { protocol: "1", icmpType: "8", code: 0 }
            ]
          }
        }),
        of({
          urls: {
            urlCategoriesWithReputation: [{ category: { name: "Weapons" }, reputation: "TRUSTED" }],
            literals: [{ url: "a.example" }]
          }
        }),
        of({ vlanTags: { literals: [{ type: "VlanTagLiteral", startTag: "10", endTag: "20" }] } }),
        of({
          users: objects({ name: "ann", realm: { name: "corp" } }),
          sourceNetworks: { ...objects({ name: "lan" }), negated: true },
          destinationNetworks: objects({ name: "dmz", isNegated: true })
        }),
        of({
          applications: {
            inlineApplicationFilters: [{ type: "F", categories: [{ name: "games" }], search: "x" }]
          }
        }),
        of({ geolocations: objects({ name: "Atlantis" }), sourceDynamicObjects: objects({ name: "@dyn" }) })
      ])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(rows).toMatchObject([
        { sourceZones: "inside; ?; Zone 2", sourceNetworks: "any" },
        { name: "?", other: "no rule: null" },
        { name: "'=cmd|' /C calc'!A0", action: "BLOCK", enabled: "false", sourceNetworks: "any" },
        { destinationPorts: "6/443; 1/8/0" },
        { urls: "Weapons (TRUSTED); a.example" },
        { vlanTags: "10-20" },
        { users: "corp\\ann", sourceNetworks: "lan; negated: true", destinationNetworks: "not dmz" },
        { applications: "type: F; games; search: x" },
        { other: "geolocations: Atlantis", sourceDynamicObjects: "'@dyn" }
      ])
    })
  )

  it.scopedLive("names a policy that is not there", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ rules: 1 })
      const { code, stderr, stdout } = yield* run(script, {
        args: ["Egde"],
        env: environmentOf(sandbox, "FMC")
      })
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toContain("Egde")
    })
  )
})
