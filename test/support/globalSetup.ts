import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import type { TestProject } from "vitest/node"

/** Vitest calls this before the tests of a run, and what it gives behind them. */
export default ({ config }: TestProject): (() => void) => {
  const scripts = config.env.SALLYPORT_TEST_SCRIPTS
  if (scripts === undefined) throw new Error("the configuration names no folder for scripts")
  mkdirSync(scripts, { recursive: true })
  // A run that was killed has left its own.
  const all = dirname(scripts)
  for (const name of readdirSync(all)) {
    if (!isAlive(Number(name))) rmSync(join(all, name), { recursive: true, force: true })
  }
  return () => rmSync(scripts, { recursive: true, force: true })
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
