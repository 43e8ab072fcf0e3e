import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, SessionContested, TokenRejected } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import { type Held, phase } from "./CurrentToken.ts"
import * as Evictions from "./Evictions.ts"
import type { State } from "./SessionState.ts"
import * as Move from "./Transition.ts"

export interface Options {
  readonly state: Ref.Ref<State>
  readonly target: string
  readonly username: () => string
  /** How many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  readonly backOff: Retry.BackOff
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

// Milliseconds. A grant that was not used for longer may have been evicted meanwhile, like any other.
const firstUse = 60_000

/** What is to be told of a refusal, and what it fails with. */
interface Judgement {
  readonly event?: SessionEvent.SessionEvent
  readonly error?: AuthError
}

const nothing: Judgement = {}

/** What the device's refusal of a grant means: nothing new, a token of no use, or someone else with the account. */
export const make = (options: Options) => {
  const { backOff, evictionLimit, publish, state, target, username } = options
  const evictions = Evictions.make()

  const evicted = (now: Instant.Instant): Judgement => {
    const { count, since } = evictions.add(now)
    const event = SessionEvent.Evicted({ at: now.wall, target, count })
    if (count < evictionLimit) return { event }
    return { event, error: new SessionContested({ target, username: username(), evictions: count, since }) }
  }

  const rejected = (held: Held, operation: string): Effect.Effect<void, AuthError> =>
    Effect.gen(function* () {
      const now = yield* Instant.now
      const useless = new TokenRejected({ target, operation, reason: atFirstUse })
      const setback = yield* Move.setbackOf(backOff, held, held.seen.failures, useless, true)
      // In one step: between two, someone else might begin a login that must not be.
      const judgement = yield* Ref.modify(state, (current): [Judgement, State] => {
        const { accepted, disturbances, outlived, rejected } = held.seen
        const disturbed = disturbances > outlived
        const early = phase(held, now) === "Good"
        held.seen.rejected = true
        // Others have seen it before, or have replaced it: nothing is learned from this.
        if (rejected || !isAtHand(current, held)) return [nothing, current]
        // Another process may have renewed it: the next attempt, which sees what is in the store, tells.
        if (held.sharedLogin !== undefined) {
          held.seen.suspect = early && !disturbed
          return [nothing, current]
        }
        // A device that refuses what it has just issued will not be cured by more logins: the next one has to wait.
        if (!accepted && Instant.longest(held.grant.issued, now) < firstUse)
          return [{ error: useless }, Move.rejected(current, setback)]
        // Its time was over, or the device has restarted: nobody took it away.
        if (!early || disturbed) return [nothing, current]
        const judgement = evicted(now)
        return [
          judgement,
          judgement.error instanceof SessionContested
            ? Move.contested(current, held, judgement.error)
            : current
        ]
      })
      yield* tell(judgement)
    })

  const tell = ({ error, event }: Judgement) =>
    Effect.zipRight(
      event === undefined ? Effect.void : publish(event),
      error === undefined ? Effect.void : Effect.fail(error)
    )

  return {
    rejected,
    /** For an attempt that finds out itself: its failure is put into the state. */
    evicted: Effect.flatMap(Instant.now, (now) => tell(evicted(now)))
  }
}

const atFirstUse =
  "it was refused at its first use, so a further login would not help. Check that it is meant for this device, the device's clock, and whether someone else logs in with this account."

// Whoever renews it already will bring the next one.
const isAtHand = (state: State, held: Held): boolean =>
  (state._tag === "Fresh" || state._tag === "BackingOff" || state._tag === "Refused") && state.held === held
