import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { SessionError } from "../auth/AuthError.ts"

/** What became of one of many. */
export type Settled<W, A> =
  | { readonly _tag: "Done"; readonly wanted: W; readonly result: A }
  /** The device refused it, its outcome is unknown, or it was not sent at all: `error` says which. */
  | { readonly _tag: "Failed"; readonly wanted: W; readonly error: SessionError }

/** Some of many were not done. */
export class BulkIncomplete<W = unknown, A = unknown> extends Data.TaggedError("BulkIncomplete")<{
  /** What became of each, in the order in which they were given. */
  readonly items: ReadonlyArray<Settled<W, A>>
}> {
  override get message(): string {
    const errors = this.items.flatMap((one) => (one._tag === "Failed" ? [one.error] : []))
    const kinds = new Set(errors.map(({ message }) => message))
    const more = kinds.size > 1 ? ` (and ${kinds.size - 1} more reasons)` : ""
    return `${errors.length} of ${this.items.length} were not done: ${errors[0]?.message ?? ""}${more} The items of this error say what became of each.`
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
 * says that the device or the session is gone: then the rest is not sent, and fails with the same error.
 */
export const inTurn = <W, A>(
  wanted: ReadonlyArray<W>,
  work: (one: W) => Effect.Effect<A, SessionError>
): Effect.Effect<ReadonlyArray<Settled<W, A>>> => {
  let fatal: SessionError | undefined
  return Effect.forEach(wanted, (one) =>
    fatal !== undefined
      ? Effect.succeed<Settled<W, A>>({ _tag: "Failed", wanted: one, error: fatal })
      : Effect.match(work(one), {
          onFailure: (error): Settled<W, A> => {
            if (!concernsOne(error)) fatal = error
            return { _tag: "Failed", wanted: one, error }
          },
          onSuccess: (result): Settled<W, A> => ({ _tag: "Done", wanted: one, result })
        })
  )
}

const concernsOne = ({ _tag }: SessionError): boolean =>
  _tag === "DeviceRefused" || _tag === "InvalidInput" || _tag === "ProtocolViolation"
