import { execFileSync } from "node:child_process"
import process from "node:process"

/** Where Chromium is: `CHROMIUM` says so, or else the first of its names that is on the path. */
export const chromium = (): string | undefined => {
  for (const name of [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"]) {
    if (name === undefined) continue
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim()
    } catch {}
  }
  return undefined
}
