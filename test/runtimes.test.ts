// Which tests run on which runtime: the rule of README.md, held by reading what they import. No file can be forgotten,
// since what stands in no list runs on all three runtimes, only not in `npm test`.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Traffic } from "sallyport/plugin"
import { everywhere, long, onNodeOnly, random, shortened } from "../.config/runtimes.ts"
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
  "test/auth/contenders.test.ts": "its processes have an account in common, and nothing else",
  "test/cluster/": "SQLite for Effect 3 is on Node alone",
  "test/commandline/commands.test.ts":
    "its link leads to a device that is full, which is the system's to say",
  "test/commandline/completion.test.ts": "it starts shells, which are the same for all runtimes",
  "test/counts.test.ts": "Node alone tells which promises and timers are made",
  "test/errors.test.ts": "it opens a port only to have one at which nobody is",
  "test/examples/":
    "they do nothing with processes but to be some; canaries/processes.test.ts runs one of them everywhere",
  "test/options.test.ts": "what it gives is refused before anything is begun",
  "test/package.test.ts": "it starts all three runtimes itself",
  "test/promises/fleets.test.ts": "its promises and their lines are made as those of Promises.test.ts",
  "test/readme.test.ts": "its scripts do what those of the examples do"
}

const modules = /^node:(child_process|net|tls|https?|worker_threads|dns|readline|async_hooks|fs\/promises)$/
// To put files somewhere, and to read them, is the same everywhere; modes, times, links and open files are not.
const harmless = /^(append|exists|mkdir|mkdtemp|read|readdir|realpath|rm|stat|write)(File)?Sync$/

/** What a test imports that does something which each runtime does in its own way. */
const touched = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^import\s+(?!type\b)([^"']+?)\s+from\s+["']([^"']+)["']/gm)].flatMap(
    ([, clause = "", from = ""]) => {
      const names: ReadonlyArray<string> = clause.match(/[\w$]+/g) ?? []
      const isTouching =
        modules.test(from) ||
        from === "sallyport/promises" ||
        (from === "node:fs" && names.some((name) => !harmless.test(name))) ||
        (from.endsWith("/support/runtime.ts") && names.includes("start")) ||
        (from.endsWith("/support/example.ts") && names.includes("run"))
      return isTouching ? [from] : []
    }
  )

describe("a test of what runtimes do in their own way", () => {
  it("is known by what it imports", () => {
    const text = `import { connect } from "node:net"
import { readFileSync } from "node:fs"
import { readFileSync, utimesSync } from "node:fs"
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
    const names = [...everywhere, ...onNodeOnly, ...random, ...long, ...Object.keys(reasons)]
    expect(names.filter((name) => !files.some((file) => isNamed(file, name)))).toEqual([])
    const several = files.filter(
      (file) => [...everywhere, ...onNodeOnly].filter((name) => isNamed(file, name)).length > 1
    )
    expect(several).toEqual([])
  })

  it("name all of which `npm test` runs fewer cases on Bun and Deno", () => {
    const importing = files.filter((file) =>
      /^import .*\/fewer\.ts"$/m.test(readFileSync(join(root, file), "utf8"))
    )
    const longToo = long.filter((file) => isIn(everywhere, file))
    expect([...new Set([...importing, ...longToo])].sort()).toEqual(shortened)
    expect(shortened.filter((file) => !isIn(everywhere, file))).toEqual([])
  })

  it("name all of which `npm test` leaves out what takes long", () => {
    const importing = files.filter((file) =>
      /^import .*\/long\.ts"$/m.test(readFileSync(join(root, file), "utf8"))
    )
    expect(importing.sort()).toEqual(long)
    // `npm run test:rest` has to come to them on Bun and Deno again.
    expect(long.filter((file) => isIn(everywhere, file) && !shortened.includes(file))).toEqual([])
  })

  it("name all that try random cases, of which `npm test` leaves some out", () => {
    const trying = files.filter((file) =>
      /^import .*\/randomRuns\.ts"$/m.test(readFileSync(join(root, file), "utf8"))
    )
    expect(trying.sort()).toEqual(random)
  })
})

it("what the sessions of a process share begins anew with each test file", () => {
  const shared = () => Effect.runSync(Traffic.Traffic)
  const before = shared()
  expect(shared()).toBe(before)
  forgetShared()
  expect(shared()).not.toBe(before)
})
