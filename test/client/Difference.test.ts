// Whether what a device has is what a script wants: what `upsert` writes, and what it leaves alone.
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { Collection } from "sallyport"
import { differences } from "../../src/client/fields/Difference.ts"

describe("what is there meets what is wanted", () => {
  it.each([
    ["fields of the device's own do not count", { name: "a" }, { name: "a", id: "1", metadata: {} }],
    [
      "members that are known by an id have no order",
      { objects: [id(1), id(2)] },
      { objects: [id(2), id(1)] }
    ],
    [
      "values have none either, nor case",
      { literals: [{ value: "2001:DB8::1" }] },
      { literals: [{ value: "2001:db8::1" }] }
    ],
    ["a number is what a device writes as text", { port: 443 }, { port: "443" }],
    ["an empty text is what a device writes as a space", { description: "" }, { description: " " }],
    ["an empty text is none", { description: "" }, {}],
    ["an empty list is left out", { literals: [] }, {}],
    ["a member that is named twice is there once", { objects: [id(1), id(1)] }, { objects: [id(1)] }],
    ["what is undefined is not wanted", { value: undefined }, { value: "x" }],
    ["at any depth", { action: { type: "BLOCK" } }, { action: { id: "1", type: "BLOCK" } }]
  ] as const)("%s", (_, wanted, there) => {
    expect(Collection.containsAll(wanted, there)).toBe(true)
  })

  it.each([
    ["a field is another", { value: "10.0.0.1" }, { value: "10.0.0.2" }],
    ["a field is not there", { value: "10.0.0.1" }, {}],
    ["a member is missing", { objects: [id(1), id(2)] }, { objects: [id(1)] }],
    ["a member is too many", { objects: [id(1)] }, { objects: [id(1), id(2)] }],
    [
      "a member that is named twice hides one that is not wanted",
      { objects: [id(1), id(2), id(2)] },
      { objects: [id(1), id(2), id(3)] }
    ],
    ["the same member twice is not two", { objects: [id(1), id(2)] }, { objects: [id(1), id(1)] }],
    ["an order counts where members have no name", { list: [1, 2] }, { list: [2, 1] }],
    ["a switch is the other way", { enabled: false }, { enabled: true }],
    ["a name is another", { name: "a" }, { name: "b" }],
    ["false is no empty text", { enabled: false }, { enabled: "" }],
    ["there is something else altogether", { a: { b: 1 } }, { a: [1] }],
    ["a switch that is on is left out", { overridable: true }, {}],
    ["a switch that is off is left out, and no default of it is known", { enabled: false }, {}],
    ["a comment is not in the history", { newComments: ["b"] }, { commentHistoryList: [{ comment: "a" }] }],
    ["a name that every object has is no field", { toString: "x" }, {}]
  ] as const)("but not where %s", (_, wanted, there) => {
    expect(Collection.containsAll(wanted, there)).toBe(false)
  })

  it("of anything, itself, and itself with more around it", () => {
    const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => typeof value === "object" && value !== null)
    fc.assert(
      fc.property(json, fc.dictionary(fc.string(), fc.jsonValue()), (value, more) => {
        expect(Collection.containsAll(value, structuredClone(value))).toBe(true)
        if (!Array.isArray(value))
          expect(Collection.containsAll(value, { ...more, ...(value as object) })).toBe(true)
      })
    )
  })
})

describe("the id of a part", () => {
  const part = (partId: string, action = "BLOCK") => ({
    defaultAction: { id: partId, type: "Action", action }
  })
  const reference = (of: string) => ({
    ipsPolicy: { id: of, name: of, type: "Policy", inspectionMode: "DETECTION" }
  })
  const without = { partIds: false }

  it("counts, unless it is of one that the device has created anew", () => {
    expect(differences(part("1"), part("2"))).toEqual(["defaultAction"])
    expect(differences(part("1"), part("2"), without)).toEqual([])
    expect(differences(part("1"), part("2", "PERMIT"), without)).toEqual(["defaultAction.action"])
  })

  it("is none of a reference, whatever more that says", () => {
    expect(differences(reference("1"), reference("2"), without)).toEqual(["ipsPolicy"])
  })
})

function id(number: number) {
  return { id: String(number), type: "Host" }
}
