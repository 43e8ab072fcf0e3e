import * as Share from "./Share.ts"
import type { Wave } from "./Waves.ts"

/** `StopOptions` say which failures stop a fleet. */
export interface StopOptions {
  /**
   * `stopAfter` is at how many failures nothing more is begun: a number, or a part of the whole fleet, never of a wave.
   * What is under way is ended.
   *
   * @default a failure stops it before the next wave
   */
  readonly stopAfter?: Share.Share | undefined
}

/** `Stop` is why a fleet stopped before it had come to all of its devices. */
export interface Stop {
  /** `why` says whether a canary failed, a wave was not well, or there were as many failures as `stopAfter` says. */
  readonly why: "canary" | "wave" | "stopAfter"
  /** `failed` counts the failures until then. */
  readonly failed: number
}

/** `Tally` counts what has ended, and what of it has failed. */
export interface Tally {
  readonly failed: number
  readonly failedInWave: number
}

/** `StopRule` says when a fleet stops. */
export interface StopRule {
  /** `now` is asked after each failure: nothing more is begun where it gives a reason. */
  readonly now: (wave: Wave, tally: Tally) => Stop | undefined
  /** `beforeNext` is asked when a wave is over. */
  readonly beforeNext: (wave: Wave, tally: Tally) => Stop | undefined
}

/** `make` gives the rule of a fleet of so many devices. */
export const make = ({ stopAfter }: StopOptions, count: number): StopRule => {
  const limit = stopAfter === undefined ? undefined : Math.max(1, Share.more(stopAfter, count))
  const now: StopRule["now"] = ({ isCanary }, { failed, failedInWave }) => {
    if (isCanary && failedInWave > 0) return { why: "canary", failed }
    return limit !== undefined && failed >= limit ? { why: "stopAfter", failed } : undefined
  }
  return {
    now,
    beforeNext: (wave, tally) =>
      now(wave, tally) ??
      (limit === undefined && tally.failedInWave > 0 ? { why: "wave", failed: tally.failed } : undefined)
  }
}
