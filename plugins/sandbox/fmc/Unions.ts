import type { Appliance } from "../appliance/Appliance.ts"
import type { Route } from "../appliance/Call.ts"
import { unions } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import { chosen } from "./Objects.ts"
import * as Places from "./Places.ts"
import { list } from "./Replies.ts"
import * as View from "./View.ts"

/**
 * `routes` are `object/networkaddresses`, the `natrules` of a policy and their like: several kinds in one list, each
 * item with the links of its own kind.
 */
export const routes = (
  appliance: Appliance,
  configuration: Configuration,
  place: ReturnType<typeof Places.make>
): ReadonlyArray<Route> => {
  const { brief, whole } = View.make(appliance, configuration)
  return unions.map((union) => ({
    path: new RegExp(`${Places.patternOf(union)}$`),
    verbs: {
      GET: (call, params) => {
        const items = union.kinds.flatMap((kind) => {
          const at = place(kind, params)
          return [...configuration.all(at.domain, at.kind)]
        })
        const show = View.isExpanded(call) ? whole : brief
        return list(call, items.filter(chosen(call, union, configuration)), (item) => show(call, item))
      }
    }
  }))
}
