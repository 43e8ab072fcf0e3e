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
import { current, judge, newIdOf } from "./Judge.ts"
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
 * of that. It is carried out once: where its answer is lost, it is looked for, by `ReadBack.ReadBackSchedule`.
 */
export const takeBack = (unit: UndoUnit.UndoUnit, options: TakeBackOptions): Effect.Effect<TakenBack> => {
  const { readings } = options
  const bounded = boundOf(unit, options)
  return Effect.gen(function* () {
    const seen = yield* bounded(current(unit, readings.find))
    // What was read with a list may be short, or old: before something is left, it is read by itself.
    const there =
      judge(unit, seen)?.how === "changedSince" ? yield* bounded(current(unit, readings.findAnew)) : seen
    const settled = judge(unit, there)
    if (settled !== undefined) return settled
    const earlier = UndoUnit.isBegun(unit) ? yield* lookFor(unit, options) : undefined
    return earlier ?? (yield* carryOut(unit, there, options))
  }).pipe(
    Effect.catchAll((error) =>
      Effect.succeed<TakenBack>({
        how: "failed",
        why: Advice.notAsked(UndoUnit.nameOf(unit), error.message)
      })
    )
  )
}

const carryOut = (
  unit: UndoUnit.UndoUnit,
  there: Fields | undefined,
  options: TakeBackOptions
): Effect.Effect<TakenBack> => {
  const { method } = unit.request
  const name = UndoUnit.nameOf(unit)
  return Effect.zipRight(options.begin, send(unit, there, options)).pipe(
    Effect.flatMap((sent) => verified(sent, options)),
    Effect.catchAll((error) => {
      options.readings.forget(unit.change)
      if (isLost(error)) {
        const unknown: TakenBack = { how: "unknown", why: Advice.lost(name, error.message) }
        return Effect.map(lookFor(unit, options), (found) => found ?? unknown)
      }
      const failed: TakenBack = {
        how: "failed",
        why: Advice.refused(name, error.message, method === "DELETE")
      }
      if (error._tag !== "DeviceRefused" || !isAbsent(error) || method === "POST") {
        return Effect.succeed(failed)
      }
      // It has gone in between, or the device has no such operation there.
      const gone: TakenBack = { how: "goneAlready", ...(method === "PUT" && { why: Advice.gone(name) }) }
      return Effect.map(isListed(unit, there, options), (isThere) => (isThere ? failed : gone))
    })
  )
}

/** `isListed` says whether it still stands in its list. */
const isListed = (unit: UndoUnit.UndoUnit, there: Fields | undefined, options: TakeBackOptions) =>
  boundOf(
    unit,
    options
  )(options.readings.all(unit.change)).pipe(
    Effect.map((items) => items.some(({ id }) => id !== undefined && id === there?.id)),
    Effect.orElseSucceed(() => false)
  )

/** `SentUnit` is a request as it was sent, and what was answered. */
interface SentUnit {
  readonly unit: UndoUnit.UndoUnit
  /** `id` is that of what it was sent to, where it is known. */
  readonly id: string | undefined
  readonly answer: unknown
}

/** `send` sends it; what a device refuses because of its place or its version is asked for once more, without it or anew. */
const send = (
  unit: UndoUnit.UndoUnit,
  there: Fields | undefined,
  options: TakeBackOptions
): Effect.Effect<SentUnit, SessionError | NoAnswer> => {
  const { change, request } = unit
  const { find, method, path, place, query } = request
  const found = find !== undefined && typeof there?.id === "string" ? there.id : undefined
  const id = method === "POST" ? undefined : (request.id ?? found)
  const bounded = boundOf(unit, options)
  const ask = (current: Fields | undefined, query: typeof place, sent = unit) =>
    Effect.gen(function* () {
      const at = yield* PathSegment.join(path, id === undefined ? {} : { id })
      const body = UndoUnit.bodyFor(unit, current)
      const answer = yield* bounded(options.device.rest.send(method, at, Schema.Unknown, { body, query }))
      return { unit: sent, id, answer }
    })
  const first = ask(there, place === undefined ? query : { ...query, ...place })
  return Effect.catchIf(first, isRefused, (refusal) => {
    if (place !== undefined) {
      return ask(there, query, { ...unit, request: { ...request, loses: Advice.lostPlace } })
    }
    if (method !== "PUT" || typeof there?.version !== "string") return Effect.fail(refusal)
    // The list may have been read before the version has changed.
    return Effect.gen(function* () {
      const now = yield* bounded(options.readings.findAnew(change, UndoUnit.soughtBy(unit)))
      const isAnother = now?.version !== there.version && judge(unit, now) === undefined
      return isAnother ? yield* ask(now, query) : yield* Effect.fail(refusal)
    })
  })
}

const isRefused = (error: SessionError | NoAnswer): boolean =>
  error._tag === "DeviceRefused" && [400, 409, 412, 422].includes(error.status)

/** `isLost` says that a request was sent, or may have been, and nobody knows what became of it. */
const isLost = (error: SessionError | NoAnswer): boolean => {
  if (error._tag === "NoAnswer") return true
  return error._tag !== "DeviceRefused" && "sent" in error && error.sent === "maybe"
}

/** `verified` holds what was answered against what was sent; where that does not show it, it is read once more. */
const verified = ({ answer, id, unit }: SentUnit, options: TakeBackOptions): Effect.Effect<TakenBack> => {
  const { readings } = options
  const { change, request } = unit
  const { method } = request
  const name = UndoUnit.nameOf(unit)
  return Effect.gen(function* () {
    if (method === "DELETE") {
      readings.changed(change, id, undefined)
      return { how: "undone" } as const
    }
    const isShown = change.lookup === undefined && UndoUnit.isFields(answer) && typeof answer.id === "string"
    if (isShown && UndoUnit.unrestoredFields(unit, answer).length === 0) {
      readings.changed(change, String(answer.id), answer)
      return restored(unit, answer, options)
    }
    readings.forget(change)
    const sought = isShown ? { id: String(answer.id) } : UndoUnit.soughtBy(unit)
    const there = yield* boundOf(unit, options)(readings.findAnew(change, sought))
    const isBefore = there !== undefined && ["before", "same"].includes(UndoUnit.stateOf(unit, there))
    if (isBefore) return restored(unit, there, options)
    const fields = there === undefined ? [] : UndoUnit.unrestoredFields(unit, there)
    const notKept = Advice.notKept(name, fields)
    if (method !== "POST" || there === undefined) return { how: "failed", why: notKept } as const
    // Some fields are the device's own to give, such as a rule's number.
    const made = restored(unit, there, options)
    return { ...made, why: made.why === undefined ? notKept : `${made.why} ${notKept}` }
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
  const { formerId, loses } = unit.request
  const name = UndoUnit.nameOf(unit)
  if (made === undefined || formerId === undefined) return { how: "undone" }
  const why = Advice.newId(name, made.newId, formerId, referring(formerId))
  return { how: "undone", ...made, why: loses === undefined ? why : `${why} ${Advice.loses(name, loses)}` }
}

/** `lookFor` looks whether a request that was sent has done its work; `undefined` is no trace of it. */
const lookFor = (unit: UndoUnit.UndoUnit, options: TakeBackOptions): Effect.Effect<TakenBack | undefined> => {
  const { bound, readings } = options
  const begun = UndoUnit.asBegun(unit)
  const found = Effect.gen(function* () {
    const there = yield* boundOf(unit, options)(current(begun, readings.findAnew))
    const result = judge(begun, there)
    if (result === undefined) return yield* Effect.fail("NoTrace" as const)
    return result.how === "undone" && there !== undefined ? restored(begun, there, options) : result
  })
  return Effect.gen(function* () {
    const schedule = yield* ReadBack.ReadBackSchedule
    return yield* Effect.retry(found, { schedule, while: (error) => error === "NoTrace" }).pipe(
      Effect.timeoutFail({ duration: yield* bound.left, onTimeout: () => "NoTrace" as const })
    )
  }).pipe(
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
