import { realpath, stat } from "node:fs/promises"
import { homedir, userInfo } from "node:os"
import { isAbsolute, join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import { makeFolder } from "./MakeFolder.ts"
import { explaining, type StoreFault } from "./StoreFault.ts"

/**
 * `defaultFolder` is where a program keeps what the user did not write: `$XDG_STATE_HOME` or `~/.local/state` (the XDG
 * base directory specification), `~/Library/Application Support`, or `%LOCALAPPDATA%`.
 */
const defaultFolder = (): string => {
  const { LOCALAPPDATA, XDG_STATE_HOME } = process.env
  if (process.platform === "win32") return LOCALAPPDATA || join(home(), "AppData", "Local")
  if (process.platform === "darwin") return join(home(), "Library", "Application Support")
  // The specification: what is relative is to be ignored.
  return XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(home(), ".local", "state")
}

/** `home` is the user's own folder. An empty `HOME` would be the one that the process happens to stand in. */
const home = (): string => homedir() || userInfo().homedir

/**
 * `openFolder` gives the folder of that path, or else `own` below `sallyport` in the user's state folder, and makes it
 * where it is missing. Fails where somebody else may put something into it.
 */
export const openFolder = (given: string | undefined, own: string): Effect.Effect<string, StoreFault> =>
  inspect(given, own, (named) => makeFolder(named, 0o700))

/** `findFolder` gives the same folder, and makes none: `undefined` where it is missing. */
export const findFolder = (
  given: string | undefined,
  own: string
): Effect.Effect<string | undefined, StoreFault> =>
  inspect(given, own, async () => {}).pipe(
    Effect.catchIf(
      ({ code }) => code === "ENOENT",
      () => Effect.succeed(undefined)
    )
  )

/** `nameOf` gives the path of the folder. Fails where a script on Deno may not ask for the default one. */
const nameOf = (given: string | undefined, own: string): Effect.Effect<string, StoreFault> =>
  Effect.try({
    try: () => given ?? join(defaultFolder(), "sallyport", own),
    catch: (error) => faultAt("the user's state folder", error)
  })

const faultAt = (path: string, error: unknown): StoreFault => ({
  reason: "Folder",
  path,
  code: systemErrorCode(error)
})

const inspect = (
  given: string | undefined,
  own: string,
  prepare: (named: string) => Promise<unknown>
): Effect.Effect<string, StoreFault> =>
  nameOf(given, own).pipe(
    Effect.flatMap((named) =>
      Effect.tryPromise({
        try: async () => {
          await prepare(named)
          // What is looked at here is what is used later, wherever a link points by then.
          const path = await realpath(named)
          const found = await stat(path)
          return { path, isOurs: found.isDirectory() && isOwn(found.uid) && !hasModes(found.mode, 0o022) }
        },
        catch: (error) => faultAt(named, error)
      })
    ),
    Effect.filterOrFail(
      ({ isOurs }) => isOurs,
      ({ path }): StoreFault => ({ reason: "Folder", path, code: undefined })
    ),
    Effect.map(({ path }) => path),
    explaining("folder")
  )

/** `isOwn` says whether a file belongs to the user who runs this process. Where the system does not tell, it does. */
export const isOwn = (uid: number): boolean => {
  try {
    return process.getuid === undefined || process.getuid() === uid
  } catch {
    // Deno without the permission to ask.
    return true
  }
}

/** `hasModes` says whether others have one of these rights. Windows has no such modes. */
export const hasModes = (mode: number, modes: number): boolean =>
  process.platform !== "win32" && (mode & modes) !== 0
