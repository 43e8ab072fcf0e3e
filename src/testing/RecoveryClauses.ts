import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import { type Rule, rule } from "./Rule.ts"

export const recovery: ReadonlyArray<Rule> = [
  rule("sixteen requests that are refused at once cause one renewal, and all sixteen come through", (stage) =>
    Effect.gen(function* () {
      const session = yield* stage.open()
      const token = yield* session.token
      yield* appliesNewToken(stage, token)
      yield* stage.read(session)
      yield* stage.evict(token)
      yield* Effect.flatMap(stage.readBySixteen(session), allGood)
      yield* stage.settled
      const { login, refresh } = stage.spy.calls
      yield* Expect.equals("logins", login, 2)
      // Whether the refresh token outlived the eviction is the device's affair.
      yield* Expect.holds(refresh <= 1, `refreshes: ${refresh}`)
    })
  ),

  rule(
    "an evicted session recovers; at the third time it is SessionContested, without another login",
    (stage) =>
      Effect.gen(function* () {
        const session = yield* stage.open()
        yield* appliesNewToken(stage, yield* session.token)
        yield* stage.read(session)
        for (let eviction = 1; eviction <= 2; eviction++) {
          yield* stage.evict(yield* session.token)
          yield* Effect.flatMap(stage.read(session), (response) => allGood([response]))
        }
        yield* stage.settled
        yield* stage.evict(yield* session.token)
        const { login } = stage.spy.calls
        yield* Expect.failure("a request after the third eviction", stage.read(session), "SessionContested")
        yield* Expect.failure("the next", stage.read(session), "SessionContested")
        yield* Expect.equals("logins", stage.spy.calls.login, login)
      })
  ),

  rule("a token that was taken away and cannot be replaced is TokenRejected for all who use it", (stage) =>
    Effect.gen(function* () {
      const session = yield* stage.open()
      const token = yield* session.token
      yield* Expect.applies(stage.isGivenToken(token), "a login brings another token")
      yield* stage.read(session)
      yield* stage.evict(token)
      yield* Effect.forEach(
        Array.from({ length: 16 }),
        () => Expect.failure("a request", stage.read(session), "TokenRejected"),
        { concurrency: "unbounded" }
      ).pipe(stage.withClock)
      // Each sends it once and, if it asks again, once more.
      const { length } = stage.spy.sent
      yield* Expect.holds(length <= 1 + 2 * 16, `${length} requests were sent with it`)
    })
  )
]

const appliesNewToken = (stage: Fixture, token: Parameters<Fixture["evict"]>[0]) =>
  Expect.applies(!stage.isGivenToken(token), "its credentials are the token itself: no login brings another")

const allGood = (responses: ReadonlyArray<HttpClientResponse>) => {
  const bad = responses.find(({ status }) => status < 200 || status >= 300)
  return Expect.holds(bad === undefined, `the device answered ${bad?.status}, 2xx expected`)
}
