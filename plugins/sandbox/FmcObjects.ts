import { randomUUID } from "node:crypto"
import { ipType, isAddress, isNetwork } from "./AddressValue.ts"
import type { Appliance } from "./Appliance.ts"
import { type Answer, type Call, type Handler, jsonObject, parsed, type Route } from "./Call.ts"
import { list, refuse } from "./FmcAnswer.ts"
import { type Domain, uuidOf } from "./FmcDomains.ts"

/** The kinds of address objects that the sandbox keeps, by their part of the path. */
const kinds = {
  hosts: { type: "Host", fits: isAddress, want: "an IPv4 or IPv6 address" },
  networks: { type: "Network", fits: isNetwork, want: "a network such as 10.0.0.0/8" }
} as const

type Kind = keyof typeof kinds

interface AddressObject {
  readonly id: string
  readonly kind: Kind
  readonly name: string
  readonly value: string
  readonly description: string
  readonly overridable: boolean
  readonly builtIn: boolean
  readonly changedAt: number
}

/** Hosts and networks of every domain: list, read, create (one, or many with `bulk=true`), update, delete. */
export const routes = (appliance: Appliance, domains: ReadonlyArray<Domain>): ReadonlyArray<Route> => {
  const stores = new Map(domains.map((domain) => [domain.uuid, new Map<string, AddressObject>()]))
  const first = domains[0]
  for (const object of first === undefined ? [] : initial(appliance.settings.objects, appliance.now())) {
    stores.get(first?.uuid ?? "")?.set(object.id, object)
  }

  const storeOf = (uuid: string | undefined) => {
    const domain = domains.find((candidate) => candidate.uuid === uuid)
    const objects = stores.get(uuid ?? "")
    if (domain === undefined || objects === undefined) throw refuse(404, "The domain does not exist.")
    return { domain, objects }
  }

  const stored = (objects: ReadonlyMap<string, AddressObject>, kind: Kind, id: string | undefined) => {
    const object = objects.get(id ?? "")
    if (object?.kind !== kind) throw refuse(404, `The object with UUID ${id} does not exist.`)
    return object
  }

  const changeable = (object: AddressObject): AddressObject => {
    if (object.builtIn) throw refuse(400, `The object ${object.name} is read only.`, "VALIDATION")
    return object
  }

  /** Reads one object of a body; `others` are those whose names are taken. */
  const accept = (kind: Kind, body: unknown, others: ReadonlyArray<AddressObject>, id: string) => {
    const fields = jsonObject(body)
    if (fields === undefined) throw refuse(400, "The body must be an object.", "VALIDATION")
    const { name, value, type, description } = fields
    const { fits, want, type: ownType } = kinds[kind]
    if (typeof name !== "string" || !/^[\w.+ -]{1,64}$/.test(name)) {
      throw refuse(400, "Invalid name: 1 to 64 letters, digits, and . _ - + are allowed.", "VALIDATION")
    }
    if (type !== undefined && type !== ownType) {
      throw refuse(400, `Invalid type: expected ${ownType}.`, "VALIDATION")
    }
    if (typeof value !== "string" || !fits(value)) {
      throw refuse(400, `Invalid value of ${name}: expected ${want}.`, "VALIDATION")
    }
    // Hosts and networks share one space of names, and case does not tell names apart.
    if (others.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase())) {
      throw refuse(400, `The object name ${name} already exists. Enter a new name.`)
    }
    return {
      id,
      kind,
      name,
      value,
      description: typeof description === "string" ? description : " ",
      overridable: fields.overridable === true,
      builtIn: false,
      changedAt: appliance.now()
    }
  }

  const shown = (call: Call, domain: Domain, object: AddressObject) => ({
    ...brief(call, domain, object),
    value: object.value,
    overridable: object.overridable,
    description: object.description,
    metadata: {
      timestamp: object.changedAt,
      ...(object.builtIn && { readOnly: { state: true, reason: "SYSTEM" } }),
      lastUser: { name: object.builtIn ? "admin" : appliance.settings.username },
      domain: { name: domain.name, id: domain.uuid, type: "Domain" },
      ipType: ipType(object.value),
      parentType: "NetworkAddress"
    }
  })

  const routesOf = (kind: Kind): ReadonlyArray<Route> => {
    const all: Handler = (call, [uuid]) => {
      const { domain, objects } = storeOf(uuid)
      const found = [...objects.values()].filter((object) => object.kind === kind && filtered(call, object))
      const show = call.query.get("expanded") === "true" ? shown : brief
      return list(
        call,
        found.map((object) => show(call, domain, object))
      )
    }

    const create: Handler = (call, [uuid]) => {
      const { domain, objects } = storeOf(uuid)
      const body = wellFormed(call)
      const bulk = call.query.get("bulk") === "true"
      if (Array.isArray(body) && !bulk) throw refuse(422, "A list needs bulk=true.")
      if (Array.isArray(body) && body.length > 1000) throw refuse(422, "At most 1000 items in bulk.")
      const added: Array<AddressObject> = []
      // All or nothing: nothing is stored before the last one is accepted.
      for (const item of Array.isArray(body) ? body : [body]) {
        added.push(accept(kind, item, [...objects.values(), ...added], randomUUID()))
      }
      for (const object of added) objects.set(object.id, object)
      const items = added.map((object) => shown(call, domain, object))
      return {
        status: 201,
        body: bulk ? { links: { self: `${call.origin}${call.target}` }, items } : items[0]
      }
    }

    const read: Handler = (call, [uuid, id]) => {
      const { domain, objects } = storeOf(uuid)
      return ok(shown(call, domain, stored(objects, kind, id)))
    }

    const update: Handler = (call, [uuid, id]) => {
      const { domain, objects } = storeOf(uuid)
      const old = changeable(stored(objects, kind, id))
      const body = wellFormed(call)
      if (jsonObject(body)?.id !== old.id) {
        throw refuse(400, "The id of the body is not that of the path.", "VALIDATION")
      }
      const object = accept(kind, body, [...objects.values()], old.id)
      objects.set(object.id, object)
      return ok(shown(call, domain, object))
    }

    const remove: Handler = (call, [uuid, id]) => {
      const { domain, objects } = storeOf(uuid)
      const object = changeable(stored(objects, kind, id))
      objects.delete(object.id)
      return ok(shown(call, domain, object))
    }

    const base = `^/api/fmc_config/v1/domain/([^/]+)/object/${kind}`
    return [
      { path: new RegExp(`${base}$`), verbs: { GET: all, POST: create } },
      { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update, DELETE: remove } }
    ]
  }

  return [...routesOf("hosts"), ...routesOf("networks")]
}

const ok = (body: unknown): Answer => ({ status: 200, body })

const wellFormed = (call: Call): unknown => {
  // Cisco's text: at most 2,048,000 bytes.
  if (Buffer.byteLength(call.body) > 2_048_000) throw refuse(422, "The payload is too big.")
  const body = parsed(call)
  if (body === undefined) throw refuse(422, "Malformed JSON.")
  return body
}

const brief = (call: Call, domain: Domain, object: AddressObject) => {
  const base = `${call.origin}/api/fmc_config/v1/domain/${domain.uuid}/object`
  return {
    links: { self: `${base}/${object.kind}/${object.id}`, parent: `${base}/networkaddresses` },
    type: kinds[object.kind].type,
    name: object.name,
    id: object.id
  }
}

/** `filter=nameOrValue:text`, as Cisco's text has it for hosts and networks. */
const filtered = (call: Call, object: AddressObject): boolean => {
  const text = /^"?nameOrValue:(.*?)"?$/.exec(call.query.get("filter") ?? "")?.[1]?.toLowerCase()
  return text === undefined || object.name.toLowerCase().includes(text) || object.value.includes(text)
}

const initial = (count: number, now: number): ReadonlyArray<AddressObject> => {
  const make = (kind: Kind, name: string, value: string, builtIn: boolean): AddressObject => ({
    id: uuidOf(`${kind} ${name}`),
    kind,
    name,
    value,
    description: " ",
    overridable: false,
    builtIn,
    changedAt: now
  })
  const numbered = (prefix: string, at: number) => `${prefix}-${String(at + 1).padStart(3, "0")}`
  const made = Array.from({ length: count }, (_, at) => [
    make("hosts", numbered("host", at), `10.${at >> 8}.${at & 255}.10`, false),
    make("networks", numbered("net", at), `10.${at >> 8}.${at & 255}.0/24`, false)
  ])
  return [...builtIn.map(([name, value]) => make("networks", name, value, true)), ...made.flat()]
}

const builtIn = [
  ["any-ipv4", "0.0.0.0/0"],
  ["any-ipv6", "::/0"],
  ["IPv4-Link-Local", "169.254.0.0/16"],
  ["IPv4-Multicast", "224.0.0.0/4"],
  ["IPv4-Private-10.0.0.0-8", "10.0.0.0/8"],
  ["IPv4-Private-172.16.0.0-12", "172.16.0.0/12"],
  ["IPv4-Private-192.168.0.0-16", "192.168.0.0/16"],
  ["IPv6-Link-Local", "fe80::/10"]
] as const
