// Runs what needs a browser: `npm run test:browser`. Where there is none, and this may install Debian's, it does.

import { execFileSync, spawnSync } from "node:child_process"
import process from "node:process"
import { chromium } from "../support/chromium.ts"

const run = (command: string, args: ReadonlyArray<string>) =>
  spawnSync(command, args, { stdio: "inherit" }).status ?? 1

const canInstall = () => {
  try {
    execFileSync("which", ["apt-get"])
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

if (chromium() === undefined && canInstall())
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"])
if (chromium() === undefined) {
  console.error(
    "There is no Chromium here. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path."
  )
  process.exitCode = 1
} else {
  process.exitCode = run("node_modules/.bin/vitest", [
    "run",
    "--config",
    ".config/vitest.config.ts",
    "test/html/browser.test.ts"
  ])
}
