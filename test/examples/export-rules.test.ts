import { describe, expect, it } from "@effect/vitest"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"
import { start } from "../support/runtime.ts"

const script = "examples/export-rules.ts"

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => `rule-${String(at + 1).padStart(3, "0")}`)

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
        "index,section,category,name,action,enabled,sourceNetworks,destinationNetworks,sourcePorts,destinationPorts",
        "1,Mandatory,--Undefined--,rule-001,ALLOW,true,host-001,any,any,HTTPS"
      ])
      const rules = lines(json?.stdout ?? "").map((line) => JSON.parse(line))
      expect(rules.map(({ name }) => name)).toEqual(numbered(20))
      expect(rules[0]).toMatchObject({ type: "AccessRule", logEnd: true, metadata: { section: "Mandatory" } })
      expect(sandbox.ledger.open).toBe(0)
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
