import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import * as LeakDetector from "./LeakDetector.ts"
import { unknownToken, wrongPassword } from "./LoginClauses.ts"
import { type Rule, rule } from "./Rule.ts"

export const secrets: ReadonlyArray<Rule> = [
  rule("nothing secret is in what a script holds, nor in its logs, spans and events", (fixture) =>
    Effect.gen(function* () {
      const evidence = LeakDetector.make()
      const work = Effect.gen(function* () {
        const session = yield* fixture.open({
          onEvent: (event) => evidence.record(`the event ${event._tag}`, event)
        })
        const first = yield* session.token
        const response = yield* fixture.read(session)
        const renewed = yield* Effect.exit(session.renew)
        const again = yield* Effect.exit(fixture.read(session))
        const held = {
          "the session": session,
          "the first token": first,
          "a response": response,
          renewed,
          again
        }
        for (const [name, value] of Object.entries(held)) evidence.record(name, value)
        evidence.record("the request of a response", response.request)
        evidence.record("the provider", fixture.subject.provider)
        evidence.record("the provider", { ...fixture.provider })
      })
      const exit = yield* evidence.watch("the script", Effect.scoped(work))
      yield* fixture.settled
      if (Exit.isFailure(exit)) return yield* exit
      yield* expectNoLeaks(fixture, evidence)
    })
  ),

  rule("nothing secret is in its errors", (fixture) =>
    Effect.gen(function* () {
      const evidence = LeakDetector.make()
      const { failNext } = fixture.subject
      const token = yield* fixture.login
      const wrong = { username: fixture.account.username, password: wrongPassword() }
      const unknown = unknownToken()
      for (const secret of [wrong.password, unknown]) evidence.addSecret(secret)
      const tried = (what: string, work: Effect.Effect<unknown, unknown>) =>
        evidence.watch(what, Effect.zipRight(work, Effect.void))

      if (!fixture.isGivenToken(token)) {
        yield* tried("a login with a wrong password", fixture.provider.login(wrong))
        const session = fixture.open({}, { ...fixture.provider, credentials: Effect.succeed(wrong) })
        yield* tried("a session with a wrong password", Effect.scoped(session))
      }
      if (token.refreshesLeft > 0) {
        const bad = { ...token, refresh: unknown }
        yield* tried("a refresh with an unknown token", fixture.provider.refresh(bad))
      }
      if (token.revocable) {
        const bad = { ...token, access: unknown }
        yield* tried("a logout with an unknown token", fixture.provider.revoke(bad))
      }
      if (failNext !== undefined) {
        for (const status of [302, 400, 403, 422, 500, 503]) {
          const during = (what: string, work: Effect.Effect<unknown, unknown>) =>
            tried(`${what} that is answered ${status}`, Effect.zipRight(failNext(status), work))
          if (!fixture.isGivenToken(token)) yield* during("a login", login(fixture))
          if (token.refreshesLeft > 0) yield* during("a refresh", fixture.provider.refresh(token))
          if (token.revocable) yield* during("a logout", fixture.provider.revoke(token))
        }
      }
      yield* expectNoLeaks(fixture, evidence)
    })
  )
]

/** `login` gives one that may come through, and is then logged out. */
const login = (fixture: Fixture) => Effect.scoped(fixture.login)

const expectNoLeaks = (fixture: Fixture, evidence: LeakDetector.LeakDetector) => {
  evidence.addSecret(fixture.account.password)
  for (const secret of fixture.spy.tokenSecrets) evidence.addSecret(secret)
  const found = evidence.leaks()
  return Expect.holds(found.length === 0, `a secret was printed:\n  ${found.join("\n  ")}`)
}
