import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as StreamEmit from "effect/StreamEmit"
import type { SessionEvent } from "../SessionEvent.ts"

type Listener = StreamEmit.EmitOpsPush<never, SessionEvent>

/**
 * `EventListeners` are those who stream what happens to a session. It is no `PubSub`: a session would make, tell and end
 * one each time, and hardly any has someone who listens.
 */
export interface EventListeners {
  /** `join` has one told until its scope closes, or the session has ended. */
  readonly join: (listener: Listener) => Effect.Effect<void, never, Scope.Scope>
  readonly tell: (event: SessionEvent) => void
  /** `end` ends the streams, once they have what they were told, and those that begin later. */
  readonly end: () => void
}

export const make = (): EventListeners => {
  const listeners = new Set<Listener>()
  let isOver = false
  const add = (listener: Listener) => {
    listeners.add(listener)
    if (isOver) listener.end()
  }
  return {
    join: (listener) =>
      Effect.acquireRelease(
        Effect.sync(() => add(listener)),
        () => Effect.sync(() => listeners.delete(listener))
      ),
    tell: (event) => {
      for (const listener of listeners) listener.single(event)
    },
    end: () => {
      isOver = true
      for (const listener of listeners) listener.end()
    }
  }
}
