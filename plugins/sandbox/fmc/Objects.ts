import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import { type Configuration, changeable, type Named } from "./Configuration.ts"
import type { Domain } from "./Domains.ts"
import { type Fields, type Item, type Kind, keptId, shownId } from "./Kind.ts"
import * as Places from "./Places.ts"
import { list, refuse } from "./Replies.ts"
import { isAtLeast } from "./Version.ts"
import * as View from "./View.ts"

/**
 * `routes` gives the things of every kind in every domain: list, read, and as its `verbs` say create, update and
 * delete.
 */
export const routes = (
  appliance: Appliance,
  configuration: Configuration,
  kinds: ReadonlyArray<Kind>,
  place: ReturnType<typeof Places.make>
): ReadonlyArray<Route> => {
  const { brief, whole } = View.make(appliance, configuration)
  // Both came with 7.4; older ones are taken to ignore `action`, which nobody has seen.
  const isNew = isAtLeast(appliance.settings.serverVersion, 7, 4)

  const routesOf = (kind: Kind): ReadonlyArray<Route> => {
    const at = (params: ReadonlyArray<string>) => place(kind, params)

    const stored = (params: ReadonlyArray<string>): Item => {
      const { domain, id, kind } = at(params)
      return configuration.get(domain, kind, keptId(kind, domain, id ?? ""))
    }

    const all: Handler = (call, params) => {
      const { domain, kind } = at(params)
      const show = View.isExpanded(call) ? whole : brief
      const items = [...configuration.all(domain, kind)].filter(chosen(call, kind, configuration))
      return list(call, items, (item) => show(call, item))
    }

    const accepted = (domain: Domain, kind: Kind, body: unknown, call: Call, named: Named): Item => {
      const given = jsonObject(body)
      const own = given === undefined ? undefined : kind.idOf?.(given)
      const id = typeof own === "string" ? keptId(kind, domain, own) : randomUUID()
      if (configuration.find(domain, id) !== undefined) {
        throw refuse(400, `The ${kind.type} with UUID ${own} already exists.`, "VALIDATION")
      }
      const item = configuration.accept(domain, kind, body, id, named)
      return { ...item, fields: { ...item.fields, ...parameters(call, kind) } }
    }

    const create: Handler = (call, params) => {
      const { domain, kind } = at(params)
      if (Bodies.isBulk(call) && !kind.verbs.includes("createMany")) {
        throw refuse(405, "The method is not supported in bulk.")
      }
      const named: Named = new Map()
      // All or nothing: nothing is stored before the last one is accepted.
      const items = Bodies.items(call).map((body) => accepted(domain, kind, body, call, named))
      const place = kind.order?.place(Object.fromEntries(call.query), [...configuration.all(domain, kind)])
      configuration.store("ADD", items)
      if (place !== undefined) configuration.arrange(items, place)
      return View.created(
        call,
        Bodies.isBulk(call),
        items.map((item) => whole(call, item))
      )
    }

    const read: Handler = (call, params) => View.ok(whole(call, stored(params)))

    const update: Handler = (call, params) => {
      const old = changeable(stored(params))
      const body = Bodies.wellFormed(call)
      if (jsonObject(body)?.id !== shownId(old)) {
        throw refuse(400, "The id of the body is not that of the path.", "VALIDATION")
      }
      const merged = mergedInto(old, call, body)
      const item = configuration.accept(old.domain, old.kind, merged, old.id, new Map())
      const kept = Object.fromEntries((kind.creation ?? []).map((name) => [name, old.fields[name]]))
      const asked = parameters(call, kind)
      const next = { ...item, fields: { ...item.fields, ...kept, ...asked } }
      const others = [...configuration.all(old.domain, old.kind)].filter(({ id }) => id !== old.id)
      const place = Object.keys(asked).length > 0 ? kind.order?.place(next.fields, others) : undefined
      configuration.store("UPDATE", [next])
      if (place !== undefined) configuration.arrange([next], place)
      return View.ok(whole(call, next))
    }

    const updateMany: Handler = (call, params) => {
      if (!Bodies.isBulk(call)) throw refuse(405, "The method is not supported.")
      const { domain, kind } = at(params)
      const named: Named = new Map()
      const items = Bodies.items(call).map((body) => {
        const id = jsonObject(body)?.id
        const old = configuration.get(domain, kind, typeof id === "string" ? id : undefined)
        return configuration.accept(domain, kind, body, old.id, named)
      })
      configuration.store("UPDATE", items)
      const shown = items.map((item) => whole(call, item))
      return View.ok(View.inBulk(call, shown))
    }

    const mergedInto = (old: Item, call: Call, body: unknown): unknown => {
      const action = call.query.get("action")
      const given = jsonObject(body)
      if (action === null || kind.merge === undefined || given === undefined || !isNew) return body
      return { name: old.name, ...kind.merge(action, old.fields, given) }
    }

    const remove: Handler = (call, params) => {
      const item = stored(params)
      const shown = whole(call, item)
      configuration.delete([item])
      return View.ok(shown)
    }

    const removeMany: Handler = (call, params) => {
      // What can be changed in bulk, such as rules, could be deleted so before.
      const isKnown = isNew || can("updateMany")
      if (!isKnown || !Bodies.isBulk(call)) throw refuse(405, "The method is not supported.")
      const { domain, kind } = at(params)
      const items = Bodies.bulkIds(call).map((id) => configuration.get(domain, kind, id))
      const shown = items.map((item) => whole(call, item))
      configuration.delete(items)
      return View.ok(View.inBulk(call, shown))
    }

    const can = (verb: Kind["verbs"][number]) => kind.verbs.includes(verb)
    const base = Places.patternOf(kind)
    return [
      {
        path: new RegExp(`${base}$`),
        verbs: {
          GET: all,
          ...(can("create") && { POST: create }),
          ...(can("updateMany") && { PUT: updateMany }),
          ...(can("deleteMany") && { DELETE: removeMany })
        }
      },
      {
        path: new RegExp(`${base}/([^/]+)$`),
        verbs: {
          GET: read,
          ...(can("update") && { PUT: update }),
          ...(can("delete") && { DELETE: remove })
        }
      }
    ]
  }

  return kinds.flatMap(routesOf)
}

/** `parameters` are what of the query is kept with a thing. */
const parameters = (call: Call, { creation = [] }: Kind): Fields =>
  Object.fromEntries(creation.flatMap((name) => (call.query.has(name) ? [[name, call.query.get(name)]] : [])))

/**
 * `chosen` are the ones that a list shows. `name` is the whole name; `filter` holds `unusedOnly:true`,
 * `nameOrValue:text` and `ids:id1,id2`, as the FMC OpenAPI document has them, with `;` between; a list that knows
 * neither shows all.
 */
export const chosen = (
  call: Call,
  { query }: Pick<Kind, "query">,
  configuration: Configuration
): ((item: Item) => boolean) => {
  const unknown = query.includes("filter") ? null : call.query.get("filter")
  // Seen on real devices, of access policies: other lists without a filter are taken to answer alike.
  if (unknown) throw refuse(400, `filter query parameter '${unknown.split(":")[0]}' is not supported.`)
  const name = query.includes("name") ? call.query.get("name") : null
  const filter = query.includes("filter") ? (call.query.get("filter") ?? "") : ""
  const terms = filter.replaceAll('"', "").split(";")
  const valueOf = (key: string) => terms.find((term) => term.startsWith(`${key}:`))?.slice(key.length + 1)
  const text = valueOf("nameOrValue")?.toLowerCase()
  const start = valueOf("nameStartsWith")?.toLowerCase()
  const ids = valueOf("ids")?.split(",")
  const unused = terms.includes("unusedOnly:true")
  const ruleType = query.includes("ruleType") ? call.query.get("ruleType") : null
  return (item) =>
    (name === null || item.name.toLowerCase() === name.toLowerCase()) &&
    (text === undefined || holds(item, text)) &&
    (start === undefined || item.name.toLowerCase().startsWith(start)) &&
    (ids === undefined || ids.includes(item.id)) &&
    (ruleType === null || item.fields.ruleType === ruleType) &&
    (!unused || configuration.users(item.id).length === 0)
}

const holds = ({ fields, kind, name }: Item, text: string): boolean =>
  name.toLowerCase().includes(text) || (kind.value?.(fields) ?? "").includes(text)
