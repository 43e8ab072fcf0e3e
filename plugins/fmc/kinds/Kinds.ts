import * as Record from "effect/Record"
import type * as Schema from "effect/Schema"
import type { Collection, Promises } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import * as KindItem from "../objects/KindItem.ts"
import * as Objects from "../objects/Objects.ts"
import * as DynamicObjects from "./DynamicObjects.ts"
import * as NetworkGroups from "./NetworkGroups.ts"
import * as Overrides from "./Overrides.ts"

/** `Kind` is a kind of objects: the client of it in a domain, and which of that client's members are clients in turn. */
interface Kind<Client, SubClients> {
  readonly make: (domain: DomainContext) => Client
  readonly subClients: SubClients
}

/** `Overridable` are objects that may be something else on some devices or in some domains. */
export type Overridable<A> = A & { readonly overrides: Overrides.Overrides }

/** `KindFacts` are where a kind lies below the domain, its type, and its form on the wire. */
interface KindFacts<A, I> {
  readonly path: string
  readonly type: string
  readonly schema: Schema.Schema<A, I>
  /** `filtersByName` says whether the list can be filtered by `nameOrValue`. @default true */
  readonly filtersByName?: boolean
}

/** `kind` gives objects that scripts want as a `W`. */
const kind =
  <W extends Collection.Wanted>() =>
  <A extends Collection.Item, I>(facts: KindFacts<A, I>): Kind<Objects.Objects<A, W>, object> => ({
    make: (domain) => Objects.make<A, I, W>(domain, { filtersByName: true, ...facts }),
    subClients: {}
  })

/** `withOverrides` adds the overrides of objects of which the FMC OpenAPI document has a list. */
const withOverrides = <Client>(
  { make }: Pick<Kind<Client, unknown>, "make">,
  path: string
): Kind<Overridable<Client>, { readonly overrides: object }> => ({
  make: (domain) => ({ ...make(domain), overrides: Overrides.make(domain, path) }),
  subClients: { overrides: {} }
})

const overridable =
  <W extends Collection.Wanted>() =>
  <A extends Collection.Item, I>(facts: KindFacts<A, I>) =>
    withOverrides(kind<W>()(facts), facts.path)

const address = overridable<KindItem.WantedAddress>()

/**
 * `kinds` are the objects that scripts work with every day, each with its type and its fields by the FMC OpenAPI
 * document. One more is one more line here.
 */
const kinds = {
  hosts: address({ path: "/object/hosts", type: "Host", schema: KindItem.Address }),
  networks: address({ path: "/object/networks", type: "Network", schema: KindItem.Address }),
  ranges: address({ path: "/object/ranges", type: "Range", schema: KindItem.Address }),
  /** `fqdns` are fully qualified names of DNS. */
  fqdns: overridable<KindItem.WantedFqdn>()({ path: "/object/fqdns", type: "FQDN", schema: KindItem.Fqdn }),
  networkGroups: withOverrides(NetworkGroups, "/object/networkgroups"),
  urls: overridable<KindItem.WantedUrl>()({ path: "/object/urls", type: "Url", schema: KindItem.Url }),
  urlGroups: overridable<KindItem.WantedUrlGroup>()({
    path: "/object/urlgroups",
    type: "UrlGroup",
    schema: KindItem.UrlGroup
  }),
  /** `ports` are ports of TCP and UDP (`protocolportobjects`). */
  ports: overridable<KindItem.WantedPort>()({
    path: "/object/protocolportobjects",
    type: "ProtocolPortObject",
    schema: KindItem.Port
  }),
  portGroups: overridable<KindItem.WantedPortGroup>()({
    path: "/object/portobjectgroups",
    type: "PortObjectGroup",
    schema: KindItem.PortGroup
  }),
  /** `zones` are security zones. Their list knows no such filter (FMC OpenAPI, getAllSecurityZoneObject). */
  zones: kind<KindItem.WantedZone>()({
    path: "/object/securityzones",
    type: "SecurityZone",
    schema: KindItem.Zone,
    filtersByName: false
  }),
  dynamicObjects: { make: DynamicObjects.make, subClients: {} }
}

/** `Kinds` are the objects that scripts work with every day. */
export type Kinds = {
  readonly [Name in keyof typeof kinds]: ReturnType<(typeof kinds)[Name]["make"]>
}

/** `subClients` are all of them. */
export const subClients = Record.map(kinds, ({ subClients }) => subClients) as {
  readonly [Name in keyof typeof kinds]: (typeof kinds)[Name]["subClients"]
} satisfies Promises.SubClients<Kinds>

/** `make` gives the kinds of a domain, each by the definition of its name. */
export const make = (domain: DomainContext): Kinds =>
  Record.map(kinds, ({ make }) => make(domain) as unknown) as Kinds
