import { createHash, randomUUID } from "node:crypto"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Target } from "../../transport/Target.ts"
import { type AuthError, GrantStoreFailed } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type { Grant } from "../Token.ts"
import type * as GrantStore from "../TokenStore.ts"
import * as Held from "./CurrentToken.ts"
import * as Renewal from "./DirectTokenSource.ts"
import type { Arrival } from "./SessionState.ts"

/**
 * What a session does with a store that other sessions and processes use too. All of it happens while it has the
 * login's place to itself, so that no two renew one grant: it reads again what stands there and adopts that where
 * it is good; else it renews the newest that is known, and puts the result in its place.
 *
 *     nothing ──login──▶ kept ──refresh begins──▶ refreshing ──good, refused, passing──▶ kept
 *        ▲                │                           │
 *        └──last closes,──┘                           └──lost, or killed──▶ the next renewal is a login
 *           left behind
 */
export interface Sharing {
  /** One attempt; see `Renewal.attempt`. */
  readonly attempt: (plan: Renewal.Plan) => Effect.Effect<Arrival, Renewal.Failure>
  /** Ends what the session holds by a logout, unless others use it or it is to be kept. */
  readonly end: (held: Held.Held, limit: Duration.DurationInput) => Effect.Effect<void>
}

export interface Options {
  readonly store: GrantStore.Service
  readonly renewal: Renewal.Options
  /** Counts an eviction. Fails where a renewal must not follow. */
  readonly evicted: Effect.Effect<void, AuthError>
  /** Tells whether the device has ended it. `quietly`: its end is no event. */
  readonly logout: (held: Held.Held, limit: Duration.DurationInput, how?: "quietly") => Effect.Effect<boolean>
  readonly publish: (event: SessionEvent.SessionEvent) => Effect.Effect<void>
}

const longestLogout = "5 seconds"
// Milliseconds in which a session with a grant that never expires has to be seen again.
const longestUnseen = 24 * 60 * 60_000

export const make = ({ evicted, logout, publish, renewal, store }: Options): Sharing => {
  const { provider, unlessClosed } = renewal
  const { target } = provider.transport
  /** Opened by the first attempt, which learns whose it is. */
  let place: { readonly of: string; readonly it: GrantStore.Place } | undefined
  let username = ""
  /** From then on the session's grants are nobody else's. */
  let isAlone = false

  const asking: Renewal.Options = {
    ...renewal,
    onAccount: (account) => {
      username = account.username
      renewal.onAccount(account)
    }
  }

  const report = ({ message }: GrantStoreFailed) =>
    Effect.flatMap(Instant.now, ({ wall }) =>
      Effect.zipRight(
        Effect.logWarning(message),
        publish(SessionEvent.StoreFailed({ at: wall, target: target.name, message }))
      )
    )

  const attempt: Sharing["attempt"] = (plan) => {
    const { place: open } = store
    if (isAlone || open === undefined) return Renewal.attempt(asking, plan)
    const failed = (error: AuthError): Renewal.Failure => ({ error, loginNext: plan.loginOnly })
    return Effect.gen(function* () {
      let account: Account | undefined
      if (place === undefined) {
        account = yield* Effect.mapError(Renewal.account(asking), failed)
        asking.onAccount(account)
        if (username === "") {
          // A token in place of an account: there is no name by which to keep it.
          isAlone = true
          return yield* Renewal.attempt(asking, plan, account)
        }
        if (isNameless(target)) {
          isAlone = true
          yield* report(
            new GrantStoreFailed({ target: target.name, reason: "Nameless", path: target.origin })
          )
          return yield* Renewal.attempt(asking, plan, account)
        }
        const key = keyOf(target, provider.name, username, provider.node ?? "")
        place = { of: username, it: yield* Effect.mapError(open(key, report), failed) }
      }
      const own = place.it
      const result = yield* own
        .exclusively((shelf) => Effect.either(inPlace(own, shelf, plan, account)))
        .pipe(Effect.catchAll((trouble) => Effect.succeed(Either.left(failed(trouble)))))
      if (Either.isRight(result)) return result.right
      const { error } = result.left
      // Another process is at it, or everything else that can go wrong with a device.
      if (error._tag !== "GrantStoreFailed" || error.reason === "Locked" || error.reason === "LockLost")
        return yield* Effect.fail(result.left)
      // The folder is gone, say, or its disk full. Nothing was sent yet; others may have renewed what this one holds.
      isAlone = true
      yield* report(error)
      return yield* Renewal.attempt(asking, { ...plan, loginOnly: true }, account)
    })
  }

  const inPlace = (
    own: GrantStore.Place,
    shelf: GrantStore.Shelf,
    plan: Renewal.Plan,
    account: Account | undefined
  ): Effect.Effect<Arrival, Renewal.Failure> =>
    Effect.gen(function* () {
      const failed = (error: AuthError): Renewal.Failure => ({ error, loginNext: plan.loginOnly })
      const write = (kept: GrantStore.Kept) => Effect.mapError(shelf.write(kept), failed)
      // It may have closed while it waited for its turn.
      yield* Effect.mapError(unlessClosed, failed)

      const found = yield* Effect.mapError(shelf.read, failed)
      const others = yield* othersOf(own, found)
      const isLeftBehind =
        plan.held === undefined && found !== undefined && found.holders.length > 0 && others.length === 0
      const isUnwanted = isLeftBehind && own.leftBehind === "logOut"
      if (isUnwanted) yield* logOutKept(found, longestLogout, "quietly")
      const kept = isUnwanted ? undefined : found

      const isOwn =
        kept === undefined || (plan.held !== undefined && Held.isSame(kept.grant, plan.held.grant))
      const held = isOwn ? plan.held : yield* Held.adopted(kept.grant, kept.login)
      if (!isOwn && held !== undefined && !kept.refreshing) {
        if (Held.phase(held, yield* Instant.now) !== "Spent") {
          yield* write({ ...kept, holders: [...others, yield* holderOf(own, held.grant)] })
          if (account !== undefined) yield* renewal.latches.accepted(account)
          // Of one login the newest grant is the only one; another login may have come beside it.
          const replaced = plan.held?.sharedLogin === kept.login ? undefined : plan.held
          return { held, by: "adoption", replaced } satisfies Arrival
        }
      }
      // Set aside, or removed by somebody: whether another process has renewed it in the meantime, nobody knows.
      const isLost = kept === undefined && held?.sharedLogin !== undefined
      // Refused before its time, and nobody else has renewed it: it was taken away.
      if (held?.seen.suspect === true) {
        held.seen.suspect = false
        if (!isLost) yield* Effect.mapError(evicted, failed)
      }
      const loginOnly = isLost || kept?.refreshing === true || (isOwn && plan.loginOnly)
      const refreshes =
        held !== undefined && !loginOnly && Held.canBeRefreshed(held, yield* Instant.now) ? kept : undefined
      // If this process ends in the middle of it, the next one knows what it must not use.
      if (refreshes !== undefined) yield* write({ ...refreshes, refreshing: true })
      const result = yield* Effect.either(Renewal.attempt(asking, { ...plan, held, loginOnly }, account))
      if (Either.isRight(result)) return yield* keep(own, shelf, result.right, others, held?.sharedLogin)
      if (refreshes !== undefined && !result.left.loginNext) yield* Effect.ignore(shelf.write(refreshes))
      return yield* Effect.fail(result.left)
    })

  /** Puts a new grant in its place. Where that is not to be had, it stays this session's own. */
  const keep = (
    own: GrantStore.Place,
    shelf: GrantStore.Shelf,
    arrival: Arrival,
    others: ReadonlyArray<GrantStore.Holder>,
    before: string | undefined
  ): Effect.Effect<Arrival> => {
    const { held } = arrival
    const login = (arrival.by === "refresh" ? before : undefined) ?? randomUUID()
    const { grant } = held
    // The credentials have become those of another account.
    isAlone = username !== place?.of
    if (isAlone) return Effect.succeed(arrival)
    return holderOf(own, grant).pipe(
      Effect.flatMap((me) => shelf.write({ login, grant, refreshing: false, holders: [...others, me] })),
      Effect.as({ ...arrival, held: { ...held, sharedLogin: login } }),
      Effect.catchAll((trouble) => {
        isAlone = true
        return Effect.as(report(trouble), arrival)
      })
    )
  }

  const logOutKept = ({ grant, login }: GrantStore.Kept, limit: Duration.DurationInput, how?: "quietly") =>
    Effect.flatMap(Held.adopted(grant, login), (held) => logout(held, limit, how))

  const end: Sharing["end"] = (held, limit) => {
    if (held.sharedLogin === undefined || place === undefined) return Effect.asVoid(logout(held, limit))
    const own = place.it
    const leave = (shelf: GrantStore.Shelf) =>
      Effect.gen(function* () {
        const kept = yield* shelf.read
        if (kept === undefined) return yield* Effect.asVoid(logout(held, limit))
        // The place was lost, and somebody has logged in anew.
        if (kept.login !== held.sharedLogin) yield* logout(held, limit, "quietly")
        const others = yield* othersOf(own, kept)
        const isOwn = Held.isSame(kept.grant, held.grant)
        const isDead = isOwn && held.seen.rejected
        if (others.length === 0 && (own.whenLastCloses === "logOut" || isDead)) {
          const isOver = isOwn ? yield* logout(held, limit) : yield* logOutKept(kept, limit)
          // What could not be ended stays for the next run to end.
          if (isOver) return yield* shelf.clear
        }
        yield* shelf.write({ ...kept, holders: others })
        const { wall } = yield* Instant.now
        yield* publish(SessionEvent.Kept({ at: wall, target: target.name, expiresAt: kept.grant.expiresAt }))
      })
    return own.exclusively(leave, limit).pipe(
      // Somebody renews. The closing does not wait for it, but whoever closes last must not find this one still there.
      Effect.catchIf(
        ({ reason }) => reason === "Locked",
        () => own.exclusively(leave)
      ),
      Effect.catchAll((trouble) =>
        Effect.zipRight(
          report(trouble),
          // There is nothing from which another run could learn of it.
          own.whenLastCloses === "logOut" ? Effect.asVoid(logout(held, limit)) : Effect.void
        )
      )
    )
  }

  return { attempt, end }
}

/** Who else uses it, as far as can be told. */
const othersOf = (
  own: GrantStore.Place,
  kept: GrantStore.Kept | undefined
): Effect.Effect<ReadonlyArray<GrantStore.Holder>> =>
  Effect.flatMap(Instant.now, ({ wall }) =>
    Effect.filter(
      (kept?.holders ?? []).filter(({ name, until }) => name !== own.holder && until > wall),
      ({ name }) => own.isAlive(name)
    )
  )

const holderOf = (own: GrantStore.Place, { expiresAt }: Grant): Effect.Effect<GrantStore.Holder> =>
  Effect.map(Instant.now, ({ wall }) => ({ name: own.holder, until: expiresAt ?? wall + longestUnseen }))

/** Whether its address may be that of several devices: behind a jump host, say. */
const isNameless = ({ basePath, connect, name, origin }: Target): boolean =>
  connect !== undefined && name === `${new URL(origin).host}${basePath}`

const keyOf = (target: Target, provider: string, username: string, node: string): GrantStore.Key => ({
  provider,
  target: target.name,
  // Behind another proxy, one address may be that of another device.
  origin: `${target.origin}${target.basePath}${target.proxy === undefined ? "" : ` by ${target.proxy.at}`}`,
  serverName: target.serverName ?? "",
  trust: createHash("sha256").update(JSON.stringify(target.trust)).digest("hex"),
  username,
  node
})
