import { createHash } from "node:crypto"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type AuthError, CredentialsRefused } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as CredentialHistory from "./CredentialHistory.ts"

/**
 * `Service` keeps what this process knows of user names and passwords, so that a wrong one does not lock its account:
 * neither one that a device has itself, nor one of a directory behind many devices.
 *
 * At one device a pair of user name and password that it refused is never tried again, and one that it has not accepted
 * within the last minute is tried by one login at a time. Across devices, a pair that any of them has accepted is good,
 * and a refusal elsewhere is that device's own. One that nobody has accepted yet may be refused by two devices; then
 * the others are not asked. So no more logins with it go side by side than refusals are left, and whoever has not
 * answered within a second no longer holds up the others. After each second in which nobody answered, eight times as
 * many may go: only so many refusals can come late. With an account that is `shared` one refusal ends it, and four
 * times as many go; with one that is `local` each device is by itself.
 */
export interface Service {
  /** `guard` runs a login where it may be tried, and fails as another's refusal did where not. */
  readonly guard: <A>(
    where: LoginTarget,
    account: Account,
    login: Effect.Effect<A, AuthError>
  ) => Effect.Effect<A, AuthError>
  /** `accepted` notes that a device has accepted the pair before: its token was found in a store. */
  readonly accepted: (account: Account) => Effect.Effect<void>
}

/** `LoginTarget` says which device it is, under whatever name, and what errors call it. */
export interface LoginTarget {
  /** `device` is the same for all targets that are one device. */
  readonly device: string
  /** `targetName` is the name of the target, for errors. */
  readonly targetName: string
}

// Milliseconds. Long enough for sessions on one device to log in side by side once one has worked, short enough that
// after a rotation only the first of them finds out.
const acceptedFor = 60_000
const maxHold = 1000
const anyDeviceKey = ""

/**
 * `refusalLimits` say how many refusals end a pair that nobody has accepted, and how many times as many logins may go
 * after each second of silence.
 */
const refusalLimits = { unknown: { refusals: 2, growth: 8 }, shared: { refusals: 1, growth: 4 } }

type Step =
  | { readonly _tag: "Fail"; readonly error: AuthError }
  | { readonly _tag: "Wait"; readonly until: Deferred.Deferred<Option.Option<AuthError>> }
  | { readonly _tag: "Go"; readonly holds: boolean }

/** `make` makes a guard that has seen no login yet. */
export const make = (): Service => {
  const pairs = CredentialHistory.make(digestOf)

  const decide = (
    pair: CredentialHistory.CredentialHistory,
    { device, targetName }: LoginTarget,
    { account }: Account,
    now: Instant.Instant
  ): Step => {
    const own = pair.refusals.get(device)
    if (own !== undefined) return { _tag: "Fail", error: relayedRefusal([own.error], targetName, true) }
    const rule = account === "local" ? undefined : refusalLimits[account ?? "unknown"]
    const refusals = [...pair.refusals.values()].filter(({ isLocal }) => !isLocal).map(({ error }) => error)
    const isEnded =
      rule !== undefined && refusals.length >= rule.refusals && (!pair.isAccepted || account === "shared")
    if (isEnded) return { _tag: "Fail", error: relayedRefusal(refusals, targetName, false) }

    // With an account of a directory, any device speaks for all.
    const provenAt = pair.acceptedAt.get(account === "shared" ? anyDeviceKey : device)
    if (provenAt !== undefined && Instant.elapsedAtMost(provenAt, now) < acceptedFor)
      return { _tag: "Go", holds: false }
    const flight = pair.loginsUnderWay.get(device)
    if (flight !== undefined) return { _tag: "Wait", until: flight }
    if (rule === undefined || (pair.isAccepted && account !== "shared")) return { _tag: "Go", holds: false }
    const silence =
      pair.loginsUnderWay.size === 0 ? 0 : Math.floor((now.monotonic - pair.lastAnswerAt) / maxHold)
    const places = (rule.refusals - refusals.length) * rule.growth ** silence
    if (pair.undecided < places) return { _tag: "Go", holds: true }
    const until = Deferred.unsafeMake<Option.Option<AuthError>>(FiberId.none)
    pair.waiting.add(until)
    return { _tag: "Wait", until }
  }

  const guard: Service["guard"] = (where, account, login) =>
    Effect.uninterruptibleMask((restore) => {
      const pair = pairs.of(account)
      const attempt: typeof login = Instant.nowWith((now) => {
        const step = decide(pair, where, account, now)
        if (step._tag === "Fail") return Effect.fail(step.error)
        if (step._tag === "Go")
          return runLogin(
            pair,
            where,
            { holds: step.holds, isLocal: account.account === "local" },
            restore(login),
            now
          )
        return restore(Deferred.await(step.until)).pipe(
          Effect.ensuring(Effect.sync(() => pair.waiting.delete(step.until))),
          Effect.flatMap(Option.match({ onNone: () => attempt, onSome: Effect.fail }))
        )
      })
      return attempt
    })

  return {
    guard,
    accepted: (account) =>
      Effect.sync(() => {
        const pair = pairs.of(account)
        pair.isAccepted = true
        wake(pair)
      })
  }
}

/** `runLogin` makes a login, and notes how it ends. */
const runLogin = <A>(
  pair: CredentialHistory.CredentialHistory,
  { device }: LoginTarget,
  { holds, isLocal }: { readonly holds: boolean; readonly isLocal: boolean },
  login: Effect.Effect<A, AuthError>,
  began: Instant.Instant
): Effect.Effect<A, AuthError> =>
  Effect.suspend(() => {
    const flight = Deferred.unsafeMake<Option.Option<AuthError>>(FiberId.none)
    // One that was accepted within the last minute has others beside it.
    const isAlone = !pair.loginsUnderWay.has(device)
    if (pair.loginsUnderWay.size === 0) pair.lastAnswerAt = began.monotonic
    if (isAlone) pair.loginsUnderWay.set(device, flight)
    let isHolding = holds
    if (holds) pair.undecided += 1
    const release = () => {
      if (isHolding) pair.undecided -= 1
      isHolding = false
    }
    const tooSlow = Effect.sync(() => {
      release()
      wake(pair)
    })
    return Effect.flatMap(
      holds
        ? Effect.asSome(Effect.forkDaemon(Effect.interruptible(Effect.delay(tooSlow, maxHold))))
        : Effect.succeedNone,
      (timer) =>
        Effect.onExit(login, (exit) =>
          Instant.nowWith((now) => {
            release()
            if (isAlone) pair.loginsUnderWay.delete(device)
            const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : undefined
            if (Exit.isSuccess(exit)) {
              pair.isAccepted = true
              pair.acceptedAt.set(device, now).set(anyDeviceKey, now)
            } else if (error?._tag === "CredentialsRefused" && error.isForeign !== true) {
              pair.refusals.set(device, { error, isLocal })
              for (const one of [device, anyDeviceKey]) pair.acceptedAt.delete(one)
            }
            if (Exit.isSuccess(exit) || (error !== undefined && error._tag !== "DeviceUnreachable"))
              pair.lastAnswerAt = now.monotonic
            // Whoever waited for a device that does not answer need not find it out once more.
            const isShared =
              error?._tag === "DeviceUnreachable" && Instant.elapsedAtMost(began, now) >= maxHold
            Deferred.unsafeDone(flight, Effect.succeed(isShared ? Option.some(error) : Option.none()))
            wake(pair)
            return Option.isSome(timer) ? Fiber.interruptFork(timer.value) : Effect.void
          })
        )
    )
  })

const wake = (pair: CredentialHistory.CredentialHistory): void => {
  for (const waiting of pair.waiting) Deferred.unsafeDone(waiting, Effect.succeedNone)
  pair.waiting.clear()
}

const relayedRefusal = (
  refusals: ReadonlyArray<CredentialsRefused>,
  targetName: string,
  isOwn: boolean
): CredentialsRefused => {
  const [first] = refusals
  const by = [...new Set(refusals.map((refusal) => refusal.targetName))].slice(0, 2).join(" and ")
  return new CredentialsRefused({
    targetName,
    username: first?.username ?? "",
    messages: first?.messages ?? [],
    advice: first?.advice,
    // By the same device under another name.
    ...((!isOwn || by !== targetName) && { refusedBy: by })
  })
}

// A digest, so that no password is kept here longer than it is used.
const digestOf = ({ password, username }: Account): string =>
  createHash("sha256")
    .update(JSON.stringify([username, Redacted.value(password)]))
    .digest("hex")

/** `LoginGuard` is one for the process, unless a program provides its own. */
export class LoginGuard extends Context.Reference<LoginGuard>()("sallyport/LoginGuard", {
  defaultValue: make
}) {}
