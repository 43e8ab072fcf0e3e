import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Lenient, type Rest, type SessionError } from "sallyport/plugin"

/**
 * `HaStatus` is what a device says of itself as one of a pair (FDM OpenAPI, HANodeState): `nodeState` is `SINGLE_NODE`,
 * `HA_ACTIVE_NODE`, `HA_STANDBY_NODE` and so on, `undefined` where the device does not say. Many writes are refused on
 * a standby node.
 */
export const HaStatus = Schema.Struct(
  {
    nodeState: Lenient.text,
    /** `nodeRole` is `HA_PRIMARY` or `HA_SECONDARY`. */
    nodeRole: Lenient.textOrNull,
    peerNodeState: Lenient.textOrNull,
    /** `configStatus` is `IN_SYNC`, `OUT_OF_SYNC` and so on. */
    configStatus: Lenient.textOrNull,
    haHealthStatus: Lenient.textOrNull
  },
  Lenient.others
)
export type HaStatus = typeof HaStatus.Type

/** `askHaStatus` asks the device. */
export const askHaStatus = (rest: Rest.Rest): Effect.Effect<HaStatus, SessionError> =>
  rest.get("/devices/default/operational/ha/status/default", HaStatus)
