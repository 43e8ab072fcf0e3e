import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"

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
  const file = await openRegularFile(path, constants.O_RDONLY)
  if (typeof file === "string") return file
  try {
    return await act(file)
  } finally {
    await file.close()
  }
}

/** `openRegularFile` opens it likewise, with the access of these flags, for whoever closes it later. */
export const openRegularFile = async (
  path: string,
  access: number
): Promise<FileHandle | "Absent" | "Foreign"> => {
  const file = await opened(path, access)
  if (typeof file === "string") return file
  try {
    if ((await file.stat()).isFile()) return file
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  return "Foreign"
}

const opened = async (path: string, access: number): Promise<FileHandle | "Absent" | "Foreign"> => {
  try {
    return await open(path, access | notThroughLinks | nonBlocking)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === "ENOENT") return "Absent"
    if (code === "ELOOP" || code === "EISDIR") return "Foreign"
    throw error
  }
}
