import type { Appliance } from "../appliance/Appliance.ts"
import { type Answer, type Call, type Handler, jsonObject, parsed, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import { overridden } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import type { Fields, Item, Kind } from "./Kind.ts"
import { list, refuse } from "./Replies.ts"
import * as View from "./View.ts"

/**
 * `withOverrides` adds overrides (FMC OpenAPI, `overrideTargetId`): a body with `overrides` (`parent` and `target`)
 * creates or changes one, `overrideTargetId` reads or deletes one, `/object/hosts/{id}/overrides` lists those of an
 * object. They stand before the objects' own routes, and answer only what is asked of an override.
 */
export const withOverrides = (
  appliance: Appliance,
  configuration: Configuration,
  objects: ReadonlyArray<Route>
): ReadonlyArray<Route> => {
  const { whole } = View.make(appliance, configuration)
  /** `all` are kept by the object's id, then by the target's. */
  const all = new Map<string, Map<string, Item>>()

  const routesOf = (kind: Kind): ReadonlyArray<Route> => {
    const stored = (uuid: string | undefined, id: string | undefined) =>
      configuration.get(configuration.domain(uuid), kind, id)

    const shown = (call: Call, item: Item, target: string): Fields => ({
      ...whole(call, item),
      links: {
        self: `${View.urlOf(call, item.domain, `${kind.path}/${item.id}`)}?overrideTargetId=${target}`
      }
    })

    const accepted = (uuid: string | undefined, body: Fields) => {
      const overrides = jsonObject(body.overrides)
      const target = jsonObject(overrides?.target)
      const object = stored(uuid, String(jsonObject(overrides?.parent)?.id ?? body.id))
      if (typeof target?.id !== "string" || !/^(Device|Domain)$/i.test(String(target.type))) {
        throw refuse(400, "Invalid target: expected the id of a Device or a Domain.", "VALIDATION")
      }
      if (object.fields.overridable !== true) {
        throw refuse(400, `The object ${object.name} is not overridable.`, "VALIDATION")
      }
      const item = configuration.accept(
        object.domain,
        kind,
        { ...body, name: object.name },
        object.id,
        new Map()
      )
      return { target: target.id, item: { ...item, fields: { ...item.fields, overrides } } }
    }

    const keep = (item: Item, target: string) =>
      all.set(item.id, (all.get(item.id) ?? new Map<string, Item>()).set(target, item))

    const overrideAt = (call: Call, [uuid, id]: ReadonlyArray<string>) => {
      const target = call.query.get("overrideTargetId") ?? ""
      const item = all.get(stored(uuid, id).id)?.get(target)
      if (item === undefined) throw refuse(404, `The object with UUID ${id} has no override for ${target}.`)
      return { item, target }
    }

    const isOverride = (call: Call) => {
      const body = parsed(call)
      return [body].flat().some((one) => jsonObject(jsonObject(one)?.overrides)?.target !== undefined)
    }

    const create = (call: Call, [uuid]: ReadonlyArray<string>): Answer => {
      const made = Bodies.items(call).map((body) => accepted(uuid, jsonObject(body) ?? {}))
      for (const { item, target } of made) {
        if (all.get(item.id)?.has(target)) throw refuse(400, `The object ${item.name} has an override there.`)
      }
      for (const { item, target } of made) keep(item, target)
      return View.created(
        call,
        Bodies.isBulk(call),
        made.map(({ item, target }) => shown(call, item, target))
      )
    }

    const update = (call: Call, [uuid, id]: ReadonlyArray<string>): Answer => {
      const { item, target } = accepted(uuid, jsonObject(Bodies.wellFormed(call)) ?? {})
      if (item.id !== id || !all.get(item.id)?.has(target)) {
        throw refuse(404, `The object with UUID ${id} has no override for ${target}.`)
      }
      keep(item, target)
      return View.ok(shown(call, item, target))
    }

    const read = (call: Call, params: ReadonlyArray<string>): Answer => {
      const { item, target } = overrideAt(call, params)
      return View.ok(shown(call, item, target))
    }

    const remove = (call: Call, params: ReadonlyArray<string>): Answer => {
      const { item, target } = overrideAt(call, params)
      all.get(item.id)?.delete(target)
      return View.ok(shown(call, item, target))
    }

    const listed: Handler = (call, [uuid, id]) =>
      list(call, [...(all.get(stored(uuid, id).id) ?? [])], ([target, item]) => shown(call, item, target))

    const base = `^/api/fmc_config/v1/domain/([^/]+)/${kind.path}`
    const own = (path: string) => objects.find((route) => route.path.source === new RegExp(path).source)
    const [many, one] = [own(`${base}$`), own(`${base}/([^/]+)$`)]
    const isTargeted = (call: Call) => call.query.has("overrideTargetId")
    const either =
      (isMeant: (call: Call) => boolean, handler: Handler, otherwise: Handler | undefined): Handler =>
      (call, params) => {
        if (isMeant(call)) return handler(call, params)
        if (otherwise === undefined) throw refuse(405, "The method is not supported.")
        return otherwise(call, params)
      }
    return [
      { path: new RegExp(`${base}/([^/]+)/overrides$`), verbs: { GET: listed } },
      {
        path: new RegExp(`${base}$`),
        verbs: { ...many?.verbs, POST: either(isOverride, create, many?.verbs.POST) }
      },
      {
        path: new RegExp(`${base}/([^/]+)$`),
        verbs: {
          GET: either(isTargeted, read, one?.verbs.GET),
          PUT: either(isOverride, update, one?.verbs.PUT),
          DELETE: either(isTargeted, remove, (call, params) => {
            const answer = one?.verbs.DELETE?.(call, params)
            if (answer === undefined) throw refuse(405, "The method is not supported.")
            all.delete(params[1] ?? "")
            return answer
          })
        }
      }
    ]
  }

  return [...overridden.flatMap(routesOf), ...objects]
}
