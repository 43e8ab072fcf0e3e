// Filters: names with *, tag:, kind:, group:, each also after a !.
//
// Invariants: filters of one sort widen each other, those of several narrow each other, ! takes away · the order is the
// inventory's · one that matches nothing is told, so that a slip selects neither too little nor too much.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Filter from "../../src/inventory/Filter.ts"
import { read } from "../support/inventories.ts"

const inventory = read(
  "i.csv",
  `name,kind,url,tags,groups
hq,fmc,https://hq.example,prod core,emea
branch-1,fdm,https://b1.example,prod,emea
branch-2,fdm,https://b2.example,prod canary,apac
branch-10,fdm,https://b10.example,lab,apac
Straße,cdfmc,https://s.example,lab,
`,
  { defaults: { credentials: { env: "X" } }, groups: { emea: {}, apac: {} } }
)
const selected = (...filters: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const entries = yield* (yield* inventory).select(...filters)
    return entries.map(({ name }) => name)
  })
const refused = (...filters: ReadonlyArray<unknown>) =>
  Effect.flatMap(inventory, ({ select }) =>
    Effect.map(Effect.flip(select(...(filters as ReadonlyArray<string>))), ({ message }) => message)
  )

describe("filters", () => {
  it.effect.each<[filters: ReadonlyArray<string>, names: string]>([
    [[], "hq branch-1 branch-2 branch-10 Straße"],
    [["*"], "hq branch-1 branch-2 branch-10 Straße"],
    [["branch-1"], "branch-1"],
    [["BRANCH-1"], "branch-1"],
    [["branch-10", "branch-1"], "branch-1 branch-10"],
    [["branch-*"], "branch-1 branch-2 branch-10"],
    [["*-1*"], "branch-1 branch-10"],
    [["b*a*n*c*h*0"], "branch-10"],
    [["stra*e"], "Straße"],
    [["tag:prod"], "hq branch-1 branch-2"],
    [["tag:prod", "tag:lab"], "hq branch-1 branch-2 branch-10 Straße"],
    [["tag:prod", "!tag:canary"], "hq branch-1"],
    [["kind:fdm", "tag:prod", "!branch-1"], "branch-2"],
    [["kind:*fmc"], "hq Straße"],
    [["group:apac", "!tag:lab"], "branch-2"],
    [["!kind:fdm"], "hq Straße"],
    [["!branch-*", "!hq"], "Straße"],
    [["name:hq"], "hq"],
    [["kind:fdm tag:prod, !branch-1"], "branch-2"],
    [["kind:fdm tag:prod", " !branch-1 "], "branch-2"]
  ])("%j mean the devices %s", ([filters, names]) =>
    Effect.gen(function* () {
      expect((yield* selected(...filters)).join(" ")).toBe(names)
    })
  )

  it.effect("that match nothing, or leave nothing, are told", () =>
    Effect.gen(function* () {
      expect(yield* refused("brnach-1")).toBe(
        'select: "brnach-1" matches no device; did you mean "branch-1"?'
      )
      expect(yield* refused("tag:prd")).toBe('select: "tag:prd" matches no device; did you mean "prod"?')
      expect(yield* refused("!hx")).toBe('select: "!hx" matches no device; did you mean "hq"?')
      expect(yield* refused("kind:fmc", "tag:canary")).toMatch(
        /^select: no device is left by "kind:fmc", "tag:canary" together: filters of one sort widen each other/
      )
      expect(yield* refused("site:emea")).toBe(
        'select: "site:emea" is no filter: before a colon stands tag, kind, group or name.'
      )
      for (const given of ["", " , ", "!", undefined, 1, ["hq"]])
        expect(yield* refused(given)).toMatch(/^select: a filter is text such as branch-\*, tag:prod/)
      expect((yield* refused("x:1", "y:1")).split("\n")).toHaveLength(2)
    })
  )

  it.effect("take any stars in no time", () =>
    Effect.gen(function* () {
      expect(yield* refused(`${"*a".repeat(10_000)}b`)).toMatch(/matches no device/)
    })
  )

  it("compare names as an expression would", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 6 })
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "-", "*"), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(pattern, fc.uniqueArray(text, { minLength: 1 }), (wanted, names) => {
        const devices = names.map((name) => ({ name, kind: "fdm", tags: [], groups: [] }))
        const expression = new RegExp(`^${wanted.replaceAll("*", ".*")}$`)
        expect(Filter.select(devices, [wanted]).devices.map(({ name }) => name)).toEqual(
          names.filter((name) => expression.test(name))
        )
      })
    )
  })
})
