import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import type { Configuration } from "./Configuration.ts"
import { uuidOf } from "./Domains.ts"
import type { Fields, Item, Kind } from "./Kind.ts"
import { others } from "./ListedKinds.ts"
import { policies } from "./PolicyKinds.ts"
import { list, refuse } from "./Replies.ts"
import * as View from "./View.ts"

/** `Setting` is something of which each policy of a kind has one: what is sent for it is kept, unchecked. */
interface Setting {
  readonly of: Kind
  readonly path: string
  readonly type: string
  readonly model: string
}

const { accessPolicies, s2sVpns } = policies

export const settings: ReadonlyArray<Setting> = [
  {
    of: accessPolicies,
    path: "inheritancesettings",
    type: "AccessPolicyInheritanceSetting",
    model: "AccessPolicyInheritanceSetting"
  },
  {
    of: accessPolicies,
    path: "loggingsettings",
    type: "LoggingSetting",
    model: "AccessPolicyLoggingSettingModel"
  },
  { of: s2sVpns, path: "advancedsettings", type: "AdvancedSettings", model: "VpnAdvancedSettings" },
  { of: s2sVpns, path: "ikesettings", type: "IkeSettings", model: "VpnIkeSettings" },
  { of: s2sVpns, path: "ipsecsettings", type: "IPSecSettings", model: "VpnIPSecSettings" }
]

/** `routes` are those of these settings: listed, one of each policy, read and changed. */
export const routes = (configuration: Configuration): ReadonlyArray<Route> =>
  settings.flatMap((setting) => routesOf(configuration, setting))

const routesOf = (configuration: Configuration, { of, path, type }: Setting): ReadonlyArray<Route> => {
  const kept = new Map<string, Fields>()
  const idOf = (policy: Item) => uuidOf(`${path} ${policy.id}`)

  const policyOf = (uuid: string | undefined, id: string | undefined): Item =>
    configuration.get(configuration.domain(uuid), of, id)

  const shown = (call: Call, policy: Item, whole: boolean): Fields => ({
    links: { self: View.urlOf(call, policy.domain, `${of.path}/${policy.id}/${path}/${idOf(policy)}`) },
    type,
    id: idOf(policy),
    ...(whole && kept.get(policy.id))
  })

  const known = (uuid: string | undefined, policyId: string | undefined, id: string | undefined): Item => {
    const policy = policyOf(uuid, policyId)
    if (idOf(policy) === id) return policy
    throw refuse(404, `The setting with UUID ${id} does not exist.`)
  }

  const all: Handler = (call, [uuid, id]) =>
    list(call, [policyOf(uuid, id)], (policy) => shown(call, policy, View.isExpanded(call)))

  const read: Handler = (call, [uuid, policyId, id]) => View.ok(shown(call, known(uuid, policyId, id), true))

  const update: Handler = (call, [uuid, policyId, id]) => {
    const policy = known(uuid, policyId, id)
    const given = jsonObject(Bodies.wellFormed(call))
    if (given === undefined) throw refuse(400, "The body must be an object.", "VALIDATION")
    kept.set(policy.id, others(given))
    configuration.store("UPDATE", [policy])
    return View.ok(shown(call, policy, true))
  }

  const base = `^/api/fmc_config/v1/domain/([^/]+)/${of.path}/([^/]+)/${path}`
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update } }
  ]
}
