import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type AuthError,
  type AuthProvider,
  type Credentials,
  CredentialsRefused,
  ProtocolViolation,
  Reply,
  StatusError,
  Token,
  type Transport
} from "sallyport/plugin"
import type { ApiVersion } from "./ApiVersion.ts"
import * as BusyAnswer from "./BusyAnswer.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import * as TokenEndpoint from "./TokenEndpoint.ts"
import * as TokenResponseBody from "./TokenResponseBody.ts"

// An access token is good for 1800 seconds (FTD reference, token).
const defaultLifetime = Duration.seconds(1800)

/**
 * `make` logs an FDM in, refreshes and logs out by one operation, with JSON in and out and without an Authorization
 * header.
 */
export const make = (
  transport: Transport.Transport,
  version: ApiVersion,
  credentials: Credentials.Credentials
): AuthProvider.AuthProvider => {
  const targetName = transport.target.name

  const postToken = (
    fields: Readonly<Record<string, string>>,
    salvage?: (part: Reply.Reply) => Effect.Effect<unknown, unknown>
  ) =>
    version.withVersion((at) =>
      transport.exchangeAuth(TokenEndpoint.postRequest(at, fields), undefined, salvage)
    )

  const revokeToken = (token: string) =>
    postToken({ grant_type: "revoke_token", access_token: token, token_to_revoke: token })

  // The session that was opened by an answer of which only a part came is ended by the token in that part.
  const salvage = (part: Reply.Reply) => {
    const token = Reply.isOk(part) ? TokenResponseBody.parsePartial(part) : undefined
    return token === undefined ? Effect.void : revokeToken(token)
  }

  const refused = (grantType: string, reply: Reply.Reply, secrets: ReadonlyArray<Redacted.Redacted>) => {
    const messages = ErrorMessages.errorMessages(reply, secrets)
    return StatusError.toError({
      targetName,
      operation: TokenEndpoint.operation(grantType),
      reply,
      messages,
      advice: advice[reply.status] ?? StatusError.foreignAdvice(transport.target, "FDM", reply, messages)
    })
  }

  const tokenResponse = (
    grantType: string,
    reply: Reply.Reply,
    secrets: ReadonlyArray<Redacted.Redacted>,
    others: Pick<Token.TokenResponse, "refreshesLeft" | "revocable" | "attributes">
  ): Effect.Effect<Token.TokenResponse, ProtocolViolation> => {
    const granted = TokenResponseBody.parse(reply)
    if (granted !== undefined) {
      return Effect.succeed({ ...granted, lifetime: granted.lifetime ?? defaultLifetime, ...others })
    }
    const messages = ErrorMessages.errorMessages(reply, secrets)
    const detail = "the answer has no access_token that can be sent back"
    const advice =
      messages.length > 0
        ? undefined
        : `Check that this is an FDM, and what is between it and here: the address is ${transport.target.origin}`
    return Effect.fail(
      new ProtocolViolation({
        targetName,
        operation: TokenEndpoint.operation(grantType),
        detail,
        advice,
        messages
      })
    )
  }

  const login = ({
    password,
    username
  }: Credentials.Account): Effect.Effect<Token.TokenResponse, AuthError> =>
    Effect.gen(function* () {
      const reply = yield* postToken(
        { grant_type: "password", username, password: Redacted.value(password) },
        salvage
      )
      // No limit of refreshes is documented for a password grant.
      if (Reply.isOk(reply)) return yield* tokenResponse("password", reply, [password], {})
      const messages = ErrorMessages.errorMessages(reply, [password])
      if (refusesCredentials(reply)) {
        const advice = StatusError.foreignAdvice(transport.target, "FDM", reply, messages)
        const isForeign = advice !== undefined
        return yield* new CredentialsRefused({ targetName, username, messages, advice, isForeign })
      }
      return yield* refused("password", reply, [password])
    })

  const refresh = (token: Token.Token): Effect.Effect<Token.TokenResponse, AuthError> =>
    Effect.gen(function* () {
      const reply = yield* postToken({ grant_type: "refresh_token", refresh_token: secret(token.refresh) })
      if (!Reply.isOk(reply)) return yield* refused("refresh_token", reply, Token.secrets(token))
      const { attributes, revocable } = token
      // A custom grant counts its refreshes, and stays what it is.
      return yield* tokenResponse("refresh_token", reply, Token.secrets(token), {
        refreshesLeft: token.refreshesLeft - 1,
        revocable,
        attributes
      })
    })

  const revoke = (token: Token.Token): Effect.Effect<void, AuthError> =>
    Effect.gen(function* () {
      // A password-granted token may revoke itself (FTD reference, token). The answer to it has no access_token.
      const reply = yield* revokeToken(Redacted.value(token.access))
      if (Reply.isOk(reply) || saysTokenIsDead(reply)) {
        const messages = ErrorMessages.errorMessages(reply, Token.secrets(token))
        return yield* StatusError.refuseForeign(
          targetName,
          TokenEndpoint.operation("revoke_token"),
          reply,
          messages
        )
      }
      return yield* refused("revoke_token", reply, Token.secrets(token))
    })

  return {
    name: "fdm",
    transport,
    credentials,
    login,
    refresh,
    revoke,
    authorize: (request, { access }) =>
      TokenEndpoint.authorize(request, access) ?? HttpClientRequest.bearerToken(request, access),
    isRead,
    tellsOfChanges,
    judge
  }
}

/** `isRead` holds for tries of a connection, which change nothing (the FDM's own description, `addTest…`). */
const isRead = (method: string, path: string): boolean =>
  method === "POST" && /\/action\/test(realm|identitysource|identityservicesengineconnectivity)$/.test(path)

/** `tellsOfChanges` holds for what is to be deployed, and for what was changed (the FDM's own description). */
const tellsOfChanges = (path: string): boolean => /\/operational\/(pendingchanges|auditevents)/i.test(path)

const judge: AuthProvider.AuthProvider["judge"] = (reply, request) => {
  switch (reply.status) {
    case 401:
      return "TokenRefused"
    // Some builds say so of a token that is missing, expired or revoked, others of their time (seen on real devices).
    case 408:
      return "TokenDoubted"
    default:
      return BusyAnswer.isBusy(reply, request) ? "Busy" : "Fine"
  }
}

/**
 * `refusesCredentials` says whether a login was answered as wrong credentials are: with a 400 (read in public clients'
 * code). A 401 is the answer to a version of the API that the device does not have (a report to FTDAnsible); where it
 * has all the words for wrong credentials, nothing is risked.
 */
const refusesCredentials = (reply: Reply.Reply): boolean =>
  reply.status === 400 ||
  (reply.status === 401 && /^failed to authenticate user\.?$/i.test(ErrorMessages.soleMessage(reply) ?? ""))

// Which status tells a dead token at its own revocation is not documented. The request has nothing else that could be
// bad.
const saysTokenIsDead = ({ status }: Reply.Reply): boolean => status === 400 || status === 401

const secret = (token: Redacted.Redacted | undefined): string =>
  token === undefined ? "" : Redacted.value(token)

const advice: Readonly<Record<number, string>> = {
  401: "So a device answers where it does not know the version of the API in the path, not to a wrong password: leave the option apiVersion out, or set it to one that GET /api/versions lists. If that is right, something else answers at this address",
  403: "The account's role may not do this, or the first-time set-up of the device is not finished: log in to its web interface once",
  404: "It does not know this version of the API (option apiVersion), or this is no FDM: a device that is managed by an FMC has no such API. Check the address"
}
