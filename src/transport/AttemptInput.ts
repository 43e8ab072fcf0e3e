import * as Effect from "effect/Effect"
import { InvalidInput } from "./DeviceError.ts"

/** What is thrown for a value that is out of bounds, as a failure. */
export const attemptInput = <A>(build: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(build())
    } catch (error) {
      return error instanceof InvalidInput ? Effect.fail(error) : Effect.die(error)
    }
  })
