import { isAddress, isNetwork } from "../appliance/AddressValue.ts"
import { type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import { kinds } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import type { Item } from "./Kind.ts"
import { list, refuse } from "./Replies.ts"
import { ok } from "./View.ts"

/**
 * `routes` are those of `object/dynamicobjects/{objectId}/mappings`: addresses and networks that are added to a dynamic
 * object and removed from it. They take effect without a deployment, so they are no change for the devices.
 */
export const routes = (configuration: Configuration): ReadonlyArray<Route> => {
  const mapped = new Map<string, ReadonlySet<string>>()

  const objectAt = (uuid: string | undefined, idOrName: string | undefined): Item =>
    configuration.get(configuration.domain(uuid), kinds.dynamicObjects, idOrName)

  const all: Handler = (call, [uuid, id]) =>
    list(call, [...(mapped.get(objectAt(uuid, id).id) ?? [])], (mapping) => ({ mapping }))

  const change: Handler = (call, [uuid, id]) => {
    const object = objectAt(uuid, id)
    const { mappings = [] } = jsonObject(Bodies.wellFormed(call)) ?? {}
    const action = call.query.get("action") ?? "add"
    if (!Array.isArray(mappings) || !mappings.every(isMapping)) {
      throw refuse(400, "Invalid mappings: expected a list of addresses and networks.", "VALIDATION")
    }
    const before = mapped.get(object.id) ?? new Set<string>()
    switch (action) {
      case "add":
        mapped.set(object.id, new Set([...before, ...mappings]))
        break
      case "remove":
        mapped.set(object.id, new Set([...before].filter((one) => !mappings.includes(one))))
        break
      case "remove_all":
        mapped.delete(object.id)
        break
      default:
        throw refuse(400, "Invalid action: expected add, remove or remove_all.", "VALIDATION")
    }
    return ok({
      ...(action !== "remove_all" && { mappings }),
      type: "DynamicObjectMappings",
      id: object.id
    })
  }

  return [
    {
      path: /^\/api\/fmc_config\/v1\/domain\/([^/]+)\/object\/dynamicobjects\/([^/]+)\/mappings$/,
      verbs: { GET: all, PUT: change }
    }
  ]
}

const isMapping = (value: unknown): value is string =>
  typeof value === "string" && (isAddress(value) || isNetwork(value))
