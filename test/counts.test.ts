// What work takes, in numbers that are the same each time, on a machine with much to do, too: the times are for
// `npm run bench`.
//
// Invariants: a login and a logout make a fiber each that nobody's interruption ends, and one for what of them may have to
// be given up · a request on a warm session that has to wait for nothing makes no fiber, and no timer but the one of its
// time-out · neither takes more steps of Effect than now · what a script loads, before it does anything, is no more than
// it is now, and of no other package.
import { readFileSync, statSync, writeFileSync } from "node:fs"
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

// Fibers and steps are as many as there are now; a login may make a timer more on a machine with much to do, and a promise
// or two may be a matter of Node's version. Of the steps
// of a list 620 are those of any `Stream` that is run; those of what is awaited are not counted.
const perRequest: Readonly<
  Record<string, Readonly<Record<"fibers" | "steps" | "timers" | "promises", number>>>
> = {
  "FMC: a login and a logout": { fibers: 6, steps: 686, timers: 22, promises: 28 },
  "FMC, its account known: a login and a logout": { fibers: 5, steps: 493, timers: 22, promises: 28 },
  "FDM: a login and a logout": { fibers: 6, steps: 788, timers: 31, promises: 36 },
  "FMC: a request": { fibers: 0, steps: 48, timers: 1, promises: 4 },
  "FMC: a list of one page": { fibers: 1, steps: 684, timers: 1, promises: 16 },
  "FMC: a write": { fibers: 0, steps: 83, timers: 1, promises: 4 },
  "FDM: a request": { fibers: 0, steps: 63, timers: 1, promises: 6 },
  "FDM: a list of one page": { fibers: 1, steps: 689, timers: 1, promises: 16 },
  "FDM: a write": { fibers: 0, steps: 88, timers: 1, promises: 4 },
  "FMC, awaited: a list of one page": { fibers: 2, steps: 0, timers: 1, promises: 20 }
}

it.scopedLive(
  "a session and a request make no more fibers, steps, timers and promises than they do now",
  () =>
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

/** What a script that does one thing on one device is. */
const job = `
import * as Fmc from "sallyport/fmc"
await Fmc.use("FMC", async (fmc) => (await fmc.domain("Global")).hosts.list().toArray())
`

/** A tenth above what is so now: that is room for what is added, and not for what is loaded by mistake. */
const limits = (ownFiles: number, ownKiB: number) => ({
  "files of its own": ownFiles,
  "KiB of its own": ownKiB,
  "files of others": 520
})

describe("no more is loaded than now by", () => {
  const example = "import-hosts.js"
  let folder = ""
  beforeAll(() => {
    folder = builtPackage()
    const source = readFileSync(join(root, "examples/import-hosts.ts"), "utf8")
    writeFileSync(join(folder, example), transformSync(source, { loader: "ts" }).code)
    writeFileSync(join(folder, "job.js"), job)
  })

  it.scopedLive.each([
    ["sallyport", importing("sallyport"), limits(37, 784)],
    ["sallyport/fmc", importing("sallyport/fmc"), limits(21, 564)],
    ["sallyport/fdm", importing("sallyport/fdm"), limits(21, 529)],
    ["sallyport/promises", importing("sallyport/promises"), limits(21, 390)],
    ["a whole script", ["job.js"], limits(21, 564)],
    ["--help of a script", [example, "--help"], limits(45, 1000)],
    ["--help of the tool", ["dist/src/sallyport.js", "--help"], limits(24, 454)]
  ] as const)("%s", ([what, program, most]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = environmentOf(sandbox, "FMC")
      const modules = yield* Effect.promise(() => loadedModules(folder, program, env))
      const own = modules.filter(({ packageName }) => packageName === "sallyport")
      const counts = {
        "files of its own": own.length,
        "KiB of its own": Math.round(own.reduce((sum, { file }) => sum + statSync(file).size, 0) / 1024),
        "files of others": modules.length - own.length
      }
      const advice =
        "What is used late, or by few, is loaded by `import()` where it is used; `npm run sizes` tells what each subpath loads."
      expect(above(what, counts, most, advice)).toEqual([])
      expect(own.length).toBeGreaterThan(0)
      const allowed = ["sallyport", "effect", "@effect/platform", "fast-check", "pure-rand"]
      const packages = new Set(modules.map(({ packageName }) => packageName))
      expect([...packages].filter((name) => !allowed.includes(name))).toEqual([])
      expect(sandbox.ledger.opened).toBe(what === "a whole script" ? 1 : 0)
    })
  )
})
