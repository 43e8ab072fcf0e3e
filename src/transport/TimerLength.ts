import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { InvalidInput } from "./DeviceError.ts"
import * as InputSource from "./InputSource.ts"

// 2^31 - 1 ms: a longer timer fires at once.
const maxTimer = Duration.millis(2_147_483_647)

/** `timerDuration` gives a duration that a timer can wait. Throws `InvalidInput` that names the option. */
export const timerDuration = (
  option: string,
  given: Duration.DurationInput,
  source: InputSource.InputSource = InputSource.callArguments
): Duration.Duration => {
  const field = source.field(option)
  const length = Option.getOrUndefined(Duration.decodeUnknown(given))
  if (length === undefined) {
    const message = `${field}: ${InputSource.describe(source, given)} is no duration; give one such as "30 seconds", or milliseconds.`
    throw new InvalidInput({ field, ...InputSource.shownValue(source, given), message })
  }
  if (Duration.lessThanOrEqualTo(length, Duration.zero) || Duration.greaterThan(length, maxTimer)) {
    const text = Duration.format(length)
    const message = `${field}: ${InputSource.describe(source, text)} is too short or too long for a timer; give more than 0 and at most 24 days.`
    throw new InvalidInput({ field, ...InputSource.shownValue(source, text), message })
  }
  return length
}
