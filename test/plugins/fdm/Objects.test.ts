// The verbs of a device's lists, over real sockets: what they send, and what they leave alone.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Bulk, ReadBack } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { opened } from "./opened.ts"

const hosts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    name: `import-${at}`,
    subType: "HOST" as const,
    value: `10.0.0.${at}`
  }))

const host = { name: "h", subType: "HOST", value: "192.0.2.1" } as const

describe("a list", () => {
  it.scopedLive("is read page by page, and no further than it is asked for", () =>
    Effect.gen(function* () {
      const { fdm, sent } = yield* opened({ objects: 2500 })
      const first = yield* Stream.runCollect(Stream.take(fdm.networks.list(), 3))
      expect(first).toHaveLength(3)
      expect(sent()).toHaveLength(1)
      const all = yield* Stream.runCollect(fdm.networks.list())
      // With the two that are built in.
      expect(new Set([...all].map(({ id }) => id)).size).toBe(2502)
      expect(sent()).toHaveLength(1 + 3)
    })
  )

  it.scopedLive("keeps filter and order from page to page", () =>
    Effect.gen(function* () {
      const { fdm, sent } = yield* opened({ objects: 30 })
      const found = yield* Stream.runCollect(
        fdm.networks.list({ filter: "name~net-", sort: "-name", limit: 10 })
      )
      const names = [...found].map(({ name }) => name)
      expect(names).toHaveLength(30)
      expect(names).toEqual([...names].sort().reverse())
      expect(sent()).toHaveLength(3)
    })
  )

  it.scopedLive("goes on over the expiry of its token", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened({ objects: 60, tokenLifetime: "1 second" })
      const pages = fdm.networks.list({ limit: 30 }).pipe(
        Stream.rechunk(30),
        Stream.chunks,
        Stream.tap(() => Effect.sleep("600 millis"))
      )
      expect(yield* Stream.runCount(pages)).toBe(3)
      expect(sandbox.ledger.refreshes).toBeGreaterThan(0)
      expect(sandbox.ledger.requests.filter(({ status }) => status === 401)).toEqual([])
    })
  )

  it.scopedLive("of any other kind has the same verbs, by its path", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened()
      const ports = fdm.objects("/object/tcpports")
      const made = yield* ports.create({ name: "alt", port: "8443", type: "tcpportobject" })
      const { id } = Option.getOrThrow(yield* ports.find("alt"))
      expect(yield* ports.get(id)).toEqual(made)
      expect((yield* fdm.ports.get(id)).port).toBe("8443")
    })
  )
})

describe("one object", () => {
  it.scopedLive("is created, found by its name in any case, changed, read and removed", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened()
      const made = yield* fdm.networks.create({ ...host, name: "Jump-Host" })
      expect(made).toMatchObject({ name: "Jump-Host", type: "networkobject", value: "192.0.2.1" })
      expect(Option.getOrThrow(yield* fdm.networks.find("jump-host"))).toEqual(made)
      yield* fdm.networks.update({ ...made, value: "192.0.2.2" })
      expect((yield* fdm.networks.get(made.id)).value).toBe("192.0.2.2")
      yield* fdm.networks.remove(made.id)
      expect(yield* fdm.networks.find("Jump-Host")).toEqual(Option.none())
      const error = yield* Effect.flip(fdm.networks.remove(made.id))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 422, isAbsent: true })
    })
  )

  it.scopedLive("is found by one request of one object, where its name is spelled as it is", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, sent } = yield* opened({ objects: 2500 })
      expect(Option.isSome(yield* fdm.networks.find("net-2400"))).toBe(true)
      expect(sent()).toHaveLength(1)
      expect(decodeURIComponent(sandbox.ledger.requests.at(-1)?.path ?? "")).toContain("filter=name:net-2400")
    })
  )

  it.scopedLive("is found by going through the list, where the list knows no such filter", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, sent } = yield* opened({ objects: 3 })
      yield* sandbox.fail({ path: /filter=/, how: Sandbox.Fault.status(422) })
      expect(Option.isSome(yield* fdm.networks.find("net-002"))).toBe(true)
      expect(sent()).toHaveLength(2)
    })
  )

  it.scopedLive("is not overwritten by an update of what has changed since it was read", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened()
      const read = yield* fdm.networks.create(host)
      yield* fdm.networks.update({ ...read, value: "192.0.2.2" })
      const error = yield* Effect.flip(fdm.networks.update({ ...read, value: "192.0.2.3" }))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 422 })
      expect(error.message).toContain("version")
      expect((yield* fdm.networks.get(read.id)).value).toBe("192.0.2.2")
      expect((yield* fdm.networks.upsert({ ...host, value: "192.0.2.3" })).item.value).toBe("192.0.2.3")
    })
  )

  it.scopedLive(
    "is made so by upsert, which keeps other fields and writes nothing where nothing differs",
    () =>
      Effect.gen(function* () {
        const { fdm, writes } = yield* opened()
        const { upsert } = fdm.networks
        expect((yield* upsert({ ...host, description: "one" })).change).toBe("created")
        expect((yield* upsert(host)).change).toBe("unchanged")
        expect(writes()).toEqual(["POST /object/networks"])
        const { change, item } = yield* upsert({ ...host, value: "192.0.2.2" })
        expect({ change, value: item.value, description: item.description }).toEqual({
          change: "updated",
          value: "192.0.2.2",
          description: "one"
        })
        expect(writes()).toHaveLength(2)
      })
  )

  it.scopedLive("that is a group holds others, in whatever order", () =>
    Effect.gen(function* () {
      const { fdm, writes } = yield* opened({ objects: 0 })
      const [one, two] = yield* fdm.networks.createAll(hosts(2))
      if (one === undefined || two === undefined) throw new Error("two were wanted")
      const members = [one, two].map(({ id, type }) => ({ id, type }))
      yield* fdm.networkGroups.upsert({ name: "both", objects: members })
      const again = yield* fdm.networkGroups.upsert({ name: "both", objects: members.toReversed() })
      expect(again.change).toBe("unchanged")
      expect(again.item.objects?.map(({ name }) => name)).toEqual([one.name, two.name])
      expect(writes()).toHaveLength(3)
    })
  )
})

describe("many objects", () => {
  it.scopedLive("are written one by one, once, and not at all when they are there already", () =>
    Effect.gen(function* () {
      const { fdm, writes } = yield* opened({ objects: 0 })
      const first = yield* fdm.networks.upsertAll(hosts(20))
      expect(first.map(({ change }) => change)).toEqual(Array.from({ length: 20 }, () => "created"))
      expect(writes()).toHaveLength(20)
      const second = yield* fdm.networks.upsertAll(hosts(20))
      expect(new Set(second.map(({ change }) => change))).toEqual(new Set(["unchanged"]))
      expect(writes()).toHaveLength(20)
      yield* fdm.networks.removeAll(first.map(({ item }) => item.id))
      expect(writes()).toHaveLength(40)
    })
  )

  it.scopedLive(
    "are removed though one is gone already, and is refused in words that say nothing of it",
    () =>
      Effect.gen(function* () {
        const { fdm, sandbox } = yield* opened({ objects: 0 })
        const refused = { method: "DELETE", how: Sandbox.Fault.status(422) }
        const [gone, there] = yield* fdm.networks.createAll(hosts(2))
        yield* fdm.networks.remove(gone?.id ?? "")
        yield* sandbox.fail(refused)
        yield* fdm.networks.removeAll([gone?.id ?? ""])
        yield* sandbox.fail(refused)
        expect(yield* Effect.flip(fdm.networks.removeAll([there?.id ?? ""]))).toBeInstanceOf(
          Bulk.BulkIncomplete
        )
      })
  )

  it.scopedLive("of which the device refuses some are told one by one, and the others are done", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened({ objects: 0 })
      const bad = { name: "bad", subType: "HOST" as const, value: "no address" }
      const error = yield* Effect.flip(fdm.networks.createAll([bad, ...hosts(3)]))
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      expect(error.items.map(({ _tag }) => _tag)).toEqual(["Failed", "Done", "Done", "Done"])
      expect(error.message).toMatch(/^1 of 4 were not done: .*give an address.* 1 "bad"/)
    })
  )
})

describe("a change whose answer is lost", () => {
  const lose = (method: string, nth = 1) => ({
    method,
    nth,
    path: /\/object\//,
    how: Sandbox.Fault.loseAnswer
  })

  it.scopedLive("is read back, found, and never sent twice, one of many too", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened({ objects: 0 })
      yield* sandbox.fail(lose("POST"))
      const made = yield* fdm.networks.create(host)
      yield* sandbox.fail(lose("PUT"))
      expect((yield* fdm.networks.update({ ...made, value: "192.0.2.2" })).value).toBe("192.0.2.2")
      yield* sandbox.fail(lose("DELETE"))
      yield* fdm.networks.remove(made.id)
      yield* sandbox.fail(lose("POST", 2))
      const many = yield* fdm.networks.createAll(hosts(3))
      yield* sandbox.fail(lose("DELETE", 2))
      yield* fdm.networks.removeAll(many.map(({ id }) => id))
      expect(writes()).toHaveLength(3 + 3 + 3)
    })
  )

  it.scopedLive("is OutcomeUnknown where no trace of it is found", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened()
      yield* sandbox.fail({ method: "POST", path: /\/object\//, how: Sandbox.Fault.reset })
      const error = yield* fdm.networks
        .create(host)
        .pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1)), Effect.flip)
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(writes()).toHaveLength(1)
    })
  )
})

describe("a device that has no time", () => {
  it.scopedLive("for changes, its database being locked, is waited for, and so is any that only reads", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened()
      yield* sandbox.fail({ method: "POST", path: /\/object\//, times: 2, how: Sandbox.Fault.status(423) })
      yield* fdm.networks.create(host)
      expect(writes()).toHaveLength(3)
      yield* sandbox.fail({ method: "GET", path: /\/object\//, times: 2, how: Sandbox.Fault.status(503) })
      expect(Option.isSome(yield* fdm.networks.find("h"))).toBe(true)
    })
  )

  it.scopedLive(
    "at a change is DeviceBusy, and the change is not repeated: it may have been carried out",
    () =>
      Effect.gen(function* () {
        const { fdm, sandbox, writes } = yield* opened()
        yield* sandbox.fail({ method: "POST", path: /\/object\//, how: Sandbox.Fault.status(503) })
        const error = yield* Effect.flip(fdm.networks.create(host))
        expect(error).toMatchObject({ _tag: "DeviceBusy", status: 503, sent: "maybe" })
        expect(writes()).toHaveLength(1)
      })
  )
})
