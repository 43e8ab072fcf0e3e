import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as TestServices from "effect/TestServices"
import type { AuthError, SessionError } from "../auth/AuthError.ts"
import * as AuthProvider from "../auth/AuthProvider.ts"
import type { Account } from "../auth/Credentials.ts"
import * as Session from "../auth/Session.ts"
import { Background } from "../auth/session/Background.ts"
import type { Token } from "../auth/Token.ts"
import type { WireError } from "../transport/DeviceError.ts"
import type { Mismatch } from "./Clause.ts"
import * as Expect from "./Expect.ts"
import * as ProviderSpy from "./ProviderSpy.ts"
import type { Counts, Subject } from "./Subject.ts"

/** `Fixture` is what a clause works with: a subject of its own, watched. */
export interface Fixture {
  readonly subject: Subject
  readonly spy: ProviderSpy.ProviderSpy
  readonly provider: AuthProvider.AuthProvider
  readonly account: Account
  readonly request: HttpClientRequest.HttpClientRequest
  /** `open` opens a session by this provider, or by a variation of it. */
  readonly open: (
    options?: Session.Options,
    provider?: AuthProvider.AuthProvider
  ) => Effect.Effect<Session.Session, AuthError, Scope.Scope>
  /** `read` sends the request through a session. */
  readonly read: (session: Session.Session) => Effect.Effect<HttpClientResponse, SessionError>
  /** `readBySixteen` does the same sixteen times at once. */
  readonly readBySixteen: (
    session: Session.Session
  ) => Effect.Effect<ReadonlyArray<HttpClientResponse>, SessionError>
  /** `judged` is what the provider says of the device's answer to the request with this token, past any session. */
  readonly judged: (token: Token) => Effect.Effect<AuthProvider.Verdict, WireError>
  /** `login` is a token past any session; logged out when the scope closes. */
  readonly login: Effect.Effect<Token, AuthError | Mismatch, Scope.Scope>
  /**
   * `isGivenToken` says whether the credentials are the token itself: there is no login that could fail, or bring
   * another one.
   */
  readonly isGivenToken: (token: Token) => boolean
  /** `evict` lets the device end the session of this token. */
  readonly evict: (token: Token) => Effect.Effect<void, unknown>
  /** `changes` are what has changed at the device since the clause began, where the subject counts. */
  readonly changes: Effect.Effect<Counts, unknown>
  /** `settled` waits for the exchanges that go on beside sessions. */
  readonly settled: Effect.Effect<void>
  /** `withClock` lets the test clock run while something waits for it, and not while an exchange is under way. */
  readonly withClock: <A, E>(work: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

export const make = (subject: Subject): Effect.Effect<Fixture, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const plainProvider = yield* providerOf(subject)
    const spy = ProviderSpy.make(plainProvider)
    const { provider } = spy
    const request =
      typeof subject.request === "string" ? HttpClientRequest.get(subject.request) : subject.request
    const account = yield* provider.credentials
    const background = yield* Background
    const counts: Effect.Effect<Counts, unknown> = subject.counts ?? Effect.succeed({})
    // A ledger may be live: what it says later is not what it said now.
    const before = countChanges(yield* counts, {})

    const read: Fixture["read"] = (session) => session.http.execute(request)
    return {
      subject,
      spy,
      provider,
      account,
      request,
      open: (options, variation = provider) => Session.make(variation, options),
      read,
      readBySixteen: (session) =>
        Effect.forEach(Array.from({ length: 16 }), () => read(session), { concurrency: "unbounded" }),
      judged: (token) =>
        Effect.map(plainProvider.transport.exchange(plainProvider.authorize(request, token)), (reply) =>
          plainProvider.judge(reply, request)
        ),
      login: Effect.acquireRelease(
        Effect.zipRight(
          provider.login(account),
          Effect.suspend(() => {
            const token = spy.issuedTokens.at(-1)
            return token === undefined ? Effect.dieMessage("a login without a token") : Effect.succeed(token)
          })
        ),
        (token) => (token.revocable ? Effect.ignore(plainProvider.revoke(token)) : Effect.void)
      ),
      isGivenToken: (token) => Redacted.value(token.access) === Redacted.value(account.password),
      evict: (token) =>
        subject.evict ??
        Effect.zipRight(
          Expect.applies(
            token.revocable,
            "the subject has no evict, and tokens that cannot be revoked leave no other way to end its session"
          ),
          plainProvider.revoke(token)
        ),
      changes: Effect.map(counts, (after) => countChanges(after, before)),
      settled: background.settled,
      withClock: (work) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(work)
          for (;;) {
            const exit = yield* Fiber.poll(fiber)
            if (Option.isSome(exit)) return yield* exit.value
            if (spy.underWay === 0) yield* TestClock.adjust("1 second")
            yield* TestServices.provideLive(Effect.sleep("1 millis"))
          }
        })
    }
  })

const providerOf = ({ provider }: Subject): Effect.Effect<AuthProvider.AuthProvider, unknown, Scope.Scope> =>
  isLayer(provider)
    ? Effect.map(Layer.build(provider), Context.get(AuthProvider.AuthProvider))
    : Effect.succeed(provider)

const isLayer = (
  provider: Subject["provider"]
): provider is Layer.Layer<AuthProvider.AuthProvider, unknown> => Layer.isLayer(provider)

const countChanges = (after: Counts, before: Counts): Counts => {
  const changed = (name: keyof Counts) => {
    const count = after[name]
    return count === undefined ? {} : { [name]: count - (before[name] ?? 0) }
  }
  return { ...changed("logins"), ...changed("refreshes"), ...changed("revokes"), ...changed("open") }
}
