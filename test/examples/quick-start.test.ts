import { readdirSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const script = "examples/quick-start.ts"

describe("quick-start.ts", () => {
  it.scopedLive("by itself plans, runs, takes back, goes on and undoes, and leaves nothing", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const env = { TMPDIR: folder, TEMP: folder, XDG_STATE_HOME: folder, LOCALAPPDATA: folder }
      const { code, stderr, stdout } = yield* run(script, { env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const told = stdout.split(/^--- .*\n/m).slice(1)
      expect(told).toHaveLength(5)
      expect(told[0]).toMatch(/^publish: plan\n[\s\S]*^2 to create; 0 as wanted already\./m)
      expect(told[1]).toMatch(/^publish: failed, and taken back\n1 undone, 1 never happened; /)
      expect(told[2]).toMatch(/^publish: failed\n1 failed, 1 done; /)
      expect(told[3]).toMatch(
        /^publish: done\n[\s\S]*^ {2}\+ Host sallyport-\d+ {2}\(done, by the run before\)$/m
      )
      expect(told[4]).toMatch(/^publish: done, and taken back\n2 undone, /)
      expect(lines(stdout).at(-1)).toBe("Ledger: 10 sessions opened, 10 ended, 0 left open")
      // Nor a journal.
      expect(readdirSync(folder)).toEqual([])
    })
  )

  it.scopedLive("on devices plans, runs and undoes, and logs out of both", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      // One address, which stands for two devices here.
      const unnamed = environmentOf(sandbox, "FMC", "FDM")
      const alike = yield* run(script, { env: unnamed })
      expect(alike).toMatchObject({ code: 1, stdout: "" })
      expect(alike.stderr).toMatch(/InvalidInput: fdm\.name: .*give one of them another name/)
      expect(sandbox.ledger.opened).toBe(0)

      const env = { ...unnamed, FMC_NAME: "hq", FDM_NAME: "edge" }
      const { code, stderr, stdout } = yield* run(script, { env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(
        /^publish: plan\n[\s\S]*^publish: done\n[\s\S]*^publish: done, and taken back\n/m
      )
      const { open, opened, requests } = sandbox.ledger
      expect({ open, opened }).toEqual({ open: 0, opened: 6 })
      const writes = requests.filter(({ kind, method }) => kind === "call" && method !== "GET")
      expect(writes.map(({ method, path }) => [method, /fdm|fmc/.exec(path)?.[0]])).toEqual([
        ["POST", "fmc"],
        ["POST", "fdm"],
        ["DELETE", "fdm"],
        ["DELETE", "fmc"]
      ])
    })
  )

  it.scopedLive("with only one device in the environment names what is missing, and leaves no session", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr } = yield* run(script, { env: environmentOf(sandbox, "FMC") })
      expect(code).toBe(1)
      expect(stderr).toContain("FDM_URL")
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})
