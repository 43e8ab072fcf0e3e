import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import { few } from "../../../validation/Few.ts"
import type { PastChange } from "../../journal/RunHistory.ts"
import type { Place, RunStop } from "../RunStop.ts"
import type { RunTraffic } from "../RunTraffic.ts"
import type { PastChanges } from "./PastChanges.ts"

/** `IsMending` marks what is done of a change that the journal has, and of which a part is missing. */
export class IsMending extends Context.Reference<IsMending>()("sallyport/Workflow/IsMending", {
  defaultValue: () => false
}) {}

/**
 * `cameFurther` says whether an earlier go has done something that the script has not come to yet, so that it has come
 * past whatever it asks for now. Side by side they come in any order: so it waits while anything is under way that may
 * yet ask for that.
 */
export const cameFurther = (past: PastChanges, traffic: RunTraffic): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    if (past.unasked().length === 0 || (yield* IsMending)) return false
    yield* traffic.untilQuiet(() => past.unasked().length === 0)
    return past.unasked().length > 0
  })

/**
 * `mayGoOn` lets a change through that the journal does not have, unless the script should have come to another one
 * first.
 */
export const mayGoOn = (
  past: PastChanges,
  traffic: RunTraffic,
  stop: RunStop,
  place: Place
): Effect.Effect<void, RunRefused> =>
  Effect.gen(function* () {
    const [first] = (yield* cameFurther(past, traffic)) ? past.unasked() : []
    if (first === undefined) return
    yield* stop.at(
      place,
      "ResumeDiverged",
      `the run that is resumed made another change here: ${called(first)}. Resume it with the script and the input that it was begun with, or undo it and run anew.`
    )
  })

/**
 * `cameToAll` ends a run whose script has come to its end without all that the journal has: it went another way, and
 * what it did not ask for any more stays on the devices. `tell` is told the numbers of those.
 */
export const cameToAll = (
  past: PastChanges,
  traffic: RunTraffic,
  stop: RunStop,
  tell: (unasked: ReadonlyArray<number>) => void
): Effect.Effect<void, RunRefused> =>
  Effect.gen(function* () {
    if (past.missed().length === 0) return
    yield* traffic.untilQuiet(() => past.missed().length === 0)
    const left = past.missed()
    if (left.length === 0) return
    tell(left.map(({ number }) => number))
    yield* stop.at(
      { targetName: "the workflow", action: "", path: "", step: "" },
      "ResumeDiverged",
      `its script came to its end, and did not ask any more for what the run that is resumed has done: ${few(left.map(called), maxNamed)}. That stays on the devices: undo the run to take it back, or resume it with the script and the input that it was begun with.`
    )
  })

// Enough to see what it is about; the report has all.
const maxNamed = 3

/** `called` says which change it is. */
const called = ({ action, objects, path }: PastChange): string => {
  const [name] = objects.flatMap(({ name }) => (name === undefined ? [] : [` ${JSON.stringify(name)}`]))
  return `${action} ${path}${name ?? ""}`
}
