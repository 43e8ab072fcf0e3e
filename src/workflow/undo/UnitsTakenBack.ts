import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Fields } from "../../client/fields/ListEntry.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import * as Below from "./Below.ts"
import type { Bound } from "./Bound.ts"
import * as NewIds from "./NewIds.ts"
import * as Readings from "./Readings.ts"
import { takeAllBack } from "./TakeAllBack.ts"
import { takeBack } from "./TakeBack.ts"
import type { TakeBackOptions } from "./TakeBackOptions.ts"
import * as Together from "./Together.ts"
import type { UndoWork } from "./UndoOptions.ts"
import * as UndoResults from "./UndoResults.ts"
import * as UndoUnit from "./UndoUnit.ts"

/** `UnitsTakenBack` are the requests of an undo, and what has become of them so far. */
export interface UnitsTakenBack {
  /** `take` does one, unless something has become of it already. */
  readonly take: (unit: UndoUnit.UndoUnit) => Effect.Effect<void>
  readonly resultOf: (unit: UndoUnit.UndoUnit) => TakenBack | undefined
}

/** `make` begins an undo. `given` are its requests, the first to send first. */
export const make = (
  given: ReadonlyArray<UndoResults.UnitGiven>,
  nesting: Below.Nesting,
  { begin, changes, deviceOf, ended }: Pick<UndoWork, "begin" | "changes" | "deviceOf" | "ended">,
  bound: Bound,
  isOver: Effect.Effect<boolean>
): UnitsTakenBack => {
  const results = UndoResults.make(given, changes)
  const { explained, leftToOthers, lostBy, newIds, referring, settle } = results
  const readingsOf = new Map<string, Readings.Readings>()
  /** `tried` are those that were to be removed with all that lies below them. */
  const tried = new Set<UndoUnit.UndoUnit>()
  const units = given.map(({ unit }) => unit)
  const places = new Map(units.map((unit, at) => [unit, at]))
  /** `alone` are those that were to be sent with others, and have been looked for. */
  const alone = new Set<UndoUnit.UndoUnit>()
  /** `sent` are those that were sent with others, as far as anybody knows. */
  const sent = new Set<UndoUnit.UndoUnit>()

  const end = ({ change, number: request }: UndoUnit.UndoUnit, result: TakenBack) =>
    ended([{ change, request, result }])

  const readings = (targetName: string) => {
    const device = deviceOf(targetName)
    if (device === undefined) return undefined
    const made = readingsOf.get(targetName) ?? Readings.make(device, ({ path }) => counts.get(path) ?? 0)
    readingsOf.set(targetName, made)
    return { device, readings: made }
  }
  const counts = new Map<string, number>()
  for (const { change } of units) counts.set(change.path, (counts.get(change.path) ?? 0) + 1)

  /** `attempt` does one, and journals what has become of it, as far as `isTold` has it told. */
  const attempt = (
    unit: UndoUnit.UndoUnit,
    whyLeft?: TakeBackOptions["whyLeft"],
    isTold: (result: TakenBack) => boolean = () => true
  ): Effect.Effect<TakenBack> =>
    Effect.gen(function* () {
      const { change, number } = unit
      const known = readings(change.targetName)
      const given = NewIds.withNewIds(unit, newIds)
      const current = sent.has(unit) ? UndoUnit.asBegun(given) : given
      const result =
        leftToOthers(unit) ??
        (known === undefined
          ? ({ how: "failed", why: Advice.noDevice(change.targetName) } satisfies TakenBack)
          : yield* takeBack(current, {
              ...known,
              bound,
              begin: begin([{ change, request: number }]),
              referring: referring(unit),
              whyLeft,
              isLookedFor: alone.has(unit)
            }))
      const told = explained(unit, result)
      if (isTold(told)) yield* end(unit, told)
      return told
    }).pipe(
      Effect.catchAllCause((cause) =>
        Effect.succeed<TakenBack>({
          how: "unknown",
          why: Advice.broken(UndoUnit.nameOf(unit), faultOf(Cause.squash(cause)))
        })
      )
    )

  /** `readBelow` reads what lies below an object. */
  const readBelow = (
    parent: UndoUnit.UndoUnit,
    below: ReadonlyArray<UndoUnit.UndoUnit>,
    there?: Fields | undefined
  ) => {
    const known = readings(parent.change.targetName)
    const current = below.map((unit) => NewIds.withNewIds(unit, newIds))
    return known === undefined
      ? Effect.succeed(undefined)
      : bound.each(parent.change.targetName)(
          Below.read(NewIds.withNewIds(parent, newIds), there, current, known.readings)
        )
  }

  /**
   * `takeWithAllBelow` removes an object before what the run has created below it, which goes with it. Where something
   * else lies there, or the device does not, those below are taken back first; so they are where the object is not as it
   * was created, since the run itself may have changed it, or what it shows of what lies below.
   */
  const takeWithAllBelow = (parent: UndoUnit.UndoUnit): Effect.Effect<void> =>
    Effect.gen(function* () {
      tried.add(parent)
      const below = nesting.below(parent).filter((unit) => !results.has(unit))
      const seen = yield* Effect.orElseSucceed(readBelow(parent, below), () => undefined)
      if (seen === undefined || Below.whyLeft(parent, seen) !== undefined) return
      const result = yield* attempt(parent, undefined, ({ how }) => how !== "changedSince")
      if (result.how === "failed" || result.how === "changedSince") return
      settle(parent, result)
      if (result.how !== "undone" && result.how !== "goneAlready") return
      for (const unit of below) {
        const wentWithIt = seen.isThere(unit) || unit.request.method !== "DELETE"
        const how = wentWithIt
          ? "goneWithParent"
          : unit.change.outcome === "done"
            ? "goneAlready"
            : "neverHappened"
        settle(unit, { how })
        yield* end(unit, { how })
      }
    })

  /** `whyLeft` fails where what lies below it cannot be read: nobody knows then what would go with it. */
  const whyLeft = (unit: UndoUnit.UndoUnit, there: Fields | undefined) => {
    const below = nesting.below(unit)
    return below.length === 0 && !Below.holds(unit)
      ? Effect.succeed(undefined)
      : Effect.map(readBelow(unit, below, there), (seen) => seen && Below.whyLeft(unit, seen))
  }

  const takeAlone = (unit: UndoUnit.UndoUnit): Effect.Effect<TakenBack> =>
    Effect.gen(function* () {
      const why = lostBy(unit)
      if (why !== undefined) {
        const result: TakenBack = { how: "failed", why }
        yield* end(unit, result)
        return result
      }
      return yield* attempt(unit, (there) => whyLeft(unit, there))
    })

  /** `isFree` says that one may be sent along with others: nothing of the undo lies above it, and nothing below. */
  const isFree = (unit: UndoUnit.UndoUnit): boolean => {
    const isBelow = nesting.above(unit).some((one) => results.isGone(one) || !tried.has(one))
    const isAbove = nesting.below(unit).length > 0 || Below.holds(unit)
    const isOwn = lostBy(unit) === undefined && leftToOthers(unit) === undefined
    return !alone.has(unit) && isOwn && !isBelow && !isAbove
  }

  /** `takeTogether` takes one back with those that follow it, where they are many, and one request does. */
  const takeTogether = (unit: UndoUnit.UndoUnit): Effect.Effect<void> => {
    const known = readings(unit.change.targetName)
    const own = Together.gather(rest(unit), isFree)
    if (known === undefined || own.length <= Together.few) return Effect.void
    for (const one of own) alone.add(one)
    const current = NewIds.allWithNewIds(own, newIds)
    const given = new Map(current.map((one, at) => [one, own[at] ?? one]))
    const givenOf = (one: UndoUnit.UndoUnit) => given.get(one) ?? one
    const requestOf = (one: UndoUnit.UndoUnit) => ({ change: givenOf(one).change, request: one.number })
    return takeAllBack(current, {
      ...known,
      bound,
      isOver,
      optionsOf: (one) => ({
        ...known,
        bound,
        begin: Effect.void,
        referring: referring(givenOf(one)),
        isLookedFor: true
      }),
      begin: (some) => {
        for (const one of some) sent.add(givenOf(one))
        return begin(some.map(requestOf))
      },
      ended: (some) => {
        const all = [...some].map(([one, result]) => [one, explained(givenOf(one), result)] as const)
        for (const [one, result] of all) settle(givenOf(one), result)
        return ended(all.map(([one, result]) => ({ ...requestOf(one), result })))
      }
    }).pipe(
      Effect.catchAllCause((cause) =>
        Effect.sync(() => {
          const fault = faultOf(Cause.squash(cause))
          for (const one of own.filter((one) => !results.has(one)))
            settle(one, { how: "unknown", why: Advice.broken(UndoUnit.nameOf(one), fault) })
        })
      )
    )
  }

  /** `rest` are those from one on of which nothing has become yet. */
  const rest = function* (unit: UndoUnit.UndoUnit) {
    for (let at = places.get(unit) ?? units.length; at < units.length; at++) {
      const one = units[at]
      if (one !== undefined && !results.has(one)) yield one
    }
  }

  const take = (unit: UndoUnit.UndoUnit): Effect.Effect<void> =>
    Effect.gen(function* () {
      if (results.has(unit)) return
      if (isFree(unit)) yield* takeTogether(unit)
      if (results.has(unit) || (yield* isOver)) return
      // An earlier undo has removed what it lay below, and ended before it said so.
      if (nesting.above(unit).some((parent) => results.isGone(parent))) {
        const result: TakenBack = { how: "goneWithParent" }
        settle(unit, result)
        return yield* end(unit, result)
      }
      for (const parent of nesting.above(unit)) {
        if (!results.has(unit) && !results.has(parent) && !tried.has(parent)) yield* takeWithAllBelow(parent)
      }
      if (!results.has(unit)) settle(unit, yield* takeAlone(unit))
    })

  return { take, resultOf: results.of }
}

/** `faultOf` is what kind of a fault it is: its words may hold anything. */
const faultOf = (fault: unknown): string => (fault instanceof Error ? fault.name : typeof fault)
