import { createHash } from "node:crypto"

export interface Domain {
  readonly name: string
  readonly uuid: string
}

// The same on every FMC.
const globalUuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"

/** `domainsOf` gives domains with a UUID made of their name, so that it is the same at every start. */
export const domainsOf = (names: ReadonlyArray<string>): ReadonlyArray<Domain> =>
  names.map((name) => ({ name, uuid: name === "Global" ? globalUuid : uuidOf(`domain ${name}`) }))

export const uuidOf = (text: string): string => {
  const hex = createHash("sha256").update(text).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** `folded` drops the space that real devices write after the slash: `Global/ Branch`. */
export const folded = (name: string): string =>
  name
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .toLowerCase()

/** `isWithin` says whether the domain is the other one, or below it. */
export const isWithin = (domain: Domain, outer: Domain): boolean =>
  domain === outer || folded(domain.name).startsWith(`${folded(outer.name)}/`)
