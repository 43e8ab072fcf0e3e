import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { AuthError, TokenStoreFailed } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as Holders from "../store/Holders.ts"
import type * as TokenStore from "../TokenStore.ts"
import type { AcquireFailure } from "./AcquireFailure.ts"
import * as CurrentToken from "./CurrentToken.ts"
import type * as LoginGuard from "./LoginGuard.ts"
import * as Logout from "./Logout.ts"
import { reportStoreFailed } from "./ReportStoreFailed.ts"
import type { Acquired, AttemptPlan, TokenSource } from "./TokenSource.ts"

export interface Options extends Logout.Options {
  readonly direct: TokenSource
  readonly loginGuard: LoginGuard.Service
  readonly unlessClosed: Effect.Effect<void, AuthError>
  /** `evicted` counts an eviction. It fails where a renewal must not follow. */
  readonly evicted: (held: CurrentToken.CurrentToken) => Effect.Effect<void, AuthError>
}

/** `OwnSlot` is the slot that the login of an account has in a store. */
export interface OwnSlot {
  readonly slot: TokenStore.Slot
  readonly username: string
}

/**
 * `acquire` makes one attempt while it has the slot to itself: it adopts what stands there, or renews the newest that is
 * known and puts the result in its place. A token that could not be put there is not `shared`.
 */
export const acquire = (
  options: Options,
  own: OwnSlot,
  plan: AttemptPlan
): Effect.Effect<Acquired, AcquireFailure> =>
  own.slot
    .withLock((locked) =>
      Effect.gen(function* () {
        // It may have closed while it waited for its turn.
        yield* options.unlessClosed
        const entered = yield* enter(options, own, locked, plan)
        const { stored } = entered
        const isOwn =
          stored === undefined ||
          (plan.held !== undefined && CurrentToken.isSame(stored.token, plan.held.token))
        if (isOwn) return yield* renew(options, entered, plan)
        const newer = yield* inHands(own, stored)
        return stored.refreshing || CurrentToken.phaseOf(newer, yield* Instant.now) === "Spent"
          ? yield* renew(options, entered, { ...plan, held: newer, loginOnly: false })
          : yield* adopt(options, entered, plan, stored, newer)
      })
    )
    .pipe(
      // Nothing was sent yet, so that the next attempt may do what this one might.
      Effect.mapError((failure) =>
        "_tag" in failure ? { error: failure, loginNext: plan.loginOnly } : failure
      )
    )

/** `EnteredSlot` is the slot while the attempt has it to itself. */
interface EnteredSlot extends OwnSlot {
  readonly locked: TokenStore.LockedSlot
  readonly stored: TokenStore.StoredToken | undefined
  /** `others` hold the stored token too. */
  readonly others: ReadonlyArray<TokenStore.Holder>
}

/** `enter` reads what stands in the slot. What was left behind there and is not wanted, it ends. */
const enter = (
  options: Options,
  own: OwnSlot,
  locked: TokenStore.LockedSlot,
  { held }: AttemptPlan
): Effect.Effect<EnteredSlot, TokenStoreFailed> =>
  Effect.gen(function* () {
    const { slot } = own
    const found = yield* locked.read
    const others = yield* Holders.others(slot, found)
    const isLeftBehind =
      held === undefined && found !== undefined && found.holders.length > 0 && others.length === 0
    if (!isLeftBehind || slot.leftBehind === "adopt") return { ...own, locked, others, stored: found }
    yield* Logout.logout(options, yield* inHands(own, found), Logout.timeout, "quietly")
    return { ...own, locked, others, stored: undefined }
  })

const inHands = ({ slot, username }: OwnSlot, { login, token }: TokenStore.StoredToken) =>
  CurrentToken.adopted(token, username, { slot, login })

/** `adopt` takes the token that another session or an earlier run has put there. */
const adopt = (
  { loginGuard }: Options,
  { locked, others, slot }: EnteredSlot,
  { account, held }: AttemptPlan,
  stored: TokenStore.StoredToken,
  newer: CurrentToken.CurrentToken
): Effect.Effect<Acquired, TokenStoreFailed> =>
  Effect.gen(function* () {
    yield* locked.write({ ...stored, holders: [...others, yield* Holders.own(slot, newer.token)] })
    if (account !== undefined) yield* loginGuard.accepted(account)
    // Of one login the newest token is the only one; another login may have come beside it.
    const replaced = held?.shared?.login === stored.login ? undefined : held
    return { held: newer, by: "adoption", replaced }
  })

/** `renew` gets a token from the device, and notes in the slot that it does while a refresh is under way. */
const renew = (
  options: Options,
  entered: EnteredSlot,
  plan: AttemptPlan
): Effect.Effect<Acquired, AuthError | AcquireFailure> =>
  Effect.gen(function* () {
    const { locked, stored } = entered
    const { held } = plan
    // Set aside, or removed by somebody: whether another process has renewed it in the meantime, nobody knows.
    const isLost = stored === undefined && held?.shared !== undefined
    // Refused before its time, and nobody else has renewed it: it was taken away.
    if (held?.history.suspect === true) {
      held.history.suspect = false
      if (!isLost) yield* options.evicted(held)
    }
    const loginOnly = isLost || stored?.refreshing === true || plan.loginOnly
    const refreshes =
      held !== undefined && !loginOnly && CurrentToken.isRefreshable(held, yield* Instant.now)
        ? stored
        : undefined
    // If this process ends in the middle of it, the next one knows what it must not use.
    if (refreshes !== undefined) yield* locked.write({ ...refreshes, refreshing: true })
    const acquired = yield* Effect.tapError(
      options.direct.acquire({ ...plan, loginOnly }),
      ({ loginNext }) =>
        refreshes === undefined || loginNext ? Effect.void : Effect.ignore(locked.write(refreshes))
    )
    return yield* put(options, entered, acquired, held?.shared?.login)
  })

/** `put` puts a new token into the slot. Where that cannot be, it stays this session's own. */
const put = (
  options: Options,
  { locked, others, slot, username }: EnteredSlot,
  acquired: Acquired,
  loginBefore: string | undefined
): Effect.Effect<Acquired> =>
  Effect.gen(function* () {
    const { by, held } = acquired
    // The credentials have become those of another account.
    if (held.username !== username) return acquired
    const { token } = held
    const login = (by === "refresh" ? loginBefore : undefined) ?? randomUUID()
    const holders = [...others, yield* Holders.own(slot, token)]
    yield* locked.write({ login, token, refreshing: false, holders })
    return { ...acquired, held: { ...held, shared: { slot, login } } }
  }).pipe(Effect.catchAll((fault) => Effect.as(reportStoreFailed(options, fault), acquired)))
