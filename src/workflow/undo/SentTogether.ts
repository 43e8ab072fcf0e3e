import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import { nameKey } from "../../client/fields/FieldEquality.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { NoAnswer } from "./Bound.ts"
import { newIdOf } from "./Judge.ts"
import { lookForAll } from "./LookFor.ts"
import { boundOf, isFault, isLost, type TakeBackOptions } from "./TakeBackOptions.ts"
import type { Sendable, Way } from "./Together.ts"
import * as UndoUnit from "./UndoUnit.ts"
import { readAgain, shownBy } from "./Verified.ts"

/** `SentTogetherOptions` are what requests of an undo need that are sent as one. */
export interface SentTogetherOptions extends Pick<TakeBackOptions, "bound" | "device" | "readings"> {
  /** `optionsOf` are those of one that is sent alone. */
  readonly optionsOf: (unit: UndoUnit.UndoUnit) => TakeBackOptions
}

/**
 * `send` sends several requests of one way as one, and says what became of each. Where its answer is lost, or a fault of
 * the device, they are looked for; of what a fault has left no trace, nothing is said. Fails as a device refuses all of
 * them, and as sessions do.
 */
export const send = (
  batch: ReadonlyArray<Sendable>,
  way: Way,
  options: SentTogetherOptions
): Effect.Effect<ReadonlyArray<TakenBack | undefined>, SessionError> => {
  const [first] = batch
  if (first === undefined) return Effect.succeed([])
  const { method, path } = first.unit.request
  const bounded = boundOf(first.unit, options)
  const asked = bounded(options.device.rest.send(method, path, Schema.Unknown, requestOf(batch, way)))
  return Effect.matchEffect(asked, {
    onSuccess: (answer) => verified(batch, answer, options),
    onFailure: (error) => {
      if (error._tag !== "NoAnswer" && !isLost(error) && !isFault(error)) return Effect.fail(error)
      return lost(batch, error, options)
    }
  })
}

const requestOf = (batch: ReadonlyArray<Sendable>, way: Way) => {
  const { method, place, query } = batch[0]?.unit.request ?? {}
  const ids = batch.map(({ id }) => id).join(",")
  if ("ids" in way) return { query: { ...way.query, ...query, [way.ids]: `${way.prefix}${ids}` } }
  const body = batch.map(({ id, there, unit }) => {
    const fields = UndoUnit.bodyFor(unit, there)
    return method === "PUT" ? { ...fields, id } : fields
  })
  return { query: { ...way.query, ...query, ...place }, body }
}

/** `lost` looks for all whose answer is lost, or no answer. */
const lost = (
  batch: ReadonlyArray<Sendable>,
  error: SessionError | NoAnswer,
  options: SentTogetherOptions
): Effect.Effect<ReadonlyArray<TakenBack | undefined>> => {
  const units = batch.map(({ unit }) => unit)
  return Effect.map(lookForAll(units, options, options.optionsOf), (found) =>
    units.map((unit, at): TakenBack | undefined => {
      const unknown = { how: "unknown", why: Advice.lost(UndoUnit.nameOf(unit), error.message) } as const
      return found[at] ?? (isFault(error) ? undefined : unknown)
    })
  )
}

/** `verified` holds what was answered against what was sent; what that does not show is read with its list. */
const verified = (
  batch: ReadonlyArray<Sendable>,
  answer: unknown,
  options: SentTogetherOptions
): Effect.Effect<ReadonlyArray<TakenBack>> => {
  const known = answeredBy(answer)
  const answered = ({ request }: UndoUnit.UndoUnit, id: string | undefined) =>
    known.get(request.method === "POST" ? `name ${nameKey(String(request.body?.name))}` : `id ${id ?? ""}`)
  const shown = batch.map(({ id, unit }) => {
    const item = answered(unit, id)
    // An answer that names some is not about the others.
    if (unit.request.method === "DELETE" && item === undefined && known.size > 0) return undefined
    return shownBy({ unit, id, answer: item }, options.optionsOf(unit))
  })
  const [unseen] = batch.filter((_, at) => shown[at] === undefined)
  if (unseen === undefined) return Effect.succeed(shown.flatMap((one) => one ?? []))
  options.readings.forget(unseen.unit.change)
  return Effect.forEach(batch, ({ id, unit }, at) => {
    const result = shown[at]
    if (result !== undefined) return Effect.succeed(result)
    const there = options.readings.find(unit.change, UndoUnit.soughtBy(unit))
    return Effect.match(boundOf(unit, options)(there), {
      onSuccess: (item) => readAgain(unit, item, options.optionsOf(unit)),
      onFailure: (error): TakenBack => ({
        how: "unknown",
        ...newIdOf(unit, answered(unit, id)),
        why: Advice.unseen(UndoUnit.nameOf(unit), error.message)
      })
    })
  })
}

/** `answeredBy` are the objects of an answer, by their ids and by their names. */
const answeredBy = (answer: unknown): ReadonlyMap<string, Fields> => {
  const items = Predicate.isReadonlyRecord(answer) && "items" in answer ? answer.items : answer
  const known = new Map<string, Fields>()
  for (const item of Array.isArray(items) ? items.filter(Predicate.isReadonlyRecord) : []) {
    if (typeof item.id === "string") known.set(`id ${item.id}`, item)
    if (typeof item.name === "string") known.set(`name ${nameKey(item.name)}`, item)
  }
  return known
}
