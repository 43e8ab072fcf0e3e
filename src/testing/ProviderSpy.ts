import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { AuthProvider } from "../auth/AuthProvider.ts"
import * as Instant from "../auth/Instant.ts"
import * as Grant from "../auth/Token.ts"
import type { Transport } from "../transport/Transport.ts"

/** A request as a session sent it. */
interface Sent {
  /** The grant that it was signed with. */
  readonly grant: Grant.Grant | undefined
  /** Milliseconds since 1970 by the test clock. */
  readonly at: number
}

/** A provider, and all that sessions ask of it. */
export interface Watch {
  readonly provider: AuthProvider
  /** How often each was asked for, whatever came of it. */
  readonly calls: { login: number; refresh: number; revoke: number }
  /** The requests of sessions, not those of the provider itself. */
  readonly sent: Array<Sent>
  /** What the last login gave, as the provider told it. */
  facts: Grant.Facts | undefined
  /** The newest grant of each login. */
  readonly grants: Array<Grant.Grant>
  /** Every token that was given out. */
  readonly tokens: Array<Redacted.Redacted>
  /** Exchanges with the device that have not ended. */
  underWay: number
}

export const make = (bare: AuthProvider): Watch => {
  const signedWith = new WeakMap<HttpClientRequest, Grant.Grant>()

  const counted = <A, E, R>(exchange: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        watch.underWay += 1
      }),
      () => exchange,
      () =>
        Effect.sync(() => {
          watch.underWay -= 1
        })
    )

  /** `before`: the grant that a refresh replaces. */
  const given = <E>(
    exchange: Effect.Effect<Grant.Facts, E>,
    before?: Grant.Grant
  ): Effect.Effect<Grant.Facts, E> =>
    Effect.flatMap(Instant.now, (sent) =>
      Effect.tap(counted(exchange), (facts) =>
        Effect.sync(() => {
          watch.tokens.push(facts.access, ...(facts.refresh === undefined ? [] : [facts.refresh]))
          const replaced = watch.grants.findIndex(({ access }) => access === before?.access)
          const grant = Grant.make(facts, sent)
          if (replaced < 0) watch.grants.push(grant)
          else watch.grants[replaced] = grant
        })
      )
    )

  const exchangeWith: Transport["exchangeWith"] = (method, request, shown) =>
    bare.transport.exchangeWith(
      method,
      Effect.tap(request, (ready) =>
        Effect.map(Clock.currentTimeMillis, (at) => watch.sent.push({ grant: signedWith.get(ready), at }))
      ),
      shown
    )

  const { credentials, name, transport } = bare
  const watch: Watch = {
    calls: { login: 0, refresh: 0, revoke: 0 },
    sent: [],
    facts: undefined,
    grants: [],
    tokens: [],
    underWay: 0,
    // Method by method: a third party's provider may be an instance of a class.
    provider: {
      name,
      transport: {
        ...transport,
        exchangeWith: (method, request, shown) => counted(exchangeWith(method, request, shown))
      },
      credentials,
      login: (account) =>
        Effect.suspend(() => {
          watch.calls.login += 1
          return Effect.tap(given(bare.login(account)), (facts) =>
            Effect.sync(() => {
              watch.facts = facts
            })
          )
        }),
      refresh: (grant) =>
        Effect.suspend(() => {
          watch.calls.refresh += 1
          return given(bare.refresh(grant), grant)
        }),
      revoke: (grant) =>
        Effect.suspend(() => {
          watch.calls.revoke += 1
          return counted(bare.revoke(grant))
        }),
      sign: (request, grant) => {
        const signed = bare.sign(request, grant)
        signedWith.set(signed, grant)
        return signed
      },
      judge: (reply, request) => bare.judge(reply, request)
    }
  }
  return watch
}

type Exchange = ReturnType<Transport["exchange"]>

/** The same provider, with the session's requests answered by this in place of the device. */
export const answering = ({ provider }: Watch, answer: (device: Exchange) => Exchange): AuthProvider => ({
  ...provider,
  transport: {
    ...provider.transport,
    exchangeWith: (method, request, shown) =>
      Effect.flatMap(request, (ready) =>
        answer(provider.transport.exchangeWith(method, Effect.succeed(ready), shown))
      )
  }
})
