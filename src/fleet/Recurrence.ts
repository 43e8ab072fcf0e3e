import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"

/**
 * `recurrenceOf` gives the schedule that words mean: after a time, such as `10 minutes`, or at the times of a crontab, such
 * as `0 6 * * 1-5`; `undefined` for what says no time.
 */
export const recurrenceOf = (given: unknown): Schedule.Schedule<unknown> | undefined => {
  const duration = Option.getOrUndefined(Duration.decodeUnknown(given))
  if (duration !== undefined)
    return Duration.greaterThan(duration, 0) && Duration.isFinite(duration)
      ? Schedule.spaced(duration)
      : undefined
  const cron = Predicate.isString(given) ? Cron.parse(given) : undefined
  return cron !== undefined && Either.isRight(cron) ? Schedule.cron(cron.right) : undefined
}
