import type { Configuration } from "./Configuration.ts"
import type { Domain } from "./Domains.ts"
import { type Kind, within } from "./Kind.ts"
import { refuse } from "./Replies.ts"

/** `Place` is where a path leads: the domain, the kind as it is there, and the id of one thing of it. */
export interface Place {
  readonly domain: Domain
  readonly kind: Kind
  readonly id: string | undefined
}

/** `templateOf` gives the path of a kind behind the domain, with what holds it: `policy/ftdnatpolicies/{}/autonatrules`. */
const templateOf = ({ inside, path }: Pick<Kind, "inside" | "path">): string =>
  inside === undefined ? path : `${inside.replace(/\{\w+\}/g, "{}")}/{}/${path}`

/** `patternOf` gives the beginning of a route: a group for the domain, and one for each thing that holds another. */
export const patternOf = (kind: Pick<Kind, "inside" | "path">): string =>
  `^/api/fmc_config/v1/domain/([^/]+)/${templateOf(kind).replaceAll("{}", "([^/]+)")}`

/** `make` gives what a route's groups lead to; it refuses with 404 where what holds it does not exist. */
export const make = (configuration: Configuration, holders: ReadonlyArray<Kind>) => {
  const kindAt = (domain: Domain, kind: Kind, ids: ReadonlyArray<string>): Kind => {
    if (kind.inside === undefined) return kind
    const template = kind.inside.replace(/\{\w+\}/g, "{}")
    const holder = holders.find((one) => templateOf(one) === template)
    if (holder === undefined) throw refuse(404, `There is no ${kind.inside}.`)
    const place = kindAt(domain, holder, ids.slice(0, -1))
    const { id } = configuration.get(domain, place, ids.at(-1))
    return within({ ...kind, inside: place.path }, id)
  }

  return (kind: Kind, [uuid, ...ids]: ReadonlyArray<string>): Place => {
    const domain = configuration.domain(uuid)
    const depth = templateOf(kind).split("{}").length - 1
    return { domain, kind: kindAt(domain, kind, ids.slice(0, depth)), id: ids[depth] }
  }
}
