import * as Effect from "effect/Effect"
import type * as MutableRef from "effect/MutableRef"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, SessionContested, TokenRejected } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import { type CurrentToken, phaseOf } from "./CurrentToken.ts"
import * as Evictions from "./Evictions.ts"
import type { State } from "./SessionState.ts"
import * as Transition from "./Transition.ts"

export interface Options {
  readonly state: MutableRef.MutableRef<State>
  readonly targetName: string
  /** `evictionLimit` is how many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  readonly backOff: Retry.BackOff
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

// Milliseconds. A token that was not used for longer may have been evicted meanwhile, like any other.
const firstUse = 60_000

/** `Judgement` is what is to be told of a refusal, and what it fails with. */
interface Judgement {
  readonly event?: SessionEvent.SessionEvent
  readonly error?: AuthError
}

const noJudgement: Judgement = {}

/**
 * `make` judges what the device's refusal of a token means: nothing new, a token of no use, or someone else with the
 * account.
 */
export const make = (options: Options) => {
  const { backOff, evictionLimit, publish, state, targetName } = options
  const evictions = Evictions.make()

  const noteEvicted = ({ username }: CurrentToken, now: Instant.Instant): Judgement => {
    const { count, since } = evictions.add(now)
    const event = SessionEvent.Evicted({ at: now.wall, targetName, count })
    if (count < evictionLimit) return { event }
    return {
      event,
      error: new SessionContested({ targetName, username, evictions: count, since })
    }
  }

  const noteRejected = (held: CurrentToken, operation: string): Effect.Effect<void, AuthError> =>
    Effect.gen(function* () {
      const now = yield* Instant.now
      const uselessToken = new TokenRejected({ targetName, operation, reason: refusedAtFirstUse })
      const failed = yield* Transition.failedOf(backOff, held, held.history.failures, uselessToken, true)
      // In one step: between two, someone else might begin a login that must not be.
      const judgement = yield* Transition.modify(state, (current): [Judgement, State] => {
        const { accepted, disturbances, outlived, rejected } = held.history
        const disturbed = disturbances > outlived
        const early = phaseOf(held, now) === "Good"
        held.history.rejected = true
        // Others have seen it before, or have replaced it: nothing is learned from this.
        if (rejected || !isCurrent(current, held)) return [noJudgement, current]
        // Another process may have renewed it: the next attempt, which sees what is in the store, tells.
        if (held.shared !== undefined) {
          held.history.suspect = early && !disturbed
          return [noJudgement, current]
        }
        // A device that refuses what it has just issued will not be cured by more logins: the next one has to wait.
        if (!accepted && Instant.elapsedAtMost(held.token.issued, now) < firstUse)
          return [{ error: uselessToken }, Transition.reject(current, failed)]
        // Its time was over, or the device has restarted: nobody took it away.
        if (!early || disturbed) return [noJudgement, current]
        const judgement = noteEvicted(held, now)
        return [
          judgement,
          judgement.error instanceof SessionContested
            ? Transition.contest(current, held, judgement.error)
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
    noteRejected,
    /** `evicted` is for an attempt that finds out itself: its failure is put into the state. */
    evicted: (held: CurrentToken): Effect.Effect<void, AuthError> =>
      Effect.flatMap(Instant.now, (now) => tell(noteEvicted(held, now)))
  }
}

const refusedAtFirstUse =
  "it was refused at its first use, so a further login would not help. Check that it is meant for this device, the device's clock, and whether someone else logs in with this account."

// Whoever renews it already will bring the next one.
const isCurrent = (state: State, held: CurrentToken): boolean =>
  (state._tag === "Fresh" || state._tag === "BackingOff" || state._tag === "Refused") && state.held === held
