import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import process from "node:process"
import type { TestProject } from "vitest/node"

/** Vitest calls this before the tests of a run, and what it gives behind them. */
export default ({ config }: TestProject): (() => void) => {
  const scripts = config.env.SALLYPORT_TEST_SCRIPTS
  if (scripts === undefined) throw new Error("the configuration names no folder for scripts")
  // As long as this is there, a run that other sources are of leaves these scripts alone.
  const ofRun = join(scripts, String(process.pid))
  mkdirSync(ofRun, { recursive: true })
  for (const folder of foldersIn(dirname(scripts))) {
    const isInUse = folder === scripts || isRunning(folder) || foldersIn(folder).some(isRunning)
    if (!isInUse) rmSync(folder, { recursive: true, force: true })
  }
  return () => rmSync(ofRun, { recursive: true, force: true })
}

const foldersIn = (path: string): ReadonlyArray<string> =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(path, name))
    : []

/** A folder that is called by the id of a process is its own. */
const isRunning = (folder: string): boolean => {
  try {
    return process.kill(Number(basename(folder)), 0)
  } catch {
    return false
  }
}
