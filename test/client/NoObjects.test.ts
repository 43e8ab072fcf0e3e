// What a script in JavaScript gives to a verb in place of an object, a list or a text.
//
// Invariants: what was given is told, and what to do with it · nothing is sent.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Bulk, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Keeping from "../support/keepingDevice.ts"

const path = "/object/hosts"
const host = { name: "web-1", value: "192.0.2.1" }

const key = ({ name }: { readonly name?: unknown }) => name

type Verb = (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>

/** The verbs for many as JavaScript has them. */
const any = (verbs: unknown) => verbs as Record<"createAll" | "upsertAll" | "removeAll", Verb>

const given: ReadonlyArray<readonly [value: unknown, is: string, advice: string]> = [
  [undefined, "undefined", "give one with its fields"],
  [null, "null", "give one with its fields"],
  [5, "of type number", "give one with its fields"],
  ["web-1", "text", "give one with its fields"],
  [[host], "a list", "give one, and many to the verb that takes a list"],
  [new Map(Object.entries(host)), "a Map", "give one with its fields"],
  [() => host, "a function", "give one with its fields"],
  [Promise.resolve(host), "a promise", "await it first"],
  [Effect.succeed(host), "an Effect", "yield* it first"],
  [Option.some(host), "an Option", "take out of it first what is in it"],
  [Stream.make(host), "a stream", "read it first"]
]

const noObject = (field: string, [, is, advice]: (typeof given)[number]) => ({
  _tag: "InvalidInput",
  message: expect.stringContaining(`${field}: it is ${is} where an object is needed; ${advice}`)
})

describe("what is no object", () => {
  it.scopedLive.each(given)("(%o) is told by each verb that takes one", (one) =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] } })
      const wrong = one[0] as never
      const { hosts } = domain
      expect(yield* Effect.flip(hosts.create(wrong))).toMatchObject(noObject("wanted", one))
      expect(yield* Effect.flip(hosts.upsert(wrong))).toMatchObject(noObject("wanted", one))
      expect(yield* Effect.flip(hosts.upsert(wrong, { key }))).toMatchObject(noObject("wanted", one))
      expect(yield* Effect.flip(hosts.update(wrong))).toMatchObject(noObject("item", one))
      const all = any(hosts)
      for (const many of [
        all.createAll([wrong, wrong]),
        all.upsertAll([wrong]),
        all.upsertAll([wrong], { key })
      ]) {
        const error = yield* Effect.flip(many)
        if (!(error instanceof Bulk.BulkIncomplete)) throw error
        expect(error.items[0]).toMatchObject({ _tag: "Failed", error: noObject("wanted", one) })
      }
      expect(writes()).toEqual([])
    })
  )

  it.scopedLive("is no list, no id and no name either", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] } })
      const { hosts } = domain
      const all = any(hosts)
      for (const [value, is, advice] of given.filter(([, , advice]) => advice.includes("first"))) {
        const wrong = value as never
        for (const many of [all.createAll(wrong), all.upsertAll(wrong), all.removeAll(wrong)])
          expect(yield* Effect.flip(many)).toMatchObject({
            _tag: "InvalidInput",
            message: expect.stringContaining(`: it is no list, but ${is}; ${advice}`)
          })
        for (const one of [
          hosts.get(wrong),
          hosts.find(wrong),
          hosts.remove(wrong),
          hosts.create({ ...host, name: wrong })
        ])
          expect(yield* Effect.flip(one)).toMatchObject({
            _tag: "InvalidInput",
            message: expect.stringContaining(`: it is ${is} where a text is needed; ${advice}`)
          })
      }
      expect(writes()).toEqual([])
    })
  )
})

describe("what a script has not awaited", () => {
  it.scopedLive("is no options: not all devices are deployed to, and no plan is taken for an empty one", () =>
    Effect.gen(function* () {
      const { fmc: device, ledger } = yield* Sandbox.make()
      const fmc = yield* Fmc.make(device)
      const domain = yield* fmc.domain("Global")
      for (const [options, advice] of [
        [Promise.resolve({ devices: ["a"] }), "await it first."],
        [Effect.succeed({ devices: ["a"] }), "yield* it first."]
      ] as const)
        for (const asked of [
          domain.deploy(options as never),
          Stream.runDrain(domain.hosts.list(options as never))
        ])
          expect(yield* Effect.flip(asked as Effect.Effect<unknown, unknown>)).toMatchObject({
            _tag: "InvalidInput",
            field: "options",
            message: expect.stringContaining(advice)
          })
      expect(ledger.requests.filter(({ method }) => method === "POST")).toHaveLength(1)
      const nothing = Workflow.make({
        name: "a",
        input: Schema.Struct({}),
        devices: {},
        run: () => Effect.void
      })
      const plan = Workflow.planPromise(nothing, {}, {})
      expect(() => Workflow.planText(plan as never)).toThrow(/: it was asked of a promise, .*await it first/)
      expect(() => Workflow.runText(plan as never)).toThrow(/: it was asked of a promise, .*await it first/)
      expect((yield* Effect.promise(() => plan)).changes).toEqual([])
      // A guard that is still to come is none.
      const guarded = Workflow.run(nothing, {}, {}, { only: Promise.resolve({ kinds: ["Host"] }) } as never)
      expect(String(yield* Effect.flip(guarded))).toContain("only: it is a promise")
    })
  )

  it.scopedLive("null stands for no options", () =>
    Effect.gen(function* () {
      const { fmc: device } = yield* Sandbox.make()
      const fmc = yield* Fmc.make(device)
      const domain = yield* fmc.domain("Global")
      const none = null as never
      const host = { name: "a", value: "192.0.2.1" }
      expect((yield* domain.hosts.upsert(host, none)).change).toBe("created")
      expect((yield* domain.hosts.upsertAll([host], none)).map(({ change }) => change)).toEqual(["unchanged"])
      expect((yield* domain.deploy(none)).leftOut).toEqual([])
      expect((yield* domain.objects("/object/hosts", none).find("a"))._tag).toBe("Some")
    })
  )
})
