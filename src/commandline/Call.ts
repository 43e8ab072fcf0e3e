import * as Effect from "effect/Effect"
import { isMasked } from "../client/fields/Secrets.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import { printableLines } from "../workflow/plan/PlanWords.ts"
import type { Arguments } from "./Arguments.ts"
import type { Caller } from "./Caller.ts"
import type { CommandLineOptions } from "./CommandLineOptions.ts"
import type { InputField } from "./input/InputField.ts"
import * as InputValues from "./input/InputValues.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `Script` is a workflow with its command line. */
export interface Script<I, Encoded, P extends Parts, A, E> {
  readonly workflow: Workflow<I, Encoded, P, A, E>
  readonly options: CommandLineOptions<P, A>
  /** `fields` are those of the workflow's input. */
  readonly fields: ReadonlyArray<InputField>
}

/** `Call` is how a script is called. */
export interface Call<I, Encoded, P extends Parts, A, E> extends Script<I, Encoded, P, A, E> {
  readonly given: Arguments
  readonly caller: Caller
}

/** `inputOf` is the input, as the workflow's Schema takes it. `base` is that of the run which is resumed. */
export const inputOf = <I, Encoded, P extends Parts, A, E>(
  { caller, fields, given, workflow }: Call<I, Encoded, P, A, E>,
  base?: unknown
): Effect.Effect<Encoded, WrongUsage> =>
  Effect.gen(function* () {
    const { input, notices } = yield* InputValues.collect(workflow.input, fields, given, caller, base)
    for (const notice of notices) caller.errors.write(`${printableLines(notice)}\n`)
    if (base !== undefined && isMasked(input))
      return yield* refuse(
        "resume: the input of the run holds secrets, which its journal does not keep; give it once more, by its flags or by --input FILE."
      )
    // The Schema has taken it.
    return input as Encoded
  })

/** `givesInput` says whether flags give something of the input. */
export const givesInput = <I, Encoded, P extends Parts, A, E>({
  fields,
  given
}: Call<I, Encoded, P, A, E>): boolean =>
  given.values.has("input") || fields.some(({ flag }) => given.values.has(flag) || given.switches.has(flag))

/** `pluginsOf` are the kinds of devices that an inventory may have. */
export const pluginsOf = <I, Encoded, P extends Parts, A, E>({
  options: { plugins = [] },
  workflow
}: Call<I, Encoded, P, A, E>) => [...new Set([...Object.values(workflow.devices), ...plugins])]

/** `idIn` is the id behind the command. */
export const idIn = ({ command, operands }: Arguments): Effect.Effect<string, WrongUsage> => {
  const [id, extra] = operands
  if (id === undefined)
    return refuse(`${command}: which run? Give its id, which its report ends with, and runs lists.`)
  return extra === undefined
    ? Effect.succeed(id)
    : refuse(`${extra}: nobody knows what it is for; ${command} takes one run.`)
}
