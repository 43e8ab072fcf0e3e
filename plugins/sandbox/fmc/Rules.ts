import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import type { Configuration, Named } from "./Configuration.ts"
import type { Fields, Item } from "./Kind.ts"
import { policies } from "./PolicyKinds.ts"
import { list, refuse } from "./Replies.ts"
import * as Rulebook from "./Rulebook.ts"
import { ruleKind } from "./RuleKind.ts"
import * as View from "./View.ts"

/** `Rulebooks` hold the order of the rules of every policy, by the policy's id. */
export interface Rulebooks {
  readonly of: (policy: Item) => Rulebook.Rulebook
}

export const makeRulebooks = (): Rulebooks => {
  const books = new Map<string, Rulebook.Rulebook>()

  const of = (policy: Item): Rulebook.Rulebook => {
    const rulebook = books.get(policy.id) ?? Rulebook.make()
    books.set(policy.id, rulebook)
    return rulebook
  }

  return { of }
}

/**
 * `named` reads `filter=name:first,second`: parts of names, not whole ones (read in public clients' code, seen on real
 * devices). The FMC OpenAPI document has no filter here.
 */
const named = (call: Call): ((rule: Item) => boolean) => {
  const wanted = /^"?name:(.*?)"?$/
    .exec(call.query.get("filter") ?? "")?.[1]
    ?.toLowerCase()
    .split(",")
  return ({ name }) => wanted?.some((part) => name.toLowerCase().includes(part)) ?? true
}

/** `routes` are access rules, inside a policy: one by one, and in bulk. */
export const routes = (
  appliance: Appliance,
  configuration: Configuration,
  rulebooks: Rulebooks
): ReadonlyArray<Route> => {
  const { brief, whole } = View.make(appliance, configuration)

  /** `inside` gives the policy of a path, with the order of its rules. */
  const inside = (uuid: string | undefined, id: string | undefined) => {
    const domain = configuration.domain(uuid)
    const policy = configuration.get(domain, policies.accessPolicies, id)
    const kind = ruleKind(policy)
    return {
      domain,
      policy,
      book: rulebooks.of(policy),
      kind,
      rule: (id: string | undefined) => configuration.get(domain, kind, id)
    }
  }

  const showIn = ({ policy, book }: ReturnType<typeof inside>) => {
    const indexed = book.indexed()
    return (call: Call, rule: Item): Fields => {
      const [ruleIndex, position] = indexed.get(rule.id) ?? []
      const shown = whole(call, rule)
      const { id, name, kind } = policy
      return {
        ...shown,
        metadata: {
          ...jsonObject(shown.metadata),
          ruleIndex,
          section: position?.section,
          // As devices spell it where there is none.
          category: position?.category ?? "--Undefined--",
          accessPolicy: { type: kind.type, name, id }
        }
      }
    }
  }

  const all: Handler = (call, [uuid, id]) => {
    const here = inside(uuid, id)
    refuseUnknown(call)
    const show = View.isExpanded(call) ? showIn(here) : brief
    const rules = here.book.positions.map((position) => here.rule(position.id))
    return list(call, rules.filter(named(call)), (rule) => show(call, rule))
  }

  const create: Handler = (call, [uuid, id]) => {
    const here = inside(uuid, id)
    const wanted = (name: string) => call.query.get(name)
    const insert = here.book.insertAt({
      section: wanted("section"),
      category: wanted("category"),
      insertBefore: wanted("insertBefore"),
      insertAfter: wanted("insertAfter")
    })
    const named: Named = new Map()
    const rules = Bodies.items(call).map((body) =>
      configuration.accept(here.domain, here.kind, body, randomUUID(), named)
    )
    configuration.store("ADD", rules)
    insert(rules.map((rule) => rule.id))
    const show = showIn(here)
    return View.created(
      call,
      Bodies.isBulk(call),
      rules.map((rule) => show(call, rule))
    )
  }

  const read: Handler = (call, [uuid, policy, id]) => {
    const here = inside(uuid, policy)
    return View.ok(showIn(here)(call, here.rule(id)))
  }

  /** `update` leaves rules where they stand: it cannot move them. */
  const update: Handler = (call, [uuid, policy, id]) => {
    const here = inside(uuid, policy)
    const body = Bodies.wellFormed(call)
    if (jsonObject(body)?.id !== here.rule(id).id) {
      throw refuse(400, "The id of the body is not that of the path.", "VALIDATION")
    }
    const rule = configuration.accept(here.domain, here.kind, body, String(id), new Map())
    configuration.store("UPDATE", [rule])
    return View.ok(showIn(here)(call, rule))
  }

  const updateMany: Handler = (call, [uuid, policy]) => {
    if (!Bodies.isBulk(call)) throw refuse(405, "The method is not supported.")
    const here = inside(uuid, policy)
    const named: Named = new Map()
    const rules = Bodies.items(call).map((body) => {
      const id = jsonObject(body)?.id
      const old = here.rule(typeof id === "string" ? id : undefined)
      return configuration.accept(here.domain, here.kind, body, old.id, named)
    })
    configuration.store("UPDATE", rules)
    const show = showIn(here)
    return View.ok(
      View.inBulk(
        call,
        rules.map((rule) => show(call, rule))
      )
    )
  }

  const removed = (call: Call, here: ReturnType<typeof inside>, rules: ReadonlyArray<Item>) => {
    const show = showIn(here)
    const shown = rules.map((rule) => show(call, rule))
    configuration.delete(rules)
    here.book.remove(new Set(rules.map((rule) => rule.id)))
    return shown
  }

  const remove: Handler = (call, [uuid, policy, id]) => {
    const here = inside(uuid, policy)
    return View.ok(removed(call, here, [here.rule(id)])[0])
  }

  const removeMany: Handler = (call, [uuid, policy]) => {
    const here = inside(uuid, policy)
    return View.ok(View.inBulk(call, removed(call, here, Bodies.bulkIds(call).map(here.rule))))
  }

  const base = `^/api/fmc_config/v1/domain/([^/]+)/${policies.accessPolicies.path}/([^/]+)`
  return [
    {
      path: new RegExp(`${base}/accessrules$`),
      verbs: { GET: all, POST: create, PUT: updateMany, DELETE: removeMany }
    },
    {
      path: new RegExp(`${base}/accessrules/([^/]+)$`),
      verbs: { GET: read, PUT: update, DELETE: remove }
    }
  ]
}

/**
 * `refuseUnknown` refuses what the list of rules does not know, such as the parameters of a creation (seen on real
 * devices: reports to FMCAnsible, which sent `section` and `category` along). What a creation says to one that it does
 * not know is unknown: it is passed over.
 */
const refuseUnknown = (call: Call): void => {
  if ([...call.query.keys()].some((name) => !listParameters.has(name.toLowerCase())))
    throw refuse(400, "Invalid query parameter for the GETALL operation.")
}

// `name` is known, though the document leaves it out (a report to FMCAnsible).
const listParameters: ReadonlySet<string> = new Set(["offset", "limit", "expanded", "filter", "name", "sort"])
