import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Holding } from "../../transport/Holding.ts"
import type * as Background from "./Background.ts"
import type { CurrentToken } from "./CurrentToken.ts"
import * as Logout from "./Logout.ts"

/** `RetiredTokens` are those that a login has replaced: each is logged out once no request carries it. */
export interface RetiredTokens {
  /** `keep` keeps a token from being logged out before the request that carries it is over. */
  readonly keep: (held: CurrentToken, holding: Holding) => void
  /** `add` counts it among them: at once, so that a closing at any later moment finds it. */
  readonly add: (held: CurrentToken) => void
  /** `logOut` logs it out unless a request still carries it. */
  readonly logOut: (held: CurrentToken) => Effect.Effect<void>
  /**
   * `logOutAll` begins to log out all of them, each within `limit`, whatever still carries them. Hands back the wait
   * for it.
   */
  readonly logOutAll: (limit: Duration.DurationInput) => Effect.Effect<Effect.Effect<void>>
}

export interface Options extends Logout.Options {
  readonly background: Background.Service
}

export const make = (options: Options): RetiredTokens => {
  /** `all` are the tokens that are not logged out yet. */
  const all = new Set<CurrentToken>()

  const logout = (held: CurrentToken, limit: Duration.DurationInput) =>
    Logout.startOnce(options.background, held, Logout.logout(options, held, limit, "quietly"))

  const end = (held: CurrentToken): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (!all.has(held) || held.history.requests > 0) return Effect.void
      return logout(held, Logout.timeout).pipe(
        Effect.flatMap((over) =>
          options.background.start(
            Effect.zipRight(
              over,
              Effect.sync(() => all.delete(held))
            )
          )
        ),
        Effect.asVoid
      )
    })

  return {
    logOut: end,
    logOutAll: (limit) =>
      Effect.suspend(() =>
        all.size === 0
          ? Effect.succeed(Effect.void)
          : Effect.map(
              Effect.forEach(all, (held) => logout(held, limit)),
              (waits) => Effect.all(waits, { discard: true })
            )
      ),
    add: (held) => all.add(held),
    keep: (held, holding) => {
      held.history.requests++
      holding.onRelease(() => {
        held.history.requests--
        return all.has(held) ? end(held) : undefined
      })
    }
  }
}
