import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { SessionError } from "../auth/AuthError.ts"

/** What became of one of many. */
export type Settled<W, A> =
  | { readonly _tag: "Done"; readonly wanted: W; readonly result: A }
  /** The device refused it, or its outcome is unknown: `error` says which. */
  | { readonly _tag: "Failed"; readonly wanted: W; readonly error: SessionError }
  /** It was not sent, because of what became of another one before it. */
  | { readonly _tag: "NotSent"; readonly wanted: W; readonly because: SessionError }

/** Some of many were not done. */
export class BulkIncomplete<W = unknown, A = unknown> extends Data.TaggedError("BulkIncomplete")<{
  /** What became of each, in the order in which they were given. */
  readonly items: ReadonlyArray<Settled<W, A>>
}> {
  constructor(given: { readonly items: ReadonlyArray<Settled<W, A>> }) {
    super(given)
    // What was wanted may hold a password or a key: a log prints what it can enumerate, or what `toJSON` gives.
    Object.defineProperty(this, "items", { value: given.items, enumerable: false })
    Object.defineProperty(this, "toJSON", { value: () => ({ _tag: this._tag, message: this.message }) })
  }
  override get message(): string {
    const errors = this.items.flatMap((one) => (one._tag === "Failed" ? [one.error] : []))
    const unsent = this.items.filter(({ _tag }) => _tag === "NotSent").length
    const kinds = new Set(errors.map(({ message }) => message))
    const more = kinds.size > 1 ? ` (and ${kinds.size - 1} more reasons)` : ""
    const rest = unsent > 0 ? ` After that ${unsent} more were not sent.` : ""
    return `${errors.length + unsent} of ${this.items.length} were not done: ${errors[0]?.message ?? ""}${more}${rest} The items of this error say what became of each.`
  }
}

/** The results where all was done, else `BulkIncomplete`. */
export const whole = <W, A>(
  items: ReadonlyArray<Settled<W, A>>
): Effect.Effect<ReadonlyArray<A>, BulkIncomplete<W, A>> => {
  const results = items.flatMap((one) => (one._tag === "Done" ? [one.result] : []))
  return results.length === items.length
    ? Effect.succeed(results)
    : Effect.fail(new BulkIncomplete({ items }))
}

/**
 * Does one after the other, since a device takes one change at a time. What fails one of them fails no other, unless it
 * says that the device or the session is gone, or leaves the outcome unknown: then the rest is not sent.
 */
export const inTurn = <W, A>(
  wanted: ReadonlyArray<W>,
  work: (one: W) => Effect.Effect<A, SessionError>,
  /** What of a result keeps the rest from being sent. */
  stops: (result: A) => SessionError | undefined = () => undefined
): Effect.Effect<ReadonlyArray<Settled<W, A>>> =>
  Effect.suspend(() => {
    let because: SessionError | undefined
    return Effect.forEach(wanted, (one) =>
      because !== undefined
        ? Effect.succeed<Settled<W, A>>({ _tag: "NotSent", wanted: one, because })
        : Effect.match(work(one), {
            onFailure: (error): Settled<W, A> => {
              if (!concernsOne(error)) because = error
              return { _tag: "Failed", wanted: one, error }
            },
            onSuccess: (result): Settled<W, A> => {
              because = stops(result)
              return { _tag: "Done", wanted: one, result }
            }
          })
    )
  })

const concernsOne = ({ _tag }: SessionError): boolean =>
  _tag === "DeviceRefused" || _tag === "InvalidInput" || _tag === "ProtocolViolation"
