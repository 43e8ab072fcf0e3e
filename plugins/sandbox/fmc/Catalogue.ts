import { devices } from "./DeviceKinds.ts"
import type { Kind } from "./Kind.ts"
import { objects } from "./Kinds.ts"
import { listed } from "./ListedKinds.ts"
import { policies } from "./PolicyKinds.ts"

/** `kinds` has every kind that the sandbox knows, by its name here. */
export const kinds = { ...objects, ...policies, ...devices }

/** `plain` are those that are answered for by their data alone; the others have routes of their own. */
export const plain: ReadonlyArray<Kind> = [
  ...Object.values(kinds).filter(
    (kind) => ![devices.records, devices.pairs, devices.clusters].includes(kind)
  ),
  ...listed
]

/** `unions` are lists of what several kinds have in common: only to be read. */
export const unions = [
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
  }
] as const
