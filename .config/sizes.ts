// Prints what each subpath of the package is and brings along, as it is built, in KiB: its own file; the files of
// Sallyport that Node loads for it; and those of other packages. The time of a first import is this machine's, of now.
import { execFileSync } from "node:child_process"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { importing, loadedModules } from "../test/support/loadedModules.ts"
import { subpaths } from "../test/support/subpaths.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const kibibytes = (bytes: number): number => Math.round(bytes / 102.4) / 10
const bytesOf = (files: ReadonlyArray<string>): number =>
  files.reduce((sum, file) => sum + statSync(file).size, 0)
// Each file by itself, as it is stored and sent.
const zippedOf = (files: ReadonlyArray<string>): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)

const timeOf = (subpath: string): number => {
  const program = `const begun = performance.now(); await import("${subpath}"); console.log(performance.now() - begun)`
  const args = ["--input-type=module", "--eval", program]
  return Math.round(Number(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" })))
}

const rowOf = async (subpath: string) => {
  const file = join(root, exports[subpath.replace("sallyport", ".")].default)
  const modules = await loadedModules(root, importing(subpath))
  const own = modules.flatMap((each) => (each.packageName === "sallyport" ? [each.file] : []))
  const others = modules.flatMap((each) => (each.packageName === "sallyport" ? [] : [each.file]))
  return {
    file: kibibytes(bytesOf([file])),
    "file, gzip": kibibytes(zippedOf([file])),
    "own files": own.length,
    own: kibibytes(bytesOf(own)),
    "own, gzip": kibibytes(zippedOf(own)),
    "other files": others.length,
    others: kibibytes(bytesOf(others)),
    "import, ms": timeOf(subpath)
  }
}

const rows: Record<string, Awaited<ReturnType<typeof rowOf>>> = {}
for (const subpath of subpaths) rows[subpath] = await rowOf(subpath)
console.table(rows)
