import { randomUUID } from "node:crypto"
import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import type { Configuration } from "./Configuration.ts"
import type { Fields, Item } from "./Kind.ts"
import { policies } from "./PolicyKinds.ts"
import { list, refuse } from "./Replies.ts"
import * as Rulebook from "./Rulebook.ts"
import type { Rulebooks } from "./Rules.ts"
import * as View from "./View.ts"

/**
 * `routes` are the categories of an access policy. One that is deleted leaves its rules where they stand: what a device
 * does with them is unknown.
 */
export const routes = (configuration: Configuration, rulebooks: Rulebooks): ReadonlyArray<Route> => {
  const inside = (uuid: string | undefined, id: string | undefined) => {
    const policy = configuration.get(configuration.domain(uuid), policies.accessPolicies, id)
    return { policy, book: rulebooks.of(policy) }
  }

  const found = (book: Rulebook.Rulebook, id: string | undefined): Rulebook.Category => {
    const category = book.categories.find((candidate) => candidate.id === id)
    if (category === undefined) throw refuse(404, `The category with UUID ${id} does not exist.`)
    return category
  }

  const nameOf = (call: Call, book: Rulebook.Rulebook, own?: Rulebook.Category): string => {
    const name = jsonObject(Bodies.wellFormed(call))?.name
    const isTaken = book.categories.some((other) => other !== own && other.name === name)
    if (typeof name === "string" && !isTaken) return name
    throw refuse(400, "Invalid name of a category: it is missing, or taken.", "VALIDATION")
  }

  const all: Handler = (call, [uuid, id]) => {
    const { book, policy } = inside(uuid, id)
    return list(call, book.categories, (category) => shown(call, policy, book, category))
  }

  const create: Handler = (call, [uuid, id]) => {
    const { book, policy } = inside(uuid, id)
    const name = nameOf(call, book)
    const section = Rulebook.sectionOf(call.query.get("section") ?? "default")
    const category = { id: randomUUID(), name, section }
    book.categories.push(category)
    return View.created(call, false, [shown(call, policy, book, category)])
  }

  const read: Handler = (call, [uuid, policyId, id]) => {
    const { book, policy } = inside(uuid, policyId)
    return View.ok(shown(call, policy, book, found(book, id)))
  }

  const update: Handler = (call, [uuid, policyId, id]) => {
    const { book, policy } = inside(uuid, policyId)
    const old = found(book, id)
    const renamed = { ...old, name: nameOf(call, book, old) }
    book.rename(old, renamed)
    return View.ok(shown(call, policy, book, renamed))
  }

  const remove: Handler = (call, [uuid, policyId, id]) => {
    const { book, policy } = inside(uuid, policyId)
    const category = found(book, id)
    const last = shown(call, policy, book, category)
    book.rename(category, undefined)
    return View.ok(last)
  }

  const base = `^/api/fmc_config/v1/domain/([^/]+)/${policies.accessPolicies.path}/([^/]+)/categories`
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all, POST: create } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update, DELETE: remove } }
  ]
}

/** `shown` has the indices of its first and its last rule: -1 without any (FMC OpenAPI, AccessPolicyCategoryMetadata). */
const shown = (
  call: Call,
  { domain, id: policyId, kind, name: policyName }: Item,
  book: Rulebook.Rulebook,
  { id, name, section }: Rulebook.Category
): Fields => {
  const isIn = ({ category }: { readonly category: string | undefined }) => category === name
  const indexOf = (at: number) => (at < 0 ? -1 : at + 1)
  return {
    links: { self: View.urlOf(call, domain, `${kind.path}/${policyId}/categories/${id}`) },
    type: "AccessPolicyCategory",
    name,
    id,
    metadata: {
      section,
      startIndex: indexOf(book.positions.findIndex(isIn)),
      endIndex: indexOf(book.positions.findLastIndex(isIn)),
      accessPolicy: { type: kind.type, name: policyName, id: policyId }
    }
  }
}
