import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Needed from "../validation/Needed.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { DeviceBusy } from "./DeviceError.ts"
import type { Reply } from "./Reply.ts"
import * as RetryAfter from "./RetryAfter.ts"

/** `Failure` is one attempt that did not come through, and may be repeated. */
export interface Failure {
  readonly operation: string
  /** `status` is the answer's status, or `undefined` where no answer came. */
  readonly status: number | undefined
  /** `retryAfter` is how long the device asks to wait. */
  readonly retryAfter: Duration.Duration | undefined
}

/**
 * `Policy` says when to send a request again. It decides on the waits alone: that only repeatable requests are
 * repeated, and never before a `Retry-After`, is seen to below it.
 */
export type Policy = Schedule.Schedule<unknown, Failure>

/**
 * `standard` waits 1, 2, 4, … 32, 32 seconds with a fifth of jitter: seven repeats in about a minute and a half. An FMC
 * counts its 120 requests over 60 seconds, so a policy that gives up earlier may never leave that window; and no
 * request is worth more than two minutes.
 */
export const standard: Policy = Schedule.exponential("1 second").pipe(
  Schedule.modifyDelay((_, delay) => Duration.min(delay, "32 seconds")),
  Schedule.jittered,
  Schedule.modifyDelay((_, delay) => Duration.millis(Math.ceil(Duration.toMillis(delay)))),
  Schedule.intersect(Schedule.recurs(7)),
  Schedule.upTo("2 minutes")
)

/** `none` never repeats. */
export const none: Policy = Schedule.stop

/**
 * `maxRetryAfter` is the longest `Retry-After` that is waited out, unless a session says otherwise. A longer one is
 * `DeviceBusy` at once: a script at night is better told than kept.
 */
export const maxRetryAfter: Duration.Duration = Duration.minutes(2)

/** `BackOff` gives how long a session waits after its n-th failed renewal in a row; the first is 1. */
export type BackOff = (failures: number) => Duration.DurationInput

/**
 * `backOff` is 1 second, doubling to 50: with its jitter below the minute that a caller without a good token sleeps at
 * most.
 */
export const backOff: BackOff = (failures) => Math.min(1000 * 2 ** (failures - 1), 50_000)

/**
 * `renewalDelay` gives the wait of a session that `policy` asks for: with a fifth of jitter, so that sessions on one
 * device do not come back together, and never less than the device asks for. In whole milliseconds.
 */
export const renewalDelay = (
  policy: BackOff,
  failures: number,
  error: unknown
): Effect.Effect<Duration.Duration> =>
  Effect.map(Random.nextRange(0.8, 1.2), (jitter) => {
    const delay = Duration.millis(Math.ceil(Duration.toMillis(policyDelay(policy, failures)) * jitter))
    return error instanceof DeviceBusy && error.retryAfter !== undefined
      ? Duration.max(delay, Duration.millis(Math.ceil(Duration.toMillis(error.retryAfter))))
      : delay
  })

// A policy that throws, or gives what is no duration, must not leave a session without a next attempt.
const policyDelay = (policy: BackOff, failures: number): Duration.Duration => {
  try {
    const given = Duration.decodeUnknown(policy(failures))
    if (Option.isSome(given)) return given.value
  } catch {
    // As below.
  }
  return Duration.decode(backOff(failures))
}

/**
 * `retryAfter` reads the `Retry-After` of an answer, seconds or a date: at most a day. One that cannot be read is none.
 */
export const retryAfter = (reply: Reply): Effect.Effect<Duration.Duration | undefined> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    Needed.object("reply.headers", reply?.headers, "those of an answer")
    const header = reply.headers["retry-after"]
    return header === undefined ? undefined : RetryAfter.parse(header, now)
  })

const readMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

/** `isRead` says whether a request changes nothing, so that sending it twice does no harm. */
export const isRead = (method: string): boolean => readMethods.has(method)

/** `AttemptResult` is how an attempt went: it is over, or it may be repeated and ends as `end` says where it is not. */
export type AttemptResult<A, E> =
  | { readonly _tag: "Over"; readonly end: Effect.Effect<A, E> }
  | { readonly _tag: "Again"; readonly failure: Failure; readonly end: Effect.Effect<A, E> }

/** `RetryOptions` say which waits a device may ask for, and how they are done. */
export interface RetryOptions {
  /** `maxRetryAfter` is the longest `Retry-After` that is waited out. @default `maxRetryAfter` */
  readonly maxRetryAfter?: Duration.DurationInput | undefined
  /** `onWait` runs the wait before a repeat: others may have to wait with it. */
  readonly onWait?:
    | (<E>(failure: Failure, wait: Effect.Effect<void, E>) => Effect.Effect<void, E>)
    | undefined
}

/**
 * `withRetries` repeats attempts as long as the policy says, and never before the device wants it. Fails as the last
 * attempt does.
 */
export const withRetries = <A, E>(
  policy: Policy,
  attempt: Effect.Effect<AttemptResult<A, E>, E>,
  options: RetryOptions = {}
): Effect.Effect<A, E> => {
  if (!Schedule.isSchedule(policy))
    throw refuseInput(
      "policy",
      "it is no Schedule; give Retry.standard, Retry.none or a Schedule of Effect's."
    )
  Needed.effect("attempt", attempt)
  Needed.fields("options", options, ["maxRetryAfter", "onWait"])
  const again = (driver: Schedule.ScheduleDriver<unknown, Failure>) => {
    const go = (result: AttemptResult<A, E>): Effect.Effect<A, E> => {
      if (result._tag === "Over") return result.end
      const asked = result.failure.retryAfter ?? Duration.zero
      if (Duration.greaterThan(asked, options.maxRetryAfter ?? maxRetryAfter)) return result.end
      // The driver sleeps by itself; what the device asks for beyond that is slept after it.
      const wait = Effect.timed(driver.next(result.failure)).pipe(
        Effect.flatMap(([slept]) => Effect.sleep(Duration.subtract(asked, slept)))
      )
      return Effect.matchEffect(options.onWait?.(result.failure, wait) ?? wait, {
        onFailure: () => result.end,
        onSuccess: () => Effect.flatMap(attempt, go)
      })
    }
    return go
  }
  // The policy begins with the first wait.
  return Effect.flatMap(attempt, (first) =>
    first._tag === "Over"
      ? first.end
      : Effect.flatMap(Schedule.driver(policy), (driver) => again(driver)(first))
  )
}
