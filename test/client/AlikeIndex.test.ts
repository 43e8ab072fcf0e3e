import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import * as AlikeIndex from "../../src/client/fields/AlikeIndex.ts"
import { differs } from "../../src/client/fields/Difference.ts"

const word = fc.constantFrom(
  "a",
  "A",
  " a ",
  "b",
  "",
  "10.0.0.1",
  "010.0.0.1",
  "10.0.0.1/32",
  "fe80::1",
  "FE80:0::1"
)
const plain = fc.oneof(word, fc.constantFrom(1, 0, "1", true, "true", false, null, undefined))
const reference = fc.record({ id: fc.constantFrom("x", "y"), name: word }, { requiredKeys: [] })
const list = fc.array(fc.oneof(plain, reference), { maxLength: 2 })
const fields = fc.record(
  {
    name: plain,
    value: plain,
    type: word,
    password: word,
    protocol: fc.constantFrom("6", "TCP", 6),
    at: reference,
    in: list
  },
  { requiredKeys: [] }
)
const key = fc.oneof(plain, fields, reference, list)

describe("what is like a key", () => {
  it("is what does not differ from it, whatever the form of the key", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 12 }), fc.array(key, { maxLength: 4 }), (keys, wanted) => {
        const there = keys.map((key, at) => ({ at, key }))
        const index = AlikeIndex.make(there, (one) => one.key)
        for (const one of wanted) expect(index(one)).toEqual(there.filter(({ key }) => !differs(one, key)))
      }),
      { numRuns: 2000 }
    )
  })

  it("is found among thousands without a look at all of them", () => {
    let looks = 0
    const keyOf = (at: number) => ({ name: `r-${at}`, section: "mandatory" })
    const look = (key: object, name: string | symbol): unknown => {
      looks += 1
      return Reflect.get(key, name)
    }
    const all = Array.from({ length: 2000 }, (_, at) => at)
    const index = AlikeIndex.make(all, (at) => new Proxy(keyOf(at), { get: look }))
    for (const at of all) expect(index(keyOf(at))).toEqual([at])
    expect(looks).toBeGreaterThan(all.length)
    expect(looks).toBeLessThan(all.length * 20)
  })
})
