import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { isOk } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import { applyExpiry, unknownToken } from "./LoginClauses.ts"
import { type Rule, rule } from "./Rule.ts"

export const renewal: ReadonlyArray<Rule> = [
  rule("before it is due, sixteen callers use the token as it is", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      const { lifetime } = yield* session.token
      yield* applyExpiry(lifetime)
      // A token is due when 7 % of its life are left, at the earliest.
      yield* TestClock.adjust(Duration.toMillis(lifetime ?? 0) * 0.9)
      yield* fixture.readBySixteen(session)
      yield* fixture.settled
      const { login, refresh } = fixture.spy.calls
      yield* Expect.equals("logins", login, 1)
      yield* Expect.equals("refreshes", refresh, 0)
    })
  ),

  rule("at its expiry sixteen callers cause one renewal, and none sends the expired token", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      const token = yield* session.token
      const { lifetime, refreshesLeft } = token
      yield* applyExpiry(lifetime)
      yield* TestClock.adjust(lifetime ?? 0)
      const isRenewable = refreshesLeft > 0 || !fixture.isGivenToken(token)
      if (isRenewable) yield* fixture.readBySixteen(session)
      else yield* Expect.failure("a request", fixture.readBySixteen(session), "TokenRejected")
      yield* fixture.settled
      const { login, refresh } = fixture.spy.calls
      yield* Expect.equals("refreshes", refresh, refreshesLeft > 0 ? 1 : 0)
      // One more where the device no longer refreshed it.
      yield* Expect.holds(login <= 2 && (refresh > 0 || login === 2), `logins: ${login}`)
      const expired = fixture.spy.sent.filter(
        ({ at, token }) => token?.expiresAt !== undefined && at >= token.expiresAt
      )
      yield* Expect.equals("requests with an expired token", expired.length, 0)
      yield* Expect.equals("requests", fixture.spy.sent.length, isRenewable ? 16 : 0)
    })
  ),

  rule("refreshes are counted down, and after the last comes a login", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      const first = yield* session.token
      const isCounted = first.refreshesLeft !== Number.POSITIVE_INFINITY
      yield* appliesRefresh(first.refreshesLeft)
      // Enough to see that the rotated token is kept.
      const tries = Math.min(first.refreshesLeft, isCounted ? 10 : 3)
      for (let done = 1; done <= tries; done++) {
        const token = yield* session.renew
        yield* Expect.equals(`logins after ${done} refreshes`, fixture.spy.calls.login, 1)
        yield* Expect.equals("refreshes", fixture.spy.calls.refresh, done)
        yield* Expect.equals("refreshesLeft", token.refreshesLeft, first.refreshesLeft - done)
        yield* Expect.equals("revocable", token.revocable, first.revocable)
        const { status } = yield* fixture.read(session)
        yield* Expect.holds(isOk({ status }), `after a refresh the device answered ${status}`)
      }
      const { refreshes } = yield* fixture.changes
      if (refreshes !== undefined) yield* Expect.equals("refreshes at the device", refreshes, tries)
      if (tries < first.refreshesLeft) return
      if (fixture.isGivenToken(first))
        yield* Expect.failure("a renewal after the last refresh", session.renew, "TokenRejected")
      else yield* session.renew
      yield* Expect.equals("refreshes after the last", fixture.spy.calls.refresh, tries)
      yield* Expect.equals("logins after the last refresh", fixture.spy.calls.login, 2)
    })
  ),

  rule("a refresh token that the device does not know fails so that a login can follow", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      yield* appliesRefresh(token.refreshesLeft)
      const error = yield* Expect.failure(
        "the refresh",
        fixture.provider.refresh({ ...token, refresh: unknownToken() }),
        "DeviceRefused",
        "TokenRejected"
      )
      yield* Expect.holds(
        !(error._tag === "DeviceRefused" && (error.status >= 500 || error.status === 429)),
        `${error.message} This says that the device is in trouble, not that the token is refused`
      )
    })
  ),

  rule("a refresh that the device has no time for keeps the token, and no login follows", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      yield* appliesRefresh((yield* session.token).refreshesLeft)
      const failNext = yield* Expect.needed(fixture.subject.failNext, "failNext")
      yield* failNext(503)
      yield* Expect.failure("a renewal", session.renew, "DeviceBusy")
      const { status } = yield* fixture.read(session)
      yield* Expect.holds(isOk({ status }), `with the token at hand the device answered ${status}`)
      yield* Expect.equals("refreshes", fixture.spy.calls.refresh, 1)
      yield* fixture.withClock(session.renew)
      yield* Expect.equals("refreshes", fixture.spy.calls.refresh, 2)
      yield* Expect.equals("logins", fixture.spy.calls.login, 1)
    })
  )
]

const appliesRefresh = (refreshesLeft: number) =>
  Expect.applies(refreshesLeft > 0, "its tokens do not refresh (refreshesLeft is 0)")
