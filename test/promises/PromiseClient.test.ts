// What scripts that don't write Effect have of a plugin's client: its types, and what is made of it.
import { format } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Promises } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

describe("the types of a promise client", () => {
  it.scopedLive("have the lists of an FMC as lists", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const seen = yield* Effect.promise(() =>
        Fmc.use(sandbox.fmc, async (fmc) => {
          const names: ReadonlyArray<string> = (await fmc.listDomains().toArray()).map(({ name }) => name)
          const { hosts, networkGroups } = await fmc.domain("Global")
          const made = await hosts.createAll([{ name: "plain", value: "192.0.2.1" }])
          const ids: ReadonlyArray<string> = made.map(({ id }) => id)
          const literals = [{ type: "Host", value: "192.0.2.2" }]
          const group = await networkGroups.create({ name: "plain group", literals })
          const values: ReadonlyArray<string> | undefined = group.literals?.map(({ value }) => value)
          const [upserted] = await hosts.upsertAll([{ name: "plain", value: "192.0.2.1" }])
          return { names, ids: ids.length, values, change: upserted?.change }
        })
      )
      const names = ["Global", "Global/ Branch"]
      expect(seen).toEqual({ names, ids: 1, values: ["192.0.2.2"], change: "unchanged" })
    })
  )

  it.scopedLive("have the lists of an FDM as lists", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const seen = yield* Effect.promise(() =>
        Fdm.use(sandbox.fdm, async (fdm) => {
          const wanted = { name: "plain", subType: "HOST", value: "192.0.2.1" } as const
          const made = await fdm.networks.createAll([wanted])
          const objects = made.map(({ id, type }) => ({ id, type: String(type) }))
          const group = await fdm.networkGroups.create({ name: "plain-group", objects })
          const ids: ReadonlyArray<string> | undefined = group.objects?.map(({ id }) => String(id))
          return { made: made.map(({ id }) => id), ids }
        })
      )
      expect(seen.made).toHaveLength(1)
      expect(seen.ids).toEqual(seen.made)
    })
  )
})

class Counter {
  readonly #step = 2
  readonly version = Effect.succeed("one")
  readonly at = new Date(0)
  count = 0
  get next(): Effect.Effect<number> {
    return Effect.sync(() => this.count + this.#step)
  }
  add(times: number): Effect.Effect<number> {
    this.count += times * this.#step
    return Effect.succeed(this.count)
  }
  // biome-ignore lint/suspicious/noThenProperty: the client of a plugin may have one
  then(): Effect.Effect<string> {
    return Effect.succeed("never asked")
  }
}

class Loud extends Counter {
  say(word: string): Effect.Effect<string> {
    return Effect.succeed(word.toUpperCase())
  }
  // What these throw, they throw before there is an Effect or a stream.
  refuse(word: string): Effect.Effect<string> {
    throw new TypeError(word)
  }
  refuseAll(word: string): Stream.Stream<string> {
    throw new TypeError(word)
  }
}

const { Bun, Deno } = globalThis as {
  readonly Bun?: { readonly inspect: (value: unknown) => string }
  readonly Deno?: { readonly inspect: (value: unknown) => string }
}
/** As the console of this runtime prints it. */
const printed = (value: unknown) => (Bun ?? Deno)?.inspect(value) ?? format(value)

/** What a plugin gives of a client as promises. */
const open = <Client>(client: Client, parts: Promises.SubClients<Client>) =>
  Effect.gen(function* () {
    const { fmc } = yield* Sandbox.make()
    const promises = Promises.make((_: { readonly target: Target.Target }) => Effect.succeed(client), {
      resolve: () => Effect.succeed({ target: fmc.target }),
      subClients: parts
    })
    return yield* Effect.acquireRelease(
      Effect.promise(() => promises.open({ target: fmc.target })),
      (opened) => Effect.promise(() => opened.close())
    )
  })

const numbers = Stream.rechunk(Stream.range(1, 5), 2)

describe("a client", () => {
  it.scopedLive("of a class has its methods, those of the class above too", () =>
    Effect.gen(function* () {
      const client = yield* open(new Loud(), {})
      const told = yield* Effect.promise(async () => [
        await client.say("so"),
        await client.add(2),
        await client.next(),
        await client.version()
      ])
      expect(told).toEqual(["SO", 4, 6, "one"])
      expect(client.at).toBeInstanceOf(Date)
    })
  )

  it.scopedLive("that could be taken for a promise is none", () =>
    Effect.gen(function* () {
      // biome-ignore lint/suspicious/noThenProperty: the client of a plugin may have one
      const client = yield* open({ then: () => Effect.void, hello: Effect.succeed("hello") }, {})
      expect(Object.keys(client).sort()).toEqual(["close", "hello"])
      expect(yield* Effect.promise(() => client.hello())).toBe("hello")
    })
  )

  it.scopedLive("has those clients in it that it declares, from members, methods and effects", () =>
    Effect.gen(function* () {
      const inner = { hello: Effect.succeed("hello") }
      const client = yield* open(
        {
          inner,
          byName: (name: string) => ({ ...inner, name }),
          asked: Effect.succeed(inner),
          found: Effect.succeed(Option.some(inner)),
          none: (): Effect.Effect<Option.Option<typeof inner>> => Effect.succeedNone
        },
        { inner: {}, byName: {}, asked: {}, found: {}, none: {} }
      )
      const told = yield* Effect.promise(async () => [
        await client.inner.hello(),
        await client.byName("one").hello(),
        client.byName("two").name,
        await (await client.asked()).hello(),
        await (await client.found())?.hello(),
        await client.none()
      ])
      expect(told).toEqual(["hello", "hello", "two", "hello", "hello", undefined])
    })
  )

  it.scopedLive("has what holds clients alone as a client, too", () =>
    Effect.gen(function* () {
      const inner = { hello: Effect.succeed("hello") }
      const zone = (name: string) => Effect.succeed({ name, policy: { inner } })
      const client = yield* open({ zone }, { zone: { policy: { inner: {} } } })
      const told = yield* Effect.promise(async () => {
        const { name, policy } = await client.zone("dmz")
        return [name, await policy.inner.hello()]
      })
      expect(told).toEqual(["dmz", "hello"])
    })
  )

  it("does not compile without a declaration of the clients in it, or with one of what is none", () => {
    const client = { inner: { hello: Effect.void }, data: { at: new Date(0) } }
    const subClients = (parts: Promises.SubClients<typeof client>) => parts
    // @ts-expect-error: the declaration lacks "inner"
    expect(subClients({})).toEqual({})
    // @ts-expect-error: "data" has nothing to run
    expect(subClients({ inner: {}, data: {} })).toEqual({ inner: {}, data: {} })
  })

  it.scopedLive("hands on data untouched, whatever they are", () =>
    Effect.gen(function* () {
      const cyclic: Record<string, unknown> = {}
      cyclic.self = cyclic
      const asked: Array<PropertyKey> = []
      const data: ReadonlyArray<unknown> = [
        new Uint8Array(3),
        new Map([["a", Option.some(1)]]),
        new Set([1]),
        new Date(0),
        new URL("https://fmc.example"),
        Redacted.make("secret"),
        new Counter().at,
        cyclic,
        [Option.some(1)],
        { one: Option.some(1), call: () => 1, effect: Effect.void },
        // biome-ignore lint/suspicious/noThenProperty: a field of a device may have any name
        { then: "a field" },
        Object.create(null, { hidden: { get: () => expect.unreachable("a getter") } }),
        {
          get field() {
            return expect.unreachable("a getter")
          }
        },
        Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, at])),
        new Proxy(
          {},
          {
            ownKeys: () => expect.unreachable("its fields"),
            get: (_, key) => void asked.push(key)
          }
        )
      ]
      const client = yield* open(
        {
          get: (at: number) => Effect.sync(() => data[at]),
          now: (at: number) => data[at],
          all: Stream.fromIterable(data)
        },
        {}
      )
      for (const [at, one] of data.entries()) {
        expect((yield* Effect.promise(async () => [await client.get(at)]))[0]).toBe(one)
        expect(client.now(at)).toBe(one)
      }
      const read = yield* Effect.promise(() => client.all().toArray())
      expect(read.every((one, at) => one === data[at])).toBe(true)
      // A promise asks everything whether it is one.
      expect(new Set(asked)).toEqual(new Set(["then"]))
    })
  )

  it.scopedLive("hands on 60 MiB as fast as nothing", () =>
    Effect.gen(function* () {
      const bytes = new Uint8Array(60 * 1024 * 1024)
      const client = yield* open({ download: () => Effect.succeed(bytes) }, {})
      const began = performance.now()
      expect((yield* Effect.promise(() => client.download())) === bytes).toBe(true)
      // To walk through it takes far longer.
      expect(performance.now() - began).toBeLessThan(4000)
    })
  )

  it.scopedLive("rejects with what a method throws when it is called, a list in its loop", () =>
    Effect.gen(function* () {
      const client = yield* open(new Loud(), {})
      const refused = client.refuse("no")
      expect(yield* Effect.promise(() => refused.catch(String))).toBe("TypeError: no")
      const looped = async () => {
        for await (const _ of client.refuseAll("none")) expect.unreachable()
      }
      expect(yield* Effect.promise(() => looped().catch(String))).toBe("TypeError: none")
      const all = client.refuseAll("none")
      expect(yield* Effect.promise(() => all.toArray().catch(String))).toBe("TypeError: none")
    })
  )
})

describe("a list", () => {
  it.scopedLive("is taken for an array by no script that goes on with none of it", () =>
    Effect.gen(function* () {
      const list: unknown = (yield* open({ numbers }, {})).numbers()
      const taken: ReadonlyArray<(array: ReadonlyArray<unknown>) => unknown> = [
        (array) => array.length,
        (array) => array.map(String),
        (array) => [...array],
        (array) => {
          for (const one of array) return one
          return undefined
        }
      ]
      for (const take of taken)
        expect(() => take(list as never)).toThrow(/^list: it is no array, .* await list\.toArray\(\)\.$/)
    })
  )

  it.scopedLive("is read by a loop, by toArray, and anew each time", () =>
    Effect.gen(function* () {
      const client = yield* open({ numbers }, {})
      const list = client.numbers()
      const seen: Array<number> = []
      yield* Effect.promise(async () => {
        for await (const one of list) seen.push(one)
        for await (const one of list) if (seen.push(one) > 6) break
      })
      expect(seen).toEqual([1, 2, 3, 4, 5, 1, 2])
      expect(yield* Effect.promise(() => list.toArray())).toEqual([1, 2, 3, 4, 5])
    })
  )

  it.scopedLive("reads no further than it is asked, and ends what it began when the loop is left", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const pages = Stream.fromEffect(Effect.sync(() => told.push("page"))).pipe(
        Stream.forever,
        Stream.ensuring(Effect.sync(() => told.push("over")))
      )
      const client = yield* open({ pages }, {})
      yield* Effect.promise(async () => {
        for await (const one of client.pages()) if (one > 1) break
      })
      expect(told).toEqual(["page", "page", "over"])
    })
  )

  it.scopedLive("that is asked for several at once gives them in their order", () =>
    Effect.gen(function* () {
      const client = yield* open({ numbers }, {})
      const list = client.numbers()[Symbol.asyncIterator]()
      const asked = Array.from({ length: 6 }, () => list.next())
      const got = yield* Effect.promise(() => Promise.all(asked))
      expect(got.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, undefined])
    })
  )

  it.scopedLive("that is left while it waits is over at once", () =>
    Effect.gen(function* () {
      const client = yield* open({ events: Stream.never }, {})
      const events = client.events()[Symbol.asyncIterator]()
      const waiting = events.next()
      // Long enough for it to have asked for a page.
      yield* Effect.sleep("20 millis")
      yield* Effect.promise(async () => events.return?.())
      expect(yield* Effect.promise(() => waiting)).toEqual({ done: true, value: undefined })
    })
  )

  it.scopedLive("that is awaited, printed or made JSON of says that it was not read", () =>
    Effect.gen(function* () {
      const client = yield* open({ numbers }, {})
      const list = yield* Effect.promise(async () => await client.numbers())
      expect(list).not.toHaveProperty("then")
      for (const text of [JSON.stringify({ list }), String(list), format(list), printed(list)]) {
        expect(text).toContain("not read")
        expect(text).toContain("toArray()")
      }
    })
  )
})
