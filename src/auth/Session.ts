import type * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as PubSub from "effect/PubSub"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../transport/RefuseInput.ts"
import * as Retry from "../transport/Retry.ts"
import type * as SendOptions from "../transport/SendOptions.ts"
import type { Target } from "../transport/Target.ts"
import type { AuthError, SessionError } from "./AuthError.ts"
import * as AuthProvider from "./AuthProvider.ts"
import * as SessionClient from "./SessionClient.ts"
import type { SessionEvent } from "./SessionEvent.ts"
import * as Background from "./session/Background.ts"
import * as CheckedProvider from "./session/CheckedProvider.ts"
import { decorate } from "./session/DecoratedProvider.ts"
import { LoginGuard } from "./session/LoginGuard.ts"
import * as TokenLifecycle from "./session/TokenLifecycle.ts"
import { warnOnce } from "./session/WarnOnce.ts"
import type { Token } from "./Token.ts"
import { TokenStore } from "./TokenStore.ts"
import * as WriteGate from "./WriteGate.ts"

/**
 * `Session` is a login with an owner: it is logged out when the scope in which it was opened closes, whatever happened.
 */
export interface Session {
  /** `target` is the device. */
  readonly target: Target
  /**
   * `http` sends requests with the session's token. A path resolves against the target; other origins are refused. An
   * expired or refused token is renewed and the request sent once more; a busy device is waited for.
   *
   * A response of any status is handed back, except a 401 that a new token did not cure (`TokenRejected`), and a 429 or
   * 503 that outlasted the retries (`DeviceBusy`). A request that changes something and whose answer was lost, or is a
   * 408, is `OutcomeUnknown` and never repeated.
   */
  readonly http: HttpClient.HttpClient.With<SessionError>
  /** `token` gives the token: valid now, renewed first if due. */
  readonly token: Effect.Effect<Token, SessionError>
  /**
   * `renew` gives a new token now, by a refresh or a login, however good the present one is; shared by all who ask for
   * it at the same time. Scripts need it only after something that changes what a token may do. With a `TokenStore` it
   * may be one that another process got since this session got its own.
   */
  readonly renew: Effect.Effect<Token, SessionError>
  /** `events` is what happens to the session from now on; the option `onEvent` sees the login and the logout too. */
  readonly events: Stream.Stream<SessionEvent>
}

/** `Session` is the tag: a workflow on one device has the type `Effect<A, E, Session.Session>`. */
export const Session: Context.Tag<Session, Session> = Context.GenericTag<Session>("sallyport/Session")

/** `Options` say how a session behaves. */
export interface Options extends SendOptions.Options {
  /**
   * `onEvent` sees each event at once, the login and the logout too. An Effect that it returns is run beside the
   * session, for at most five seconds; its failure changes nothing.
   */
  readonly onEvent?: ((event: SessionEvent) => unknown) | undefined
  /**
   * `giveWay` gives way to whoever else uses the account: the first time that the device ends the session early is
   * `SessionContested`.
   *
   * @default false, the third time within five minutes
   */
  readonly giveWay?: boolean | undefined
  /** `retry` decides when requests are repeated. @default `Retry.standard` */
  readonly retry?: Retry.Policy | undefined
  /**
   * `maxRetryAfter` is the longest `Retry-After` that a request waits out; a longer one is `DeviceBusy` at once.
   *
   * @default 2 minutes
   */
  readonly maxRetryAfter?: Duration.DurationInput | undefined
  /**
   * `backOff` gives the wait between logins and renewals that fail.
   *
   * @default `Retry.backOff`: 1 second, doubling to 50
   */
  readonly backOff?: Retry.BackOff | undefined
}

const optionNames = {
  onEvent: true,
  giveWay: true,
  retry: true,
  maxRetryAfter: true,
  backOff: true,
  transformClient: true,
  logRequests: true
} satisfies Record<keyof Options, true>

/** `isOption` says whether an option of that name is one of a session's. */
export const isOption = (name: string): name is keyof Options => Object.hasOwn(optionNames, name)

/** `checkNames` gives the options, if all of them are a session's. Fails with `InvalidInput` for another. */
export const checkNames = (options: Options | undefined): Effect.Effect<Options, InvalidInput> => {
  // Of JavaScript, which may give null too.
  const given = options ?? {}
  const field = Object.keys(given).find((name) => !isOption(name))
  return field === undefined
    ? Effect.succeed(given)
    : refuseInput(field, "a session has no such option; leave it out, or check its spelling.")
}

/**
 * `make` opens a session: logs in now, and logs out when the scope closes. Fails with what the login failed with:
 * `CredentialsRefused`, `TrustRefused`, `DeviceUnreachable`, `DeviceBusy`, `DeviceRefused`, `ProtocolViolation` or
 * `InvalidInput`.
 */
export const make = (
  given: AuthProvider.AuthProvider,
  options: Options = {}
): Effect.Effect<Session, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* checkOptions(options)
    // At once: what a promise of a script is run under is known before anything is waited for.
    const gate = yield* WriteGate.current
    const provider = decorate(yield* CheckedProvider.make(given), options)
    const { target } = provider.transport
    const hub = yield* PubSub.unbounded<SessionEvent>()
    const background = yield* Background.Background
    const lifecycle = yield* TokenLifecycle.make({
      provider,
      background,
      loginGuard: yield* LoginGuard,
      store: yield* TokenStore,
      backOff: options.backOff ?? Retry.backOff,
      evictionLimit: options.giveWay === true ? 1 : 3,
      credentials: Effect.withConfigProvider(
        provider.credentials,
        yield* Effect.configProviderWith(Effect.succeed)
      ),
      publish: (event) =>
        Effect.zipRight(
          notify(background, options.onEvent, event),
          // A login that arrives when all is closed has nobody left who streams; publishing would interrupt it.
          Effect.flatMap(PubSub.isShutdown(hub), (isOver) =>
            isOver ? Effect.void : PubSub.publish(hub, event)
          )
        )
    })
    // Before anything is begun: whatever comes of it is ended.
    yield* Effect.addFinalizer(() =>
      WriteGate.keepingAmbient(Effect.zipRight(lifecycle.close, PubSub.shutdown(hub)))
    )
    if (target.trust._tag === "Insecure") yield* warnInsecure(target)
    if (gate !== undefined) yield* gate.meet(target)
    yield* WriteGate.keepingAmbient(lifecycle.open)
    return {
      target,
      http: WriteGate.gated(
        SessionClient.make(provider, lifecycle, {
          policy: options.retry ?? Retry.standard,
          maxRetryAfter: options.maxRetryAfter ?? Retry.maxRetryAfter
        }),
        provider,
        gate
      ),
      token: WriteGate.keepingAmbient(Effect.map(lifecycle.current, ({ token }) => token)),
      renew: WriteGate.keepingAmbient(Effect.map(lifecycle.renew, ({ token }) => token)),
      events: Stream.fromPubSub(hub)
    }
  })

/** `layer` is `make` as a layer, over whichever provider is there. Fails as `make` does. */
export const layer = (options?: Options): Layer.Layer<Session, AuthError, AuthProvider.AuthProvider> =>
  Layer.scoped(
    Session,
    Effect.flatMap(AuthProvider.AuthProvider, (provider) => make(provider, options))
  )

/** `checkOptions` refuses options that the types forbid: a script in JavaScript has none. */
const checkOptions = ({
  backOff,
  giveWay,
  logRequests,
  maxRetryAfter,
  onEvent,
  retry,
  transformClient
}: Options): Effect.Effect<void, InvalidInput> => {
  if (onEvent !== undefined && typeof onEvent !== "function")
    return refuseInput("onEvent", "it is no function; give one that takes an event, or leave it out.")
  if (giveWay !== undefined && typeof giveWay !== "boolean")
    return refuseInput("giveWay", "it is neither true nor false; give one of them.")
  if (transformClient !== undefined && typeof transformClient !== "function")
    return refuseInput("transformClient", "it is no function; give one that takes a client and returns one.")
  if (logRequests !== undefined && typeof logRequests !== "boolean")
    return refuseInput("logRequests", "it is neither true nor false; give one of them.")
  if (retry !== undefined && !Schedule.isSchedule(retry))
    return refuseInput(
      "retry",
      "it is no Schedule; give Retry.standard, Retry.none or a Schedule of Effect's."
    )
  if (maxRetryAfter !== undefined && Option.isNone(Duration.decodeUnknown(maxRetryAfter)))
    return refuseInput("maxRetryAfter", 'it is no duration; give one such as "2 minutes", or milliseconds.')
  if (backOff !== undefined && typeof backOff !== "function")
    return refuseInput(
      "backOff",
      "it is no function; give one that takes a number of failures, or leave it out."
    )
  return Effect.void
}

// A listener that fails, throws or never ends is its own affair.
const notify = (
  background: Background.Service,
  onEvent: Options["onEvent"],
  event: SessionEvent
): Effect.Effect<void> =>
  onEvent === undefined
    ? Effect.void
    : Effect.suspend(() => {
        const answer = onEvent(event)
        const work = Predicate.isPromiseLike(answer) ? Effect.tryPromise(async () => answer) : answer
        if (!Effect.isEffect(work)) return Effect.void
        // What a fiber of its own fails with would be logged.
        const ended = Effect.exit(work as Effect.Effect<unknown, unknown>)
        return background.start(Effect.timeoutOption(Effect.disconnect(ended), "5 seconds"))
      }).pipe(
        Effect.catchAllCause(() => Effect.void),
        Effect.asVoid
      )

const warnInsecure = (target: Target): Effect.Effect<void> =>
  warnOnce(
    target.origin,
    `${target.name}: the device's certificate is not checked (Trust.insecure): anyone on the path can read the password. Trust.inspect shows the certificate to pin.`
  )
