import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  Change,
  OutcomeUnknown,
  ProtocolViolation,
  Reply,
  refuseInput,
  type Session,
  type SessionError,
  StatusError,
  Token
} from "sallyport/plugin"
import * as CustomTokenRules from "./CustomTokenRules.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import { accessOf, type CustomToken, type GivenToken, validate } from "./GivenToken.ts"
import * as TokenEndpoint from "./TokenEndpoint.ts"
import * as TokenResponseBody from "./TokenResponseBody.ts"

export type { CustomTokenRequest } from "./CustomTokenRules.ts"
export type { CustomToken } from "./GivenToken.ts"

/** `CustomTokens` makes and ends custom tokens by a session that logged in with a password. */
export interface CustomTokens {
  /**
   * `customToken` gives a token for a job of its own, such as monitoring. It outlives the session and is not revoked
   * with it: revoke it by its subject. The rules of `CustomTokenRequest` are checked before anything is sent.
   *
   * Fails with `InvalidInput`, also on a session that itself runs on a custom token (FTD reference, token), with
   * `DeviceRefused`, and with `OutcomeUnknown` where the answer was lost: then revoke the subject.
   *
   * @example
   * const token = yield* fdm.customToken({ subject: "monitoring", expiresIn: 86_400, refreshCount: 0 })
   */
  readonly customToken: (
    request: CustomTokenRules.CustomTokenRequest
  ) => Effect.Effect<CustomToken, SessionError>
  /** `revokeSubject` revokes the custom tokens of a subject. Fails as `customToken` does. */
  readonly revokeSubject: (subject: string) => Effect.Effect<void, SessionError>
  /** `revokeToken` revokes one token, by its access token. Fails as `customToken` does. */
  readonly revokeToken: (token: GivenToken) => Effect.Effect<void, SessionError>
}

export const make = (
  session: Session.Session,
  version: Effect.Effect<string, SessionError>,
  runsOnCustomToken: boolean
): CustomTokens => {
  const targetName = session.target.name

  // Without the session's own token: it is put into the body below, by `authorize`.
  const postToken = (
    grantType: "custom_token" | "revoke_token",
    fields: Readonly<Record<string, unknown>>,
    secrets: ReadonlyArray<Redacted.Redacted> = []
  ): Effect.Effect<Reply.Reply, SessionError> =>
    Effect.gen(function* () {
      const operation = TokenEndpoint.operation(grantType)
      if (runsOnCustomToken) return yield* onCustomToken()
      const own = Token.secrets(yield* session.token)
      const response = yield* session.http.execute(
        TokenEndpoint.postRequest(yield* version, { grant_type: grantType, ...fields })
      )
      const reply = yield* Reply.fromResponse(response)
      if (Reply.isOk(reply)) return reply
      const { status } = reply
      if (status === 502 || status === 504) {
        const reason = `only a gateway's, status ${status}`
        return yield* new OutcomeUnknown({ targetName, operation, reason })
      }
      const messages = ErrorMessages.errorMessages(reply, [...own, ...secrets])
      return yield* StatusError.toError({ targetName, operation, reply, messages })
    })

  const described = <A>(
    action: string,
    name: string | undefined,
    planned: Change.Change<A>["planned"]
  ): Effect.Effect<Change.Change<A>, SessionError> =>
    Change.irreversible({
      targetName,
      at: Effect.map(version, TokenEndpoint.endpointPath),
      kind: "custom token",
      action,
      name,
      cannot: "revoke it by its subject; one that was revoked is made anew",
      isRepeatable: action === "revoke",
      planned
    })

  const made = (request: CustomTokenRules.CustomTokenRequest, refreshCount: number) =>
    Effect.gen(function* () {
      const sent = yield* Clock.currentTimeMillis
      const reply = yield* postToken("custom_token", {
        desired_subject: request.subject,
        desired_expires_in: request.expiresIn,
        desired_refresh_count: refreshCount,
        ...(refreshCount > 0 && { desired_refresh_expires_in: request.refreshExpiresIn })
      })
      const granted = TokenResponseBody.parse(reply)
      if (granted === undefined) {
        const detail = "the answer has no access_token that can be sent back"
        const advice = "The token may exist: revoke it by its subject"
        return yield* new ProtocolViolation({
          targetName,
          operation: TokenEndpoint.operation("custom_token"),
          detail,
          advice
        })
      }
      const { access, refresh } = granted
      const lifetime = granted.lifetime ?? Duration.seconds(request.expiresIn)
      return {
        access,
        refresh,
        subject: request.subject,
        expiresAt: sent + Duration.toMillis(lifetime),
        refreshesLeft: refresh === undefined ? 0 : refreshCount
      }
    })

  return {
    customToken: (request) =>
      Effect.flatMap(CustomTokenRules.validate(request), (refreshCount) =>
        Change.make(described<CustomToken>("create", request.subject, undefined), made(request, refreshCount))
      ),
    revokeSubject: (subject) =>
      CustomTokenRules.validateSubject(subject).pipe(
        Effect.zipRight(
          Change.make(
            described<void>("revoke", subject, () => undefined),
            Effect.asVoid(postToken("revoke_token", { custom_token_subject_to_revoke: subject }))
          )
        )
      ),
    revokeToken: (token) =>
      Effect.gen(function* () {
        const access = accessOf(yield* validate(token))
        if (Redacted.value(access) === "") {
          return yield* refuseInput("token", "it is empty; give the custom token that is to be revoked.")
        }
        yield* Change.make(
          described<void>("revoke", undefined, () => undefined),
          Effect.asVoid(postToken("revoke_token", { token_to_revoke: Redacted.value(access) }, [access]))
        )
      })
  }
}

const onCustomToken = () =>
  refuseInput(
    "session",
    "it runs on a custom token, which neither makes nor revokes tokens; open one that logs in with user name and password."
  )
