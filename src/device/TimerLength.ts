import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { InvalidInput } from "./DeviceError.ts"

// 2^31 - 1 ms: a longer timer fires at once.
const longest = Duration.millis(2_147_483_647)

/** A duration that a timer can wait. Throws `InvalidInput` that names the field. */
export const timerLength = (field: string, given: Duration.DurationInput): Duration.Duration => {
  const bound = "more than 0 and at most 24 days"
  const value = Option.getOrUndefined(Duration.decodeUnknown(given))
  if (value === undefined)
    throw new InvalidInput({ field, value: String(given), bound: `a duration, ${bound}` })
  if (Duration.lessThanOrEqualTo(value, Duration.zero) || Duration.greaterThan(value, longest))
    throw new InvalidInput({ field, value: Duration.format(value), bound })
  return value
}
