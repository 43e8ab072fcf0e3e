import * as Effect from "effect/Effect"
import { textOf } from "../Digest.ts"
import type { JournaledChange } from "../journal/JournaledChange.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import type { JournalFile } from "../journal/JournalFile.ts"
import type { JournalLine } from "../journal/JournalLine.ts"
import { timed, type Untimed } from "../journal/JournalLines.ts"
import { isLasting } from "../journal/Lasting.ts"
import type * as RunHistory from "../journal/RunHistory.ts"
import { withoutSecrets } from "../KnownSecrets.ts"
import { needsSecret } from "../SafeUndo.ts"
import type { Observer } from "./account/Observer.ts"
import * as RunEvent from "./account/RunEvent.ts"
import * as RunMetrics from "./account/RunMetrics.ts"

/** `RunJournal` is the journal of a run that goes on: its file, and what it tells so far. */
export interface RunJournal {
  readonly path: string
  readonly history: RunHistory.RunHistory
  /**
   * `append` writes a line, which is on the disk before it succeeds, where a power cut must not lose it (`isLasting`).
   * Where it fails, the history has what the line says was done, and not what it announces.
   */
  readonly append: (line: Untimed<JournalLine>) => Effect.Effect<void, JournalFailed>
  /** `hide` is told of the secrets of the input: from then on they are masked, wherever they stand. */
  readonly hide: (secrets: ReadonlyArray<string>) => void
  /** `masked` is a value without them. */
  readonly masked: <A>(value: A) => A
  /** `learn` is told of the secrets of a change, which a device or the script may repeat. */
  readonly learn: (secrets: ReadonlyArray<string>) => void
  /** `withoutLearned` masks them in words, and in what a script gives. */
  readonly withoutLearned: <A>(value: A) => A
  /** `nextNumber` counts the changes. */
  readonly nextNumber: () => JournaledChange["number"]
}

/** `make` goes on with what there is. */
export const make = (
  file: JournalFile,
  history: RunHistory.RunHistory,
  { tell }: Pick<Observer, "tell">
): RunJournal => {
  let secrets: ReadonlyArray<string> = []
  const learned = new Set<string>()
  let number = Math.max(0, ...history.changes().map((change) => change.number))
  return {
    path: file.path,
    history,
    append: (line) =>
      Effect.flatMap(timed(line), (whole) => {
        // With its time it is a line again.
        const kept = maskedLine(whole as JournalLine, secrets)
        const change = kept._tag === "outcome" ? history.change(kept.number) : undefined
        const known = Effect.suspend(() => {
          history.take(kept)
          const events = RunEvent.ofLine(kept, history, file.path)
          for (const event of events) tell(event)
          return Effect.forEach(events, RunMetrics.happened, { discard: true })
        })
        const written = file.append(kept, isLasting(kept, change))
        return Effect.zipRight(
          announcing.has(kept._tag) ? written : Effect.tapError(written, () => known),
          known
        )
      }),
    hide: (known) => {
      secrets = known
    },
    masked: (value) => withoutSecrets(value, secrets),
    learn: (known) => {
      for (const one of known) learned.add(one)
    },
    withoutLearned: (value) => withoutSecrets(value, [...learned]),
    nextNumber: () => ++number
  }
}

/** `announcing` are the lines without which what they say is not done. */
const announcing: ReadonlySet<JournalLine["_tag"]> = new Set(["begun", "resumed", "intent", "undoing"])

/**
 * `maskedLine` is a line without the secrets that the input has; an undo that would need one is none, and an answer that
 * had one is not kept.
 */
const maskedLine = (line: JournalLine, secrets: ReadonlyArray<string>): JournalLine => {
  const masked = withoutSecrets(line, secrets)
  if ((line._tag !== "intent" && line._tag !== "outcome") || masked._tag !== line._tag) return masked
  const undone = textOf(masked.undo) === textOf(line.undo) ? masked : { ...masked, undo: needsSecret }
  if (undone._tag !== "outcome" || line._tag !== "outcome") return undone
  const { answer, ...others } = undone
  return textOf(answer) === textOf(line.answer) ? undone : others
}
