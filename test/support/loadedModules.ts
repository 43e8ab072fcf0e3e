import { spawn } from "node:child_process"
import { join, relative } from "node:path"
import process from "node:process"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { root } from "./runtime.ts"

/** `LoadedModule` is a file that a program has loaded. */
export interface LoadedModule {
  readonly file: string
  /** `packageName` is the package that it is of. */
  readonly packageName: string
}

/**
 * `loadedModules` are the files that a program of Node has loaded by its end: `program` is what stands behind `node`, and
 * `folder` where it runs, which has the built package. Rejects where the program fails.
 */
export const loadedModules = async (
  folder: string,
  program: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<ReadonlyArray<LoadedModule>> => {
  const before = ["--import", join(root, "test/scripts/loadedModules.js")]
  const child = spawn(process.execPath, [...before, ...program], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe", "pipe"]
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", resolve)
  })
  const [complaint, told] = await Promise.all([
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable)
  ])
  const status = await ended
  if (status !== 0) throw new Error(`node ${program.join(" ")} ended with ${status}: ${complaint}`)
  const files = told.split("\n").flatMap((url) => {
    if (url.startsWith("/")) return [url]
    return url.startsWith("file:") ? [fileURLToPath(url)] : []
  })
  return [...new Set(files)].flatMap((file) => {
    const [, packageName] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? []
    if (packageName !== undefined) return [{ file, packageName: packageName.replace("\\", "/") }]
    return /^dist[\\/]/.test(relative(folder, file)) ? [{ file, packageName: "sallyport" }] : []
  })
}

/** `importing` is the program that imports these modules, and does nothing else. */
export const importing = (...subpaths: ReadonlyArray<string>): ReadonlyArray<string> => [
  "--input-type=module",
  "--eval",
  subpaths.map((subpath) => `import "${subpath}"`).join("\n")
]
