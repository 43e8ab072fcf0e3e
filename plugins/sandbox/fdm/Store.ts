import { randomUUID } from "node:crypto"
import { type Answer, type Call, type Handler, jsonObject, parsed, type Route } from "../Call.ts"
import { absent, invalid, list } from "./Answer.ts"
import type { FdmChanges } from "./Changes.ts"
import { chosen } from "./Query.ts"

export type Fields = Readonly<Record<string, unknown>>

/** An object as it is kept; the fields that are not named here are its kind's own. */
export interface Entity {
  readonly version: string
  readonly name: string
  readonly description: string | null
  readonly isSystemDefined: boolean
  readonly id: string
  readonly type: string
  /** Ids of what a group holds; shown as references in `objects`. */
  readonly members?: ReadonlyArray<string> | undefined
  readonly [own: string]: unknown
}

/** What tells one kind of object from another: a new kind is one of these. */
export interface Kind {
  /** The last part of its path below `/object`. */
  readonly path: string
  readonly type: string
  /** Tag and model in the device's description of itself; a name is taken once among the kinds of one tag. */
  readonly tag: string
  readonly model: string
  /** Its own fields that filters and sorting know, beside the name. */
  readonly searched: ReadonlyArray<string>
  /** Reads its own fields from a body, and throws what it refuses. `store`: to look up what they refer to. */
  readonly accept: (fields: Fields, store: FdmStore, id: string) => Fields
  /** Those that exist at the start. */
  readonly initial: ReadonlyArray<{ readonly name: string; readonly isSystemDefined: boolean } & Fields>
}

/** Every object of every kind, by id. */
export class FdmStore {
  readonly #objects = new Map<string, Entity>()
  readonly #changes: FdmChanges

  constructor(changes: FdmChanges) {
    this.#changes = changes
  }

  get all(): ReadonlyArray<Entity> {
    return [...this.#objects.values()]
  }

  find(id: unknown): Entity | undefined {
    return typeof id === "string" ? this.#objects.get(id) : undefined
  }

  /** As it was before the first use: no change that could be deployed. */
  seed(object: Entity): void {
    this.#objects.set(object.id, object)
  }

  write(object: Entity): void {
    this.#changes.record(this.#objects.get(object.id), object)
    this.#objects.set(object.id, object)
  }

  remove(object: Entity): void {
    this.#changes.record(object, undefined)
    this.#objects.delete(object.id)
  }
}

/** For each kind: list with filter and sort, read, create, update with the object's version, delete. */
export const routes = (kinds: ReadonlyArray<Kind>, store: FdmStore): ReadonlyArray<Route> => {
  for (const kind of kinds) {
    for (const fields of kind.initial) {
      store.seed({ ...fields, ...head(kind, fields.name), isSystemDefined: fields.isSystemDefined })
    }
  }
  return kinds.flatMap((kind) => routesOf(kind, kinds, store))
}

const routesOf = (kind: Kind, kinds: ReadonlyArray<Kind>, store: FdmStore): ReadonlyArray<Route> => {
  const rivals = kinds.filter(({ tag }) => tag === kind.tag).map(({ type }) => type)

  const stored = (call: Call, id: string | undefined): Entity => {
    const object = store.find(id)
    if (object?.type === kind.type) return object
    throw absent(call)
  }

  const changeable = (object: Entity): Entity => {
    if (!object.isSystemDefined) return object
    throw invalid(`${object.name} is system defined and cannot be changed.`, "systemDefined", "id")
  }

  const accept = (fields: Fields, id: string): Entity => {
    const { name, type, description } = fields
    if (type !== kind.type) throw invalid(`Expected type ${kind.type}.`, "invalidType", "type")
    if (typeof name !== "string" || !/^[^\s\u0000-\u001f]{1,128}$/.test(name)) {
      throw invalid("The name is missing or not allowed.", "invalidName", "name")
    }
    const own = kind.accept(fields, store, id)
    const sameName = (other: Entity) => other.name.toLowerCase() === name.toLowerCase()
    if (store.all.some((other) => other.id !== id && rivals.includes(other.type) && sameName(other))) {
      throw invalid(`Validation failed due to a duplicate name: ${name}.`, "duplicateName", "name")
    }
    const text = typeof description === "string" ? description : null
    return { ...head(kind, name, id), description: text, ...own }
  }

  const all: Handler = (call) => {
    const objects = store.all
      .filter(({ type }) => type === kind.type)
      .map((object) => shown(call, kind, store, object))
    return list(call, chosen(call, ["name", ...kind.searched], objects))
  }

  const create: Handler = (call) => {
    const object = accept(bodyOf(call), randomUUID())
    store.write(object)
    return ok(shown(call, kind, store, object))
  }

  const read: Handler = (call, [id]) => ok(shown(call, kind, store, stored(call, id)))

  const update: Handler = (call, [id]) => {
    const old = changeable(stored(call, id))
    const fields = bodyOf(call)
    // The optimistic lock: who read an older version must read again.
    if (fields.version !== old.version) {
      throw invalid("The version is not that of the stored object.", "entityVersionMismatch", "version")
    }
    const object = accept(fields, old.id)
    store.write(object)
    return ok(shown(call, kind, store, object))
  }

  const remove: Handler = (call, [id]) => {
    const object = changeable(stored(call, id))
    const user = store.all.find(({ members }) => members?.includes(object.id))
    if (user !== undefined) throw invalid(`${object.name} is used by ${user.name}.`, "objectInUse", "id")
    store.remove(object)
    return { status: 204 }
  }

  const base = `^/api/fdm/[^/]+/object/${kind.path}`
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all, POST: create } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update, DELETE: remove } }
  ]
}

const head = (kind: Kind, name: string, id: string = randomUUID()) => ({
  version: randomUUID(),
  name,
  description: null,
  isSystemDefined: false,
  id,
  type: kind.type
})

const ok = (body: unknown): Answer => ({ status: 200, body })

/** The body of a write; 422 for what is no JSON object. */
export const bodyOf = (call: Call): Fields => {
  const fields = jsonObject(parsed(call))
  if (fields === undefined) throw invalid("The body is not a JSON object.", "invalidJson", "")
  return fields
}

// References show the names and versions of now, as on real devices.
const shown = (call: Call, kind: Kind, store: FdmStore, { members, ...object }: Entity): Fields => ({
  ...object,
  ...(members !== undefined && { objects: members.map((id) => reference(store.find(id))) }),
  links: { self: `${call.origin}/api/fdm/${call.path.split("/")[3]}/object/${kind.path}/${object.id}` }
})

const reference = (of: Entity | undefined) => ({
  id: of?.id,
  type: of?.type,
  version: of?.version,
  name: of?.name
})
