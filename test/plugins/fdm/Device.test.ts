// What a device tells of itself and of those who use it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { opened } from "./opened.ts"

describe("the high-availability status", () => {
  it.scopedLive("tells the node from its peer, with all that the device says of it", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened({ ha: { nodeState: "HA_STANDBY_NODE", nodeRole: "HA_SECONDARY" } })
      expect(yield* fdm.haStatus).toMatchObject({
        nodeState: "HA_STANDBY_NODE",
        nodeRole: "HA_SECONDARY",
        peerNodeState: "HA_ACTIVE_NODE",
        type: "HAStatus"
      })
      const refused = fdm.networks.create({ name: "h", subType: "HOST", value: "192.0.2.1" })
      expect((yield* Effect.flip(refused)).message).toContain("standby")
    })
  )

  it.scopedLive("of a device that stands alone has no role", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened()
      expect(yield* fdm.haStatus).toMatchObject({ nodeState: "SINGLE_NODE", nodeRole: null })
    })
  )
})

describe("the active sessions", () => {
  it.scopedLive("are listed, and one of them is ended", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened()
      const other = yield* Fdm.make(sandbox.fdm)
      yield* other.haStatus
      const sessions = Effect.map(Stream.runCollect(fdm.listActiveSessions()), (all) => [...all])
      const [own, others] = yield* sessions
      expect([own?.userName, others?.userName]).toEqual([sandbox.username, sandbox.username])
      yield* fdm.endSession(others?.id ?? "")
      expect((yield* sessions).map(({ id }) => id)).toEqual([own?.id])
      expect(sandbox.ledger.open).toBe(1)
      // It recovers by a login, since it has its credentials.
      yield* other.haStatus
      const error = yield* Effect.flip(fdm.endSession("none"))
      expect(error).toMatchObject({ _tag: "DeviceRefused", isAbsent: true })
    })
  )

  it.scopedLive("one that was ended is ended, although the answer was lost", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened()
      yield* Fdm.make(sandbox.fdm)
      const [, other] = [...(yield* Stream.runCollect(fdm.listActiveSessions()))]
      yield* sandbox.fail({ method: "DELETE", how: Sandbox.Fault.loseAnswer })
      yield* fdm.endSession(other?.id ?? "")
      expect(writes()).toHaveLength(1)
      expect(yield* Stream.runCount(fdm.listActiveSessions())).toBe(1)
    })
  )
})

it.scopedLive("rest takes the same paths as http, with JSON in and out", () =>
  Effect.gen(function* () {
    const { fdm } = yield* opened()
    expect(yield* fdm.rest.get("/operational/systeminfo/default", Schema.Unknown)).toMatchObject({
      platformModel: "Sallyport Sandbox"
    })
  })
)
