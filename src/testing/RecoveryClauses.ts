import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import type { Token } from "../auth/Token.ts"
import { isOk } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import { type Rule, rule } from "./Rule.ts"

export const recovery: ReadonlyArray<Rule> = [
  rule(
    "sixteen requests that are refused at once cause one renewal, and all sixteen come through",
    (fixture) =>
      Effect.gen(function* () {
        const session = yield* fixture.open()
        const token = yield* session.token
        yield* appliesNewToken(fixture, token)
        yield* fixture.read(session)
        yield* fixture.evict(token)
        yield* Effect.flatMap(fixture.readBySixteen(session), allGood)
        yield* fixture.settled
        const { login, refresh } = fixture.spy.calls
        yield* Expect.equals("logins", login, 2)
        // Whether the refresh token outlived the eviction is the device's affair.
        yield* Expect.holds(refresh <= 1, `refreshes: ${refresh}`)
      })
  ),

  rule(
    "an evicted session recovers; at the third time it is SessionContested, without another login",
    (fixture) =>
      Effect.gen(function* () {
        const session = yield* fixture.open()
        yield* appliesNewToken(fixture, yield* session.token)
        yield* fixture.read(session)
        for (let eviction = 1; eviction <= 2; eviction++) {
          yield* fixture.evict(yield* session.token)
          yield* Effect.flatMap(fixture.read(session), (response) => allGood([response]))
        }
        yield* fixture.settled
        yield* fixture.evict(yield* session.token)
        const { login } = fixture.spy.calls
        yield* Expect.failure("a request after the third eviction", fixture.read(session), "SessionContested")
        yield* Expect.failure("the next", fixture.read(session), "SessionContested")
        yield* Expect.equals("logins", fixture.spy.calls.login, login)
      })
  ),

  rule("a token that was taken away and cannot be replaced is TokenRejected for all who use it", (fixture) =>
    Effect.gen(function* () {
      const session = yield* fixture.open()
      const token = yield* session.token
      yield* Expect.applies(fixture.isGivenToken(token), "a login brings another token")
      yield* fixture.read(session)
      yield* fixture.evict(token)
      yield* Effect.forEach(
        Array.from({ length: 16 }),
        () => Expect.failure("a request", fixture.read(session), "TokenRejected"),
        { concurrency: "unbounded" }
      ).pipe(fixture.withClock)
      // Each sends it once and, if it asks again, once more.
      const { length } = fixture.spy.sent
      yield* Expect.holds(length <= 1 + 2 * 16, `${length} requests were sent with it`)
    })
  )
]

const appliesNewToken = (fixture: Fixture, token: Token) =>
  Expect.applies(
    !fixture.isGivenToken(token),
    "its credentials are the token itself: no login brings another"
  )

const allGood = (responses: ReadonlyArray<HttpClientResponse>) => {
  const bad = responses.find(({ status }) => !isOk({ status }))
  return Expect.holds(bad === undefined, `the device answered ${bad?.status}, 2xx expected`)
}
