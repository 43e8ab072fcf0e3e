import * as Record from "effect/Record"
import { type Collection, PathSegment, type Promises, Rest } from "sallyport/plugin"
import * as Item from "./Item.ts"
import * as Objects from "./Objects.ts"

/** `Kinds` are what a device keeps in lists, ready to be worked on. */
export type Kinds = NamedKinds & {
  /**
   * `objects` gives whatever else the device keeps in lists, by its path below the version, with the same verbs. What
   * is created has to say its `type`. Some of it has no name: `upsert` then takes a `key`.
   *
   * @example
   * yield* fdm.objects("/object/icmpv4ports").upsert({ name: "ping", icmpv4Type: "ECHO_REQUEST", type: "icmpv4portobject" })
   */
  readonly objects: (path: string) => Objects.Objects<Item.Entry, Item.WantedEntry>
}

/** `kind` gives objects that scripts want as a `W`. */
const kind =
  <W extends Collection.Unnamed>() =>
  <A extends Collection.Entry, I>(definition: Objects.KindDefinition<A, I>) =>
  (device: Objects.ObjectsContext): Objects.Objects<A, W> =>
    Objects.make<A, I, W>(device, definition)

/** `namedKinds` are those that scripts work with every day. One more is one more line here. */
const namedKinds = {
  /** `networks` are hosts, networks, ranges and fully qualified names: `subType` tells them apart. */
  networks: kind<Item.WantedNetwork>()({
    path: "/object/networks",
    type: "networkobject",
    schema: Item.Network
  }),
  networkGroups: kind<Item.WantedNetworkGroup>()({
    path: "/object/networkgroups",
    type: "networkobjectgroup",
    schema: Item.Group
  }),
  /** `ports` are TCP ports. */
  ports: kind<Item.WantedPort>()({ path: "/object/tcpports", type: "tcpportobject", schema: Item.Port }),
  udpPorts: kind<Item.WantedPort>()({ path: "/object/udpports", type: "udpportobject", schema: Item.Port }),
  /** `portGroups` are groups of TCP and UDP ports. */
  portGroups: kind<Item.WantedGroup>()({
    path: "/object/portgroups",
    type: "portobjectgroup",
    schema: Item.Group
  }),
  urls: kind<Item.WantedUrl>()({ path: "/object/urls", type: "urlobject", schema: Item.Url }),
  urlGroups: kind<Item.WantedGroup>()({
    path: "/object/urlgroups",
    type: "urlobjectgroup",
    schema: Item.Group
  }),
  /** `zones` are security zones. */
  zones: kind<Item.WantedZone>()({ path: "/object/securityzones", type: "securityzone", schema: Item.Zone }),
  /** `interfaces` are the physical interfaces: they are there, so that they can only be read and updated. */
  interfaces: kind<Item.WantedInterface>()({
    path: "/devices/default/interfaces",
    type: "physicalinterface",
    schema: Item.Interface
  }),
  /** `users` are the local accounts. To change a password, use `changePassword`. */
  users: kind<Collection.Wanted>()({ path: "/object/users", schema: Item.Item })
}

type NamedKinds = { readonly [Name in keyof typeof namedKinds]: ReturnType<(typeof namedKinds)[Name]> }

/** `subClients` say that each of them is a client. */
export const subClients: Promises.SubClients<Kinds> = {
  ...(Record.map(namedKinds, () => ({})) as { readonly [Name in keyof NamedKinds]: object }),
  objects: {}
}

/** `make` gives the kinds of objects of a device. */
export const make = (device: Objects.ObjectsContext): Kinds => ({
  // Each by the definition of its name.
  ...(Record.map(namedKinds, (kind): unknown => kind(device)) as NamedKinds),
  objects: (given: string) => {
    // The types say so too; a script in JavaScript has none.
    const path = typeof given === "string" ? given : ""
    return Objects.make<Item.Entry, typeof Item.Entry.Encoded, Item.WantedEntry>(
      withPathCheck(device, path),
      {
        path,
        schema: Item.Entry,
        isNamed: false
      }
    )
  }
})

/** `withPathCheck` gives the device, of which nothing is asked where the path of a script is none. */
const withPathCheck = (device: Objects.ObjectsContext, path: string): Objects.ObjectsContext => ({
  ...device,
  rest: Rest.withCheck(PathSegment.join(path), device.rest)
})
