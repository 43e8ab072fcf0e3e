import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/**
 * `isDuration` says whether something is one. `Duration` itself takes NaN, and less than nothing, for no time at all: a
 * script that has come to one by a slip of its own would wait for nothing.
 */
export const isDuration = (given: unknown): given is Duration.DurationInput =>
  Option.isSome(Duration.decodeUnknown(given)) &&
  ![given].flat().some((part) => /^(-|NaN)/.test(String(part)))

/** `DurationConfig` is how long something takes, as a script or a file may say it: `"10 minutes"`, or milliseconds. */
export const DurationConfig = Schema.declare(isDuration, {
  description: 'a duration such as "30 seconds", or milliseconds',
  jsonSchema: { type: ["string", "number"] }
})

// 2^31 - 1 ms: a longer timer fires at once.
const maxTimer = Duration.millis(2_147_483_647)

/** `TimerLength` is the same for what a timer can wait. */
export const TimerLength = DurationConfig.pipe(
  Schema.filter((length) => Duration.greaterThan(length, 0) && Duration.lessThanOrEqualTo(length, maxTimer))
).annotations({
  description: 'a duration such as "30 seconds", or milliseconds, of more than 0 and at most 24 days'
})
