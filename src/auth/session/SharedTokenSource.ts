import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Target } from "../../transport/Target.ts"
import { type AuthError, TokenStoreFailed } from "../AuthError.ts"
import type { Credentials } from "../Credentials.ts"
import type * as TokenStore from "../TokenStore.ts"
import { askAccount } from "./AskAccount.ts"
import { reportStoreFailed } from "./ReportStoreFailed.ts"
import * as SharedAcquire from "./SharedAcquire.ts"
import * as SharedRelease from "./SharedRelease.ts"
import type { TokenSource } from "./TokenSource.ts"

export interface Options extends SharedAcquire.Options {
  readonly store: TokenStore.Service
  readonly credentials: Credentials
  /** `closed` comes when the session closes. */
  readonly closed: Effect.Effect<void>
}

type Acquire = TokenSource["acquire"]

/**
 * `make` gives the source of a session whose tokens other sessions and processes use too. All that it does happens while
 * it has the login's slot in the store to itself, so that no two renew one token.
 *
 *     nothing ──login──▶ kept ──refresh begins──▶ refreshing ──good, refused, passing──▶ kept
 *        ▲                │                           │
 *        └──last closes,──┘                           └──lost, or killed──▶ the next renewal is a login
 *           left behind
 *
 * Where a token cannot be shared (any more), `direct` takes the place of this source: for good, since others may have
 * renewed meanwhile what the session holds.
 */
export const make = (options: Options): TokenSource => {
  const { closed, credentials, direct, provider, store } = options
  const { openSlot } = store
  if (openSlot === undefined) return direct
  const { target } = provider.transport

  const report = (fault: TokenStoreFailed) => reportStoreFailed(options, fault)

  /** `sharing` goes by a slot of the store, as long as what it gets can be put there. */
  const sharing =
    (own: SharedAcquire.OwnSlot): Acquire =>
    (plan) =>
      SharedAcquire.acquire(options, own, plan).pipe(
        Effect.tap(({ held }) => (held.shared === undefined ? goDirect : Effect.void)),
        Effect.catchAll((failure) => {
          const { error } = failure
          if (!isUnusable(error)) return Effect.fail(failure)
          // The folder is gone, say, or its disk full. Nothing was sent yet.
          return goDirect.pipe(
            Effect.zipRight(report(error)),
            Effect.zipRight(direct.acquire({ ...plan, loginOnly: true }))
          )
        })
      )

  /** `acquireFor` finds the way of an account, by its name. */
  const acquireFor = (username: string): Effect.Effect<Acquire, AuthError> => {
    // A token in place of an account: there is no name by which to keep it.
    if (username === "") return Effect.succeed(direct.acquire)
    if (hasAmbiguousAddress(target)) {
      const fault = { targetName: target.name, reason: "Nameless", path: target.origin } as const
      return Effect.as(report(new TokenStoreFailed(fault)), direct.acquire)
    }
    const key = keyOf(target, provider.name, username, provider.node ?? "")
    return Effect.map(openSlot(key, report), (slot) => sharing({ slot, username }))
  }

  /** `opening` is the session's first attempt, which learns whose login it is. */
  const opening: Acquire = (plan) =>
    Effect.gen(function* () {
      const account = yield* askAccount(credentials, target.name, closed)
      const acquire = yield* acquireFor(account.username)
      yield* Ref.set(current, acquire)
      return { acquire, account }
    }).pipe(
      Effect.mapError((error) => ({ error, loginNext: plan.loginOnly })),
      Effect.flatMap(({ account, acquire }) => acquire({ ...plan, account }))
    )

  const current: Ref.Ref<Acquire> = Ref.unsafeMake(opening)
  const goDirect = Ref.set(current, direct.acquire)

  return {
    acquire: (plan) => Effect.flatMap(Ref.get(current), (acquire) => acquire(plan)),
    // By where it is kept: it may have been shared before the store failed.
    release: (held, limit) =>
      held.shared === undefined
        ? direct.release(held, limit)
        : SharedRelease.release(options, held, held.shared, limit)
  }
}

/** `isUnusable` is false where only the turn was not to be had: another process is at it. */
const isUnusable = (error: AuthError): error is TokenStoreFailed =>
  error._tag === "TokenStoreFailed" && error.reason !== "Locked" && error.reason !== "LockLost"

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
