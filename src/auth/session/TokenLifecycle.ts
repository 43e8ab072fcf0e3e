import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import * as AtOnce from "../../transport/AtOnce.ts"
import type { Holding } from "../../transport/Holding.ts"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, SessionClosed } from "../AuthError.ts"
import type { Credentials } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import type * as TokenStore from "../TokenStore.ts"
import type * as Background from "./Background.ts"
import * as Closing from "./Closing.ts"
import { type CurrentToken, noteAccepted, noteDisturbed, phaseOf } from "./CurrentToken.ts"
import * as DirectTokenSource from "./DirectTokenSource.ts"
import type * as LoginGuard from "./LoginGuard.ts"
import type * as Logout from "./Logout.ts"
import * as Rejection from "./Rejection.ts"
import * as Renewal from "./Renewal.ts"
import * as RetiredTokens from "./RetiredTokens.ts"
import {
  type Decide,
  decisionFor,
  forcedDecisionFor,
  makePending,
  type Pending,
  Renewing,
  type State
} from "./SessionState.ts"
import * as SharedTokenSource from "./SharedTokenSource.ts"
import * as Transition from "./Transition.ts"

/** `TokenLifecycle` keeps the token of one session: good, alone, and ended at the end. */
export interface TokenLifecycle {
  /** `open` makes the first login. */
  readonly open: Effect.Effect<void, AuthError>
  /** `close` makes the logout, within five seconds. */
  readonly close: Effect.Effect<void>
  /** `current` gives a token that may be sent now. */
  readonly current: Effect.Effect<CurrentToken, AuthError>
  /** `currentAt` gives it at a moment: at once where there is one. */
  readonly currentAt: (now: Instant.Instant) => AtOnce.AtOnce<CurrentToken, AuthError>
  /** `renew` gives a new token, however good the present one is. */
  readonly renew: Effect.Effect<CurrentToken, AuthError>
  /** `keep` keeps a token from being logged out before the request that carries it is over. */
  readonly keep: (held: CurrentToken, holding: Holding) => void
  /**
   * `noteAccepted` notes that the device accepted the token; `outlived`: how often it had been disturbed when that was
   * sent.
   */
  readonly noteAccepted: (held: CurrentToken, outlived: number) => void
  /** `noteDisturbed` notes a lost connection or device: a 401 after that is no sign of another user. */
  readonly noteDisturbed: (held: CurrentToken) => void
  /** `isCurrent` says whether the token may be sent at this moment, with no newer one known. */
  readonly isCurrent: (held: CurrentToken, now: Instant.Instant) => boolean
  /** `noteRejected` notes that the device refused the token. It fails where a renewal must not follow. */
  readonly noteRejected: (held: CurrentToken, operation: string) => Effect.Effect<void, AuthError>
}

export interface Options extends Logout.Options {
  /** `credentials` are the provider's, with what they read from where the session was opened. */
  readonly credentials: Credentials
  readonly background: Background.Service
  readonly loginGuard: LoginGuard.Service
  readonly store: TokenStore.Service
  /** `evictionLimit` is how many evictions within five minutes mean that someone else uses the account. */
  readonly evictionLimit: number
  /** `backOff` is the wait between renewals that fail. */
  readonly backOff: Retry.BackOff
}

export const make = (options: Options): TokenLifecycle => {
  const targetName = options.provider.transport.target.name
  const opening = makePending()
  const state = MutableRef.make<State>(Renewing({ held: undefined, pending: opening }))
  const closing = Deferred.unsafeMake<void>(FiberId.none)

  const { evicted, noteRejected } = Rejection.make({ ...options, state, targetName })
  const whileOpen = {
    unlessClosed: Effect.suspend(() =>
      MutableRef.get(state)._tag === "Closed" ? Effect.fail(new SessionClosed({ targetName })) : Effect.void
    ),
    closed: Deferred.await(closing)
  }
  const direct = DirectTokenSource.make({ ...options, ...whileOpen })
  const source = SharedTokenSource.make({ ...options, ...whileOpen, direct, evicted })
  const retired = RetiredTokens.make(options)
  const session: LiveSession = { ...options, targetName, state, closing, source, retired }

  return {
    open: open(session, opening),
    close: Closing.close(session),
    current: tokenBy(session, decisionFor),
    currentAt: (now) => tokenAt(session, decisionFor, now),
    renew: tokenBy(session, forcedDecisionFor),
    isCurrent: (held, now) => isCurrent(MutableRef.get(state), held, now),
    keep: retired.keep,
    noteAccepted,
    noteDisturbed,
    noteRejected
  }
}

/** `LiveSession` is what the parts of a session's life work with. */
interface LiveSession extends Renewal.Options, Closing.Options {}

const open = (session: LiveSession, pending: Pending): Effect.Effect<void, AuthError> =>
  Renewal.start(session, {
    pending,
    plan: { held: undefined, loginOnly: true, failures: 0, isFirst: true }
  }).pipe(
    Effect.zipRight(Deferred.await(pending.done)),
    // Free at once: the login goes on by itself.
    Effect.onInterrupt(() =>
      Effect.zipRight(
        Transition.modify(session.state, Transition.abandon),
        Deferred.succeed(session.closing, undefined)
      )
    ),
    Effect.asVoid
  )

/** `tokenBy` gives a token that may be sent now, got in the way that `decide` says. */
const tokenBy = (session: LiveSession, decide: Decide): Effect.Effect<CurrentToken, AuthError> =>
  Instant.nowWith((now) => AtOnce.flatMap(tokenAt(session, decide, now), Effect.succeed))

const tokenAt = (
  session: LiveSession,
  decide: Decide,
  now: Instant.Instant
): AtOnce.AtOnce<CurrentToken, AuthError> => {
  const step = decide(MutableRef.get(session.state), now)
  const again = () => tokenBy(session, decide)
  switch (step._tag) {
    case "Go":
      return step.held
    case "GoAndRenew":
      return Effect.as(Renewal.begin(session, decide), step.held)
    case "Renew":
      // The result serves those who waited for it, whatever its lifetime; only others look at the state again.
      return Effect.flatMap(
        Renewal.begin(session, decide),
        Option.match({ onNone: again, onSome: ({ done }) => Deferred.await(done) })
      )
    case "Await":
      return Deferred.await(step.pending.done)
    case "Sleep":
      // Whoever wakes first makes the attempt; the others have its result however late they wake.
      return Effect.raceFirst(
        Effect.flatMap(Effect.sleep(step.for), again),
        Deferred.await(step.pending.done)
      )
    case "Fail":
      return Effect.fail(step.error ?? new SessionClosed({ targetName: session.targetName }))
  }
}

const isCurrent = (state: State, held: CurrentToken, now: Instant.Instant): boolean =>
  "held" in state && state.held === held && phaseOf(held, now) !== "Spent"
