// What a process prints to a place that takes no more of it.
//
// States of a stream: it takes all · it takes a part · it takes nothing · nobody reads it (auth/signals.test.ts).
//
// Invariants: what was lost is told, on standard error where that is still there, and by the exit code, which else stays
// what it was · what is under way goes on, and is logged out.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, file, run } from "../support/example.ts"
import { inRest } from "../support/long.ts"
import { root, runtime } from "../support/runtime.ts"

const full = "/dev/full"
const lost = /^Standard output cannot be written \(ENOSPC\): some of what was printed is lost; /m
const { done, failed, notKept, wrongUsage } = Main.exitCodes

describe.skipIf(!existsSync(full))("a script whose disk is full", () => {
  const script = (way: string, prints: { readonly stdout?: string; readonly stderr?: string }) =>
    run("test/scripts/printing.ts", { env: { WAY: way }, prints })

  it.live.each([
    ["writing", notKept],
    ...(inRest ? [["the sandbox", notKept] as const] : []),
    ["the help of the sandbox", notKept],
    ["and leaving", notKept],
    ["nothing", done]
  ] as const)("exits by what it has done when it prints, by %s: %i", ([way, code]) =>
    Effect.gen(function* () {
      const result = yield* script(way, { stdout: full })
      expect({ code: result.code, told: lost.test(result.stderr) }).toEqual({ code, told: code === notKept })
      expect(result.stderr.match(/Standard output/g) ?? []).toHaveLength(code === notKept ? 1 : 0)
    })
  )

  it.live("tells of its failure beside", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* script("and failing", { stdout: full })
      expect(code).toBe(failed)
      expect(stderr).toMatch(lost)
      expect(stderr).toContain("it failed")
    })
  )

  it.live.each(["writing an error", "logging"])("that of standard error, exits so by %s", (way) =>
    Effect.gen(function* () {
      expect(yield* script(way, { stderr: full })).toMatchObject({ code: notKept, stdout: "" })
    })
  )

  it.scopedLive("a session is logged out, and without Main, too", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...environmentOf(sandbox, "FMC"), HOW: "tells" }
      const { code, stderr } = yield* run("test/scripts/promises.ts", { env, prints: { stdout: full } })
      expect(stderr).toMatch(lost)
      expect({ code, open: sandbox.ledger.open, opened: sandbox.ledger.opened }).toEqual({
        code: notKept,
        open: 0,
        opened: 1
      })
    })
  )

  it.scopedLive.runIf(inRest)("a workflow is carried out all the same", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = environmentOf(sandbox, "FMC")
      const call = (
        args: ReadonlyArray<string>,
        prints: { readonly stdout?: string; readonly stderr?: string }
      ) => run(join(root, "test/scripts/createHosts.ts"), { args, env, prints })
      const posts = () =>
        sandbox.ledger.requests.filter(({ method, path }) => method === "POST" && /hosts/.test(path))
      for (const args of [
        ["plan", "--names", "a", "--detailed-exitcode"],
        ["plan", "--names", "a", "--json"],
        ["runs"],
        ["--help"]
      ])
        expect(yield* call(args, { stdout: full })).toMatchObject({
          code: notKept,
          stderr: expect.stringMatching(lost)
        })
      expect(posts()).toHaveLength(0)
      expect((yield* call(["run", "--names", "a", "--yes"], { stdout: full })).code).toBe(notKept)
      expect((yield* call(["run", "--names", "b", "--yes", "--json"], { stdout: full })).code).toBe(notKept)
      expect(yield* call(["run", "--names", "c", "--yes"], { stderr: full })).toMatchObject({
        stdout: expect.stringMatching(/^create-hosts: done/)
      })
      expect(posts()).toHaveLength(3)
      expect((yield* call(["rnu"], { stderr: full })).code).toBe(wrongUsage)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.live.runIf(inRest)("the tool tells, too", () =>
    Effect.gen(function* () {
      for (const args of [["--help"], ["runs"]])
        expect(yield* run("src/sallyport.ts", { args, prints: { stdout: full } })).toMatchObject({
          code: notKept,
          stderr: expect.stringMatching(lost)
        })
    })
  )
})

// Of what is left, a disk that fills up takes a part.
it.scopedLive.skipIf(runtime !== "node")("a file that takes but a part of what is printed is told", () =>
  Effect.gen(function* () {
    const stdout = yield* file("printed", "")
    const env = { WAY: "writing much" }
    const { code, stderr } = yield* run("test/scripts/printing.ts", {
      env,
      fileBlocks: 8,
      prints: { stdout }
    })
    expect(stderr).toContain("Standard output cannot be written (EFBIG)")
    expect(code).toBe(notKept)
    expect(yield* run("test/scripts/printing.ts", { env, prints: { stdout } })).toMatchObject({
      code: 0,
      stderr: ""
    })
  })
)
