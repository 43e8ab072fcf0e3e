import type * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { InvalidInput, WireError } from "./DeviceError.ts"
import type { Reply } from "./Reply.ts"
import type { Target } from "./Target.ts"

/** The one way to a target: TLS that is checked, its own origin only, answers read whole. */
export interface Transport {
  readonly target: Target
  /** Sends as given and hands back the whole answer, whatever its status. */
  readonly exchange: (request: HttpClientRequest) => Effect.Effect<Reply, WireError>
  /** The same as an `HttpClient`, for what needs no session. */
  readonly http: HttpClient.HttpClient.With<WireError>
}

export declare const make: (target: Target) => Effect.Effect<Transport, InvalidInput, Scope.Scope>
