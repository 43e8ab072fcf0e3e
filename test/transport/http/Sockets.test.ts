// The ten connections that an FMC allows, over all sessions of the process.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../../support/eventually.ts"

describe("the connections of several sessions on one target", () => {
  it.live("are at most ten together, those that idle too, and no request is refused for it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ connectionLimit: true, latency: "20 millis" })
      const sessions = yield* Effect.all(Array.from({ length: 4 }, () => Fmc.make(sandbox.fmc)))
      for (const { session } of [...sessions, ...sessions]) {
        const statuses = yield* Effect.all(
          Array.from({ length: 12 }, () =>
            Effect.map(session.http.get("/api/fmc_platform/v1/info/serverversion"), (answer) => answer.status)
          ),
          { concurrency: "unbounded" }
        )
        expect(new Set(statuses)).toEqual(new Set([200]))
      }
      expect(sandbox.ledger.connections.max).toBeLessThanOrEqual(10)
      expect(sandbox.ledger.requests.filter(({ status }) => status === 429)).toEqual([])
    }).pipe(Effect.scoped)
  )

  it.live("are given back by a session that closes", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ connectionLimit: true })
      for (let round = 0; round < 12; round++) yield* Effect.scoped(Fmc.make(sandbox.fmc))
      yield* eventually("no connection is left", () => sandbox.ledger.connections.now === 0)
      const fmc = yield* Fmc.make(sandbox.fmc)
      expect(yield* Stream.runCount(fmc.listDomains())).toBeGreaterThan(0)
    }).pipe(Effect.scoped)
  )
})
