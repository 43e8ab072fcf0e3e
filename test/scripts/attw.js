// Says as JSON what @arethetypeswrong/core finds in a tarball, its argument: the entry points, and the problems of those
// ways to resolve a module that are offered. In a process of its own, since it compiles for seconds.
import { readFileSync } from "node:fs"
import process from "node:process"
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core"

// ES modules alone are offered: Sallyport imports Effect as one, and what a script gets by `require("effect")` is another
// copy of it.
const isOffered = ({ resolutionKind }) => resolutionKind !== "node10" && resolutionKind !== "node16-cjs"

const { entrypoints = {}, problems = [] } = await checkPackage(
  createPackageFromTarballData(readFileSync(process.argv[2]))
)
console.log(JSON.stringify({ entryPoints: Object.keys(entrypoints), problems: problems.filter(isOffered) }))
