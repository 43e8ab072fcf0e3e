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

export default defineConfig({
  root,
  plugins: [packages],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    pool: "forks",
    poolOptions: { forks: { maxForks: 2, minForks: 1 } },
    testTimeout: 30_000,
    hookTimeout: 30_000
  }
})
