import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DeviceBusy } from "../transport/DeviceError.ts"
import type { Reply } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import { withAnswer } from "./ProviderSpy.ts"
import { type Rule, rule } from "./Rule.ts"

export const busy: ReadonlyArray<Rule> = [
  rule(
    "a read that is answered 429 or 503 is sent again, and not before the time that the device asks for",
    (stage) =>
      Effect.gen(function* () {
        const throttled = [reply(429, { "retry-after": "10" }), reply(503)]
        const provider = withAnswer(stage.spy, (device) => {
          const next = throttled.shift()
          return next === undefined ? device : Effect.succeed(next)
        })
        const session = yield* stage.open({}, provider)
        const began = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const { status } = yield* stage.withClock(stage.read(session))
        yield* Expect.holds(status >= 200 && status < 300, `in the end the device answered ${status}`)
        yield* Expect.equals("answers that were waited out", 2 - throttled.length, 2)
        const waited = (stage.spy.sent[0]?.at ?? 0) - began
        yield* Expect.holds(waited >= 10_000, `it came back after ${waited} ms, 10 seconds were asked for`)
        yield* Expect.equals("logins", stage.spy.calls.login, 1)
      })
  ),

  rule("a POST that is answered 503 is not sent again: DeviceBusy", (stage) =>
    Effect.gen(function* () {
      let asked = 0
      // The device never hears of it.
      const provider = withAnswer(stage.spy, () =>
        Effect.sync(() => {
          asked += 1
          return reply(503)
        })
      )
      const session = yield* stage.open({}, provider)
      const post = HttpClientRequest.post(stage.request.url)
      yield* Expect.failure("the POST", stage.withClock(session.http.execute(post)), "DeviceBusy")
      yield* Expect.equals("times that it was sent", asked, 1)
    })
  ),

  rule(
    "a login that the device has no time for is waited for within its minute, and DeviceBusy at once where that is too short",
    (stage) =>
      Effect.gen(function* () {
        yield* appliesLogin(stage)
        const failNext = yield* Expect.needed(stage.subject.failNext, "failNext")
        for (const status of [429, 503] as const) {
          const { login } = stage.spy.calls
          yield* failNext(status)
          yield* stage.withClock(Effect.scoped(stage.open()))
          yield* Expect.equals(
            `logins, the first of which is answered ${status}`,
            stage.spy.calls.login,
            login + 2
          )
          const asking = busyLogin(stage, status, "2 minutes")
          yield* Expect.failure(
            `a login that is answered ${status}, come back in two minutes`,
            stage.open({}, asking.provider),
            "DeviceBusy"
          )
          yield* Expect.equals("times that it was tried", asking.tried(), 1)
        }
        // A device in trouble has not said that the password is wrong.
        yield* failNext(500)
        yield* Expect.failure(
          "a login that is answered 500",
          stage.open(),
          "DeviceRefused",
          "ProtocolViolation"
        )
      })
  )
]

/** `busyLogin` gives the same provider, whose device never has time for a login. */
const busyLogin = (
  { provider }: Parameters<Rule["body"]>[0],
  status: 429 | 503,
  wait: Duration.DurationInput
) => {
  let tried = 0
  const retryAfter = Duration.decode(wait)
  const sent = status === 429 ? "no" : "maybe"
  const login = Effect.suspend(() => {
    tried += 1
    const targetName = provider.transport.target.name
    return Effect.fail(new DeviceBusy({ targetName, operation: "login", status, retryAfter, sent }))
  })
  return { provider: { ...provider, login: () => login }, tried: () => tried }
}

const appliesLogin = (stage: Parameters<Rule["body"]>[0]) =>
  Effect.flatMap(Effect.scoped(stage.login), (token) =>
    Expect.applies(!stage.isGivenToken(token), "its credentials are the token itself: no login is sent")
  )

const reply = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: new Uint8Array()
})
