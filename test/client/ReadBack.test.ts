// A write whose answer is lost is looked for, and never sent again.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { DeviceRefused, OutcomeUnknown, ReadBack } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { unreachable } from "../support/unreachable.ts"

const lost = new OutcomeUnknown({ targetName: "fmc", operation: "POST /object/hosts", reason: "Timeout" })

/** A write that loses its answer, and looks that find what it did from the n-th on. */
const scene = (from: number) =>
  Effect.gen(function* () {
    const writes = yield* Ref.make(0)
    const looks = yield* Ref.make(0)
    const write = Effect.zipRight(
      Ref.update(writes, (n) => n + 1),
      Effect.fail<OutcomeUnknown>(lost)
    )
    const look = Effect.map(
      Ref.updateAndGet(looks, (n) => n + 1),
      (n) => (n >= from ? Option.some("there") : Option.none())
    )
    return { looks, writes, result: ReadBack.readBack(write, look) }
  })

describe("a write whose answer is lost", () => {
  it.effect("has happened where it is found at once", () =>
    Effect.gen(function* () {
      const { looks, result, writes } = yield* scene(1)
      expect(yield* result).toBe("there")
      expect([yield* writes, yield* looks]).toEqual([1, 1])
    })
  )

  it.effect("is looked for again after 2, 4, 8 and 16 seconds: the device may still be at it", () =>
    Effect.gen(function* () {
      const { looks, result, writes } = yield* scene(5)
      const fiber = yield* Effect.fork(result)
      for (const [seconds, seen] of [
        [1.9, 1],
        [0.2, 2],
        [4, 3],
        [8, 4],
        [16, 5]
      ] as const) {
        yield* TestClock.adjust(`${seconds} seconds`)
        expect(yield* looks).toBe(seen)
      }
      expect(yield* Fiber.join(fiber)).toBe("there")
      expect(yield* writes).toBe(1)
    })
  )

  it.effect("is OutcomeUnknown where it is never found, and says that it was looked for", () =>
    Effect.gen(function* () {
      const { result, writes } = yield* scene(Number.POSITIVE_INFINITY)
      const fiber = yield* Effect.fork(Effect.flip(result))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(fiber)).toMatchObject({
        _tag: "OutcomeUnknown",
        operation: "POST /object/hosts",
        readBack: "Absent"
      })
      expect(yield* writes).toBe(1)
    })
  )

  it.effect("is OutcomeUnknown where the device cannot be asked: what became of it is what matters", () =>
    Effect.gen(function* () {
      const look = Effect.fail(unreachable("fmc"))
      const error = yield* Effect.flip(ReadBack.readBack(Effect.fail(lost), look))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Unreadable" })
      expect(error.message).toMatch(/could not be read back either. Look at the device/)
    })
  )

  it.effect("is not looked for where it failed in another way", () =>
    Effect.gen(function* () {
      const refused = new DeviceRefused({ targetName: "fmc", operation: "POST", status: 400, messages: [] })
      const look = Effect.dieMessage("nobody asked")
      expect(yield* Effect.flip(ReadBack.readBack(Effect.fail(refused), look))).toBe(refused)
    })
  )
})

describe("an update that only spells a name in another case", () => {
  it.scopedLive.each([
    ["is taken for done where the device has done it", Sandbox.Fault.loseAnswer, "WEB"],
    ["is not where it never came to the device", Sandbox.Fault.reset, "OutcomeUnknown"]
  ] as const)("and is lost %s", ([, how, expected]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      const made = yield* hosts.create({ name: "web", value: "192.0.2.7" })
      yield* sandbox.fail({ method: "PUT", how })
      const { id = "" } = made
      const came = yield* hosts.update({ ...made, id, name: "WEB" }).pipe(
        Effect.map(({ name }) => name),
        Effect.catchTag("OutcomeUnknown", ({ _tag }) => Effect.succeed(_tag)),
        Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))
      )
      expect(came).toBe(expected)
    })
  )
})
