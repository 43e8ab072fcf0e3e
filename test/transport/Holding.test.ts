// What a request holds while it is under way.
//
// States: nothing is taken, some is taken, the work waits, it is over, and what is given back is waited for. Races: an
// interruption while it waits, or while something is given back; work that breaks off with a defect after it took
// something. Invariants: what was taken is given back once, the last first, whatever the work came to; and the work is
// over only when that is.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as fc from "fast-check"
import * as Holding from "../../src/transport/Holding.ts"

describe("what is held", () => {
  it.effect.prop(
    "is given back once, the last first, whatever the work came to",
    {
      waits: fc.array(fc.boolean(), { maxLength: 5 }),
      end: fc.constantFrom("success", "failure", "defect", "throw", "interruption")
    },
    ({ end, waits }) =>
      Effect.gen(function* () {
        const given: Array<number> = []
        const note = (index: number) => Effect.sync(() => void given.push(index))
        const ends: Record<string, Effect.Effect<string, string>> = {
          success: Effect.succeed("done"),
          failure: Effect.fail("failed"),
          defect: Effect.die("broken"),
          interruption: Effect.never
        }
        const work = Holding.during((holding) => {
          for (const [index, isWaitedFor] of waits.entries())
            holding.onRelease(() =>
              isWaitedFor ? Effect.zipRight(Effect.yieldNow(), note(index)) : void given.push(index)
            )
          const ended = ends[end]
          if (ended === undefined) throw new Error("broken")
          return ended
        })
        const fiber = yield* Effect.fork(work)
        yield* Effect.yieldNow()
        const exit = end === "interruption" ? yield* Fiber.interrupt(fiber) : yield* Fiber.await(fiber)
        const how = Exit.match(exit, {
          onSuccess: () => "success",
          onFailure: (cause) =>
            Cause.isFailType(cause) ? "failure" : Cause.isDieType(cause) ? "defect" : "interruption"
        })
        expect(how).toBe(end === "throw" ? "defect" : end)
        // What has to be waited for is begun when all else is given back.
        const [later, atOnce] = [true, false].map((kind) =>
          [...waits.keys()].filter((index) => waits[index] === kind).reverse()
        )
        expect(given).toEqual([...(atOnce ?? []), ...(later ?? [])])
      }),
    { fastCheck: { numRuns: 50 } }
  )
})
