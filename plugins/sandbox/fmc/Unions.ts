import type { Appliance } from "../appliance/Appliance.ts"
import type { Route } from "../appliance/Call.ts"
import { unions } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import { chosen } from "./Objects.ts"
import { list } from "./Replies.ts"
import * as View from "./View.ts"

/**
 * `routes` are `object/networkaddresses`, `object/ports` and `object/interfaceobjects`: several kinds in one list, each
 * item with the links of its own kind.
 */
export const routes = (appliance: Appliance, configuration: Configuration): ReadonlyArray<Route> => {
  const { brief, whole } = View.make(appliance, configuration)
  return unions.map(({ kinds, path, query }) => ({
    path: new RegExp(`^/api/fmc_config/v1/domain/([^/]+)/${path}$`),
    verbs: {
      GET: (call, [uuid]) => {
        const domain = configuration.domain(uuid)
        const items = kinds.flatMap((kind) => [...configuration.all(domain, kind)])
        const show = View.isExpanded(call) ? whole : brief
        return list(call, items.filter(chosen(call, { query }, configuration)), (item) => show(call, item))
      }
    }
  }))
}
