import type * as Schema from "effect/Schema"
import type { Collection, Promises } from "sallyport/plugin"
import * as DynamicObjects from "./DynamicObjects.ts"
import * as Item from "./Item.ts"
import * as KindItem from "./KindItem.ts"
import * as NetworkGroups from "./NetworkGroups.ts"
import * as Objects from "./Objects.ts"
import * as Overrides from "./Overrides.ts"

/**
 * `Kinds` are the objects that scripts work with every day, each with its type and its fields by the FMC OpenAPI
 * document.
 */
export interface Kinds {
  readonly hosts: Overridable<Objects.Objects<Item.Address, Item.WantedAddress>>
  readonly networks: Overridable<Objects.Objects<Item.Address, Item.WantedAddress>>
  readonly ranges: Overridable<Objects.Objects<Item.Address, Item.WantedAddress>>
  /** `fqdns` are fully qualified names of DNS. */
  readonly fqdns: Overridable<Objects.Objects<KindItem.Fqdn, KindItem.WantedFqdn>>
  readonly networkGroups: Overridable<NetworkGroups.NetworkGroups>
  readonly urls: Overridable<Objects.Objects<KindItem.Url, KindItem.WantedUrl>>
  readonly urlGroups: Overridable<Objects.Objects<KindItem.UrlGroup, KindItem.WantedUrlGroup>>
  /** `ports` are ports of TCP and UDP (`protocolportobjects`). */
  readonly ports: Overridable<Objects.Objects<KindItem.Port, KindItem.WantedPort>>
  readonly portGroups: Overridable<Objects.Objects<KindItem.PortGroup, KindItem.WantedPortGroup>>
  /** `zones` are security zones. */
  readonly zones: Objects.Objects<KindItem.Zone, KindItem.WantedZone>
  readonly dynamicObjects: DynamicObjects.DynamicObjects
}

/** `Overridable` are objects that may be something else on some devices or in some domains. */
export type Overridable<A> = A & { readonly overrides: Overrides.Overrides }

/** `subClients` are all of them. */
export const subClients: Promises.SubClients<Kinds> = {
  hosts: { overrides: {} },
  networks: { overrides: {} },
  ranges: { overrides: {} },
  fqdns: { overrides: {} },
  networkGroups: { overrides: {} },
  urls: { overrides: {} },
  urlGroups: { overrides: {} },
  ports: { overrides: {} },
  portGroups: { overrides: {} },
  zones: {},
  dynamicObjects: {}
}

/** `make` gives the kinds of a domain. */
export const make = (domain: Objects.ObjectsContext): Kinds => {
  const kind = <A extends Collection.Item, I, W extends Collection.Wanted>(
    path: string,
    type: string,
    schema: Schema.Schema<A, I>,
    // Zones know no such filter (FMC OpenAPI, getAllSecurityZoneObject).
    filtersByName = true
  ) => Objects.make<A, I, W>(domain, { path, type, schema, filtersByName })
  // Those of which the FMC OpenAPI document has a list of overrides.
  const overridable = <A extends Collection.Item, I, W extends Collection.Wanted>(
    path: string,
    type: string,
    schema: Schema.Schema<A, I>
  ): Overridable<Objects.Objects<A, W>> => ({
    ...kind<A, I, W>(path, type, schema),
    overrides: Overrides.make(domain, path)
  })
  return {
    hosts: overridable("/object/hosts", "Host", Item.Address),
    networks: overridable("/object/networks", "Network", Item.Address),
    ranges: overridable("/object/ranges", "Range", Item.Address),
    fqdns: overridable("/object/fqdns", "FQDN", KindItem.Fqdn),
    networkGroups: {
      ...NetworkGroups.make(domain),
      overrides: Overrides.make(domain, "/object/networkgroups")
    },
    urls: overridable("/object/urls", "Url", KindItem.Url),
    urlGroups: overridable("/object/urlgroups", "UrlGroup", KindItem.UrlGroup),
    ports: overridable("/object/protocolportobjects", "ProtocolPortObject", KindItem.Port),
    portGroups: overridable("/object/portobjectgroups", "PortObjectGroup", KindItem.PortGroup),
    zones: kind("/object/securityzones", "SecurityZone", KindItem.Zone, false),
    dynamicObjects: DynamicObjects.make(domain)
  }
}
