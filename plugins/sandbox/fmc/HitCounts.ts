import { createHash } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Handler, Route } from "../appliance/Call.ts"
import { kinds } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import { type Item, referencedAs } from "./Kind.ts"
import { list, refuse } from "./Replies.ts"
import { ruleKind } from "./RuleKind.ts"
import type { Rulebooks } from "./Rules.ts"
import { ok, urlOf } from "./View.ts"

/**
 * `routes` are the `operational/hitcounts` of an access policy on one device, which the filter has to name: listed,
 * refreshed (PUT) and set back (DELETE). The numbers depend on the rule and the device alone.
 */
export const routes = (
  { now }: Appliance,
  configuration: Configuration,
  rulebooks: Rulebooks
): ReadonlyArray<Route> => {
  const cleared = new Set<string>()

  const asked = (call: Call, uuid: string | undefined, id: string | undefined) => {
    const domain = configuration.domain(uuid)
    const policy = configuration.get(domain, kinds.accessPolicies, id)
    const terms = new Map(
      (call.query.get("filter") ?? "")
        .replaceAll('"', "")
        .split(";")
        .map((term) => [term.split(":")[0] ?? "", term.slice(term.indexOf(":") + 1)])
    )
    const device = configuration.find(domain, terms.get("deviceId"))
    if (device === undefined) {
      throw refuse(400, 'Invalid filter: expected "deviceId:" with the UUID of a device.', "VALIDATION")
    }
    const ids = terms.get("ids")?.split(",")
    const rules = rulebooks
      .of(policy)
      .positions.map(({ id }) => configuration.get(domain, ruleKind(policy), id))
      .filter((rule) => ids === undefined || ids.includes(rule.id))
    return { domain, policy, device, rules, isZero: terms.get("fetchZeroHitCount") === "true" }
  }

  const count = (rule: Item, device: Item): number =>
    cleared.has(`${rule.id} ${device.id}`)
      ? 0
      : createHash("sha256").update(`${rule.id} ${device.id}`).digest().readUInt16BE() % 1000

  const all: Handler = (call, [uuid, id]) => {
    const { device, domain, isZero, policy, rules } = asked(call, uuid, id)
    const shown = rules.filter((rule) => !isZero || count(rule, device) === 0)
    const at = new Date(now()).toISOString()
    return list(call, shown, (rule) => ({
      links: { self: `${call.origin}${call.path}?filter="deviceId:${device.id};ids:${rule.id}"` },
      type: "HitCount",
      rule: referencedAs(rule),
      hitCount: count(rule, device),
      ...(count(rule, device) > 0 && { firstHitTimeStamp: at, lastHitTimeStamp: at }),
      lastFetchTimeStamp: at,
      metadata: {
        policy: referencedAs(policy),
        domain: { name: domain.name, id: domain.uuid, type: "Domain" }
      }
    }))
  }

  const refresh: Handler = (call, [uuid, id]) => {
    const { domain } = asked(call, uuid, id)
    return ok({
      type: "HitCount",
      links: { self: urlOf(call, domain, `policy/accesspolicies/${id}/operational/hitcounts`) }
    })
  }

  const clear: Handler = (call, [uuid, id]) => {
    const { device, rules } = asked(call, uuid, id)
    for (const rule of rules) cleared.add(`${rule.id} ${device.id}`)
    return refresh(call, [uuid ?? "", id ?? ""])
  }

  return [
    {
      path: /^\/api\/fmc_config\/v1\/domain\/([^/]+)\/policy\/accesspolicies\/([^/]+)\/operational\/hitcounts$/,
      verbs: { GET: all, PUT: refresh, DELETE: clear }
    }
  ]
}
