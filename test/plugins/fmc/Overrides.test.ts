// What an object is on one device or in one domain: set, listed and taken back, without a touch to the object itself.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Sandbox from "sallyport/sandbox"
import * as Keeping from "../../support/keepingDevice.ts"

const edge = { id: "device-1", type: "Device" } as const
const branch = { id: "domain-1", type: "Domain", name: "Global / Branch" } as const

const opened = Effect.gen(function* () {
  const { domain, fail, sandbox } = yield* Keeping.sandbox
  const host = yield* domain.hosts.create({ name: "gw", value: "10.0.0.1", overridable: true })
  const writes = () =>
    sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length - 1
  return { domain, fail, host, writes }
})

describe("an override", () => {
  it.scopedLive(
    "is set per device or domain, once, changed, listed and removed; the object stays as it is",
    () =>
      Effect.gen(function* () {
        const { domain, host, writes } = yield* opened
        const { list, remove, set } = domain.hosts.overrides
        expect((yield* set(host.id, edge, { value: "10.1.0.1" })).change).toBe("created")
        expect((yield* set(host.id, edge, { value: "10.1.0.1/32" })).change).toBe("unchanged")
        yield* set(host.id, branch, { value: "10.2.0.1" })
        const { change, item } = yield* set(host.id, edge, { value: "10.1.0.2" })
        expect({ change, value: item.value, target: item.overrides.target.id }).toEqual({
          change: "updated",
          value: "10.1.0.2",
          target: edge.id
        })
        expect(writes()).toBe(3)
        const values = Effect.map(Stream.runCollect(list(host.id)), (all) =>
          [...all].map(({ overrides, value }) => [overrides.target.id, value])
        )
        expect(yield* values).toEqual([
          [edge.id, "10.1.0.2"],
          [branch.id, "10.2.0.1"]
        ])
        yield* remove(host.id, edge.id)
        yield* remove(host.id, edge.id)
        expect(yield* values).toEqual([[branch.id, "10.2.0.1"]])
        expect(writes()).toBe(4)
        expect(yield* domain.hosts.get(host.id)).toMatchObject({ name: "gw", value: "10.0.0.1" })
        // The same verbs by path.
        expect(yield* Stream.runCount(domain.overrides("/object/hosts").list(host.id))).toBe(1)
      })
  )

  it.scopedLive("whose answer is lost is looked for, and sent once", () =>
    Effect.gen(function* () {
      const { domain, fail, host, writes } = yield* opened
      const { remove, set } = domain.hosts.overrides
      yield* fail({ method: "POST", path: /\/object\//, how: Sandbox.Fault.loseAnswer })
      expect((yield* set(host.id, edge, { value: "10.1.0.1" })).change).toBe("created")
      yield* fail({ method: "DELETE", path: /\/object\//, how: Sandbox.Fault.loseAnswer })
      yield* remove(host.id, edge.id)
      expect(writes()).toBe(2)
    })
  )

  it.scopedLive("of a target that is none never reaches the object itself", () =>
    Effect.gen(function* () {
      const { domain, host, writes } = yield* opened
      const { remove, set } = domain.hosts.overrides
      for (const id of ["", " ", undefined as unknown as string]) {
        expect(yield* Effect.flip(remove(host.id, id))).toMatchObject({ _tag: "InvalidInput" })
        const error = yield* Effect.flip(set(host.id, { ...edge, id }, { value: "10.1.0.1" }))
        expect(error).toMatchObject({ _tag: "InvalidInput" })
      }
      expect(writes()).toBe(0)
    })
  )

  it.scopedLive(
    "of a kind that no document takes it back from is left alone, since the object might go",
    () =>
      Effect.gen(function* () {
        const { domain, writes } = yield* opened
        const before = writes()
        const error = yield* Effect.flip(domain.overrides("/object/keychains").remove("some-id", edge.id))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "path", value: "/object/keychains" })
        expect(writes()).toBe(before)
      })
  )

  it.scopedLive("is no object of that name: upsert and create refuse it, and say what sets it", () =>
    Effect.gen(function* () {
      const { domain, host, writes } = yield* opened
      const parent = { id: host.id, type: "Host" }
      const wanted = { name: "gw", value: "10.1.0.1", overrides: { parent, target: edge } }
      const verbs = [
        Effect.asVoid(domain.hosts.create(wanted)),
        Effect.asVoid(domain.hosts.upsert(wanted)),
        Effect.asVoid(domain.objects("/object/hosts").upsert(wanted))
      ]
      for (const verb of verbs) {
        const error = yield* Effect.flip(verb)
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "overrides" })
        expect(error.message).toContain("overrides.set")
      }
      expect(writes()).toBe(0)
      const fixed = yield* domain.hosts.create({ name: "fixed", value: "10.0.0.9" })
      const error = yield* Effect.flip(domain.hosts.overrides.set(fixed.id, edge, { value: "10.1.0.1" }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "overridable" })
      expect(writes()).toBe(1)
    })
  )
})
