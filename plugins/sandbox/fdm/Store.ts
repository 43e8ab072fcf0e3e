import { randomUUID } from "node:crypto"
import { type Answer, type Call, type Handler, jsonObject, parsed, type Route } from "../appliance/Call.ts"
import type { Changes } from "./Changes.ts"
import { type Entity, type Fields, holder } from "./Entity.ts"
import * as Field from "./Field.ts"
import { holderOf, type Kind } from "./Kind.ts"
import { chosen } from "./Query.ts"
import { absent, invalid, linksTo, list } from "./Replies.ts"

/** `Store` holds every object of every kind, by id. */
export interface Store {
  readonly all: ReadonlyArray<Entity>
  readonly find: (id: unknown) => Entity | undefined
  /** `seed` puts it there as it was before the first use: no change that could be deployed. */
  readonly seed: (object: Entity) => void
  /** `write` keeps an object; `before` is what a new one is put in front of. */
  readonly write: (object: Entity, before?: Entity) => void
  readonly remove: (object: Entity) => void
}

export const make = (changes: Changes): Store => {
  let objects = new Map<string, Entity>()

  const all = (): ReadonlyArray<Entity> => [...objects.values()]

  const find = (id: unknown): Entity | undefined => (typeof id === "string" ? objects.get(id) : undefined)

  const seed = (object: Entity): void => {
    objects.set(object.id, object)
  }

  const write = (object: Entity, before?: Entity): void => {
    changes.record(objects.get(object.id), object)
    if (before === undefined) {
      objects.set(object.id, object)
      return
    }
    const inOrder = all().flatMap((one) => (one === before ? [object, one] : [one]))
    objects = new Map(inOrder.map((one) => [one.id, one]))
  }

  const remove = (object: Entity): void => {
    changes.record(object, undefined)
    objects.delete(object.id)
  }

  return {
    find,
    seed,
    write,
    remove,
    get all() {
      return all()
    }
  }
}

/** `routes` are, for each kind: list with filter and sort, read, create, update with the object's version, delete. */
export const routes = (kinds: ReadonlyArray<Kind>, store: Store): ReadonlyArray<Route> => {
  for (const kind of kinds) {
    for (const fields of kind.initial ?? []) store.seed({ ...head(kind, fields.name, undefined), ...fields })
  }
  return kinds.flatMap((kind) => routesOf(kind, kinds, store))
}

const routesOf = (kind: Kind, kinds: ReadonlyArray<Kind>, store: Store): ReadonlyArray<Route> => {
  const holders = kinds.find(({ path }) => path === holderOf(kind))
  const spaceOf = (one: Kind) => one.names ?? (holderOf(one) === undefined ? one.tag : one.path)
  const rivals = kinds.filter((one) => spaceOf(one) === spaceOf(kind)).map(({ type }) => type)

  /** `holderAt` gives the id of what holds the things of this path; `default` is the only one there is. */
  const holderAt = (call: Call, given: string | undefined): string | undefined => {
    if (holders === undefined) return undefined
    const all = store.all.filter(({ type }) => type === holders.type)
    const found = all.find(({ id }) => id === given) ?? (given === "default" ? all[0] : undefined)
    // A list declares no 404 (FDM OpenAPI): below what there is none of, it is empty.
    if (found === undefined && given === "default" && all.length === 0) return given
    if (found === undefined) throw absent(call)
    return found.id
  }

  /** `at` is what a path leads to: the holder, where the kind has one, and the id behind it. */
  const at = (call: Call, params: ReadonlyArray<string>) =>
    holders === undefined
      ? { inside: undefined, id: params[0] }
      : { inside: holderAt(call, params[0]), id: params[1] }

  const among = (inside: string | undefined) =>
    store.all.filter((object) => object.type === kind.type && object[holder] === inside)

  const stored = (call: Call, params: ReadonlyArray<string>): Entity => {
    const { id, inside } = at(call, params)
    const all = among(inside)
    const isOnly = id === "default" && kind.verbs !== undefined && !kind.verbs.includes("create")
    const object = all.find((one) => one.id === id) ?? (isOnly ? all[0] : undefined)
    if (object === undefined) throw absent(call)
    return object
  }

  const changeable = (object: Entity): Entity => {
    if (object.isSystemDefined !== true) return object
    throw invalid(`${object.name} is system defined and cannot be changed.`, "systemDefined", "id")
  }

  const accept = (fields: Fields, id: string, inside: string | undefined): Entity => {
    const { description, name: given, type } = fields
    if (!Field.isSame(type, kind.type)) throw invalid(`Expected type ${kind.type}.`, "invalidType", "type")
    const name = given ?? (kind.isUnnamed ? "" : undefined)
    const fits = kind.named ?? /^[^\s\u0000-\u001f]{1,128}$/
    if (typeof name !== "string" || !(fits.test(name) || (kind.isUnnamed && name === ""))) {
      throw invalid("The name is missing or not allowed.", "invalidName", "name")
    }
    const own = Field.accept(kind.fields, fields, { store, id })
    kind.check?.(own)
    const isRival = (other: Entity) =>
      other.id !== id &&
      rivals.includes(other.type) &&
      (kind.names !== undefined || other[holder] === inside) &&
      other.name.toLowerCase() === name.toLowerCase()
    if (name !== "" && store.all.some(isRival)) {
      throw invalid(`Validation failed due to a duplicate name: ${name}.`, "duplicateName", "name")
    }
    const text = typeof description === "string" ? description : null
    return {
      ...(kind.isOpen && others(fields)),
      ...head(kind, name, inside, id),
      ...(kind.isDescribed !== false && { description: text }),
      ...own
    }
  }

  const all: Handler = (call, params) => {
    const objects = among(at(call, params).inside).map((object) => shown(call, kind, store, object))
    const known = kind.isOpen ? undefined : ["name", ...(kind.searched ?? [])]
    return list(call, chosen(call, known, objects))
  }

  const create: Handler = (call, params) => {
    const { inside } = at(call, params)
    const object = accept(bodyOf(call), randomUUID(), inside)
    const place = kind.isOrdered ? Number(call.query.get("at") ?? Number.NaN) : Number.NaN
    const neighbours = among(inside)
    const made = "ruleId" in kind.fields ? { ...object, ruleId: nextRule(neighbours) } : object
    store.write(made, neighbours[place])
    return ok(shown(call, kind, store, made))
  }

  const read: Handler = (call, params) => ok(shown(call, kind, store, stored(call, params)))

  const update: Handler = (call, params) => {
    const old = changeable(stored(call, params))
    const fields = bodyOf(call)
    // The optimistic lock: who read an older version must read again.
    if (fields.version !== old.version) {
      throw invalid("The version is not that of the stored object.", "entityVersionMismatch", "version")
    }
    const object = accept(fields, old.id, old[holder])
    store.write(object)
    return ok(shown(call, kind, store, object))
  }

  const remove: Handler = (call, params) => {
    const object = changeable(stored(call, params))
    const user = store.all.find((one) => Field.usedBy(one).includes(object.id) || one[holder] === object.id)
    if (user !== undefined) throw invalid(`${object.name} is used by ${user.name}.`, "objectInUse", "id")
    store.remove(object)
    return { status: 204 }
  }

  const can = (verb: "create" | "update" | "delete") => kind.verbs === undefined || kind.verbs.includes(verb)
  const base = `^/api/fdm/[^/]+${kind.path.replace("{parentId}", "([^/]+)")}`
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all, ...(can("create") && { POST: create }) } },
    {
      path: new RegExp(`${base}/([^/]+)$`),
      verbs: { GET: read, ...(can("update") && { PUT: update }), ...(can("delete") && { DELETE: remove }) }
    }
  ]
}

/** `others` are the fields that nobody reads here. */
const others = ({ id: _id, links: _links, version: _version, ...fields }: Fields): Fields => fields

const nextRule = (rules: ReadonlyArray<Entity>): number =>
  Math.max(268_435_456, ...rules.map(({ ruleId }) => Number(ruleId))) + 1

const head = (kind: Kind, name: string, inside: string | undefined, id: string = randomUUID()) => ({
  version: randomUUID(),
  name,
  ...(kind.isDescribed !== false && { description: null }),
  ...("isSystemDefined" in kind.fields && { isSystemDefined: false }),
  id,
  type: kind.type,
  [holder]: inside
})

const ok = (body: unknown): Answer => ({ status: 200, body })

/** `bodyOf` gives the body of a write; 422 for what is no JSON object. */
export const bodyOf = (call: Call): Fields => {
  const fields = jsonObject(parsed(call))
  if (fields === undefined) throw invalid("The body is not a JSON object.", "invalidJson", "")
  return fields
}

// References show the names and versions of now, as on real devices.
const shown = (call: Call, kind: Kind, store: Store, object: Entity): Fields => {
  const show = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(show)
    return value instanceof Field.Reference ? referenceTo(store.find(value.id)) : value
  }
  const inside = object[holder] ?? ""
  const path = kind.path.replace("{parentId}", inside)
  return {
    ...Object.fromEntries(Object.entries(object).map(([name, value]) => [name, show(value)])),
    ...(kind.isUnnamed && object.name === "" && { name: null }),
    links: linksTo(call, `${path}/${object.id}`)
  }
}

const referenceTo = (of: Entity | undefined) => ({
  id: of?.id,
  type: of?.type,
  version: of?.version,
  name: of?.name
})
