import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Bulk, Collection, type Rest, type SessionError } from "sallyport/plugin"

// Paths, fields and pages are those of Cisco's ASA REST API guide, from memory: hold them against your own device.
const path = "/api/objects/networkobjects"
const kind = "object#NetworkObj"

/** `Host` is an address, a network, a range or a name: `{ kind: "IPv4Address", value: "192.0.2.1" }`. */
const Host = Schema.Struct({ kind: Schema.String, value: Schema.String })
const fields = { name: Schema.String, host: Host }

/** `NetworkObject` is one as scripts see it: by an `id`, as on all other devices, and without the ASA's link to it. */
const NetworkObject = Schema.transform(
  Schema.Struct({ objectId: Schema.String, selfLink: Schema.optional(Schema.String), ...fields }),
  Schema.Struct({ id: Schema.String, ...fields }),
  {
    strict: true,
    decode: ({ objectId: id, selfLink: _selfLink, ...own }) => ({ ...own, id }),
    encode: ({ id: objectId, ...own }) => ({ ...own, objectId })
  }
)
export type NetworkObject = typeof NetworkObject.Type

/** `WantedObject` is one as a script wants it. */
type WantedObject = Collection.Wanted & Pick<NetworkObject, "host">

export type NetworkObjects = Collection.Collection<NetworkObject, WantedObject, void>

const Page = Schema.Struct({
  items: Schema.Array(NetworkObject),
  rangeInfo: Schema.Struct({ total: Schema.Number })
})

/** `list` goes through the pages of a list. */
export const list = (
  rest: Rest.Rest,
  path: string,
  query?: Rest.Query
): Stream.Stream<NetworkObject, SessionError> =>
  Stream.paginateChunkEffect(0, (offset) =>
    Effect.map(rest.get(path, Page, { ...query, offset, limit: 100 }), ({ items, rangeInfo }) => {
      const next = offset + items.length
      const isOver = items.length === 0 || next >= rangeInfo.total
      return [Chunk.fromIterable(items), isOver ? Option.none() : Option.some(next)]
    })
  )

/** `make` gives the verbs for the network objects of an ASA. */
export const make = (rest: Rest.Rest, targetName: string): NetworkObjects => {
  const written = ({ id: _id, ...own }: Readonly<Record<string, unknown>>) => ({ kind, ...own })
  const all = list(rest, path)
  return Collection.make<NetworkObject, WantedObject, void>({
    ...Collection.restVerbs({ rest, targetName, path, schema: NetworkObject, written }),
    targetName,
    path,
    written,
    list: () => all,
    find: (name) =>
      Stream.runHead(Stream.filter(all, (one) => Collection.nameKey(one.name) === Collection.nameKey(name))),
    createEach: (wanted, create) => Bulk.sequentially(wanted, create),
    removeEach: (ids, remove) => Bulk.sequentially(ids, remove)
  })
}
