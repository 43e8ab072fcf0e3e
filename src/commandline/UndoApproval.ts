import * as Effect from "effect/Effect"
import type { GuardRefused } from "../workflow/guards/GuardRefused.ts"
import { askAbout } from "../workflow/guards/TerminalApproval.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, isAtTerminal, terminalOf } from "./Caller.ts"

/**
 * `isNeeded` says whether somebody is asked before an undo: without `--yes`, before a terminal. Elsewhere its id is
 * enough, other than of a run, which says what it would do only when it is planned: what was done is known, and a night
 * on which it has to be taken back is none to look for a terminal.
 */
export const isNeeded = (caller: Caller, { switches }: Arguments): boolean =>
  switches.get("yes") !== true && isAtTerminal(caller)

/** `ask` shows what was done to whoever sits before the terminal, and asks whether it is to be taken back. */
export const ask = (
  caller: Caller,
  text: (colors: boolean) => string
): Effect.Effect<boolean, GuardRefused> =>
  Effect.tap(askAbout(terminalOf(caller), text, "Take it back?"), (isApproved) => {
    if (!isApproved)
      caller.errors.write("It was not approved: nothing was sent, and nothing is taken back.\n")
    return Effect.void
  })
