import process from "node:process"
import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vitest/config"

const root = fileURLToPath(new URL("..", import.meta.url))

// Tests import the package by its own name and get the TypeScript sources. One process per test file: Deno's
// worker threads cannot make requests.
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

// What is the same on every runtime, since it is about text, time and reasoning alone, and takes long: on Node only.
const elsewhere = process.versions.bun !== undefined || process.versions.deno !== undefined
const onNodeOnly = [
  "test/architecture.test.ts",
  "test/declarations.test.ts",
  "test/traps.test.ts",
  "test/auth/busyLogin.test.ts",
  "test/auth/contested.test.ts",
  "test/auth/day.test.ts",
  "test/auth/session.model.test.ts",
  "test/auth/sharing.model.test.ts",
  "test/canaries/echoes.test.ts",
  "test/client/Difference.test.ts",
  "test/client/FieldEquality.test.ts",
  "test/fleet/Dispatch.test.ts",
  "test/fleet/Waves.test.ts",
  "test/fuzz/documents.test.ts",
  "test/fuzz/tokens.test.ts",
  "test/html/browser.test.ts",
  "test/html/pages.test.ts",
  "test/testing/Contract.test.ts",
  "test/workflow/guards.test.ts",
  "test/workflow/lies.test.ts",
  "test/workflow/plan.model.test.ts",
  "test/workflow/plan.test.ts",
  "test/workflow/run/afterwards.test.ts",
  "test/workflow/run/cost.test.ts",
  "test/workflow/run/crash.test.ts",
  "test/workflow/run/custom.test.ts",
  "test/workflow/run/observer.test.ts",
  "test/workflow/run/planned.test.ts",
  "test/workflow/run/run.model.test.ts",
  "test/workflow/run/secrets.test.ts",
  "test/workflow/runReport.test.ts",
  "test/workflow/undo/Look.test.ts",
  "test/workflow/undo/faults.test.ts",
  "test/workflow/undo/guards.test.ts",
  "test/workflow/undo/kinds.test.ts",
  "test/workflow/undo/particulars.test.ts",
  "test/workflow/undo/secrets.test.ts",
  "test/workflow/verbs.test.ts",
  "test/workflow/window.test.ts"
]

export default defineConfig({
  root,
  plugins: [packages],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    exclude: elsewhere ? onNodeOnly : [],
    pool: "forks",
    // One more than cores: tests wait for each other's processes and for devices that take their time.
    poolOptions: { forks: { maxForks: 3, minForks: 1 } },
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
