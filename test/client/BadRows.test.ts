// Many at once, of which some cannot be: the others are done, and each that is not is told by its row.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Bulk, ReadBack, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Keeping from "../support/keepingDevice.ts"

const path = "/object/hosts"
const hosts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `h-${at}`, value: `10.0.${at >> 8}.${at & 255}` }))

const failed = (error: unknown) => {
  if (!(error instanceof Bulk.BulkIncomplete)) throw error
  return error.items.flatMap((item, at) => (item._tag === "Failed" ? [{ at, error: item.error }] : []))
}

describe("a thousand rows of which a device takes all but a few", () => {
  const bad = [0, 17, 500, 501, 999]
  const names = new Set(bad.map((at) => `h-${at}`))
  const refusing = () =>
    Keeping.fmc({ items: { [path]: [] }, refuses: ({ name }) => names.has(String(name)) })

  it.scopedLive("go in, but for those few, which are named, in a bounded number of requests", () =>
    Effect.gen(function* () {
      const { domain, there, writes } = yield* refusing()
      const error = yield* Effect.flip(domain.hosts.upsertAll(hosts(1000)))
      expect(failed(error).map(({ at, error }) => [at, error._tag])).toEqual(
        bad.map((at) => [at, "DeviceRefused"])
      )
      expect(error.message).toMatch(
        /^5 of 1000 were not done: .*counted from 1: 1 "h-0", 18 "h-17", 501 "h-500"/
      )
      expect(there(path)).toHaveLength(995)
      expect(writes().length).toBeLessThan(2 * 10 * bad.length)
    })
  )

  it.scopedLive("and those that nobody has to ask a device about are not sent", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] } })
      const odd = [
        { name: "", value: "10.9.9.1" },
        { name: " ", value: "10.9.9.2" },
        { name: 7 as unknown as string, value: "10.9.9.3" },
        { name: "range", value: "10.0.0.1-10.0.0.2" },
        { name: "text", value: "no address" },
        { name: "number", value: 7 as unknown as string }
      ]
      const error = yield* Effect.flip(domain.hosts.createAll([...odd, ...hosts(3)]))
      expect(failed(error).map(({ error }) => error._tag)).toEqual(odd.map(() => "InvalidInput"))
      expect(writes()).toEqual([`POST ${path}`])
      for (const [kind, value] of [
        ["networks", "10.0.0.0/33"],
        ["ranges", "10.0.0.9-10.0.0.1"]
      ] as const) {
        const error = yield* Effect.flip(domain[kind].create({ name: "x", value }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "value", value })
      }
      const ports = domain.objects("/object/protocolportobjects")
      const port = { name: "p", protocol: "TCP", port: "70000" }
      expect(yield* Effect.flip(ports.upsert(port))).toMatchObject({ _tag: "InvalidInput", field: "port" })
      expect(writes()).toHaveLength(1)
    })
  )
})

describe("rows of a plan that cannot be", () => {
  it.scopedLive.each(["createAll", "upsertAll"] as const)(
    "are not told as if the others were done: %s",
    (verb) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const rows = [...hosts(2), { name: "bad", value: "no address" }]
        const script = Workflow.make({
          name: "rows",
          input: Schema.Struct({}),
          devices: { fmc: Fmc.plugin },
          run: ({ fmc }) =>
            Effect.gen(function* () {
              const { hosts } = yield* fmc.domain("Global")
              if (verb === "createAll") yield* hosts.createAll(rows)
              else yield* hosts.upsertAll(rows)
            })
        })
        const error = yield* Effect.flip(Workflow.plan(script, { fmc: sandbox.fmc }, {}))
        expect(error).toMatchObject({ _tag: "BulkIncomplete", isPlanned: true })
        expect(error.message).toMatch(
          /^1 of 3 cannot be planned: .* Nothing was sent\. Not planned, counted from 1: 3 "bad"\./
        )
        const { report } = yield* Workflow.run(script, { fmc: sandbox.fmc }, {})
        expect(report.errors[0]?.message).toMatch(/^1 of 3 were not done: /)
      })
  )
})

describe("rows of which a device takes none", () => {
  it.scopedLive("are not searched to the last one, and that is said", () =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] }, refuses: () => true })
      const error = yield* Effect.flip(domain.hosts.createAll(hosts(500)))
      expect(failed(error)).toHaveLength(500)
      expect(writes().length).toBeLessThanOrEqual(51)
      expect(failed(error).at(-1)?.error.message).toMatch(
        /the search for those that are wrong ended after \d+ requests/
      )
    })
  )
})

describe("a search for bad rows", () => {
  it.scopedLive("ends at an outcome that is unknown: nothing more is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Keeping.sandbox
      const wanted = hosts(8).map((host, at) => (at === 7 ? { ...host, name: "no/name" } : host))
      yield* sandbox.fail({ method: "POST", nth: 2, path: /\/object\//, how: sandbox.reset })
      const error = yield* sandbox.domain.hosts
        .createAll(wanted)
        .pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.stop), Effect.flip)
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      expect(error.items.map(({ _tag }) => _tag)).toEqual([
        ...Array.from({ length: 4 }, () => "Failed"),
        ...Array.from({ length: 4 }, () => "NotSent")
      ])
    })
  )
})

describe("many that are to be removed", () => {
  it.scopedLive(
    "are removed but for those that cannot be, and what is gone already is as good as removed",
    () =>
      Effect.gen(function* () {
        const { domain, sandbox } = yield* Keeping.sandbox
        const made = yield* domain.hosts.createAll(hosts(20))
        const ids = made.map(({ id }) => id)
        const [first = "", second = ""] = ids
        yield* domain.hosts.remove(second)
        yield* domain.networkGroups.create({ name: "user", objects: [{ id: first, type: "Host" }] })
        const error = yield* Effect.flip(domain.hosts.removeAll(ids))
        expect(failed(error)).toMatchObject([{ at: 0, error: { _tag: "DeviceRefused" } }])
        yield* domain.hosts.removeAll([second, "00000000-0000-0000-0000-000000000000"])
        expect(sandbox.ledger.requests.filter(({ method }) => method === "DELETE").length).toBeLessThan(30)
      })
  )
})

describe("many that are no list", () => {
  const odd = [undefined, null, 5, {}, "h-1", Promise.resolve(hosts(2))]

  it.scopedLive.each(odd)("(%o) are told as that, and not done without a word", (given) =>
    Effect.gen(function* () {
      const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] } })
      const wrong = given as never
      const errors = [
        yield* Effect.flip(domain.hosts.createAll(wrong)),
        yield* Effect.flip(domain.hosts.upsertAll(wrong)),
        yield* Effect.flip(domain.hosts.upsertAll(wrong, { key: ({ name }) => name })),
        yield* Effect.flip(domain.hosts.removeAll(wrong)),
        yield* Effect.flip(domain.dynamicObjects.addMappings("id", wrong))
      ]
      for (const error of errors) {
        expect(error).toMatchObject({
          _tag: "InvalidInput",
          message: expect.stringContaining("it is no list")
        })
      }
      expect(writes()).toEqual([])
    })
  )
})
