import { isAddress, isNetwork } from "../AddressValue.ts"
import { invalid } from "./Answer.ts"
import type { FdmStore, Kind } from "./Store.ts"

/** The kinds of objects that the device keeps; `networks`: how many of those exist beside the built-in ones. */
export const kinds = (networks: number): ReadonlyArray<Kind> => [
  {
    path: "networks",
    type: "networkobject",
    tag: "NetworkObject",
    model: "NetworkObject",
    searched: ["value", "subType"],
    accept: ({ dnsResolution, subType, value }) => {
      if (!isSubType(subType)) throw invalid("The subType is not known.", "invalidSubType", "subType")
      if (typeof value !== "string" || !subTypes[subType](value)) {
        throw invalid(`The value is no ${subType}.`, "invalidValue", "value")
      }
      if (dnsResolution === undefined || dnsResolution === null) return { subType, value }
      if (!resolutions.includes(dnsResolution)) {
        throw invalid("The dnsResolution is not known.", "invalidValue", "dnsResolution")
      }
      return { subType, value, dnsResolution }
    },
    initial: initialNetworks(networks)
  },
  {
    path: "networkgroups",
    type: "networkobjectgroup",
    tag: "NetworkObject",
    model: "NetworkObjectGroup",
    searched: [],
    accept: ({ objects = [] }, store, id) => {
      if (!Array.isArray(objects)) throw invalid("objects is no list.", "invalidValue", "objects")
      return { members: objects.map((object) => member(object, store, id)) }
    },
    initial: []
  },
  {
    path: "tcpports",
    type: "tcpportobject",
    tag: "PortObject",
    model: "TCPPortObject",
    searched: ["port"],
    accept: ({ port }) => {
      const text = typeof port === "number" ? String(port) : port
      if (typeof text !== "string" || !isPort(text)) {
        throw invalid("The port is no number from 1 to 65535, and no range.", "invalidValue", "port")
      }
      return { port: text }
    },
    initial: [
      { name: "HTTP", port: "80", isSystemDefined: true },
      { name: "HTTPS", port: "443", isSystemDefined: true },
      { name: "SSH", port: "22", isSystemDefined: true }
    ]
  }
]

const isRange = (value: string) => value.split("-").length === 2 && value.split("-").every(isAddress)

const resolutions: ReadonlyArray<unknown> = ["IPV4_ONLY", "IPV6_ONLY", "IPV4_AND_IPV6"]

const subTypes = {
  HOST: isAddress,
  NETWORK: isNetwork,
  RANGE: isRange,
  // What early versions call a range.
  IPRANGE: isRange,
  FQDN: (value: string) => /^[\w-]+(\.[\w-]+)+$/.test(value)
}

const isSubType = (given: unknown): given is keyof typeof subTypes =>
  typeof given === "string" && Object.hasOwn(subTypes, given)

/** A port or a range of ports. */
const isPort = (text: string): boolean => {
  const [first = 0, last = first, ...rest] = text
    .split("-")
    .map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : 0))
  return rest.length === 0 && first >= 1 && first <= last && last <= 65_535
}

/** The id of a member, which has to exist, and must not hold the group itself. */
const member = (object: unknown, store: FdmStore, group: string): string => {
  const { id, type } = (object ?? {}) as { readonly id?: unknown; readonly type?: unknown } // any value has these two, or has them not
  const found = store.find(id)
  if (found === undefined || found.type !== type || !/^networkobject/.test(found.type)) {
    throw invalid("A member does not exist, or is no network object.", "invalidReference", "objects")
  }
  if (found.id === group || holds(store, found.id, group)) {
    throw invalid(`${found.name} holds the group itself.`, "circularReference", "objects")
  }
  return found.id
}

const holds = (store: FdmStore, id: string, sought: string): boolean =>
  (store.find(id)?.members ?? []).some((held) => held === sought || holds(store, held, sought))

const initialNetworks = (count: number): Kind["initial"] => {
  const make = (name: string, value: string, isSystemDefined: boolean) => ({
    name,
    subType: "NETWORK",
    value,
    isSystemDefined
  })
  return [
    make("any-ipv4", "0.0.0.0/0", true),
    make("any-ipv6", "::/0", true),
    ...Array.from({ length: count }, (_, at) =>
      make(`net-${String(at + 1).padStart(3, "0")}`, `10.${at >> 8}.${at & 255}.0/24`, false)
    )
  ]
}
