import { createHash, randomUUID } from "node:crypto"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Target } from "../../transport/Target.ts"
import { type AuthError, TokenStoreFailed } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type { Token } from "../Token.ts"
import type * as TokenStore from "../TokenStore.ts"
import type { AcquireFailure } from "./AcquireFailure.ts"
import * as CurrentToken from "./CurrentToken.ts"
import * as DirectTokenSource from "./DirectTokenSource.ts"
import type { Acquired } from "./SessionState.ts"

/**
 * `TokenSource` is what a session does with a store that other sessions and processes use too. All of it happens while
 * it has the login's slot to itself, so that no two renew one token: it reads again what stands there and adopts that
 * where it is good; else it renews the newest that is known, and puts the result in its place.
 *
 *     nothing ──login──▶ kept ──refresh begins──▶ refreshing ──good, refused, passing──▶ kept
 *        ▲                │                           │
 *        └──last closes,──┘                           └──lost, or killed──▶ the next renewal is a login
 *           left behind
 */
export interface TokenSource {
  /** `acquire` makes one attempt; see `DirectTokenSource.acquire`. */
  readonly acquire: (plan: DirectTokenSource.AttemptPlan) => Effect.Effect<Acquired, AcquireFailure>
  /** `release` ends what the session holds by a logout, unless others use it or it is to be kept. */
  readonly release: (held: CurrentToken.CurrentToken, limit: Duration.DurationInput) => Effect.Effect<void>
}

export interface Options {
  readonly store: TokenStore.Service
  readonly renewal: DirectTokenSource.Options
  /** `evicted` counts an eviction. Fails where a renewal must not follow. */
  readonly evicted: Effect.Effect<void, AuthError>
  /** `logout` tells whether the device has ended it. `quietly`: its end is no event. */
  readonly logout: (
    held: CurrentToken.CurrentToken,
    limit: Duration.DurationInput,
    how?: "quietly"
  ) => Effect.Effect<boolean>
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

const logoutTimeout = "5 seconds"
// Milliseconds in which a session with a token that never expires has to be seen again.
const holderTimeout = 24 * 60 * 60_000

export const make = ({ evicted, logout, publish, renewal, store }: Options): TokenSource => {
  const { provider, unlessClosed } = renewal
  const { target } = provider.transport
  /** `ownSlot` is opened by the first attempt, which learns whose it is. */
  let ownSlot: { readonly of: string; readonly it: TokenStore.Slot } | undefined
  let username = ""
  /** `isDetached` says that from then on the session's tokens are nobody else's. */
  let isDetached = false

  const direct: DirectTokenSource.Options = {
    ...renewal,
    onAccount: (account) => {
      username = account.username
      renewal.onAccount(account)
    }
  }

  const report = ({ message }: TokenStoreFailed) =>
    Effect.flatMap(Instant.now, ({ wall }) =>
      Effect.zipRight(
        Effect.logWarning(message),
        publish(SessionEvent.StoreFailed({ at: wall, targetName: target.name, message }))
      )
    )

  const attempt: TokenSource["acquire"] = (plan) => {
    const { openSlot: open } = store
    if (isDetached || open === undefined) return DirectTokenSource.acquire(direct, plan)
    const failed = (error: AuthError): AcquireFailure => ({
      error,
      loginNext: plan.loginOnly
    })
    return Effect.gen(function* () {
      let account: Account | undefined
      if (ownSlot === undefined) {
        account = yield* Effect.mapError(DirectTokenSource.askAccount(direct), failed)
        direct.onAccount(account)
        if (username === "") {
          // A token in place of an account: there is no name by which to keep it.
          isDetached = true
          return yield* DirectTokenSource.acquire(direct, plan, account)
        }
        if (hasAmbiguousAddress(target)) {
          isDetached = true
          yield* report(
            new TokenStoreFailed({ targetName: target.name, reason: "Nameless", path: target.origin })
          )
          return yield* DirectTokenSource.acquire(direct, plan, account)
        }
        const key = keyOf(target, provider.name, username, provider.node ?? "")
        ownSlot = { of: username, it: yield* Effect.mapError(open(key, report), failed) }
      }
      const slot = ownSlot.it
      const result = yield* slot
        .withLock((lockedSlot) => Effect.either(acquireLocked(slot, lockedSlot, plan, account)))
        .pipe(Effect.catchAll((fault) => Effect.succeed(Either.left(failed(fault)))))
      if (Either.isRight(result)) return result.right
      const { error } = result.left
      // Another process is at it, or everything else that can go wrong with a device.
      if (error._tag !== "TokenStoreFailed" || error.reason === "Locked" || error.reason === "LockLost")
        return yield* Effect.fail(result.left)
      // The folder is gone, say, or its disk full. Nothing was sent yet; others may have renewed what this one holds.
      isDetached = true
      yield* report(error)
      return yield* DirectTokenSource.acquire(direct, { ...plan, loginOnly: true }, account)
    })
  }

  const acquireLocked = (
    own: TokenStore.Slot,
    lockedSlot: TokenStore.LockedSlot,
    plan: DirectTokenSource.AttemptPlan,
    account: Account | undefined
  ): Effect.Effect<Acquired, AcquireFailure> =>
    Effect.gen(function* () {
      const failed = (error: AuthError): AcquireFailure => ({
        error,
        loginNext: plan.loginOnly
      })
      const write = (stored: TokenStore.StoredToken) => Effect.mapError(lockedSlot.write(stored), failed)
      // It may have closed while it waited for its turn.
      yield* Effect.mapError(unlessClosed, failed)

      const found = yield* Effect.mapError(lockedSlot.read, failed)
      const others = yield* otherHolders(own, found)
      const isLeftBehind =
        plan.held === undefined && found !== undefined && found.holders.length > 0 && others.length === 0
      const isUnwanted = isLeftBehind && own.leftBehind === "logOut"
      if (isUnwanted) yield* logOutStored(found, logoutTimeout, "quietly")
      const stored = isUnwanted ? undefined : found

      const isOwn =
        stored === undefined ||
        (plan.held !== undefined && CurrentToken.isSame(stored.token, plan.held.token))
      const held = isOwn ? plan.held : yield* CurrentToken.adopted(stored.token, stored.login)
      if (!isOwn && held !== undefined && !stored.refreshing) {
        if (CurrentToken.phaseOf(held, yield* Instant.now) !== "Spent") {
          yield* write({ ...stored, holders: [...others, yield* holderOf(own, held.token)] })
          if (account !== undefined) yield* renewal.loginGuard.accepted(account)
          // Of one login the newest token is the only one; another login may have come beside it.
          const replaced = plan.held?.sharedLogin === stored.login ? undefined : plan.held
          return { held, by: "adoption", replaced } satisfies Acquired
        }
      }
      // Set aside, or removed by somebody: whether another process has renewed it in the meantime, nobody knows.
      const isLost = stored === undefined && held?.sharedLogin !== undefined
      // Refused before its time, and nobody else has renewed it: it was taken away.
      if (held?.history.suspect === true) {
        held.history.suspect = false
        if (!isLost) yield* Effect.mapError(evicted, failed)
      }
      const loginOnly = isLost || stored?.refreshing === true || (isOwn && plan.loginOnly)
      const refreshes =
        held !== undefined && !loginOnly && CurrentToken.isRefreshable(held, yield* Instant.now)
          ? stored
          : undefined
      // If this process ends in the middle of it, the next one knows what it must not use.
      if (refreshes !== undefined) yield* write({ ...refreshes, refreshing: true })
      const result = yield* Effect.either(
        DirectTokenSource.acquire(direct, { ...plan, held, loginOnly }, account)
      )
      if (Either.isRight(result))
        return yield* storeAcquired(own, lockedSlot, result.right, others, held?.sharedLogin)
      if (refreshes !== undefined && !result.left.loginNext) yield* Effect.ignore(lockedSlot.write(refreshes))
      return yield* Effect.fail(result.left)
    })

  /** `storeAcquired` puts a new token in its place. Where that is not to be had, it stays this session's own. */
  const storeAcquired = (
    own: TokenStore.Slot,
    lockedSlot: TokenStore.LockedSlot,
    acquired: Acquired,
    others: ReadonlyArray<TokenStore.Holder>,
    before: string | undefined
  ): Effect.Effect<Acquired> => {
    const { held } = acquired
    const login = (acquired.by === "refresh" ? before : undefined) ?? randomUUID()
    const { token } = held
    // The credentials have become those of another account.
    isDetached = username !== ownSlot?.of
    if (isDetached) return Effect.succeed(acquired)
    return holderOf(own, token).pipe(
      Effect.flatMap((me) => lockedSlot.write({ login, token, refreshing: false, holders: [...others, me] })),
      Effect.as({ ...acquired, held: { ...held, sharedLogin: login } }),
      Effect.catchAll((fault) => {
        isDetached = true
        return Effect.as(report(fault), acquired)
      })
    )
  }

  const logOutStored = (
    { token, login }: TokenStore.StoredToken,
    limit: Duration.DurationInput,
    how?: "quietly"
  ) => Effect.flatMap(CurrentToken.adopted(token, login), (held) => logout(held, limit, how))

  const end: TokenSource["release"] = (held, limit) => {
    if (held.sharedLogin === undefined || ownSlot === undefined) return Effect.asVoid(logout(held, limit))
    const own = ownSlot.it
    const leave = (lockedSlot: TokenStore.LockedSlot) =>
      Effect.gen(function* () {
        const stored = yield* lockedSlot.read
        if (stored === undefined) return yield* Effect.asVoid(logout(held, limit))
        // The slot was lost, and somebody has logged in anew.
        if (stored.login !== held.sharedLogin) yield* logout(held, limit, "quietly")
        const others = yield* otherHolders(own, stored)
        const isOwn = CurrentToken.isSame(stored.token, held.token)
        const isDead = isOwn && held.history.rejected
        if (others.length === 0 && (own.whenLastCloses === "logOut" || isDead)) {
          const isOver = isOwn ? yield* logout(held, limit) : yield* logOutStored(stored, limit)
          // What could not be ended stays for the next run to end.
          if (isOver) return yield* lockedSlot.clear
        }
        yield* lockedSlot.write({ ...stored, holders: others })
        const { wall } = yield* Instant.now
        yield* publish(
          SessionEvent.Kept({ at: wall, targetName: target.name, expiresAt: stored.token.expiresAt })
        )
      })
    return own.withLock(leave, limit).pipe(
      // Somebody renews. The closing does not wait for it, but whoever closes last must not find this one still there.
      Effect.catchIf(
        ({ reason }) => reason === "Locked",
        () => own.withLock(leave)
      ),
      Effect.catchAll((fault) =>
        Effect.zipRight(
          report(fault),
          // There is nothing from which another run could learn of it.
          own.whenLastCloses === "logOut" ? Effect.asVoid(logout(held, limit)) : leaveToItsSuccessor(held)
        )
      )
    )
  }

  return { acquire: attempt, release: end }
}

/**
 * `leaveToItsSuccessor` leaves a token in the store, whence the next run has it, and takes back that its end has begun: a
 * renewal that is still under way puts another in its place, and has to end it then.
 */
const leaveToItsSuccessor = (held: CurrentToken.CurrentToken): Effect.Effect<void> =>
  Effect.sync(() => {
    held.history.logout = undefined
  })

/** `otherHolders` are the sessions and processes that use it too, as far as can be told. */
const otherHolders = (
  own: TokenStore.Slot,
  stored: TokenStore.StoredToken | undefined
): Effect.Effect<ReadonlyArray<TokenStore.Holder>> =>
  Effect.flatMap(Instant.now, ({ wall }) =>
    Effect.filter(
      (stored?.holders ?? []).filter(({ name, until }) => name !== own.holder && until > wall),
      ({ name }) => own.isAlive(name)
    )
  )

const holderOf = (own: TokenStore.Slot, { expiresAt }: Token): Effect.Effect<TokenStore.Holder> =>
  Effect.map(Instant.now, ({ wall }) => ({ name: own.holder, until: expiresAt ?? wall + holderTimeout }))

/** `hasAmbiguousAddress` says whether its address may be that of several devices: behind a jump host, say. */
const hasAmbiguousAddress = ({ basePath, connect, name, origin }: Target): boolean =>
  connect !== undefined && name === `${new URL(origin).host}${basePath}`

const keyOf = (target: Target, provider: string, username: string, node: string): TokenStore.Key => ({
  provider,
  targetName: target.name,
  // Behind another proxy, one address may be that of another device.
  origin: `${target.origin}${target.basePath}${target.proxy === undefined ? "" : ` by ${target.proxy.authority}`}`,
  serverName: target.serverName ?? "",
  trust: createHash("sha256").update(JSON.stringify(target.trust)).digest("hex"),
  username,
  node
})
