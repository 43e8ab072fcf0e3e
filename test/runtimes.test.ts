// Which tests run on which runtime: the rule of README.md, held by reading what they import. No file can be forgotten,
// since what stands in no list runs on all three runtimes, only not in `npm test`.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Traffic } from "sallyport/plugin"
import { everywhere, onNodeOnly } from "../.config/runtimes.ts"
import { root } from "./support/runtime.ts"
import { forgetShared } from "./support/shared.ts"

const files = ["test", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
)
const isNamed = (file: string, name: string) => (name.endsWith("/") ? file.startsWith(name) : file === name)
const isIn = (list: ReadonlyArray<string>, file: string) => list.some((name) => isNamed(file, name))

// What touches the runtime and is yet tried in full on Node alone in `npm test`.
const reasons: Readonly<Record<string, string>> = {
  "test/errors.test.ts": "it opens a port only to have one at which nobody is",
  "test/examples/": "they do nothing with processes but to be some, and five of them run everywhere",
  "test/package.test.ts": "it starts all three runtimes itself"
}

const modules = /^node:(child_process|net|tls|https?|worker_threads|dns|readline|async_hooks|fs\/promises)$/
const harmless = new Set(["existsSync", "mkdtempSync", "readFileSync", "readdirSync", "statSync"])

/** What a test imports that does something which each runtime does in its own way. */
const touched = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^import\s+(?!type\b)([^"']+?)\s+from\s+["']([^"']+)["']/gm)].flatMap(
    ([, clause = "", from = ""]) => {
      const names: ReadonlyArray<string> = clause.match(/[\w$]+/g) ?? []
      const isTouching =
        modules.test(from) ||
        from === "sallyport/promises" ||
        (from === "node:fs" && names.some((name) => !harmless.has(name))) ||
        (from.endsWith("/support/runtime.ts") && names.includes("start")) ||
        (from.endsWith("/support/example.ts") && names.includes("run"))
      return isTouching ? [from] : []
    }
  )

describe("a test of what runtimes do in their own way", () => {
  it("is known by what it imports", () => {
    const text = `import { connect } from "node:net"
import { readFileSync } from "node:fs"
import { readFileSync, rmSync } from "node:fs"
import type { Running } from "./support/runtime.ts"
import { root } from "./support/runtime.ts"
import { type Running, start } from "./support/runtime.ts"
import {
  environmentOf,
  run
} from "../support/example.ts"
import * as Promises from "sallyport/promises"
`
    expect(touched(text)).toEqual([
      "node:net",
      "node:fs",
      "./support/runtime.ts",
      "../support/example.ts",
      "sallyport/promises"
    ])
  })

  it("runs on all of them in `npm test`, or a reason is given", () => {
    const elsewhere = files.filter((file) => !isIn(everywhere, file) && !isIn(Object.keys(reasons), file))
    const wrong = elsewhere.flatMap((file) => {
      const reached = touched(readFileSync(join(root, file), "utf8"))
      return reached.length > 0 ? [`${file} imports ${reached.join(", ")}`] : []
    })
    expect(wrong).toEqual([])
    expect(files.filter((file) => isIn(everywhere, file)).length).toBeGreaterThan(50)
  })
})

describe("the lists of tests", () => {
  it("name what is there, and each once", () => {
    const names = [...everywhere, ...onNodeOnly, ...Object.keys(reasons)]
    expect(names.filter((name) => !files.some((file) => isNamed(file, name)))).toEqual([])
    const several = files.filter(
      (file) => [...everywhere, ...onNodeOnly].filter((name) => isNamed(file, name)).length > 1
    )
    expect(several).toEqual([])
  })
})

it("what the sessions of a process share begins anew with each test file", () => {
  const shared = () => Effect.runSync(Traffic.Traffic)
  const before = shared()
  expect(shared()).toBe(before)
  forgetShared()
  expect(shared()).not.toBe(before)
})
