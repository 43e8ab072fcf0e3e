import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type * as Effect from "effect/Effect"
import { operationOf } from "../../transport/RequestPath.ts"
import type { SessionError } from "../AuthError.ts"

/** `SessionRequest` is a request on its way through a session. */
export interface SessionRequest {
  /** `request` has its body in memory, and no token. */
  readonly request: HttpClientRequest
  /** `operation` is what errors call it. */
  readonly operation: string
  /** `isResendable` says whether it may be sent again at all: a stream of the script's is given once. */
  readonly isResendable: boolean
}

/** `Step` is a part of the way, which goes through all that lies within it. */
export type Step<A> = (asked: SessionRequest) => Effect.Effect<A, SessionError>

export const make = (asked: HttpClientRequest, buffered: HttpClientRequest): SessionRequest => ({
  request: buffered,
  operation: operationOf(asked),
  isResendable: asked.body._tag !== "Stream"
})
