import { single } from "./Define.ts"
import type { Kind, Verb } from "./Kind.ts"
import { others } from "./ListedKinds.ts"

/**
 * `Row` is a list that the FMC OpenAPI document has inside of something, such as a device, or among the settings of the
 * management centre: its path, the type of what is in it, and the model's name there.
 */
type Row = readonly [path: string, type: string, model: string]

const device = "devices/devicerecords/{containerUUID}"
const pair = "devicehapairs/ftddevicehapairs/{containerUUID}"
const router = `${device}/routing/virtualrouters/{virtualrouterUUID}`

/** `read` are for reading alone, and empty. */
const read: ReadonlyArray<Row> = [
  [`${device}/routing/bgp`, "BGPIPvAddressFamilyModel", "BGPIPvAddressFamilyModel"],
  [`${device}/routing/bgpgeneralsettings`, "BGPGeneralSettingModel", "BGPGeneralSettingModel"],
  [`${device}/routing/ospfinterface`, "OspfInterface", "OspfInterfacePolicyModel"],
  [`${device}/routing/ospfv2routes`, "OspfRoute", "OspfPolicyModel"],
  [`${device}/routing/ospfv3interfaces`, "Ospfv3Interface", "Ospfv3InterfacePolicyModel"],
  [`${device}/routing/ospfv3routes`, "Ospfv3Route", "Ospfv3PolicyModel"],
  [`${router}/bgp`, "bgp", "VrfBGPIPvAddressFamilyModel"],
  [`${router}/ospfinterface`, "OspfInterface", "VrfOspfInterfacePolicyModel"],
  [`${router}/ospfv2routes`, "OspfRoute", "VrfOspfPolicyModel"]
]

/** `changed` can be changed, and not made: they are empty, and stay so. */
const changed: ReadonlyArray<Row> = [
  [`${device}/fpphysicalinterfaces`, "FPPhysicalInterface", "FPPhysicalInterface"],
  [`${pair}/monitoredinterfaces`, "MonitoredInterface", "FTDHAMonitoredInterfaces"],
  ["integration/cloudeventsconfigs", "CloudEventsConfig", "CloudEvents"],
  ["integration/cloudregions", "CloudRegion", "CloudRegion"],
  ["integration/externalstorage", "ExternalStorage", "ExternalStorage"],
  ["integration/securexconfigs", "SecurexConfig", "SecurexConfig"],
  ["users/ssoconfigs", "SSOConfig", "SSOConfig"]
]

/** `written` can be written one by one. */
const written: ReadonlyArray<Row> = [
  [`${device}/bridgegroupinterfaces`, "BridgeGroupInterface", "FTDBridgeGroupInterface"],
  [`${device}/etherchannelinterfaces`, "EtherChannelInterface", "FTDEtherChannelInterface"],
  [`${device}/fplogicalinterfaces`, "FPLogicalInterface", "FPLogicalInterface"],
  [`${device}/inlinesets`, "InlineSet", "InlineSet"],
  [`${device}/redundantinterfaces`, "RedundantInterface", "FTDRedundantInterface"],
  [`${device}/routing/virtualrouters`, "VirtualRouter", "VirtualRouterModel"],
  [`${device}/virtualswitches`, "VirtualSwitch", "VirtualSwitch"],
  [`${device}/vlaninterfaces`, "VlanInterface", "FTDVlanInterface"],
  [`${router}/ipv4staticroutes`, "IPv4StaticRoute", "VrfIPv4StaticRouteModel"],
  [`${router}/ipv6staticroutes`, "IPv6StaticRoute", "VrfIPv6StaticRouteModel"],
  [
    `${pair}/failoverinterfacemacaddressconfigs`,
    "FailoverInterfaceMACAddressConfig",
    "FTDHAInterfaceMACAddresses"
  ],
  ["integration/externallookups", "ExternalLookup", "ExternalLookup"]
]

/** `writtenInBulk` are those of which many can be created at once. */
const writtenInBulk: ReadonlyArray<Row> = [
  [`${device}/routing/ipv6staticroutes`, "IPv6StaticRoute", "IPv6StaticRouteModel"],
  [`${device}/subinterfaces`, "SubInterface", "FTDSubInterface"],
  [`${device}/virtualtunnelinterfaces`, "VTIInterface", "FTDVTIInterface"],
  // `bulk` stands in the examples of its creation alone.
  ["policy/ftds2svpns/{containerUUID}/endpoints", "EndPoint", "VpnEndpoint"]
]

const tags: Readonly<Record<string, string>> = {
  devicehapairs: "Device HA Pairs",
  devices: "Devices",
  integration: "Integration",
  policy: "Policy",
  users: "Users"
}

/** `kindOf` takes names as they come, and none too: subinterfaces have that of their interface, routes have none. */
const kindOf = ([template, type, model]: Row, verbs: ReadonlyArray<Verb>): Kind => {
  const [, inside, path = template] = /^(.*)\/\{\w+\}\/([^{]+)$/.exec(template) ?? []
  return {
    path,
    inside,
    type,
    model,
    tag: tags[template.split("/", 1)[0] ?? ""] ?? "",
    verbs,
    query: [],
    fields: {},
    names: type,
    named: undefined,
    accept: (given) => ({
      fields: others(given),
      references: [],
      ...(typeof given.name === "string" && { name: given.name })
    })
  }
}

/** `listed` are all of these kinds. What is written in them is kept as it was sent, unchecked. */
export const listed: ReadonlyArray<Kind> = [
  ...read.map((row) => kindOf(row, [])),
  ...changed.map((row) => kindOf(row, ["update"])),
  ...written.map((row) => kindOf(row, single)),
  ...writtenInBulk.map((row) => kindOf(row, ["createMany", ...single]))
]
