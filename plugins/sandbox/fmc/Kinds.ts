import { ipType, isAddress, isNetwork, isRange } from "../appliance/AddressValue.ts"
import { kind } from "./Define.ts"
import {
  anyValue,
  fitting,
  listed,
  listOf,
  oneOf,
  reference,
  required,
  struct,
  text,
  whole
} from "./Field.ts"
import type { Accepted, Context, Fields, Kind } from "./Kind.ts"
import * as Members from "./Members.ts"
import { refuse } from "./Replies.ts"

/** `address` is what hosts, networks, ranges and names have in common: one list of all, and one space of names. */
const address = (path: string, type: string, model: string, value: Kind["fields"]): Kind =>
  kind({
    path: `object/${path}`,
    type,
    model,
    parent: "object/networkaddresses",
    names: "network",
    fields: value,
    value: ({ value }) => String(value),
    metadata: ({ value }) => ({
      ...(type !== "FQDN" && { ipType: ipType(String(value)) }),
      parentType: "NetworkAddress"
    })
  })

const hosts = address("hosts", "Host", "HostObject", {
  value: required(fitting(isAddress, "an IPv4 or IPv6 address"))
})
const networks = address("networks", "Network", "NetworkObject", {
  value: required(fitting(isNetwork, "a network such as 10.0.0.0/8"))
})
const ranges = address("ranges", "Range", "RangeObject", {
  value: required(fitting(isRange, "a range such as 10.0.0.1-10.0.0.9"))
})
const fqdns = address("fqdns", "FQDN", "FQDNObject", {
  value: required(
    fitting((name) => /^[\w-]+(\.[\w-]+)+$/.test(name), "a fully qualified name such as www.example.com")
  ),
  dnsResolution: required(oneOf("IPV4_ONLY", "IPV6_ONLY", "IPV4_AND_IPV6"))
})

/** `grouped` gives the members of a group in place of what was sent for them; a group never holds itself. */
const grouped =
  (read: (given: Fields, context: Context) => Accepted) =>
  (accepted: Accepted, context: Context, given: Fields): Accepted => {
    const { fields, references } = read(given, context)
    if (references.some((id) => reaches(id, context))) {
      throw refuse(400, `The group ${given.name} cannot contain itself.`, "VALIDATION")
    }
    const { literals: _literals, objects: _objects, ...others } = accepted.fields
    return { fields: { ...others, ...fields }, references }
  }

/** `reaches` says whether the group of the context would be found again behind this member. */
const reaches = (id: string, context: Context): boolean =>
  id === context.id || (context.find(id)?.references ?? []).some((next) => reaches(next, context))

const networkGroups = kind({
  path: "object/networkgroups",
  type: "NetworkGroup",
  model: "NetworkGroup",
  parent: "object/networkaddresses",
  names: "network",
  fields: { objects: listed("INetworkAddress"), literals: listed("INetworkAddressLiteral") },
  check: grouped(Members.networks),
  value: ({ literals }) => JSON.stringify(literals ?? []),
  metadata: () => ({ parentType: "NetworkAddress" }),
  merge: (action, old, given) => {
    if (action !== "add" && action !== "remove") {
      throw refuse(400, "Invalid action: expected add or remove.", "VALIDATION")
    }
    return { ...old, ...Members.merged(action, old, given) }
  }
})

const isPort = (text: string): boolean => {
  const [first = "", last = first, ...rest] = text.split("-")
  const isWhole = [first, last].every((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535)
  return isWhole && rest.length === 0 && Number(first) <= Number(last)
}

/** `port` is what is common to ports: one list of all, and one space of names. */
const port = { parent: "object/ports", names: "port" }

const ports = kind({
  ...port,
  path: "object/protocolportobjects",
  type: "ProtocolPortObject",
  model: "ProtocolPortObject",
  fields: {
    protocol: required(
      fitting(
        (protocol) => /^(TCP|UDP|6|17)$/i.test(protocol),
        "TCP or UDP",
        (protocol) => protocol.toUpperCase()
      )
    ),
    port: required(fitting(isPort, "a port or a range of ports"))
  },
  value: ({ port }) => String(port)
})

const icmpv4 = kind({
  ...port,
  path: "object/icmpv4objects",
  type: "ICMPV4Object",
  model: "ICMPV4Object",
  fields: {
    icmpType: required(
      fitting((text) => text === "Any" || (/^\d{1,3}$/.test(text) && Number(text) < 256), "0 to 255, or Any")
    ),
    code: whole(0, 255)
  },
  value: ({ icmpType }) => String(icmpType)
})

const portGroups = kind({
  ...port,
  path: "object/portobjectgroups",
  type: "PortObjectGroup",
  model: "PortObjectGroup",
  fields: { objects: required(listed("IPortObject")) },
  check: grouped(Members.groupedPorts)
})

const urls = kind({
  path: "object/urls",
  type: "Url",
  model: "URLObject",
  names: "url",
  fields: { url: required(fitting((url) => url.trim() !== "", "a URL")) },
  value: ({ url }) => String(url)
})

const urlGroups = kind({
  path: "object/urlgroups",
  type: "UrlGroup",
  model: "URLGroupObject",
  names: "url",
  fields: { objects: listed("IUrlModel"), literals: listed("IUrlLiteral") },
  check: grouped(Members.urls),
  value: ({ literals }) => JSON.stringify(literals ?? [])
})

const tag = required(whole(1, 4094))

const vlanTags = kind({
  path: "object/vlantags",
  type: "VlanTag",
  model: "VlanTag",
  fields: { data: required(struct({ startTag: tag, endTag: tag, type: text })) },
  check: (accepted, _, { data, name }) => {
    const { endTag, startTag } = data as { readonly startTag: number; readonly endTag: number } // the field is read
    if (Number(startTag) <= Number(endTag)) return accepted
    throw refuse(400, `Invalid data of ${name}: expected a startTag not above the endTag.`, "VALIDATION")
  }
})

/** `interfaces` gives a kind of zones, or of groups, of interfaces: whatever their interfaces are, they are kept. */
const interfaces = (type: string, model: string, path: string, modes: ReadonlyArray<string>): Kind =>
  kind({
    path: `object/${path}`,
    type,
    model,
    parent: "object/interfaceobjects",
    names: "interface object",
    query: [],
    isOverridable: false,
    fields: {
      interfaceMode: required(oneOf(...modes)),
      interfaces: listOf(reference("PhysicalInterface")),
      devices: listOf(anyValue)
    },
    metadata: () => ({ parentType: "InterfaceObject" })
  })

const zones = interfaces("SecurityZone", "SecurityZoneObject", "securityzones", [
  "PASSIVE",
  "INLINE",
  "SWITCHED",
  "ROUTED",
  "ASA"
])
const interfaceGroups = interfaces("InterfaceGroup", "InterfaceGroupObject", "interfacegroups", [
  "PASSIVE",
  "INLINE",
  "SWITCHED",
  "ROUTED"
])

const dynamicObjects = kind({
  path: "object/dynamicobjects",
  type: "DynamicObject",
  model: "DynamicObject",
  query: ["filter", "name"],
  isOverridable: false,
  // "Identifier or name" (FMC OpenAPI, getDynamicObject, and all else below it).
  isFoundByName: true,
  fields: { objectType: required(oneOf("IP")), agentId: text }
})

/** `objects` are the kinds of objects; those of policies and of devices stand beside them. */
export const objects = {
  hosts,
  networks,
  ranges,
  fqdns,
  networkGroups,
  ports,
  icmpv4,
  portGroups,
  urls,
  urlGroups,
  vlanTags,
  zones,
  interfaceGroups,
  dynamicObjects
}
