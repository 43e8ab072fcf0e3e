import type * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Retry from "../transport/Retry.ts"
import type { Target } from "../transport/Target.ts"
import * as Pending from "../validation/Pending.ts"
import type { AuthError, SessionError } from "./AuthError.ts"
import * as AuthProvider from "./AuthProvider.ts"
import * as SessionClient from "./SessionClient.ts"
import type { SessionEvent } from "./SessionEvent.ts"
import * as SessionOptions from "./SessionOptions.ts"
import * as AskAccount from "./session/AskAccount.ts"
import * as Background from "./session/Background.ts"
import * as CheckedProvider from "./session/CheckedProvider.ts"
import { decorate } from "./session/DecoratedProvider.ts"
import * as EventListeners from "./session/EventListeners.ts"
import * as InTime from "./session/InTime.ts"
import { LoginGuard } from "./session/LoginGuard.ts"
import * as TokenLifecycle from "./session/TokenLifecycle.ts"
import { warnOnce } from "./session/WarnOnce.ts"
import type { Token } from "./Token.ts"
import { TokenStore } from "./TokenStore.ts"
import * as WriteGate from "./WriteGate.ts"

export type { Options } from "./SessionOptions.ts"

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

/**
 * `make` opens a session: logs in now, and logs out when the scope closes. Fails with what the login failed with:
 * `CredentialsRefused`, `TrustRefused`, `DeviceUnreachable`, `DeviceBusy`, `DeviceRefused`, `ProtocolViolation` or
 * `InvalidInput`.
 */
export const make = (
  given: AuthProvider.AuthProvider,
  asked: SessionOptions.Options = {}
): Effect.Effect<Session, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    const options = yield* SessionOptions.check(asked)
    // At once: what a promise of a script is run under is known before anything is waited for.
    const gate = yield* WriteGate.current
    const provider = decorate(yield* CheckedProvider.make(given), options)
    const { target } = provider.transport
    const listeners = EventListeners.make()
    const background = yield* Background.Background
    const lifecycle = TokenLifecycle.make({
      provider,
      background,
      loginGuard: yield* LoginGuard,
      store: yield* TokenStore,
      backOff: options.backOff ?? Retry.backOff,
      evictionLimit: options.giveWay === true ? 1 : 3,
      credentials: yield* AskAccount.readingFromHere(provider.credentials),
      publish: (event) =>
        Effect.suspend(() => {
          listeners.tell(event)
          return notify(background, options.onEvent, event)
        })
    })
    yield* provider.transport.limits.rateLimiter.withRoom(
      Effect.gen(function* () {
        // Before anything is begun: whatever comes of it is ended.
        yield* Effect.addFinalizer(() =>
          WriteGate.keepingAmbient(Effect.zipRight(lifecycle.close, Effect.sync(listeners.end)))
        )
        if (target.trust._tag === "Insecure") yield* warnInsecure(target)
        if (gate !== undefined) yield* gate.meet(target)
        yield* WriteGate.keepingAmbient(lifecycle.open)
      })
    )
    return {
      target,
      http: SessionClient.make(
        provider,
        lifecycle,
        {
          policy: options.retry ?? Retry.standard,
          maxRetryAfter: options.maxRetryAfter ?? Retry.maxRetryAfter
        },
        gate
      ),
      token: WriteGate.keepingAmbient(Effect.map(lifecycle.current, ({ token }) => token)),
      renew: WriteGate.keepingAmbient(Effect.map(lifecycle.renew, ({ token }) => token)),
      events: Pending.stream(Stream.asyncPush(listeners.join, { bufferSize: "unbounded" }))
    }
  })

/** `layer` is `make` as a layer, over whichever provider is there. Fails as `make` does. */
export const layer = (
  options?: SessionOptions.Options
): Layer.Layer<Session, AuthError, AuthProvider.AuthProvider> =>
  Layer.scoped(
    Session,
    Effect.flatMap(AuthProvider.AuthProvider, (provider) => make(provider, options))
  )

// A listener that fails, throws or never ends is its own affair.
const notify = (
  background: Background.Service,
  onEvent: SessionOptions.Options["onEvent"],
  event: SessionEvent
): Effect.Effect<void> =>
  onEvent === undefined
    ? Effect.void
    : Effect.flatMap(Effect.runtime<never>(), (runtime) => {
        const answer = onEvent(event)
        const work = Predicate.isPromiseLike(answer) ? Effect.tryPromise(async () => answer) : answer
        if (!Effect.isEffect(work)) return Effect.void
        // Begun here: a listener that waits for nothing has heard of a logout before the closing is over.
        const { onEnd } = InTime.start(runtime, work as Effect.Effect<unknown, unknown>, listening)
        return background.start(Effect.exit(Effect.async(onEnd)))
      }).pipe(
        Effect.catchAllCause(() => Effect.void),
        Effect.asVoid
      )

const listening = { duration: "5 seconds", onTimeout: () => undefined } as const

const warnInsecure = (target: Target): Effect.Effect<void> =>
  warnOnce(
    target.origin,
    `${target.name}: the device's certificate is not checked (Trust.insecure): anyone on the path can read the password. Trust.inspect shows the certificate to pin.`
  )
