import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as RegularFile from "../../auth/store/RegularFile.ts"
import * as StateFolder from "../../auth/store/StateFolder.ts"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import { attempt, JournalFailed, unfit } from "./JournalFailed.ts"
import * as JournalLines from "./JournalLines.ts"
import type { JournalPlace } from "./JournalPlace.ts"

/** `load` reads the journal of a run, whoever adds to it meanwhile. */
export const load = (path: string): Effect.Effect<JournalLines.JournalLines, JournalFailed> =>
  Effect.gen(function* () {
    const found = yield* attempt(path, "Unusable", () =>
      // Of the file that is open, not of whatever has the name by now.
      RegularFile.withRegularFile(path, async (file) => {
        const { mode, uid } = await file.stat()
        if (!StateFolder.isOwn(uid)) return "Foreign"
        return StateFolder.hasModes(mode, 0o077) ? "Exposed" : JournalLines.parse(await file.readFile())
      })
    )
    if (found === "Absent") return yield* new JournalFailed({ reason: "Missing", path })
    if (typeof found === "string") return yield* unfit(path, found)
    if (typeof found === "number") return yield* new JournalFailed({ reason: "Damaged", path, line: found })
    return found
  })

/** `createFile` makes an empty journal, which a power cut would leave there. */
export const createFile = ({ folder, path }: JournalPlace): Effect.Effect<FileHandle, JournalFailed> =>
  attempt(path, "Unusable", async () => {
    const file = await open(path, RegularFile.createFlags | constants.O_APPEND, 0o600)
    try {
      await syncFolder(folder)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }).pipe(
    Effect.mapError((failure) =>
      failure.code === "EEXIST" ? new JournalFailed({ reason: "Exists", path }) : failure
    )
  )

/** `openFile` opens the journal to add to it. */
export const openFile = ({ path }: JournalPlace): Effect.Effect<FileHandle, JournalFailed> =>
  Effect.flatMap(
    attempt(path, "Unusable", () => RegularFile.openRegularFile(path, constants.O_RDWR | constants.O_APPEND)),
    (file) =>
      typeof file === "string"
        ? file === "Absent"
          ? new JournalFailed({ reason: "Missing", path })
          : unfit(path, file)
        : Effect.succeed(file)
  )

/**
 * `cut` takes away what is behind `end`, and sees to it that a power cut would leave the rest, which a process may have
 * written that was killed before it had. By a handle of its own: Windows does not shorten a file that is open only to be
 * added to.
 */
export const cut = (path: string, end: number): Effect.Effect<void, JournalFailed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const opening = attempt(path, "Unusable", () => RegularFile.openRegularFile(path, constants.O_RDWR))
      const file = yield* Effect.acquireRelease(opening, (opened) =>
        typeof opened === "string" ? Effect.void : Effect.promise(() => opened.close())
      )
      if (typeof file === "string") return yield* unfit(path, "Foreign")
      yield* attempt(path, "Unusable", async () => {
        if ((await file.stat()).size !== end) await file.truncate(end)
        await file.sync()
      })
    })
  )

/** `syncFolder` sees to it that a new file is found after a power cut. Some file systems have nothing to do for it. */
const syncFolder = async (folder: string): Promise<void> => {
  // Windows opens no folder.
  if (process.platform === "win32") return
  const opened = await open(folder, constants.O_RDONLY)
  try {
    await opened.sync()
  } catch (error) {
    if (!["EINVAL", "ENOTSUP"].includes(systemErrorCode(error) ?? "")) throw error
  } finally {
    await opened.close()
  }
}
