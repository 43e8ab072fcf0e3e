import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

const script = "examples/ha-status.ts"

const core = { name: "core", primary: "ftd-1", secondary: "ftd-2" }

/** Asks a sandbox for the pairs of its FMC and of its FDM. */
const asking = (options: Sandbox.Options) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    const { code, stderr, stdout } = yield* run(script, { env: environmentOf(sandbox, "FMC", "FDM") })
    const told = lines(stdout).map((line) => line.replaceAll(`127.0.0.1:${sandbox.port}`, "it"))
    return { sandbox, code, stderr, told }
  })

describe("ha-status.ts", () => {
  it.scopedLive("tells how all pairs are, and ends with 0 where they are well", () =>
    Effect.gen(function* () {
      const { sandbox, ...ended } = yield* asking({
        haPairs: [core, { ...core, name: "edge", primaryStatus: "Standby", secondaryStatus: "Active" }],
        fmcHa: "GOOD",
        ha: { nodeState: "HA_STANDBY_NODE" }
      })
      expect(ended).toEqual({
        code: 0,
        stderr: "",
        told: [
          "OK        core: ftd-1 Active, ftd-2 Standby",
          "OK        edge: ftd-1 Standby, ftd-2 Active",
          "OK        it: GOOD, sync GOOD. Healthy",
          "OK        it: HA_STANDBY_NODE, peer HA_ACTIVE_NODE, IN_SYNC, HEALTHY"
        ]
      })
      expect(sandbox.ledger.open).toBe(0)
      // Of the FMC the pairs of two domains and its own; of the FDM its API version and its own.
      Requests.account("ha-status", sandbox)
    })
  )

  it.scopedLive("ends with 2 where one of many is degraded, and says which", () =>
    Effect.gen(function* () {
      const [some, others] = yield* Effect.all(
        [
          asking({
            haPairs: [core, { ...core, name: "edge", secondaryStatus: "Failed" }],
            fmcHa: "GOOD",
            ha: { nodeState: "HA_ACTIVE_NODE", configStatus: "OUT_OF_SYNC" }
          }),
          asking({
            haPairs: [{ ...core, secondaryStatus: "Active" }],
            fmcHa: "SPLIT_BRAIN",
            ha: { nodeState: "HA_ACTIVE_NODE", peerNodeState: "HA_FAILED_NODE" }
          })
        ],
        { concurrency: 2 }
      )
      expect(some).toMatchObject({
        code: 2,
        told: [
          "OK        core: ftd-1 Active, ftd-2 Standby",
          "DEGRADED  edge: ftd-1 Active, ftd-2 Failed",
          "OK        it: GOOD, sync GOOD. Healthy",
          "DEGRADED  it: HA_ACTIVE_NODE, peer HA_STANDBY_NODE, OUT_OF_SYNC, HEALTHY"
        ]
      })
      expect(others).toMatchObject({
        code: 2,
        told: [
          "DEGRADED  core: ftd-1 Active, ftd-2 Active",
          "DEGRADED  it: SPLIT_BRAIN, sync FAILED. The peers are not in step.",
          "DEGRADED  it: HA_ACTIVE_NODE, peer HA_FAILED_NODE, IN_SYNC, HEALTHY"
        ]
      })
    })
  )

  it.scopedLive("tells of one device though the other cannot be asked, and ends with 3", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...environmentOf(sandbox, "FMC", "FDM"), FMC_PASSWORD: "an old one" }
      const { code, stdout } = yield* run(script, { env })
      expect(code).toBe(3)
      expect(lines(stdout)).toEqual([
        expect.stringMatching(/^UNKNOWN {3}.*refused/),
        `OK        127.0.0.1:${sandbox.port}: stands alone`
      ])
      expect(stdout).not.toContain(Redacted.value(sandbox.password))
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("takes silence for neither well nor degraded, and ends with 3", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ fmcHa: "GOOD" })
      const answer = (path: RegExp, body: unknown) =>
        sandbox.fail({ path, times: 9, how: Sandbox.Fault.status(200, { body }) })
      yield* answer(/ftddevicehapairs/, {
        items: [null, { id: "p-1", name: "core", primary: { name: "ftd-1" } }]
      })
      yield* answer(/fmchastatuses/, { items: [{}] })
      yield* answer(/ha\/status/, { nodeState: "HA_ACTIVE_NODE", peerNodeState: null })
      const { code, stdout } = yield* run(script, { env: environmentOf(sandbox, "FMC", "FDM") })
      expect(code).toBe(3)
      expect(lines(stdout)).toEqual([
        "UNKNOWN   core: ftd-1 unknown,  unknown",
        expect.stringMatching(/^UNKNOWN {3}.*: unknown, sync unknown/),
        expect.stringMatching(/^UNKNOWN {3}.*: HA_ACTIVE_NODE, peer unknown, unknown, unknown$/)
      ])
    })
  )
})
