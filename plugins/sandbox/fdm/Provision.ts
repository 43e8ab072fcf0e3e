import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Handler, Route } from "../appliance/Call.ts"
import { absent, invalid, list, refuse } from "./Replies.ts"
import { bodyOf } from "./Store.ts"

export interface Provision {
  readonly routes: ReadonlyArray<Route>
  /** `admit` throws 403 for everything but these routes until the device is provisioned. */
  readonly admit: (call: Call) => void
}

const base = "^/api/fdm/[^/]+/devices/default/action/provision"
const whole = new RegExp(`${base}$`)
const single = new RegExp(`${base}/([^/]+)$`)

/**
 * `make` makes `/devices/default/action/provision`, the first-time set-up: it shows the licence, takes its acceptance
 * with a new password, and ends every session of the device.
 */
export const make = (appliance: Appliance): Provision => {
  const { sessions, settings } = appliance
  let provisioned = !settings.firstBoot

  const shown = (call: Call) => ({
    version: null,
    acceptEULA: provisioned,
    eulaText: "The sandbox's licence: it is yours to break.",
    // What a device answers in place of passwords (FDM OpenAPI, InitialProvision).
    currentPassword: "*********",
    newPassword: "*********",
    id: "default",
    type: "initialprovision",
    links: { self: `${call.origin}${call.path.replace(/\/default$/, "")}/default` }
  })

  const provision: Handler = (call) => {
    const { acceptEULA, currentPassword, newPassword, type } = bodyOf(call)
    if (provisioned) throw invalid("The device is provisioned already.", "alreadyProvisioned", "")
    if (type !== "initialprovision") throw invalid("Expected type initialprovision.", "invalidType", "type")
    if (acceptEULA !== true) throw invalid("The licence is not accepted.", "eulaNotAccepted", "acceptEULA")
    if (!appliance.accepts(settings.username, currentPassword)) {
      throw invalid("The current password is wrong.", "invalidPassword", "currentPassword")
    }
    if (typeof newPassword !== "string" || newPassword.length < 8 || newPassword === currentPassword) {
      throw invalid("The new password is too short, or the old one.", "invalidPassword", "newPassword")
    }
    appliance.setPassword(newPassword)
    provisioned = true
    for (const session of sessions.all) {
      if (session.protocol === "fdm") sessions.end(session, "eviction")
    }
    return { status: 200, body: shown(call) }
  }

  const read: Handler = (call, [id]) => {
    if (id !== "default") throw absent(call)
    return { status: 200, body: shown(call) }
  }

  return {
    routes: [
      { path: whole, verbs: { GET: (call) => list(call, [shown(call)]), POST: provision } },
      { path: single, verbs: { GET: read } }
    ],
    admit: (call) => {
      if (provisioned || whole.test(call.path) || single.test(call.path)) return
      throw refuse(403, "The first-time set-up of the device is not finished.")
    }
  }
}
