import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ChangeWindow from "./ChangeWindow.ts"
import { GuardRefused } from "./GuardRefused.ts"
import * as WallClock from "./WallClock.ts"
import type { CheckedWindow } from "./WindowOptions.ts"

/** `isInside` fails where nothing may be started now. */
export const isInside = (window: CheckedWindow): Effect.Effect<void, GuardRefused> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const { closing, opening } = window
    return ChangeWindow.isOpen(opening, now, closing) ? Effect.void : refuseAt(window, now)
  })

/** `untilInside` waits until something may be started. Fails where that never comes. */
export const untilInside = (window: CheckedWindow): Effect.Effect<void, GuardRefused> =>
  Effect.gen(function* () {
    const { clock, closing, opening } = window
    let isTold = false
    while (true) {
      const now = yield* Clock.currentTimeMillis
      if (ChangeWindow.isOpen(opening, now, closing)) return
      const opens = ChangeWindow.opensAt(opening, now, closing)
      if (opens === undefined) return yield* refuseAt(window, now)
      if (!isTold)
        yield* Effect.logInfo(`The run waits for its change window: it opens at ${clock.text(opens)}.`)
      isTold = true
      // No timer is longer than 31 bits of milliseconds, and a laptop may have slept.
      yield* Effect.sleep(Duration.millis(Math.min(opens - now, WallClock.day)))
    }
  })

const refuseAt = ({ clock, closing, opening, waits }: CheckedWindow, now: number) => {
  const until = opening.openUntil(now, now)
  const where =
    until === undefined
      ? `It is ${clock.text(now)}, outside of the change window (${opening.text}).`
      : `It is ${clock.text(now)}, and nothing new is started in the last ${Duration.format(closing)} of the change window (${opening.text}).`
  const opens = ChangeWindow.opensAt(opening, now, closing)
  const next =
    opens === undefined
      ? "It does not open again; give another window."
      : `It opens at ${clock.text(opens)}: run it then${waits ? "" : ', or give the window outside: "wait"'}.`
  return Effect.fail(
    new GuardRefused({ guard: "window", message: `${where} Nothing more was sent. ${next}` })
  )
}
