import type { Settings } from "../appliance/Options.ts"
import { kinds } from "./Catalogue.ts"
import type { Configuration } from "./Configuration.ts"
import type { Device, DeviceType } from "./Devices.ts"
import { type Domain, uuidOf } from "./Domains.ts"
import { type Fields, type Item, type Kind, keptId, within } from "./Kind.ts"
import * as ListedKinds from "./ListedKinds.ts"
import { ruleKind } from "./RuleKind.ts"
import type { Rulebooks } from "./Rules.ts"

interface Extra {
  readonly builtIn?: boolean
  /** `id` is the device's. @default made of the kind and the name */
  readonly id?: string
}

type Add = (domain: Domain, kind: Kind, name: string, fields: Fields, extra?: Extra) => Item

/** `seed` makes what exists before anybody has written anything: the same, with the same ids, at every start. */
export const seed = (
  settings: Settings,
  configuration: Configuration,
  rulebooks: Rulebooks,
  devices: ReadonlyArray<Device>
): void => {
  const domain = configuration.domains[0]
  if (domain === undefined) return
  const add: Add = (domain, kind, name, fields, { builtIn = false, id } = {}) => {
    const own = id ?? uuidOf(`${kind.path.split("/").at(-1)} ${name}`)
    const item = configuration.accept(domain, kind, { name, ...fields }, own, new Map())
    const made = { ...item, builtIn }
    configuration.load([made])
    return made
  }

  for (const [name, value] of builtInNetworks) add(domain, kinds.networks, name, { value }, { builtIn: true })
  for (const [name, protocol, port] of builtInPorts) {
    add(domain, kinds.ports, name, { protocol, port }, { builtIn: true })
  }
  for (const name of builtInIntrusionPolicies) {
    add(domain, kinds.intrusionPolicies, name, { isSystemDefined: true }, { builtIn: true })
  }
  for (const [kind, name] of ListedKinds.builtIn) add(domain, kind, name, {}, { builtIn: true })
  for (let at = 0; at < settings.objects; at++) {
    add(domain, kinds.hosts, numbered("host", at), { value: `${prefix(at)}.10` })
    add(domain, kinds.networks, numbered("net", at), { value: `${prefix(at)}.0/24` })
  }
  for (const device of devices) seedDevice(device, add)
  if (devices.length > 0 || settings.rules > 0) {
    const policy = seedPolicy(settings, configuration, rulebooks, domain, add)
    seedAssignments(policy, configuration.domains, devices, add)
  }
}

/**
 * `seedDevice` gives a device as others refer to it, with the pair or cluster that it is a member of, and its
 * interfaces.
 */
const seedDevice = (device: Device, add: Add): void => {
  const { container, domain, id, name } = device
  if (container !== undefined) {
    add(container.domain, recordKinds[container.type], container.name, {}, { id: container.id })
  }
  add(domain, kinds.records, name, {}, { id })
  for (const own of builtInInterfaces) {
    const fields = { enabled: false, MTU: 1500, mode: "NONE", hardware: { duplex: "AUTO", speed: "AUTO" } }
    const place = within(kinds.interfaces, id)
    add(domain, place, own, fields, { id: uuidOf(`physicalinterfaces ${name} ${own}`) })
  }
}

/** `seedAssignments` puts the policy on every device: an assignment in each domain that has some. */
const seedAssignments = (
  policy: Item,
  domains: ReadonlyArray<Domain>,
  devices: ReadonlyArray<Device>,
  add: Add
): void => {
  for (const domain of domains) {
    const targets = devices.filter((device) => device.domain === domain).map(({ id }) => ({ id }))
    if (targets.length === 0) continue
    const fields = { policy: { id: policy.id }, targets }
    add(domain, kinds.assignments, policy.name, fields, { id: keptId(kinds.assignments, domain, policy.id) })
  }
}

const recordKinds: Readonly<Record<DeviceType, Kind>> = {
  Device: kinds.records,
  DeviceHAPair: kinds.pairs,
  DeviceCluster: kinds.clusters
}

/** `seedPolicy` gives the policy `Edge`, or where there are no rules one without any: `Base`. */
const seedPolicy = (
  settings: Settings,
  configuration: Configuration,
  rulebooks: Rulebooks,
  domain: Domain,
  add: Add
): Item => {
  const isEmpty = settings.rules === 0
  const policy = add(domain, kinds.accessPolicies, isEmpty ? "Base" : "Edge", {
    defaultAction: { action: "BLOCK" }
  })
  if (isEmpty) return policy
  const hosts = [...configuration.all(domain, kinds.hosts)]
  const https = [...configuration.all(domain, kinds.ports)].filter(({ name }) => name === "HTTPS")
  // Half of them are mandatory, and each uses an object where there is one.
  const rules = Array.from({ length: settings.rules }, (_, at) => {
    const host = hosts[at % Math.max(1, hosts.length)]
    return add(domain, ruleKind(policy), numbered("rule", at), {
      action: at % 5 === 4 ? "BLOCK" : "ALLOW",
      enabled: at % 10 !== 9,
      logEnd: true,
      ...(host !== undefined && { sourceNetworks: { objects: [{ id: host.id }] } }),
      destinationPorts: { objects: https.map(({ id }) => ({ id })) }
    })
  })
  const ids = rules.map(({ id }) => id)
  const book = rulebooks.of(policy)
  const whole = { category: null, insertBefore: null, insertAfter: null }
  book.insertAt({ ...whole, section: "mandatory" })(ids.slice(0, Math.ceil(ids.length / 2)))
  book.insertAt({ ...whole, section: "default" })(ids.slice(Math.ceil(ids.length / 2)))
  return policy
}

const numbered = (name: string, at: number): string => `${name}-${String(at + 1).padStart(3, "0")}`

const prefix = (at: number): string => `${10 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`

const builtInNetworks = [
  ["any-ipv4", "0.0.0.0/0"],
  ["any-ipv6", "::/0"],
  ["IPv4-Link-Local", "169.254.0.0/16"],
  ["IPv4-Multicast", "224.0.0.0/4"],
  ["IPv4-Private-10.0.0.0-8", "10.0.0.0/8"],
  ["IPv4-Private-172.16.0.0-12", "172.16.0.0/12"],
  ["IPv4-Private-192.168.0.0-16", "192.168.0.0/16"],
  ["IPv6-Link-Local", "fe80::/10"]
] as const

const builtInPorts = [
  ["HTTP", "TCP", "80"],
  ["HTTPS", "TCP", "443"],
  ["SSH", "TCP", "22"],
  ["DNS_over_UDP", "UDP", "53"]
] as const

const builtInIntrusionPolicies = [
  "Balanced Security and Connectivity",
  "Connectivity Over Security",
  "Maximum Detection",
  "No Rules Active",
  "Security Over Connectivity"
]

const builtInInterfaces = ["GigabitEthernet0/0", "GigabitEthernet0/1", "GigabitEthernet0/2", "Management0/0"]
