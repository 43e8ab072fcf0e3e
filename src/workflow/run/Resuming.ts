import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { RunRefused } from "../../auth/RunRefused.ts"
import type { PastChanges } from "./PastChanges.ts"
import type { Place, RunStop } from "./RunStop.ts"
import type { RunTraffic } from "./RunTraffic.ts"

/** `IsMending` marks what is done of a change that the journal has, and of which a part is missing. */
export class IsMending extends Context.Reference<IsMending>()("sallyport/Workflow/IsMending", {
  defaultValue: () => false
}) {}

/**
 * `mayGoOn` lets a change through that the journal does not have, unless the script should have come to another one
 * first. Side by side they come in any order: so it waits while anything is under way that may yet ask for that one.
 */
export const mayGoOn = (
  past: PastChanges,
  traffic: RunTraffic,
  stop: RunStop,
  place: Place
): Effect.Effect<void, RunRefused> =>
  Effect.gen(function* () {
    if (past.unasked().length === 0 || (yield* IsMending)) return
    yield* traffic.untilQuiet(() => past.unasked().length === 0)
    const [first] = past.unasked()
    if (first === undefined) return
    const [name] = first.objects.flatMap(({ name }) =>
      name === undefined ? [] : [` ${JSON.stringify(name)}`]
    )
    yield* stop.at(
      place,
      "ResumeDiverged",
      `the run that is resumed made another change here: ${first.action} ${first.path}${name ?? ""}. Resume it with the script and the input that it was begun with, or undo it and run anew.`
    )
  })
