import { randomUUID } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import type { TokenResponse } from "../auth/Token.ts"
import { isOk } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import { type Rule, rule } from "./Rule.ts"

/** `unknownToken` gives a token that no device has given out. */
export const unknownToken = (): Redacted.Redacted => Redacted.make(`no-such-token-${randomUUID()}`)

/** `wrongPassword` gives a password that is wrong wherever it is tried, and never the same twice. */
export const wrongPassword = (): Redacted.Redacted => Redacted.make(`wrong-${randomUUID()}`)

export const login: ReadonlyArray<Rule> = [
  rule("a login gives a token that makes sense", (fixture) =>
    Effect.gen(function* () {
      yield* fixture.login
      const problem =
        fixture.spy.tokenResponse === undefined ? "it gave none" : problemOf(fixture.spy.tokenResponse)
      yield* Expect.holds(problem === undefined, problem ?? "")
    })
  ),

  rule("a request that is authorized with it is accepted", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      const { status } = yield* fixture.read(session)
      yield* Expect.holds(isOk({ status }), `the device answered ${status}, 2xx expected`)
      yield* Expect.equals("the verdict on the answer", yield* fixture.judged(yield* session.token), "Fine")
      yield* Expect.equals("logins", fixture.spy.calls.login, 1)
      yield* Expect.equals("requests", fixture.spy.sent.length, 1)
    })
  ),

  rule("a request without a token, or with an unknown one, is judged TokenRefused", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      const { status } = yield* fixture.provider.transport.exchange(fixture.request)
      yield* Expect.holds(
        !isOk({ status }),
        `the device answered ${status} without a token: the subject's request needs none`
      )
      const verdict = yield* fixture.judged({ ...token, access: unknownToken() })
      yield* Expect.equals("the verdict on the answer to an unknown token", verdict, "TokenRefused")
    })
  ),

  rule("wrong credentials are CredentialsRefused, and sixteen sessions try them once", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      yield* Expect.applies(
        !fixture.isGivenToken(token),
        "its credentials are the token itself: no login refuses them"
      )
      const { username } = fixture.account
      const before = { calls: fixture.spy.calls.login, ...(yield* fixture.changes) }
      const provider = {
        ...fixture.provider,
        credentials: Effect.succeed({ username, password: wrongPassword() })
      }
      const error = yield* Effect.forEach(
        Array.from({ length: 16 }),
        () => Expect.failure("a login", fixture.open({}, provider), "CredentialsRefused"),
        { concurrency: "unbounded" }
      )
      yield* Expect.equals("sessions that were refused", error.length, 16)
      yield* Expect.equals("logins", fixture.spy.calls.login - before.calls, 1)
      const { logins, open } = yield* fixture.changes
      yield* Expect.equals("logins that the device accepted", logins, before.logins)
      yield* Expect.equals("sessions open at the device", open, before.open)
    })
  ),

  rule("the token is good until its lifetime is over, and not after it", (fixture) =>
    Effect.gen(function* () {
      const { lifetime } = yield* fixture.login.pipe(Effect.tap((token) => applyExpiry(token.lifetime)))
      yield* Expect.applies(
        fixture.subject.ages === true,
        "the subject does not say `ages: true`: its device may not live by the test clock"
      )
      const token = fixture.spy.issuedTokens.at(-1)
      if (lifetime === undefined || token === undefined) return
      // Devices count in whole seconds.
      const margin = Math.min(1000, Duration.toMillis(lifetime) / 100)
      yield* TestClock.adjust(Duration.toMillis(lifetime) - margin)
      yield* Expect.equals("the verdict just before its expiry", yield* fixture.judged(token), "Fine")
      yield* TestClock.adjust(2 * margin)
      yield* Expect.equals("the verdict just after its expiry", yield* fixture.judged(token), "TokenRefused")
    })
  )
]

/** `applyExpiry` skips what is about expiry where tokens do not expire. */
export const applyExpiry = (lifetime: Duration.Duration | undefined) =>
  Expect.applies(lifetime !== undefined, "its tokens never expire")

const problemOf = (tokenResponse: TokenResponse): string | undefined => {
  const { access, attributes, lifetime, refresh, refreshesLeft } = tokenResponse
  if (!Redacted.isRedacted(access)) return "access is not Redacted"
  if (Redacted.value(access) === "") return "access is empty"
  if (refresh !== undefined && !Redacted.isRedacted(refresh)) return "refresh is not Redacted"
  if (refresh !== undefined && Redacted.value(refresh) === "")
    return "refresh is empty; leave it undefined where there is none"
  if (lifetime !== undefined) {
    const duration = Option.getOrUndefined(Duration.decodeUnknown(lifetime))
    if (duration === undefined || !Duration.isFinite(duration))
      return "lifetime is no finite duration; leave it undefined where the token never expires"
    if (Duration.toMillis(duration) <= 0) return `lifetime is ${Duration.toMillis(duration)} ms`
  }
  if (refreshesLeft !== undefined) {
    const isCount = refreshesLeft === Number.POSITIVE_INFINITY || Number.isSafeInteger(refreshesLeft)
    if (!isCount || refreshesLeft < 0) return `refreshesLeft is ${refreshesLeft}`
    if (refreshesLeft > 0 && refresh === undefined)
      return `refreshesLeft is ${refreshesLeft}, and there is no refresh token`
  }
  if (attributes !== undefined && typeof attributes !== "object") return "attributes are no object"
  return undefined
}
