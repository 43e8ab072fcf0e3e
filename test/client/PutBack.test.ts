// A list of which a run has removed some, shown as it was before the removals that a resumed run has not come to yet.
//
// States of an object: there · gone, and not to be shown · gone, and to be shown. Invariant: what is shown is the list
// as it was at that moment, whatever the order of the removals and however often the list was read between them.
import * as fc from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import { putBack } from "../../src/client/changes/PutBack.ts"

const idOf = (id: string) => id
const shown = (id: string) => [id]
const lacking = (...ids: ReadonlyArray<string>) => new Map(ids.map((id) => [id, id]))

describe("a list with what was removed from it put back", () => {
  it("is the list as it was", () => {
    const all = fc.uniqueArray(fc.integer({ min: 0, max: 99 }).map(String), { maxLength: 12 })
    const removal = fc.record({ which: fc.nat(11), isReadFirst: fc.boolean() })
    fc.assert(
      fc.property(all, fc.array(removal, { maxLength: 10 }), fc.nat(10), (before, removals, come) => {
        let now = before
        let read = before
        const states = [before]
        const gone: Array<readonly [string, string]> = []
        for (const { isReadFirst, which } of removals) {
          const id = now[which % Math.max(1, now.length)]
          if (id === undefined) break
          if (isReadFirst) read = now
          gone.push([id, read[read.indexOf(id) - 1] ?? ""])
          now = now.filter((one) => one !== id)
          states.push(now)
        }
        const at = Math.min(come, gone.length)
        const left = lacking(...gone.slice(at).map(([id]) => id))
        expect(putBack(now, left, new Map(gone), idOf, shown)).toEqual(states[at])
      })
    )
  })

  it("has at its end what nobody knows the place of", () => {
    const behind = new Map([
      ["b", "somebody has removed it"],
      ["d", "e"],
      ["e", "d"]
    ])
    expect(putBack(["x", "y"], lacking("b", "c", "d"), behind, idOf, shown)).toEqual([
      "x",
      "y",
      "b",
      "c",
      "d"
    ])
  })

  it("may be one of thousands that are all gone", () => {
    const ids = Array.from({ length: 50_000 }, (_, at) => String(at))
    const behind = new Map(ids.map((id, at) => [id, ids[at - 1] ?? ""]))
    expect(putBack([], lacking(...ids), behind, idOf, shown)).toEqual(ids)
  })
})
