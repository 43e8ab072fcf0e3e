import * as Effect from "effect/Effect"
import type { GuardRefused } from "../workflow/guards/GuardRefused.ts"
import { askAbout } from "../workflow/guards/TerminalApproval.ts"
import type { Arguments } from "./Arguments.ts"
import { type Caller, isAtTerminal, terminalOf } from "./Caller.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `Asking` is a call of the command undo. */
interface Asking {
  readonly caller: Caller
  readonly given: Arguments
}

/** `isGiven` says whether an undo is approved by `--yes`. Fails with `WrongUsage` where it is not, and nobody can be asked. */
export const isGiven = ({
  caller,
  given: { command, operands, switches }
}: Asking): Effect.Effect<boolean, WrongUsage> => {
  if (switches.get("yes") === true) return Effect.succeed(true)
  return isAtTerminal(caller)
    ? Effect.succeed(false)
    : refuse(
        `${command}: it has to be approved, and there is nobody to ask: standard input or standard error is no terminal. Look at what is to be taken back by runs show ${operands[0]}; then give --yes.`
      )
}

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
