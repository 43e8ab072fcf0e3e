import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Handler, Route } from "../appliance/Call.ts"
import { list } from "./Query.ts"
import { absent, invalid, linksTo } from "./Replies.ts"
import { bodyOf } from "./Store.ts"

/**
 * `routes` are those of `/object/users`: the one account, whose password an update changes; sessions that are open stay
 * open.
 */
export const routes = (appliance: Appliance): ReadonlyArray<Route> => {
  const { username } = appliance.settings
  const id = randomUUID()
  let version = randomUUID()

  // Without its passwords, which an update gives as `password` and `newPassword`.
  const shown = (call: Call) => ({
    version,
    name: username,
    userPreferences: {
      preferredTimeZone: "(UTC+00:00) UTC",
      colorTheme: "NORMAL_CISCO_IDENTITY",
      type: "userpreferences"
    },
    userRole: "ROLE_ADMIN",
    identitySourceId: "LocalIdentitySource",
    userServiceTypes: ["MGMT"],
    id,
    type: "user",
    links: linksTo(call, `/object/users/${id}`)
  })

  const known = (call: Call, given: string | undefined): void => {
    if (given !== id) throw absent(call)
  }

  const update: Handler = (call, [given]) => {
    known(call, given)
    const fields = bodyOf(call)
    if (fields.type !== "user") throw invalid("Expected type user.", "invalidType", "type")
    if (fields.version !== version) {
      throw invalid("The version is not that of the stored object.", "entityVersionMismatch", "version")
    }
    if (fields.name !== username) throw invalid("The account cannot be renamed.", "invalidName", "name")
    if (isGiven(fields.password) || isGiven(fields.newPassword)) {
      if (!appliance.accepts(username, fields.password)) {
        throw invalid("The password of now is wrong.", "invalidPassword", "password")
      }
      const { newPassword } = fields
      if (!isGiven(newPassword) || newPassword.length < 8 || newPassword === fields.password) {
        throw invalid("The new password is too short, or the old one.", "invalidPassword", "newPassword")
      }
      appliance.setPassword(newPassword)
    }
    version = randomUUID()
    return { status: 200, body: shown(call) }
  }

  return [
    {
      path: /^\/api\/fdm\/[^/]+\/object\/users$/,
      verbs: { GET: (call) => list(call, [shown(call)]) }
    },
    {
      path: /^\/api\/fdm\/[^/]+\/object\/users\/([^/]+)$/,
      verbs: {
        GET: (call, [given]) => {
          known(call, given)
          return { status: 200, body: shown(call) }
        },
        PUT: update
      }
    }
  ]
}

// What a device shows in place of a password is no password.
const isGiven = (value: unknown): value is string => typeof value === "string" && !/^\**$/.test(value)
