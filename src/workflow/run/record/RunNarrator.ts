import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { masked } from "../../../client/fields/Secrets.ts"
import { textOf } from "../../Digest.ts"
import type { PastChange } from "../../journal/RunHistory.ts"
import { secretsOf } from "../../KnownSecrets.ts"
import type { Note } from "../../plan/Plan.ts"
import type { StepReport } from "../../report/RunReport.ts"
import { CurrentStep, type Narrator } from "../../Step.ts"
import type { Observer } from "../account/Observer.ts"
import type { RunJournal } from "../RunJournal.ts"
import type { Place, RunStop } from "../RunStop.ts"
import type { RunTraffic } from "../RunTraffic.ts"
import { hasNotHappened, type PastChanges } from "../resume/PastChanges.ts"
import { mayGoOn } from "../resume/Resuming.ts"
import type { ChangeKeys } from "./ChangeKey.ts"
import * as Outcome from "./Outcome.ts"
import type { Sender } from "./Sender.ts"
import { Sending } from "./Sending.ts"

/** `RunNarrator` takes what a workflow says of itself while it runs: its steps, its notes, and what it calls unplanned. */
export interface RunNarrator extends Narrator {
  readonly steps: () => ReadonlyArray<StepReport>
  readonly notes: () => ReadonlyArray<Note>
}

/** `RunParts` are what a run is made of. */
interface RunParts {
  readonly journal: RunJournal
  readonly keys: ChangeKeys
  readonly past: () => PastChanges
  readonly sender: Sender
  readonly stop: RunStop
  readonly tell: Observer["tell"]
  readonly traffic: RunTraffic
}

/** `make` begins with nothing said. */
export const make = ({ journal, keys, past, sender, stop, tell, traffic }: RunParts): RunNarrator => {
  const { results } = journal.history
  const steps: Array<StepReport> = []
  const notes: Array<Note> = []

  const tellStep = (report: StepReport) => {
    steps.push(report)
    tell({ _tag: "StepEnded", ...report })
  }

  const told = <A, E, R>(step: string, part: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (began) => {
      tell({ _tag: "StepBegun", step })
      return Effect.onExit(part, (exit) =>
        Effect.map(Clock.currentTimeMillis, (ended) => {
          const state = Exit.isSuccess(exit) ? "done" : Exit.isInterrupted(exit) ? "interrupted" : "failed"
          const startedAt = new Date(began).toISOString()
          tellStep({ step, state, startedAt, millis: Math.max(0, ended - began) })
        })
      )
    })

  return {
    steps: () => [...steps],
    notes: () => [...notes],
    note: (said) =>
      Effect.map(CurrentStep, (step) => {
        const text = journal.withoutLearned(said)
        notes.push({ step, text })
        tell({ _tag: "Note", step, text })
      }),
    stepped: (step, result, part) => {
      if (result === undefined) return told(step, part)
      const place: Place = { targetName: "the workflow", action: "step", path: step, step }
      return Effect.gen(function* () {
        const key = keys.ofStep("step", step, "")
        if (results.has(key)) {
          past().askStep(step)
          const now = yield* Clock.currentTimeMillis
          tellStep({ step, state: "replayed", startedAt: new Date(now).toISOString(), millis: 0 })
          return yield* Effect.orDie(Schema.decodeUnknown(result)(results.get(key)))
        }
        const answer = yield* told(step, part)
        const encoded = yield* Effect.orDie(Schema.encode(result)(answer))
        // What holds a secret is not kept: the step is run again, and its changes are answered.
        if (secretsOf(answer).length === 0 && isPlain(encoded, journal))
          yield* sender.write(place, { _tag: "step", key, result: encoded })
        return answer
      })
    },
    unplanned: (reason, part) =>
      Effect.gen(function* () {
        const step = yield* CurrentStep
        const place: Place = { targetName: "the workflow", action: "unplanned", path: reason, step }
        yield* stop.check(place)
        const key = keys.ofStep("unplanned", step, reason)
        const earlier = past().ask(key)
        if (results.has(key)) return results.get(key) as Effect.Effect.Success<typeof part>
        if (!mayBeginAnew(earlier)) return yield* stop.at(place, "OutcomeUnknown", begun)
        yield* mayGoOn(past(), traffic, stop, place)
        const result = yield* Effect.provideService(part, Sending, { key, reason })
        const { answer } = Outcome.keptAnswer<typeof result>({}, result)
        if (answer !== undefined && isPlain(answer.value, journal))
          yield* sender.write(place, { _tag: "step", key, result: answer.value })
        return result
      })
  }
}

/** `mayBeginAnew` says that the device has refused all of it, and that it ended there. */
const mayBeginAnew = (earlier: ReadonlyArray<PastChange>): boolean =>
  earlier.every(hasNotHappened) && earlier.at(-1)?.wentOn !== true

const begun =
  "the run that is resumed had begun it, and nobody can tell what of it is done. Look at the device; then undo the run, or go on by hand."

const isPlain = (value: unknown, journal: RunJournal): boolean =>
  textOf(journal.withoutLearned(journal.masked(masked(value)))) === textOf(value)
