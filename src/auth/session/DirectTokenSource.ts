import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { DeviceUnreachable, InvalidInput } from "../../transport/DeviceError.ts"
import { redactedSpan } from "../../transport/RedactedSpan.ts"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, CredentialsRefused, TokenRejected } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import * as Credentials from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as Token from "../Token.ts"
import type { AcquireFailure } from "./AcquireFailure.ts"
import * as CurrentToken from "./CurrentToken.ts"
import type * as LoginGuard from "./LoginGuard.ts"
import * as OuterWhiteSpace from "./OuterWhiteSpace.ts"
import * as RetryWhileBusy from "./RetryWhileBusy.ts"
import type { Acquired } from "./SessionState.ts"

/** `AttemptPlan` is what an attempt starts from. */
export interface AttemptPlan {
  readonly held: CurrentToken.CurrentToken | undefined
  /** `loginOnly` says that the refresh token must not be used: it may have been rotated by an answer that was lost. */
  readonly loginOnly: boolean
  /** `failures` counts the attempts that failed before this one. */
  readonly failures: number
  /**
   * `isFirst` marks the session's first: nobody has a token yet, so it waits within its minute for a device that has no
   * time.
   */
  readonly isFirst: boolean
}

export interface Options {
  readonly provider: AuthProvider.AuthProvider
  readonly credentials: Credentials.Credentials
  readonly loginGuard: LoginGuard.Service
  /** `backOff` is the wait between attempts of the first exchange, while the device has no time. */
  readonly backOff: Retry.BackOff
  /** `unlessClosed` fails once the session is closed: then nothing is sent any more. */
  readonly unlessClosed: Effect.Effect<void, AuthError>
  /** `closed` comes when the session closes. */
  readonly closed: Effect.Effect<void>
  readonly onAccount: (account: Credentials.Account) => void
}

/**
 * `acquire` makes one attempt to get a token: a refresh where there is one left, else a login; and a login after a
 * refresh that the device refused. It never repeats itself: when to try again is the state's affair.
 *
 * `known`: the account to log in with, where the credentials were just asked.
 */
export const acquire = (
  options: Options,
  plan: AttemptPlan,
  account?: Credentials.Account
): Effect.Effect<Acquired, AcquireFailure> =>
  Effect.gen(function* () {
    const now = yield* Instant.now
    if (plan.held === undefined || plan.loginOnly || !CurrentToken.isRefreshable(plan.held, now))
      return yield* login(options, plan, account)
    const refreshed = yield* Effect.either(refresh(options, plan, plan.held))
    if (Either.isRight(refreshed)) return refreshed.right
    const fate = refreshOutcome(refreshed.left, plan.failures)
    if (fate === "Refused") return yield* login(options, plan, account)
    return yield* Effect.fail({ error: refreshed.left, loginNext: fate === "Lost" })
  })

const refresh = (
  options: Options,
  plan: AttemptPlan,
  held: CurrentToken.CurrentToken
): Effect.Effect<Acquired, AuthError> => {
  const { provider, unlessClosed } = options
  return busyRetry(
    options,
    plan
  )((left) => Effect.zipRight(unlessClosed, exchange(provider, provider.refresh(held.token), left))).pipe(
    Effect.flatMap((token) => CurrentToken.make(token, 0)),
    Effect.map((next): Acquired => ({ held: next, by: "refresh", replaced: undefined })),
    redactedSpan("sallyport.refresh", { target: provider.transport.target.name })
  )
}

const busyRetry = ({ backOff, closed, provider }: Options, { isFirst }: AttemptPlan, isOneTime = false) =>
  isFirst && !isOneTime
    ? <A>(call: (left: number) => Effect.Effect<A, AuthError>) =>
        RetryWhileBusy.retryWhileBusy({ limits: provider.transport.limits, backOff, closed }, call)
    : <A>(call: (left: number) => Effect.Effect<A, AuthError>) => call(RetryWhileBusy.exchangeTimeout)

const login = (
  options: Options,
  plan: AttemptPlan,
  known: Credentials.Account | undefined
): Effect.Effect<Acquired, AcquireFailure> => {
  const { loginGuard, onAccount, provider, unlessClosed } = options
  const targetName = provider.transport.target.name
  return Effect.zipRight(
    unlessClosed,
    known === undefined ? askAccount(options) : Effect.succeed(known)
  ).pipe(
    Effect.tap((account) => Effect.sync(() => onAccount(account))),
    Effect.flatMap((account) =>
      busyRetry(
        options,
        plan,
        account.isOneTime
      )((left) =>
        loginGuard.guard(
          loginTargetOf(provider),
          account,
          Effect.zipRight(unlessClosed, exchange(provider, provider.login(account), left))
        )
      )
    ),
    Effect.filterOrFail(
      (token) => plan.held?.history.rejected !== true || !CurrentToken.isSame(token, plan.held.token),
      () => new TokenRejected({ targetName, operation: "login", reason: noOtherToken })
    ),
    Effect.flatMap((token) => CurrentToken.make(token, plan.failures)),
    Effect.map((held): Acquired => ({ held, by: "login", replaced: plan.held })),
    Effect.mapError((error): AcquireFailure => ({ error, loginNext: true })),
    redactedSpan("sallyport.login", { target: targetName })
  )
}

/**
 * `loginTargetOf` goes by its address: names may differ. Behind a jump host or a proxy two devices may have one
 * address.
 */
const loginTargetOf = ({
  name,
  transport: { target }
}: AuthProvider.AuthProvider): LoginGuard.LoginTarget => {
  const isBehind = target.connect !== undefined || target.proxy !== undefined
  return {
    device: JSON.stringify([name, target.origin, isBehind ? target.name : ""]),
    targetName: target.name
  }
}

// A token that was given, and not issued to a login: the device has refused it, and will again.
const noOtherToken = "a login brings no other than the one that was refused. Get a new one and start again."

/** `askAccount` asks for the account. What the credentials fail with is told without their words. */
export const askAccount = ({
  credentials,
  provider
}: Pick<Options, "credentials" | "provider">): Effect.Effect<Credentials.Account, AuthError> =>
  credentials.pipe(
    // What breaks off there may have the secret in its words.
    Effect.catchAllDefect(() =>
      Effect.fail(noCredentials("broke off with a defect; mend it so that it gives { username, password }."))
    ),
    Effect.mapError((error) => {
      if (error instanceof InvalidInput) return error
      // Nor are the words of an error that the types do not know, as JavaScript may give, passed on.
      if (!(error instanceof CredentialsRefused))
        return noCredentials("failed; mend it so that it gives { username, password }.")
      const { advice, messages, username } = error
      const targetName = provider.transport.target.name
      return new CredentialsRefused({ targetName, username, messages, advice })
    }),
    // Only after that: what a fiber of its own ends with is logged by Effect.
    Effect.disconnect,
    Effect.timeoutFail({
      duration: RetryWhileBusy.exchangeTimeout,
      onTimeout: () =>
        noCredentials("gave no account within 60 seconds; give credentials that answer sooner.")
    }),
    Effect.flatMap(Credentials.validate),
    Effect.tap((account) => OuterWhiteSpace.warnOuterWhiteSpace(provider.transport.target.name, account))
  )

const noCredentials = (what: string) =>
  new InvalidInput({ field: "credentials", message: `credentials: their Effect ${what}` })

const exchange = (
  provider: AuthProvider.AuthProvider,
  call: Effect.Effect<Token.TokenResponse, AuthError>,
  left: number
): Effect.Effect<Token.Token, AuthError> =>
  Effect.flatMap(Instant.now, (sent) =>
    call.pipe(
      Effect.timeoutFail({
        duration: left,
        onTimeout: () =>
          new DeviceUnreachable({
            targetName: provider.transport.target.name,
            phase: "Response",
            reason: "Timeout",
            sent: "maybe"
          })
      }),
      Effect.map((tokenResponse) => Token.make(tokenResponse, sent))
    )
  )

/**
 * `refreshOutcome` says what a failed refresh means. `Passing`: the pair is as it was. `Lost`: the device may have
 * rotated it. `Refused`: the pair is of no use. `failures`: attempts that failed before.
 */
const refreshOutcome = (error: AuthError, failures: number): "Passing" | "Lost" | "Refused" => {
  switch (error._tag) {
    case "DeviceBusy":
    case "TrustRefused":
    case "SessionClosed":
      return "Passing"
    case "DeviceUnreachable":
      return error.sent === "no" ? "Passing" : "Lost"
    case "DeviceRefused":
      // Some builds of an FDM say so of a token that is not good, others of their time: the second time it is no
      // accident.
      if (error.status === 408) return failures === 0 ? "Passing" : "Lost"
      return error.status >= 500 || error.status === 429 ? "Passing" : "Refused"
    default:
      return "Refused"
  }
}
