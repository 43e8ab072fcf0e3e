import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Bulk,
  Collection,
  Pages,
  PathSegment,
  type Promises,
  Rest,
  type SessionError
} from "sallyport/plugin"
import * as Checks from "./Checks.ts"
import * as Item from "./Item.ts"

/** `ListOptions` say how objects are listed. */
export interface ListOptions extends Pages.PageOptions {
  /**
   * `filter` is `{field}{operator}{value}`, joined by `;`, such as `name:web` or `value~10.1.`; which fields there are
   * depends on the kind.
   *
   * @default all are listed
   */
  readonly filter?: string | undefined
  /** `sort` is a field to sort by: `name`, or `-name` for the other direction. @default the device's own order */
  readonly sort?: string | undefined
}

/** `byOptions` gives a list by them, and by no others. */
export const byOptions = <A>(list: (options: ListOptions) => Stream.Stream<A, SessionError>) =>
  Pages.byOptions<ListOptions, A>(["filter", "limit", "sort"], list)

/**
 * `Objects` are the objects of one kind on a device. An update carries the `version` that was read: where the object
 * has changed since, the device refuses it with status 422 (`DeviceRefused`), and nothing is overwritten. Many are
 * written one by one: there is no bulk.
 */
export interface Objects<A extends Collection.Entry, W extends Collection.Unnamed>
  extends Collection.Collection<A, W, ListOptions> {}

/** `Kinds` are what a device keeps in lists, ready to be worked on. */
export type Kinds = NamedKinds & {
  /**
   * `objects` gives whatever else the device keeps in lists, by its path below the version, with the same verbs. What
   * is created has to say its `type`. Some of it has no name: `upsert` then takes a `key`.
   *
   * @example
   * yield* fdm.objects("/object/icmpv4ports").upsert({ name: "ping", icmpv4Type: "ECHO_REQUEST", type: "icmpv4portobject" })
   */
  readonly objects: (path: string) => Objects<Item.Entry, Item.WantedEntry>
}

/** `ObjectsContext` is the device that they are on. */
interface ObjectsContext {
  readonly targetName: string
  readonly rest: Rest.Rest
}

/** `KindDefinition` says what kind of objects they are. */
interface KindDefinition<A extends Collection.Entry, I> {
  /** `path` begins below the version: `/object/networks`. */
  readonly path: string
  /** `type` is put into what is created, unless that says so itself. */
  readonly type?: string | undefined
  readonly schema: Schema.Schema<A, I>
  /** `isNamed` says whether all of them have names. @default true */
  readonly isNamed?: boolean | undefined
}

/** `kind` gives objects that scripts want as a `W`. */
const kind =
  <W extends Collection.Unnamed>() =>
  <A extends Collection.Entry, I>(definition: KindDefinition<A, I>) =>
  (device: ObjectsContext): Objects<A, W> =>
    make<A, I, W>(device, definition)

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

/** `kinds` gives the kinds of objects of a device. */
export const kinds = (device: ObjectsContext): Kinds => ({
  // Each by the definition of its name.
  ...(Record.map(namedKinds, (make): unknown => make(device)) as NamedKinds),
  objects: (given: string) => {
    // The types say so too; a script in JavaScript has none.
    const path = typeof given === "string" ? given : ""
    return make<Item.Entry, typeof Item.Entry.Encoded, Item.WantedEntry>(withPathCheck(device, path), {
      path,
      schema: Item.Entry,
      isNamed: false
    })
  }
})

/** `withPathCheck` gives the device, of which nothing is asked where the path of a script is none. */
const withPathCheck = (device: ObjectsContext, path: string): ObjectsContext => ({
  ...device,
  rest: Rest.withCheck(PathSegment.join(path), device.rest)
})

/** `make` gives the verbs of an FDM for objects of one kind. */
const make = <A extends Collection.Entry, I, W extends Collection.Unnamed>(
  { rest, targetName }: ObjectsContext,
  { isNamed, path, schema, type }: KindDefinition<A, I>
): Objects<A, W> => {
  const list = byOptions(({ filter, limit, sort }) => Pages.list(rest, path, schema, { filter, limit, sort }))
  // Where an object is to be found is not for the device to be told, nor that it has no name.
  const toBody = ({ links: _links, ...own }: Readonly<Record<string, unknown>>) => ({
    ...(type !== undefined && { type }),
    ...own,
    ...(own.name === "" && { name: null })
  })
  const one = Collection.restVerbs({ rest, targetName, path, schema, written: toBody })

  const namesakes = (name: string): Effect.Effect<ReadonlyArray<Collection.Named<A>>, SessionError> => {
    const among = (filter: string | undefined) =>
      Effect.map(Stream.runCollect(Stream.filter(list({ filter }), hasName<A>(name))), (found) => [...found])
    // A name with a sign that parts filters would be misunderstood.
    if (!/^[\w. -]+$/.test(name)) return among(undefined)
    return among(`name:${name.trim()}`).pipe(
      // Some lists know no such filter.
      Effect.catchIf(isRefused, () => Effect.succeed([])),
      // A filter tells cases apart; names do not.
      Effect.flatMap((found) => (found.length > 0 ? Effect.succeed(found) : among(undefined)))
    )
  }

  const find = (name: string): Effect.Effect<Option.Option<Collection.Named<A>>, SessionError> => {
    const among = (filter: string | undefined) =>
      Stream.runHead(Stream.filter(list({ filter }), hasName<A>(name)))
    if (!/^[\w. -]+$/.test(name)) return among(undefined)
    return among(`name:${name.trim()}`).pipe(
      Effect.catchIf(isRefused, () => Effect.succeedNone),
      Effect.flatMap((found) => (Option.isSome(found) ? Effect.succeed(found) : among(undefined)))
    )
  }

  return Collection.make<A, W, ListOptions>({
    targetName,
    path,
    at: rest.at(path),
    // Nothing of a rule says where in its list it stands.
    recreation: () => (path.endsWith("rules") ? { loses: "its place in the order of the rules" } : {}),
    type,
    isNamed,
    check: Checks.checkObject,
    namesakes,
    list,
    find,
    ...one,
    createEach: (wanted, create) =>
      Effect.flatMap(PathSegment.join(path), () => Bulk.sequentially(wanted, create)),
    removeEach: (ids, remove) => Effect.flatMap(PathSegment.join(path), () => Bulk.sequentially(ids, remove))
  })
}

const hasName =
  <A extends Collection.Entry>(name: string) =>
  (one: A): one is Collection.Named<A> =>
    one.id !== undefined &&
    one.name !== undefined &&
    Collection.nameKey(one.name) === Collection.nameKey(name)

const isRefused = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && (error.status === 400 || error.status === 422)
