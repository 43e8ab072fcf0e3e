import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Redacted from "effect/Redacted"

/** `Answer` is a secret, or a sentence that says why there is none. */
export type Answer = Effect.Effect<Redacted.Redacted, string>

/** `Question` is what is asked for by many, one at a time. */
interface Question {
  readonly turn: Effect.Semaphore
  /** `given` counts the answers so far. */
  given: number
  last: Exit.Exit<Redacted.Redacted, string> | undefined
}

/** `SharedAnswers` are the questions of this process, by what they ask for. */
export class SharedAnswers extends Context.Reference<SharedAnswers>()("sallyport/SharedAnswers", {
  defaultValue: () => new Map<string, Question>()
}) {}

/**
 * `share` asks, or gives what another one who asks the same meanwhile gets, a failure too: a thousand devices may have
 * one account. Whoever is interrupted takes it from nobody: the next one asks. `isKept` says whether an answer holds for
 * whoever asks later.
 */
export const share = (key: string, ask: Answer, { isKept }: { readonly isKept: boolean }): Answer =>
  Effect.flatMap(SharedAnswers, (questions) => {
    const question = questions.get(key) ?? { turn: Effect.unsafeMakeSemaphore(1), given: 0, last: undefined }
    questions.set(key, question)
    const before = question.given
    return question.turn.withPermits(1)(
      Effect.suspend(() => {
        const { given, last } = question
        if (last !== undefined && (given > before || (isKept && Exit.isSuccess(last)))) return last
        return Effect.onExit(ask, (exit) =>
          Effect.sync(() => {
            if (Exit.isInterrupted(exit)) return
            question.given += 1
            question.last = exit
          })
        )
      })
    )
  })
