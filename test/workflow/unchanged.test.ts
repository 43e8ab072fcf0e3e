// The list of what is as it is wanted already.
//
// Invariants: all are counted · the first thousand are listed · one without a kind is called by its list.
import { expect, it } from "@effect/vitest"
import * as Unchanged from "../../src/workflow/plan/Unchanged.ts"

it("lists the first thousand, and counts all", () => {
  const unchanged = Unchanged.make()
  const list = { targetName: "fmc.example", path: "/api/object/hosts" }
  unchanged.note(list, undefined)
  for (let at = 0; at < 1200; at++) unchanged.note({ ...list, kind: "Host" }, `web-${at}`)
  const { unchanged: count, unchangedObjects } = unchanged.facts()
  expect(count).toBe(1201)
  expect(unchangedObjects).toHaveLength(1000)
  expect(unchangedObjects.slice(0, 2)).toEqual([
    { device: "fmc.example", kind: "hosts" },
    { device: "fmc.example", kind: "Host", name: "web-0" }
  ])
})
