import { randomUUID } from "node:crypto"
import type { Protocol } from "./Call.ts"

/** `EndedBy` says what ended a session: a logout, the device, or time. */
export type EndedBy = "revoke" | "eviction" | "expiry"

/** `DeadBy` says why a token that this sandbox gave out is good no more; `rotation`: a refresh has replaced it. */
export type DeadBy = EndedBy | "rotation"

export interface Token {
  readonly value: string
  readonly use: "access" | "refresh"
  readonly session: Session
  readonly expiresAt: number
}

/** `Session` is one login and all its rotations; or one custom token of an FDM and its. */
export interface Session {
  readonly id: string
  readonly protocol: Protocol
  readonly grantType: "password" | "custom"
  readonly username: string
  /** `subject` is FDM's `desired_subject`, of a custom token. */
  readonly subject: string | undefined
  readonly openedAt: number
  refreshes: number
  access: Token | undefined
  refresh: Token | undefined
  ended: { readonly at: number; readonly by: EndedBy } | undefined
}

/** `IssuedText` is a token's text and its lifetime in milliseconds. */
export interface IssuedText {
  readonly value: string
  readonly lifetime: number
}

export interface TokenPair {
  readonly access: IssuedText
  readonly refresh: IssuedText | undefined
}

/**
 * `Sessions` has every session and every token that the sandbox ever gave out. A session is open from its login until
 * it is revoked or evicted, or until its access token has expired; a refresh just after that opens it again.
 */
export interface Sessions {
  readonly all: Array<Session>
  readonly open: (
    of: Pick<Session, "protocol" | "grantType" | "username" | "subject">,
    pair: TokenPair
  ) => Session
  /**
   * `rotate` ends both old tokens. Nobody knows whether a device kills the old access token; the strict answer tests
   * more.
   */
  readonly rotate: (session: Session, pair: TokenPair) => void
  readonly end: (session: Session, by: EndedBy) => void
  /** `endOf` says when and how it ended, `undefined` while it is open. */
  readonly endOf: (session: Session) => Session["ended"]
  /** `openLogins` are the open logins of one protocol, the oldest first; custom tokens are not logins. */
  readonly openLogins: (protocol: Protocol) => ReadonlyArray<Session>
  readonly find: (value: string | undefined, protocol: Protocol, use: Token["use"]) => Token | undefined
  /** `deadBy` is `undefined` for a token that is good now. */
  readonly deadBy: (token: Token) => DeadBy | undefined
}

export const make = (now: () => number): Sessions => {
  const all: Array<Session> = []
  const tokens = new Map<string, Token>()

  const open = (
    of: Pick<Session, "protocol" | "grantType" | "username" | "subject">,
    pair: TokenPair
  ): Session => {
    const session: Session = {
      ...of,
      id: randomUUID(),
      openedAt: now(),
      refreshes: 0,
      access: undefined,
      refresh: undefined,
      ended: undefined
    }
    issue(session, pair)
    all.push(session)
    return session
  }

  const rotate = (session: Session, pair: TokenPair): void => {
    session.refreshes += 1
    issue(session, pair)
  }

  const end = (session: Session, by: EndedBy): void => {
    session.ended ??= endOf(session) ?? { at: now(), by }
  }

  const endOf = (session: Session): Session["ended"] => {
    if (session.ended !== undefined) return session.ended
    const expiresAt = session.access?.expiresAt ?? 0
    return now() >= expiresAt ? { at: expiresAt, by: "expiry" } : undefined
  }

  const openLogins = (protocol: Protocol): ReadonlyArray<Session> =>
    all.filter(
      (session) =>
        session.protocol === protocol && session.grantType === "password" && endOf(session) === undefined
    )

  const find = (value: string | undefined, protocol: Protocol, use: Token["use"]): Token | undefined => {
    const token = value === undefined ? undefined : tokens.get(value)
    return token?.use === use && token.session.protocol === protocol ? token : undefined
  }

  const deadBy = (token: Token): DeadBy | undefined => {
    const { session } = token
    if (session.ended !== undefined) return session.ended.by
    if (session[token.use] !== token) return "rotation"
    return now() >= token.expiresAt ? "expiry" : undefined
  }

  const issue = (session: Session, pair: TokenPair): void => {
    session.access = makeToken(session, "access", pair.access)
    session.refresh = pair.refresh === undefined ? undefined : makeToken(session, "refresh", pair.refresh)
  }

  const makeToken = (session: Session, use: Token["use"], issue: IssuedText): Token => {
    const token = { value: issue.value, use, session, expiresAt: now() + issue.lifetime }
    tokens.set(token.value, token)
    return token
  }

  return { all, open, rotate, end, endOf, openLogins, find, deadBy }
}
