import * as Effect from "effect/Effect"
import * as TestServices from "effect/TestServices"
import { Background } from "sallyport/plugin"

/** Real time for something that real sockets do beside the test: at most five seconds, unless it says otherwise. */
export const eventually = (what: string, is: () => boolean, seconds = 5): Effect.Effect<void> =>
  TestServices.provideLive(
    Effect.gen(function* () {
      for (let tries = 0; tries < 200 * seconds; tries++) {
        if (is()) return
        yield* Effect.sleep("5 millis")
      }
      return yield* Effect.dieMessage(`it never came to be that ${what}`)
    })
  )

/**
 * Lets real sockets go on for a moment: so many milliseconds, and turns of the event loop. Where a machine has no time
 * the milliseconds pass without a turn, and what is on its way within this process does not arrive.
 */
export const pause = (millis: number): Effect.Effect<void> =>
  Effect.zipRight(TestServices.provideLive(Effect.sleep(millis)), Effect.repeatN(turn, turns))

const turns = 30

const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

/** Waits for all exchanges that go on beside the sessions. */
export const settled: Effect.Effect<void> = Effect.flatMap(Background.Background, ({ settled }) => settled)
