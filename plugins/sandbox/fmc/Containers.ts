import type { Call, Handler, Route } from "../appliance/Call.ts"
import type { ClusterOptions, HaPairOptions, Settings } from "../appliance/Options.ts"
import type { Configuration } from "./Configuration.ts"
import type { Device } from "./Devices.ts"
import { type Domain, uuidOf } from "./Domains.ts"
import { list, refuse } from "./Replies.ts"
import { isExpanded, ok, urlOf } from "./View.ts"

/**
 * `deployedAsOne` are what a deployment goes to: the pairs and clusters as a whole, and the firewalls that are of none.
 */
export const deployedAsOne = (devices: ReadonlyArray<Device>): ReadonlyArray<Device> => [
  ...new Set(devices.map((device) => device.container ?? device))
]

/** `ContainerList` is a list of pairs or clusters. */
interface ContainerList<A> {
  readonly path: string
  readonly all: ReadonlyArray<A>
  readonly idOf: (one: A) => string
  readonly domainOf: (one: A) => Domain | undefined
  readonly show: (call: Call, domain: Domain, one: A, whole: boolean) => unknown
}

/** `routes` gives the high-availability pairs and the clusters of the firewalls. */
export const routes = (
  configuration: Configuration,
  devices: ReadonlyArray<Device>,
  { clusters, haPairs }: Settings
): ReadonlyArray<Route> => {
  const node = (name: string) => ({ id: uuidOf(`device ${name}`), type: "Device", name })
  /** `domainOf` gives the domain of its first device, or else the first domain. */
  const domainOf = (first: string | undefined) =>
    devices.find(({ name }) => name === first)?.domain ?? configuration.domains[0]

  const pairs: ContainerList<HaPairOptions> = {
    path: "devicehapairs/ftddevicehapairs",
    all: haPairs,
    idOf: ({ name }) => uuidOf(`pair ${name}`),
    domainOf: ({ primary }) => domainOf(primary),
    show: (call, domain, pair, whole) => {
      const status = (name: string, currentStatus: string) => ({ currentStatus, device: node(name) })
      return {
        links: { self: urlOf(call, domain, `${pairs.path}/${pairs.idOf(pair)}`) },
        type: "DeviceHAPair",
        name: pair.name,
        id: pairs.idOf(pair),
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
  }

  const groups: ContainerList<ClusterOptions> = {
    path: "deviceclusters/ftddevicecluster",
    all: clusters,
    idOf: ({ name }) => uuidOf(`cluster ${name}`),
    domainOf: ({ members }) => domainOf(members[0]),
    show: (call, domain, cluster, whole) => ({
      links: { self: urlOf(call, domain, `${groups.path}/${groups.idOf(cluster)}`) },
      name: cluster.name,
      id: groups.idOf(cluster),
      // Members by their ids alone (FMC OpenAPI, an example of FTDClusterDeviceContainer).
      ...(whole && {
        type: "DeviceCluster",
        masterDevice: unnamed(node(cluster.members[0] ?? "")),
        slaveDevices: cluster.members.slice(1).map((member) => unnamed(node(member))),
        metadata: { domain: { id: domain.uuid, type: "Domain" } }
      })
    })
  }

  return [...routesOf(configuration, pairs), ...routesOf(configuration, groups)]
}

const unnamed = ({ id, type }: { readonly id: string; readonly type: string }) => ({ id, type })

const routesOf = <A>(configuration: Configuration, shelf: ContainerList<A>): ReadonlyArray<Route> => {
  const of = (domain: Domain) => shelf.all.filter((one) => shelf.domainOf(one) === domain)

  const all: Handler = (call, [uuid]) => {
    const domain = configuration.domain(uuid)
    return list(call, of(domain), (one) => shelf.show(call, domain, one, isExpanded(call)))
  }

  const read: Handler = (call, [uuid, id]) => {
    const domain = configuration.domain(uuid)
    const one = of(domain).find((candidate) => shelf.idOf(candidate) === id)
    if (one === undefined) throw refuse(404, `The resource with UUID ${id} does not exist.`)
    return ok(shelf.show(call, domain, one, true))
  }

  const path = `^/api/fmc_config/v1/domain/([^/]+)/${shelf.path}`
  return [
    { path: new RegExp(`${path}$`), verbs: { GET: all } },
    { path: new RegExp(`${path}/([^/]+)$`), verbs: { GET: read } }
  ]
}
