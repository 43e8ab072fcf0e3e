import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { AuthProvider } from "../auth/AuthProvider.ts"
import * as Instant from "../auth/Instant.ts"
import * as Token from "../auth/Token.ts"
import type { Send, Transport } from "../transport/Transport.ts"

/** `SpiedRequest` is a request as a session sent it. */
interface SpiedRequest {
  readonly method: string
  /** `token` is the one that it was authorized with. */
  readonly token: Token.Token | undefined
  /** `at` is in milliseconds since 1970 by the test clock. */
  readonly at: number
}

/** `ProviderSpy` is a provider, and all that sessions ask of it. */
export interface ProviderSpy {
  readonly provider: AuthProvider
  /** `calls` count how often each was asked for, whatever came of it. */
  readonly calls: { login: number; refresh: number; revoke: number }
  /** `sent` are the requests of sessions, not those of the provider itself. */
  readonly sent: Array<SpiedRequest>
  /** `tokenResponse` is what the last login gave, as the provider told it. */
  tokenResponse: Token.TokenResponse | undefined
  /** `issuedTokens` have the newest token of each login. */
  readonly issuedTokens: Array<Token.Token>
  /** `tokenSecrets` is every token that was given out. */
  readonly tokenSecrets: Array<Redacted.Redacted>
  /** `underWay` counts the exchanges with the device that have not ended. */
  underWay: number
}

export const make = (bare: AuthProvider): ProviderSpy => {
  const authorizedWith = new WeakMap<HttpClientRequest, Token.Token>()

  const whileCounted = <A, E, R>(exchange: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
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

  /** `noteTokens` notes the tokens that came; `before` is the one that a refresh replaces. */
  const noteTokens = <E>(
    exchange: Effect.Effect<Token.TokenResponse, E>,
    before?: Token.Token
  ): Effect.Effect<Token.TokenResponse, E> =>
    Effect.flatMap(Instant.now, (sent) =>
      Effect.tap(whileCounted(exchange), (tokenResponse) =>
        Effect.sync(() => {
          watch.tokenSecrets.push(...Token.secrets(tokenResponse))
          const replaced = watch.issuedTokens.findIndex(({ access }) => access === before?.access)
          const token = Token.make(tokenResponse, sent)
          if (replaced < 0) watch.issuedTokens.push(token)
          else watch.issuedTokens[replaced] = token
        })
      )
    )

  const noteSent =
    (send: Send): Send =>
    (request, options) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        watch.sent.push({ method: request.method, token: authorizedWith.get(request), at })
        return whileCounted(send(request, options))
      })

  const { credentials, name, transport } = bare
  const watch: ProviderSpy = {
    calls: { login: 0, refresh: 0, revoke: 0 },
    sent: [],
    tokenResponse: undefined,
    issuedTokens: [],
    tokenSecrets: [],
    underWay: 0,
    // Method by method: a third party's provider may be an instance of a class.
    provider: {
      name,
      transport: {
        ...transport,
        withPermit: (method, use, holding) =>
          transport.withPermit(method, (send) => use(noteSent(send)), holding)
      },
      credentials,
      login: (account) =>
        Effect.suspend(() => {
          watch.calls.login += 1
          return Effect.tap(noteTokens(bare.login(account)), (tokenResponse) =>
            Effect.sync(() => {
              watch.tokenResponse = tokenResponse
            })
          )
        }),
      refresh: (token) =>
        Effect.suspend(() => {
          watch.calls.refresh += 1
          return noteTokens(bare.refresh(token), token)
        }),
      revoke: (token) =>
        Effect.suspend(() => {
          watch.calls.revoke += 1
          return whileCounted(bare.revoke(token))
        }),
      authorize: (request, token) => {
        const authorized = bare.authorize(request, token)
        authorizedWith.set(authorized, token)
        return authorized
      },
      judge: (reply, request) => bare.judge(reply, request),
      isRead: (method, path) => bare.isRead?.(method, path) === true
    }
  }
  return watch
}

type Exchange = ReturnType<Transport["exchange"]>

/** `withAnswer` gives the same provider, with the session's requests answered by this in place of the device. */
export const withAnswer = (
  { provider }: ProviderSpy,
  answer: (device: Exchange) => Exchange
): AuthProvider => ({
  ...provider,
  transport: {
    ...provider.transport,
    withPermit: (method, use, holding) =>
      provider.transport.withPermit(method, (send) => use((...sent) => answer(send(...sent))), holding)
  }
})
