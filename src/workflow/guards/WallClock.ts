import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/**
 * `WallClock` is what the clock on a wall shows in a time zone. What it shows is told in milliseconds, as if the zone
 * were UTC: once a year it leaves out an hour, and once it shows one twice.
 */
export interface WallClock {
  readonly zone: string
  /** `shown` is what it shows at an instant. */
  readonly shown: (instant: number) => number
  /** `instants` are those at which it shows a time: none, one, or two. */
  readonly instants: (shown: number) => ReadonlyArray<number>
  /** `evenUntil` is the first instant at which it jumps, or `until` where it does not before: of one day at most. */
  readonly evenUntil: (from: number, until: number) => number
  /** `text` is what it shows, to be read: `2026-03-29 22:00 Europe/Berlin`. */
  readonly text: (instant: number) => string
}

/** `make` gives the clock of a zone, such as `Europe/Berlin` or `+02:00`. None where there is no such zone. */
export const make = (zone: string): Option.Option<WallClock> =>
  Option.map(/^[+-]/.test(zone) ? offsetZone(zone) : DateTime.zoneMakeNamed(zone), (timeZone) => {
    const offset = (instant: number) => DateTime.zonedOffset(DateTime.unsafeMakeZoned(instant, { timeZone }))
    const shown = (instant: number) => instant + offset(instant)
    return {
      zone,
      shown,
      instants: (time) => {
        const offsets = new Set([offset(time - day), offset(time + day)])
        return [...offsets].map((each) => time - each).filter((instant) => shown(instant) === time)
      },
      evenUntil: (from, until) => {
        const before = offset(from)
        if (offset(until) === before) return until
        let [even, jumped] = [from, until]
        while (jumped - even > 1) {
          const middle = Math.floor((even + jumped) / 2)
          if (offset(middle) === before) even = middle
          else jumped = middle
        }
        return jumped
      },
      text: (instant) => `${new Date(shown(instant)).toISOString().slice(0, 16).replace("T", " ")} ${zone}`
    }
  })

/** `day` is the longest that a clock is looked at, and a run waits, at once. */
export const day = Duration.toMillis("1 day")

const offsetZone = (zone: string) =>
  /^[+-]\d\d:\d\d$/.test(zone) ? DateTime.zoneFromString(zone) : Option.none()
