import type { Call, Device, Protocol, RequestKind } from "./Call.ts"
import type { How } from "./Fault.ts"
import type { DeadBy, EndedBy, Session, Sessions } from "./Sessions.ts"

/**
 * `SessionRecord` is a session as the ledger shows it; times are milliseconds of the sandbox's clock. Holds no secret.
 */
export interface SessionRecord {
  readonly id: string
  readonly kind: Protocol
  readonly username: string
  /** `subject` is the subject of an FDM's custom token. */
  readonly subject: string | undefined
  readonly openedAt: number
  readonly endedAt: number | undefined
  readonly endedBy: EndedBy | undefined
  /** `refreshes` counts those that the sandbox granted. */
  readonly refreshes: number
}

/** `RequestRecord` is a request as the ledger lists it. */
export interface RequestRecord {
  /** `at` is in milliseconds of the sandbox's clock. */
  readonly at: number
  readonly method: string
  /** `path` is path and query. */
  readonly path: string
  /** `protocol` is `undefined` for what is neither an FMC's nor an FDM's. */
  readonly protocol: Protocol | undefined
  readonly kind: RequestKind
  /**
   * `operation` is the name of its operation in the device's own description, such as `getAllHostObject`, where it has
   * one.
   */
  readonly operation: string | undefined
  /**
   * `status` is the status that was sent, or how it went otherwise: not answered yet, connection broken before the work
   * or after it, never answered, or given up by the client while it waited.
   */
  readonly status: number | "pending" | "reset" | "lost" | "hung" | "gone"
  /** `session` is the session that it opened or used. */
  readonly session: string | undefined
  /** `fault` is the fault that it met, where it met one. */
  readonly fault?: How["_tag"]
}

/** `Tally` counts what happened, of one protocol or of both. */
export interface Tally {
  /** `opened` counts the sessions that were logged in to. */
  readonly opened: number
  /** `ended` counts the sessions that are over, whatever ended them. */
  readonly ended: number
  /**
   * `open` counts the sessions that could be used now: neither revoked nor evicted, and their access token not expired
   * by the sandbox's clock. One that expired counts as ended by expiry, until a refresh within the grace reopens it.
   */
  readonly open: number
  readonly logins: number
  /**
   * `loginsRefused` counts the login attempts that opened no session: refused, throttled, or met by a fault. Likewise
   * the two below.
   */
  readonly loginsRefused: number
  readonly refreshes: number
  readonly refreshesRefused: number
  readonly revokes: number
  readonly revokesRefused: number
  /**
   * `expiredTokensSent` counts the requests that carried an access token of this sandbox that was good no more, by
   * reason. Refreshes, and what clients leave in the headers of a login, do not count.
   */
  readonly expiredTokensSent: Readonly<Record<DeadBy | "total", number>>
}

/** `Ledger` is the account of what has happened at the sandbox: the counts of both protocols together, and of each. */
export interface Ledger extends Tally {
  readonly fmc: Tally
  readonly fdm: Tally
  /** `sessions` has every login, in order. */
  readonly sessions: ReadonlyArray<SessionRecord>
  /** `customTokens` are FDM's: they outlive the login that made them, so they are no sessions of it. */
  readonly customTokens: ReadonlyArray<SessionRecord>
  /** `requests` are the newest requests, at least 10,000 of them, in order of arrival. */
  readonly requests: ReadonlyArray<RequestRecord>
  /** `connections` counts those that are open now, and the most that were at once. */
  readonly connections: { readonly now: number; readonly max: number }
  /** `toString` gives the account as text for a terminal, one protocol a line. */
  readonly toString: () => string
}

/** `Recorder` is the ledger, and what the server writes into it. */
export interface Recorder {
  readonly ledger: Ledger
  readonly arrived: (call: Call, device: Device | undefined, kind: RequestKind) => OpenRecord
  /** `worked` notes what became of a request's work, whether or not its answer arrives. */
  readonly worked: (record: RequestRecord, done: boolean) => void
  readonly deadTokenSent: (protocol: Protocol, why: DeadBy) => void
  readonly connected: () => void
  readonly disconnected: () => void
}

/** `OpenRecord` is a request's record while its end is open. */
export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] }

export const make = (sessions: Sessions, now: () => number): Recorder => {
  const counts = { fmc: noCounts(), fdm: noCounts() }
  const requests: Array<OpenRecord> = []
  const connections = { now: 0, max: 0 }
  const of = (grant: Session["grantType"]) => {
    const found = sessions.all.filter((session) => session.grantType === grant)
    return found.map((session) => recordOf(session, sessions.endOf(session)))
  }
  const fmc = tally(sessions, { fmc: counts.fmc })
  const fdm = tally(sessions, { fdm: counts.fdm })
  const lists: Omit<Ledger, keyof Tally> = {
    fmc,
    fdm,
    get sessions() {
      return of("password")
    },
    get customTokens() {
      return of("custom")
    },
    requests,
    connections,
    toString: () => `${line("FMC", fmc)}\n${line("FDM", fdm)}`
  }

  return {
    // Own getters, so that it prints, compares and clones like plain data, and holds no session with its tokens.
    ledger: Object.defineProperties(
      lists,
      Object.getOwnPropertyDescriptors(tally(sessions, counts))
    ) as Ledger, // the type of defineProperties does not tell what it added
    arrived: (call, device, kind) => {
      const record: OpenRecord = {
        at: now(),
        method: call.method,
        path: call.requestTarget,
        protocol: device?.protocol,
        kind,
        operation: device?.operationOf(call),
        status: "pending",
        session: undefined
      }
      requests.push(record)
      // A sandbox that runs for days must not grow for ever.
      if (requests.length > 20_000) requests.splice(0, 10_000)
      return record
    },
    worked: (record, done) => {
      const counter = counterOf[record.kind]
      if (record.protocol === undefined || counter === undefined) return
      counts[record.protocol][done ? counter : (`${counter}Refused` as const)] += 1
    },
    deadTokenSent: (protocol, why) => {
      counts[protocol].dead[why] += 1
    },
    connected: () => {
      connections.now += 1
      connections.max = Math.max(connections.max, connections.now)
    },
    disconnected: () => {
      connections.now -= 1
    }
  }
}

type Counter = "logins" | "refreshes" | "revokes"

interface Counts extends Record<Counter | `${Counter}Refused`, number> {
  readonly dead: Record<DeadBy, number>
}

const tally = (sessions: Sessions, counts: Partial<Record<Protocol, Counts>>): Tally => {
  const logins = () =>
    sessions.all.filter(
      ({ grantType, protocol }) => grantType === "password" && counts[protocol] !== undefined
    )
  const open = () => logins().filter((session) => sessions.endOf(session) === undefined)
  const sum = (pick: (of: Counts) => number) =>
    Object.values(counts).reduce((total, each) => total + pick(each), 0)
  return {
    get opened() {
      return logins().length
    },
    get ended() {
      return logins().length - open().length
    },
    get open() {
      return open().length
    },
    get logins() {
      return sum((of) => of.logins)
    },
    get loginsRefused() {
      return sum((of) => of.loginsRefused)
    },
    get refreshes() {
      return sum((of) => of.refreshes)
    },
    get refreshesRefused() {
      return sum((of) => of.refreshesRefused)
    },
    get revokes() {
      return sum((of) => of.revokes)
    },
    get revokesRefused() {
      return sum((of) => of.revokesRefused)
    },
    get expiredTokensSent() {
      const expiry = sum((of) => of.dead.expiry)
      const rotation = sum((of) => of.dead.rotation)
      const revoke = sum((of) => of.dead.revoke)
      const eviction = sum((of) => of.dead.eviction)
      return { expiry, rotation, revoke, eviction, total: expiry + rotation + revoke + eviction }
    }
  }
}

const recordOf = (session: Session, end: Session["ended"]): SessionRecord => ({
  id: session.id,
  kind: session.protocol,
  username: session.username,
  subject: session.subject,
  openedAt: session.openedAt,
  endedAt: end?.at,
  endedBy: end?.by,
  refreshes: session.refreshes
})

const line = (name: string, tally: Tally): string =>
  `  ${name}  ${tally.opened} opened, ${tally.ended} ended, ${tally.open} open` +
  ` · ${tally.logins} logins (${tally.loginsRefused} refused)` +
  `, ${tally.refreshes} refreshes (${tally.refreshesRefused} refused)` +
  `, ${tally.revokes} revokes (${tally.revokesRefused} refused)` +
  ` · dead tokens sent: ${tally.expiredTokensSent.total}`

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
