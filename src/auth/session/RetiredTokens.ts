import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exchanges from "./Background.ts"
import type { Held } from "./CurrentToken.ts"
import * as Logout from "./Logout.ts"

/** The grants whose place a login has taken: each is logged out once no request carries it. */
export interface Predecessors {
  /** Runs a request that carries a grant, which is not logged out before the request is over. */
  readonly carry: <A, E, R>(held: Held, request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Counts it among them: at once, so that a closing at any later moment finds it. */
  readonly add: (held: Held) => void
  /** Logs it out unless a request still carries it. */
  readonly end: (held: Held) => Effect.Effect<void>
  /** Begins to log out all of them, each within `limit`, whatever still carries them. Hands back the wait for it. */
  readonly endAll: (limit: Duration.DurationInput) => Effect.Effect<Effect.Effect<void>>
}

export interface Options extends Logout.Options {
  readonly exchanges: Exchanges.Service
}

const longestLogout = "5 seconds"

export const make = (options: Options): Predecessors => {
  /** Those that are not logged out yet. */
  const all = new Set<Held>()

  const logout = (held: Held, limit: Duration.DurationInput) =>
    Logout.once(options.exchanges, held, Logout.logout(options, held, limit, "quietly"))

  const end = (held: Held): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (!all.has(held) || held.seen.requests > 0) return Effect.void
      return logout(held, longestLogout).pipe(
        Effect.flatMap((over) =>
          options.exchanges.start(
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
    end,
    endAll: (limit) =>
      Effect.map(
        Effect.suspend(() => Effect.forEach(all, (held) => logout(held, limit))),
        (waits) => Effect.all(waits, { concurrency: "unbounded", discard: true })
      ),
    add: (held) => all.add(held),
    carry: (held, request) =>
      Effect.acquireUseRelease(
        Effect.sync(() => held.seen.requests++),
        () => request,
        () =>
          Effect.suspend(() => {
            held.seen.requests--
            return end(held)
          })
      )
  }
}
