import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  type AuthError,
  type AuthProvider,
  type Credentials,
  CredentialsRefused,
  ProtocolViolation,
  Redaction,
  Reply,
  refuseInput,
  StatusError,
  type Token,
  type Transport
} from "sallyport/plugin"

export interface Options {
  readonly credentials: Credentials.Credentials
  /** `tokenLifetime` is how long a token is good. The ASA does not say so itself. @default 30 minutes */
  readonly tokenLifetime?: Duration.DurationInput | undefined
}

const path = "/api/tokenservices"
const header = "x-auth-token"

/** `make` logs an ASA in and out. Its tokens are not refreshed: a new one takes a login. */
export const make = (transport: Transport.Transport, options: Options): AuthProvider.AuthProvider => {
  const targetName = transport.target.name

  const login = ({
    password,
    username
  }: Credentials.Account): Effect.Effect<Token.TokenResponse, AuthError> =>
    Effect.gen(function* () {
      if (username.includes(":")) {
        return yield* refuseInput(
          "username",
          "it has a colon, where Basic authentication ends the name; give the name of an account without one."
        )
      }
      const post = HttpClientRequest.post(path).pipe(HttpClientRequest.basicAuth(username, password), asAgent)
      const reply = yield* transport.exchangeAuth(post)
      const token = reply.headers[header] ?? ""
      const messages = errorMessages(reply, [password])
      if (reply.status === 401) {
        return yield* Effect.fail(new CredentialsRefused({ targetName, username, messages }))
      }
      const operation = `POST ${path}`
      if (reply.status !== 204) return yield* StatusError.toError({ targetName, operation, reply, messages })
      if (Reply.isTokenText(token)) {
        return { access: Redacted.make(token), lifetime: options.tokenLifetime ?? "30 minutes" }
      }
      const detail = "the answer has no X-Auth-Token that can be sent back"
      return yield* Effect.fail(new ProtocolViolation({ targetName, operation, detail }))
    })

  return {
    name: "asa",
    transport,
    credentials: options.credentials,
    login,
    // The token has no refresh token: the session never asks.
    refresh: () => Effect.dieMessage("an ASA's token is not refreshed"),
    revoke: ({ access }) =>
      Effect.gen(function* () {
        const gone = HttpClientRequest.del(`${path}/${encodeURIComponent(Redacted.value(access))}`)
        // The path is a secret: errors and spans are told another one.
        const shown = `${path}/…`
        const reply = yield* transport.exchangeAuth(withToken(gone, access), shown)
        // 401, 404: the token is dead already.
        if ([204, 401, 404].includes(reply.status)) return
        const messages = errorMessages(reply, [access])
        return yield* StatusError.toError({ targetName, operation: `DELETE ${shown}`, reply, messages })
      }),
    authorize: (request, { access }) => withToken(request, access),
    judge: ({ status }) => (status === 401 ? "TokenRefused" : "Fine")
  }
}

// An ASA answers other clients as it would a browser.
const asAgent = HttpClientRequest.setHeader("user-agent", "REST API Agent")

const withToken = (request: HttpClientRequest.HttpClientRequest, token: Redacted.Redacted) =>
  HttpClientRequest.setHeader(asAgent(request), header, Redacted.value(token))

// {"messages":[{"level":"Error","code":"…","details":"…"}]}; it may be absent.
const decode = Schema.decodeUnknownOption(
  Schema.Struct({ messages: Schema.Array(Schema.Struct({ details: Schema.String })) })
)

/** `errorMessages` gives the ASA's own words in an answer, made safe. Ten say enough; a body may hold a million. */
export const errorMessages = (
  reply: Reply.Reply,
  secrets: ReadonlyArray<Redacted.Redacted>
): ReadonlyArray<string> =>
  Option.match(decode(Reply.json(reply)), {
    onNone: () => [],
    onSome: ({ messages }) => messages.slice(0, 10).map(({ details }) => Redaction.redact(details, secrets))
  })
