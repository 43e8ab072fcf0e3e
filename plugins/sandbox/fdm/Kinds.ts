import { isAddress, isNetwork } from "../appliance/AddressValue.ts"
import { deviceKinds } from "./DeviceKinds.ts"
import { type Field, fitting, flag, oneOf, port, references, required, text, withDefault } from "./Field.ts"
import { type Kind, spaced } from "./Kind.ts"
import { listedKinds } from "./ListedKinds.ts"
import { invalid } from "./Replies.ts"

/**
 * `kinds` gives the kinds of objects that the device keeps; `networks`: how many of those exist beside the built-in
 * ones.
 */
export const kinds = (networks: number): ReadonlyArray<Kind> => [
  {
    path: "/object/networks",
    type: "networkobject",
    tag: "NetworkObject",
    model: "NetworkObject",
    searched: ["value", "subType"],
    fields: {
      subType: { ...required(subType), code: "invalidSubType", refusal: "The subType is not known." },
      value: required(text),
      dnsResolution: {
        ...oneOf("FQDNDNSResolution", "IPV4_ONLY", "IPV6_ONLY", "IPV4_AND_IPV6"),
        refusal: "The dnsResolution is not known."
      },
      isSystemDefined
    },
    check: ({ subType, value }) => {
      if (isSubType(subType) && subTypes[subType](String(value))) return
      throw invalid(`The value is no ${subType}.`, "invalidValue", "value")
    },
    initial: initialNetworks(networks)
  },
  {
    path: "/object/networkgroups",
    type: "networkobjectgroup",
    tag: "NetworkObject",
    model: "NetworkObjectGroup",
    fields: { objects: withDefault(references("networkobject", "networkobjectgroup"), []), isSystemDefined }
  },
  ports("tcpports", "tcpportobject", "TCPPortObject", [
    ["HTTP", "80"],
    ["HTTPS", "443"],
    ["SSH", "22"]
  ]),
  ports("udpports", "udpportobject", "UDPPortObject", [
    ["DNS_over_UDP", "53"],
    ["SYSLOG", "514"]
  ]),
  {
    path: "/object/portgroups",
    type: "portobjectgroup",
    tag: "PortObject",
    model: "PortObjectGroup",
    named: spaced,
    fields: { objects: withDefault(references("tcpportobject", "udpportobject"), []), isSystemDefined }
  },
  {
    path: "/object/urls",
    type: "urlobject",
    tag: "URLObject",
    model: "URLObject",
    searched: ["url"],
    fields: { url: required(fitting((url) => url.trim() !== "", "The url is empty.")) }
  },
  {
    path: "/object/urlgroups",
    type: "urlobjectgroup",
    tag: "URLObject",
    model: "URLObjectGroup",
    fields: { objects: withDefault(references("urlobject"), []) }
  },
  {
    path: "/object/securityzones",
    type: "securityzone",
    tag: "SecurityZone",
    model: "SecurityZone",
    fields: {
      mode: required(oneOf("InterfaceModeType", "PASSIVE", "ROUTED")),
      interfaces: withDefault(references("physicalinterface", "subinterface"), [])
    },
    initial: [
      { name: "inside_zone", mode: "ROUTED", interfaces: [] },
      { name: "outside_zone", mode: "ROUTED", interfaces: [] }
    ]
  },
  ...deviceKinds,
  ...listedKinds
]

/** `isSystemDefined` is the device's own to say. */
const isSystemDefined: Field = { ...flag, read: () => false, otherwise: false }

const ports = (
  path: string,
  type: string,
  model: string,
  initial: ReadonlyArray<readonly [name: string, port: string]>
): Kind => ({
  path: `/object/${path}`,
  type,
  tag: "PortObject",
  model,
  searched: ["port"],
  named: spaced,
  fields: { port: { ...required(port) }, isSystemDefined },
  initial: initial.map(([name, port]) => ({ name, port, isSystemDefined: true }))
})

const isRange = (value: string) => value.split("-").length === 2 && value.split("-").every(isAddress)

const subTypes = {
  HOST: isAddress,
  NETWORK: isNetwork,
  RANGE: isRange,
  // What early versions call a range.
  IPRANGE: isRange,
  FQDN: (value: string) => /^[\w-]+(\.[\w-]+)+$/.test(value)
}

const subType = oneOf("NetworkObjectType", "HOST", "NETWORK", "IPRANGE", "RANGE", "FQDN")

const isSubType = (given: unknown): given is keyof typeof subTypes =>
  typeof given === "string" && Object.hasOwn(subTypes, given)

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
