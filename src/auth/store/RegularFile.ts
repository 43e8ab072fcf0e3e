import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { systemErrorCode } from "./StoreFault.ts"

// Not on Windows, which has no such links to be led astray by.
const notThroughLinks = constants.O_NOFOLLOW ?? 0
// A pipe in its place would be waited for.
const nonBlocking = constants.O_NONBLOCK ?? 0

/** `createFlags` make a file anew, and fail where anything has its name, a link too. */
export const createFlags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | notThroughLinks

/**
 * `withRegularFile` uses the file of this name itself, never what a link in its place points to: hands back `"Absent"`
 * where there is nothing, and `"Foreign"` for a link, a folder, a pipe and whatever else is no file.
 */
export const withRegularFile = async <A>(
  path: string,
  act: (file: FileHandle) => Promise<A>
): Promise<A | "Absent" | "Foreign"> => {
  const file = await opened(path)
  if (typeof file === "string") return file
  try {
    return (await file.stat()).isFile() ? await act(file) : "Foreign"
  } finally {
    await file.close()
  }
}

const opened = async (path: string): Promise<FileHandle | "Absent" | "Foreign"> => {
  try {
    return await open(path, constants.O_RDONLY | notThroughLinks | nonBlocking)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === "ENOENT") return "Absent"
    if (code === "ELOOP" || code === "EISDIR") return "Foreign"
    throw error
  }
}
