import * as Schema from "effect/Schema"
import { Reference } from "./Item.ts"

const others = { key: Schema.String, value: Schema.Unknown }
const text = Schema.optional(Schema.NullOr(Schema.String))

const ownFields = {
  id: Schema.String,
  name: Schema.String,
  type: Schema.String,
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

/** `Fqdn` is a name of DNS as the FMC sends it (FMC OpenAPI, FQDNObject). */
export const Fqdn = Schema.Struct({ ...ownFields, value: Schema.String, dnsResolution: text }, others)
export type Fqdn = typeof Fqdn.Type

/** `WantedFqdn` is a name of DNS as a script wants it. */
export interface WantedFqdn extends Wanted {
  /** `value` is a name such as `www.example.com`. */
  readonly value: string
  /** `dnsResolution` is required (FMC OpenAPI, FQDNObject). */
  readonly dnsResolution: "IPV4_ONLY" | "IPV6_ONLY" | "IPV4_AND_IPV6"
}

/** `Url` is a URL as the FMC sends it (FMC OpenAPI, URLObject). */
export const Url = Schema.Struct({ ...ownFields, url: Schema.String }, others)
export type Url = typeof Url.Type

/** `WantedUrl` is a URL as a script wants it. */
export interface WantedUrl extends Wanted {
  readonly url: string
}

/** `UrlGroup` is a group of URLs as the FMC sends it (FMC OpenAPI, URLGroupObject): an empty list is left out. */
export const UrlGroup = Schema.Struct(
  {
    ...ownFields,
    objects: Schema.optional(Schema.Array(Reference)),
    literals: Schema.optional(Schema.Array(Schema.Struct({ url: Schema.String }, others)))
  },
  others
)
export type UrlGroup = typeof UrlGroup.Type

/** `WantedUrlGroup` is a group of URLs as a script wants it. */
export interface WantedUrlGroup extends Wanted {
  readonly objects?: References | undefined
  /** `literals` are URLs by themselves: `{ type: "Url", url }`. */
  readonly literals?: ReadonlyArray<{ readonly type: "Url"; readonly url: string }> | undefined
}

const port = Schema.Union(
  Schema.String,
  Schema.transform(Schema.Number, Schema.String, { strict: true, decode: String, encode: Number })
)

/** `Port` is a port as the FMC sends it (FMC OpenAPI, ProtocolPortObject); one for a protocol alone has no `port`. */
export const Port = Schema.Struct(
  { ...ownFields, protocol: text, port: Schema.optional(Schema.NullOr(port)) },
  others
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
  { ...ownFields, objects: Schema.optional(Schema.Array(Reference)) },
  others
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
  { ...ownFields, interfaceMode: text, interfaces: Schema.optional(Schema.Array(Reference)) },
  others
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
export const DynamicObject = Schema.Struct({ ...ownFields, objectType: text }, others)
export type DynamicObject = typeof DynamicObject.Type

/** `WantedDynamicObject` is a dynamic object as a script wants it. */
export interface WantedDynamicObject {
  readonly name: string
  /** `objectType` has no other value (FMC OpenAPI, DynamicObject). */
  readonly objectType: "IP"
  readonly description?: string | undefined
  readonly [field: string]: unknown
}
