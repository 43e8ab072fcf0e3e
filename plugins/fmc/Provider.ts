import { Buffer } from "node:buffer"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  type AuthError,
  type AuthProvider,
  type Credentials,
  CredentialsRefused,
  ProtocolViolation,
  Reply,
  refuseInput,
  StatusError,
  TargetConfig,
  Token,
  type Transport
} from "sallyport/plugin"
import * as BusyAnswer from "./BusyAnswer.ts"
import * as DomainList from "./domain/DomainList.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import { isRead, tellsOfChanges } from "./ReadRequests.ts"

/** `Settings` are what an FMC is configured with beside what all devices have. */
export const Settings = Schema.Struct({
  /**
   * `tokenLifetime` is how long the FMC's access tokens are good. It does not say so itself: 30 minutes (FMC guide,
   * Authentication from a REST API Client), less where the session time-out of the web interface was shortened.
   *
   * @default 30 minutes
   */
  tokenLifetime: Schema.optional(TargetConfig.DurationConfig)
})

export interface Options extends Schema.Schema.Type<typeof Settings> {
  readonly credentials: Credentials.Credentials
}

const accessHeader = "x-auth-access-token"
const refreshHeader = "x-auth-refresh-token"
const base = "/api/fmc_platform/v1/auth"

// So many refreshes for a login (FMC guide, Authentication from a REST API Client).
const maxRefreshes = 3

/** `make` logs an FMC in, refreshes and logs out by blank POSTs, with everything in the headers. */
export const make = (transport: Transport.Transport, options: Options): AuthProvider.AuthProvider => {
  const { basePath, name: targetName, origin } = transport.target
  const address = `${origin}${basePath}`
  const lifetime = options.tokenLifetime ?? "30 minutes"

  const post = (
    operation: string,
    headers: Record<string, string>,
    salvage?: (part: Reply.Reply) => Effect.Effect<unknown, unknown>
  ) =>
    transport.exchangeAuth(
      HttpClientRequest.post(`${base}/${operation}`).pipe(HttpClientRequest.setHeaders(headers)),
      undefined,
      salvage
    )

  const revokeToken = (token: string) => post("revokeaccess", { [accessHeader]: token })

  // The session that was opened by an answer of which only a part came is ended by the token in that part.
  const salvage = (part: Reply.Reply) => {
    const token = soleValue(part.headers[accessHeader])
    return Reply.isOk(part) && token !== undefined && Reply.isTokenText(token)
      ? revokeToken(token)
      : Effect.void
  }

  const tokenResponse = (
    operation: string,
    reply: Reply.Reply,
    secrets: ReadonlyArray<Redacted.Redacted>,
    refreshesLeft: number,
    before?: Token.Token
  ): Effect.Effect<Token.TokenResponse, AuthError> => {
    const token = soleValue(reply.headers[accessHeader])
    if (token === undefined || !Reply.isTokenText(token)) {
      const lacks = token ? "one X-auth-access-token that can be sent back" : "X-auth-access-token"
      const detail = `the answer has no ${lacks}`
      const messages = ErrorMessages.errorMessages(reply, secrets)
      const advice =
        messages.length > 0
          ? undefined
          : `A proxy in between may drop or change it; otherwise this is no FMC: check the address ${address}`
      return Effect.fail(
        new ProtocolViolation({
          targetName,
          operation: `POST ${base}/${operation}`,
          detail,
          advice,
          messages
        })
      )
    }
    const refreshToken = soleValue(reply.headers[refreshHeader])
    const domains = DomainList.fromHeader(reply.headers.domains)
    return Effect.succeed({
      access: Redacted.make(token),
      refresh: refreshToken && Reply.isTokenText(refreshToken) ? Redacted.make(refreshToken) : undefined,
      lifetime,
      refreshesLeft,
      // Whether a refresh names the domains again is not documented.
      attributes: domains.length > 0 || before === undefined ? { domains } : before.attributes
    })
  }

  const refused = (
    operation: string,
    reply: Reply.Reply,
    secrets: ReadonlyArray<Redacted.Redacted>,
    advice?: string
  ) => {
    const messages = ErrorMessages.errorMessages(reply, secrets)
    return StatusError.toError({
      targetName,
      operation: `POST ${base}/${operation}`,
      reply,
      messages,
      advice
    })
  }

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
      const reply = yield* post(
        "generatetoken",
        { authorization: `Basic ${basic(username, password)}` },
        salvage
      )
      if (Reply.isOk(reply)) return yield* tokenResponse("generatetoken", reply, [password], maxRefreshes)
      const messages = ErrorMessages.errorMessages(reply, [password])
      const foreign = StatusError.foreignAdvice(transport.target, "FMC", reply, messages)
      if (reply.status === 401) {
        return yield* new CredentialsRefused({
          targetName,
          username,
          messages,
          advice: foreign,
          isForeign: foreign !== undefined
        })
      }
      const advice = reply.status === 404 ? `${noRestApi} ${address}` : foreign
      return yield* refused("generatetoken", reply, [password], advice)
    })

  return {
    name: "fmc",
    transport,
    credentials: options.credentials,
    login,
    refresh: (token) =>
      Effect.flatMap(
        post(
          "refreshtoken",
          { [accessHeader]: Redacted.value(token.access), [refreshHeader]: secret(token.refresh) },
          salvage
        ),
        (reply) =>
          Reply.isOk(reply)
            ? tokenResponse("refreshtoken", reply, Token.secrets(token), token.refreshesLeft - 1, token)
            : refused("refreshtoken", reply, Token.secrets(token))
      ),
    revoke: (token) =>
      Effect.flatMap(revokeToken(Redacted.value(token.access)), (reply): Effect.Effect<void, AuthError> => {
        if (Reply.isOk(reply)) {
          const messages = ErrorMessages.errorMessages(reply, Token.secrets(token))
          return StatusError.refuseForeign(targetName, `POST ${base}/revokeaccess`, reply, messages)
        }
        // 401: the token is dead already.
        return reply.status === 401 ? Effect.void : refused("revokeaccess", reply, Token.secrets(token))
      }),
    authorize: (request, token) =>
      HttpClientRequest.setHeader(request, accessHeader, Redacted.value(token.access)),
    isRead,
    tellsOfChanges,
    judge: (reply, request) => {
      if (reply.status === 401) return "TokenRefused"
      return BusyAnswer.isBusy(reply, request) ? "Busy" : "Fine"
    }
  }
}

/** `soleValue` gives the value of a header that was sent twice as it was sent: something on the way may double it. */
const soleValue = (joined: string | undefined): string | undefined => {
  const [first, ...others] = joined?.split(", ") ?? []
  return others.every((other) => other === first) ? first : joined
}

const basic = (username: string, password: Redacted.Redacted): string =>
  // UTF-8, in which a password may hold any letter and a colon too.
  Buffer.from(`${username}:${Redacted.value(password)}`, "utf8").toString("base64")

const secret = (token: Redacted.Redacted | undefined): string =>
  token === undefined ? "" : Redacted.value(token)

const noRestApi =
  "Its REST API is switched off (on the FMC: System > Configuration > REST API Preferences > Enable REST API), or this is no FMC: check the address"
