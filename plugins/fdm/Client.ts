import type * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  BasePath,
  InputSchema,
  Needed,
  type Promises,
  Rest,
  type Session,
  type SessionError,
  StatusFilter
} from "sallyport/plugin"
import * as Accounts from "./Accounts.ts"
import * as ActiveSessions from "./ActiveSessions.ts"
import * as ApiVersion from "./ApiVersion.ts"
import * as Backups from "./Backups.ts"
import * as BusyAnswer from "./BusyAnswer.ts"
import * as CustomToken from "./CustomToken.ts"
import * as Deploy from "./Deploy.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import * as Files from "./Files.ts"
import * as HaStatus from "./HaStatus.ts"
import * as Kinds from "./Kinds.ts"
import type * as Passwords from "./Passwords.ts"

/**
 * `Fdm` is a session on a device that manages itself. Its verbs wait while the configuration database is locked (423)
 * and, where they only read, while the device has no time (503); what outlasts the session's retries is `DeviceRefused`
 * or `DeviceBusy`. A change that meets a 503 is not repeated, since it may have been carried out: it is `DeviceBusy`.
 */
export interface Fdm
  extends CustomToken.CustomTokens,
    Kinds.Kinds,
    Deploy.Deploy,
    ActiveSessions.ActiveSessions,
    Files.Files,
    Backups.Backups,
    Accounts.Accounts {
  /** `session` is the session that all requests go through. */
  readonly session: Session.Session
  /**
   * `apiVersion` is a version such as `v6`, or `latest`.
   *
   * @default the newest that the device lists; where it lists none, the first of `latest`, `v2` and `v1` at which it
   * has a token operation
   */
  readonly apiVersion: Effect.Effect<string, SessionError>
  /**
   * `http` is the session's client, with a path such as `/object/networks` meant below `/api/fdm/{version}`. A path
   * that starts with `/api/` is taken as it is.
   */
  readonly http: HttpClient.HttpClient.With<SessionError>
  /**
   * `filterStatusOk` hands back a response that the device accepted; any other is `DeviceRefused`, with the device's
   * own words.
   *
   * @example
   * const networks = yield* fdm.http.get("/object/networks").pipe(Effect.flatMap(fdm.filterStatusOk))
   */
  readonly filterStatusOk: StatusFilter.StatusFilter
  /** `rest` reaches the same paths, with JSON in and out. */
  readonly rest: Rest.Rest
  /** `haStatus` is what the device is in its high-availability pair, and how its peer is. */
  readonly haStatus: Effect.Effect<HaStatus.HaStatus, SessionError>
}

/** `Fdm` is the tag of an open FDM: `yield* Fdm.Fdm` in a script that is given one of the layers. */
export const Fdm: Context.Tag<Fdm, Fdm> = Context.GenericTag<Fdm>("sallyport/Fdm")

/** `subClients` say which of its members are clients in turn. */
export const subClients: Promises.SubClients<Fdm> = { session: {}, rest: {}, ...Kinds.subClients }

/** `ClientParts` are what the way in which a session was opened tells of it. */
interface ClientParts {
  readonly apiVersion: Effect.Effect<string, SessionError>
  /** `passwords` follow a password that the session itself changes, where it logged in with one of this backend. */
  readonly passwords?: Passwords.Passwords | undefined
  readonly runsOnCustomToken: boolean
}

/** `clientOn` gives the client on a session of which it is known how it was opened. */
export const clientOn = (
  session: Session.Session,
  { apiVersion, passwords, runsOnCustomToken }: ClientParts
): Fdm => {
  const accepted = StatusFilter.filterStatusOk(
    session,
    ErrorMessages.errorMessages,
    ErrorMessages.isNotFound,
    BusyAnswer.isBusy
  )
  const base = Effect.map(apiVersion, (current) => `/api/fdm/${current}`)
  const http = BasePath.withBasePath(session.http, base)
  const rest = Rest.make(session.target.name, http, accepted, base)
  const files = Files.make({ targetName: session.target.name, http, filterStatusOk: accepted }, rest)
  const kinds = Kinds.make({ targetName: session.target.name, rest })
  return {
    session,
    apiVersion,
    filterStatusOk: accepted,
    http,
    rest,
    haStatus: HaStatus.askHaStatus(rest),
    ...kinds,
    ...files,
    ...Deploy.make(session, rest),
    ...ActiveSessions.make(session.target.name, rest),
    ...Backups.make(session, rest, files),
    ...Accounts.make(session, rest, http, kinds.users, passwords),
    ...CustomToken.make(session, apiVersion, runsOnCustomToken)
  }
}

/** `ClientOptions` say how a client speaks with the device. */
export interface ClientOptions {
  /** `apiVersion` is as in `make`. @default the newest that the device lists, or `latest` */
  readonly apiVersion?: string | undefined
}

const Options = Schema.Struct({ apiVersion: Schema.optional(Schema.Unknown) })

/**
 * `client` gives the FDM's client on a session that was opened in another way, as `Fmc.client` does. Its end is the
 * session's. A password that it changes is not followed: where it is the session's own, the credentials have to have
 * the new one by the next login.
 *
 * @example
 * const networks = yield* Stream.runCollect(Fdm.client(yield* Session.Session).networks.list())
 */
export const client = (session: Session.Session, options: ClientOptions = {}): Fdm => {
  Needed.session("session", session)
  const given = options?.apiVersion
  const version = ApiVersion.make(ApiVersion.listBySession(session), given)
  const apiVersion = InputSchema.check(Options, options, "a client").pipe(
    Effect.zipRight(ApiVersion.validate(given)),
    Effect.zipRight(version.current)
  )
  return clientOn(session, { apiVersion, runsOnCustomToken: false })
}
