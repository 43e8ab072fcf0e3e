import type { Call, Protocol, RequestKind } from "./Call.ts"
import type { DeadBy, EndedBy, Session, Sessions } from "./Sessions.ts"

/** A session as the ledger shows it; times are milliseconds of the sandbox's clock. Holds no secret. */
export interface SessionRecord {
  readonly id: string
  readonly kind: Protocol
  readonly username: string
  /** The subject of an FDM's custom token. */
  readonly subject: string | undefined
  readonly openedAt: number
  readonly endedAt: number | undefined
  readonly endedBy: EndedBy | undefined
  readonly refreshes: number
}

/** A request as the ledger lists it. */
export interface RequestRecord {
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly protocol: Protocol | undefined
  readonly kind: RequestKind
  /**
   * The status that was sent, or how it went otherwise: not answered yet, connection broken before the work or
   * after it, never answered, or given up by the client while it waited.
   */
  readonly status: number | "pending" | "reset" | "lost" | "hung" | "gone"
  /** The session that it opened or used. */
  readonly session: string | undefined
}

/** Counts, of one protocol or of both. */
export interface Tally {
  readonly opened: number
  readonly ended: number
  /**
   * Sessions that could be used now: neither revoked nor evicted, and their access token not expired by the
   * sandbox's clock. One that expired counts as ended by expiry, until a refresh within the grace reopens it.
   */
  readonly open: number
  readonly logins: number
  /** Login attempts that opened no session: refused, throttled, or met by a fault. Likewise the two below. */
  readonly loginsRefused: number
  readonly refreshes: number
  readonly refreshesRefused: number
  readonly revokes: number
  readonly revokesRefused: number
  /** Requests, refreshes apart, that came with an access token of this sandbox that was good no more, by reason. */
  readonly expiredTokensSent: Readonly<Record<DeadBy | "total", number>>
}

export interface Ledger extends Tally {
  readonly fmc: Tally
  readonly fdm: Tally
  /** Every login, in order. */
  readonly sessions: ReadonlyArray<SessionRecord>
  /** FDM's custom tokens: they outlive the login that made them, so they are no sessions of it. */
  readonly customTokens: ReadonlyArray<SessionRecord>
  /** The newest requests, at least 10,000 of them, in order of arrival. */
  readonly requests: ReadonlyArray<RequestRecord>
  readonly connections: { readonly now: number; readonly max: number }
  /** The account as text for a terminal, one protocol a line. */
  readonly toString: () => string
}

type Counter = "logins" | "refreshes" | "revokes"

interface Counts extends Record<Counter | `${Counter}Refused`, number> {
  readonly dead: Record<DeadBy, number>
}

export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] }

class LiveTally implements Tally {
  readonly #sessions: Sessions
  readonly #counts: Partial<Record<Protocol, Counts>>

  constructor(sessions: Sessions, counts: Partial<Record<Protocol, Counts>>) {
    this.#sessions = sessions
    this.#counts = counts
  }
  get opened() {
    return this.#logins().length
  }
  get ended() {
    return this.opened - this.open
  }
  get open() {
    return this.#logins().filter((session) => this.#sessions.endOf(session) === undefined).length
  }
  get logins() {
    return this.#sum((counts) => counts.logins)
  }
  get loginsRefused() {
    return this.#sum((counts) => counts.loginsRefused)
  }
  get refreshes() {
    return this.#sum((counts) => counts.refreshes)
  }
  get refreshesRefused() {
    return this.#sum((counts) => counts.refreshesRefused)
  }
  get revokes() {
    return this.#sum((counts) => counts.revokes)
  }
  get revokesRefused() {
    return this.#sum((counts) => counts.revokesRefused)
  }
  get expiredTokensSent() {
    const by = (why: DeadBy) => this.#sum((counts) => counts.dead[why])
    const split = {
      expiry: by("expiry"),
      rotation: by("rotation"),
      revoke: by("revoke"),
      eviction: by("eviction")
    }
    return { ...split, total: split.expiry + split.rotation + split.revoke + split.eviction }
  }

  #logins(): ReadonlyArray<Session> {
    return this.#sessions.all.filter(
      (session) => session.grant === "password" && this.#counts[session.protocol] !== undefined
    )
  }

  #sum(of: (counts: Counts) => number): number {
    return Object.values(this.#counts).reduce((sum, counts) => sum + of(counts), 0)
  }
}

/** The ledger with what the server writes into it. */
export class LiveLedger extends LiveTally implements Ledger {
  readonly fmc: Tally
  readonly fdm: Tally
  readonly requests: Array<OpenRecord> = []
  readonly connections = { now: 0, max: 0 }
  readonly #sessions: Sessions
  readonly #counts: Readonly<Record<Protocol, Counts>>
  readonly #now: () => number

  constructor(sessions: Sessions, now: () => number) {
    const counts = { fmc: noCounts(), fdm: noCounts() }
    super(sessions, counts)
    this.fmc = new LiveTally(sessions, { fmc: counts.fmc })
    this.fdm = new LiveTally(sessions, { fdm: counts.fdm })
    this.#sessions = sessions
    this.#counts = counts
    this.#now = now
  }
  get sessions() {
    return this.#records("password")
  }
  get customTokens() {
    return this.#records("custom")
  }

  arrived(call: Call, protocol: Protocol | undefined, kind: RequestKind): OpenRecord {
    const record: OpenRecord = {
      at: this.#now(),
      method: call.method,
      path: call.target,
      protocol,
      kind,
      status: "pending",
      session: undefined
    }
    this.requests.push(record)
    // A sandbox that runs for days must not grow for ever.
    if (this.requests.length > 20_000) this.requests.splice(0, 10_000)
    return record
  }

  /** What became of a request's work, whether or not its answer arrives. */
  worked(record: RequestRecord, done: boolean): void {
    const counter = counterOf[record.kind]
    if (record.protocol === undefined || counter === undefined) return
    this.#counts[record.protocol][done ? counter : (`${counter}Refused` as const)] += 1
  }

  deadTokenSent(protocol: Protocol, why: DeadBy): void {
    this.#counts[protocol].dead[why] += 1
  }

  connected(): void {
    this.connections.now += 1
    this.connections.max = Math.max(this.connections.max, this.connections.now)
  }

  disconnected(): void {
    this.connections.now -= 1
  }

  override toString(): string {
    const line = (name: string, tally: Tally) =>
      `  ${name}  ${tally.opened} opened, ${tally.ended} ended, ${tally.open} open` +
      ` · ${tally.logins} logins (${tally.loginsRefused} refused)` +
      `, ${tally.refreshes} refreshes (${tally.refreshesRefused} refused)` +
      `, ${tally.revokes} revokes (${tally.revokesRefused} refused)` +
      ` · dead tokens sent: ${tally.expiredTokensSent.total}`
    return `${line("FMC", this.fmc)}\n${line("FDM", this.fdm)}`
  }

  #records(grant: Session["grant"]): ReadonlyArray<SessionRecord> {
    return this.#sessions.all
      .filter((session) => session.grant === grant)
      .map((session) => {
        const end = this.#sessions.endOf(session)
        return {
          id: session.id,
          kind: session.protocol,
          username: session.username,
          subject: session.subject,
          openedAt: session.openedAt,
          endedAt: end?.at,
          endedBy: end?.by,
          refreshes: session.refreshes
        }
      })
  }
}

const counterOf: Partial<Record<RequestKind, Counter>> = {
  login: "logins",
  refresh: "refreshes",
  revoke: "revokes"
}

const noCounts = (): Counts => ({
  logins: 0,
  loginsRefused: 0,
  refreshes: 0,
  refreshesRefused: 0,
  revokes: 0,
  revokesRefused: 0,
  dead: { expiry: 0, rotation: 0, revoke: 0, eviction: 0 }
})
