import { devices } from "./DeviceKinds.ts"
import type { Kind } from "./Kind.ts"
import { objects } from "./Kinds.ts"
import * as ListedInside from "./ListedInside.ts"
import { listed } from "./ListedKinds.ts"
import { policies } from "./PolicyKinds.ts"

/** `kinds` has every kind that the sandbox knows, by its name here. */
export const kinds = { ...objects, ...policies, ...devices }

/** `overridden` are those whose objects may be something else on a device or in a domain. */
export const overridden: ReadonlyArray<Kind> = Object.values(kinds).filter(
  ({ fields }) => "overridable" in fields
)

/** `plain` are those that are answered for by their data alone; the others have routes of their own. */
export const plain: ReadonlyArray<Kind> = [
  ...Object.values(kinds).filter(
    (kind) => ![devices.records, devices.pairs, devices.clusters].includes(kind)
  ),
  ...listed,
  ...ListedInside.listed
]

/** `insideOf` gives a kind of the lists by its path, as it is in something. */
const insideOf = (inside: string, path: string): Kind => {
  const kind = ListedInside.listed.find((one) => one.inside === inside && one.path === path)
  if (kind === undefined) throw new Error(`${inside} has no ${path}`)
  return kind
}

const router = "devices/devicerecords/{containerUUID}/routing/virtualrouters"

interface Union {
  readonly path: string
  readonly inside?: string
  readonly model: string
  readonly id: string
  readonly query: ReadonlyArray<string>
  readonly kinds: ReadonlyArray<Kind>
}

/** `unions` are lists of what several kinds have in common: only to be read. */
export const unions: ReadonlyArray<Union> = [
  {
    path: "object/networkaddresses",
    model: "NetworkAddress",
    id: "getNetworkAddress",
    query: ["filter"],
    kinds: [objects.hosts, objects.networks, objects.ranges, objects.fqdns, objects.networkGroups]
  },
  {
    path: "object/ports",
    model: "PortObject",
    id: "getPortObject",
    query: ["filter"],
    kinds: [objects.ports, objects.icmpv4, objects.portGroups]
  },
  {
    path: "object/interfaceobjects",
    model: "InterfaceObject",
    id: "getAllInterfaceObject",
    query: [],
    kinds: [objects.zones, objects.interfaceGroups]
  },
  {
    inside: "policy/ftdnatpolicies",
    path: "natrules",
    model: "FTDNatRule",
    id: "getAllFTDNatRule",
    query: ["filter"],
    kinds: [policies.manualNatRules, policies.autoNatRules]
  },
  {
    inside: "devices/devicerecords",
    path: "routing/staticroutes",
    model: "StaticRouteModel",
    id: "getAllStaticRouteModel",
    query: [],
    kinds: [devices.staticRoutes, insideOf("devices/devicerecords", "routing/ipv6staticroutes")]
  },
  {
    inside: router,
    path: "staticroutes",
    model: "VrfStaticRouteModel",
    id: "getAllVrfStaticRouteModel",
    query: [],
    kinds: [insideOf(router, "ipv4staticroutes"), insideOf(router, "ipv6staticroutes")]
  }
]
