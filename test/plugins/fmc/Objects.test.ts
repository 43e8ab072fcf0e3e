// The verbs of a domain, over real sockets: what they send, and what they leave alone.
import { inspect } from "node:util"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as UrlParams from "@effect/platform/UrlParams"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Bulk, ReadBack, type SessionError } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Heap from "../../soak/heap.ts"
import { inRest } from "../../support/long.ts"
import { runtime } from "../../support/runtime.ts"

const hosts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    name: `import-${from + at}`,
    value: `10.${Math.floor((from + at) / 65_536)}.${Math.floor((from + at) / 256) % 256}.${(from + at) % 256}`
  }))

const open = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    const fmc = yield* Fmc.make({ ...sandbox.fmc, tokenLifetime: options.tokenLifetime })
    const domain = yield* fmc.domain("Global")
    /** Requests since then, by method and path below the domain. */
    const since = (from: number) =>
      sandbox.ledger.requests
        .slice(from)
        .map(({ method, path }) => `${method} ${path.replace(/^.*\/domain\/[^/]+/, "").replace(/\?.*/, "")}`)
    const now = () => sandbox.ledger.requests.length
    return { sandbox, fmc, domain, since, now }
  })

describe("a list", () => {
  it.scopedLive("is read page by page, and no further than it is asked for", () =>
    Effect.gen(function* () {
      const { domain, now, sandbox } = yield* open({ objects: 5000 })
      const before = now()
      const first = yield* Stream.runCollect(Stream.take(domain.hosts.list(), 3))
      expect(Chunk.size(first)).toBe(3)
      expect(now() - before).toBe(1)
      const all = yield* Stream.runCollect(domain.hosts.list())
      expect(new Set([...all].map(({ id }) => id)).size).toBe(all.length)
      const { pages, count } = { pages: Math.ceil(all.length / 1000), count: all.length }
      expect(count).toBeGreaterThan(1000)
      expect(now() - before).toBe(1 + pages)
      expect(sandbox.ledger.requests.at(-1)?.path).toContain("limit=1000")
    })
  )

  it.scopedLive("goes on over the expiry of its token", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* open({ objects: 200, tokenLifetime: "1 second" })
      const names = yield* domain.hosts.list({ limit: 25 }).pipe(
        Stream.rechunk(25),
        Stream.chunks,
        Stream.tap(() => Effect.sleep("500 millis")),
        Stream.runFold(
          new Set<string>(),
          (seen, page) => new Set([...seen, ...[...page].map(({ id }) => id)])
        )
      )
      expect(names.size).toBeGreaterThan(90)
      expect(sandbox.ledger.refreshes).toBeGreaterThan(0)
      expect(sandbox.ledger.requests.filter(({ status }) => status === 401)).toEqual([])
    })
  )

  it.scopedLive.runIf(runtime === "node" && inRest)("of 100,000 is never in memory as a whole", () =>
    Effect.gen(function* () {
      const { fmc } = yield* open()
      // An FMC with a hundred thousand hosts that keeps none of them.
      const http = HttpClient.makeWith<never, never, SessionError, never>(
        Effect.map((request) => HttpClientResponse.fromWeb(request, pageOf(request))),
        Effect.succeed
      )
      const { hosts } = yield* Fmc.client({ ...fmc.session, http }).domain("Global")
      const heap: Array<number> = []
      const count = yield* Stream.runFoldEffect(hosts.list(), 0, (seen) =>
        Effect.gen(function* () {
          // What the list holds on to by then would be ten pages, or ninety.
          if (seen === 10_000 || seen === 90_000) heap.push((yield* Effect.promise(Heap.sample)) ?? 0)
          return seen + 1
        })
      )
      expect(count).toBe(100_000)
      const [early = 0, late = 0] = heap
      expect(early).toBeGreaterThan(0)
      // A thousand hosts take about a megabyte; eighty pages more would be eighty.
      expect((late - early) / 2 ** 20).toBeLessThan(20)
    })
  )

  it.scopedLive("whose next page points back is not read for ever", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* open()
      const item = { id: "1", name: "a", type: "Host", value: "10.0.0.1" }
      const next = ["https://elsewhere.example/api/fmc_config/v1/object/hosts?offset=1000&limit=1000"]
      const body = { items: [item], paging: { next } }
      const how = Sandbox.Fault.status(200, { body })
      yield* sandbox.fail({ path: /object\/hosts/, times: Number.POSITIVE_INFINITY, how })
      expect(yield* Stream.runCount(domain.hosts.list())).toBe(2)
    })
  )

  it.scopedLive("keeps what it was filtered by from page to page", () =>
    Effect.gen(function* () {
      const { domain } = yield* open({ objects: 0 })
      yield* domain.hosts.createAll([...hosts(30), { name: "other", value: "192.0.2.1" }])
      const found = yield* Stream.runCollect(domain.hosts.list({ filter: "nameOrValue:import-", limit: 10 }))
      expect(found).toHaveLength(30)
    })
  )
})

const pageOf = (request: HttpClientRequest.HttpClientRequest): Response => {
  const offset = Number(Option.getOrElse(UrlParams.getFirst(request.urlParams, "offset"), () => "0"))
  const next = `https://fmc.example/api/fmc_config/v1/object/hosts?limit=1000&offset=${offset + 1000}`
  const items = Array.from({ length: 1000 }, (_, at) => ({
    id: `id-${offset + at}`,
    name: `host-${offset + at}`,
    type: "Host",
    value: "10.0.0.1",
    description: "d".repeat(500)
  }))
  return Response.json({ items, paging: { ...(offset < 99_000 && { next: [next] }) } })
}

describe("one object", () => {
  it.scopedLive("is created, found by its name in any case, changed, read and removed", () =>
    Effect.gen(function* () {
      const { domain } = yield* open()
      const made = yield* domain.hosts.create({ name: "Jump-Host", value: "192.0.2.10" })
      expect(made).toMatchObject({ name: "Jump-Host", type: "Host", value: "192.0.2.10" })
      expect(Option.getOrThrow(yield* domain.hosts.find("jump-host")).id).toBe(made.id)
      yield* domain.hosts.update({ ...made, value: "192.0.2.11" })
      expect((yield* domain.hosts.get(made.id)).value).toBe("192.0.2.11")
      yield* domain.hosts.remove(made.id)
      expect(yield* domain.hosts.find("Jump-Host")).toEqual(Option.none())
      const error = yield* Effect.flip(domain.hosts.remove(made.id))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
    })
  )

  it.scopedLive("lets through the fields that no schema names", () =>
    Effect.gen(function* () {
      const { domain } = yield* open()
      const made = yield* domain.hosts.create({ name: "h", value: "192.0.2.1" })
      expect(made.metadata).toMatchObject({ parentType: "NetworkAddress" })
    })
  )

  it.scopedLive("is made so by upsert, which writes only what differs, and nothing where nothing does", () =>
    Effect.gen(function* () {
      const { domain, now, since } = yield* open()
      const upsert = domain.hosts.upsert
      expect((yield* upsert({ name: "h", value: "192.0.2.1", description: "one" })).change).toBe("created")
      let from = now()
      // Names are known in any case, and keep theirs.
      expect((yield* upsert({ name: "H ", value: "192.0.2.1" })).change).toBe("unchanged")
      expect(since(from).filter((one) => !one.startsWith("GET"))).toHaveLength(0)
      from = now()
      const { change, item } = yield* upsert({ name: "H", value: "192.0.2.2" })
      expect({ change, name: item.name, value: item.value, description: item.description }).toEqual({
        change: "updated",
        name: "h",
        value: "192.0.2.2",
        description: "one"
      })
      expect(since(from).filter((one) => one.startsWith("PUT"))).toHaveLength(1)
      expect((yield* upsert({ name: "H", value: "192.0.2.2" }, { rename: true })).item.name).toBe("H")
    })
  )
})

describe("an object that was read elsewhere", () => {
  it.scopedLive("is wanted as it is, not as that one", () =>
    Effect.gen(function* () {
      const { domain, fmc } = yield* open({ objects: 0 })
      const branch = yield* fmc.domain("Global/Branch")
      const there = yield* domain.hosts.create({ name: "h", value: "192.0.2.1" })
      expect((yield* branch.hosts.upsert(there)).change).toBe("created")
      expect((yield* branch.hosts.upsert(there)).change).toBe("unchanged")
      const { change, item } = yield* branch.hosts.upsert({ ...there, value: "192.0.2.2" })
      expect({ change, value: item.value, isOther: item.id !== there.id }).toEqual({
        change: "updated",
        value: "192.0.2.2",
        isOther: true
      })
      expect((yield* domain.hosts.get(there.id)).value).toBe("192.0.2.1")
    })
  )
})

describe("many objects", () => {
  it.scopedLive("1,200 hosts are two writes, and none when they are there already", () =>
    Effect.gen(function* () {
      const { domain, now, since } = yield* open({ objects: 0 })
      const wanted = hosts(1200)
      let from = now()
      const first = yield* domain.hosts.upsertAll(wanted)
      expect(new Set(first.map(({ change }) => change))).toEqual(new Set(["created"]))
      expect(first.map(({ item }) => item.name)).toEqual(wanted.map(({ name }) => name))
      expect(since(from).filter((one) => !one.startsWith("GET"))).toEqual(
        Array.from({ length: 2 }, () => "POST /object/hosts")
      )
      from = now()
      const second = yield* domain.hosts.upsertAll(wanted)
      expect(new Set(second.map(({ change }) => change))).toEqual(new Set(["unchanged"]))
      expect(since(from).filter((one) => !one.startsWith("GET"))).toEqual([])
    })
  )

  it.scopedLive("go in requests of at most 2,048,000 bytes, counted in UTF-8", () =>
    Effect.gen(function* () {
      const { domain, now, since } = yield* open({ objects: 0 })
      // Two bytes each: half as many characters would fit if characters were counted.
      const description = "ü".repeat(9_000)
      const from = now()
      yield* domain.hosts.createAll(hosts(200).map((host) => ({ ...host, description })))
      expect(since(from)).toEqual(["POST /object/hosts", "POST /object/hosts"])
    })
  )

  it.scopedLive("of which some cannot be are told by their rows, and the others are done", () =>
    Effect.gen(function* () {
      const { domain, now, since } = yield* open({ objects: 0 })
      const wanted = [...hosts(1000), ...hosts(10, 1000), { name: "bad", value: "no address" }]
      const from = now()
      const error = yield* Effect.flip(domain.hosts.createAll(wanted))
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      expect(error.items).toHaveLength(1011)
      expect(error.items.filter(({ _tag }) => _tag === "Done")).toHaveLength(1010)
      expect(error.items.at(-1)).toMatchObject({
        _tag: "Failed",
        wanted: { name: "bad" },
        error: { _tag: "InvalidInput", field: "value" }
      })
      expect(error.message).toMatch(/^1 of 1011 were not done: .*give an address.* 1011 "bad"/)
      expect(since(from)).toEqual(["POST /object/hosts", "POST /object/hosts"])
    })
  )

  it.scopedLive("are created one by one in a list that takes no bulk", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* open()
      const policies = domain.objects("/policy/accesspolicies")
      const policy = (name: string) => ({ name, type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
      const made = yield* policies.createAll([policy("one"), policy("two")])
      expect(made.map(({ name }) => name)).toEqual(["one", "two"])
      const met = yield* policies.upsertAll([policy("two"), policy("three")])
      expect(met.map(({ change }) => change)).toEqual(["unchanged", "created"])
      const posts = sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method === "POST")
      expect(posts.map(({ status }) => status)).toEqual([201, 201, 201])
    })
  )

  it.scopedLive("are removed in bulk from 7.4 on, by URLs that stay short, and one by one before", () =>
    Effect.gen(function* () {
      for (const { serverVersion, deletes } of [
        { serverVersion: "7.4.2 (build 172)", deletes: 3 },
        { serverVersion: "7.2.5 (build 208)", deletes: 400 }
      ]) {
        const { domain, now, sandbox, since } = yield* open({ objects: 0, serverVersion })
        const made = yield* domain.hosts.createAll(hosts(400))
        const from = now()
        yield* domain.hosts.removeAll(made.map(({ id }) => id))
        expect(since(from).filter((one) => one.startsWith("DELETE"))).toHaveLength(deletes)
        const longest = Math.max(...sandbox.ledger.requests.map(({ path }) => path.length))
        expect(longest).toBeLessThan(7300)
        expect(yield* Stream.runCollect(domain.hosts.list({ filter: "nameOrValue:import-" }))).toHaveLength(0)
      }
    })
  )

  it.scopedLive("must be what JSON can say, and have names", () =>
    Effect.gen(function* () {
      const { domain, now } = yield* open()
      const from = now()
      const nameless = [{ value: "192.0.2.1" }] as unknown as Array<{ name: string; value: string }>
      const refused = (field: string) => ({
        items: [{ _tag: "Failed", error: { _tag: "InvalidInput", field } }]
      })
      expect(yield* Effect.flip(domain.hosts.createAll(nameless))).toMatchObject(refused("name"))
      const unspeakable = [{ name: "a", value: "192.0.2.1", size: 1n }]
      expect(yield* Effect.flip(domain.hosts.createAll(unspeakable))).toMatchObject(refused("body.size"))
      expect(now()).toBe(from)
    })
  )

  it.scopedLive("must have names that differ in more than case", () =>
    Effect.gen(function* () {
      const { domain, now } = yield* open()
      const from = now()
      const twice = [
        { name: "a", value: "192.0.2.1" },
        { name: "A", value: "192.0.2.2" }
      ]
      const error = yield* Effect.flip(domain.hosts.upsertAll(twice))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "name", value: "A" })
      expect(now()).toBe(from)
    })
  )
})

describe("a change whose answer is lost", () => {
  const lose = (method: string) => ({ method, path: /\/object\//, how: Sandbox.Fault.loseAnswer })

  it.scopedLive("is read back, found, and never sent twice", () =>
    Effect.gen(function* () {
      const { domain, now, sandbox, since } = yield* open({ objects: 0 })
      const from = now()
      yield* sandbox.fail(lose("POST"))
      const made = yield* domain.hosts.create({ name: "h", value: "192.0.2.1" })
      expect(made.value).toBe("192.0.2.1")
      yield* sandbox.fail(lose("PUT"))
      expect((yield* domain.hosts.update({ ...made, value: "192.0.2.2" })).value).toBe("192.0.2.2")
      yield* sandbox.fail(lose("DELETE"))
      yield* domain.hosts.remove(made.id)
      yield* sandbox.fail(lose("POST"))
      const many = yield* domain.hosts.createAll(hosts(20))
      expect(many).toHaveLength(20)
      yield* sandbox.fail(lose("DELETE"))
      yield* domain.hosts.removeAll(many.map(({ id }) => id))
      expect(since(from).filter((one) => !one.startsWith("GET"))).toHaveLength(5)
    })
  )

  for (const serverVersion of ["7.4.2 (build 172)", "7.2.5 (build 208)"]) {
    it.scopedLive(`of one or more that are removed is read back too, on ${serverVersion}`, () =>
      Effect.gen(function* () {
        const { domain, now, sandbox, since } = yield* open({ objects: 0, serverVersion })
        const made = yield* domain.hosts.createAll(hosts(3))
        const from = now()
        for (const ids of [[made[0]], [made[1], made[2]]]) {
          yield* sandbox.fail(lose("DELETE"))
          yield* domain.hosts.removeAll(ids.map((host) => host?.id ?? ""))
        }
        expect(since(from).filter((one) => one.startsWith("DELETE"))).toHaveLength(
          serverVersion.startsWith("7.4") ? 2 : 3
        )
      })
    )
  }

  it.scopedLive("and stays unknown ends a bulk: the rest is not sent, and is told as that", () =>
    Effect.gen(function* () {
      const { domain, now, sandbox, since } = yield* open({ objects: 0 })
      const from = now()
      yield* sandbox.fail({ method: "POST", path: /\/object\//, how: Sandbox.Fault.reset })
      const error = yield* domain.hosts
        .createAll(hosts(1200))
        .pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1)), Effect.flip)
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      expect(error.items.filter(({ _tag }) => _tag === "Failed")).toHaveLength(1000)
      expect(error.items.filter(({ _tag }) => _tag === "NotSent")).toHaveLength(200)
      expect(error.message).toMatch(/^1200 of 1200 were not done: .* After that 200 more were not sent/)
      expect(since(from).filter((one) => one.startsWith("POST"))).toHaveLength(1)
      // What was wanted may be a secret.
      for (const printed of [JSON.stringify(error), inspect(error, { depth: 9 })]) {
        expect(printed.includes("import-7")).toBe(false)
      }
    })
  )

  it.scopedLive("is OutcomeUnknown where no trace of it is found, and says that it was looked for", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* open({ objects: 0 })
      yield* sandbox.fail({ method: "POST", path: /\/object\//, how: Sandbox.Fault.reset })
      const error = yield* domain.hosts
        .create({ name: "h", value: "192.0.2.1" })
        .pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(2)), Effect.flip)
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(error.message).toMatch(/no trace of it.*Look again before you repeat it/)
    })
  )
})
