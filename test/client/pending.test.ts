// What a script in JavaScript asks of a promise, an Effect or a stream that is still to come: an `await` or a `yield*` is
// missing.
//
// Invariants: it is InvalidInput, which names what was asked for and says what to write · what comes of it is as ever ·
// no session stays open.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

// biome-ignore lint/suspicious/noExplicitAny: there are no types in JavaScript.
type Any = any

const asked = (ask: () => unknown): unknown => {
  try {
    return ask()
  } catch (error) {
    return String(error)
  }
}

const ofPromise = (field: string) =>
  `InvalidInput: ${field}: it was asked of a promise, and what comes of that has it; await it first.`
const ofEffect = (field: string) =>
  `InvalidInput: ${field}: it was asked of an Effect, and what comes of that has it; take that by yield* first.`
const ofStream = (field: string) =>
  `InvalidInput: ${field}: it was asked of a stream, of which nothing was read; read it by Stream.runForEach, or all of it by yield* Stream.runCollect(…).`

describe("a promise that is not awaited", () => {
  it.scopedLive("says so to who takes it for what comes of it", () =>
    Effect.gen(function* () {
      const { fmc: device, ledger } = yield* Sandbox.make()
      yield* Effect.promise(async () => {
        const opening: Any = Fmc.open(device)
        expect(asked(() => opening.domain("Global"))).toBe(ofPromise("domain"))
        expect(asked(() => opening.close())).toBe(ofPromise("close"))
        await using _closed = await opening
      })
      yield* Effect.promise(() =>
        Fmc.use(device, async (fmc: Any) => {
          const global = fmc.domain("Global")
          expect(asked(() => global.hosts.list())).toBe(ofPromise("hosts"))
          expect(
            asked(() => {
              const { networks } = global
              return networks
            })
          ).toBe(ofPromise("networks"))
          const { hosts } = await global
          await hosts.upsert({ name: "a", value: "192.0.2.1" })
          for (const [field, ask] of [
            ["change", (made: Any) => made.change],
            ["length", (made: Any) => made.length],
            ["list", (made: Any) => [...made]],
            ["map", (made: Any) => made.map(String)]
          ] as const)
            expect(asked(() => ask(hosts.upsertAll([{ name: "a", value: "192.0.2.1" }])))).toBe(
              ofPromise(field)
            )
          const found = hosts.find("a")
          expect(asked(() => found.name)).toBe(ofPromise("name"))
          // Nobody awaits it, and it fails.
          expect(asked(() => fmc.domain("Nowhere").hosts)).toBe(ofPromise("hosts"))
          expect(inspect(found)).toMatch(/^Promise \{/)
          expect([found instanceof Promise, JSON.stringify(found), "then" in found]).toEqual([
            true,
            "{}",
            true
          ])
          expect(await found.then(({ name }: Any) => name)).toBe("a")
          expect((await Promise.all([found, hosts.find("nobody")])).length).toBe(2)
        })
      )
      expect([ledger.open, ledger.opened]).toEqual([0, 2])
    })
  )
})

describe("an Effect that has not run", () => {
  it.scopedLive("says so to who takes it for what comes of it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      for (const [backend, member] of [
        [Fmc, "domain"],
        [Fdm, "networks"]
      ] as const) {
        const opening: Any = backend.make(backend === Fmc ? sandbox.fmc : sandbox.fdm)
        expect(asked(() => opening[member])).toBe(ofEffect(member))
      }
      const fmc: Any = yield* Fmc.make(sandbox.fmc)
      expect(asked(() => fmc.domain("Global").hosts)).toBe(ofEffect("hosts"))
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      const wanted = { name: "a", value: "192.0.2.1" }
      for (const ask of [
        hosts.create,
        hosts.upsert,
        hosts.get,
        hosts.find,
        hosts.update
      ] as ReadonlyArray<Any>) {
        expect(asked(() => ask(wanted).name)).toBe(ofEffect("name"))
        expect(asked(() => ask(wanted).change)).toBe(ofEffect("change"))
      }
      expect(yield* hosts.upsert(wanted).pipe(Effect.map(({ change }) => change))).toBe("created")
      expect((yield* hosts.upsert(wanted)).change).toBe("unchanged")
    })
  )
})

describe("a stream that was not read", () => {
  it.scopedLive("says how it is read", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const fdm = yield* Fdm.make(sandbox.fdm)
      const domain = yield* fmc.domain("Global")
      const streams: ReadonlyArray<Any> = [
        domain.hosts.list(),
        domain.hosts.list({ limit: 5 }),
        domain.hosts.listBrief(),
        domain.hosts.overrides.list("a"),
        domain.objects("/object/hosts").list(),
        domain.listDeployments(),
        fmc.listDomains(),
        fmc.session.events,
        fdm.networks.list(),
        fdm.listBackups()
      ]
      for (const stream of streams) {
        expect(asked(() => [...stream])).toBe(ofStream("list"))
        expect(asked(() => stream.length)).toBe(ofStream("length"))
        expect(asked(() => stream.map(String))).toBe(ofStream("map"))
        const taken = yield* Effect.exit(
          Effect.gen(function* () {
            return yield* stream as Effect.Effect<unknown, unknown>
          })
        )
        expect(String(taken)).toContain("read it by Stream.runForEach")
      }
      const { length } = yield* Stream.runCollect(domain.hosts.list().pipe(Stream.take(3)))
      expect(length).toBe(3)
    })
  )
})
