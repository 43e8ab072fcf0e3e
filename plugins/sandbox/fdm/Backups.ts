import { createHash, randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Route } from "../appliance/Call.ts"
import { download, upload } from "./Files.ts"
import type { Jobs } from "./Jobs.ts"
import { list } from "./Query.ts"
import { absent, invalid, linksTo } from "./Replies.ts"
import { bodyOf } from "./Store.ts"

interface Backup {
  /** `id` is that of the request, of its job and of its archive. */
  readonly id: string
  readonly jobId: string
  readonly name: string
  readonly archiveName: string
  readonly description: string | null
  readonly startedAt: number
  /** `endsAt` is when it is over: at once for one that was uploaded. */
  readonly endsAt: number
  readonly outcome: "SUCCESS" | "FAILED"
  readonly bytes: Uint8Array
  readonly uploaded: boolean
}

/**
 * `make` makes what takes a backup at `/action/backup`, follow it at `/jobs/backups`, list it at `/managedentity/archivedbackups`
 * when it is done, and give it at `/action/downloadbackup`; `/action/uploadbackup` brings one back.
 */
export const make = (
  appliance: Appliance
): { readonly routes: ReadonlyArray<Route>; readonly jobs: Jobs } => {
  const { now, settings } = appliance
  const backups: Array<Backup> = []
  const asked = () => backups.filter(({ uploaded }) => !uploaded)
  const archives = () => backups.filter((backup) => statusOf(backup, now()) === "SUCCESS")

  const one = (call: Call, among: ReadonlyArray<Backup>, key: Key, sought: string | undefined): Backup => {
    const backup = among.find((candidate) => candidate[key] === sought)
    if (backup === undefined) throw absent(call)
    return backup
  }

  const request = (call: Call, backup: Backup) => ({
    version: backup.id,
    scheduleType: "IMMEDIATE",
    user: settings.username,
    forceOperation: false,
    jobHistoryUuid: backup.jobId,
    ipAddress: null,
    name: backup.name,
    description: backup.description,
    backupLocation: "DEFAULT",
    jobName: "Backup",
    id: backup.id,
    type: "backupimmediate",
    links: linksTo(call, `/action/backup/${backup.id}`)
  })

  const job = (call: Call, backup: Backup) => {
    const status = statusOf(backup, now())
    const over = status === "SUCCESS" || status === "FAILED"
    return {
      version: backup.jobId,
      jobName: "Backup",
      jobDescription: null,
      user: settings.username,
      startDateTime: new Date(backup.startedAt).toISOString(),
      endDateTime: over ? new Date(backup.endsAt).toISOString() : null,
      status,
      statusMessage: status === "FAILED" ? "The sandbox was told to fail." : null,
      scheduleUuid: backup.id,
      archiveName: status === "SUCCESS" ? backup.archiveName : null,
      id: backup.jobId,
      type: "jobhistorybackup",
      links: linksTo(call, `/jobs/backups/${backup.jobId}`)
    }
  }

  const archive = (call: Call, backup: Backup) => ({
    version: backup.id,
    name: backup.name,
    description: backup.description,
    user: settings.username,
    startDate: new Date(backup.startedAt).toISOString(),
    fileSize: backup.bytes.length,
    archiveName: backup.archiveName,
    originalScheduleType: backup.uploaded ? "NONE" : "IMMEDIATE",
    backupLocation: "DEFAULT",
    id: backup.id,
    type: "archivedbackup",
    links: linksTo(call, `/managedentity/archivedbackups/${backup.id}`)
  })

  const create = (call: Call): Backup => {
    const { type, name, description } = bodyOf(call)
    if (type !== "backupimmediate") throw invalid("Expected type backupimmediate.", "invalidType", "type")
    const id = randomUUID()
    const ownName = typeof name === "string" && name !== "" ? name : `backup-${backups.length + 1}`
    return {
      id,
      jobId: randomUUID(),
      name: ownName,
      archiveName: `NGFW_backup.${ownName}.tar`,
      description: typeof description === "string" ? description : null,
      startedAt: now(),
      endsAt: now() + settings.deployTime,
      outcome: settings.fdmBackup,
      bytes: contents(id),
      uploaded: false
    }
  }

  const keep = upload((id, { fileName = id, bytes }) => {
    const at = now()
    backups.push({
      id,
      jobId: id,
      name: fileName.replace(/\.tar$/, ""),
      archiveName: fileName,
      description: null,
      startedAt: at,
      endsAt: at,
      outcome: "SUCCESS",
      bytes,
      uploaded: true
    })
  })

  const collection = (path: string, of: () => ReadonlyArray<Backup>, show: Show): Route => ({
    path: new RegExp(`${base}/${path}$`),
    verbs: {
      GET: (call) =>
        list(
          call,
          of().map((backup) => show(call, backup))
        )
    }
  })
  const item = (path: string, of: () => ReadonlyArray<Backup>, key: Key, show: Show): Route => ({
    path: new RegExp(`${base}/${path}/([^/]+)$`),
    verbs: { GET: (call, [id]) => ({ status: 200, body: show(call, one(call, of(), key, id)) }) }
  })

  const requests = collection("action/backup", asked, request)
  const archived = item("managedentity/archivedbackups", archives, "id", archive)
  const routes: ReadonlyArray<Route> = [
    {
      ...requests,
      verbs: {
        ...requests.verbs,
        POST: (call) => {
          const backup = create(call)
          backups.push(backup)
          return { status: 200, body: request(call, backup) }
        }
      }
    },
    item("action/backup", asked, "id", request),
    collection("jobs/backups", asked, job),
    item("jobs/backups", asked, "jobId", job),
    collection("managedentity/archivedbackups", archives, archive),
    {
      ...archived,
      verbs: {
        ...archived.verbs,
        DELETE: (call, [id]) => {
          backups.splice(backups.indexOf(one(call, archives(), "id", id)), 1)
          return { status: 204 }
        }
      }
    },
    { path: new RegExp(`${base}/action/uploadbackup$`), verbs: { POST: keep } },
    {
      path: new RegExp(`${base}/action/downloadbackup/([^/]+)$`),
      verbs: {
        // By its name, not by its id (FDM API guide, getdownloadbackup).
        GET: (call, [name]) => {
          const backup = one(call, archives(), "archiveName", name)
          return download(backup.archiveName, backup.bytes)
        }
      }
    }
  ]
  return { routes, jobs: (call) => asked().map((backup) => job(call, backup)) }
}

type Key = "id" | "jobId" | "archiveName"

type Show = (call: Call, backup: Backup) => object

const base = "^/api/fdm/[^/]+"

/** `statusOf` is QUEUED for the first quarter of its time. */
const statusOf = ({ startedAt, endsAt, outcome }: Backup, now: number) => {
  if (now >= endsAt) return outcome
  return now < startedAt + (endsAt - startedAt) / 4 ? "QUEUED" : "IN_PROGRESS"
}

/** `contents` gives some kilobytes that depend on nothing but the id. */
const contents = (id: string): Uint8Array =>
  Buffer.concat(Array.from({ length: 128 }, (_, at) => createHash("sha256").update(`${id} ${at}`).digest()))
