import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Reply } from "../transport/Reply.ts"
import type { Transport } from "../transport/Transport.ts"
import type { AuthError } from "./AuthError.ts"
import type { Account, Credentials } from "./Credentials.ts"
import type { Token, TokenResponse } from "./Token.ts"

/**
 * `Verdict` is what a response says of the token that it was sent with, and of the device: `TokenRefused` that the
 * token is not good (any more), so that the request was not processed; `TokenDoubted` that it may be so, or that the
 * request was processed; `Busy` that the device did not process the request and wants it later, where it says so in
 * a way of its own: what 429 and 503 say is known to the session; `Fine` anything else, an error of the application too.
 *
 * It rests on status, code or field. Words in free text may be those of an object's name.
 */
export type Verdict = "Fine" | "TokenRefused" | "TokenDoubted" | "Busy"

/**
 * `AuthProvider` says how a backend logs in, renews, authorizes and logs out. Each operation is one exchange with the
 * device and never repeats itself: single flight, renewal, recovery, back-off, login guard and logout belong to the
 * session.
 *
 * Errors decide what the session does next. `CredentialsRefused` from a login is final. A session's first login that
 * fails with `DeviceBusy` is made again within its minute, never before its `retryAfter`. A refresh that fails with
 * `DeviceBusy`, a `DeviceRefused` of 500 and above, or before it was sent is tried again later; one whose answer was
 * lost is followed by a login later; any other failure by a login at once.
 */
export interface AuthProvider {
  /** `name` is the backend's id, such as `fmc`. */
  readonly name: string
  /** `transport` is the way to the device that the operations take. */
  readonly transport: Transport
  /** `credentials` are evaluated by the session before each login. */
  readonly credentials: Credentials
  /** `node` names the node of a pair behind one address that alone takes the token. */
  readonly node?: string | undefined
  /** `login` logs in once, with the account that the credentials gave. */
  readonly login: (account: Account) => Effect.Effect<TokenResponse, AuthError>
  /** `refresh` is called only while the token has a refresh token and refreshes left. */
  readonly refresh: (token: Token) => Effect.Effect<TokenResponse, AuthError>
  /**
   * `revoke` is called only for a revocable token. It succeeds too when the device says that the token is dead already.
   * It is called again where it fails with `DeviceUnreachable`, `ProtocolViolation` or `DeviceBusy` and time is left.
   */
  readonly revoke: (token: Token) => Effect.Effect<void, AuthError>
  /** `authorize` puts the token on a request. */
  readonly authorize: (request: HttpClientRequest, token: Token) => HttpClientRequest
  /**
   * `isRead` says whether a request that is neither GET, HEAD nor OPTIONS only reads, such as a search by POST, so that
   * a plan may send it. `path` begins at the device's root, without its query.
   *
   * @default none does
   */
  readonly isRead?: ((method: string, path: string) => boolean) | undefined
  /**
   * `tellsOfChanges` says whether a read tells of what is changed elsewhere on the device, such as what is to be
   * deployed, what nothing uses, or a list of objects of several kinds: a plan in which something is changed ends there.
   *
   * @default none does
   */
  readonly tellsOfChanges?: ((path: string, query: string) => boolean) | undefined
  /**
   * `judge` judges a response. `request`: what it answers, without the token; where it is not given, nothing may rest
   * on it.
   */
  readonly judge: (reply: Reply, request?: HttpClientRequest) => Verdict
}

export const AuthProvider: Context.Tag<AuthProvider, AuthProvider> =
  Context.GenericTag<AuthProvider>("sallyport/AuthProvider")
