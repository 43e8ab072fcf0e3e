// A command line as a process: its exit codes, its signals, and what it prints into a pipe.
//
// States of the process: it tells, it plans, it runs, it takes back. Races: Ctrl-C in the middle of a run.
//
// Invariants: no session is open once it has ended · the exit code is one of those that are listed · there is no colour
// in a pipe, whatever the environment asks for.
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf, run } from "../support/example.ts"
import { root, start } from "../support/runtime.ts"

const script = join(root, "test/scripts/createHosts.ts")
const colorful = { NO_COLOR: "", FORCE_COLOR: "1" }

describe("a script that is a workflow", () => {
  it.scopedLive("plans and runs, and prints no colours into a pipe", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...environmentOf(sandbox, "FMC"), ...colorful }
      const planned = yield* run(script, { args: ["plan", "--names", "a", "--detailed-exitcode"], env })
      expect(planned).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("\n  + Host a\n"),
        stderr: ""
      })
      const ran = yield* run(script, { args: ["run", "--names", "a", "--yes"], env })
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^create-hosts: done\n/) })
      expect(planned.stdout + ran.stdout + ran.stderr).not.toContain("\u001b")
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("takes back what it has done on Ctrl-C, and exits by 130", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("1 second") })
      const posts = () =>
        sandbox.ledger.requests.filter(({ method, path }) => method === "POST" && /hosts/.test(path))
      const running = start(script, {
        args: ["run", "--yes", "--names", "a", "--names", "b", "--names", "c"],
        env: environmentOf(sandbox, "FMC")
      })
      yield* eventually("it writes", () => posts().length === 2, 30)
      running.kill("SIGINT")
      const { code, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stdout }).toEqual({
        code: 130,
        stdout: expect.stringMatching(/^create-hosts: interrupted, and taken back\n/)
      })
      expect(posts()).toHaveLength(2)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.live("needs no device to tell what it is, and what is wrong with its command line", () =>
    Effect.gen(function* () {
      expect(yield* run(script, { args: ["--help"] })).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Creates hosts\.\n\nUsage: \S+ COMMAND/),
        stderr: ""
      })
      expect(yield* run(script)).toMatchObject({
        code: 64,
        stdout: "",
        stderr: expect.stringMatching(/^A command is missing; give one of plan, drift, run, /)
      })
    })
  )
})
