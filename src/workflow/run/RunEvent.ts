import type { Description } from "../../client/Change.ts"
import type { ChangeOutcome, JournaledChange, TakenBack } from "../journal/JournaledChange.ts"
import type { JournalLine } from "../journal/JournalLine.ts"
import type { PastChange, RunHistory } from "../journal/RunHistory.ts"
import type { RunReport, StepReport } from "../report/RunReport.ts"

/** `ChangeFacts` say which change it is. */
interface ChangeFacts extends Pick<Description, "action" | "kind" | "path"> {
  /** `number` counts the changes of a run. */
  readonly number: number
  readonly device: string
  readonly step: string
  /** `names` are those of its objects, as far as they have any. */
  readonly names: ReadonlyArray<string>
}

/** `RunEvent` is what happens in a run, as `onProgress` is told of it. */
export type RunEvent =
  /** It is written down in the journal of this path from now on. */
  | { readonly _tag: "Begun" | "Resumed"; readonly run: string; readonly journal: string }
  | { readonly _tag: "StepBegun"; readonly step: string }
  | ({ readonly _tag: "StepEnded" } & StepReport)
  | { readonly _tag: "Note"; readonly step: string; readonly text: string }
  /** A change is about to be sent. */
  | ({ readonly _tag: "ChangeBegun" } & ChangeFacts)
  /** What became of it; `message` is why, where it is not done. */
  | ({
      readonly _tag: "ChangeEnded"
      readonly outcome: ChangeOutcome
      readonly message?: string
    } & ChangeFacts)
  | { readonly _tag: "UndoBegun" }
  /** What became of one request of the undo of a change. */
  | ({ readonly _tag: "TakenBack" } & ChangeFacts & TakenBack)
  /** It is over. */
  | { readonly _tag: "Ended"; readonly report: RunReport }

/** `ofLine` is the event of a line of the journal, where it is one. */
export const ofLine = (line: JournalLine, history: RunHistory, journal: string): RunEvent | undefined => {
  switch (line._tag) {
    case "begun":
      return { _tag: "Begun", run: line.run, journal }
    case "resumed":
      return { _tag: "Resumed", run: history.begun()?.run ?? "", journal }
    case "undoing":
      return { _tag: "UndoBegun" }
    case "intent":
      return about(history.change(line.number), (facts) => ({ _tag: "ChangeBegun", ...facts }))
    case "outcome":
      return about(history.change(line.number), (facts) => ({
        _tag: "ChangeEnded",
        ...facts,
        outcome: line.outcome,
        ...(line.error && { message: line.error.message })
      }))
    case "tookBack": {
      const { how, newId, why } = line
      return about(history.change(line.number), (facts) => ({ _tag: "TakenBack", ...facts, how, newId, why }))
    }
    default:
      return undefined
  }
}

const about = (
  change: PastChange | undefined,
  event: (facts: ChangeFacts) => RunEvent
): RunEvent | undefined => change && event(factsOf(change))

const factsOf = ({
  action,
  kind,
  number,
  objects,
  path,
  step,
  targetName
}: JournaledChange): ChangeFacts => ({
  number,
  device: targetName,
  step,
  action,
  kind,
  path,
  names: objects.flatMap(({ name }) => (name === undefined ? [] : [name]))
})
