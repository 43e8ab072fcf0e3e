import * as Effect from "effect/Effect"
import { InvalidInput } from "./DeviceError.ts"

/** `attemptInput` fails with what is thrown for a value that is out of bounds. */
export const attemptInput = <A>(build: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(build())
    } catch (error) {
      return error instanceof InvalidInput ? Effect.fail(error) : Effect.die(error)
    }
  })
