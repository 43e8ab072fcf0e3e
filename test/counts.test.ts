// What work takes, in numbers that are the same each time, on a machine with much to do, too: the times are for
// `npm run bench`.
//
// Invariants: a request on a warm session that has to wait for nothing makes no fiber, and no timer but the one of its
// time-out · what a script loads, before it does anything, is no more than it is now, and of no other package.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { transformSync } from "esbuild"
import * as Sandbox from "sallyport/sandbox"
import { builtPackage } from "./support/builtPackage.ts"
import { environmentOf, run } from "./support/example.ts"
import { importing, loadedModules } from "./support/loadedModules.ts"
import { root } from "./support/runtime.ts"

/** Of each thing that is above its limit, a sentence. */
const above = (
  what: string,
  counts: Readonly<Record<string, number>>,
  limits: Readonly<Record<string, number>>,
  advice: string
): ReadonlyArray<string> =>
  Object.entries(counts).flatMap(([unit, count]) => {
    const limit = limits[unit] ?? 0
    return count > limit ? [`${what}: ${count} ${unit}, ${count - limit} more than the limit. ${advice}`] : []
  })

// Fibers and timers are as many as there are now; a promise or two may be a matter of Node's version.
const perRequest: Readonly<Record<string, Readonly<Record<"fibers" | "timers" | "promises", number>>>> = {
  "FMC: a request": { fibers: 0, timers: 1, promises: 5 },
  "FMC: a list of one page": { fibers: 1, timers: 1, promises: 17 },
  "FMC: a write": { fibers: 0, timers: 1, promises: 5 },
  "FDM: a request": { fibers: 0, timers: 1, promises: 7 },
  "FDM: a list of one page": { fibers: 1, timers: 1, promises: 17 },
  "FDM: a write": { fibers: 0, timers: 1, promises: 5 },
  "FMC, awaited: a list of one page": { fibers: 2, timers: 1, promises: 21 }
}

it.scopedLive("a request makes no more fibers, timers and promises than it does now", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { code, stderr, stdout } = yield* run("test/scripts/requestCounts.ts", {
      env: environmentOf(sandbox, "FMC", "FDM")
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const { "a wait": wait, ...told }: Readonly<Record<string, Readonly<Record<string, number>>>> =
      JSON.parse(stdout)
    expect(wait).toMatchObject({ fibers: 1, timers: 1, promises: expect.toSatisfy((count) => count > 0) })
    expect(Object.keys(told)).toEqual(Object.keys(perRequest))
    const advice =
      "Is there a fork, a race, a time-out or a Deferred on the way of a request that waits for nothing? `npm run bench -- --row one` tells what it takes (test/bench/README.md)."
    expect(
      Object.entries(told).flatMap(([what, counts]) => above(what, counts, perRequest[what] ?? {}, advice))
    ).toEqual([])
  })
)

describe("no more is loaded than now by", () => {
  const example = "import-hosts.js"
  let folder = ""
  beforeAll(() => {
    folder = builtPackage()
    const source = readFileSync(join(root, "examples/import-hosts.ts"), "utf8")
    writeFileSync(join(folder, example), transformSync(source, { loader: "ts" }).code)
  })

  it.each([
    ["sallyport", importing("sallyport"), { own: 42, others: 520 }],
    ["sallyport/fmc", importing("sallyport/fmc"), { own: 25, others: 520 }],
    ["sallyport/fdm", importing("sallyport/fdm"), { own: 25, others: 520 }],
    ["sallyport/promises", importing("sallyport/promises"), { own: 39, others: 520 }],
    ["--help of a script", [example, "--help"], { own: 52, others: 520 }]
  ] as const)("%s", (what, program, limits) => {
    const modules = loadedModules(folder, program)
    const own = modules.filter(({ packageName }) => packageName === "sallyport").length
    const advice =
      "What is used late, or by few, is loaded by `import()` where it is used; `npm run sizes` tells what each subpath loads."
    expect(above(what, { own, others: modules.length - own }, limits, advice)).toEqual([])
    expect(own).toBeGreaterThan(0)
    const allowed = ["sallyport", "effect", "@effect/platform", "fast-check", "pure-rand"]
    const packages = new Set(modules.map(({ packageName }) => packageName))
    expect([...packages].filter((name) => !allowed.includes(name))).toEqual([])
  })
})
