import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { exitCodes } from "../process/ExitCodes.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import { printableLines } from "../workflow/plan/PlanWords.ts"
import * as Arguments from "./Arguments.ts"
import type { Script } from "./Call.ts"
import type { Caller } from "./Caller.ts"
import type { CommandLineOptions } from "./CommandLineOptions.ts"
import { commandNamed } from "./CommandTable.ts"
import * as Completion from "./Completion.ts"
import * as Help from "./Help.ts"
import * as InputField from "./input/InputField.ts"
import { isWrongUsage } from "./WrongUsage.ts"

export { ofProcess } from "./Caller.ts"

/**
 * `main` does what a command line says, and gives the exit code. Fails as what it does, with `InvalidInput` and
 * `PluginMismatch` for what is no workflow; a command line that cannot be understood is told, and has its exit code.
 */
export const main = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  options: CommandLineOptions<P, A>,
  caller: Caller
) =>
  Effect.gen(function* () {
    if (!Predicate.isReadonlyRecord(options))
      return yield* refuseInput(
        "options",
        'these are none; give an object, as in { devices: { fmc: "FMC" } }.'
      )
    yield* checkWorkflow(workflow, options.devices)
    const script = { workflow, options, fields: InputField.ofSchema(workflow.input) }
    return yield* Effect.catchIf(answering(script, caller), isWrongUsage, ({ sentences }) => {
      const command = commandNamed(caller.words[0])
      const called = command === undefined ? caller.script : `${caller.script} ${command.name}`
      caller.errors.write(
        `${printableLines(sentences.join("\n"))}\n\n${called} --help tells how it is called.\n`
      )
      return Effect.succeed(exitCodes.wrongUsage)
    })
  })

const answering = <I, Encoded, P extends Parts, A, E>(script: Script<I, Encoded, P, A, E>, caller: Caller) =>
  Effect.gen(function* () {
    const given = yield* Arguments.parse(caller.words, script.fields)
    if (given.wantsHelp || given.command === undefined) {
      caller.output.write(Help.text(given.command, { ...script, called: caller.script }))
      return exitCodes.done
    }
    if (given.command === "completion") {
      caller.output.write(yield* Completion.script(given, caller.script, script.fields))
      return exitCodes.done
    }
    const { obeying } = yield* Effect.promise(() => import("./Obeying.ts"))
    return yield* obeying(given.command, { ...script, given, caller })
  })
