import type { Handler, Route } from "../Call.ts"
import type { DeviceOptions, HaPairOptions, Settings } from "../Options.ts"
import { list, refuse } from "./Answer.ts"
import type { Change } from "./ChangeLog.ts"
import type { Configuration } from "./Configuration.ts"
import { type Domain, folded, uuidOf } from "./Domains.ts"
import { isExpanded, ok, urlOf } from "./Showing.ts"

/** A firewall that the management centre deploys to. */
export class Device {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  readonly options: DeviceOptions
  readonly #configuration: Configuration
  readonly #first: number
  /** The version that it has got. */
  #deployed: number

  constructor(options: DeviceOptions, domain: Domain, configuration: Configuration) {
    this.id = uuidOf(`device ${options.name}`)
    this.name = options.name
    this.domain = domain
    this.options = options
    this.#configuration = configuration
    this.#first = options.version ?? configuration.log.stamp()
    configuration.log.reach(this.#first)
    this.#deployed = options.version === undefined ? this.#first : this.#first - 1
  }

  /** The version that it should have. */
  get version(): number {
    return Math.max(this.#first, this.#configuration.log.newest(this.domain))
  }

  get upToDate(): boolean {
    return this.#deployed >= this.version
  }

  get pending(): ReadonlyArray<Change> {
    return this.#configuration.log.since(this.#deployed, this.domain)
  }

  got(version: number): void {
    this.#deployed = Math.max(this.#deployed, version)
  }
}

export const make = (settings: Settings, configuration: Configuration): ReadonlyArray<Device> =>
  settings.devices.map((options) => {
    const { domains } = configuration
    const named = domains.find(({ name }) => folded(name) === folded(options.domain ?? "Global"))
    const domain = named ?? domains[0] ?? { name: "Global", uuid: "" }
    return new Device(options, domain, configuration)
  })

/** The devices that are registered, and their high-availability pairs. */
export const routes = (
  configuration: Configuration,
  devices: ReadonlyArray<Device>,
  { haPairs }: Settings
): ReadonlyArray<Route> => {
  const of = (domain: Domain) => devices.filter((device) => device.domain === domain)

  const shown = (call: Parameters<Handler>[0], device: Device, whole: boolean) => ({
    links: { self: urlOf(call, device.domain, `devices/devicerecords/${device.id}`) },
    type: "Device",
    name: device.name,
    id: device.id,
    ...(whole && {
      hostName: device.name,
      model: "Cisco Secure Firewall Threat Defense Virtual",
      sw_version: "7.4.2",
      ftdMode: "ROUTED",
      healthStatus: "green",
      metadata: { domain: { name: device.domain.name, id: device.domain.uuid, type: "Domain" } }
    })
  })

  const shownPair = (call: Parameters<Handler>[0], domain: Domain, pair: HaPairOptions, whole: boolean) => {
    const node = (name: string) => ({ id: uuidOf(`device ${name}`), type: "Device", name })
    const status = (name: string, currentStatus: string) => ({ currentStatus, device: node(name) })
    const id = uuidOf(`pair ${pair.name}`)
    return {
      links: { self: urlOf(call, domain, `devicehapairs/ftddevicehapairs/${id}`) },
      type: "DeviceHAPair",
      name: pair.name,
      id,
      ...(whole && {
        primary: node(pair.primary),
        secondary: node(pair.secondary),
        metadata: {
          primaryStatus: status(pair.primary, pair.primaryStatus ?? "Active"),
          secondaryStatus: status(pair.secondary, pair.secondaryStatus ?? "Standby")
        }
      })
    }
  }

  const all: Handler = (call, [uuid]) =>
    list(call, of(configuration.domain(uuid)), (device) => shown(call, device, isExpanded(call)))

  const read: Handler = (call, [uuid, id]) => {
    const device = of(configuration.domain(uuid)).find((candidate) => candidate.id === id)
    if (device === undefined) throw refuse(404, `The device with UUID ${id} does not exist.`)
    return ok(shown(call, device, true))
  }

  /** A pair is where its primary device is, or else in the first domain. */
  const pairsOf = (domain: Domain) =>
    haPairs.filter(({ primary }) => {
      const device = devices.find(({ name }) => name === primary)
      return (device?.domain ?? configuration.domains[0]) === domain
    })

  const allPairs: Handler = (call, [uuid]) => {
    const domain = configuration.domain(uuid)
    return list(call, pairsOf(domain), (pair) => shownPair(call, domain, pair, isExpanded(call)))
  }

  const readPair: Handler = (call, [uuid, id]) => {
    const domain = configuration.domain(uuid)
    const pair = pairsOf(domain).find(({ name }) => uuidOf(`pair ${name}`) === id)
    if (pair === undefined) throw refuse(404, `The pair with UUID ${id} does not exist.`)
    return ok(shownPair(call, domain, pair, true))
  }

  const base = "^/api/fmc_config/v1/domain/([^/]+)"
  return [
    { path: new RegExp(`${base}/devices/devicerecords$`), verbs: { GET: all } },
    { path: new RegExp(`${base}/devices/devicerecords/([^/]+)$`), verbs: { GET: read } },
    { path: new RegExp(`${base}/devicehapairs/ftddevicehapairs$`), verbs: { GET: allPairs } },
    { path: new RegExp(`${base}/devicehapairs/ftddevicehapairs/([^/]+)$`), verbs: { GET: readPair } }
  ]
}
