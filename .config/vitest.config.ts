import { availableParallelism } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vitest/config"
import { LongestFirst } from "./LongestFirst.ts"
import { everywhere, globs, long, onNodeOnly, random, shortened } from "./runtimes.ts"
import { scripts } from "./scripts.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

// Tests import the package by its own name and get the TypeScript sources. In processes: Deno's worker threads
// cannot make requests.
const conditions = ["@sallyport/source"]

// An example that is a package of its own has no install of its own here: for it, as for everything else in this
// project, `sallyport` is the project itself. tsconfig.json has its `paths` for the same reason.
const packages: Plugin = {
  name: "sallyport-for-example-packages",
  enforce: "pre",
  resolveId(specifier, importer, options) {
    if (!/^sallyport(\/|$)/.test(specifier) || !importer?.includes("/examples/")) return null
    return this.resolve(specifier, `${root}package.json`, { ...options, skipSelf: true })
  }
}

const certificates: Plugin = {
  name: "sallyport-certificates-of-sandboxes",
  enforce: "pre",
  resolveId: (specifier, importer) =>
    specifier === "selfsigned" && importer === `${root}plugins/sandbox/Certificate.ts`
      ? `${root}test/support/selfsigned.ts`
      : null
}

// What is kept beside the scripts of a user is nothing for a test, and what a test keeps is gone after its run.
const ofRun = join(scripts, String(process.pid))

// A red run is to tell of a change and not of a draw: random cases are drawn anew by `--mode thorough` alone, or by
// SALLYPORT_TEST_SEED, which plays those of a run again, too.
const seed = (mode: string): string =>
  process.env.SALLYPORT_TEST_SEED ?? (mode === "thorough" ? String(Math.floor(Math.random() * 2 ** 31)) : "1")

const elsewhere = process.versions.bun !== undefined || process.versions.deno !== undefined

// More than cores, since a test waits for devices that take their time; and not many more, since each compiles anew what it
// runs: five seconds of work.
const forks = availableParallelism() + 2

// Most of what a test allocates is gone with it: where the young ones have more room, less of it is copied.
const execArgv = elsewhere ? [] : ["--max-semi-space-size=64"]

const all = ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"]

/** What `npm test` has run in full on Bun and Deno; a folder with something that it has shortened is run again. */
const wasRun = everywhere.filter((name) => !shortened.some((file) => file.startsWith(name)))

// `--mode smoke` is the part of the tests that `npm test` runs, on Bun and Deno a small one; `--mode rest` is what it leaves
// out, on Node random cases and those that take long; `--mode thorough` is all tests with all random cases.
export default defineConfig(({ mode }) => {
  const isSmoke = mode === "smoke" && elsewhere
  const isRest = mode === "rest" && !elsewhere
  const left = [...onNodeOnly, ...(mode === "rest" ? wasRun : [])]
  const ofLong = mode === "smoke" ? "first" : isRest ? "others" : "all"
  return {
    root,
    plugins: [packages, certificates],
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: isSmoke ? globs(everywhere) : isRest ? globs([...new Set([...random, ...long])]) : all,
      exclude: elsewhere ? globs(left) : [],
      provide: { isSmoke, ofLong, isThorough: isRest || mode === "thorough" },
      env: {
        SALLYPORT_TEST_SCRIPTS: scripts,
        SALLYPORT_TEST_SEED: seed(mode),
        XDG_STATE_HOME: join(ofRun, "state"),
        LOCALAPPDATA: join(ofRun, "state")
      },
      globalSetup: ["test/support/globalSetup.ts"],
      setupFiles: ["test/support/setup.ts"],
      sequence: { sequencer: LongestFirst },
      pool: "forks",
      // One process runs many files, so that Effect and the library are loaded, and compiled by the runtime, once for
      // all of them.
      poolOptions: { forks: { isolate: false, maxForks: forks, minForks: forks, execArgv } },
      testTimeout: 60_000,
      hookTimeout: 60_000
    }
  }
})
