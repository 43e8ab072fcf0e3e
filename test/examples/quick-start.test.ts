import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"

const steps = [
  /^FMC {2}logged in to /m,
  /^FDM {2}logged in to /m,
  /^FMC {2}domains: Global, Global\/ Branch$/m,
  /^FMC {2}hosts: read 10 of 30\nFMC {2}hosts: read 20 of 30\nFMC {2}hosts: read 30 of 30$/m,
  /^FMC {2}added host (sallyport-\d+)$[\s\S]*^FMC {2}read it back: \1 is 192\.0\.2\.10$/m,
  /^FMC {2}removed it \(status 200\)$/m,
  /^FDM {2}API v6: .+ runs [\d.-]+$/m,
  /^FMC {2}logged out$/m,
  /^FDM {2}logged out$/m
]

describe("quick-start.ts", () => {
  it.live("by itself takes every step, lives through a renewal, and ends with a ledger of 0 left open", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("examples/quick-start.ts")
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      for (const step of steps) expect(stdout).toMatch(step)
      expect(stdout).toMatch(/^FMC {2}its token was about to expire: refreshed$/m)
      expect(stdout).toMatch(/certificate pinned: [0-9a-f]{16}…$/m)
      expect(lines(stdout).at(-1)).toBe("Ledger: 2 sessions opened, 2 ended, 0 left open")
    })
  )

  it.scopedLive("on devices takes the same steps, leaves nothing behind and logs out of both", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr, stdout } = yield* run("examples/quick-start.ts", {
        env: environmentOf(sandbox, "FMC", "FDM")
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      for (const step of steps) expect(stdout).toMatch(step)
      const { fdm, fmc, open, requests } = sandbox.ledger
      expect({ open, fmc: fmc.revokes, fdm: fdm.revokes }).toEqual({ open: 0, fmc: 1, fdm: 1 })
      const writes = requests.filter(({ kind, method }) => kind === "call" && method !== "GET")
      expect(writes.map(({ method, status }) => [method, status])).toEqual([
        ["POST", 201],
        ["DELETE", 200]
      ])
    })
  )

  it.scopedLive("with only one device in the environment names what is missing, and leaves no session", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr } = yield* run("examples/quick-start.ts", { env: environmentOf(sandbox, "FMC") })
      expect(code).toBe(1)
      expect(stderr).toContain("FDM_URL")
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})
