// How the devices of a fleet are come to: waves, workers, the rule that stops, the stream of what they came to.
//
// States of a device: not begun · begun · settled · taken. Of a dispatch: in a wave · between two waves · stopped, and
// ending what is under way · interrupted, and ending it · over. Races: two workers at the last device of a wave; a
// failure while others are at work; an interruption between a claim and its end, while a result is handed over, and
// between two waves; a consumer that is slow, or leaves.
//
// Invariants: each device is begun at most once, in their order, and what was begun is settled once, however it ends ·
// never more at once than told · no device of a wave is begun before all of the wave before are settled, and were well ·
// what one does is its own: neither failure nor defect nor interruption of it ends another · after a stop nothing is
// begun, and what is under way is ended, not interrupted · what is not taken holds up what comes.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { describe, expect, it } from "vitest"
import * as Dispatch from "../../src/fleet/Dispatch.ts"
import * as StopRule from "../../src/fleet/StopRule.ts"
import * as Waves from "../../src/fleet/Waves.ts"
import { scriptFailed } from "../support/ScriptFailed.ts"
import { VirtualTime } from "../support/virtualTime.ts"

/** What becomes of a device after so many milliseconds. */
interface Fate {
  readonly millis: number
  readonly end: "done" | "fails" | "dies" | "is interrupted"
}

interface Given extends Waves.WaveOptions, StopRule.StopOptions {
  readonly fates: ReadonlyArray<Fate>
  readonly concurrency: number
  readonly canary?: number
  readonly waves?: ReadonlyArray<number | `${number}%`>
}

const ends = {
  done: Effect.void,
  fails: Effect.fail(scriptFailed("the device")),
  dies: Effect.die("a fault of the script"),
  "is interrupted": Effect.interrupt
}

/** A dispatch that writes down what it does, and the work that it is given. */
const observed = ({ canary = 0, concurrency, fates, stopAfter, waves = [] }: Given) => {
  const planned = Waves.plan(fates.length, canary, waves)
  const log: Array<readonly ["begun" | "settled", number]> = []
  let under = 0
  let most = 0
  const work: Dispatch.Work<void, { readonly place: number; readonly isDone: boolean }> = {
    waves: planned,
    concurrency,
    rule: StopRule.make({ stopAfter }, fates.length),
    each: (place) => {
      log.push(["begun", place])
      most = Math.max(most, ++under)
      const { end, millis } = fates[place] ?? { end: "dies", millis: 0 }
      return Effect.zipRight(millis === 0 ? Effect.void : Effect.sleep(millis), ends[end])
    },
    settle: (place, _, exit) =>
      Effect.sync(() => {
        log.push(["settled", place])
        under -= 1
        return { place, isDone: Exit.isSuccess(exit) }
      }),
    isFailure: ({ isDone }) => !isDone
  }
  const placesOf = (what: "begun" | "settled") =>
    log.filter(([tag]) => tag === what).map(([, place]) => place)
  return { log, most: () => most, placesOf, planned, work }
}

const hour = 3_600_000

/** What an effect that has an hour came to. */
const exitOf = <A>(fiber: Fiber.RuntimeFiber<A>, time: VirtualTime): Exit.Exit<A> => {
  time.advance(2 * hour)
  return fiber.unsafePoll() ?? Exit.die("it never ends")
}

/** The stream in virtual time, which has no turns of an event loop. */
const stream = <A, B>(
  work: Dispatch.Work<A, B>,
  window: number,
  ended?: Parameters<typeof Dispatch.stream<A, B>>[2]
) => Dispatch.stream(work, window, ended, Effect.sleep(0))

const toItsEnd = <A>(effect: Effect.Effect<A>): A => {
  const time = new VirtualTime(1, 0)
  return Exit.getOrElse(exitOf(time.fork(effect), time), (cause) => {
    throw new Error(String(cause))
  })
}

const times = <A>(count: number, one: A): ReadonlyArray<A> => Array.from({ length: count }, () => one)
const done: Fate = { millis: 10, end: "done" }

describe("one bad device of a thousand", () => {
  it.each<Fate["end"]>(["fails", "dies", "is interrupted"])("that %s stops none of the others", (end) => {
    const fates = times(1000, done).map((fate, at): Fate => (at === 7 ? { ...fate, end } : fate))
    const { placesOf, work } = observed({ fates, concurrency: 10 })
    expect(toItsEnd(Dispatch.dispatch(work))).toEqual({ begun: 1000, failed: 1, stop: undefined })
    expect(new Set(placesOf("settled")).size).toBe(1000)
  })

  it("that hangs keeps none of the others from its end", () => {
    const fates = times(1000, done).map((fate, at) => (at === 0 ? { ...fate, millis: hour } : fate))
    const { placesOf, work } = observed({ fates, concurrency: 2 })
    const time = new VirtualTime(1, 0)
    const fiber = time.fork(Dispatch.dispatch(work))
    time.advance(10 * 999)
    expect(placesOf("settled")).toHaveLength(999)
    expect(Exit.isSuccess(exitOf(fiber, time))).toBe(true)
    expect(placesOf("settled")).toHaveLength(1000)
  })
})

describe("a fleet", () => {
  it("begins no wave before the one before is over", () => {
    const fates = times(5, done).map((fate, at) => (at === 0 ? { ...fate, millis: 60_000 } : fate))
    const { placesOf, work } = observed({ fates, concurrency: 3, waves: [2, 3] })
    const time = new VirtualTime(1, 0)
    time.fork(Dispatch.dispatch(work))
    time.advance(59_999)
    expect(placesOf("begun")).toEqual([0, 1])
    time.advance(1)
    expect(placesOf("begun")).toEqual([0, 1, 2, 3, 4])
  })

  it("stops before the next wave where one has failed, once that wave is over", () => {
    const fates = times(6, done).map((fate, at): Fate => (at === 0 ? { millis: 1, end: "fails" } : fate))
    const { placesOf, work } = observed({ fates, concurrency: 1, waves: [3] })
    const stop = { why: "wave", failed: 1 }
    expect(toItsEnd(Dispatch.dispatch(work))).toEqual({ begun: 3, failed: 1, stop })
    expect(placesOf("settled")).toEqual([0, 1, 2])
  })

  it("begins nothing more once a canary has failed, whatever stopAfter says", () => {
    const fates = times(6, done).map((fate, at): Fate => (at === 0 ? { millis: 1, end: "fails" } : fate))
    const { work } = observed({ fates, concurrency: 1, canary: 3, stopAfter: 5 })
    const stop = { why: "canary", failed: 1 }
    expect(toItsEnd(Dispatch.dispatch(work))).toEqual({ begun: 1, failed: 1, stop })
  })

  it("counts the failures of the whole, and not those of the wave", () => {
    const fates = times(100, done).map((fate, at): Fate => (at % 10 === 0 ? { ...fate, end: "fails" } : fate))
    const { work } = observed({ fates, concurrency: 1, waves: [10], stopAfter: "3%" })
    const stop = { why: "stopAfter", failed: 3 }
    expect(toItsEnd(Dispatch.dispatch(work))).toEqual({ begun: 21, failed: 3, stop })
  })

  it("ends what is under way when it stops, and interrupts none of it", () => {
    const fates: ReadonlyArray<Fate> = [{ millis: 1, end: "fails" }, ...times(5, { ...done, millis: 60_000 })]
    const { placesOf, work } = observed({ fates, concurrency: 3, stopAfter: 1 })
    const stop = { why: "stopAfter", failed: 1 }
    expect(toItsEnd(Dispatch.dispatch(work))).toEqual({ begun: 3, failed: 1, stop })
    expect(placesOf("settled")).toHaveLength(3)
  })

  it("that has come to all of its devices was not stopped, whatever failed last", () => {
    const fates: ReadonlyArray<Fate> = [done, { millis: 20, end: "fails" }]
    const { work } = observed({ fates, concurrency: 2, stopAfter: 1 })
    expect(toItsEnd(Dispatch.dispatch(work)).stop).toBeUndefined()
  })
})

describe("the stream of what devices came to", () => {
  it("begins no more than is taken, and what it keeps", () => {
    const { placesOf, work } = observed({ fates: times(1000, { ...done, millis: 0 }), concurrency: 4 })
    const ends: Array<unknown> = []
    const results = stream(work, 8, (dispatched) => Effect.sync(() => void ends.push(dispatched)))
    const consumed = Stream.runFoldEffect(results, 0, (taken, { place }) =>
      Effect.as(place === 0 ? Effect.sleep(hour) : Effect.void, taken + 1)
    )
    const time = new VirtualTime(1, 0)
    const fiber = time.fork(consumed)
    time.advance(hour - 1)
    // What the consumer was handed at once, what waits for it, and what waits to be handed over.
    expect(placesOf("begun").length).toBeLessThanOrEqual(8 + 8 + 4)
    expect(exitOf(fiber, time)).toEqual(Exit.succeed(1000))
    expect(ends).toEqual([{ begun: 1000, failed: 0, stop: undefined }])
  })

  it("ends what is under way when nobody takes it any more", () => {
    const { placesOf, work } = observed({ fates: times(1000, done), concurrency: 4 })
    const taken = toItsEnd(Stream.runCollect(Stream.take(stream(work, 2), 3)))
    expect(taken.length).toBe(3)
    expect(placesOf("begun").length).toBeLessThan(20)
    expect(placesOf("settled").toSorted()).toEqual(placesOf("begun").toSorted())
  })
})

const fate = FastCheck.record({
  millis: FastCheck.nat(5),
  end: FastCheck.oneof(
    { weight: 8, arbitrary: FastCheck.constant<Fate["end"]>("done") },
    { weight: 1, arbitrary: FastCheck.constantFrom<Array<Fate["end"]>>("fails", "dies", "is interrupted") }
  )
})
const share = FastCheck.oneof(
  FastCheck.integer({ min: 1, max: 12 }),
  FastCheck.constantFrom("1%" as const, "7.5%" as const, "30%" as const, "100%" as const)
)
const given = FastCheck.record(
  {
    fates: FastCheck.array(fate, { maxLength: 40 }),
    concurrency: FastCheck.integer({ min: 1, max: 8 }),
    canary: FastCheck.nat(5),
    waves: FastCheck.array(share, { maxLength: 3 }),
    stopAfter: share
  },
  { requiredKeys: ["fates", "concurrency"] }
)

/** That what a dispatch has done is what it may do. */
const check = (one: Given, { log, most, placesOf, planned }: ReturnType<typeof observed>) => {
  const begun = placesOf("begun")
  expect(begun).toEqual(begun.map((_, at) => at))
  expect(placesOf("settled").toSorted((a, b) => a - b)).toEqual(begun)
  expect(most()).toBeLessThanOrEqual(one.concurrency)
  const isBad = (place: number) => one.fates[place]?.end !== "done"
  for (const [at, { from }] of planned.entries()) {
    const first = log.findIndex(([tag, place]) => tag === "begun" && place === from)
    if (first < 0 || at === 0) continue
    expect(log.slice(0, first).filter(([tag]) => tag === "settled")).toHaveLength(from)
    const isStrict = one.stopAfter === undefined || planned[at - 1]?.isCanary === true
    if (isStrict) expect(begun.slice(planned[at - 1]?.from, from).some(isBad)).toBe(false)
  }
  return begun.filter(isBad).length
}

describe("whatever fates and waves there are", () => {
  const runs = FastCheck.record({ given, seed: FastCheck.nat(), yields: FastCheck.constantFrom(0, 0.05) })

  it("each is begun in its order, settled once, and no wave before its time", () => {
    FastCheck.assert(
      FastCheck.property(runs, ({ given: one, seed, yields }) => {
        const observer = observed(one)
        const time = new VirtualTime(seed, yields)
        const exit = exitOf(time.fork(Dispatch.dispatch(observer.work)), time)
        const failed = check(one, observer)
        const begun = observer.placesOf("begun").length
        expect(exit).toMatchObject({ _tag: "Success", value: { begun, failed } })
        if (!Exit.isSuccess(exit)) return
        expect(exit.value.stop === undefined).toBe(begun === one.fates.length)
      }),
      { numRuns: 100 }
    )
  })

  it("an interruption ends what is under way, and begins nothing more", () => {
    FastCheck.assert(
      FastCheck.property(runs, FastCheck.nat(30), ({ given: one, seed, yields }, millis) => {
        const observer = observed(one)
        const time = new VirtualTime(seed, yields)
        const fiber = time.fork(Dispatch.dispatch(observer.work))
        time.advance(millis)
        const begun = observer.placesOf("begun").length
        time.interrupt(fiber)
        expect(fiber.unsafePoll()).not.toBeNull()
        check(one, observer)
        expect(observer.placesOf("begun").length).toBe(begun)
      }),
      { numRuns: 100 }
    )
  })
})
