import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import process from "node:process"
import { buildSync } from "esbuild"

/**
 * `bundle` makes a script of the project one JavaScript file, which starts in a fraction of the time that the sources
 * take: tests start hundreds. It is made once for all runs on the same sources. `npm start` runs the sources by tsx.
 */
export const bundle = (root: string, file: string): string => {
  // By its text, too: a test may write a script of its own.
  const digest = createHash("sha256")
    .update(file)
    .update(readFileSync(resolve(root, file)))
  const name = `${basename(file, ".ts")}-${digest.digest("hex").slice(0, 8)}.mjs`
  const folder = process.env.SALLYPORT_TEST_SCRIPTS
  if (folder === undefined) throw new Error("the configuration of the tests names no folder for scripts")
  const outfile = join(folder, name)
  if (existsSync(outfile)) return outfile
  // Several processes may make it at once: each makes its own, and the file is there as a whole or not at all.
  const unfinished = join(folder, `${process.pid}-${name}`)
  buildSync({
    absWorkingDir: root,
    entryPoints: [file],
    outfile: unfinished,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@sallyport/source"],
    // With Effect in it, which is hundreds of files otherwise; these are loaded by few.
    external: [
      "@cfworker/*",
      "better-sqlite3",
      "pg",
      "pg-*",
      "undici",
      "ws",
      "csv-parse",
      "csv-stringify",
      "log-update",
      "selfsigned",
      "yaml"
    ],
    // A small map in a file of its own: Node reads the map of all that it loads.
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error"
  })
  renameSync(unfinished, outfile)
  return outfile
}
