import * as Schema from "effect/Schema"
import { Lenient } from "sallyport/plugin"
import { Literal, Reference } from "./Item.ts"

const text = Schema.optional(Schema.NullOr(Lenient.Text))

const ownFields = {
  id: Lenient.Text,
  name: Lenient.Text,
  type: Lenient.Text,
  description: text
}

/** `Wanted` is what every object that is wanted may have beside its own fields. */
interface Wanted {
  readonly name: string
  readonly description?: string | undefined
  /** `overridable` says whether a device or a domain may have a value of its own for it. */
  readonly overridable?: boolean | undefined
  readonly [field: string]: unknown
}

/** `References` are other objects by what identifies them. */
type References = ReadonlyArray<{ readonly id: string; readonly type: string }>

/** `Address` is a host, network or range as the FMC sends it (FMC OpenAPI, HostObject, NetworkObject, RangeObject). */
export const Address = Schema.Struct(
  {
    id: Lenient.Text,
    name: Lenient.Text,
    type: Lenient.Text,
    value: Lenient.Text,
    description: Lenient.optional(Lenient.Text),
    overridable: Lenient.optional(Lenient.Flag)
  },
  Lenient.others
)
export type Address = typeof Address.Type

/** `WantedAddress` is a host, network or range as a script wants it. */
export interface WantedAddress extends Wanted {
  /** `value` is `10.0.0.1` for a host, `10.0.0.0/8` for a network, `10.0.0.1-10.0.0.9` for a range. */
  readonly value: string
}

/** `Fqdn` is a name of DNS as the FMC sends it (FMC OpenAPI, FQDNObject). */
export const Fqdn = Schema.Struct({ ...ownFields, value: Lenient.Text, dnsResolution: text }, Lenient.others)
export type Fqdn = typeof Fqdn.Type

/** `WantedFqdn` is a name of DNS as a script wants it. */
export interface WantedFqdn extends Wanted {
  /** `value` is a name such as `www.example.com`. */
  readonly value: string
  /** `dnsResolution` is required (FMC OpenAPI, FQDNObject). */
  readonly dnsResolution: "IPV4_ONLY" | "IPV6_ONLY" | "IPV4_AND_IPV6"
}

/** `NetworkGroup` is a network group as the FMC sends it (FMC OpenAPI, NetworkGroup): an empty list is left out. */
export const NetworkGroup = Schema.Struct(
  {
    id: Lenient.Text,
    name: Lenient.Text,
    type: Lenient.Text,
    objects: Lenient.optional(Schema.Array(Reference)),
    literals: Lenient.optional(Schema.Array(Literal)),
    description: Lenient.optional(Lenient.Text)
  },
  Lenient.others
)
export type NetworkGroup = typeof NetworkGroup.Type

/** `WantedNetworkGroup` is a network group as a script wants it. */
export interface WantedNetworkGroup extends Wanted {
  readonly objects?: References | undefined
  readonly literals?: ReadonlyArray<{ readonly type: string; readonly value: string }> | undefined
}

/** `Url` is a URL as the FMC sends it (FMC OpenAPI, URLObject). */
export const Url = Schema.Struct({ ...ownFields, url: Lenient.Text }, Lenient.others)
export type Url = typeof Url.Type

/** `WantedUrl` is a URL as a script wants it. */
export interface WantedUrl extends Wanted {
  readonly url: string
}

/** `UrlGroup` is a group of URLs as the FMC sends it (FMC OpenAPI, URLGroupObject): an empty list is left out. */
export const UrlGroup = Schema.Struct(
  {
    ...ownFields,
    objects: Lenient.optional(Schema.Array(Reference)),
    literals: Lenient.optional(Schema.Array(Schema.Struct({ url: Lenient.Text }, Lenient.others)))
  },
  Lenient.others
)
export type UrlGroup = typeof UrlGroup.Type

/** `WantedUrlGroup` is a group of URLs as a script wants it. */
export interface WantedUrlGroup extends Wanted {
  readonly objects?: References | undefined
  /** `literals` are URLs by themselves: `{ type: "Url", url }`. */
  readonly literals?: ReadonlyArray<{ readonly type: "Url"; readonly url: string }> | undefined
}

/** `Port` is a port as the FMC sends it (FMC OpenAPI, ProtocolPortObject); one for a protocol alone has no `port`. */
export const Port = Schema.Struct(
  { ...ownFields, protocol: text, port: Schema.optional(Schema.NullOr(Lenient.Text)) },
  Lenient.others
)
export type Port = typeof Port.Type

/** `WantedPort` is a port as a script wants it. */
export interface WantedPort extends Wanted {
  /** `protocol` is `TCP` or `UDP`, or the number of another protocol, which has no port. */
  readonly protocol: string
  /** `port` is `443`, or a range such as `8000-8010`. */
  readonly port?: string | undefined
}

/** `PortGroup` is a group of ports as the FMC sends it (FMC OpenAPI, PortObjectGroup). */
export const PortGroup = Schema.Struct(
  { ...ownFields, objects: Lenient.optional(Schema.Array(Reference)) },
  Lenient.others
)
export type PortGroup = typeof PortGroup.Type

/**
 * `WantedPortGroup` is a group of ports as a script wants it: of `ProtocolPortObject`, `ICMPV4Object` and
 * `ICMPV6Object`.
 */
export interface WantedPortGroup extends Wanted {
  readonly objects: References
}

/** `Zone` is a security zone as the FMC sends it (FMC OpenAPI, SecurityZoneObject). */
export const Zone = Schema.Struct(
  { ...ownFields, interfaceMode: text, interfaces: Lenient.optional(Schema.Array(Reference)) },
  Lenient.others
)
export type Zone = typeof Zone.Type

/** `WantedZone` is a security zone as a script wants it. */
export interface WantedZone extends Wanted {
  readonly interfaceMode: "PASSIVE" | "INLINE" | "SWITCHED" | "ROUTED" | "ASA"
  /** `interfaces` are those of devices, by id and type: `{ type: "PhysicalInterface", id }`. */
  readonly interfaces?: References | undefined
}

/**
 * `DynamicObject` is a dynamic object as the FMC sends it (FMC OpenAPI, DynamicObject); its addresses are its mappings.
 */
export const DynamicObject = Schema.Struct({ ...ownFields, objectType: text }, Lenient.others)
export type DynamicObject = typeof DynamicObject.Type

/** `WantedDynamicObject` is a dynamic object as a script wants it. */
export interface WantedDynamicObject {
  readonly name: string
  /** `objectType` has no other value (FMC OpenAPI, DynamicObject). */
  readonly objectType: "IP"
  readonly description?: string | undefined
  readonly [field: string]: unknown
}
