import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Busy from "../transport/Busy.ts"
import type { Reply } from "../transport/Reply.ts"
import { isOk } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import { withAnswer } from "./ProviderSpy.ts"
import { type Rule, rule } from "./Rule.ts"

export const busy: ReadonlyArray<Rule> = [
  rule(
    "a read that is answered 429 or 503 is sent again, and not before the time that the device asks for",
    (fixture) =>
      Effect.gen(function* () {
        const throttled = [reply(429, { "retry-after": "10" }), reply(503)]
        const provider = withAnswer(fixture.spy, (device) => {
          const next = throttled.shift()
          return next === undefined ? device : Effect.succeed(next)
        })
        const session = yield* fixture.open({}, provider)
        const began = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const { status } = yield* fixture.withClock(fixture.read(session))
        yield* Expect.holds(isOk({ status }), `in the end the device answered ${status}`)
        yield* Expect.equals("answers that were waited out", 2 - throttled.length, 2)
        const waited = (fixture.spy.sent[0]?.at ?? 0) - began
        yield* Expect.holds(waited >= 10_000, `it came back after ${waited} ms, 10 seconds were asked for`)
        yield* Expect.equals("logins", fixture.spy.calls.login, 1)
      })
  ),

  rule("a POST that is answered 503 is not sent again: DeviceBusy", (fixture) =>
    Effect.gen(function* () {
      let asked = 0
      // The device never hears of it.
      const provider = withAnswer(fixture.spy, () =>
        Effect.sync(() => {
          asked += 1
          return reply(503)
        })
      )
      const session = yield* fixture.open({}, provider)
      const post = HttpClientRequest.post(fixture.request.url)
      yield* Expect.failure("the POST", fixture.withClock(session.http.execute(post)), "DeviceBusy")
      yield* Expect.equals("times that it was sent", asked, 1)
    })
  ),

  rule(
    "a login that the device has no time for is waited for within its minute, and DeviceBusy at once where that is too short",
    (fixture) =>
      Effect.gen(function* () {
        yield* appliesLogin(fixture)
        const failNext = yield* Expect.needed(fixture.subject.failNext, "failNext")
        for (const status of [429, 503] as const) {
          const { login } = fixture.spy.calls
          yield* failNext(status)
          yield* fixture.withClock(Effect.scoped(fixture.open()))
          yield* Expect.equals(
            `logins, the first of which is answered ${status}`,
            fixture.spy.calls.login,
            login + 2
          )
          const asking = busyLogin(fixture, status, "2 minutes")
          yield* Expect.failure(
            `a login that is answered ${status}, come back in two minutes`,
            fixture.open({}, asking.provider),
            "DeviceBusy"
          )
          yield* Expect.equals("times that it was tried", asking.tried(), 1)
        }
        // A device in trouble has not said that the password is wrong.
        yield* failNext(500)
        yield* Expect.failure(
          "a login that is answered 500",
          fixture.open(),
          "DeviceRefused",
          "ProtocolViolation"
        )
      })
  )
]

/** `busyLogin` gives the same provider, whose device never has time for a login. */
const busyLogin = ({ provider }: Fixture, status: 429 | 503, wait: Duration.DurationInput) => {
  let tried = 0
  const retryAfter = Duration.decode(wait)
  const login = Effect.suspend(() => {
    tried += 1
    const targetName = provider.transport.target.name
    return Effect.fail(Busy.toError({ targetName, operation: "login", status, retryAfter }))
  })
  return { provider: { ...provider, login: () => login }, tried: () => tried }
}

const appliesLogin = (fixture: Fixture) =>
  Effect.flatMap(Effect.scoped(fixture.login), (token) =>
    Expect.applies(!fixture.isGivenToken(token), "its credentials are the token itself: no login is sent")
  )

const reply = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: new Uint8Array()
})
