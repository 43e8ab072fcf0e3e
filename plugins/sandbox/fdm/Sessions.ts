import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Route } from "../appliance/Call.ts"
import type { Session } from "../appliance/Sessions.ts"
import { list } from "./Query.ts"
import { absent, linksTo } from "./Replies.ts"

/** `routes` are those of `/action/activeusersessions`: the logins that are open, read one by one or all, and ended. */
export const routes = ({ now, sessions }: Appliance): ReadonlyArray<Route> => {
  const open = () => sessions.openLogins("fdm")

  const stored = (call: Call, id: string | undefined): Session => {
    const session = open().find((candidate) => candidate.id === id)
    if (session === undefined) throw absent(call)
    return session
  }

  // Whether a device writes these times in seconds or in milliseconds: unknown. Its other times are milliseconds.
  const shown = (call: Call, session: Session) => ({
    userName: session.username,
    identitySourceId: "LocalIdentitySource",
    issuedAt: session.openedAt,
    expiresAt: session.access?.expiresAt,
    sessionDuration: `${Math.floor((now() - session.openedAt) / 60_000)} minutes`,
    id: session.id,
    type: "ActiveUserSessions",
    links: linksTo(call, `/action/activeusersessions/${session.id}`)
  })

  return [
    {
      path: /^\/api\/fdm\/[^/]+\/action\/activeusersessions$/,
      verbs: {
        GET: (call) =>
          list(
            call,
            open().map((session) => shown(call, session))
          )
      }
    },
    {
      path: /^\/api\/fdm\/[^/]+\/action\/activeusersessions\/([^/]+)$/,
      verbs: {
        GET: (call, [id]) => ({ status: 200, body: shown(call, stored(call, id)) }),
        DELETE: (call, [id]) => {
          sessions.end(stored(call, id), "eviction")
          return { status: 204 }
        }
      }
    }
  ]
}
