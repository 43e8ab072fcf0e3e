import * as Effect from "effect/Effect"
import { InvalidInput } from "./DeviceError.ts"

/** `refuseInput` fails with `InvalidInput` for a field: `sentence` says what is wrong with it, and what to give instead. */
export const refuseInput = (field: string, sentence: string): Effect.Effect<never, InvalidInput> =>
  Effect.fail(new InvalidInput({ field, message: `${field}: ${sentence}` }))
