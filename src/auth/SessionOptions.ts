import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type * as Retry from "../transport/Retry.ts"
import type * as SendOptions from "../transport/SendOptions.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { isDuration } from "../validation/TimerLength.ts"
import type { SessionEvent } from "./SessionEvent.ts"

/** `Options` say how a session behaves. */
export interface Options extends SendOptions.Options {
  /**
   * `onEvent` sees each event at once, the login and the logout too. An Effect that it returns is run beside the
   * session, for at most five seconds; its failure changes nothing.
   */
  readonly onEvent?: ((event: SessionEvent) => unknown) | undefined
  /**
   * `giveWay` gives way to whoever else uses the account: the first time that the device ends the session early is
   * `SessionContested`.
   *
   * @default false, the third time within five minutes
   */
  readonly giveWay?: boolean | undefined
  /** `retry` decides when requests are repeated. @default `Retry.standard` */
  readonly retry?: Retry.Policy | undefined
  /**
   * `maxRetryAfter` is the longest `Retry-After` that a request waits out; a longer one is `DeviceBusy` at once.
   *
   * @default 2 minutes
   */
  readonly maxRetryAfter?: Duration.DurationInput | undefined
  /**
   * `backOff` gives the wait between logins and renewals that fail.
   *
   * @default `Retry.backOff`: 1 second, doubling to 50
   */
  readonly backOff?: Retry.BackOff | undefined
}

const optionNames = {
  onEvent: true,
  giveWay: true,
  retry: true,
  maxRetryAfter: true,
  backOff: true,
  transformClient: true,
  logRequests: true
} satisfies Record<keyof Options, true>

/** `names` are those of a session's options. */
export const names: ReadonlyArray<string> = Object.keys(optionNames)

/** `isOption` says whether an option of that name is one of a session's. */
export const isOption = (name: string): name is keyof Options => Object.hasOwn(optionNames, name)

/** `checkNames` gives the options, if all of them are a session's. Fails with `InvalidInput` for another. */
export const checkNames = (options: Options | undefined): Effect.Effect<Options, InvalidInput> => {
  // Of JavaScript, which may give null too.
  const given = options ?? {}
  return OptionNames.faultOf("a session", given, names) ?? Effect.succeed(given)
}

/** `of` gives of the options of a device those of its session. */
export const of = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => isOption(name)))

/** `check` gives the options, unless the types forbid them: a script in JavaScript has none. Fails with `InvalidInput`. */
export const check = (given: Options | null): Effect.Effect<Options, InvalidInput> => {
  const options = given ?? {}
  if (!GivenValue.isPlainObject(options))
    return refuseInput("options", `it is ${GivenValue.kindOf(options)}; give an object, or leave it out.`)
  const { backOff, giveWay, logRequests, maxRetryAfter, onEvent, retry, transformClient }: Options = options
  if (onEvent !== undefined && typeof onEvent !== "function")
    return refuseInput("onEvent", "it is no function; give one that takes an event, or leave it out.")
  if (giveWay !== undefined && typeof giveWay !== "boolean")
    return refuseInput("giveWay", "it is neither true nor false; give one of them.")
  if (transformClient !== undefined && typeof transformClient !== "function")
    return refuseInput("transformClient", "it is no function; give one that takes a client and returns one.")
  if (logRequests !== undefined && typeof logRequests !== "boolean")
    return refuseInput("logRequests", "it is neither true nor false; give one of them.")
  if (retry !== undefined && !Schedule.isSchedule(retry))
    return refuseInput(
      "retry",
      "it is no Schedule; give Retry.standard, Retry.none or a Schedule of Effect's."
    )
  if (maxRetryAfter !== undefined && !isDuration(maxRetryAfter))
    return refuseInput("maxRetryAfter", 'it is no duration; give one such as "2 minutes", or milliseconds.')
  if (backOff !== undefined && typeof backOff !== "function")
    return refuseInput(
      "backOff",
      "it is no function; give one that takes a number of failures, or leave it out."
    )
  return checkNames(options)
}
