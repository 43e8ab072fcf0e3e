import type * as Schema from "effect/Schema"
import type * as Collection from "sallyport/Collection"
import type * as Door from "sallyport/Door"
import * as DynamicObjects from "./DynamicObjects.ts"
import * as Item from "./Item.ts"
import * as KindItem from "./KindItem.ts"
import * as NetworkGroups from "./NetworkGroups.ts"
import * as Objects from "./Objects.ts"

/** The objects that scripts work with every day, each with its type and its fields by Cisco's document. */
export interface Kinds {
  readonly hosts: Objects.Objects<Item.Address, Item.WantedAddress>
  readonly networks: Objects.Objects<Item.Address, Item.WantedAddress>
  readonly ranges: Objects.Objects<Item.Address, Item.WantedAddress>
  /** Fully qualified names of DNS. */
  readonly fqdns: Objects.Objects<KindItem.Fqdn, KindItem.WantedFqdn>
  readonly networkGroups: NetworkGroups.NetworkGroups
  readonly urls: Objects.Objects<KindItem.Url, KindItem.WantedUrl>
  readonly urlGroups: Objects.Objects<KindItem.UrlGroup, KindItem.WantedUrlGroup>
  /** Ports of TCP and UDP (`protocolportobjects`). */
  readonly ports: Objects.Objects<KindItem.Port, KindItem.WantedPort>
  readonly portGroups: Objects.Objects<KindItem.PortGroup, KindItem.WantedPortGroup>
  /** Security zones. */
  readonly zones: Objects.Objects<KindItem.Zone, KindItem.WantedZone>
  readonly dynamicObjects: DynamicObjects.DynamicObjects
}

/** All of them are clients in turn. */
export const parts: Door.Parts<Kinds> = {
  hosts: {},
  networks: {},
  ranges: {},
  fqdns: {},
  networkGroups: {},
  urls: {},
  urlGroups: {},
  ports: {},
  portGroups: {},
  zones: {},
  dynamicObjects: {}
}

/** The kinds of a domain. */
export const make = (domain: Objects.Domain): Kinds => {
  const kind = <A extends Collection.Item, I, W extends Collection.Wanted>(
    path: string,
    type: string,
    schema: Schema.Schema<A, I>,
    // Cisco's document: zones know no such filter.
    filtersByName = true
  ) => Objects.make<A, I, W>(domain, { path, type, schema, filtersByName })
  return {
    hosts: kind("/object/hosts", "Host", Item.Address),
    networks: kind("/object/networks", "Network", Item.Address),
    ranges: kind("/object/ranges", "Range", Item.Address),
    fqdns: kind("/object/fqdns", "FQDN", KindItem.Fqdn),
    networkGroups: NetworkGroups.make(domain),
    urls: kind("/object/urls", "Url", KindItem.Url),
    urlGroups: kind("/object/urlgroups", "UrlGroup", KindItem.UrlGroup),
    ports: kind("/object/protocolportobjects", "ProtocolPortObject", KindItem.Port),
    portGroups: kind("/object/portobjectgroups", "PortObjectGroup", KindItem.PortGroup),
    zones: kind("/object/securityzones", "SecurityZone", KindItem.Zone, false),
    dynamicObjects: DynamicObjects.make(domain)
  }
}
