import { clearTimeout, setTimeout } from "node:timers"

/**
 * `Deadline` is one time-out after another, by one timer: most are over long before their time, so a timer that runs
 * goes on and is looked at when it fires.
 */
export interface Deadline {
  /**
   * `set` has something done in so many milliseconds, in place of what was set before. `keepsAwake` says whether the
   * process is to wait for it.
   */
  readonly set: (millis: number, keepsAwake: boolean, expired: () => void) => void
  /** `clear` has nothing done. */
  readonly clear: () => void
  /** `end` does the same, and leaves no timer. */
  readonly end: () => void
}

/** `make` makes one, which begins without a timer. */
export const make = (): Deadline => {
  let timer: NodeJS.Timeout | undefined
  let firesAt = 0
  let due = 0
  let awake = false
  let pending: (() => void) | undefined

  const start = (millis: number) => {
    firesAt = performance.now() + millis
    timer = setTimeout(onTimer, millis)
    if (!awake) timer.unref()
  }
  const onTimer = () => {
    timer = undefined
    const expired = pending
    if (expired === undefined) return
    const left = due - performance.now()
    if (left > 0) return start(Math.ceil(left))
    pending = undefined
    expired()
  }
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const keepAwake = (on: boolean) => {
    if (on === awake) return
    awake = on
    if (on) timer?.ref()
    else timer?.unref()
  }

  return {
    set: (millis, keepsAwake, expired) => {
      due = performance.now() + millis
      pending = expired
      keepAwake(keepsAwake)
      if (timer !== undefined && firesAt > due) stop()
      if (timer === undefined) start(millis)
    },
    clear: () => {
      pending = undefined
      keepAwake(false)
    },
    end: () => {
      pending = undefined
      stop()
    }
  }
}
