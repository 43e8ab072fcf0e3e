import * as Schema from "effect/Schema"
import { ChangeOutcome, type JournaledChange, TakenBack } from "../../journal/JournaledChange.ts"
import type { JournalLine } from "../../journal/JournalLine.ts"
import type { PastChange, RunHistory } from "../../journal/RunHistory.ts"
import { Note, Plan } from "../../plan/Plan.ts"
import { RunReport, StepReport } from "../../report/RunReport.ts"

/** `eventFacts` say which change an event is about. */
const eventFacts = {
  /** `number` counts the changes of a run. */
  number: Schema.Number,
  device: Schema.String,
  step: Schema.String,
  action: Schema.String,
  kind: Schema.String,
  path: Schema.String,
  /** `names` are those of its objects, as far as they have any. */
  names: Schema.Array(Schema.String)
}
const EventFacts = Schema.Struct(eventFacts)
type EventFacts = typeof EventFacts.Type

const journaled = { run: Schema.String, journal: Schema.String }

/** `RunEvent` is what happens in a run, as `onProgress` is told of it; by its Schema it can be kept as JSON. */
export const RunEvent = Schema.Union(
  /** The plan is made that the run is held to: nothing is begun. */
  Schema.TaggedStruct("Planned", { plan: Plan }),
  /** It is written down in the journal of this path from now on. */
  Schema.TaggedStruct("Begun", journaled),
  Schema.TaggedStruct("Resumed", journaled),
  Schema.TaggedStruct("StepBegun", { step: Schema.String }),
  Schema.TaggedStruct("StepEnded", StepReport.fields),
  Schema.TaggedStruct("Note", Note.fields),
  /** A change is about to be sent. */
  Schema.TaggedStruct("ChangeBegun", eventFacts),
  /** What became of it; `message` is why, where it is not done. */
  Schema.TaggedStruct("ChangeEnded", {
    ...eventFacts,
    outcome: ChangeOutcome,
    message: Schema.optional(Schema.String)
  }),
  Schema.TaggedStruct("UndoBegun", {}),
  /** What became of one request of the undo of a change. */
  Schema.TaggedStruct("TakenBack", {
    ...eventFacts,
    ...TakenBack.fields
  }),
  /** It is over. */
  Schema.TaggedStruct("Ended", { report: RunReport })
)
export type RunEvent = typeof RunEvent.Type

/** `ofLine` are the events of a line of the journal. */
export const ofLine = (line: JournalLine, history: RunHistory, journal: string): ReadonlyArray<RunEvent> => {
  switch (line._tag) {
    case "begun":
      return [{ _tag: "Begun", run: line.run, journal }]
    case "resumed":
      return [{ _tag: "Resumed", run: history.begun()?.run ?? "", journal }]
    case "undoing":
      return [{ _tag: "UndoBegun" }]
    case "intent":
      return about(history.change(line.number), (facts) => ({ _tag: "ChangeBegun", ...facts }))
    case "outcome":
      return about(history.change(line.number), (facts) => ({
        _tag: "ChangeEnded",
        ...facts,
        outcome: line.outcome,
        ...(line.error && { message: line.error.message })
      }))
    case "tookBack":
      return takenBack([line], history)
    case "tookAllBack":
      return takenBack(line.results, history)
    default:
      return []
  }
}

const about = (
  change: PastChange | undefined,
  event: (facts: EventFacts) => RunEvent
): ReadonlyArray<RunEvent> => (change === undefined ? [] : [event(factsOf(change))])

const takenBack = (
  results: ReadonlyArray<{ readonly number: number } & TakenBack>,
  history: RunHistory
): ReadonlyArray<RunEvent> => {
  const known = new Map<number, EventFacts>()
  return results.flatMap(({ how, newId, number, why }): ReadonlyArray<RunEvent> => {
    const change = history.change(number)
    if (change === undefined) return []
    const facts = known.get(number) ?? factsOf(change)
    known.set(number, facts)
    return [{ _tag: "TakenBack", ...facts, how, newId, why }]
  })
}

const factsOf = ({ action, kind, number, objects, path, step, targetName }: JournaledChange): EventFacts => ({
  number,
  device: targetName,
  step,
  action,
  kind,
  path,
  names: objects.flatMap(({ name }) => (name === undefined ? [] : [name]))
})
