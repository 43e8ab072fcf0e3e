import { spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { root } from "./runtime.ts"

/**
 * `builtPackage` builds what is shipped as JavaScript, by the command of package.json and in less than a second, and
 * gives the folder of it: a project in which the package is imported by its name.
 */
export const builtPackage = (): string => {
  const { SALLYPORT_TEST_SCRIPTS: scripts } = process.env
  if (scripts === undefined) throw new Error("the configuration of the tests names no folder for scripts")
  const folder = join(scripts, "package")
  if (existsSync(join(folder, "dist"))) return folder
  mkdirSync(folder, { recursive: true })
  const to = ["--", `--outdir=${join(folder, "dist")}`, "--log-level=warning"]
  const { status, stderr } = spawnSync("npm", ["run", "build:js", ...to], { cwd: root, encoding: "utf8" })
  if (status !== 0) throw new Error(`the package could not be built: ${stderr}`)
  copyFileSync(join(root, "package.json"), join(folder, "package.json"))
  return folder
}
