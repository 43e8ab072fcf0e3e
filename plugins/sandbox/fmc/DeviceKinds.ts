import { isAddress } from "../appliance/AddressValue.ts"
import { kind, single } from "./Define.ts"
import {
  anyValue,
  type Field,
  fitting,
  flag,
  listOf,
  oneOf,
  reference,
  required,
  struct,
  text,
  whole,
  withDefault
} from "./Field.ts"

/**
 * `record` gives the firewalls, pairs and clusters themselves: what others refer to. They are shown by `Devices` and
 * `Containers`.
 */
const record = (path: string, type: string, model: string) =>
  kind({ path, type, model, names: "device", verbs: [], fields: {} })

const records = record("devices/devicerecords", "Device", "Device")
const pairs = record("devicehapairs/ftddevicehapairs", "DeviceHAPair", "FTDHADeviceContainer")
const clusters = record("deviceclusters/ftddevicecluster", "DeviceCluster", "FTDClusterDeviceContainer")

const device = reference("Device", "DeviceHAPair", "DeviceCluster", "DeviceGroup")

const described = (definition: string, field: Field): Field => ({
  ...field,
  schema: { $ref: `#/definitions/${definition}` }
})

/** `interfaceSettings` are those that the sandbox keeps without a look. */
const interfaceSettings = [
  "activeMACAddress",
  "arpConfig",
  "channelGroupId",
  "enableDNSLookup",
  "erspanFlowId",
  "erspanSourceIP",
  "fmcAccessConfig",
  "fragmentReassembly",
  "hardware",
  "ipv4",
  "ipv6",
  "isRedundantMember",
  "lacpMode",
  "macLearn",
  "macTable",
  "overrideDefaultFragmentSetting",
  "powerOverEthernet",
  "standbyMACAddress",
  "switchPortConfig"
]

const interfaces = kind({
  path: "physicalinterfaces",
  inside: "devices/devicerecords",
  type: "PhysicalInterface",
  model: "FTDPhysicalInterface",
  verbs: ["update"],
  fields: {
    enabled: flag,
    MTU: whole(64, 9198),
    mode: oneOf("INLINE", "PASSIVE", "TAP", "ERSPAN", "NONE", "SWITCHPORT"),
    ifname: fitting((name) => /^[\w.-]{1,48}$/.test(name), "a name without spaces"),
    managementOnly: flag,
    enableAntiSpoofing: flag,
    enableSGTPropagate: flag,
    securityZone: reference("SecurityZone"),
    ...Object.fromEntries(interfaceSettings.map((name) => [name, anyValue]))
  }
})

const staticRoutes = kind({
  path: "routing/ipv4staticroutes",
  inside: "devices/devicerecords",
  type: "IPv4StaticRoute",
  model: "IPv4StaticRouteModel",
  isNamed: false,
  verbs: ["create", "createMany", "update", "delete"],
  fields: {
    interfaceName: required(text),
    selectedNetworks: required(listOf(reference("Host", "Network", "Range", "FQDN", "NetworkGroup"))),
    // The document calls it required, and its own example for the interface Null0 leaves it out.
    gateway: {
      ...described(
        "IHostObjectContainer",
        struct({
          object: reference("Host", "NetworkGroup"),
          literal: struct({ type: text, value: required(fitting(isAddress, "an address")) })
        })
      ),
      isRequired: "described"
    },
    metricValue: required(whole(1, 254)),
    isTunneled: withDefault(flag, false),
    routeTracking: anyValue
  }
})

const groups = kind({
  path: "devicegroups/devicegrouprecords",
  type: "DeviceGroup",
  model: "DeviceGroup",
  verbs: single,
  fields: {
    members: { ...listOf(device), schema: { type: "array", items: { $ref: "#/definitions/IBaseDevice" } } }
  }
})

/** `targets` are what policies are assigned to. */
export const targets = listOf(device)

/** `devices` are the kinds of devices and of what stands in them. */
export const devices = { records, pairs, clusters, interfaces, staticRoutes, groups }
