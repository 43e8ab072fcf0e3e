import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Bulk, Collection, OutcomeUnknown, ReadBack, type Rest, type SessionError } from "sallyport/plugin"
import * as ServerVersion from "../domain/ServerVersion.ts"
import { batches, idBatches } from "./InBulk.ts"

/** `BulkContext` is the part of an FMC that many are written to at once. */
export interface BulkContext<A extends Collection.Entry, I> {
  readonly rest: Rest.Rest
  readonly targetName: string
  readonly path: string
  readonly schema: Schema.Schema<A, I>
  readonly written: (item: Readonly<Record<string, unknown>>) => unknown
  /** `place` is put behind the path where some are created. */
  readonly place: Readonly<Record<string, string>> | undefined
  /** `list` gives all that is there now. */
  readonly list: () => Stream.Stream<A, SessionError>
  readonly get: (id: string) => Effect.Effect<A, SessionError>
  readonly version: Effect.Effect<ServerVersion.ServerVersion, SessionError>
}

/**
 * `createEach` creates in batches. The FMC carries out each as a whole or not at all, so one that it refuses is halved
 * until the objects are found that it does not take. What is lost on the wire is looked for before it is called
 * unknown: a bulk change of a thousand rules that had timed out was completed (seen on real devices). What it answers
 * is held against what was sent.
 */
export const createEach = <A extends Collection.Entry, I, W extends Collection.Unnamed>(
  context: BulkContext<A, I>,
  wanted: ReadonlyArray<W>
): Effect.Effect<ReadonlyArray<Bulk.Settled<W, A>>> => {
  const { path, place, rest, targetName, written } = context
  const operation = `POST ${path}`

  const create = (batch: ReadonlyArray<W>) =>
    Effect.suspend(() => {
      let there: Found<W, A> = new Map()
      const isKept = (one: W) => {
        const item = there.get(one)
        return item !== undefined && Collection.unkeptFields(one, item).length === 0
      }
      const look = Effect.map(listed(context, batch), (items) => {
        there = items
        return batch.every(isKept) ? Option.some(undefined) : Option.none()
      })
      const send = rest.send("POST", path, Schema.Unknown, {
        query: { bulk: true, ...place },
        body: batch.map(written)
      })
      return ReadBack.readBack(send, look).pipe(
        Effect.flatMap((answer) =>
          // Found by reading back, all of them as they were sent.
          batch.every(isKept)
            ? Effect.succeed(batch.map((one) => done<W, A>(one, there.get(one))))
            : verified(batch, matched(batch, itemsOf(answer)))
        ),
        Effect.catchTag("OutcomeUnknown", (error) =>
          Effect.succeed(batch.map((one) => done<W, A>(one, isKept(one) ? there.get(one) : undefined, error)))
        )
      )
    })

  const Read = Schema.decodeUnknownOption(context.schema, { onExcessProperty: "preserve" })
  const itemsOf = (answer: unknown): ReadonlyArray<A> => {
    const items = typeof answer === "object" && answer !== null && "items" in answer ? answer.items : answer
    return Array.isArray(items) ? items.flatMap((item) => Option.toArray(Read(item))) : []
  }

  /** `verified` reads once more what is not seen in an answer, which may leave fields out, or objects. */
  const verified = (batch: ReadonlyArray<W>, answered: Found<W, A>) =>
    Effect.gen(function* () {
      const isSeen = (one: W) => {
        const item = answered.get(one)
        return item !== undefined && Collection.unkeptFields(one, item).length === 0
      }
      const unseen = batch.filter((one) => !isSeen(one))
      const found = unseen.length === 0 ? undefined : yield* Effect.option(again(unseen, answered))
      return batch.map((one): Bulk.Settled<W, A> => {
        const isUnread = found === undefined || Option.isNone(found)
        const item = (isUnread ? undefined : found.value.get(one)) ?? answered.get(one)
        if (item === undefined) {
          return {
            _tag: "Failed",
            wanted: one,
            error: isUnread || one.name === undefined ? unread : absent(one)
          }
        }
        const fields = isSeen(one) ? [] : Collection.unkeptFields(one, item)
        return fields.length === 0
          ? done(one, item)
          : { _tag: "Failed", wanted: one, error: unkept(item, fields) }
      })
    })

  const again = (
    unseen: ReadonlyArray<W>,
    answered: Found<W, A>
  ): Effect.Effect<Found<W, A>, SessionError> => {
    const ids = unseen.flatMap((one) => answered.get(one)?.id ?? [])
    // By the list, unless few requests do.
    return ids.length < unseen.length || ids.length > maxReadAlone
      ? listed(context, unseen)
      : Effect.map(
          Effect.forEach(unseen, (one) => context.get(answered.get(one)?.id ?? "")),
          (items) => matched(unseen, items)
        )
  }

  const facts = { targetName, operation }
  const unread = new OutcomeUnknown({
    ...facts,
    reason: "its answer does not name this object",
    readBack: "Unreadable"
  })
  const unkept = (item: A, fields: ReadonlyArray<string>) =>
    new Collection.NotKept({ ...facts, objectName: item.name, id: item.id, fields, item })
  const absent = (one: W) =>
    new Collection.NotKept({
      ...facts,
      objectName: one.name,
      id: undefined,
      fields: Object.keys(one),
      item: undefined
    })

  return Effect.suspend(() => Bulk.bisectBatches(batches(wanted, written), create))
}

const maxReadAlone = 3

/** `removeEach` removes in bulk from FMC 7.4 on, where there are at least two; else one by one. */
export const removeEach = <A extends Collection.Entry, I>(
  context: BulkContext<A, I>,
  ids: ReadonlyArray<string>,
  removeOne: (id: string) => Effect.Effect<void, SessionError>
): Effect.Effect<ReadonlyArray<Bulk.Settled<string, void>>> => {
  const { path, rest } = context

  const remove = (batch: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      const send = rest.send("DELETE", path, Schema.Unknown, {
        query: { bulk: true, filter: `ids:${batch.join(",")}` }
      })
      const wanted = new Set(batch)
      let left = wanted
      const ours = Stream.filter(context.list(), ({ id }) => id !== undefined && wanted.has(id))
      const look = Effect.map(Stream.runCollect(ours), (items) => {
        left = new Set([...items].flatMap(({ id }) => id ?? []))
        return left.size > 0 ? Option.none() : Option.some(undefined)
      })
      const gone = (id: string): Bulk.Settled<string, void> => ({
        _tag: "Done",
        wanted: id,
        result: undefined
      })
      return ReadBack.readBack(send, look).pipe(
        Effect.as(batch.map(gone)),
        Effect.catchTag("OutcomeUnknown", (error) =>
          Effect.succeed(
            batch.map((id) => (left.has(id) ? { _tag: "Failed" as const, wanted: id, error } : gone(id)))
          )
        )
      )
    })

  const canBulk =
    ids.length < 2
      ? Effect.succeed(false)
      : Effect.match(context.version, {
          onFailure: () => false,
          onSuccess: (version) => ServerVersion.isAtLeast(version, 7, 4)
        })

  // One that is left of a batch is removed by itself: it may be gone already. A kind of object that cannot be removed
  // in bulk: 405 (method not supported).
  const removeOrEach = (batch: ReadonlyArray<string>) =>
    batch.length === 1
      ? Bulk.sequentially(batch, removeOne)
      : Effect.catchIf(remove(batch), isNotSupported, () => Bulk.sequentially(batch, removeOne))

  // A filter would take other signs for its own: `a,b` for two.
  const isPlain = ids.every(Bulk.isPlainId)
  return Effect.flatMap(isPlain ? canBulk : Effect.succeed(false), (can) =>
    can
      ? Bulk.bisectBatches(idBatches(ids), removeOrEach, [400, 404, 422])
      : Bulk.sequentially(ids, removeOne)
  )
}

const isNotSupported = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && error.status === 405

/** `Found` is what is there of what was wanted. */
type Found<W, A> = ReadonlyMap<W, A>

/** `matched` finds things by their names; what has none by what it is. */
const matched = <A extends Collection.Entry, W extends Collection.Unnamed>(
  wanted: ReadonlyArray<W>,
  items: ReadonlyArray<A>
): Found<W, A> => {
  const byName = new Map(items.map((item) => [keyOf(item), item]))
  const nameless = new Set(items)
  const found = new Map<W, A>()
  for (const one of wanted) {
    const item =
      one.name === undefined
        ? [...nameless].find((item) => Collection.unkeptFields(one, item).length === 0)
        : byName.get(keyOf(one))
    if (item !== undefined) found.set(one, item)
    if (item !== undefined && one.name === undefined) nameless.delete(item)
  }
  return found
}

/** `listed` keeps out what has no name: in a list it cannot be told from what was there before. */
const listed = <A extends Collection.Entry, I, W extends Collection.Unnamed>(
  context: BulkContext<A, I>,
  wanted: ReadonlyArray<W>
): Effect.Effect<Found<W, A>, SessionError> => {
  const named = wanted.filter(({ name }) => name !== undefined)
  const names = new Set(named.map(keyOf))
  const ours = Stream.filter(context.list(), (item) => names.has(keyOf(item)))
  return Effect.map(Stream.runCollect(ours), (items) => matched(named, [...items]))
}

const keyOf = ({ name }: Collection.Unnamed): string | undefined =>
  name === undefined ? undefined : Collection.nameKey(name)

const done = <W, A>(wanted: W, item: A | undefined, error?: Collection.WriteError): Bulk.Settled<W, A> => {
  if (item !== undefined) return { _tag: "Done", wanted, result: item }
  // Only asked for what is there, unless an error says why it is not.
  return error === undefined ? { _tag: "Done", wanted, result: item as A } : { _tag: "Failed", wanted, error }
}
