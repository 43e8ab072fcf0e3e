import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Bulk from "sallyport/Bulk"
import * as Collection from "sallyport/Collection"
import * as Pages from "sallyport/Pages"
import type { Rest } from "sallyport/Rest"
import * as Item from "./Item.ts"

/** How objects are listed. */
export interface Listing {
  /** `{field}{operator}{value}`, joined by `;`, such as `name:web` or `value~10.1.`; which fields: by the kind. */
  readonly filter?: string | undefined
  /** A field to sort by: `name`, or `-name` for the other direction. */
  readonly sort?: string | undefined
  /** Objects in one answer. Default: 1000; the most that a device takes is unknown. */
  readonly limit?: number | undefined
}

/**
 * The objects of one kind on a device. An update carries the `version` that was read: where the object has changed
 * since, the device refuses it with status 422 (`DeviceRefused`), and nothing is overwritten. Many are written one by
 * one: there is no bulk.
 */
export interface Objects<A extends Collection.Item, W extends Collection.Wanted>
  extends Collection.Collection<A, W, Listing> {}

/** What a device keeps in lists, ready to be worked on. */
export interface Kinds {
  /** Hosts, networks, ranges and fully qualified names: `subType` tells them apart. */
  readonly networks: Objects<Item.Network, Item.WantedNetwork>
  readonly networkGroups: Objects<Item.NetworkGroup, Item.WantedNetworkGroup>
  /** TCP ports. */
  readonly ports: Objects<Item.Port, Item.WantedPort>
  /** The local accounts. To change a password, use `changePassword`. */
  readonly users: Objects<Item.Item, Collection.Wanted>
  /**
   * Whatever else the device keeps in lists, by its path below the version, with the same verbs. What is created has
   * to say its `type`.
   *
   * @example
   * yield* fdm.objects("/object/udpports").upsert({ name: "syslog", port: "514", type: "udpportobject" })
   */
  readonly objects: (path: string) => Objects<Item.Item, Collection.Wanted>
}

/** The kinds of objects of a device. */
export const kinds = (rest: Rest): Kinds => {
  const objects = (path: string) =>
    make<Item.Item, typeof Item.Item.Encoded, Collection.Wanted>(rest, { path, schema: Item.Item })
  return {
    networks: make(rest, { path: "/object/networks", type: "networkobject", schema: Item.Network }),
    networkGroups: make(rest, {
      path: "/object/networkgroups",
      type: "networkobjectgroup",
      schema: Item.NetworkGroup
    }),
    ports: make(rest, { path: "/object/tcpports", type: "tcpportobject", schema: Item.Port }),
    users: objects("/object/users"),
    objects
  }
}

/** What kind of objects they are. */
interface Kind<A extends Collection.Item, I> {
  /** Below the version: `/object/networks`. */
  readonly path: string
  /** Put into what is created, unless that says so itself. */
  readonly type?: string | undefined
  readonly schema: Schema.Schema<A, I>
}

/** The verbs of an FDM for objects of one kind. */
const make = <A extends Collection.Item, I, W extends Collection.Wanted>(
  rest: Rest,
  { path, schema, type }: Kind<A, I>
): Objects<A, W> => {
  const at = (id: string) => `${path}/${encodeURIComponent(id)}`
  const list = ({ filter, limit, sort }: Listing = {}) =>
    Pages.list(rest, path, schema, { filter, limit, sort })
  // Where an object is to be found is not for the device to be told, nor that it has no name.
  const written = ({ links: _links, ...own }: Readonly<Record<string, unknown>>) => ({
    ...(type !== undefined && { type }),
    ...own,
    ...(own.name === "" && { name: null })
  })

  const find = (name: string): Effect.Effect<Option.Option<A>, SessionError> => {
    const wanted = name.toLowerCase()
    const among = (filter: string | undefined) =>
      Stream.runHead(Stream.filter(list({ filter }), (one) => one.name.toLowerCase() === wanted))
    // A name with a sign that parts filters would be misunderstood.
    if (!/^[\w. -]+$/.test(name)) return among(undefined)
    return among(`name:${name}`).pipe(
      // Some lists know no such filter.
      Effect.catchIf(isRefused, () => Effect.succeedNone),
      // A filter tells cases apart; names do not.
      Effect.flatMap((found) => (Option.isSome(found) ? Effect.succeed(found) : among(undefined)))
    )
  }

  return Collection.make<A, W, Listing>({
    list,
    find,
    get: (id) => rest.get(at(id), schema),
    create: (wanted) => rest.send("POST", path, schema, { body: written(wanted) }),
    update: (item) => rest.send("PUT", at(item.id), schema, { body: written(item) }),
    remove: (id) => Effect.asVoid(rest.send("DELETE", at(id), Schema.Unknown)),
    createEach: Bulk.inTurn,
    removeEach: Bulk.inTurn
  })
}

const isRefused = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && (error.status === 400 || error.status === 422)
