import * as Schema from "effect/Schema"
import { Lenient } from "sallyport/plugin"

// A device writes null for what it has no value for.
const text = Schema.optional(Schema.NullOr(Lenient.Text))
const flag = Schema.optional(Schema.NullOr(Lenient.Flag))

const ownFields = {
  id: Lenient.Text,
  name: Lenient.Text,
  type: Lenient.Text,
  /** `version` is what an update has to carry: the device refuses one that is not the newest. */
  version: text,
  description: text,
  isSystemDefined: flag
}

// A device writes null for what it has no value for, and here and there a number for what is a text elsewhere.
const looseText = Lenient.optional(Lenient.Text)

/** `Entry` is whatever an FDM keeps in a list: not all of it has a name, or an id. */
export const Entry = Schema.Struct(
  { id: looseText, name: looseText, type: looseText, version: text },
  Lenient.others
)
export type Entry = typeof Entry.Type

/** `WantedEntry` is what goes into a list, as a script wants it: `upsert` needs its name, or a key. */
export interface WantedEntry {
  readonly name?: string | undefined
  readonly [field: string]: unknown
}

/** `Item` is any object of an FDM; fields that are not named here come through as they are. */
export const Item = Schema.Struct(
  {
    id: Lenient.Text,
    // Some things that stand in lists have none, such as an interface that is not in use.
    name: Schema.optionalWith(Lenient.Text, { default: () => "", nullable: true }),
    type: Lenient.Text,
    version: text
  },
  Lenient.others
)
export type Item = typeof Item.Type

/** `Wanted` is what every object that is wanted may have beside its own fields. */
interface Wanted {
  readonly name: string
  readonly description?: string | undefined
  readonly [field: string]: unknown
}

/** `Network` is a host, network, range or fully qualified name as the FDM sends it. */
export const Network = Schema.Struct(
  {
    ...ownFields,
    /**
     * `subType` is `HOST`, `NETWORK`, `FQDN`, and `IPRANGE` in version 2 (FDM OpenAPI, NetworkObjectType) or `RANGE` in
     * later ones (Cisco's documentation of its FTD modules for Ansible, editNetworkObject).
     */
    subType: Lenient.Text,
    value: Lenient.Text,
    dnsResolution: text
  },
  Lenient.others
)
export type Network = typeof Network.Type

/** `WantedNetwork` is a network object as a script wants it. */
export interface WantedNetwork extends Wanted {
  readonly subType: "HOST" | "NETWORK" | "RANGE" | "IPRANGE" | "FQDN"
  /** `value` is `10.0.0.1` for a host, `10.0.0.0/8` for a network, `10.0.0.1-10.0.0.9` for a range. */
  readonly value: string
}

/** `Reference` is what identifies an object that another one uses. */
export const Reference = Schema.Struct({ id: Lenient.Text, type: Lenient.Text, name: text }, Lenient.others)
export type Reference = typeof Reference.Type

/** `Group` is a group as the FDM sends it (FDM OpenAPI, NetworkObjectGroup, PortObjectGroup and URLObjectGroup). */
export const Group = Schema.Struct(
  { ...ownFields, objects: Schema.optional(Schema.NullOr(Schema.Array(Reference))) },
  Lenient.others
)
export type Group = typeof Group.Type

/** `WantedGroup` is a group of ports or of URLs as a script wants it. */
export interface WantedGroup extends Wanted {
  /** `objects` are their ids and types, as the objects themselves have them. */
  readonly objects: ReadonlyArray<{ readonly id: string; readonly type: string }>
}

/** `WantedNetworkGroup` is a network group as a script wants it. */
export interface WantedNetworkGroup extends Wanted {
  /** `objects` are their ids and types, as the objects themselves have them. */
  readonly objects?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
}

/** `Port` is a TCP port as the FDM sends it. */
export const Port = Schema.Struct(
  {
    ...ownFields,
    // A text by the schema, a number in the example beside it (FDM OpenAPI, TCPPortObject).
    port: Lenient.Text
  },
  Lenient.others
)
export type Port = typeof Port.Type

/** `WantedPort` is a TCP port as a script wants it. */
export interface WantedPort extends Wanted {
  /** `port` is `443`, or a range such as `8000-8010`. */
  readonly port: string
}

/** `Url` is a URL as the FDM sends it (FDM OpenAPI, URLObject). */
export const Url = Schema.Struct({ ...ownFields, url: Lenient.Text }, Lenient.others)
export type Url = typeof Url.Type

/** `WantedUrl` is a URL as a script wants it. */
export interface WantedUrl extends Wanted {
  readonly url: string
}

/** `Zone` is a security zone as the FDM sends it (FDM OpenAPI, SecurityZone). */
export const Zone = Schema.Struct(
  { ...ownFields, mode: text, interfaces: Schema.optional(Schema.NullOr(Schema.Array(Reference))) },
  Lenient.others
)
export type Zone = typeof Zone.Type

/** `WantedZone` is a security zone as a script wants it. */
export interface WantedZone extends Wanted {
  readonly mode: "PASSIVE" | "ROUTED"
  readonly interfaces?: ReadonlyArray<{ readonly id: string; readonly type: string }> | undefined
}

/**
 * `Interface` is a physical interface as the FDM sends it (FDM OpenAPI, PhysicalInterface); one that is not in use has
 * no name.
 */
export const Interface = Schema.Struct(
  {
    ...ownFields,
    name: Item.fields.name,
    hardwareName: text,
    enabled: flag,
    mtu: Schema.optional(Schema.NullOr(Lenient.Numeric)),
    mode: text,
    linkState: text,
    managementOnly: flag,
    monitorInterface: flag
  },
  Lenient.others
)
export type Interface = typeof Interface.Type

/** `WantedInterface` is a physical interface as a script wants it: what is not given stays. */
export interface WantedInterface {
  readonly name: string
  readonly enabled?: boolean | undefined
  readonly mtu?: number | undefined
  readonly [field: string]: unknown
}
