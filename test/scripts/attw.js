// Says as JSON what @arethetypeswrong/core finds in a tarball, its argument: the entry points, and the problems of those
// ways to resolve a module that are offered. In a process of its own, since it compiles for seconds.
import { readFileSync } from "node:fs"
import { posix } from "node:path"
import process from "node:process"
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core"

// ES modules alone are offered: Sallyport imports Effect as one, and what a script gets by `require("effect")` is another
// copy of it.
const isOffered = ({ resolutionKind }) => resolutionKind !== "node10" && resolutionKind !== "node16-cjs"

const packed = createPackageFromTarballData(readFileSync(process.argv[2]))
// It goes through all files at each of the million questions whether there is a folder.
const folders = new Set(["/"])
for (const file of packed.listFiles()) {
  for (let at = posix.dirname(file); !folders.has(at); at = posix.dirname(at)) folders.add(at)
}
packed.directoryExists = (path) => folders.has(posix.resolve("/", path))

const { entrypoints = {}, problems = [] } = await checkPackage(packed)
console.log(JSON.stringify({ entryPoints: Object.keys(entrypoints), problems: problems.filter(isOffered) }))
