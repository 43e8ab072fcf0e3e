import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

// Tests import the package by its own name and get the TypeScript sources. One process per test file: Deno's
// worker threads cannot make requests.
const conditions = ["@sallyport/source"]
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    poolOptions: { forks: { maxForks: 2, minForks: 1 } },
    testTimeout: 30_000,
    hookTimeout: 30_000
  }
})
