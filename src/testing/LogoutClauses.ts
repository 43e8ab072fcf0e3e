import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import { withAnswer } from "./ProviderSpy.ts"
import { type Rule, rule } from "./Rule.ts"

export const logout: ReadonlyArray<Rule> = [
  rule("it is logged out once on success", (fixture) =>
    Effect.gen(function* () {
      yield* Effect.scoped(Effect.flatMap(fixture.open(), fixture.read))
      yield* loggedOutOnce(fixture)
    })
  ),

  rule("it is logged out once on failure, which reaches the caller as it is", (fixture) =>
    Effect.gen(function* () {
      const failing = Effect.zipRight(Effect.flatMap(fixture.open(), fixture.read), Effect.fail("its own"))
      const exit = yield* Effect.exit(Effect.scoped(failing))
      yield* Expect.equals("the exit", exit, Exit.fail("its own"))
      yield* loggedOutOnce(fixture)
    })
  ),

  rule("it is logged out once on interruption in the middle of a request", (fixture) =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const provider = withAnswer(fixture.spy, () =>
        Effect.zipRight(Deferred.succeed(asked, undefined), Effect.never)
      )
      const fiber = yield* Effect.fork(
        Effect.scoped(Effect.flatMap(fixture.open({}, provider), fixture.read))
      )
      yield* Effect.raceFirst(Deferred.await(asked), Fiber.join(fiber))
      yield* Fiber.interrupt(fiber)
      yield* loggedOutOnce(fixture)
    })
  ),

  rule(
    "it is logged out once on interruption in the middle of the login, which frees its caller at once",
    (fixture) =>
      Effect.gen(function* () {
        const answered = yield* Deferred.make<void>()
        const arrives = yield* Deferred.make<void>()
        const { provider } = fixture
        // The device has logged in, and its answer is still on the way.
        const slow: typeof provider = {
          ...provider,
          login: (account) =>
            Effect.zipLeft(
              provider.login(account),
              Effect.zipRight(Deferred.succeed(answered, undefined), Deferred.await(arrives))
            )
        }
        const fiber = yield* Effect.fork(Effect.scoped(fixture.open({}, slow)))
        yield* Effect.raceFirst(Deferred.await(answered), Fiber.join(fiber))
        yield* Fiber.interrupt(fiber)
        yield* Expect.equals("logouts before the token is there", fixture.spy.calls.revoke, 0)
        yield* Deferred.succeed(arrives, undefined)
        yield* fixture.settled
        yield* loggedOutOnce(fixture)
      })
  ),

  rule("to log out what is logged out already succeeds", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      yield* Expect.applies(token.revocable, notRevocable)
      yield* fixture.provider.revoke(token)
      yield* Effect.mapError(fixture.provider.revoke(token), (error) => `the second time: ${error.message}`)
    })
  ),

  rule("a logout that fails is an event, and the script's own result stands", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      yield* Expect.applies(token.revocable, notRevocable)
      const failNext = yield* Expect.needed(fixture.subject.failNext, "failNext")
      const events: Array<string> = []
      const work = Effect.gen(function* () {
        yield* fixture.open({ onEvent: ({ _tag }) => void events.push(_tag) })
        yield* failNext(500)
        return "done"
      })
      yield* Expect.equals("the script's result", yield* Effect.scoped(work), "done")
      yield* fixture.settled
      yield* Expect.equals("the events", events.join(), "LoggedIn,LogoutFailed")
      yield* failNext(500)
      yield* Expect.failure("a logout that is answered 500", fixture.provider.revoke(token), "DeviceRefused")
    })
  ),

  rule("after the close it is SessionClosed, and nothing is sent", (fixture) =>
    Effect.gen(function* () {
      const session = yield* Effect.scoped(fixture.open())
      const { login } = fixture.spy.calls
      yield* Expect.failure("a request", fixture.read(session), "SessionClosed")
      yield* Expect.failure("the token", session.token, "SessionClosed")
      yield* Expect.failure("a renewal", session.renew, "SessionClosed")
      yield* Expect.equals("logins", fixture.spy.calls.login, login)
      yield* Expect.equals("requests", fixture.spy.sent.length, 0)
    })
  )
]

const notRevocable = "its tokens cannot be revoked (revocable is false)"

const loggedOutOnce = (fixture: Fixture) =>
  Effect.gen(function* () {
    const token = fixture.spy.issuedTokens[0]
    if (token === undefined) return yield* Expect.holds(false, "no login came to its end")
    yield* Expect.equals("logins", fixture.spy.calls.login, 1)
    yield* Expect.equals("logouts", fixture.spy.calls.revoke, token.revocable ? 1 : 0)
    yield* Expect.applies(token.revocable, notRevocable)
    yield* Expect.equals("the verdict on its token afterwards", yield* fixture.judged(token), "TokenRefused")
    const { logins = 1, open = 0, revokes = 1 } = yield* fixture.changes
    yield* Expect.equals("logins at the device", logins, 1)
    yield* Expect.equals("logouts at the device", revokes, 1)
    yield* Expect.equals("sessions open at the device", open, 0)
  })
