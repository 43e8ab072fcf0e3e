import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import { differs } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import { isAbsent } from "../../client/objects/ObjectWrites.ts"
import * as ReadBack from "../../client/writes/ReadBack.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { NoAnswer } from "./Bound.ts"
import { current, judge } from "./Judge.ts"
import { lookFor } from "./LookFor.ts"
import * as Namesake from "./Namesake.ts"
import { boundOf, isFault, isLost, type TakeBackOptions } from "./TakeBackOptions.ts"
import * as UndoUnit from "./UndoUnit.ts"
import { type SentUnit, verified } from "./Verified.ts"

/**
 * `takeBack` sends one request of an undo, if what it is about is still as the change has left it, and says what became
 * of that. It is carried out once: where its answer is lost, it is looked for, by `ReadBack.ReadBackSchedule`, and at
 * once where the device has failed at it.
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
    if (settled !== undefined) return yield* bounded(Namesake.toldOf(unit, settled, readings.find))
    if (UndoUnit.isUnaddressed(unit, there)) return unaddressed(unit)
    // As late as can be: somebody may be at it.
    const why = options.whyLeft && (yield* options.whyLeft(there))
    if (why !== undefined) return { how: "changedSince", why } satisfies TakenBack
    // To read its settings takes several requests: it may have been changed meanwhile.
    const isLate = unit.change.settings !== undefined && options.whyLeft !== undefined
    const late = isLate ? judge(unit, yield* bounded(current(unit, readings.findAnew))) : undefined
    if (late !== undefined) return yield* bounded(Namesake.toldOf(unit, late, readings.find))
    const isSought = UndoUnit.isBegun(unit) && options.isLookedFor !== true
    const earlier = isSought ? yield* lookFor(unit, options) : undefined
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

const unaddressed = (unit: UndoUnit.UndoUnit): TakenBack => ({
  how: "cannot",
  why: Advice.cannot(UndoUnit.nameOf(unit), "the device shows no id of it; take it back by hand")
})

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
      if (isFault(error)) {
        return Effect.map(lookFor(unit, options), (found) => found ?? failed).pipe(
          // Who has answered is seldom at it still, and a device may fail at each of hundreds.
          Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(0))
        )
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
const isListed = (unit: UndoUnit.UndoUnit, there: Fields | undefined, options: TakeBackOptions) => {
  const { where } = unit.change.lookup ?? {}
  const isIt = (one: Fields) =>
    where === undefined
      ? one.id !== undefined && one.id === there?.id
      : !differs(where, one, { secrets: false })
  return boundOf(
    unit,
    options
  )(options.readings.all(unit.change)).pipe(
    Effect.map((items) => items.some(isIt)),
    Effect.orElseSucceed(() => false)
  )
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
