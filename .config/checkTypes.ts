import { spawnSync } from "node:child_process"
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
const version = (name: string): string =>
  JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version

const node = (...args: ReadonlyArray<string>): void => {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}

// `compiler` is a copy of TypeScript with Effect's diagnostics in it, made once for these versions: both are found in
// one pass, in half the time that one after the other takes, and a warning fails it too. TypeScript itself stays as it
// is, for the build.
const compiler = join(
  modules,
  ".cache",
  `typescript-${version("typescript")}-effect-${version("@effect/language-service")}`
)
if (!existsSync(compiler)) {
  const unfinished = `${compiler}-${process.pid}`
  cpSync(join(modules, "typescript"), unfinished, { recursive: true })
  node(
    join(modules, "@effect/language-service/cli.js"),
    "patch",
    "--log-level=error",
    "--module=tsc",
    "--dir",
    unfinished
  )
  rmSync(compiler, { recursive: true, force: true })
  renameSync(unfinished, compiler)
}
node(join(compiler, "lib/tsc.js"), ...process.argv.slice(2))
