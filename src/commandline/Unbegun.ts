import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { printable } from "../workflow/plan/PlanWords.ts"
import type { Caller } from "./Caller.ts"

/**
 * `tellIfSo` tells of a command that is interrupted before it has sent anything but logins and reads: no report does,
 * since there is none. `isOver` is set once one has.
 */
export const tellIfSo = (
  { errors }: Caller,
  words: string
): Effect.Effect<{ isOver: boolean }, never, Scope.Scope> =>
  Effect.gen(function* () {
    const told = { isOver: false }
    yield* Effect.addFinalizer((exit) =>
      Effect.sync(() => {
        if (Exit.isInterrupted(exit) && !told.isOver) errors.write(`${printable(words)}\n`)
      })
    )
    return told
  })

export const ofRun = "Nothing was changed: it was interrupted before that. Run it again."

export const ofResume = ({ script }: Caller, id: string): string =>
  `Nothing more was changed: it was interrupted before that. ${script} resume ${id} goes on with it.`

export const ofUndo = ({ script }: Caller, id: string): string =>
  `Nothing was taken back: it was interrupted before that. ${script} undo ${id} takes it back.`
