import { mkdirSync, rmSync } from "node:fs"
import { basename, join } from "node:path"
import process from "node:process"
import { buildSync } from "esbuild"

const bundled = new Map<string, string>()

/**
 * A script of the project as one JavaScript file for Node, which starts in a fifth of the time that tsx takes: tests
 * start hundreds. Bun and Deno run the sources, and `npm start` runs them by tsx.
 */
export const bundle = (root: string, file: string): string => {
  const known = bundled.get(file)
  if (known !== undefined) return known
  // Below node_modules, where packages are found from, and nothing else looks.
  const folder = join(root, "node_modules/.cache/sallyport-scripts")
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${process.pid}-${bundled.size}-${basename(file, ".ts")}.mjs`)
  buildSync({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@sallyport/source"],
    // With Effect in it, which is hundreds of files otherwise; these are loaded by few.
    external: ["@cfworker/*", "csv-parse", "csv-stringify", "selfsigned"],
    // A small map in a file of its own: Node reads the map of all that it loads.
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "error"
  })
  bundled.set(file, outfile)
  process.once("exit", () => {
    for (const each of [outfile, `${outfile}.map`]) rmSync(each, { force: true })
  })
  return outfile
}
