import { randomUUID } from "node:crypto"
import { isAddress, isNetwork } from "./AddressValue.ts"
import { type Answer, type Call, type Handler, jsonObject, parsed, type Route } from "./Call.ts"
import { invalid, list, refuse } from "./FdmAnswer.ts"

interface NetworkObject {
  readonly version: string
  readonly name: string
  readonly description: string | null
  readonly subType: keyof typeof subTypes
  readonly value: string
  readonly isSystemDefined: boolean
  readonly id: string
  readonly type: "networkobject"
}

const subTypes = {
  HOST: isAddress,
  NETWORK: isNetwork,
  RANGE: (value: string) => value.split("-").length === 2 && value.split("-").every(isAddress),
  FQDN: (value: string) => /^[\w-]+(\.[\w-]+)+$/.test(value)
}

/** `/object/networks`: list with filter and sort, read, create, update with the object's version, delete. */
export const routes = (count: number): ReadonlyArray<Route> => {
  const objects = new Map(initial(count).map((object) => [object.id, object]))

  const stored = (id: string | undefined): NetworkObject => {
    const object = objects.get(id ?? "")
    if (object === undefined) throw refuse(404, "The object does not exist.", { code: "objectNotFound" })
    return object
  }

  const changeable = (object: NetworkObject): NetworkObject => {
    if (!object.isSystemDefined) return object
    throw invalid(`${object.name} is system defined and cannot be changed.`, "systemDefined", "id")
  }

  const accept = (fields: Readonly<Record<string, unknown>>, id: string): NetworkObject => {
    const { name, subType, value, type, description } = fields
    if (type !== "networkobject") throw invalid("Expected type networkobject.", "invalidType", "type")
    if (typeof name !== "string" || !/^[^\s\u0000-\u001f]{1,128}$/.test(name)) {
      throw invalid("The name is missing or not allowed.", "invalidName", "name")
    }
    if (!isSubType(subType)) throw invalid("The subType is not known.", "invalidSubType", "subType")
    if (typeof value !== "string" || !subTypes[subType](value)) {
      throw invalid(`The value is no ${subType}.`, "invalidValue", "value")
    }
    const sameName = (other: NetworkObject) => other.name.toLowerCase() === name.toLowerCase()
    if ([...objects.values()].some((other) => other.id !== id && sameName(other))) {
      throw invalid(`Validation failed due to a duplicate name: ${name}.`, "duplicateName", "name")
    }
    return {
      version: randomUUID(),
      name,
      description: typeof description === "string" ? description : null,
      subType,
      value,
      isSystemDefined: false,
      id,
      type: "networkobject"
    }
  }

  const all: Handler = (call) =>
    list(
      call,
      sorted(call, [...objects.values()].filter(filterOf(call))).map((object) => shown(call, object))
    )

  const create: Handler = (call) => {
    const object = accept(bodyOf(call), randomUUID())
    objects.set(object.id, object)
    return ok(shown(call, object))
  }

  const read: Handler = (call, [, id]) => ok(shown(call, stored(id)))

  const update: Handler = (call, [, id]) => {
    const old = changeable(stored(id))
    const fields = bodyOf(call)
    // The optimistic lock: who read an older version must read again.
    if (fields.version !== old.version) {
      throw invalid("The version is not that of the stored object.", "entityVersionMismatch", "version")
    }
    const object = accept(fields, old.id)
    objects.set(object.id, object)
    return ok(shown(call, object))
  }

  const remove: Handler = (_, [, id]) => {
    objects.delete(changeable(stored(id)).id)
    return { status: 204 }
  }

  const base = "^/api/fdm/([^/]+)/object/networks"
  return [
    { path: new RegExp(`${base}$`), verbs: { GET: all, POST: create } },
    { path: new RegExp(`${base}/([^/]+)$`), verbs: { GET: read, PUT: update, DELETE: remove } }
  ]
}

const ok = (body: unknown): Answer => ({ status: 200, body })

const isSubType = (given: unknown): given is NetworkObject["subType"] =>
  typeof given === "string" && Object.hasOwn(subTypes, given)

const bodyOf = (call: Call): Readonly<Record<string, unknown>> => {
  const fields = jsonObject(parsed(call))
  if (fields === undefined) throw invalid("The body is not a JSON object.", "invalidJson", "")
  return fields
}

const shown = (call: Call, object: NetworkObject) => {
  const version = call.path.split("/")[3]
  return {
    ...object,
    links: { self: `${call.origin}/api/fdm/${version}/object/networks/${object.id}` }
  }
}

/** `filter=name:x` (equal) and `filter=name~x` (contains); `;` joins several. */
const filterOf = (call: Call): ((object: NetworkObject) => boolean) => {
  const terms = (call.query.get("filter") ?? "").split(";").filter((term) => term !== "")
  const tests = terms.map((term) => {
    const [, field, operator, wanted = ""] = /^(name|value|subType)([:~])(.*)$/.exec(term) ?? []
    if (field !== "name" && field !== "value" && field !== "subType") {
      throw invalid("The filter is not understood.", "invalidFilter", "filter")
    }
    return (object: NetworkObject) =>
      operator === ":" ? object[field] === wanted : object[field].includes(wanted)
  })
  return (object) => tests.every((test) => test(object))
}

/** `sort=name`, or `sort=-name` for the other direction. */
const sorted = (call: Call, objects: ReadonlyArray<NetworkObject>): ReadonlyArray<NetworkObject> => {
  const sort = call.query.get("sort")
  if (sort === null) return objects
  const byName = [...objects].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sort.startsWith("-") ? byName.reverse() : byName
}

const initial = (count: number): ReadonlyArray<NetworkObject> => {
  const make = (name: string, value: string, isSystemDefined: boolean): NetworkObject => ({
    version: randomUUID(),
    name,
    description: null,
    subType: "NETWORK",
    value,
    isSystemDefined,
    id: randomUUID(),
    type: "networkobject"
  })
  return [
    make("any-ipv4", "0.0.0.0/0", true),
    make("any-ipv6", "::/0", true),
    ...Array.from({ length: count }, (_, at) =>
      make(`net-${String(at + 1).padStart(3, "0")}`, `10.${at >> 8}.${at & 255}.0/24`, false)
    )
  ]
}
