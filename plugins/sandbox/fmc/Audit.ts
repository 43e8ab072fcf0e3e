import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Handler, RequestKind, Route } from "../appliance/Call.ts"
import type { Configuration } from "./Configuration.ts"
import type { Domain } from "./Domains.ts"
import { list, refuse } from "./Replies.ts"
import { isExpanded, ok } from "./View.ts"

interface AuditRecord {
  readonly id: string
  readonly time: number
  readonly domain: Domain | undefined
  readonly subSystem: "Login" | "API" | "Task Queue"
  readonly message: string
}

const most = 20_000

/** `Audit` tells who did what: logins, writes and deployments leave a record, reads leave none. */
export interface Audit {
  readonly records: ReadonlyArray<AuditRecord>
  /** `note` puts only the path into the record: a body may hold a secret. */
  readonly note: (call: Call, kind: RequestKind, status: number, domain: Domain | undefined) => void
}

export const make = (now: () => number): Audit => {
  let kept: Array<AuditRecord> = []

  const note = (call: Call, kind: RequestKind, status: number, domain: Domain | undefined): void => {
    if (kind === "login") {
      add("Login", domain, status < 300 ? "Login Success" : "Login Failed")
    } else if (kind === "call" && call.method !== "GET" && call.method !== "HEAD") {
      const subSystem = call.path.endsWith("/deploymentrequests") ? "Task Queue" : "API"
      add(subSystem, domain, `${call.method} ${call.origin}${call.path} (${status})`)
    }
  }

  const add = (subSystem: AuditRecord["subSystem"], domain: Domain | undefined, message: string): void => {
    kept.push({ id: randomUUID(), time: now(), domain, subSystem, message })
    // A sandbox that runs for days must not grow for ever.
    if (kept.length > most) kept = kept.slice(most / 2)
  }

  return {
    note,
    get records() {
      return kept
    }
  }
}

/** `routes` list the `auditrecords` of a domain, the newest first. */
export const routes = (
  { settings }: Appliance,
  configuration: Configuration,
  audit: Audit
): ReadonlyArray<Route> => {
  const shown = (call: Call, { domain, id, message, subSystem, time }: AuditRecord) => ({
    id,
    type: "AuditRecord",
    // Milliseconds; an example has seconds (FMC OpenAPI, getAllAuditModel).
    time,
    username: settings.username,
    source: "127.0.0.1",
    subSystem,
    message,
    domain: domain?.uuid,
    ...(isExpanded(call) && {
      links: { self: `${call.origin}/api/fmc_platform/v1/domain/${domain?.uuid}/audit/auditrecords/${id}` }
    })
  })

  const of = (uuid: string | undefined) => {
    const domain = configuration.domain(uuid)
    return audit.records.filter((record) => record.domain === domain)
  }

  const all: Handler = (call, [uuid]) => {
    const subSystem = call.query.get("subSystem")
    const found = of(uuid).filter((record) => subSystem === null || record.subSystem === subSystem)
    return list(call, found.reverse(), (record) => shown(call, record))
  }

  const read: Handler = (call, [uuid, id]) => {
    const record = of(uuid).find((candidate) => candidate.id === id)
    if (record === undefined) throw refuse(404, `The record with id ${id} does not exist.`)
    return ok(shown(call, record))
  }

  const base = "^/api/fmc_platform/v1/domain/([^/]+)/audit/auditrecords"
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read } }
  ]
}
