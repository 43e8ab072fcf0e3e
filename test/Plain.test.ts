// What scripts that don't write Effect have of a plugin's client: its types, and what is made of it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import * as Door from "sallyport/Door"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import type { Target } from "sallyport/Target"

describe("the types of a plain client", () => {
  it.scopedLive("have the lists of an FMC as lists", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const seen = yield* Effect.promise(() =>
        Fmc.use(sandbox.fmc, async (fmc) => {
          const names: ReadonlyArray<string> = (await fmc.domains()).map(({ name }) => name)
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
  readonly parts = { owner: this, at: new Date(0) }
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

/** What a plugin's door would give of a client. */
const open = <Client>(client: Client) =>
  Effect.gen(function* () {
    const { fmc } = yield* Sandbox.make()
    const door = Door.make((_: { readonly target: Target }) => Effect.succeed(client))
    return yield* Effect.acquireRelease(
      Effect.promise(() => door.open({ target: fmc.target })),
      (opened) => Effect.promise(() => opened.close())
    )
  })

describe("a client", () => {
  it.scopedLive("of a class has its methods, those of the class above too", () =>
    Effect.gen(function* () {
      const client = yield* open(new Loud())
      const told = yield* Effect.promise(async () => [
        await client.say("so"),
        await client.add(2),
        await client.next(),
        await client.version()
      ])
      expect(told).toEqual(["SO", 4, 6, "one"])
    })
  )

  it.scopedLive("that could be taken for a promise is none", () =>
    Effect.gen(function* () {
      // biome-ignore lint/suspicious/noThenProperty: the client of a plugin may have one
      const client = yield* open({ then: () => Effect.void, hello: Effect.succeed("hello") })
      expect(Object.keys(client).sort()).toEqual(["close", "hello"])
      expect(yield* Effect.promise(() => client.hello())).toBe("hello")
    })
  )

  it.scopedLive("hands on data as they are, but for an Option in a field", () =>
    Effect.gen(function* () {
      const data = { at: new Date(0), map: new Map([["a", 1]]), list: [Option.some("one")] }
      const found = { one: Option.some("one"), none: Option.none<string>() }
      const client = yield* open({ data: Effect.succeed<unknown>(data), found: Effect.succeed(found) })
      expect(yield* Effect.promise(() => client.data())).toBe(data)
      expect(yield* Effect.promise(() => client.found())).toEqual({ one: "one", none: undefined })
      expect((yield* open(new Counter())).parts.at).toBeInstanceOf(Date)
    })
  )

  it.scopedLive("rejects with what a method throws when it is called, a list in its loop", () =>
    Effect.gen(function* () {
      const client = yield* open(new Loud())
      const refused = client.refuse("no")
      expect(yield* Effect.promise(() => refused.catch(String))).toBe("TypeError: no")
      const looped = async () => {
        for await (const _ of client.refuseAll("none")) expect.unreachable()
      }
      expect(yield* Effect.promise(() => looped().catch(String))).toBe("TypeError: none")
    })
  )
})
