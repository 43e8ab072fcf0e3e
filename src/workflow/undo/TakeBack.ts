import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Fields } from "../../client/Change.ts"
import { isAbsent } from "../../client/ObjectWrites.ts"
import * as ReadBack from "../../client/ReadBack.ts"
import * as PathSegment from "../../transport/PathSegment.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { Bound, NoAnswer } from "./Bound.ts"
import type { Readings } from "./Readings.ts"
import type { UndoDevice } from "./UndoDevice.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `TakeBackOptions` are what one request of an undo needs beside itself. */
export interface TakeBackOptions {
  readonly device: UndoDevice
  readonly readings: Readings
  /** `begin` is journaled before the request is sent. */
  readonly begin: Effect.Effect<void>
  readonly bound: Bound
  /** `referring` says which changes refer to an id. */
  readonly referring: (id: string) => string
}

/**
 * `takeBack` sends one request of an undo, if what it is about is still as the change has left it, and says what became
 * of that. It is sent once: where its answer is lost, it is looked for, by `ReadBack.ReadBackSchedule`.
 */
export const takeBack = (unit: UndoUnit.UndoUnit, options: TakeBackOptions): Effect.Effect<TakenBack> => {
  const { readings } = options
  const bounded = boundOf(unit, options)
  const name = UndoUnit.nameOf(unit)
  return Effect.gen(function* () {
    const there = yield* bounded(current(unit, readings.find))
    const settled = judge(unit, there)
    // What was read with a list may be short; before something is left, it is read by itself.
    if (settled?.how === "changedSince") return yield* afresh(unit, options)
    if (settled !== undefined) return settled
    if (UndoUnit.isBegun(unit)) {
      const earlier = yield* lookFor(unit, options)
      if (earlier !== undefined) return earlier
    }
    return yield* send(unit, there, options)
  }).pipe(
    Effect.catchAll((error) =>
      Effect.succeed<TakenBack>({ how: "failed", why: Advice.notAsked(name, error.message) })
    )
  )
}

const afresh = (unit: UndoUnit.UndoUnit, options: TakeBackOptions) =>
  Effect.gen(function* () {
    const there = yield* boundOf(unit, options)(current(unit, options.readings.findAnew))
    return judge(unit, there) ?? (yield* send(unit, there, options))
  })

/** `current` is what the request is about, as it is now. What was removed may still be there, by its former id. */
const current = (
  unit: UndoUnit.UndoUnit,
  find: Readings["find"]
): Effect.Effect<Fields | undefined, SessionError> => {
  const { change, request } = unit
  const sought = UndoUnit.soughtBy(unit)
  if (request.method !== "POST") return find(change, sought)
  const { formerId } = request
  return Effect.gen(function* () {
    const former = formerId === undefined ? undefined : yield* find(change, { id: formerId })
    if (former !== undefined) return former
    // What has no name cannot be told from what was there before, unless it may have been created already.
    const isKnown = sought.name !== undefined || sought.like === undefined || UndoUnit.isBegun(unit)
    return isKnown ? yield* find(change, sought) : undefined
  })
}

/** `judge` says what becomes of a request that need not, or must not be sent; `undefined`: it may. */
const judge = (unit: UndoUnit.UndoUnit, there: Fields | undefined): TakenBack | undefined => {
  const { change, request } = unit
  const { formerId, method } = request
  const name = UndoUnit.nameOf(unit)
  // It was not removed, whatever has become of it since.
  if (method === "POST" && there !== undefined && there.id === formerId) return { how: "neverHappened" }
  const state = UndoUnit.stateOf(unit, there)
  if (state === "after") return undefined
  if (state === "other") {
    if (there === undefined) return { how: "goneAlready", why: Advice.gone(name) }
    const fields = UndoUnit.changedFields(unit, there)
    const why = method === "POST" ? Advice.nameTaken(name, fields) : Advice.changedSince(name, fields)
    return { how: "changedSince", why }
  }
  if (UndoUnit.isBegun(unit)) return { how: "undone", ...newIdOf(unit, there) }
  if (change.outcome !== "done") return { how: "neverHappened" }
  const made = newIdOf(unit, there)
  return made === undefined
    ? { how: "goneAlready" }
    : { how: "goneAlready", ...made, why: Advice.madeByOthers(name, made.newId, formerId) }
}

const newIdOf = ({ request }: UndoUnit.UndoUnit, item: unknown): { readonly newId: string } | undefined => {
  const id = isFields(item) ? item.id : undefined
  return request.method === "POST" && request.formerId !== undefined && typeof id === "string"
    ? { newId: id }
    : undefined
}

const send = (
  unit: UndoUnit.UndoUnit,
  there: Fields | undefined,
  options: TakeBackOptions
): Effect.Effect<TakenBack> => {
  const { begin, device, readings } = options
  const bounded = boundOf(unit, options)
  const { change, request } = unit
  const { id, method, path, query } = request
  const name = UndoUnit.nameOf(unit)
  const known = id ?? (method !== "POST" && request.find !== undefined ? there?.id : undefined)
  return Effect.gen(function* () {
    const at = yield* known === undefined ? PathSegment.join(path) : PathSegment.join(path, { id: known })
    yield* begin
    const body = UndoUnit.bodyFor(unit, there)
    const answer = yield* bounded(
      device.rest.send(method, at, Schema.Unknown, {
        ...(body !== undefined && { body }),
        ...(query !== undefined && { query })
      })
    )
    return yield* verified(unit, answer, options)
  }).pipe(
    Effect.catchAll((error) => {
      readings.forget(change)
      if (isLost(error)) return Effect.map(lookFor(unit, options), (found) => found ?? lost(name, error))
      return Effect.succeed<TakenBack>(
        error._tag === "DeviceRefused" && isAbsent(error) && method !== "POST"
          ? { how: "goneAlready", ...(method === "PUT" && { why: Advice.gone(name) }) }
          : { how: "failed", why: Advice.refused(name, error.message, method === "DELETE") }
      )
    })
  )
}

const lost = (name: string, error: SessionError | NoAnswer): TakenBack => ({
  how: "unknown",
  why: Advice.lost(name, error.message)
})

/** `isLost` says that a request was sent, or may have been, and nobody knows what became of it. */
const isLost = (error: SessionError | NoAnswer): boolean => {
  if (error._tag === "NoAnswer") return true
  return error._tag !== "DeviceRefused" && "sent" in error && error.sent === "maybe"
}

/** `verified` holds what was answered against what was sent; where that does not show it, it is read once more. */
const verified = (
  unit: UndoUnit.UndoUnit,
  answer: unknown,
  options: TakeBackOptions
): Effect.Effect<TakenBack> => {
  const { readings } = options
  const bounded = boundOf(unit, options)
  const { change, request } = unit
  const { id, method } = request
  const name = UndoUnit.nameOf(unit)
  return Effect.gen(function* () {
    if (method === "DELETE") {
      readings.changed(change, id, undefined)
      return { how: "undone" } as const
    }
    const isShown = change.lookup === undefined && isFields(answer) && typeof answer.id === "string"
    if (isShown && UndoUnit.unrestoredFields(unit, answer).length === 0) {
      readings.changed(change, String(answer.id), answer)
      return restored(unit, answer, options)
    }
    const sought = isShown ? { id: String(answer.id) } : UndoUnit.soughtBy(unit)
    const there = yield* bounded(readings.findAnew(change, sought))
    readings.forget(change)
    const isBefore = there !== undefined && ["before", "same"].includes(UndoUnit.stateOf(unit, there))
    if (isBefore) return restored(unit, there, options)
    const fields = there === undefined ? [] : UndoUnit.unrestoredFields(unit, there)
    return { how: "failed", ...newIdOf(unit, there), why: Advice.notKept(name, fields) } as const
  }).pipe(
    Effect.catchAll((error) =>
      Effect.succeed<TakenBack>({
        how: "unknown",
        ...newIdOf(unit, answer),
        why: Advice.unseen(name, error.message)
      })
    )
  )
}

const restored = (unit: UndoUnit.UndoUnit, item: Fields, { referring }: TakeBackOptions): TakenBack => {
  const made = newIdOf(unit, item)
  const { formerId } = unit.request
  return made === undefined || formerId === undefined
    ? { how: "undone" }
    : {
        how: "undone",
        ...made,
        why: Advice.newId(UndoUnit.nameOf(unit), made.newId, formerId, referring(formerId))
      }
}

/** `lookFor` looks whether a request that was sent has done its work; `undefined` is no trace of it. */
const lookFor = (unit: UndoUnit.UndoUnit, options: TakeBackOptions): Effect.Effect<TakenBack | undefined> => {
  const { readings } = options
  const bounded = boundOf(unit, options)
  const { change } = unit
  const begun: UndoUnit.UndoUnit = {
    ...unit,
    change: { ...change, takenBack: new Map([[unit.number, "begun" as const]]) }
  }
  const found = bounded(current(begun, readings.findAnew)).pipe(
    Effect.map((there) => ({ there, state: UndoUnit.stateOf(begun, there) })),
    Effect.filterOrFail(
      ({ state }) => state !== "after",
      () => "NoTrace" as const
    )
  )
  const byTime = Effect.flatMap(options.bound.left, (duration) =>
    Effect.flatMap(ReadBack.ReadBackSchedule, (schedule) =>
      Effect.retry(found, { schedule, while: (error) => error === "NoTrace" })
    ).pipe(Effect.timeoutFail({ duration, onTimeout: () => "NoTrace" as const }))
  )
  return byTime.pipe(
    Effect.map(({ there }): TakenBack | undefined => {
      const result = judge(begun, there)
      if (result?.how !== "undone") return result
      return there === undefined ? result : restored(begun, there, options)
    }),
    Effect.catchAll((error) =>
      Effect.succeed<TakenBack | undefined>(
        error === "NoTrace"
          ? undefined
          : { how: "unknown", why: Advice.unseen(UndoUnit.nameOf(unit), error.message) }
      )
    )
  )
}

const boundOf = ({ change }: UndoUnit.UndoUnit, { bound }: TakeBackOptions) => bound.each(change.targetName)

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
