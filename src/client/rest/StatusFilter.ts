import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Session } from "../../auth/Session.ts"
import * as Token from "../../auth/Token.ts"
import {
  type DeviceBusy,
  type DeviceRefused,
  OutcomeUnknown,
  type ProtocolViolation
} from "../../transport/DeviceError.ts"
import * as ForeignWords from "../../transport/ForeignWords.ts"
import * as Reply from "../../transport/Reply.ts"
import { operationOf } from "../../transport/RequestPath.ts"
import { isRead } from "../../transport/Retry.ts"
import * as StatusError from "../../transport/StatusError.ts"
import * as Needed from "../../validation/Needed.ts"

/**
 * `StatusFilter` hands back a response that the device accepted; any other is `DeviceRefused`, with the device's own
 * words, but for one that says that the device has no time, `DeviceBusy`, and for a gateway's 502 or 504 to a write,
 * which does not say what the device did: `OutcomeUnknown`.
 */
export type StatusFilter = (
  response: HttpClientResponse
) => Effect.Effect<HttpClientResponse, DeviceBusy | DeviceRefused | SessionError>

/**
 * `filterStatusOk` makes the filter of a backend. `messagesOf` reads a device's messages from its error envelope
 * and makes them safe, given what must not be told; of an answer in which it finds none, the words are told that JSON has
 * in other forms. `isAbsent` says whether an answer means that what was asked for is
 * not there, where that is not 404 alone; `isBusy` whether it means that the device has no time, by the same words by
 * which the provider's `judge` says so.
 */
export const filterStatusOk = (
  session: Session,
  messagesOf: (reply: Reply.Reply, secrets: ReadonlyArray<Redacted.Redacted>) => ReadonlyArray<string>,
  isAbsent?: (reply: Reply.Reply) => boolean,
  isBusy?: (reply: Reply.Reply, request: HttpClientRequest) => boolean
): StatusFilter => {
  Needed.session("session", session)
  Needed.fn("messagesOf", messagesOf)
  return (response) => {
    if (Reply.isOk(response)) return Effect.succeed(response)
    return Effect.gen(function* () {
      const { request, status } = response
      const targetName = session.target.name
      const operation = operationOf(request)
      if ((status === 502 || status === 504) && !isRead(request.method)) {
        const reason = `only a gateway's, status ${status}`
        return yield* new OutcomeUnknown({ targetName, operation, reason })
      }
      const reply = yield* Reply.fromResponse(response)
      const secrets = Token.secrets(yield* session.token)
      const messages = messagesOf(reply, secrets)
      return yield* StatusError.toError({
        targetName,
        operation,
        reply,
        messages: messages.length > 0 ? messages : ForeignWords.wordsOf(reply, secrets),
        advice: StatusError.adviceFor(status, messages),
        isAbsent: isAbsent?.(reply),
        isBusy: isBusy?.(reply, request)
      })
    })
  }
}

/**
 * `errorAnswered` gives the failure by an answer that is an error in spite of its status, with the device's own words:
 * as the filter tells them of one whose status says so, too.
 */
export const errorAnswered = (
  targetName: string,
  accepted: StatusFilter,
  response: HttpClientResponse,
  reply: Reply.Reply
): Effect.Effect<ProtocolViolation> => {
  Needed.fn("accepted", accepted)
  Needed.object("response", response, "an HttpClientResponse")
  const { request } = response
  return Effect.match(accepted(Reply.toResponse({ ...reply, status: 400 }, request)), {
    onFailure: (error) =>
      error._tag === "DeviceRefused" || error._tag === "DeviceBusy" ? (error.messages ?? []) : [],
    onSuccess: (): ReadonlyArray<string> => []
  }).pipe(
    Effect.map((messages) =>
      StatusError.errorAnswered({
        targetName,
        operation: operationOf(request),
        reply,
        messages,
        isChange: !isRead(request.method)
      })
    )
  )
}
