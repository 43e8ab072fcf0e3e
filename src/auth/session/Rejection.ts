import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { type AuthError, SessionContested, TokenRejected } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import * as Evictions from "./Evictions.ts"
import { type Held, phase } from "./Held.ts"
import * as Move from "./Move.ts"
import type { State } from "./State.ts"

export interface Options {
  readonly state: Ref.Ref<State>
  readonly target: string
  readonly username: () => string
  /** How many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

// Milliseconds. A grant that was not used for longer may have been evicted meanwhile, like any other.
const firstUse = 60_000

/** What the device's refusal of a grant means: nothing new, a token of no use, or someone else with the account. */
export const make = (options: Options) => {
  const { evictionLimit, publish, state, target, username } = options
  const evictions = Evictions.make()

  const rejected = (held: Held, operation: string): Effect.Effect<void, AuthError> =>
    Effect.gen(function* () {
      const now = yield* Instant.now
      const current = yield* Ref.get(state)
      const { accepted, disturbed, rejected } = held.seen
      const early = phase(held, now) === "Good"
      held.seen.rejected = true
      // Others have seen it before, or have replaced it: nothing is learned from this.
      if (rejected || !isAtHand(current, held)) return
      if (!accepted && Instant.longest(held.grant.issued, now) < firstUse)
        return yield* atOnce(held, operation)
      // Its time was over, or the device has restarted: nobody took it away.
      if (!early || disturbed) return
      const { count, since } = evictions.add(now)
      const event = SessionEvent.Evicted({ at: now.wall, target, count })
      if (count < evictionLimit) return yield* publish(event)
      const error = new SessionContested({ target, username: username(), evictions: count, since })
      yield* Ref.modify(state, Move.contest(held, error))
      yield* publish(event)
      return yield* Effect.fail(error)
    })

  // A device that refuses what it has just issued will not be cured by more logins: the next one has to wait.
  const atOnce = (held: Held, operation: string) =>
    Effect.gen(function* () {
      const reason =
        "it was refused at its first use, so a further login would not help. Check that it is meant for this device, the device's clock, and whether someone else logs in with this account."
      const error = new TokenRejected({ target, operation, reason })
      yield* Ref.modify(state, Move.reject(yield* Move.setbackOf(held, held.seen.failures, error, true)))
      return yield* Effect.fail(error)
    })

  return rejected
}

// Whoever renews it already will bring the next one.
const isAtHand = (state: State, held: Held): boolean =>
  (state._tag === "Fresh" || state._tag === "BackingOff" || state._tag === "Refused") && state.held === held
