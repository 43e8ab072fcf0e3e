import * as Cron from "effect/Cron"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as WallClock from "./WallClock.ts"

/** `ChangeWindow` is when a run may change something. */
export type ChangeWindow = (RecurringWindow | SingleWindow) & {
  /** `zone` is the time zone of its times: `Europe/Berlin`, `+02:00`, `UTC`. */
  readonly zone: string
  /**
   * `outside` says what becomes of a run that comes at another time: it is refused, or waits until the window opens. One
   * that has begun to write is stopped when the window closes, in either case: it does not stand half done until the
   * next.
   *
   * @default "refuse"
   */
  readonly outside?: "refuse" | "wait" | undefined
  /** `closing` is how long before its end nothing new is started: `"15 minutes"`. @default none */
  readonly closing?: Duration.DurationInput | undefined
}

/**
 * `RecurringWindow` opens again and again. A time is inside where the clock on the wall shows one that is: so a window
 * from two to four is over at four also in the night that leaves out an hour or has one twice, and one that lies within
 * the hour that is left out does not open.
 */
export interface RecurringWindow {
  /** `cron` says when it opens: `0 22 * * 1-5` is at ten in the evening of each weekday. */
  readonly cron: string
  /** `length` is how long it is open: `"4 hours"`. */
  readonly length: Duration.DurationInput
}

/** `SingleWindow` opens once. */
export interface SingleWindow {
  /** `from` and `to` are times of its zone, `2026-03-28T22:00`, or have an offset of their own, `…T22:00+01:00`. */
  readonly from: string
  readonly to: string
}

/** `Opening` tells when a window is open. All times are instants, in milliseconds. */
export interface Opening {
  /** `text` is the window, as a sentence calls it. */
  readonly text: string
  /** `openUntil` is when a window that is open closes, looked for as far as `horizon`. `undefined`: it is closed. */
  readonly openUntil: (now: number, horizon: number) => number | undefined
  /** `candidates` are instants after `now`, among which is each at which it opens. */
  readonly candidates: (now: number) => Iterable<number>
}

/** `single` opens once, from an instant to another. */
export const single = (clock: WallClock.WallClock, from: number, to: number): Opening => ({
  text: `from ${clock.text(from)} to ${clock.text(to)}`,
  openUntil: (now) => (from <= now && now < to ? to : undefined),
  candidates: (now) => (now < from ? [from] : [])
})

/** `recurring` opens whenever a cron says so. Fails where that is none, or never comes. */
export const recurring = (
  clock: WallClock.WallClock,
  { cron: text, length }: RecurringWindow
): Either.Either<Opening, "no cron" | "never comes"> => {
  // By the wall's own time, and forwards only: `Cron.prev` finds no way over an hour that is left out, and takes the
  // 3rd of March for the 31st of a month (effect 3.22).
  const parsed = Either.getRight(Cron.parse(text, "UTC"))
  if (parsed._tag === "None") return Either.left("no cron")
  const cron = parsed.value
  const lengthMillis = Duration.toMillis(length)
  const nextOpening = (shown: number) => {
    try {
      return Cron.next(cron, new Date(shown)).getTime()
    } catch {
      // So it says that there is none.
      return Number.POSITIVE_INFINITY
    }
  }
  /** `remaining` is how long it stays open by the first opening that has not ended; 0 where that is still to come. */
  const remaining = (shown: number) => {
    const opened = nextOpening(shown - lengthMillis)
    return opened <= shown ? opened + lengthMillis - shown : 0
  }
  if (nextOpening(0) === Number.POSITIVE_INFINITY) return Either.left("never comes")
  return Either.right({
    text: `${text} for ${Duration.format(length)}, ${clock.zone}`,
    openUntil: (now, horizon) => {
      let at = now
      while (at <= horizon) {
        const left = remaining(clock.shown(at))
        if (left === 0) break
        at = clock.evenUntil(at, at + Math.min(left, WallClock.day))
      }
      return at > now ? at : undefined
    },
    *candidates(now) {
      for (let at = now; ; ) {
        const shown = clock.shown(at)
        const next = nextOpening(shown)
        if (next === Number.POSITIVE_INFINITY) return
        at = clock.evenUntil(at, at + Math.min(next - shown, WallClock.day))
        yield at
      }
    }
  })
}

/** `opensAt` is when a window opens next for long enough to start something. `undefined`: not within some years. */
export const opensAt = (opening: Opening, now: number, closing: number): number | undefined => {
  let looked = 0
  for (const at of opening.candidates(now)) {
    if (isOpen(opening, at, closing)) return at
    if (++looked === maxLooked) return undefined
  }
  return undefined
}

const maxLooked = 4000

/** `isOpen` says whether something may be started: the window is open, and goes on for longer than `closing`. */
export const isOpen = (opening: Opening, now: number, closing: number): boolean =>
  (opening.openUntil(now, now + closing) ?? now) > now + closing
