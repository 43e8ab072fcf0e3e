import { randomUUID } from "node:crypto"
import type { Appliance } from "../Appliance.ts"
import { type Call, type Handler, jsonObject, type Route } from "../Call.ts"
import { list, refuse } from "./Answer.ts"
import * as Bodies from "./Bodies.ts"
import { type Configuration, changeable, type Named } from "./Configuration.ts"
import type { Item, Kind } from "./Kind.ts"
import { kinds } from "./Kinds.ts"
import { created, inBulk, isExpanded, ok, make as showing } from "./Showing.ts"
import { isAtLeast } from "./Version.ts"

/** Objects and access policies of every domain: list, read, create, update, delete; create and delete in bulk too. */
export const routes = (appliance: Appliance, configuration: Configuration): ReadonlyArray<Route> => {
  const { brief, whole } = showing(appliance, configuration)
  // Both came with 7.4; older ones are taken to ignore `action`, which nobody has seen.
  const isNew = isAtLeast(appliance.settings.serverVersion, 7, 4)

  /** `unusedOnly:true` and `nameOrValue:text`, as Cisco's text has them for hosts and networks; `;` joins both. */
  const filterOf = (call: Call): ((item: Item) => boolean) => {
    const terms = (call.query.get("filter") ?? "").replaceAll('"', "").split(";")
    const text = terms.find((term) => term.startsWith("nameOrValue:"))?.slice("nameOrValue:".length)
    const unused = terms.includes("unusedOnly:true")
    return (item) =>
      (text === undefined || holds(item, text.toLowerCase())) &&
      (!unused || configuration.users(item.id).length === 0)
  }

  const routesOf = (kind: Kind): ReadonlyArray<Route> => {
    const all: Handler = (call, [uuid]) => {
      const items = [...configuration.all(configuration.domain(uuid), kind)]
      const show = isExpanded(call) ? whole : brief
      return list(call, items.filter(filterOf(call)), (item) => show(call, item))
    }

    const create: Handler = (call, [uuid]) => {
      const domain = configuration.domain(uuid)
      const named: Named = new Map()
      // All or nothing: nothing is stored before the last one is accepted.
      const items = Bodies.items(call).map((body) =>
        configuration.accept(domain, kind, body, randomUUID(), named)
      )
      configuration.store("ADD", items)
      return created(
        call,
        Bodies.isBulk(call),
        items.map((item) => whole(call, item))
      )
    }

    const read: Handler = (call, [uuid, id]) =>
      ok(whole(call, configuration.get(configuration.domain(uuid), kind, id)))

    const update: Handler = (call, [uuid, id]) => {
      const domain = configuration.domain(uuid)
      const old = changeable(configuration.get(domain, kind, id))
      const body = Bodies.wellFormed(call)
      if (jsonObject(body)?.id !== old.id) {
        throw refuse(400, "The id of the body is not that of the path.", "VALIDATION")
      }
      const item = configuration.accept(domain, kind, mergedInto(old, call, body), old.id, new Map())
      configuration.store("UPDATE", [item])
      return ok(whole(call, item))
    }

    const mergedInto = (old: Item, call: Call, body: unknown): unknown => {
      const action = call.query.get("action")
      const given = jsonObject(body)
      if (action === null || kind.merge === undefined || given === undefined || !isNew) return body
      return { name: old.name, ...kind.merge(action, old.fields, given) }
    }

    const remove: Handler = (call, [uuid, id]) => {
      const item = configuration.get(configuration.domain(uuid), kind, id)
      const shown = whole(call, item)
      configuration.delete([item])
      return ok(shown)
    }

    const removeMany: Handler = (call, [uuid]) => {
      if (!isNew || !Bodies.isBulk(call)) throw refuse(405, "The method is not supported.")
      const domain = configuration.domain(uuid)
      const items = Bodies.bulkIds(call).map((id) => configuration.get(domain, kind, id))
      const shown = items.map((item) => whole(call, item))
      configuration.delete(items)
      return ok(inBulk(call, shown))
    }

    const base = `^/api/fmc_config/v1/domain/([^/]+)/${kind.path}`
    return [
      { path: new RegExp(`${base}$`), verbs: { GET: all, POST: create, DELETE: removeMany } },
      { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update, DELETE: remove } }
    ]
  }

  return Object.values(kinds).flatMap(routesOf)
}

const holds = ({ fields, kind, name }: Item, text: string): boolean =>
  name.toLowerCase().includes(text) || (kind.value?.(fields) ?? "").includes(text)
