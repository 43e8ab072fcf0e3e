import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import process from "node:process"
import { buildSync } from "esbuild"

/**
 * `bundle` makes a script of the project a JavaScript file, which with a few more that it shares with those beside it
 * starts in a fraction of the time that the sources take: tests start hundreds. All scripts of a folder are made at
 * once, which takes little longer than to make one, and for all runs on the same sources. `npm start` runs the sources
 * by tsx.
 */
export const bundle = (root: string, file: string): string => {
  const beside = dirname(resolve(root, file))
  const outfile = join(madeOf(root, beside), `${basename(file, ".ts")}.mjs`)
  if (existsSync(outfile)) return outfile
  throw new Error(`${file} was written after the others of its folder were bundled`)
}

const folders = new Map<string, string>()

const madeOf = (root: string, beside: string): string => {
  const known = folders.get(beside)
  if (known !== undefined) return known
  const folder = process.env.SALLYPORT_TEST_SCRIPTS
  if (folder === undefined) throw new Error("the configuration of the tests names no folder for scripts")
  const files = readdirSync(beside)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(beside, name))
  // By their text, too: a test may write scripts of its own.
  const digest = createHash("sha256")
  for (const file of files) digest.update(`${relative(root, file)}\n`).update(readFileSync(file))
  const made = join(folder, `${basename(beside)}-${digest.digest("hex").slice(0, 8)}`)
  folders.set(beside, made)
  if (existsSync(made)) return made
  // Several processes may make them at once: each makes its own, and the folder is there as a whole or not at all.
  const unfinished = `${made}-${process.pid}`
  buildSync({
    absWorkingDir: root,
    entryPoints: files,
    outdir: unfinished,
    outbase: beside,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@sallyport/source"],
    // With Effect in it, which is hundreds of files otherwise; these are loaded by few.
    external: [
      "@cfworker/*",
      "@effect/vitest",
      "better-sqlite3",
      "pg",
      "pg-*",
      "undici",
      "vitest",
      "ws",
      "csv-parse",
      "csv-stringify",
      "log-update",
      "selfsigned",
      "yaml"
    ],
    // Small maps in files of their own: Node reads the maps of all that it loads.
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error"
  })
  try {
    renameSync(unfinished, made)
  } catch (error) {
    // Another process was first.
    if (!existsSync(made)) throw error
    rmSync(unfinished, { recursive: true, force: true })
  }
  return made
}
