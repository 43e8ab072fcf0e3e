// What became of every login, from the sandbox's ledger and from what the sessions themselves said.

import type { SessionEvent } from "sallyport"
import type * as Sandbox from "sallyport/sandbox"

/** One script, as the account knows it. */
export interface Script {
  readonly number: number
  readonly protocol: "fmc" | "fdm"
  /** Logouts that it said could not be delivered. */
  logoutsFailed: number
  /** Tokens that both clocks said were over when they were given up: these are left alone. */
  leftToExpire: number
  /** Times that an injected 401 told it that its token was dead: a logout that is refused then counts as done. */
  misled: number
  /** When its newest token ends. */
  expiresAt: number | undefined
}

export interface Books {
  readonly script: (protocol: "fmc" | "fdm") => Script
  readonly onEvent: (script: Script) => (event: SessionEvent.SessionEvent) => void
  /** The script is over, its logout included. */
  readonly closed: (script: Script) => void
  readonly onRequest: (request: Sandbox.RequestRecord) => void
  readonly faults: ReadonlyMap<string, number>
  readonly requests: ReadonlyMap<string, number>
  readonly settle: (ledger: Sandbox.Ledger) => Settlement
}

/** The logins that no logout ended, by why not; `unexcused` must be none. */
export interface Settlement {
  readonly answerLost: number
  readonly logoutUndeliverable: number
  readonly hadExpired: number
  readonly misled: number
  readonly unexcused: ReadonlyArray<string>
}

export const books = (): Books => {
  const scripts = new Map<number, Script>()
  const scriptOf = new Map<string, number>()
  const lost = new Set<string>()
  const falselyDone = { fmc: 0, fdm: 0 }
  const faults = new Map<string, number>()
  const requests = new Map<string, number>()

  return {
    faults,
    requests,
    script: (protocol) => {
      const number = scripts.size + 1
      const script = { number, protocol, logoutsFailed: 0, leftToExpire: 0, misled: 0, expiresAt: undefined }
      scripts.set(number, script)
      return script
    },
    onEvent: (script) => (event) => {
      switch (event._tag) {
        case "LoggedIn":
          // Beside the new login the retired token lives on, and is logged out unless its time is over.
          if ((script.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now()) script.leftToExpire += 1
          script.expiresAt = event.expiresAt
          return
        case "Refreshed":
          script.expiresAt = event.expiresAt
          return
        case "LogoutFailed":
          script.logoutsFailed += 1
          return
        case "LoggedOut":
          // Of a login that came after its opener had given up, and perhaps after the end of its time: it counts from
          // the sending of the request, at the device from the answer.
          if (script.expiresAt === undefined) script.leftToExpire += 1
          return
        default:
      }
    },
    closed: (script) => {
      if ((script.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now()) script.leftToExpire += 1
    },
    onRequest: ({ fault, kind, path, protocol, session, status }) => {
      add(requests, kind)
      if (fault !== undefined) add(faults, fault)
      const who = /[?&]script=(\d+)/.exec(path)?.[1]
      const isAnswer = fault === "Answer" && typeof status === "number"
      if (isAnswer && status === 401 && who !== undefined) {
        const script = scripts.get(Number(who))
        if (script !== undefined) script.misled += 1
      }
      // "Done", or "that token is dead", in place of the logout.
      if (isAnswer && kind === "revoke" && protocol !== undefined && (status < 300 || status === 401))
        falselyDone[protocol] += 1
      if (session === undefined) return
      if (who !== undefined) scriptOf.set(session, Number(who))
      const isGrant = kind === "login" || kind === "refresh"
      // The work was done, and its tokens did not arrive: nobody can log that out.
      const isLost = typeof status === "string" || fault === "Truncated" || fault === "DropHeader"
      if (isGrant && isLost) lost.add(session)
      else if (isGrant && kind === "login") lost.delete(session)
    },
    settle: (ledger) => {
      const left = ledger.sessions.filter(({ endedBy }) => endedBy === undefined || endedBy === "expiry")
      const settled = { answerLost: 0, logoutUndeliverable: 0, hadExpired: 0, misled: 0 }
      const unexcused: Array<string> = []
      const excuse = (script: Script | undefined, { kind }: Sandbox.SessionRecord): boolean => {
        if (script !== undefined && script.logoutsFailed > 0) {
          script.logoutsFailed -= 1
          settled.logoutUndeliverable += 1
          return true
        }
        if (script !== undefined && script.leftToExpire > 0) {
          script.leftToExpire -= 1
          settled.hadExpired += 1
          return true
        }
        if (script !== undefined && script.misled > 0) script.misled -= 1
        else if (falselyDone[kind] > 0) falselyDone[kind] -= 1
        else return false
        settled.misled += 1
        return true
      }
      const others: typeof left = left.filter(({ id }) => {
        if (lost.has(id)) settled.answerLost += 1
        return !lost.has(id)
      })
      const isKnown = ({ id }: Sandbox.SessionRecord) => scriptOf.has(id)
      for (const session of others.filter(isKnown)) {
        const number = scriptOf.get(session.id)
        const script = number === undefined ? undefined : scripts.get(number)
        if (!excuse(script, session)) unexcused.push(said(session, number))
      }
      // Tokens that no request ever carried: any script of that protocol may have had them.
      for (const session of others.filter((one) => !isKnown(one))) {
        const script = [...scripts.values()].find(
          ({ leftToExpire, logoutsFailed, protocol }) =>
            protocol === session.kind && (logoutsFailed > 0 || leftToExpire > 0)
        )
        if (!excuse(script, session)) unexcused.push(said(session, undefined))
      }
      return { ...settled, unexcused }
    }
  }
}

const said = (
  { endedBy, id, kind, openedAt, refreshes }: Sandbox.SessionRecord,
  script: number | undefined
) =>
  `${kind} login ${id} of script ${script ?? "?"}, opened ${new Date(openedAt).toISOString()}, ${refreshes} refreshes, ${endedBy ?? "open"}`

export const add = (counts: Map<string, number>, what: string, by = 1): void =>
  void counts.set(what, (counts.get(what) ?? 0) + by)
