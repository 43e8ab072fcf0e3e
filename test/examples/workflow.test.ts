import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf, run } from "../support/example.ts"
import { start } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const script = "examples/workflow.ts"
const input = ["--service", "shop", "--address", "192.0.2.7", "--address", "192.0.2.8"]

const started = (options: Sandbox.Options = {}) =>
  Effect.map(Sandbox.make(options), (sandbox) => ({
    sandbox,
    call: (...args: ReadonlyArray<string>) => run(script, { args, env: environmentOf(sandbox, "FMC") }),
    writes: () =>
      sandbox.ledger.requests
        .filter(({ kind, method }) => kind === "call" && method !== "GET")
        .map(({ method, path }) => `${method} ${path.split("/").at(-1)?.replace(/\?.*/, "")}`)
  }))

const runIn = (output: string): string => /^Run (\S+),/m.exec(output)?.[1] ?? "none"

// Each test starts several processes one after the other, on a machine that may be busy.
describe("workflow.ts", { timeout: 90_000 }, () => {
  it.scopedLive("says what it would do, and asks: where nobody sits it writes nothing", () =>
    Effect.gen(function* () {
      const { call, sandbox, writes } = yield* started()
      const plan = yield* call("plan", ...input)
      expect(plan).toMatchObject({ code: 0, stderr: "" })
      const { host } = new URL(sandbox.url)
      expect(plan.stdout).toMatch(/Plan [0-9a-f]{12}\.\n$/)
      expect(plan.stdout.replace(/Plan .*/, "").trimEnd()).toBe(`publish-service: plan

${host} · hosts
  + Host shop-1
      value: "192.0.2.7"
  + Host shop-2
      value: "192.0.2.8"

${host} · group
  + NetworkGroup shop
      objects: [{"id":"(known after Host shop-1 is created)","name":"shop-1","type":"Host"},{"id":"(known after Host shop-2 is created)","name":"shop-2","type":"Host"}]

The workflow says:
  Rules that use the group need a deployment afterwards.

3 to create; 0 as wanted already.`)
      const asked = yield* call("run", ...input)
      expect(asked).toMatchObject({
        code: 64,
        stdout: "",
        stderr: expect.stringMatching(/nobody to ask.*--yes/)
      })
      expect(writes()).toEqual([])
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("does it and reports, and takes it back by the id of the run, once", () =>
    Effect.gen(function* () {
      const { call, sandbox, writes } = yield* started()
      const done = yield* call("run", "--yes", ...input)
      expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/^publish-service: plan\n/) })
      expect(done.stdout).toMatch(/^publish-service: done\n3 done; 0 as wanted already\.\n/)
      expect(writes()).toEqual(["POST hosts", "POST networkgroups"])

      const undone = yield* call("undo", runIn(done.stdout), "--yes", "--quiet")
      expect(undone).toMatchObject({ code: 0, stderr: "" })
      expect(undone.stdout).toMatch(/^publish-service: done, and taken back\n3 undone; /)
      expect(
        writes()
          .slice(2)
          .map((write) => write.split(" ")[0])
      ).toEqual(["DELETE", "DELETE", "DELETE"])

      const resumed = yield* call("resume", runIn(done.stdout))
      expect(resumed).toMatchObject({ code: 1, stdout: "" })
      expect(resumed.stderr).toContain("RunOver: run ")
      const unknown = yield* call("undo", "20261129T013000Z-publish-service-3f9a1c", "--yes")
      expect(unknown).toMatchObject({ code: 1, stdout: "" })
      expect(unknown.stderr).toContain("JournalFailed: no run with this id")
      expect(writes()).toHaveLength(5)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("takes back what it has done where a later step fails, and says so", () =>
    Effect.gen(function* () {
      const { call, sandbox, writes } = yield* started({ objects: 0 })
      yield* sandbox.fail({ method: "POST", path: /networkgroups/, how: Sandbox.Fault.status(500) })
      const { code, stderr, stdout } = yield* call("run", "--yes", ...input)
      expect(code).toBe(3)
      expect(stdout).toMatch(/^publish-service: failed, and taken back\n2 undone, 1 never happened; /)
      expect(stderr).toContain("What it had changed was taken back.")
      expect(writes()).toHaveLength(4)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("by Ctrl-C takes back what it has done, and reports all the same", () =>
    Effect.gen(function* () {
      const { sandbox } = yield* started()
      yield* sandbox.fail({ method: "POST", path: /networkgroups/, how: Sandbox.Fault.slow("2 seconds") })
      const env = environmentOf(sandbox, "FMC")
      const running = start(script, { args: ["run", "--yes", ...input], env })
      const isAtIt = () =>
        sandbox.ledger.requests.some(({ method, path }) => method === "POST" && /\/hosts/.test(path))
      yield* eventually("it has written", isAtIt, 20)
      running.kill("SIGINT")
      const { code, stdout } = yield* Effect.promise(() => running.ended)
      expect(code).toBe(130)
      expect(stdout).toMatch(/^publish-service: interrupted, and taken back\n/)
      expect(stdout).toMatch(/\d undone[,;]/)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("goes on with a run that was killed, and does nothing twice", () =>
    Effect.gen(function* () {
      const { sandbox, writes } = yield* started()
      yield* sandbox.fail({
        method: "GET",
        path: /networkgroups/,
        nth: 3,
        how: Sandbox.Fault.slow("1 minute")
      })
      const state = yield* temporaryFolder
      const env = { ...environmentOf(sandbox, "FMC"), XDG_STATE_HOME: state, LOCALAPPDATA: state }
      const running = start(script, { args: ["run", "--yes", ...input], env })
      yield* eventually("it has written", () => writes().length === 1, 20)
      running.kill("SIGKILL")
      yield* Effect.promise(() => running.ended)
      yield* sandbox.clearFaults()
      const [journal = ""] = readdirSync(join(state, "sallyport/runs")).filter((name) =>
        name.endsWith(".jsonl")
      )
      const args = ["resume", journal.replace(".jsonl", ""), "--quiet"]
      const resumed = yield* run(script, { args, env })
      expect(resumed).toMatchObject({ code: 0, stderr: "" })
      expect(resumed.stdout).toMatch(/\+ Host shop-1 {2}\(done, by the run before\)/)
      expect(writes()).toEqual(["POST hosts", "POST networkgroups"])
    })
  )

  it.scopedLive("says how it is called", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run(script, { args: ["plan", "--service", "shop"] })
      expect({ code, stderr }).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/^--address: it is missing; [\s\S]*plan --help tells how it is called/)
      })
    })
  )
})
