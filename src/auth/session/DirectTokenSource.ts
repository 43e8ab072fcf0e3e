import * as Effect from "effect/Effect"
import type { Flight } from "../../transport/Flight.ts"
import { timedOut } from "../../transport/LostAnswer.ts"
import * as Metrics from "../../transport/Metrics.ts"
import { redactedSpan } from "../../transport/RedactedSpan.ts"
import type * as Retry from "../../transport/Retry.ts"
import { type AuthError, TokenRejected } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import type * as Credentials from "../Credentials.ts"
import * as Instant from "../Instant.ts"
import * as Token from "../Token.ts"
import type { AcquireFailure } from "./AcquireFailure.ts"
import { askAccount } from "./AskAccount.ts"
import type * as Background from "./Background.ts"
import * as CurrentToken from "./CurrentToken.ts"
import { freeInTime } from "./LateToken.ts"
import type * as LoginGuard from "./LoginGuard.ts"
import * as Logout from "./Logout.ts"
import * as RetryWhileBusy from "./RetryWhileBusy.ts"
import type { Acquired, AttemptPlan, TokenSource } from "./TokenSource.ts"

export interface Options extends Logout.Options {
  readonly credentials: Credentials.Credentials
  readonly loginGuard: LoginGuard.Service
  /** `backOff` is the wait between attempts of the first exchange, while the device has no time. */
  readonly backOff: Retry.BackOff
  /** `unlessClosed` fails once the session is closed: then nothing is sent any more. */
  readonly unlessClosed: Effect.Effect<void, AuthError>
  /** `closed` comes when the session closes. */
  readonly closed: Effect.Effect<void>
  readonly background: Background.Service
}

/**
 * `make` gives the source of a session that shares its tokens with nobody. It gets them from the device: by a refresh
 * where there is one left, else by a login; and by a login after a refresh that the device refused. It gives them back
 * by a logout.
 */
export const make = (options: Options): TokenSource => ({
  acquire: (plan) =>
    Instant.nowWith((now) => {
      const { held } = plan
      if (held === undefined || plan.loginOnly || !CurrentToken.isRefreshable(held, now))
        return login(options, plan)
      return Effect.catchAll(refresh(options, plan, held), (error) => {
        const fate = refreshOutcome(error, plan.failures)
        return fate === "Refused" ? login(options, plan) : Effect.fail({ error, loginNext: fate === "Lost" })
      })
    }),
  release: (held, limit) => Effect.asVoid(Logout.logout(options, held, limit))
})

const refresh = (
  options: Options,
  plan: AttemptPlan,
  held: CurrentToken.CurrentToken
): Effect.Effect<Acquired, AuthError> => {
  const { provider, unlessClosed } = options
  const send = (left: number) =>
    Effect.zipRight(unlessClosed, exchange(options, provider.refresh(held.token), left))
  return withBusyRetry(options, plan.isFirst, send).pipe(
    Effect.flatMap((token) => CurrentToken.make(token, held.username, 0)),
    Effect.map((next): Acquired => ({ held: next, by: "refresh", replaced: undefined })),
    Effect.tapError(({ _tag: error }) => Metrics.failure({ target: provider.transport.target.name, error })),
    redactedSpan("sallyport.refresh", { target: provider.transport.target.name })
  )
}

const login = (options: Options, plan: AttemptPlan): Effect.Effect<Acquired, AcquireFailure> => {
  const { closed, credentials, loginGuard, provider, unlessClosed } = options
  const targetName = provider.transport.target.name
  return Effect.gen(function* () {
    yield* unlessClosed
    const account = plan.account ?? (yield* askAccount(credentials, targetName, closed))
    const send = (left: number) =>
      loginGuard.guard(
        loginTargetOf(provider),
        account,
        Effect.zipRight(unlessClosed, exchange(options, provider.login(account), left))
      )
    const token = yield* withBusyRetry(options, plan.isFirst && account.isOneTime !== true, send)
    if (plan.held?.history.rejected === true && CurrentToken.isSame(token, plan.held.token))
      return yield* new TokenRejected({ targetName, operation: "login", reason: noOtherToken })
    const held = yield* CurrentToken.make(token, account.username, plan.failures)
    yield* Metrics.login({ target: targetName })
    return { held, by: "login", replaced: plan.held } satisfies Acquired
  }).pipe(
    Effect.tapError(({ _tag: error }) => Metrics.failure({ target: targetName, error })),
    Effect.mapError((error): AcquireFailure => ({ error, loginNext: true })),
    redactedSpan("sallyport.login", { target: targetName })
  )
}

// A token that was given, and not issued to a login: the device has refused it, and will again.
const noOtherToken = "a login brings no other than the one that was refused. Get a new one and start again."

/** `withBusyRetry` makes an exchange, and makes it again while the device has no time for it, where that may be. */
const withBusyRetry = <A>(
  { backOff, closed, provider }: Options,
  mayRepeat: boolean,
  send: (left: number) => Effect.Effect<A, AuthError>
): Effect.Effect<A, AuthError> =>
  mayRepeat
    ? Instant.nowWith((began) =>
        RetryWhileBusy.retryWhileBusy(
          {
            limits: provider.transport.limits,
            backOff,
            closed,
            began,
            timeout: RetryWhileBusy.exchangeTimeout
          },
          send
        )
      )
    : send(RetryWhileBusy.exchangeTimeout)

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

/** `exchange` asks for a token. One that comes when nobody waits for it any more is logged out. */
const exchange = (
  options: Options,
  call: Effect.Effect<Token.TokenResponse, AuthError>,
  left: number
): Effect.Effect<Token.Token, AuthError> =>
  Instant.nowWith((sent) => {
    const { background, provider } = options
    const asked = Effect.map(call, (tokenResponse) => Token.make(tokenResponse, sent))
    const { target } = provider.transport
    const limit = {
      duration: left,
      onTimeout: (flight: Flight) => timedOut(target, flight)
    }
    return freeInTime(background, asked, limit, RetryWhileBusy.exchangeTimeout, (late) =>
      Effect.flatMap(CurrentToken.make(late, "", 0), (held) =>
        Logout.logout(options, held, Logout.timeout, "quietly")
      )
    )
  })

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
