import { printable } from "../../workflow/plan/PlanWords.ts"
import type { RunEvent } from "../../workflow/run/account/RunEvent.ts"
import { barLine, type View } from "./BarLine.ts"
import type { Progress } from "./Drawing.ts"
import { fitted } from "./FittedText.ts"
import * as Pace from "./Pace.ts"
import * as RunActivity from "./RunActivity.ts"

/** `RunState` is how far a run is. */
interface RunState {
  readonly hasBegun: boolean
  /** `planned` is how many objects the plan changes; `undefined` where no plan was made. */
  readonly planned: number | undefined
  readonly failed: number
  readonly activity: RunActivity.RunActivity
  readonly pace: Pace.Pace
}

/** `runProgress` shows a line for each step that is under way, and a bar of what is changed of all that is planned. */
export const runProgress: Progress<RunState, RunEvent> = {
  begin: (now) => ({
    hasBegun: false,
    planned: undefined,
    failed: 0,
    activity: RunActivity.begin(now),
    pace: Pace.begin(now)
  }),

  heard: (before, event, now) => {
    const state = { ...before, activity: RunActivity.heard(before.activity, event, now) }
    switch (event._tag) {
      case "Planned":
        return { ...state, planned: event.plan.changes.length }
      case "Begun":
      case "Resumed":
        return { ...state, hasBegun: true, activity: RunActivity.begin(now), pace: Pace.begin(now) }
      case "ChangeEnded": {
        const count = RunActivity.objectsIn(event)
        return event.outcome === "done"
          ? { ...state, pace: Pace.ended(state.pace, now, count) }
          : { ...state, failed: state.failed + count }
      }
      case "UndoBegun":
        return { ...state, hasBegun: true, pace: Pace.begin(now) }
      case "TakenBack":
        return { ...state, pace: Pace.ended(state.pace, now) }
      default:
        return state
    }
  },

  lines: ({ activity, failed, hasBegun, pace, planned }, view) => {
    if (!hasBegun) return []
    const { changed, isUndoing, takenBack } = activity
    const room = Math.max(1, Math.min(maxLines, view.rows - 3))
    const whole = isUndoing
      ? { ended: takenBack, of: changed === 0 ? undefined : Math.max(changed, takenBack), what: "taken back" }
      : { ended: changed, of: planned, what: "changes" }
    return [
      ...stepLines(activity, view).slice(-room),
      barLine({ ...whole, failed, pace, notes: [], comesToEnd: true }, view)
    ]
  }
}

const maxLines = 8

/** `stepLines` are the steps; the one that began last tells of its change, too. */
const stepLines = (activity: RunActivity.RunActivity, { columns, now }: View): ReadonlyArray<string> => {
  const lines =
    activity.steps.length === 0
      ? [{ text: RunActivity.text(activity), since: activity.since }]
      : activity.steps.map(({ since, step }, at) => ({
          text: at === activity.steps.length - 1 ? RunActivity.text(activity) : step,
          since
        }))
  return lines.map(({ since, text }) =>
    fitted(`  ${Pace.timeText(now - since).padStart(5)}  ${printable(text)}`, columns - 1)
  )
}
