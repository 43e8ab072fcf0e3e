import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Change,
  Deployment,
  type FileTransfer,
  InputSchema,
  Lenient,
  PathSegment,
  ReadBack,
  Redaction,
  type Rest,
  type Session,
  type SessionError,
  Token
} from "sallyport/plugin"
import type { Files } from "./Files.ts"
import { byOptions, type ListOptions } from "./ListOptions.ts"

/** `Backups` are made and fetched. */
export interface Backups {
  /** `listBackups` gives the backups that the device keeps. */
  readonly listBackups: (options?: ListOptions) => Stream.Stream<Archive, SessionError>
  /**
   * `backup` makes a backup and waits for its end, by `Deployment.PollSchedule`. Fails with `BackupFailed`, which has
   * the device's words, and with `BackupUnfinished` where it lasts longer than the schedule. An answer that is lost is
   * looked for among the device's jobs and never sent twice: only where no trace of it is found is it `OutcomeUnknown`.
   *
   * @example
   * const bytes = yield* fdm.backup({ name: "nightly" }).pipe(Effect.flatMap(fdm.downloadBackup))
   */
  readonly backup: (
    options?: BackupOptions
  ) => Effect.Effect<Archive, SessionError | BackupFailed | BackupUnfinished>
  /**
   * `downloadBackup` gives the bytes of a backup, by the `archiveName` that the device gave it (FDM API guide,
   * getdownloadbackup); see `download`.
   */
  readonly downloadBackup: (archive: Pick<Archive, "archiveName">) => Effect.Effect<Uint8Array, SessionError>
  /**
   * `downloadBackupTo` downloads a backup into a file, without having it in memory; see `downloadTo`.
   *
   * @example
   * const archive = yield* fdm.backup({ name: "nightly" })
   * const { sha256 } = yield* fdm.downloadBackupTo(archive, "nightly.tar")
   */
  readonly downloadBackupTo: (
    archive: Pick<Archive, "archiveName">,
    file: string,
    options?: FileTransfer.SaveOptions
  ) => Effect.Effect<FileTransfer.SavedFile, SessionError>
}

/** `BackupOptions` say what a backup is called. */
export interface BackupOptions {
  /** `name` is that of the backup. @default the device's own */
  readonly name?: string | undefined
  /** `description` is kept with it. @default none */
  readonly description?: string | undefined
}

/** `BackupFailed` says that the device could not make a backup. */
export class BackupFailed extends Data.TaggedError("BackupFailed")<{
  readonly targetName: string
  readonly state: string
  /** `deviceMessage` is the device's own words, masked and cut. */
  readonly deviceMessage: string
}> {
  override get message(): string {
    const words = this.deviceMessage ? `: ${Redaction.withoutFinalPunctuation(this.deviceMessage)}` : ""
    return `${this.targetName}: the backup failed (${this.state})${words}. Look at the space that is left on the device, and try again.`
  }
}

/**
 * `BackupUnfinished` says that the backup is still being made, and was waited for as long as the schedule says. It goes
 * on by itself.
 */
export class BackupUnfinished extends Data.TaggedError("BackupUnfinished")<{
  readonly targetName: string
  readonly state: string
}> {
  override get message(): string {
    return `${this.targetName}: the backup is not over yet (${this.state}). It goes on at the device: look for it among its backups later, or wait longer by Deployment.PollSchedule.`
  }
}

const words = InputSchema.optional(Schema.String, "text")
const Options = Schema.Struct({ name: words, description: words })

const text = Lenient.textOrNull

/** `Archive` is a backup that the device keeps. */
export const Archive = Schema.Struct(
  {
    id: Lenient.Text,
    archiveName: Lenient.Text,
    name: text,
    startDate: text,
    /** `fileSize` is in bytes. */
    fileSize: Lenient.field(Schema.NullOr(Lenient.Numeric))
  },
  Lenient.others
)
export type Archive = typeof Archive.Type

const Request = Schema.Struct({ id: Lenient.text, jobHistoryUuid: text })

const Job = Schema.Struct({
  id: Lenient.Text,
  // One that is not told goes on, as one that nobody listed.
  status: Schema.optionalWith(Lenient.Text, { default: () => "UNKNOWN", nullable: true }),
  statusMessage: text,
  scheduleUuid: text,
  archiveName: text
})
type Job = typeof Job.Type

// QUEUED and IN_PROGRESS go on, as whatever nobody has listed (FDM OpenAPI, JobHistoryEntity$JobHistoryStatus).
const phaseOf = Deployment.phaseReader({ deployed: ["SUCCESS"], failed: ["FAILED"] })

const path = "/action/backup"

export const make = (session: Session.Session, rest: Rest.Rest, { download, downloadTo }: Files): Backups => {
  const targetName = session.target.name
  const listBackups = byOptions(({ filter, limit, sort }) =>
    Lenient.list(rest, "/managedentity/archivedbackups", Archive, { filter, limit, sort })
  )
  const jobs = Effect.map(Stream.runCollect(Lenient.list(rest, "/jobs/backups", Job)), (all) => [...all])

  const ask = ({ description, name }: BackupOptions) =>
    Effect.gen(function* () {
      const before = new Set((yield* jobs).map(({ id }) => id))
      const { id, jobHistoryUuid } = yield* ReadBack.readBack(
        Effect.flatMap(
          rest.send("POST", path, Schema.Unknown, { body: { type: "backupimmediate", name, description } }),
          ReadBack.inShape(Request, { targetName, operation: `POST ${path}` })
        ),
        Effect.map(jobs, (all) => {
          const job = all.find(({ id }) => !before.has(id))
          return Option.map(Option.fromNullable(job), (job) => ({ id: undefined, jobHistoryUuid: job.id }))
        })
      )
      // Where either of both names no other, the one that is new is that which was asked for.
      const isNew = (job: Job) => !before.has(job.id) && !jobHistoryUuid && (!id || !job.scheduleUuid)
      return (job: Job) => job.id === jobHistoryUuid || (!!id && job.scheduleUuid === id) || isNew(job)
    })

  const made = (options: BackupOptions) =>
    Effect.gen(function* () {
      const isOwn = yield* ask(options)
      const job = yield* Deployment.poll(
        Effect.map(jobs, (all) => all.find(isOwn)),
        (job) => job === undefined || phaseOf(job.status) === "running"
      )
      const secrets = Token.secrets(yield* session.token)
      const redact = (words: string) => Redaction.redact(words, secrets)
      const state = redact(job?.status ?? "not begun")
      const phase = job === undefined ? "running" : phaseOf(job.status)
      if (phase === "running") return yield* new BackupUnfinished({ targetName, state })
      const words = redact(job?.statusMessage ?? "")
      if (phase === "failed") return yield* new BackupFailed({ targetName, state, deviceMessage: words })
      const made = yield* Stream.runHead(
        Stream.filter(listBackups(), ({ archiveName }) => archiveName === job?.archiveName)
      )
      if (Option.isSome(made)) return made.value
      const lacks = "the device says that it made a backup, and lists none of its name"
      return yield* new BackupFailed({ targetName, state, deviceMessage: lacks })
    })

  const archivePath = (archive: Pick<Archive, "archiveName">) =>
    PathSegment.join("/action/downloadbackup", { archiveName: archive?.archiveName })

  return {
    listBackups,
    downloadBackup: (archive) => Effect.flatMap(archivePath(archive), download),
    downloadBackupTo: (archive, file, options) =>
      Effect.flatMap(archivePath(archive), (at) => downloadTo(at, file, options)),
    backup: (options = {}) =>
      Effect.zipRight(
        InputSchema.check(Options, options, "a backup"),
        Effect.suspend(() =>
          Change.make(
            Change.irreversible<Archive>({
              targetName,
              at: rest.at(path),
              kind: "backup",
              action: "back up",
              name: options.name,
              cannot: "the archive stays on the device",
              planned: undefined
            }),
            made(options)
          )
        )
      )
  }
}
