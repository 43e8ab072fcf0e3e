import { isAddress, isNetwork, isRange } from "../appliance/AddressValue.ts"
import { jsonObject } from "../appliance/Call.ts"
import { type Accepted, type Context, type Field, type Fields, isOfType, referencedAs } from "./Kind.ts"
import { refuse } from "./Replies.ts"

/** `Members` are `objects` and `literals`, as network groups and the conditions of rules hold them. */
export interface Members {
  readonly objects: ReadonlyArray<Fields>
  readonly literals: ReadonlyArray<Fields>
}

/** `networks` reads members that are networks: hosts, networks, ranges, names, groups, and literal values. */
export const networks = (given: Fields, context: Context): Accepted =>
  read(given, ["Host", "Network", "Range", "FQDN", "NetworkGroup"], context, (literal) => {
    const value = typeof literal.value === "string" ? literal.value : ""
    const type = literalTypes.find(([, fits]) => fits(value))?.[0]
    if (type === undefined || isAnother(literal.type, type, ["Host", "Network", "Range"])) {
      throw refuse(400, `Invalid literal: ${value} is no ${literal.type ?? "network"}.`, "VALIDATION")
    }
    return { type, value }
  })

const literalTypes = [
  ["Host", isAddress],
  ["Network", isNetwork],
  ["Range", isRange]
] as const

/** `ports` reads members that are ports. */
export const ports = (given: Fields, context: Context): Accepted =>
  read(given, ["ProtocolPortObject", "PortObjectGroup", "ICMPV4Object"], context, (literal) => {
    if (typeof literal.protocol !== "string") {
      throw refuse(400, "Invalid literal: a port needs a protocol.", "VALIDATION")
    }
    return { type: "PortLiteral", ...literal }
  })

/** `groupedPorts` reads the members of a group of ports, which has no literals and no group in it. */
export const groupedPorts = ({ objects }: Fields, context: Context): Accepted =>
  read({ objects }, ["ProtocolPortObject", "ICMPV4Object"], context, (literal) => literal)

/** `urls` reads members that are URLs. */
export const urls = (given: Fields, context: Context): Accepted =>
  read(given, ["Url", "UrlGroup"], context, (literal) => {
    if (typeof literal.url !== "string" || literal.url === "") {
      throw refuse(400, "Invalid literal: a URL needs its url.", "VALIDATION")
    }
    return { type: "Url", url: literal.url }
  })

/** `condition` is a field that holds such members: without any, it is not kept. */
export const condition = (model: string, members: typeof networks): Field => ({
  schema: { $ref: `#/definitions/${model}` },
  want: "an object",
  read: (value, context) => {
    const given = jsonObject(value)
    if (given === undefined) return undefined
    const { fields, references } = members(given, context)
    return { value: Object.keys(fields).length > 0 ? fields : undefined, references }
  }
})

/**
 * `isAnother` says whether a type is another of these, whatever its case. Cisco's provider for Terraform sends
 * `AnyNonEmptyString`, and is right: a type that there is not is passed over.
 */
const isAnother = (given: unknown, type: string, types: ReadonlyArray<string>): boolean =>
  typeof given === "string" &&
  given.toLowerCase() !== type.toLowerCase() &&
  types.some((other) => other.toLowerCase() === given.toLowerCase())

/**
 * `merged` gives the members of a group once these are added, or removed; what is there already, or is not, does not
 * matter.
 */
export const merged = (action: string, old: Fields, given: Fields): Members => {
  const [had, named] = [membersOf(old), membersOf(given)]
  const keys = new Set([...named.objects, ...named.literals].map(key))
  const rest = (members: ReadonlyArray<Fields>) => members.filter((member) => !keys.has(key(member)))
  if (action === "remove") return { objects: rest(had.objects), literals: rest(had.literals) }
  return {
    objects: [...rest(had.objects), ...named.objects],
    literals: [...rest(had.literals), ...named.literals]
  }
}

const read = (
  given: Fields,
  types: ReadonlyArray<string>,
  { find }: Context,
  literalOf: (literal: Fields) => Fields
): Accepted => {
  const { objects, literals } = membersOf(given)
  const kept = new Map<string, Fields>()
  for (const { id, type } of objects) {
    const item = find(id)
    if (item === undefined || !types.includes(item.kind.type)) {
      throw refuse(400, `The object with UUID ${id} does not exist, or cannot be used here.`, "VALIDATION")
    }
    if (!isOfType(item.kind, type) && isAnother(type, item.kind.type, types)) {
      throw refuse(400, `Invalid type of ${item.name}: expected ${item.kind.type}.`, "VALIDATION")
    }
    kept.set(item.id, referencedAs(item))
  }
  const fields = {
    ...(kept.size > 0 && { objects: [...kept.values()] }),
    ...(literals.length > 0 && { literals: literals.map(literalOf) })
  }
  return { fields, references: [...kept.keys()] }
}

const membersOf = (given: Fields): Members => ({
  objects: listOf(given, "objects"),
  literals: listOf(given, "literals")
})

const listOf = (given: Fields, name: keyof Members): ReadonlyArray<Fields> => {
  const list = given[name] ?? []
  const read = Array.isArray(list) ? list.map(jsonObject) : [undefined]
  const whole = read.filter((member) => member !== undefined)
  if (whole.length < read.length)
    throw refuse(400, `Invalid ${name}: expected a list of objects.`, "VALIDATION")
  return whole
}

const key = ({ id, url, value }: Fields): string => String(id ?? value ?? url)
