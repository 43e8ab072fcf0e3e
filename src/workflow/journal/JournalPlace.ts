import { lstat, readdir } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as StateFolder from "../../auth/store/StateFolder.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { attempt, fromFault, JournalFailed } from "./JournalFailed.ts"

/** `JournalOptions` say where the journals of runs are. */
export interface JournalOptions {
  /**
   * `folder` is where journals are, and where it is written down who works on which device: it is this user's, and nobody
   * else may write there. Runs that share devices share it, too.
   *
   * @default `sallyport/runs` and `sallyport/devices` in the user's state folder (`~/.local/state`,
   * `~/Library/Application Support`, `%LOCALAPPDATA%`)
   */
  readonly folder?: string | undefined
}

/** `JournalHome` says of what the journals are: those of fleets have a folder of their own. */
export interface JournalHome extends JournalOptions {
  /** `of` says so. @default `runs` */
  readonly of?: "runs" | "fleets" | undefined
}

/** `JournalPlace` is where the journal of a run is, or will be. */
export interface JournalPlace {
  readonly folder: string
  readonly path: string
  /** `lock` has a character that no id has: whoever removes an old lock removes all that is named after it. */
  readonly lock: string
}

/** `make` gives the place of a run's journal, and makes the folder where it is missing. */
export const make = (
  options: JournalHome,
  run: string
): Effect.Effect<JournalPlace, JournalFailed | InvalidInput> =>
  Effect.gen(function* () {
    yield* checkRun(run)
    const { folder, of = "runs" } = options
    return placeIn(yield* Effect.mapError(StateFolder.openFolder(folder, of), fromFault), run)
  })

/** `find` gives the same place, and makes nothing. Fails where there is no folder, and so no journal. */
export const find = (
  options: JournalHome,
  run: string
): Effect.Effect<JournalPlace, JournalFailed | InvalidInput> =>
  Effect.gen(function* () {
    yield* checkRun(run)
    const folder = yield* findFolder(options)
    if (folder === undefined) {
      const path = options.folder ?? "the user's state folder"
      return yield* new JournalFailed({ reason: "Missing", path })
    }
    return placeIn(folder, run)
  })

/** `runs` gives the ids of the runs that have a journal. The one to which was added last comes first. */
export const runs = (options: JournalHome): Effect.Effect<ReadonlyArray<string>, JournalFailed> =>
  Effect.gen(function* () {
    const folder = yield* findFolder(options)
    if (folder === undefined) return []
    const found = yield* attempt(folder, "Unusable", async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(extension))
      const ids = names.map((name) => name.slice(0, -extension.length)).filter((id) => runId.test(id))
      return Promise.all(ids.map(async (run) => ({ run, at: await lastChange(placeIn(folder, run).path) })))
    })
    return found
      .flatMap(({ at, run }) => (at === undefined ? [] : [{ at, run }]))
      .sort((one, other) => other.at - one.at || (one.run < other.run ? 1 : -1))
      .map(({ run }) => run)
  })

const runId = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/
const extension = ".jsonl"

const placeIn = (folder: string, run: string): JournalPlace => ({
  folder,
  path: join(folder, `${run}${extension}`),
  lock: join(folder, `${run}~lock`)
})

/** `checkRun` takes what may be the id of a run, and the name of its file. Fails with `InvalidInput`. */
export const checkRun = (run: string): Effect.Effect<void, InvalidInput> =>
  typeof run === "string" && runId.test(run)
    ? Effect.void
    : refuseInput(
        "run",
        "this cannot be the id of a run. Give one of 1 to 100 letters, digits, hyphens, underscores and dots, that begins with no dot.",
        String(run).slice(0, 100)
      )

const findFolder = ({ folder, of = "runs" }: JournalHome) =>
  Effect.mapError(StateFolder.findFolder(folder, of), fromFault)

/** `lastChange` is when a file was written to, in milliseconds since 1970; `undefined` where there is no such file. */
const lastChange = async (path: string): Promise<number | undefined> => {
  try {
    const found = await lstat(path)
    return found.isFile() ? found.mtimeMs : undefined
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined
    throw error
  }
}
