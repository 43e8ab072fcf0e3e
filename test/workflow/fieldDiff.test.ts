// What a plan shows of an update, and what makes it one: they are the same.
//
// Invariant: a diff has nothing in it exactly where nothing that is given is otherwise, and nothing is left out that the
// device has not filled in by itself.
import * as fc from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import { differs } from "../../src/client/fields/Difference.ts"
import { leavesOut } from "../../src/client/fields/LeftOut.ts"
import { withoutDeviceFields } from "../../src/client/objects/ObjectWrites.ts"
import { fieldDiffs } from "../../src/workflow/plan/FieldDiff.ts"

const value = fc.constantFrom(undefined, null, "", " ", "one", "other", false, true, 7)
const sparse = { requiredKeys: [] }
const reference = fc.record(
  { id: fc.constantFrom("1", "2"), type: fc.constant("Host"), name: value },
  { requiredKeys: ["id"] }
)
const member = fc.record(
  { type: fc.constant("Host"), value: fc.constantFrom("192.0.2.1", "192.0.2.2"), log: value },
  { requiredKeys: ["value"] }
)
const entry = fc.record({ action: value, log: value }, sparse)
const part = fc.record(
  {
    id: fc.constantFrom("part-1", "part-2"),
    type: fc.constant("Part"),
    action: value,
    log: value,
    refersTo: reference,
    within: fc.record({ level: value, log: value }, sparse)
  },
  sparse
)
const object = fc.record(
  {
    id: fc.constant("id"),
    type: fc.constant("Thing"),
    name: fc.constantFrom("a", "A"),
    note: value,
    overridable: fc.constantFrom(false, true, undefined),
    part,
    literals: fc.array(member, { maxLength: 2 }),
    entries: fc.array(entry, { maxLength: 2 }),
    refersTo: reference,
    metadata: fc.record({ timestamp: value }, sparse)
  },
  { requiredKeys: ["id"] }
)

describe("the diff of an update", () => {
  it("is empty exactly where it is none", () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const isOther = differs(withoutDeviceFields(after), before, { exactNames: true })
        const isLess = leavesOut(after, withoutDeviceFields(before))
        expect(fieldDiffs({ name: "a", before, after }).length > 0).toBe(isOther || isLess)
      }),
      { numRuns: 500 }
    )
  })

  it.each([
    ["what a part is, and its id", { id: "1", type: "Part", action: "x" }, { action: "x" }, false],
    ["false within a part", { action: "x", log: false }, { action: "x" }, false],
    ["true within a part", { action: "x", log: true }, { action: "x" }, true],
    ["a word within a part", { action: "x", level: "INFO" }, { action: "x" }, true],
    ["the whole part", { action: "x" }, undefined, true],
    ["what is said of a reference", { id: "1", type: "Host", name: "a" }, { id: "1" }, false],
    [
      "true within one of several",
      [{ port: "1", log: true }, { port: "2" }],
      [{ port: "1" }, { port: "2" }],
      true
    ]
  ])("knows whether it takes away: %s", (_, old, next, isSo) => {
    const before = { id: "id", field: old }
    const after = { id: "id", ...(next !== undefined && { field: next }) }
    expect(leavesOut(after, before)).toBe(isSo)
    expect(fieldDiffs({ name: "a", before, after }).length > 0).toBe(isSo)
  })
})

it("tells nothing of what a device says by itself of an object that comes or goes", () => {
  const told = { type: "AccessRule", name: "a", enabled: true }
  const noted = { id: "1", version: "2", links: {}, metadata: { ruleIndex: 1 }, lastModified: 5 }
  const object = { ...told, ...noted, commentHistoryList: [{ comment: "CHG-1" }] }
  for (const change of [{ before: object }, { after: object }])
    expect(fieldDiffs({ name: "a", ...change }).map(({ field }) => field)).toEqual(Object.keys(told))
})
