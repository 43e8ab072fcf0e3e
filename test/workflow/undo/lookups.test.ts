// How an undo finds what its changes are about, in lists of many.
//
// States of one of a list: as the run has left it; gone before the request that removes it, or in between.
//
// Invariants: a list is read once for all that is taken back in it, where an answer shows what became of one · to find each
// takes no look at all the others: twice as many are twice the steps.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import { Pages, type Rest } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import type { JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import { recorded, undone } from "../../support/recordedRun.ts"

const Fields = Schema.Record({ key: Schema.String, value: Schema.Unknown })

/** The same, of which each look at a field is told. */
const watching = <A extends object>(one: A, field: string, tell: () => void): A => {
  const value: unknown = Reflect.get(one, field)
  const get = () => {
    tell()
    return value
  }
  return Object.defineProperty({ ...one }, field, { enumerable: true, get })
}

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 0 })
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const host = Effect.map(
    domain.hosts.create({ name: "h", value: "192.0.2.1", overridable: true }),
    ({ id = "" }) => id
  )
  /** Sets an override of the host for each of so many devices. */
  const overridden = (id: string, count: number, value: string) =>
    Effect.forEach(
      Array.from({ length: count }, (_, at) => ({ id: `device-${at}`, type: "Device" as const })),
      (target) => domain.hosts.overrides.set(id, target, { value }),
      { discard: true }
    )
  /** Takes changes back, and counts what is read, and how many times `field` of any item of a list is looked at. */
  const undo = (changes: ReadonlyArray<JournaledChange>, field = "id") =>
    Effect.gen(function* () {
      let looks = 0
      const watched = (item: Readonly<Record<string, unknown>>) =>
        watching(item, field, () => {
          looks += 1
        })
      const list = (path: string, query: Rest.Query = {}) =>
        Stream.map(Pages.list(domain.rest, path, Fields, query), watched)
      const from = sandbox.ledger.requests.length
      const { result } = yield* undone(changes, { "sandbox-fmc": { rest: { ...domain.rest, list } } })
      const reads = sandbox.ledger.requests.slice(from).filter(({ method }) => method === "GET")
      return { hows: new Set(result.map(({ result }) => result.how)), reads: reads.length, looks }
    })
  return { domain, host, overridden, undo }
})

/** How many looks it takes to take back so many. */
const looksAt = (
  count: number,
  field: string,
  script: (own: Effect.Effect.Success<typeof opened>, count: number) => Effect.Effect<unknown, unknown>,
  before: (own: Effect.Effect.Success<typeof opened>) => Effect.Effect<unknown, unknown> = () => Effect.void
) =>
  Effect.gen(function* () {
    const own = yield* opened
    yield* Effect.orDie(before(own))
    const changes = yield* recorded(script(own, count))
    const { hows, looks } = yield* own.undo(changes, field)
    expect([...hows].filter((how) => how !== "undone" && how !== "goneWithParent")).toEqual([])
    return looks
  }).pipe(Effect.scoped)

describe("overrides of one object", () => {
  it.scopedLive("that were set are taken back by one list", () =>
    Effect.gen(function* () {
      const { host, overridden, undo } = yield* opened
      const id = yield* host
      const changes = yield* recorded(overridden(id, 12, "192.0.2.2"))
      const { hows, reads } = yield* undo(changes)
      expect([[...hows], reads]).toEqual([["undone"], 1])
    })
  )

  it.scopedLive("that were changed are taken back by one list, where the answers show them", () =>
    Effect.gen(function* () {
      const { host, overridden, undo } = yield* opened
      const id = yield* host
      yield* overridden(id, 12, "192.0.2.2")
      const changes = yield* recorded(overridden(id, 12, "192.0.2.3"))
      const { hows, reads } = yield* undo(changes)
      expect([[...hows], reads]).toEqual([["undone"], 1])
    })
  )

  it.scopedLive("are gone already where the device says so of one, though others are there", () =>
    Effect.gen(function* () {
      const { domain, host, overridden } = yield* opened
      const id = yield* host
      const changes = yield* recorded(overridden(id, 3, "192.0.2.2"))
      const send: typeof domain.rest.send = (method, path, schema, options) =>
        Effect.zipRight(
          // Somebody is faster by a moment.
          method === "DELETE" && options?.query?.overrideTargetId === "device-1"
            ? Effect.orDie(domain.hosts.overrides.remove(id, "device-1"))
            : Effect.void,
          domain.rest.send(method, path, schema, options)
        )
      const { result } = yield* undone(changes, { "sandbox-fmc": { rest: { ...domain.rest, send } } })
      expect(result.map(({ result }) => result.how)).toEqual(["undone", "goneAlready", "undone"])
    })
  )
})

describe("to take back twice as many takes no more than twice the looks", () => {
  it.scopedLive.each([
    [
      "overrides",
      "overrides",
      ({ host, overridden }: Effect.Effect.Success<typeof opened>, count: number) =>
        Effect.flatMap(host, (id) => overridden(id, count, "192.0.2.2"))
    ],
    [
      "mappings",
      "mapping",
      ({ domain }: Effect.Effect.Success<typeof opened>, count: number) =>
        Effect.flatMap(domain.dynamicObjects.create({ name: "d", objectType: "IP" }), ({ id = "" }) =>
          domain.dynamicObjects.addMappings(
            id,
            Array.from({ length: count }, (_, at) => `198.51.100.${at}`)
          )
        )
    ]
  ] as const)("%s", ([, field, script]) =>
    Effect.gen(function* () {
      const [some, twice] = [yield* looksAt(16, field, script), yield* looksAt(32, field, script)]
      expect(some).toBeGreaterThan(0)
      expect(twice).toBeLessThanOrEqual(some * 2)
    })
  )

  it.scopedLive("removals, each of which says what refers to it", () =>
    Effect.gen(function* () {
      const looksOf = (count: number) =>
        Effect.gen(function* () {
          const { domain } = yield* opened
          const names = Array.from({ length: count }, (_, at) => `t-${at}`)
          const ids = yield* Effect.forEach(names, (name) =>
            Effect.map(domain.hosts.create({ name, value: "192.0.2.7" }), ({ id = "" }) => id)
          )
          const changes = yield* recorded(Effect.forEach(ids, (id) => domain.hosts.remove(id)))
          let looks = 0
          const watched = changes.map((change) =>
            watching(change, "path", () => {
              looks += 1
            })
          )
          const { result } = yield* undone(watched, { "sandbox-fmc": domain })
          expect(new Set(result.map(({ result }) => result.how))).toEqual(new Set(["undone"]))
          return looks
        }).pipe(Effect.scoped)
      const [some, twice] = [yield* looksOf(16), yield* looksOf(32)]
      expect(some).toBeGreaterThan(0)
      expect(twice).toBeLessThanOrEqual(some * 2)
    })
  )
})
