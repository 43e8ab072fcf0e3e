import * as Effect from "effect/Effect"
import * as Metrics from "../../../transport/Metrics.ts"
import type { RunReport } from "../../report/RunReport.ts"
import type { RunEvent } from "./RunEvent.ts"

const runs = Metrics.countOf("sallyport.runs", "Runs that are over, by what they came to")
const changes = Metrics.countOf("sallyport.changes", "Objects that a run has changed, or could not")
const takenBack = Metrics.countOf("sallyport.changes.taken_back", "Requests of undos, by what became of them")

/** `ended` counts a run that is over. */
export const ended = ({ outcome, undo, workflow }: RunReport): Effect.Effect<void> =>
  runs({ workflow, outcome, undo: undo?.state ?? "none" })

/** `happened` counts what becomes of changes. */
export const happened = (event: RunEvent): Effect.Effect<void> => {
  switch (event._tag) {
    case "ChangeEnded": {
      const { action, device, kind, names, outcome } = event
      return changes({ target: device, action, kind, outcome }, Math.max(1, names.length))
    }
    case "TakenBack":
      return takenBack({ target: event.device, how: event.how })
    default:
      return Effect.void
  }
}
