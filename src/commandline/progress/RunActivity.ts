import type { RunEvent } from "../../workflow/run/account/RunEvent.ts"

/** `RunActivity` is what a run is at. */
export interface RunActivity {
  /** `since` is when it began, in milliseconds. */
  readonly since: number
  /** `steps` are those under way, the one that began last at the end. */
  readonly steps: ReadonlyArray<{ readonly step: string; readonly since: number }>
  /** `change` is the one that is under way, or was last. */
  readonly change: string | undefined
  /** `changed` counts the objects that are changed. */
  readonly changed: number
  readonly isUndoing: boolean
  /** `takenBack` counts those of them with which the undo is done. */
  readonly takenBack: number
}

/** `begin` has heard of nothing yet. */
export const begin = (now: number): RunActivity => ({
  since: now,
  steps: [],
  change: undefined,
  changed: 0,
  isUndoing: false,
  takenBack: 0
})

/** `heard` is what a run is at after an event. */
export const heard = (activity: RunActivity, event: RunEvent, now: number): RunActivity => {
  switch (event._tag) {
    case "StepBegun":
      return { ...activity, steps: [...activity.steps, { step: event.step, since: now }], change: undefined }
    case "StepEnded": {
      const at = activity.steps.map(({ step }) => step).lastIndexOf(event.step)
      return { ...activity, steps: activity.steps.filter((_, place) => place !== at), change: undefined }
    }
    case "ChangeBegun":
      return { ...activity, change: changeText(event) }
    case "ChangeEnded":
      return event.outcome === "done"
        ? { ...activity, changed: activity.changed + objectsIn(event) }
        : activity
    case "UndoBegun":
      return { ...activity, isUndoing: true, steps: [], change: undefined }
    case "TakenBack":
      return { ...activity, takenBack: activity.takenBack + 1 }
    default:
      return activity
  }
}

/** `text` says it in a few words. */
export const text = ({ change, changed, isUndoing, steps, takenBack }: RunActivity): string => {
  if (isUndoing) {
    const all = changed === 0 ? "" : ` of ${Math.max(changed, takenBack)}`
    return `taking back what was changed: ${takenBack}${all}`
  }
  const parts = [steps.at(-1)?.step, change].filter((part) => part !== undefined)
  return parts.length === 0 ? "begins" : parts.join(" · ")
}

type Change = Extract<RunEvent, { readonly _tag: "ChangeBegun" | "ChangeEnded" }>

/** `objectsIn` counts what one request changes. */
export const objectsIn = ({ names }: Pick<Change, "names">): number => Math.max(1, names.length)

const changeText = ({ action, kind, names: [name, ...others] }: Change): string => {
  const more = others.length === 0 ? "" : ` and ${others.length} more`
  return `${action} ${kind}${name === undefined ? "" : ` ${name}`}${more}`
}
