import { Buffer } from "node:buffer"
import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import { sessionOf } from "../appliance/Appliance.ts"
import type { Answer, Call, Handler, RequestKind, Route } from "../appliance/Call.ts"
import type { Session, TokenPair } from "../appliance/Sessions.ts"
import { type Domain, uuidOf } from "./Domains.ts"
import { refuse } from "./Replies.ts"

const base = "/api/fmc_platform/v1/auth"

/** `kindOf` says what a path of the FMC is for. Cisco documents two spellings of refresh. */
export const kindOf = (path: string): RequestKind => {
  switch (path.toLowerCase()) {
    case `${base}/generatetoken`:
      return "login"
    case `${base}/refreshtoken`:
      return "refresh"
    case `${base}/revokeaccess`:
      return "revoke"
    default:
      return "call"
  }
}

/** `signedBy` is the session whose token a request carries in its header; it refuses with 401. */
export const signedBy = (appliance: Appliance, call: Call): Session => {
  const session = sessionOf(appliance, "fmc", header(call, "x-auth-access-token"))
  if (session === undefined) throw refuse(401, "Access token invalid.")
  return session
}

/** `hasApiToken` says whether a request carries the API token, as a cdFMC's do. There is no session behind it. */
export const hasApiToken = (appliance: Appliance, call: Call): boolean =>
  appliance.acceptsToken(/^Bearer +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1])

/**
 * `routes` are generatetoken, refreshtoken and revokeaccess. Whatever body comes with them is ignored: clients send
 * many.
 */
export const routes = (appliance: Appliance, domains: ReadonlyArray<Domain>): ReadonlyArray<Route> => {
  const { settings, sessions } = appliance

  const freshPair = (): TokenPair => ({
    access: { value: randomUUID(), lifetime: settings.tokenLifetime },
    refresh: { value: randomUUID(), lifetime: settings.tokenLifetime + settings.refreshGrace }
  })

  const generate: Handler = (call) => {
    const account = basicAccount(call)
    if (account === undefined || !appliance.accepts(account.username, account.password)) {
      throw refuse(401, "User authentication failed")
    }
    if (settings.evictOnLogin) {
      // Also one that has just expired and could still be refreshed.
      for (const older of sessions.all) if (older.protocol === "fmc") sessions.end(older, "eviction")
    }
    const { username } = account
    const session = sessions.open(
      { protocol: "fmc", grantType: "password", username, subject: undefined },
      freshPair()
    )
    return granted(session, domains)
  }

  const refresh: Handler = (call) => {
    const token = sessions.find(header(call, "x-auth-refresh-token"), "fmc", "refresh")
    // The access token may have expired, but it has to be the newest of the same session.
    const matches = token?.session.access?.value === header(call, "x-auth-access-token")
    if (token === undefined || !matches || sessions.deadBy(token) !== undefined) {
      throw refuse(401, "Invalid refresh token.")
    }
    if (token.session.refreshes >= settings.refreshLimit) {
      throw refuse(401, "Invalid refresh token: the refresh limit is reached.")
    }
    sessions.rotate(token.session, freshPair())
    return granted(token.session, domains)
  }

  const revoke: Handler = (call) => {
    const session = signedBy(appliance, call)
    sessions.end(session, "revoke")
    return { status: 204, session: session.id }
  }

  return [
    { path: new RegExp(`^${base}/generatetoken$`), verbs: { POST: generate } },
    { path: new RegExp(`^${base}/refresh[tT]oken$`), verbs: { POST: refresh } },
    { path: new RegExp(`^${base}/revokeaccess$`), verbs: { POST: revoke } }
  ]
}

const granted = (session: Session, domains: ReadonlyArray<Domain>): Answer => {
  const first = domains[0]
  return {
    status: 204,
    session: session.id,
    headers: {
      "X-auth-access-token": session.access?.value ?? "",
      "X-auth-refresh-token": session.refresh?.value ?? "",
      USER_UUID: uuidOf(`user ${session.username}`),
      DOMAIN_ID: "0",
      DOMAIN_UUID: first?.uuid ?? "",
      global: first?.uuid ?? "",
      DOMAINS: asciiJson(domains)
    }
  }
}

/**
 * `basicAccount` takes the first colon for the end of the user's name; the password may hold more of them, and any
 * UTF-8.
 */
const basicAccount = (call: Call): { readonly username: string; readonly password: string } | undefined => {
  const encoded = /^Basic +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1]
  if (encoded === undefined) return undefined
  const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? []
  return username === undefined || password === undefined ? undefined : { username, password }
}

// A header holds no letters beyond Latin-1, and a domain's name may.
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

const header = (call: Call, name: string): string | undefined => {
  const value = call.headers[name]
  return typeof value === "string" && value !== "" ? value : undefined
}
