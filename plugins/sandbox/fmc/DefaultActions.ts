import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import type { Configuration } from "./Configuration.ts"
import { uuidOf } from "./Domains.ts"
import type { Fields, Item, Kind } from "./Kind.ts"
import { list, refuse } from "./Replies.ts"
import * as View from "./View.ts"

/** `withId` gives the default action of a policy the id that it is read and changed by. */
export const withId = (action: unknown, policyId: string): Fields => ({
  ...jsonObject(action),
  id: uuidOf(`default action ${policyId}`)
})

/** `routes` are the `defaultactions` of a kind of policies: the one that each has, read and changed by itself. */
export const routes = (configuration: Configuration, policies: Kind): ReadonlyArray<Route> => {
  const policyOf = (uuid: string | undefined, id: string | undefined): Item =>
    configuration.get(configuration.domain(uuid), policies, id)

  const shown = (call: Call, { domain, fields, id, kind }: Item): Fields => {
    const action = jsonObject(fields.defaultAction)
    const path = `${kind.path}/${id}/defaultactions/${action?.id}`
    return { ...action, links: { self: View.urlOf(call, domain, path) } }
  }

  const known = (policy: Item, id: string | undefined): Item => {
    if (jsonObject(policy.fields.defaultAction)?.id === id) return policy
    throw refuse(404, `The default action with UUID ${id} does not exist.`)
  }

  const all: Handler = (call, [uuid, id]) => list(call, [policyOf(uuid, id)], (policy) => shown(call, policy))

  const read: Handler = (call, [uuid, policyId, id]) =>
    View.ok(shown(call, known(policyOf(uuid, policyId), id)))

  const update: Handler = (call, [uuid, policyId, id]) => {
    const { domain, fields, kind, name, id: own } = known(policyOf(uuid, policyId), id)
    const body = { ...fields, name, defaultAction: Bodies.wellFormed(call) }
    const policy = configuration.accept(domain, kind, body, own, new Map())
    configuration.store("UPDATE", [policy])
    return View.ok(shown(call, policy))
  }

  const base = `^/api/fmc_config/v1/domain/([^/]+)/${policies.path}/([^/]+)/defaultactions`
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update } }
  ]
}
