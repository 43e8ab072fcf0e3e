import { randomBytes, randomUUID } from "node:crypto"
import { type Appliance, sessionOf } from "../appliance/Appliance.ts"
import {
  type Answer,
  type Call,
  type Handler,
  jsonObject,
  parsed,
  RefusedAnswer,
  type RequestKind
} from "../appliance/Call.ts"
import type { IssuedText, Session, Token } from "../appliance/Sessions.ts"
import type { Fields } from "./Entity.ts"
import { refuse } from "./Replies.ts"

// 365 and 395 days, in seconds (FTD reference, token).
const longestAccess = 31_536_000
const longestRefresh = 34_128_000

/** `kindOf` says what a request to the token operation is for, by its `grant_type`. */
export const kindOf = (call: Call): RequestKind => {
  switch (grantOf(call)?.grant_type) {
    case "refresh_token":
      return "refresh"
    case "revoke_token":
      return "revoke"
    case "custom_token":
      return "custom-token"
    default:
      return "login"
  }
}

/** `handler` serves `POST …/fdm/token`: the four grants. Every refusal is a 400, that of a wrong password too. */
export const handler = (appliance: Appliance): Handler => {
  const { settings, sessions } = appliance
  /** `requests` are what each custom token was made with, for its refreshes. */
  const requests = new Map<Session, CustomTokenRequest>()

  const password = (fields: Fields): Answer => {
    if (!appliance.accepts(fields.username, fields.password)) {
      throw new RefusedAnswer({ status: 400, body: { message: "Failed to authenticate user" } })
    }
    // The limit is shared with the web UI on a device; the oldest ends silently (FTD guide, Authenticating Your REST
    // API Client Using OAuth).
    const open = sessions.openLogins("fdm")
    for (const oldest of open.slice(0, Math.max(0, open.length - settings.fdmSessionLimit + 1))) {
      sessions.end(oldest, "eviction")
    }
    const { username } = settings
    const session = sessions.open(
      { protocol: "fdm", grantType: "password", username, subject: undefined },
      {
        access: issue(settings.tokenLifetime),
        refresh: issue(settings.refreshLifetime)
      }
    )
    return granted(session, settings.tokenLifetime, settings.refreshLifetime)
  }

  const refresh = (fields: Fields): Answer => {
    const token = findToken(fields.refresh_token, "refresh")
    if (token === undefined || sessions.deadBy(token) !== undefined) throw deny("Invalid refresh token.")
    const { session } = token
    const request = requests.get(session)
    // A custom token counts its refreshes; the last pair comes without a refresh token.
    const again = request === undefined || session.refreshes + 1 < request.refreshCount
    const lifetime = request?.lifetime ?? settings.tokenLifetime
    const refreshLifetime = request?.refreshLifetime ?? settings.refreshLifetime
    sessions.rotate(session, {
      access: issue(lifetime),
      refresh: again ? issue(refreshLifetime) : undefined
    })
    return granted(session, lifetime, refreshLifetime)
  }

  const custom = (fields: Fields): Answer => {
    const maker = passwordGranted(fields)
    const request = parseRequest(fields)
    const session = sessions.open(
      { protocol: "fdm", grantType: "custom", username: maker.username, subject: request.subject },
      {
        access: issue(request.lifetime),
        refresh: request.refreshCount === 0 ? undefined : issue(request.refreshLifetime)
      }
    )
    requests.set(session, request)
    return granted(session, request.lifetime, request.refreshLifetime)
  }

  const revoke = (fields: Fields): Answer => {
    const revoker = passwordGranted(fields)
    const { token_to_revoke: value, custom_token_subject_to_revoke: subject } = fields
    // It stands in the device's model (FDM OpenAPI, TokenPayloadUnion), and nobody knows an id: it is not to be used.
    if (fields.custom_token_id_to_revoke !== undefined)
      throw deny("custom_token_id_to_revoke is not supported.")
    if ((value === undefined) === (subject === undefined)) {
      throw deny("Exactly one of token_to_revoke and custom_token_subject_to_revoke is needed.")
    }
    if (subject === undefined) revokeToken(value)
    else for (const session of ofSubject(subject)) sessions.end(session, "revoke")
    return { status: 200, body: { status_code: 200, message: "OK" }, session: revoker.id }
  }

  const findToken = (value: unknown, use: Token["use"]): Token | undefined =>
    typeof value === "string" ? sessions.find(value, "fdm", use) : undefined

  const passwordGranted = (fields: Fields): Session => {
    const value = fields.access_token
    const session = sessionOf(appliance, "fdm", typeof value === "string" ? value : undefined)
    if (session === undefined) throw deny("Invalid access token.")
    if (session.grantType === "custom") throw deny("A custom token cannot create or revoke tokens.")
    return session
  }

  // Cisco speaks of access tokens alone (FTD reference, token). FTDAnsible has always sent its refresh token, and takes a
  // refusal for a failure, of which nobody has reported one: it is taken. What ends with it is unknown; here the access
  // token does not, so that the ledger shows a session that is still open.
  const revokeToken = (value: unknown): void => {
    const token = findToken(value, "access") ?? findToken(value, "refresh")
    if (token === undefined || sessions.deadBy(token) !== undefined) throw deny("Invalid token to revoke.")
    if (token.use === "access") sessions.end(token.session, "revoke")
    else token.session.refresh = undefined
  }

  const ofSubject = (subject: unknown): ReadonlyArray<Session> =>
    sessions.all.filter((session) => session.grantType === "custom" && session.subject === subject)

  return (call) => {
    const fields = grantOf(call)
    if (fields === undefined) throw refuse(400, "The body is not a JSON object.")
    switch (fields.grant_type) {
      case "password":
        return password(fields)
      case "refresh_token":
        return refresh(fields)
      case "custom_token":
        return custom(fields)
      case "revoke_token":
        return revoke(fields)
      default:
        throw deny("Invalid grant type.")
    }
  }
}

/** `grantOf` reads a grant: JSON (FTD reference, token), or a form, as RFC 6749 has it and public scripts send it. */
const grantOf = (call: Call): Fields | undefined =>
  /^application\/x-www-form-urlencoded\b/i.test(call.headers["content-type"] ?? "")
    ? Object.fromEntries(new URLSearchParams(call.body))
    : jsonObject(parsed(call))

interface CustomTokenRequest {
  readonly subject: string
  readonly lifetime: number
  readonly refreshLifetime: number
  readonly refreshCount: number
}

/** `parseRequest` goes by the rules of custom tokens (FTD reference, token); seconds on the wire, milliseconds here. */
const parseRequest = (fields: Fields): CustomTokenRequest => {
  const { desired_subject: subject, desired_refresh_count: count = 0 } = fields
  const lifetime = fields.desired_expires_in
  if (typeof subject !== "string" || subject === "") throw deny("desired_subject is needed.")
  if (!whole(count)) throw deny("desired_refresh_count must be a whole number.")
  if (!whole(lifetime) || lifetime < 1 || lifetime > longestAccess) {
    throw deny(`desired_expires_in must be 1 to ${longestAccess}.`)
  }
  if (count === 0) return { subject, lifetime: lifetime * 1000, refreshLifetime: 0, refreshCount: 0 }
  const refreshLifetime = fields.desired_refresh_expires_in
  if (!whole(refreshLifetime) || refreshLifetime > longestRefresh || refreshLifetime <= lifetime) {
    throw deny(`desired_refresh_expires_in must be above desired_expires_in and at most ${longestRefresh}.`)
  }
  return { subject, lifetime: lifetime * 1000, refreshLifetime: refreshLifetime * 1000, refreshCount: count }
}

const whole = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

const deny = (message: string): RefusedAnswer =>
  new RefusedAnswer({ status: 400, body: { status_code: 400, message } })

const granted = (session: Session, lifetime: number, refreshLifetime: number): Answer => ({
  status: 200,
  session: session.id,
  body: {
    access_token: session.access?.value,
    expires_in: Math.floor(lifetime / 1000),
    token_type: "Bearer",
    ...(session.refresh !== undefined && {
      refresh_token: session.refresh.value,
      refresh_expires_in: Math.floor(refreshLifetime / 1000)
    })
  }
})

// Looks like the JWT of a device and means nothing.
const issue = (lifetime: number): IssuedText => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const value = `${part({ alg: "HS256" })}.${part({ jti: randomUUID() })}.${randomBytes(32).toString("base64url")}`
  return { value, lifetime }
}
