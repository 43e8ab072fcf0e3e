import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as TextStyle from "../../workflow/TextStyle.ts"
import { type Caller, hasColors } from "../Caller.ts"
import type { View } from "./BarLine.ts"
import * as LiveRegion from "./LiveRegion.ts"

/** `Progress` is what events make of a state, and the lines that show it. */
export interface Progress<State, Event> {
  readonly begin: (now: number) => State
  readonly heard: (state: State, event: Event, now: number) => State
  readonly lines: (state: State, view: View) => ReadonlyArray<string>
}

/** `Drawing` shows on a terminal how far something is. What is written meanwhile stands above it. */
export interface Drawing<Event> {
  readonly tell: (event: Event) => void
  /** `end` takes away what is drawn. */
  readonly end: () => void
}

/**
 * `make` draws until the scope closes, ten times a second at most. It gives none where the caller's standard error is no
 * terminal, and where the package log-update is not installed.
 */
export const make = <State, Event>(
  caller: Caller,
  progress: Progress<State, Event>
): Effect.Effect<Drawing<Event> | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    const region = yield* LiveRegion.make(caller)
    if (region === undefined) return undefined
    const clock = yield* Effect.clock
    const now = () => clock.unsafeCurrentTimeMillis()
    const style = TextStyle.make(hasColors(caller, caller.errors))
    let state = progress.begin(now())
    const draw = Effect.sync(() =>
      region.draw(progress.lines(state, { ...region.size(), now: now(), style }))
    )
    yield* draw.pipe(
      Effect.repeat(Schedule.spaced(interval)),
      // What cannot be shown changes nothing of what it is about.
      Effect.catchAllCause(() => Effect.sync(region.close)),
      Effect.forkScoped
    )
    return {
      end: region.close,
      tell: (event) => {
        state = progress.heard(state, event, now())
      }
    }
  })

const interval = "100 millis"
