import process from "node:process"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as TypedAhead from "../../auth/TypedAhead.ts"
import type { Plan } from "../plan/Plan.ts"
import { planText } from "../plan/PlanText.ts"
import { GuardRefused } from "./GuardRefused.ts"

/**
 * `askOnTerminal` shows a plan to whoever sits before the terminal, and asks: y or yes approves it, anything else does
 * not. It is for the guard `approve`. The plan and the question go to standard error, so that what a script prints can
 * be kept in a file. What was typed before is no answer. Ctrl-C ends the script, as at any other time.
 *
 * Fails with `GuardRefused`, without asking, where standard input or standard error is no terminal.
 *
 * @example
 * const report = yield* Workflow.run(importHosts, { fmc: "FMC" }, input, { approve: Workflow.askOnTerminal })
 */
export const askOnTerminal = (plan: Plan): Effect.Effect<boolean, GuardRefused> => askBy(ownTerminal(), plan)

/** `ownTerminal` is the one that this process was started on. */
export const ownTerminal = (): Terminal => ({
  input: process.stdin,
  output: process.stderr,
  colors: !process.env.NO_COLOR
})

/** `Terminal` is where somebody may sit. */
export interface Terminal {
  readonly input: TypedAhead.Keyboard
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined }
  readonly colors: boolean
}

/** `askBy` asks there. */
export const askBy = (terminal: Terminal, plan: Plan): Effect.Effect<boolean, GuardRefused> =>
  askAbout(terminal, (colors) => planText(plan, { colors }))

/** `askAbout` shows a text, and asks whether it is to be carried out, or what else is asked. */
export const askAbout = (
  { colors, input, output }: Terminal,
  text: (colors: boolean) => string,
  asked = "Carry it out?"
): Effect.Effect<boolean, GuardRefused> =>
  Effect.suspend(() => {
    if (input.isTTY !== true || output.isTTY !== true)
      return Effect.fail(new GuardRefused({ guard: "approve", message: nobody }))
    const question = `\n${text(colors)}\n\n${asked} [y/N] `
    const asking = Effect.async<boolean>((resume) => {
      if (TypedAhead.isOver(input)) return resume(Effect.succeed(false))
      // The terminal's own way to edit a line: Ctrl-C stays a signal, and is not taken for a key.
      const lines = createInterface({ input, output, terminal: false })
      lines.once("line", (answer) => {
        resume(Effect.succeed(/^\s*y(es)?\s*$/i.test(answer)))
        lines.close()
      })
      // The end of the input, Ctrl-D.
      lines.once("close", () => resume(Effect.succeed(false)))
      output.write(question)
      return Effect.sync(() => lines.close())
    })
    return Effect.zipRight(TypedAhead.discard(input), asking)
  })

const nobody =
  "The plan has to be approved, and there is nobody to ask: standard input or standard error is no terminal. Nothing was written. Look at the plan first; then approve it beforehand, with --yes on a command line or with approve: () => true in a script."
