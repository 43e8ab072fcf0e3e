// Undo at devices of third parties, whose lists and ids are of another form.
//
// Invariants: what is found by its name and shows no id is left, and nothing is sent to its list · where the device says
// how its lists are read, the id is known, on whatever page it stands · what is read by its id needs to show none.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { DeviceRefused } from "sallyport"
import type { Rest } from "sallyport/plugin"
import type { JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import { undone } from "../../support/recordedRun.ts"

const path = "/api/objects"

/** A device whose objects have their ids in `key`, of which its list shows a page. */
const given = (count: number) => {
  const there = new Map(
    Array.from({ length: count }, (_, at) => [`k-${at}`, { key: `k-${at}`, name: `n-${at}` }])
  )
  const sent: Array<string> = []
  const answerTo = (method: string, at: string): Effect.Effect<unknown, DeviceRefused> =>
    Effect.suspend((): Effect.Effect<unknown, DeviceRefused> => {
      if (at === path && method === "GET") return Effect.succeed({ items: [...there.values()].slice(0, 2) })
      const id = at.slice(path.length + 1)
      const one = there.get(id)
      if (method !== "GET") sent.push(`${method} ${at}`)
      if (one === undefined) {
        const operation = `${method} ${at}`
        return Effect.fail(new DeviceRefused({ targetName: "d", operation, status: 404, messages: [] }))
      }
      if (method === "DELETE") there.delete(id)
      return Effect.succeed(one)
    })
  const rest: Rest.Rest = {
    get: (at, schema) =>
      Effect.flatMap(answerTo("GET", at), (one) => Effect.orDie(Schema.decodeUnknown(schema)(one))),
    send: (method, at, schema) =>
      Effect.flatMap(answerTo(method, at), (one) => Effect.orDie(Schema.decodeUnknown(schema)(one))),
    request: answerTo,
    at: Effect.succeed
  }
  const list = () =>
    Stream.suspend(() => Stream.fromIterable([...there.values()].map((one) => ({ ...one, id: one.key }))))
  return { rest, listing: { ...rest, list }, sent, there }
}

const created = (count: number, known: (at: number) => object): ReadonlyArray<JournaledChange> => [
  {
    number: 1,
    step: "",
    targetName: "d",
    path,
    kind: "object",
    action: "create",
    objects: Array.from({ length: count }, (_, at) => ({ name: `n-${at}`, after: { name: `n-${at}` } })),
    undo: Array.from({ length: count }, (_, at) => ({
      method: "DELETE" as const,
      path,
      expect: { name: `n-${at}` },
      ...known(at)
    })),
    outcome: "unknown",
    takenBack: new Map()
  }
]
const byName = (at: number) => ({ find: `n-${at}` })
const byId = (at: number) => ({ id: `k-${at}` })

it.effect("leaves what it finds by its name without an id, and sends nothing to the list", () =>
  Effect.gen(function* () {
    const { rest, sent, there } = given(1)
    const { journal } = yield* undone(created(1, byName), { d: { rest } })
    expect(journal).toEqual([[1, 0, "cannot"]])
    expect(sent).toEqual([])
    expect(there.size).toBe(1)
  })
)

it.effect("takes back whatever a device lists in its own way, by name and by id", () =>
  Effect.gen(function* () {
    for (const known of [byName, byId]) {
      const { listing, sent, there } = given(7)
      const { journal } = yield* undone(created(7, known), { d: { rest: listing } })
      expect(journal.filter(([, , how]) => how === "undone")).toHaveLength(7)
      expect(there.size).toBe(0)
      expect([...sent].sort()).toEqual(Array.from({ length: 7 }, (_, at) => `DELETE ${path}/k-${at}`))
    }
  })
)

it.effect("reads a few by their ids, whatever the device calls those", () =>
  Effect.gen(function* () {
    const { rest, there } = given(3)
    const { journal } = yield* undone(created(3, byId), { d: { rest } })
    expect(journal.filter(([, , how]) => how === "undone")).toHaveLength(3)
    expect(there.size).toBe(0)
  })
)
