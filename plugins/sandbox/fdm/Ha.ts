import type { Call, Route } from "../appliance/Call.ts"
import type { HaOptions } from "../appliance/Options.ts"
import { list, refuse } from "./Replies.ts"

/**
 * `routes` are those of `/devices/default/operational/ha/status/default`, and there is no other id; and what has become
 * of joining and breaking a pair, which nobody can here.
 */
export const routes = (ha: HaOptions): ReadonlyArray<Route> => [
  {
    path: /^\/api\/fdm\/[^/]+\/devices\/default\/action\/ha\/(?:join|break)$/,
    verbs: { GET: (call) => list(call, []) }
  },
  {
    path: /^\/api\/fdm\/[^/]+\/devices\/default\/operational\/ha\/status\/([^/]+)$/,
    verbs: {
      GET: (call, [id]) => {
        if (id !== "default") throw refuse(404, "The object does not exist.")
        const links = { self: `${call.origin}${call.path}` }
        return { status: 200, body: { ...status(ha), id: "default", type: "HAStatus", links } }
      }
    }
  }
]

/** `writable` throws for a write on a standby node. With which status a device refuses it: unknown. */
export const writable = (ha: HaOptions, call: Call): void => {
  if (ha.nodeState !== "HA_STANDBY_NODE" || call.method === "GET" || call.method === "HEAD") return
  // Ending a session is no change of the configuration.
  if (/\/action\/activeusersessions\//.test(call.path)) return
  throw refuse(422, "This is the standby node: make changes on the active node.", { code: "haStandbyNode" })
}

const status = (ha: HaOptions) => {
  const single = ha.nodeState === "SINGLE_NODE"
  const peer = ha.nodeState === "HA_ACTIVE_NODE" ? "HA_STANDBY_NODE" : "HA_ACTIVE_NODE"
  return {
    nodeRole: ha.nodeRole ?? (single ? null : "HA_PRIMARY"),
    nodeState: ha.nodeState,
    peerNodeState: ha.peerNodeState ?? (single ? null : peer),
    configStatus: ha.configStatus ?? (single ? "UNKNOWN" : "IN_SYNC"),
    haHealthStatus: ha.haHealthStatus ?? (single ? null : "HEALTHY")
  }
}
