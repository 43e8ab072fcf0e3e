import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import type { DeviceOptions, Settings } from "../appliance/Options.ts"
import { kinds } from "./Catalogue.ts"
import type { Change } from "./ChangeLog.ts"
import type { Configuration } from "./Configuration.ts"
import { type Domain, folded, uuidOf } from "./Domains.ts"
import { type Fields, referencedAs } from "./Kind.ts"
import { list, refuse } from "./Replies.ts"
import { updates } from "./Version.ts"
import { isExpanded, ok, urlOf } from "./View.ts"

/** `DeviceType` is what a device is: a firewall, a pair or a cluster. */
export type DeviceType = "Device" | "DeviceHAPair" | "DeviceCluster"

/** `Device` is a firewall that the management centre deploys to, or a pair or a cluster of some. */
export interface Device {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  readonly options: DeviceOptions
  readonly type: DeviceType
  /** `members` are those of a pair or a cluster; none of a firewall. */
  readonly members: ReadonlyArray<Device>
  /** `container` is the pair or the cluster that it is a member of. */
  container: Device | undefined
  /** `version` is the one that it should have. */
  readonly version: number
  readonly upToDate: boolean
  readonly pending: ReadonlyArray<Change>
  readonly got: (version: number) => void
}

const makeDevice = (
  options: DeviceOptions,
  domain: Domain,
  { log }: Configuration,
  { id, members = [], type = "Device" }: Partial<Pick<Device, "id" | "members" | "type">> = {}
): Device => {
  const first = options.version ?? log.stamp()
  log.reach(first)
  /** `deployed` is the version that it has got. */
  let deployed = options.version === undefined ? first : first - 1
  const version = () => Math.max(first, log.newest(domain))
  return {
    id: id ?? uuidOf(`device ${options.name}`),
    name: options.name,
    domain,
    options,
    type,
    members,
    container: undefined,
    get version() {
      return version()
    },
    get upToDate() {
      return deployed >= version()
    },
    get pending() {
      return log.since(deployed, domain)
    },
    got: (version) => {
      deployed = Math.max(deployed, version)
    }
  }
}

/**
 * `make` gives the firewalls. Those of a pair or a cluster know it; who is named by two of them belongs to the first.
 */
export const make = (settings: Settings, configuration: Configuration): ReadonlyArray<Device> => {
  const devices = settings.devices.map((options) => {
    const { domains } = configuration
    const named = domains.find(({ name }) => folded(name) === folded(options.domain ?? "Global"))
    const domain = named ?? domains[0] ?? { name: "Global", uuid: "" }
    return makeDevice(options, domain, configuration)
  })
  const join = (name: string, type: DeviceType, names: ReadonlyArray<string>) => {
    const members = names.flatMap((member) =>
      devices.filter((device) => device.name === member && device.container === undefined)
    )
    const [first] = members
    if (first === undefined) return
    const id = uuidOf(`${type === "DeviceHAPair" ? "pair" : "cluster"} ${name}`)
    const options = { ...first.options, name }
    const container = makeDevice(options, first.domain, configuration, { id, members, type })
    for (const member of members) member.container = container
  }
  for (const { name, primary, secondary } of settings.haPairs)
    join(name, "DeviceHAPair", [primary, secondary])
  for (const { members, name } of settings.clusters) join(name, "DeviceCluster", members)
  return devices
}

/**
 * `accessPolicyOf` gives the access policy that was assigned to it last, or to the pair or cluster of which it is a
 * member.
 */
const accessPolicyOf = (configuration: Configuration, { container, domain, id }: Device): Fields => {
  const assigned = [id, container?.id ?? ""]
    .flatMap((target) => configuration.users(target))
    .filter(({ kind }) => kind === kinds.assignments)
    .map(({ fields }) => jsonObject(fields.policy))
    .filter((policy) => policy?.type === kinds.accessPolicies.type)
    .at(-1)
  const policy = configuration.find(domain, assigned?.id)
  return policy === undefined ? {} : { accessPolicy: referencedAs(policy) }
}

/** `routes` gives the firewalls that are registered. */
export const routes = (
  configuration: Configuration,
  devices: ReadonlyArray<Device>
): ReadonlyArray<Route> => {
  const of = (domain: Domain) => devices.filter((device) => device.domain === domain)

  const shown = (call: Call, device: Device, whole: boolean) => ({
    links: { self: urlOf(call, device.domain, `devices/devicerecords/${device.id}`) },
    type: "Device",
    name: device.name,
    id: device.id,
    ...(whole && {
      hostName: device.name,
      // Required of a Device (FMC OpenAPI), which for the rest of it are the words of a registration.
      license_caps: ["BASE", "THREAT", "MALWARE", "URLFilter"],
      model: "Cisco Secure Firewall Threat Defense Virtual",
      sw_version: "7.4.2",
      ftdMode: "ROUTED",
      healthStatus: "green",
      ...accessPolicyOf(configuration, device),
      metadata: {
        domain: { name: device.domain.name, id: device.domain.uuid, type: "Domain" },
        // As the example has them (FMC OpenAPI, getDevice).
        snortVersion: "3.1.53.100-56",
        sruVersion: updates.sruVersion,
        vdbVersion: updates.vdbVersion,
        deviceSerialNumber: `9S${device.id.replaceAll("-", "").slice(0, 9).toUpperCase()}`,
        snortEngine: "SNORT3",
        isPartOfContainer: device.container !== undefined,
        ...(device.container !== undefined && {
          containerDetails: {
            id: device.container.id,
            type: device.container.type,
            name: device.container.name
          }
        })
      }
    })
  })

  const all: Handler = (call, [uuid]) =>
    list(call, of(configuration.domain(uuid)), (device) => shown(call, device, isExpanded(call)))

  const read: Handler = (call, [uuid, id]) => {
    const device = of(configuration.domain(uuid)).find((candidate) => candidate.id === id)
    if (device === undefined) throw refuse(404, `The device with UUID ${id} does not exist.`)
    return ok(shown(call, device, true))
  }

  const base = "^/api/fmc_config/v1/domain/([^/]+)"
  return [
    { path: new RegExp(`${base}/devices/devicerecords$`), verbs: { GET: all } },
    { path: new RegExp(`${base}/devices/devicerecords/([^/]+)$`), verbs: { GET: read } }
  ]
}
