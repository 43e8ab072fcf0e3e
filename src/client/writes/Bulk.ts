import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { few } from "../../validation/Few.ts"
import * as Needed from "../../validation/Needed.ts"
import * as Bisection from "./Bisection.ts"
import type { WriteError } from "./NotKept.ts"
import type { Settled } from "./Settled.ts"

export { bodyBatches, type InBulk, idBatches, isPlainId } from "./InBulk.ts"
export type { Settled } from "./Settled.ts"

/** `BulkIncomplete` says that some of many were not done, or cannot be planned. */
export class BulkIncomplete<W = unknown, A = unknown> extends Data.TaggedError("BulkIncomplete")<{
  /** `items` are what became of each, in the order in which they were given. */
  readonly items: ReadonlyArray<Settled<W, A>>
  /** `isPlanned` says that they were to be planned alone, and none was sent. */
  readonly isPlanned: boolean
}> {
  constructor(given: { readonly items: ReadonlyArray<Settled<W, A>>; readonly isPlanned?: boolean }) {
    const items = given.items.map(original)
    super({ items, isPlanned: given.isPlanned ?? false })
    // What was wanted may hold a password or a key: a log prints what it can enumerate, or what `toJSON` gives.
    Object.defineProperty(this, "items", { value: items, enumerable: false })
    Object.defineProperty(this, "toJSON", { value: () => ({ _tag: this._tag, message: this.message }) })
  }
  override get message(): string {
    const failed = this.items.flatMap((one, at) => (one._tag === "Failed" ? [{ ...one, at }] : []))
    const unsent = this.items.filter(({ _tag }) => _tag === "NotSent").length
    const kinds = new Set(failed.map(({ error }) => error.message))
    const more = kinds.size > 1 ? ` (and ${kinds.size - 1} more reasons)` : ""
    const rest = unsent > 0 ? ` After that ${unsent} more were not sent.` : ""
    const rows = failed.map(({ at, wanted }) => `${at + 1}${nameText(wanted)}`)
    if (this.isPlanned)
      return `${failed.length + unsent} of ${this.items.length} cannot be planned: ${failed[0]?.error.message ?? ""}${more} Nothing was sent. Not planned, counted from 1: ${few(rows, maxNamed)}. The items of this error say what became of each.`
    return `${failed.length + unsent} of ${this.items.length} were not done: ${failed[0]?.error.message ?? ""}${more}${rest} Not done, counted from 1: ${few(rows, maxNamed)}. The items of this error say what became of each.`
  }
}

// Enough to find them by in a file of a thousand.
const maxNamed = 5

const nameText = (wanted: unknown): string => {
  const name = typeof wanted === "object" && wanted !== null && "name" in wanted ? wanted.name : wanted
  return typeof name === "string" ? ` ${JSON.stringify(name.slice(0, 100))}` : ""
}

/** `original` has the error that was made, and not Effect's proxy of it, which cannot be copied to another thread. */
const original = <W, A>(one: Settled<W, A>): Settled<W, A> => {
  if (one._tag === "Failed") return { ...one, error: Cause.originalError(one.error) }
  return one._tag === "NotSent" ? { ...one, because: Cause.originalError(one.because) } : one
}

/**
 * `allOrFail` gives the results where all was done, or planned where `isPlanned` says that nothing was sent. Fails with
 * `BulkIncomplete` otherwise.
 */
export const allOrFail = <W, A>(
  items: ReadonlyArray<Settled<W, A>>,
  isPlanned = false
): Effect.Effect<ReadonlyArray<A>, BulkIncomplete<W, A>> => {
  Needed.list("items", items)
  for (const one of items) Needed.object("items", one, "what became of each")
  const results = items.flatMap((one) => (one._tag === "Done" ? [one.result] : []))
  return results.length === items.length
    ? Effect.succeed(results)
    : Effect.fail(new BulkIncomplete({ items, isPlanned }))
}

/**
 * `sequentially` does one after the other, since a device takes one change at a time. What fails one of them fails no
 * other, unless it says that the device or the session is gone, or leaves the outcome unknown: then the rest is not
 * sent.
 */
export const sequentially = <W, A, E extends WriteError>(
  wanted: ReadonlyArray<W>,
  work: (one: W) => Effect.Effect<A, E>,
  /** `stops` gives the error of a result that keeps the rest from being sent. */
  stops: (result: A) => E | undefined = () => undefined
): Effect.Effect<ReadonlyArray<Settled<W, A, E>>> =>
  Effect.suspend(() => {
    Needed.list("wanted", wanted)
    Needed.fn("work", work)
    let because: E | undefined
    return Effect.forEach(wanted, (one) =>
      because !== undefined
        ? Effect.succeed<Settled<W, A, E>>({ _tag: "NotSent", wanted: one, because })
        : Effect.match(work(one), {
            onFailure: (error): Settled<W, A, E> => {
              if (!isOfOneItem(error)) because = error
              return { _tag: "Failed", wanted: one, error }
            },
            onSuccess: (result): Settled<W, A, E> => {
              because = stops(result)
              return { _tag: "Done", wanted: one, result }
            }
          })
    )
  })

/**
 * `bisectBatches` sends batches of which the device does all or nothing, and says what became of each row: a batch that
 * is refused is halved until the rows are found that are wrong, in a bounded number of requests. `refusals` are the
 * statuses that say so, 400 and 422 unless others are given.
 */
export const bisectBatches = <W, A>(
  batches: ReadonlyArray<ReadonlyArray<W>>,
  send: (batch: ReadonlyArray<W>) => Effect.Effect<ReadonlyArray<Settled<W, A>>, WriteError>,
  refusals?: ReadonlyArray<number>
): Effect.Effect<ReadonlyArray<Settled<W, A>>> =>
  Bisection.bisectBatches(batches, { send, refusals, concernsOne: isOfOneItem })

const isOfOneItem = ({ _tag }: WriteError): boolean =>
  _tag === "DeviceRefused" || _tag === "InvalidInput" || _tag === "NotKept" || _tag === "ProtocolViolation"
