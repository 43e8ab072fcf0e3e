import { jsonObject } from "../appliance/Call.ts"
import { type Change, ChangeLog } from "./ChangeLog.ts"
import { type Domain, isWithin } from "./Domains.ts"
import { type Item, isOfType, type Kind } from "./Kind.ts"
import { refuse } from "./Replies.ts"

/** `Named` is what has been named in one request, so that a bulk request cannot name two things alike. */
export type Named = Map<string, string>

/** The objects, policies and rules of every domain, who uses whom, and what has changed. */
export class Configuration {
  readonly domains: ReadonlyArray<Domain>
  readonly log: ChangeLog
  readonly #now: () => number
  readonly #shelves = new Map<string, Map<string, Item>>()
  readonly #items = new Map<string, Item>()
  readonly #names = new Map<string, string>()
  /** Ids of those that refer to an id. */
  readonly #users = new Map<string, Set<string>>()

  constructor(domains: ReadonlyArray<Domain>, now: () => number) {
    this.domains = domains
    this.#now = now
    this.log = new ChangeLog(now)
  }

  domain(uuid: string | undefined): Domain {
    const domain = this.domains.find((candidate) => candidate.uuid === uuid)
    if (domain === undefined) throw refuse(404, "The domain does not exist.")
    return domain
  }

  /** `all` gives those of one kind, in the order of their creation. */
  all(domain: Domain, kind: Kind): Iterable<Item> {
    return this.#shelves.get(shelf(domain, kind))?.values() ?? []
  }

  get(domain: Domain, kind: Kind, id: string | undefined): Item {
    const item = this.#shelves.get(shelf(domain, kind))?.get(id ?? "")
    if (item === undefined) throw refuse(404, `The object with UUID ${id} does not exist.`)
    return item
  }

  /** `find` gives what something in the domain may refer to by this id. */
  find(domain: Domain, id: unknown): Item | undefined {
    const item = typeof id === "string" ? this.#items.get(id) : undefined
    return item !== undefined && isWithin(domain, item.domain) ? item : undefined
  }

  users(id: string): ReadonlyArray<Item> {
    const ids = [...(this.#users.get(id) ?? [])]
    return ids.map((user) => this.#items.get(user)).filter((user) => user !== undefined)
  }

  /** `accept` reads one item of a body, without storing it yet; refuses with 400. */
  accept(domain: Domain, kind: Kind, body: unknown, id: string, named: Named): Item {
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
      find: (other) => this.find(domain, other)
    })
    if (kind.named === undefined) return { ...accepted, ...this.#made(domain, kind, id, other) }
    const name = String(asked)
    // Case does not tell names apart.
    const key = nameKey(domain, kind, name)
    const holder = named.get(key) ?? this.#names.get(key)
    if (holder !== undefined && holder !== id) {
      throw refuse(400, `The object name ${name} already exists. Enter a new name.`)
    }
    named.set(key, id)
    return { ...accepted, ...this.#made(domain, kind, id, name) }
  }

  #made(domain: Domain, kind: Kind, id: string, name: string) {
    return { id, kind, domain, name, builtIn: false, changedAt: this.#now() }
  }

  /** `store` stores what has been accepted; all that one request writes has one version. */
  store(action: "ADD" | "UPDATE", items: ReadonlyArray<Item>): void {
    this.load(items)
    this.#log(action, items)
  }

  /** `load` stores without a change for the devices: how the sandbox begins. */
  load(items: ReadonlyArray<Item>): void {
    for (const item of items) {
      this.#forget(item.id)
      const { domain, id, kind, name } = item
      const place = shelf(domain, kind)
      const items = this.#shelves.get(place) ?? new Map<string, Item>()
      this.#shelves.set(place, items.set(id, item))
      this.#items.set(id, item)
      if (kind.named !== undefined) this.#names.set(nameKey(domain, kind, name), id)
      for (const used of item.references) {
        this.#users.set(used, (this.#users.get(used) ?? new Set()).add(id))
      }
    }
  }

  /** `delete` deletes all of them, or refuses where one is built in, or used by what stays. */
  delete(items: ReadonlyArray<Item>): void {
    const ids = new Set(items.map(({ id }) => id))
    for (const item of items) {
      changeable(item)
      const user = this.users(item.id).find(({ id }) => !ids.has(id))
      if (user === undefined) continue
      const words = `The object ${item.name} cannot be deleted: it is used by ${user.kind.type} ${user.name}.`
      throw refuse(400, words, "VALIDATION")
    }
    for (const item of items) {
      this.#forget(item.id)
      this.#items.delete(item.id)
      this.#shelves.get(shelf(item.domain, item.kind))?.delete(item.id)
      this.#empty(`${shelf(item.domain, item.kind)}/${item.id}/`)
    }
    this.#log("DELETE", items)
  }

  /** The rules of a policy go with it. */
  #empty(inside: string): void {
    for (const [place, items] of this.#shelves) {
      if (!place.startsWith(inside)) continue
      for (const id of items.keys()) {
        this.#forget(id)
        this.#items.delete(id)
      }
      this.#shelves.delete(place)
    }
  }

  /** `forget` frees the name of what is about to be stored anew or deleted, and lets go what it used. */
  #forget(id: string): void {
    const old = this.#items.get(id)
    if (old === undefined) return
    this.#names.delete(nameKey(old.domain, old.kind, old.name))
    for (const used of old.references) this.#users.get(used)?.delete(id)
  }

  #log(action: Change["action"], items: ReadonlyArray<Item>): void {
    const version = this.log.stamp()
    for (const { domain, id, kind, name } of items) {
      this.log.add({ version, action, domain, id, name, type: kind.type })
    }
  }
}

/** `changeable` refuses where it is built in. */
export const changeable = (item: Item): Item => {
  if (item.builtIn) throw refuse(400, `The object ${item.name} is read only.`, "VALIDATION")
  return item
}

const shelf = (domain: Domain, kind: Kind): string => `${domain.uuid} ${kind.path}`

const nameKey = (domain: Domain, kind: Kind, name: string): string =>
  `${domain.uuid} ${kind.names} ${name.toLowerCase()}`
