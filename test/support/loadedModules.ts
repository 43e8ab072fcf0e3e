import { spawnSync } from "node:child_process"
import { join, relative } from "node:path"
import process from "node:process"
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
 * `folder` where it runs, which has the built package.
 */
export const loadedModules = (
  folder: string,
  program: ReadonlyArray<string>
): ReadonlyArray<LoadedModule> => {
  const before = ["--import", join(root, "test/scripts/loadedModules.js")]
  const { output, status } = spawnSync(process.execPath, [...before, ...program], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"]
  })
  if (status !== 0) throw new Error(`node ${program.join(" ")} ended with ${status}: ${output[2]}`)
  const files = (output[3] ?? "").split("\n").flatMap((url) => {
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
