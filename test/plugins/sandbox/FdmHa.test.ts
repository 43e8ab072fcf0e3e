import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { network, signedIn } from "./fdm.ts"

const status = "/devices/default/operational/ha/status"

it.scoped("a device without a peer says so, and takes writes", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { json } = yield* send("GET", `${status}/default`)
    expect(json).toMatchObject({
      nodeState: "SINGLE_NODE",
      nodeRole: null,
      peerNodeState: null,
      id: "default"
    })
    expect((yield* send("GET", `${status}/other`)).status).toBe(404)
    expect((yield* send("POST", "/object/networks", network("lab"))).status).toBe(200)
  })
)

it.scoped("an active node names its standby peer, and takes writes", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ ha: { nodeState: "HA_ACTIVE_NODE", haHealthStatus: "CRITICAL" } })
    const { json } = yield* send("GET", `${status}/default`)
    expect(json).toMatchObject({
      nodeState: "HA_ACTIVE_NODE",
      nodeRole: "HA_PRIMARY",
      peerNodeState: "HA_STANDBY_NODE",
      configStatus: "IN_SYNC",
      haHealthStatus: "CRITICAL"
    })
    expect((yield* send("POST", "/object/networks", network("lab"))).status).toBe(200)
  })
)

it.scoped("a standby node refuses writes, and lets sessions be ended", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ ha: { nodeState: "HA_STANDBY_NODE" } })
    expect((yield* send("GET", `${status}/default`)).json.peerNodeState).toBe("HA_ACTIVE_NODE")
    const refused = yield* send("POST", "/object/networks", network("lab"))
    expect(refused.status).toBe(422)
    expect(refused.json.error.messages[0].description).toContain("standby")
    const [session] = (yield* send("GET", "/action/activeusersessions")).json.items
    expect((yield* send("DELETE", `/action/activeusersessions/${session.id}`)).status).toBe(204)
  })
)
