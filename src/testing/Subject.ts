import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { AuthProvider } from "../auth/AuthProvider.ts"
import type { Session } from "../auth/Session.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"

/**
 * `Subject` is a provider and the device that it talks to. Two fields are needed; each of the others lets more of the
 * contract be tried. A clause that needs one that is missing is skipped, and says so.
 */
export interface Subject {
  /** `provider` is the provider, or a layer of it as plugins export. Its credentials must be good. */
  readonly provider: AuthProvider | Layer.Layer<AuthProvider, unknown>
  /**
   * `request` needs a token and changes nothing: a path, which is read with GET, or a whole request. The device answers
   * it with 2xx.
   */
  readonly request: string | HttpClientRequest
  /**
   * `counts` is the device's own count. A clause compares what changed while it ran, so that it may be shared. Without
   * it the calls of the provider are counted, and that a logout ended the session is seen by the device's answer to it.
   */
  readonly counts?: Effect.Effect<Counts, unknown>
  /**
   * `evict` lets the device end every session of the account, as a reboot or another login would.
   *
   * @default the provider's own `revoke`, behind the session's back, where tokens can be revoked
   */
  readonly evict?: Effect.Effect<void, unknown>
  /**
   * `failNext` lets the next request to the device, whichever it is, be answered with this status and not carried out.
   */
  readonly failNext?: (status: number) => Effect.Effect<void, unknown>
  /**
   * `ages` says that the device's tokens expire by the `Clock` under which the subject was made: the test clock. Then
   * the lifetime that the provider reports is held against it.
   *
   * @default false; renewal is tried all the same
   */
  readonly ages?: boolean
  /**
   * `plugin` is the plugin, and what of its own a device is configured with beside address and credentials. Then it is
   * tried behind a gateway, whose path the target has, and with a field that it does not have.
   */
  readonly plugin?: { readonly plugin: AnyPlugin; readonly config?: object | undefined }
  /**
   * `byId` reads, changes or removes something by an id that a script gives, through the plugin's client on this
   * session.
   */
  readonly byId?: (session: Session, id: string) => Effect.Effect<unknown, unknown>
  /**
   * `change` changes something, by one request of a verb of the plugin's client on this session: then it is tried in a
   * plan, taken back in a run, and its answer is lost.
   */
  readonly change?: (session: Session) => Effect.Effect<unknown, unknown>
}

/** `Counts` are how many there were so far. What is left out is not compared. */
export interface Counts {
  /** `logins` counts the logins that the device accepted. */
  readonly logins?: number
  /** `refreshes` counts the refreshes that the device accepted. */
  readonly refreshes?: number
  /** `revokes` counts the logouts that the device accepted. */
  readonly revokes?: number
  /** `open` counts the sessions that are open at the device now. */
  readonly open?: number
}

/** `Options` say how subjects are made, and how long a clause may take. */
export interface Options {
  /**
   * `make` makes a subject; run once for each clause, under the test clock, so that none sees what another has done.
   * What it starts is stopped when its scope closes.
   *
   * Of a device that exists: a whole run logs in some forty times and sends three wrong passwords, so give it an
   * account of its own that such a number does not lock, and leave out `ages` and `failNext`.
   */
  readonly make: Effect.Effect<Subject, unknown, Scope.Scope>
  /** `timeout` is how long one clause may take, in real time. @default 20 seconds */
  readonly timeout?: Duration.DurationInput | undefined
}
