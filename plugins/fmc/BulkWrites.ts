import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Bulk from "sallyport/Bulk"
import * as Collection from "sallyport/Collection"
import { InvalidInput, ProtocolViolation } from "sallyport/DeviceError"
import * as Outcome from "sallyport/Outcome"
import type { Rest } from "sallyport/Rest"
import { batches, idBatches } from "./Batches.ts"
import * as ServerVersion from "./ServerVersion.ts"

/** The part of an FMC that many are written to at once. */
export interface Place<A extends Collection.Item, I> {
  readonly rest: Rest
  readonly target: string
  readonly path: string
  readonly schema: Schema.Schema<A, I>
  readonly written: (item: Readonly<Record<string, unknown>>) => unknown
  /** All that is there now. */
  readonly list: () => Stream.Stream<A, SessionError>
  readonly version: Effect.Effect<ServerVersion.ServerVersion, SessionError>
}

/**
 * Creates in batches. The FMC carries out each as a whole or not at all, so all objects of one that it refuses have
 * failed with its words. What is lost on the wire is looked for before it is called unknown: a bulk change of a thousand
 * rules that had timed out was completed (seen on real devices).
 */
export const createEach = <A extends Collection.Item, I, W extends Collection.Wanted>(
  place: Place<A, I>,
  wanted: ReadonlyArray<W>
): Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>, InvalidInput> => {
  const Created = Schema.Struct({ items: Schema.optional(Schema.Array(place.schema)) })

  const create = (batch: ReadonlyArray<W>) =>
    Effect.suspend(() => {
      let there: ReadonlyMap<string, A> = new Map()
      const isThere = (one: W) => Collection.meets(one, there.get(one.name.toLowerCase()))
      const names = new Set(batch.map(({ name }) => name.toLowerCase()))
      const ours = Stream.filter(place.list(), ({ name }) => names.has(name.toLowerCase()))
      const look = Effect.map(Stream.runCollect(ours), (items) => {
        there = byName([...items])
        return batch.every(isThere) ? Option.some({ items: [...items] }) : Option.none()
      })
      const send = place.rest.send("POST", place.path, Created, {
        query: { bulk: true },
        body: batch.map(place.written)
      })
      return Outcome.readBack(send, look).pipe(
        Effect.map(({ items = [] }) => {
          const created = byName(items)
          return batch.map((one) => settled(one, created.get(one.name.toLowerCase()), unnamed))
        }),
        Effect.catchTag("OutcomeUnknown", (error) =>
          Effect.succeed(
            batch.map((one) =>
              settled(one, isThere(one) ? there.get(one.name.toLowerCase()) : undefined, error)
            )
          )
        )
      )
    })

  const unnamed = new ProtocolViolation({
    target: place.target,
    operation: `POST ${place.path}`,
    detail: "the answer does not name this object",
    advice: "It may have been created: look for it by its name"
  })

  const split = Effect.try({
    try: () => batches(wanted, place.written),
    catch: () => new InvalidInput({ field: "body", message: noJson })
  })
  return Effect.flatMap(split, (all) => Effect.map(Bulk.inTurn(all, create, unknownOf), spread))
}

const noJson = "body: JSON cannot say it; give plain data, without circles and bigints."

/** Removes in bulk from FMC 7.4 on, where there are at least two; else one by one. */
export const removeEach = <A extends Collection.Item, I>(
  place: Place<A, I>,
  ids: ReadonlyArray<string>,
  removeOne: (id: string) => Effect.Effect<void, SessionError>
): Effect.Effect<ReadonlyArray<Bulk.Settled<string, void>>> => {
  const { path, rest } = place

  const remove = (batch: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      const send = rest.send("DELETE", path, Schema.Unknown, {
        query: { bulk: true, filter: `ids:${batch.join(",")}` }
      })
      const wanted = new Set(batch)
      let left = wanted
      const ours = Stream.filter(place.list(), ({ id }) => wanted.has(id))
      const look = Effect.map(Stream.runCollect(ours), (items) => {
        left = new Set([...items].map(({ id }) => id))
        return left.size > 0 ? Option.none() : Option.some(undefined)
      })
      const done = (id: string): Bulk.Settled<string, void> => ({
        _tag: "Done",
        wanted: id,
        result: undefined
      })
      return Outcome.readBack(send, look).pipe(
        Effect.as(batch.map(done)),
        Effect.catchTag("OutcomeUnknown", (error) =>
          Effect.succeed(
            batch.map((id) => (left.has(id) ? { _tag: "Failed" as const, wanted: id, error } : done(id)))
          )
        )
      )
    })

  const canBulk =
    ids.length < 2
      ? Effect.succeed(false)
      : Effect.match(place.version, {
          onFailure: () => false,
          onSuccess: (version) => ServerVersion.isAtLeast(version, 7, 4)
        })

  // A kind of object that cannot be removed in bulk: 405 (method not supported).
  const removeOrEach = (batch: ReadonlyArray<string>) =>
    Effect.catchIf(remove(batch), isNotSupported, () => Bulk.inTurn(batch, removeOne))

  return Effect.flatMap(canBulk, (can) =>
    can
      ? Effect.map(Bulk.inTurn(idBatches(ids), removeOrEach, unknownOf), spread)
      : Bulk.inTurn(ids, removeOne)
  )
}

const isNotSupported = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && error.status === 405

const byName = <A extends Collection.Item>(items: ReadonlyArray<A>): ReadonlyMap<string, A> =>
  new Map(items.map((item) => [item.name.toLowerCase(), item]))

const settled = <W, A>(wanted: W, item: A | undefined, error: SessionError): Bulk.Settled<W, A> =>
  item === undefined ? { _tag: "Failed", wanted, error } : { _tag: "Done", wanted, result: item }

/** What became of batches, as what became of each in them. */
const spread = <W, A>(
  batches: ReadonlyArray<Bulk.Settled<ReadonlyArray<W>, ReadonlyArray<Bulk.Settled<W, A>>>>
): ReadonlyArray<Bulk.Settled<W, A>> =>
  batches.flatMap((batch) =>
    batch._tag === "Done" ? batch.result : batch.wanted.map((wanted) => ({ ...batch, wanted }))
  )

/** After a change whose outcome is unknown, the device is not given another. */
const unknownOf = <W, A>(settled: ReadonlyArray<Bulk.Settled<W, A>>): SessionError | undefined => {
  const unknown = settled.find((one) => one._tag === "Failed" && one.error._tag === "OutcomeUnknown")
  return unknown?._tag === "Failed" ? unknown.error : undefined
}
