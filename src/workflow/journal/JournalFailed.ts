import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { explained, type StoreFault } from "../../auth/store/StoreFault.ts"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"

/** `JournalFailed` says that what is known of a run cannot be written down or read. */
export class JournalFailed extends Data.TaggedError("JournalFailed")<{
  readonly reason: JournalReason
  /** `path` is the file or folder. */
  readonly path: string
  /** `line` is the damaged one, from 1. */
  readonly line?: number | undefined
  /** `code` is the system's code, such as `ENOSPC`, where there is one. */
  readonly code?: string | undefined
  /** `found` says what is wrong with what stands there, whose it is, and what mends it, where that is known. */
  readonly found?: string | undefined
}> {
  override get message(): string {
    const where = this.code === undefined ? this.path : `${this.path} (${this.code})`
    const found = this.found === undefined ? "" : ` ${this.found}`
    return `${messages[this.reason](where, this.line)}${found}`
  }
}

/**
 * `JournalReason` says what is wrong with a journal. `Folder`: its folder cannot be made, or others may write to it.
 * `Exists`: another run has this id. `Missing`: no run has it. `Foreign`, `Exposed`: the file is not ours, or could be
 * read or written by others. `Damaged`: a line cannot be read. `LockLost`: another process took the run over.
 * `Changed`: something else has written to the file, or put another one in its place. `Removed`: it is not there any
 * more. `Unwritten`: a line could not be added. `NotJson`: what was to be added cannot be written as JSON. `Closed`: the
 * scope has closed. `Unusable`: it cannot be read or written.
 */
export type JournalReason =
  | "Folder"
  | "Exists"
  | "Missing"
  | "Foreign"
  | "Exposed"
  | "Damaged"
  | "LockLost"
  | "Changed"
  | "Removed"
  | "Unwritten"
  | "NotJson"
  | "Closed"
  | "Unusable"

const messages: Record<JournalReason, (where: string, line: number | undefined) => string> = {
  Folder: (where) =>
    `runs cannot be written down in ${where}. It must be a folder of this user that nobody else may write to (chmod 700); or name another one, by the option folder or, on Linux, XDG_STATE_HOME. Deno needs --allow-read and --allow-write for it, and for the default one --allow-env and --allow-sys.`,
  Exists: (where) =>
    `a run with this id has its journal in ${where} already. Give the new run another id, or resume the one that is there.`,
  Missing: (where) =>
    `no run with this id has its journal in ${where}. Check the id, and that the folder is the one that the run was given.`,
  Foreign: (where) =>
    `what stands in the place of the run's journal, ${where}, is a link, a folder, or another user's. Look whose it is, and put the journal itself there.`,
  Exposed: (where) =>
    `the run's journal ${where} could be read or written by others. Look whether it is as the run left it, take the others' rights away (chmod 600) and try again.`,
  Damaged: (where, line) =>
    `line ${line} of the run's journal ${where} cannot be read: something else than the run has changed it. Put a good copy in its place, or look by its other lines at what the run did, and finish that by hand.`,
  LockLost: (where) =>
    `another process took the run over by ${where} while this one stood still, or something has moved or removed that file, and this one writes nothing more. See what the other one does with the run; where there is none, let nothing touch the folder while a run goes on.`,
  Changed: (where) =>
    `something else than the run has written to its journal ${where}, or put another file in its place, and nothing more is written there. Look what it was, and by what the journal has of it, at what the run did.`,
  Removed: (where) =>
    `the run's journal ${where} was removed while the run went on. Let nothing touch the folder while a run goes on, or name another one.`,
  Unwritten: (where) =>
    `a line could not be added to the run's journal ${where}. See that its disk is neither full nor failing and that this user may write there.`,
  NotJson: (where) =>
    `what was to be added to the run's journal ${where} cannot be written as JSON. Let the workflow's steps and changes hold data alone: no functions, no bigints, and nothing that contains itself.`,
  Closed: (where) =>
    `the run's journal ${where} is closed. Keep what is written down inside the scope in which it was opened.`,
  Unusable: (where) =>
    `the run's journal ${where} cannot be read or written. See that this user may read and write there, and that the disk is neither full nor failing.`
}

const reasons: Partial<Record<StoreFault["reason"], JournalReason>> = {
  Folder: "Folder",
  LockLost: "LockLost"
}

/** `fromFault` tells a fault of the file or folder as the journal's. */
export const fromFault = ({ code, found, path, reason }: StoreFault): JournalFailed =>
  new JournalFailed({ reason: reasons[reason] ?? "Unusable", path, code, found })

/** `attempt` tells what goes wrong with a file or folder by the system's code alone. */
export const attempt = <A>(
  path: string,
  reason: JournalReason,
  act: () => Promise<A>
): Effect.Effect<A, JournalFailed> =>
  Effect.tryPromise({
    try: act,
    catch: (error) => ({ path, reason, code: systemErrorCode(error) })
  }).pipe(Effect.catchAll((fault) => fail(fault)))

const fail = (
  fault: Pick<StoreFault, "path" | "code"> & { readonly reason: JournalReason }
): Effect.Effect<never, JournalFailed> =>
  Effect.flatMap(explained(fault, "file"), (whole) => new JournalFailed(whole))

/** `unfit` fails since what stands there cannot be used. */
export const unfit = (path: string, reason: "Foreign" | "Exposed"): Effect.Effect<never, JournalFailed> =>
  fail({ path, reason, code: undefined })
