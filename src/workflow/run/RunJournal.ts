import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { JournaledChange } from "../journal/JournaledChange.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import type { JournalFile } from "../journal/JournalFile.ts"
import type { JournalLine } from "../journal/JournalLine.ts"
import type * as RunHistory from "../journal/RunHistory.ts"

import type { Observer } from "./Observer.ts"
import * as RunEvent from "./RunEvent.ts"

/** `RunJournal` is the journal of a run that goes on: its file, and what it tells so far. */
export interface RunJournal {
  readonly path: string
  readonly history: RunHistory.RunHistory
  /** `append` writes a line, which is on the disk before it succeeds. */
  readonly append: (line: Untimed<JournalLine>) => Effect.Effect<void, JournalFailed>
  /** `nextNumber` counts the changes. */
  readonly nextNumber: () => JournaledChange["number"]
}

/** `Untimed` is a line without its time, which the journal adds. */
type Untimed<Line> = Line extends unknown ? Omit<Line, "at"> : never

/** `make` goes on with what there is. */
export const make = (
  file: JournalFile,
  history: RunHistory.RunHistory,
  { tell }: Pick<Observer, "tell">
): RunJournal => {
  let number = Math.max(0, ...history.changes().map((change) => change.number))
  return {
    path: file.path,
    history,
    append: (line) =>
      Effect.flatMap(Clock.currentTimeMillis, (millis) => {
        const timed = { ...line, at: new Date(millis).toISOString() } as JournalLine
        return Effect.map(file.append(timed), () => {
          history.take(timed)
          const event = RunEvent.ofLine(timed, history, file.path)
          if (event !== undefined) tell(event)
        })
      }),
    nextNumber: () => ++number
  }
}
