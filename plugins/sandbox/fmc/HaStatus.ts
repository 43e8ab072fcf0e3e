import type { Handler, Route } from "../appliance/Call.ts"
import type { Settings } from "../appliance/Options.ts"
import type { Configuration } from "./Configuration.ts"
import { uuidOf } from "./Domains.ts"
import { list } from "./Replies.ts"

/**
 * `routes` are those of `fmchastatuses`: the pair that this management centre is of; an empty list where it stands
 * alone (unknown on devices).
 */
export const routes = (
  { fmcHa, serverVersion }: Settings,
  configuration: Configuration
): ReadonlyArray<Route> => {
  const server = (role: "Active" | "Standby", hwRole: string, ipAddress: string) => ({
    role,
    hwRole,
    ipAddress,
    uuid: uuidOf(`management centre ${ipAddress}`),
    modelName: "Cisco Secure Firewall Management Center for VMware",
    swVersion: serverVersion.split(" ")[0]
  })

  const all: Handler = (call, [uuid]) => {
    configuration.domain(uuid)
    const status = {
      type: "FMCHAStatus",
      id: uuidOf("management centre pair"),
      overallStatus: fmcHa,
      syncStatus: fmcHa === "GOOD" ? "GOOD" : "FAILED",
      haOpInProgress: false,
      haStatusMessages: fmcHa === "GOOD" ? ["Healthy"] : ["The peers are not in step."],
      fmcPrimary: server("Active", "PRIMARY", "192.0.2.10"),
      // Two that are active at once are what the word says.
      fmcSecondary: server(fmcHa === "SPLIT_BRAIN" ? "Active" : "Standby", "SECONDARY", "192.0.2.11")
    }
    return list(call, fmcHa === "NONE" ? [] : [status])
  }

  return [
    { path: /^\/api\/fmc_config\/v1\/domain\/([^/]+)\/integration\/fmchastatuses$/, verbs: { GET: all } }
  ]
}
