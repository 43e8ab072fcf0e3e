import { createHash } from "node:crypto"
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

const sourcesIn = (path: string): ReadonlyArray<string> =>
  readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const inside = `${path}/${entry.name}`
    if (/^(\.|node_modules$)/.test(entry.name)) return []
    if (entry.isDirectory()) return sourcesIn(inside)
    return /\.(ts|js|json)$/.test(entry.name) ? [inside] : []
  })

const files = ["src", "plugins", "examples", "test"].flatMap(sourcesIn).sort()
const versions = ["package.json", "package-lock.json"].filter((file) => existsSync(join(root, file)))
const digest = createHash("sha256")
for (const file of [...files, ...versions]) {
  const { mtimeMs, size } = statSync(join(root, file))
  // Runtimes differ in the fractions.
  digest.update(`${file} ${Math.trunc(mtimeMs)} ${size}\n`)
}

/**
 * `scripts` has the scripts that tests start, bundled, for the sources as they are: the runs of `npm test` and of CI,
 * one for each runtime, make them once. Not below node_modules, where Deno takes a script for a package.
 */
export const scripts = join(root, "test/.scripts", `of-${digest.digest("hex").slice(0, 16)}`)
