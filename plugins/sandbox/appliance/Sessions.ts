import { randomUUID } from "node:crypto"
import type { Protocol } from "./Call.ts"

export type EndedBy = "revoke" | "eviction" | "expiry"

/** `DeadBy` says why a token that this sandbox gave out is good no more; `rotation`: a refresh has replaced it. */
export type DeadBy = EndedBy | "rotation"

export interface Token {
  readonly value: string
  readonly use: "access" | "refresh"
  readonly session: Session
  readonly expiresAt: number
}

/** One login and all its rotations; or one custom token of an FDM and its. */
export interface Session {
  readonly id: string
  readonly protocol: Protocol
  readonly grantType: "password" | "custom"
  readonly username: string
  /** FDM's `desired_subject`, of a custom token. */
  readonly subject: string | undefined
  readonly openedAt: number
  refreshes: number
  access: Token | undefined
  refresh: Token | undefined
  ended: { readonly at: number; readonly by: EndedBy } | undefined
}

/** A token's text and its lifetime in milliseconds. */
export interface IssuedText {
  readonly value: string
  readonly lifetime: number
}

export interface TokenPair {
  readonly access: IssuedText
  readonly refresh: IssuedText | undefined
}

/**
 * Every session and every token that the sandbox ever gave out. A session is open from its login until it is
 * revoked or evicted, or until its access token has expired; a refresh just after that opens it again.
 */
export class Sessions {
  readonly all: Array<Session> = []
  readonly #tokens = new Map<string, Token>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  open(of: Pick<Session, "protocol" | "grantType" | "username" | "subject">, pair: TokenPair): Session {
    const session: Session = {
      ...of,
      id: randomUUID(),
      openedAt: this.#now(),
      refreshes: 0,
      access: undefined,
      refresh: undefined,
      ended: undefined
    }
    this.#issue(session, pair)
    this.all.push(session)
    return session
  }

  /** Both old tokens die. Nobody knows whether a device kills the old access token; the strict answer tests more. */
  rotate(session: Session, pair: TokenPair): void {
    session.refreshes += 1
    this.#issue(session, pair)
  }

  end(session: Session, by: EndedBy): void {
    session.ended ??= this.endOf(session) ?? { at: this.#now(), by }
  }

  /** `endOf` says when and how it ended, `undefined` while it is open. */
  endOf(session: Session): Session["ended"] {
    if (session.ended !== undefined) return session.ended
    const expiresAt = session.access?.expiresAt ?? 0
    return this.#now() >= expiresAt ? { at: expiresAt, by: "expiry" } : undefined
  }

  /** Open logins of one protocol, the oldest first; custom tokens are not logins. */
  openLogins(protocol: Protocol): ReadonlyArray<Session> {
    return this.all.filter(
      (session) =>
        session.protocol === protocol && session.grantType === "password" && this.endOf(session) === undefined
    )
  }

  find(value: string | undefined, protocol: Protocol, use: Token["use"]): Token | undefined {
    const token = value === undefined ? undefined : this.#tokens.get(value)
    return token?.use === use && token.session.protocol === protocol ? token : undefined
  }

  /** `undefined` for a token that is good now. */
  deadBy(token: Token): DeadBy | undefined {
    const { session } = token
    if (session.ended !== undefined) return session.ended.by
    if (session[token.use] !== token) return "rotation"
    return this.#now() >= token.expiresAt ? "expiry" : undefined
  }

  #issue(session: Session, pair: TokenPair): void {
    session.access = this.#token(session, "access", pair.access)
    session.refresh = pair.refresh === undefined ? undefined : this.#token(session, "refresh", pair.refresh)
  }

  #token(session: Session, use: Token["use"], issue: IssuedText): Token {
    const token = { value: issue.value, use, session, expiresAt: this.#now() + issue.lifetime }
    this.#tokens.set(token.value, token)
    return token
  }
}
