import { spawnSync } from "node:child_process"
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { nativeTypeScript } from "./nativeTypeScript.ts"

// TypeScript 7 where there is one for this machine, else 6, with what it is called with. Both find Effect's diagnostics in
// the same pass as wrong types, and a warning fails it too.

const modules = fileURLToPath(new URL("../node_modules", import.meta.url))
const version = (name: string): string =>
  JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version

const run = (command: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = process.env): void => {
  const { error, status } = spawnSync(command, args, { env, stdio: "inherit" })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}
const node = (...args: ReadonlyArray<string>): void => run(process.execPath, args)

/**
 * `patched` is a copy of TypeScript 6, which takes four times as long, made once for these versions; what is installed
 * stays as it is.
 */
const patched = (): string => {
  const compiler = join(
    modules,
    ".cache",
    `typescript-${version("typescript")}-effect-${version("@effect/language-service")}`
  )
  if (existsSync(compiler)) return compiler
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
  return compiler
}

const args = process.argv.slice(2)
if (nativeTypeScript === undefined) node(join(patched(), "lib/tsc.js"), ...args)
else {
  // Each checker looks at what all share by itself, so that more than there are cores cost more; and the heap stays near its
  // size, which makes collections worth little. Both together take a third off.
  const checkers = ["--checkers", String(Math.min(4, availableParallelism()))]
  run(nativeTypeScript, [...checkers, ...args], { GOGC: "400", ...process.env })
}
