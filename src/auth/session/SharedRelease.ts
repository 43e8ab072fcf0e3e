import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { TokenStoreFailed } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import * as Holders from "../store/Holders.ts"
import type * as TokenStore from "../TokenStore.ts"
import * as CurrentToken from "./CurrentToken.ts"
import * as Logout from "./Logout.ts"
import { reportStoreFailed } from "./ReportStoreFailed.ts"

/** `release` gives back a token that others may use: the last of them ends it by a logout, unless it is to be kept. */
export const release = (
  options: Logout.Options,
  held: CurrentToken.CurrentToken,
  shared: CurrentToken.Shared,
  limit: Duration.DurationInput
): Effect.Effect<void> => {
  const { slot } = shared
  const leave = leaveSlot(options, held, shared, limit)
  return slot.withLock(leave, limit).pipe(
    // Somebody renews. The closing does not wait for it, but whoever closes last must not find this one still there.
    Effect.catchIf(
      ({ reason }) => reason === "Locked",
      () => slot.withLock(leave)
    ),
    Effect.catchAll((fault) =>
      Effect.zipRight(
        Effect.zipRight(reportStoreFailed(options, fault), slot.leftUnwritten ?? Effect.void),
        // There is nothing from which another run could learn of it.
        slot.whenLastCloses === "logOut"
          ? Effect.asVoid(Logout.logout(options, held, limit))
          : leaveToItsSuccessor(held)
      )
    )
  )
}

const leaveSlot =
  (
    options: Logout.Options,
    held: CurrentToken.CurrentToken,
    shared: CurrentToken.Shared,
    limit: Duration.DurationInput
  ) =>
  (locked: TokenStore.LockedSlot): Effect.Effect<void, TokenStoreFailed> =>
    Effect.gen(function* () {
      const { login, slot } = shared
      const logout = (one: CurrentToken.CurrentToken, how?: "quietly") =>
        Logout.logout(options, one, limit, how)
      const stored = yield* locked.read
      if (stored === undefined) return yield* Effect.asVoid(logout(held))
      // The slot was lost, and somebody has logged in anew.
      if (stored.login !== login) yield* logout(held, "quietly")
      const others = yield* Holders.others(slot, stored)
      const isOwn = CurrentToken.isSame(stored.token, held.token)
      const isDead = isOwn && held.history.rejected
      if (others.length === 0 && (slot.whenLastCloses === "logOut" || isDead)) {
        const last = isOwn ? held : yield* CurrentToken.adopted(stored.token, held.username, shared)
        // What could not be ended stays for the next run to end.
        if (yield* logout(last)) return yield* locked.clear
      }
      yield* locked.write({ ...stored, holders: others })
      const { wall } = yield* Instant.now
      const targetName = options.provider.transport.target.name
      yield* options.publish(SessionEvent.Kept({ at: wall, targetName, expiresAt: stored.token.expiresAt }))
    })

/**
 * `leaveToItsSuccessor` leaves a token in the store, whence the next run has it, and takes back that its end has begun: a
 * renewal that is still under way puts another in its place, and has to end it then.
 */
const leaveToItsSuccessor = (held: CurrentToken.CurrentToken): Effect.Effect<void> =>
  Effect.sync(() => {
    held.history.logout = undefined
  })
