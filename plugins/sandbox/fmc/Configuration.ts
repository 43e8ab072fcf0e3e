import { jsonObject } from "../appliance/Call.ts"
import * as ChangeLog from "./ChangeLog.ts"
import { type Domain, isWithin } from "./Domains.ts"
import { type Item, isOfType, type Kind } from "./Kind.ts"
import { refuse } from "./Replies.ts"

/** `Named` is what has been named in one request, so that a bulk request cannot name two things alike. */
export type Named = Map<string, string>

/** `Configuration` holds the objects, policies and rules of every domain, who uses whom, and what has changed. */
export interface Configuration {
  readonly domains: ReadonlyArray<Domain>
  readonly log: ChangeLog.ChangeLog
  readonly domain: (uuid: string | undefined) => Domain
  /** `all` gives those of one kind, in the order of their creation. */
  readonly all: (domain: Domain, kind: Kind) => Iterable<Item>
  readonly get: (domain: Domain, kind: Kind, id: string | undefined) => Item
  /** `find` gives what something in the domain may refer to by this id. */
  readonly find: (domain: Domain, id: unknown) => Item | undefined
  readonly users: (id: string) => ReadonlyArray<Item>
  /** `accept` reads one item of a body, without storing it yet; refuses with 400. */
  readonly accept: (domain: Domain, kind: Kind, body: unknown, id: string, named: Named) => Item
  /** `store` stores what has been accepted; all that one request writes has one version. */
  readonly store: (action: "ADD" | "UPDATE", items: ReadonlyArray<Item>) => void
  /** `arrange` puts what is stored behind so many of the others of its kind. */
  readonly arrange: (items: ReadonlyArray<Item>, place: number) => void
  /** `load` stores without a change for the devices: how the sandbox begins. */
  readonly load: (items: ReadonlyArray<Item>) => void
  /** `delete` deletes all of them, or refuses where one is built in, or used by what stays. */
  readonly delete: (items: ReadonlyArray<Item>) => void
}

export const make = (domains: ReadonlyArray<Domain>, now: () => number): Configuration => {
  const log = ChangeLog.make(now)
  const shelves = new Map<string, Map<string, Item>>()
  const itemsById = new Map<string, Item>()
  const idsByName = new Map<string, string>()
  /** `userIds` are the ids of those that refer to an id. */
  const userIds = new Map<string, Set<string>>()

  const domain = (uuid: string | undefined): Domain => {
    const domain = domains.find((candidate) => candidate.uuid === uuid)
    if (domain === undefined) throw refuse(404, "The domain does not exist.")
    return domain
  }

  const all = (domain: Domain, kind: Kind): Iterable<Item> => shelves.get(shelf(domain, kind))?.values() ?? []

  const get = (domain: Domain, kind: Kind, id: string | undefined): Item => {
    const items = shelves.get(shelf(domain, kind))
    const item = items?.get(id ?? "") ?? (kind.isFoundByName ? called(items, id) : undefined)
    if (item === undefined) throw refuse(404, `The object with UUID ${id} does not exist.`)
    return item
  }

  const find = (domain: Domain, id: unknown): Item | undefined => {
    const item = typeof id === "string" ? itemsById.get(id) : undefined
    return item !== undefined && isWithin(domain, item.domain) ? item : undefined
  }

  const users = (id: string): ReadonlyArray<Item> => {
    const ids = [...(userIds.get(id) ?? [])]
    return ids.map((user) => itemsById.get(user)).filter((user) => user !== undefined)
  }

  const accept = (domain: Domain, kind: Kind, body: unknown, id: string, named: Named): Item => {
    const given = jsonObject(body)
    if (given === undefined) throw refuse(400, "The body must be an object.", "VALIDATION")
    const { name: asked = "", type } = given
    if (kind.named !== undefined && !(typeof asked === "string" && kind.named.test(asked))) {
      throw refuse(
        400,
        "Invalid name: it is missing, too long, or holds signs that are not allowed.",
        "VALIDATION"
      )
    }
    if (type !== undefined && !isOfType(kind, type)) {
      throw refuse(400, `Invalid type: expected ${kind.type}.`, "VALIDATION")
    }
    const { name: other = "", ...accepted } = kind.accept(given, {
      id,
      find: (other) => find(domain, other)
    })
    if (kind.named === undefined) return { ...accepted, ...made(domain, kind, id, other) }
    const name = String(asked)
    // Case does not tell names apart.
    const key = nameKey(domain, kind, name)
    const holder = named.get(key) ?? idsByName.get(key)
    if (holder !== undefined && holder !== id) {
      throw refuse(400, `The object name ${name} already exists. Enter a new name.`)
    }
    named.set(key, id)
    return { ...accepted, ...made(domain, kind, id, name) }
  }

  const made = (domain: Domain, kind: Kind, id: string, name: string) => ({
    id,
    kind,
    domain,
    name,
    builtIn: false,
    changedAt: now()
  })

  const store = (action: "ADD" | "UPDATE", items: ReadonlyArray<Item>): void => {
    load(items)
    record(action, items)
  }

  const load = (items: ReadonlyArray<Item>): void => {
    for (const item of items) {
      forget(item.id)
      const { domain, id, kind, name } = item
      const place = shelf(domain, kind)
      const items = shelves.get(place) ?? new Map<string, Item>()
      shelves.set(place, items.set(id, item))
      itemsById.set(id, item)
      if (kind.named !== undefined) idsByName.set(nameKey(domain, kind, name), id)
      for (const used of item.references) {
        userIds.set(used, (userIds.get(used) ?? new Set()).add(id))
      }
    }
  }

  const arrange = (items: ReadonlyArray<Item>, place: number): void => {
    const [first] = items
    if (first === undefined) return
    const ids = new Set(items.map(({ id }) => id))
    const at = shelf(first.domain, first.kind)
    const others = [...(shelves.get(at)?.values() ?? [])].filter(({ id }) => !ids.has(id))
    const inOrder = [...others.slice(0, place), ...items, ...others.slice(place)]
    shelves.set(at, new Map(inOrder.map((item) => [item.id, item])))
  }

  const remove = (items: ReadonlyArray<Item>): void => {
    const ids = new Set(items.map(({ id }) => id))
    for (const item of items) {
      changeable(item)
      const user = users(item.id).find(({ id }) => !ids.has(id))
      if (user === undefined) continue
      const words = `The object ${item.name} cannot be deleted: it is used by ${user.kind.type} ${user.name}.`
      throw refuse(400, words, "VALIDATION")
    }
    for (const item of items) {
      forget(item.id)
      itemsById.delete(item.id)
      shelves.get(shelf(item.domain, item.kind))?.delete(item.id)
      empty(`${shelf(item.domain, item.kind)}/${item.id}/`)
    }
    record("DELETE", items)
  }

  /** `empty` removes what lies inside: the rules of a policy go with it. */
  const empty = (inside: string): void => {
    for (const [place, items] of shelves) {
      if (!place.startsWith(inside)) continue
      for (const id of items.keys()) {
        forget(id)
        itemsById.delete(id)
      }
      shelves.delete(place)
    }
  }

  /** `forget` frees the name of what is about to be stored anew or deleted, and lets go what it used. */
  const forget = (id: string): void => {
    const old = itemsById.get(id)
    if (old === undefined) return
    idsByName.delete(nameKey(old.domain, old.kind, old.name))
    for (const used of old.references) userIds.get(used)?.delete(id)
  }

  const record = (action: ChangeLog.Change["action"], items: ReadonlyArray<Item>): void => {
    const version = log.stamp()
    for (const { domain, id, kind, name } of items) {
      log.add({ version, action, domain, id, name, type: kind.type })
    }
  }

  return { domains, log, domain, all, get, find, users, accept, store, arrange, load, delete: remove }
}

/** `called` gives the one whose name stands in a path. */
const called = (items: ReadonlyMap<string, Item> | undefined, inPath: string | undefined): Item | undefined =>
  [...(items?.values() ?? [])].find(({ name }) => [name, encodeURIComponent(name)].includes(inPath ?? ""))

/** `changeable` refuses where it is built in. */
export const changeable = (item: Item): Item => {
  if (item.builtIn) throw refuse(400, `The object ${item.name} is read only.`, "VALIDATION")
  return item
}

const shelf = (domain: Domain, kind: Kind): string => `${domain.uuid} ${kind.path}`

const nameKey = (domain: Domain, kind: Kind, name: string): string =>
  `${domain.uuid} ${kind.names} ${name.toLowerCase()}`
