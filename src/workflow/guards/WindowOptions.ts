import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import * as InputSource from "../../validation/InputSource.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { DurationConfig } from "../../validation/TimerLength.ts"
import * as ChangeWindow from "./ChangeWindow.ts"
import * as WallClock from "./WallClock.ts"

/** `CheckedWindow` is a window of which the zone is known, and that opens. */
export interface CheckedWindow {
  readonly clock: WallClock.WallClock
  readonly opening: ChangeWindow.Opening
  readonly closing: number
  readonly waits: boolean
}

/** `decode` checks a window. Fails with `InvalidInput`, which says what to give. */
export const decode = (window: unknown): Effect.Effect<CheckedWindow, InvalidInput> =>
  Effect.gen(function* () {
    const isSingle = Predicate.hasProperty(window, "from") || Predicate.hasProperty(window, "to")
    const source = { ...InputSource.dataAt("window"), isSafeToShow: true }
    const owner = "a change window"
    const given = isSingle
      ? yield* InputSchema.decode(Single, window, source, owner)
      : yield* InputSchema.decode(Recurring, window, source, owner)
    const { closing = 0, outside = "refuse", zone } = given
    const clock = Option.getOrUndefined(WallClock.make(zone))
    if (clock === undefined)
      return yield* refuseInput(
        "window.zone",
        `${JSON.stringify(zone)} is no time zone that this machine knows; give a name such as Europe/Berlin, an offset such as +02:00, or UTC.`
      )
    const opened = "from" in given ? yield* singleOf(clock, given) : yield* recurringOf(clock, given)
    const closingMillis = Duration.toMillis(closing)
    if (closingMillis >= opened.length)
      return yield* refuseInput(
        "window.closing",
        "it is as long as the window, in which nothing would ever be started; give less."
      )
    return { clock, opening: opened.opening, closing: closingMillis, waits: outside === "wait" }
  })

const isFinite = (given: Duration.DurationInput): boolean => Duration.isFinite(Duration.decode(given))

const Length = DurationConfig.pipe(
  Schema.filter((given) => isFinite(given) && Duration.greaterThan(given, 0))
).annotations({ description: 'how long it is open: "4 hours", or milliseconds' })

const zoned = {
  zone: Schema.String.annotations({
    description: "a time zone: a name such as Europe/Berlin, an offset such as +02:00, or UTC"
  }),
  outside: InputSchema.optional(Schema.Literal("refuse", "wait"), '"refuse" or "wait"'),
  closing: InputSchema.optional(
    DurationConfig.pipe(Schema.filter(isFinite)),
    'how long before its end nothing new is started: "15 minutes", or milliseconds'
  )
}
const Recurring = Schema.Struct({
  cron: Schema.String.annotations({ description: 'when it opens: "0 22 * * 1-5", or from and to' }),
  length: Length,
  ...zoned
})
const moment = Schema.String.annotations({
  description: "a day and a time such as 2026-03-28T22:00; what opens again and again has cron and length"
})
const Single = Schema.Struct({ from: moment, to: moment, ...zoned })

const singleOf = (clock: WallClock.WallClock, given: ChangeWindow.SingleWindow) =>
  Effect.gen(function* () {
    const from = yield* instantOf(clock, "window.from", given.from)
    const to = yield* instantOf(clock, "window.to", given.to)
    if (to <= from)
      return yield* refuseInput("window.to", "it is not after from; give the end of the window.")
    return { opening: ChangeWindow.single(clock, from, to), length: to - from }
  })

const recurringOf = (clock: WallClock.WallClock, given: ChangeWindow.RecurringWindow) => {
  const opening = ChangeWindow.recurring(clock, given)
  if (opening._tag === "Right")
    return Effect.succeed({ opening: opening.right, length: Duration.toMillis(given.length) })
  const shown = JSON.stringify(given.cron)
  return refuseInput(
    "window.cron",
    opening.left === "no cron"
      ? `${shown} is no cron; give five fields (minute, hour, day, month, day of the week), as in "0 22 * * 1-5".`
      : `${shown} names a day that no month has, so that it never opens; give one that comes.`
  )
}

const instantOf = (
  clock: WallClock.WallClock,
  field: string,
  text: string
): Effect.Effect<number, InvalidInput> => {
  const [, day, time, offset] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const local = `${day}T${time}`
  const shown = Date.parse(`${local}Z`)
  const own = offset === undefined ? shown : Date.parse(`${local}${offset}`)
  // A day that its month does not have would be taken for one of the next.
  if (Number.isNaN(own) || !new Date(shown).toISOString().startsWith(local))
    return refuseInput(
      field,
      `${JSON.stringify(text)} is no day and time; give one such as 2026-03-28T22:00.`
    )
  if (offset !== undefined) return Effect.succeed(own)
  const [instant, ...others] = clock.instants(shown)
  if (instant === undefined)
    return refuseInput(field, `in ${clock.zone} the clocks leave out ${text}; give a time that comes.`)
  if (others.length === 0) return Effect.succeed(instant)
  const all = [instant, ...others].map((one) => `${new Date(one).toISOString().slice(0, 16)}Z`)
  return refuseInput(field, `in ${clock.zone} the clocks show ${text} twice; give ${all.join(" or ")}.`)
}
