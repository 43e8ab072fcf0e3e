import { mkdir, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"

/**
 * `makeFolder` makes a folder, and those above it, where they are missing. Rejects with the system's error. Node's own
 * way, `recursive`, never ends in a place such as `/proc`, where the system says of each new folder that the one above is
 * missing (seen on Node 20).
 */
export const makeFolder = async (path: string, mode?: number): Promise<void> => {
  try {
    await makeOne(path, mode)
  } catch (error) {
    const above = dirname(path)
    if (systemErrorCode(error) !== "ENOENT" || above === path) throw error
    await makeFolder(above, mode)
    await makeOne(path, mode)
  }
}

const makeOne = (path: string, mode: number | undefined): Promise<void> =>
  mkdir(path, { mode }).then(
    () => undefined,
    async (error: unknown) => {
      const isThere = await stat(path).then(
        (found) => found.isDirectory(),
        () => false
      )
      if (!isThere) throw error
    }
  )
