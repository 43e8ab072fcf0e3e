import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Account } from "../Credentials.ts"
import type { AcquireFailure } from "./AcquireFailure.ts"
import type { CurrentToken } from "./CurrentToken.ts"

/** `TokenSource` is where a session gets its tokens, and where it gives back the last. */
export interface TokenSource {
  /** `acquire` makes one attempt to get a token. It never repeats itself: when to try again is the state's affair. */
  readonly acquire: (plan: AttemptPlan) => Effect.Effect<Acquired, AcquireFailure>
  /** `release` gives back a token that the session holds no longer. `limit`: how long a logout may take. */
  readonly release: (held: CurrentToken, limit: Duration.DurationInput) => Effect.Effect<void>
}

/** `AttemptPlan` is what an attempt starts from. */
export interface AttemptPlan {
  readonly held: CurrentToken | undefined
  /** `loginOnly` says that the refresh token must not be used: it may have been rotated by an answer that was lost. */
  readonly loginOnly: boolean
  /** `failures` counts the attempts that failed before this one. */
  readonly failures: number
  /**
   * `isFirst` marks the session's first: nobody has a token yet, so it waits within its minute for a device that has no
   * time.
   */
  readonly isFirst: boolean
  /** `account` is the one to log in with, where the credentials were just asked. */
  readonly account?: Account
}

/** `Acquired` is what an attempt brought. */
export interface Acquired {
  readonly held: CurrentToken
  /** `by` says how it came; `adoption`: it was found in the store. */
  readonly by: "login" | "refresh" | "adoption"
  /**
   * `replaced` is the token that lives on beside it and has to be logged out: a refresh ends what it refreshes, a login
   * does not.
   */
  readonly replaced: CurrentToken | undefined
}
