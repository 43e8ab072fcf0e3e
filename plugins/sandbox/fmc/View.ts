import type { Appliance } from "../appliance/Appliance.ts"
import { type Answer, type Call, isAsked, jsonObject } from "../appliance/Call.ts"
import type { Configuration } from "./Configuration.ts"
import type { Domain } from "./Domains.ts"
import { type Fields, type Item, referencedAs, shownId } from "./Kind.ts"

export type Show = (call: Call, item: Item) => Fields

/** `make` gives how items look to clients: `brief` in lists, `whole` by themselves and with `expanded=true`. */
export const make = (
  { settings }: Appliance,
  configuration: Configuration
): Record<"brief" | "whole", Show> => {
  /** `named` gives members with the names of this moment: an object may have been renamed since. */
  const named = (fields: Fields, domain: Domain): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => {
        if (key === "objects" && Array.isArray(value)) {
          return [key, value.map((member) => refreshed(member, domain))]
        }
        const nested = jsonObject(value)
        return [key, nested === undefined ? value : named(nested, domain)]
      })
    )

  const refreshed = (member: unknown, domain: Domain): unknown => {
    const item = configuration.find(domain, jsonObject(member)?.id)
    return item === undefined ? member : referencedAs(item)
  }

  return {
    brief,
    whole: (call, item) => ({
      ...brief(call, item),
      ...named(item.fields, item.domain),
      metadata: {
        timestamp: item.changedAt,
        ...(item.builtIn && { readOnly: { state: true, reason: "SYSTEM" } }),
        lastUser: { name: item.builtIn ? "admin" : settings.username },
        domain: { name: item.domain.name, id: item.domain.uuid, type: "Domain" },
        ...item.kind.metadata?.(item.fields)
      }
    })
  }
}

/** `urlOf` gives the URL of something in a domain. */
export const urlOf = (call: Call, domain: Domain, path: string): string =>
  `${call.origin}/api/fmc_config/v1/domain/${domain.uuid}/${path}`

export const isExpanded = (call: Call): boolean => isAsked(call, "expanded")

/** `created` gives the answer to a creation, of one or in bulk. */
export const created = (call: Call, bulk: boolean, shown: ReadonlyArray<Fields>): Answer => ({
  status: 201,
  body: bulk ? inBulk(call, shown) : shown[0]
})

/** `inBulk` gives the answer to a change in bulk. */
export const inBulk = (call: Call, shown: ReadonlyArray<Fields>): Fields => ({
  links: { self: `${call.origin}${call.requestTarget}` },
  items: shown
})

export const ok = (body: unknown): Answer => ({ status: 200, body })

const brief: Show = (call, item) => {
  const { domain, kind, name } = item
  const id = shownId(item)
  return {
    links: {
      self: urlOf(call, domain, `${kind.path}/${id}`),
      ...(kind.parent !== undefined && { parent: urlOf(call, domain, kind.parent) })
    },
    type: kind.type,
    ...(name !== "" && { name }),
    id
  }
}
