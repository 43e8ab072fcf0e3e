import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Change, Lenient, PathSegment, ReadBack, type Rest, type SessionError } from "sallyport/plugin"
import { byOptions, type ListOptions } from "./ListOptions.ts"

const time = Lenient.field(Schema.NullOr(Lenient.Numeric))

/**
 * `ActiveSession` is a login that is open, of a script or of the web interface. Whether its times are seconds or
 * milliseconds: unknown.
 */
export const ActiveSession = Schema.Struct(
  {
    id: Lenient.Text,
    userName: Lenient.textOrNull,
    issuedAt: time,
    expiresAt: time,
    sessionDuration: Lenient.textOrNull
  },
  Lenient.others
)
export type ActiveSession = typeof ActiveSession.Type

/**
 * `ActiveSessions` tell who is logged in. A device has five sessions, and a sixth silently ends the oldest (FTD guide,
 * Authenticating Your REST API Client Using OAuth).
 */
export interface ActiveSessions {
  /** `listActiveSessions` gives the logins that are open, this session's own among them. */
  readonly listActiveSessions: (options?: ListOptions) => Stream.Stream<ActiveSession, SessionError>
  /**
   * `endSession` ends a session. One that is not there is `DeviceRefused`, and `isAbsent`. The own one is ended too, if
   * it is given: the next request then logs in again.
   */
  readonly endSession: (id: string) => Effect.Effect<void, SessionError>
}

export const make = (targetName: string, rest: Rest.Rest): ActiveSessions => {
  const path = "/action/activeusersessions"
  const listActiveSessions = byOptions(({ filter, limit, sort }) =>
    Lenient.list(rest, path, ActiveSession, { filter, limit, sort })
  )
  return {
    listActiveSessions,
    endSession: (id) =>
      Effect.gen(function* () {
        const one = yield* PathSegment.join(path, { id })
        const isEnded = Effect.map(
          Stream.runHead(Stream.filter(listActiveSessions(), (one) => one.id === id)),
          (there) => (Option.isSome(there) ? Option.none() : Option.some(undefined))
        )
        yield* Change.make(
          Change.irreversible<void>({
            targetName,
            at: rest.at(path),
            kind: "session",
            action: "end",
            name: id,
            cannot: "whoever had it has to log in again",
            look: isEnded,
            planned: () => undefined
          }),
          Effect.asVoid(ReadBack.readBack(rest.send("DELETE", one, Schema.Unknown), isEnded))
        )
      })
  }
}
