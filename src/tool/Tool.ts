import * as Effect from "effect/Effect"
import type { Caller } from "../commandline/Caller.ts"
import { isWrongUsage, noCommand } from "../commandline/WrongUsage.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import { printableLines } from "../workflow/plan/PlanWords.ts"
import { initCommand } from "./InitCommand.ts"
import { inventoryCommand } from "./InventoryCommand.ts"
import { loginCommand } from "./LoginCommand.ts"
import { ownManifest } from "./OwnManifest.ts"
import { recordsCommand } from "./RecordsCommand.ts"
import { sandboxCommand } from "./SandboxCommand.ts"
import type { ToolCommand } from "./ToolCommand.ts"
import { trustCommand } from "./TrustCommand.ts"

/** `main` does what the command line of the package says, and gives the exit code. Fails as what it does. */
export const main = (caller: Caller): Effect.Effect<number, unknown> => {
  const [name, ...words] = caller.words
  const command = commands.find((one) => one.name === name)
  return Effect.gen(function* () {
    if (name === "--version" || name === "-v") caller.output.write(`${(yield* ownManifest).version}\n`)
    else if (name === "--help" || name === "-h" || name === "help") caller.output.write(help)
    else if (command === undefined) return yield* noCommand(name, commands)
    else if (words.includes("--help") || words.includes("-h")) {
      caller.output.write(helpOf(command))
      yield* command.tellFlags ?? Effect.void
    } else yield* command.run(words, caller)
    return exitCodes.done
  }).pipe(
    Effect.catchIf(isWrongUsage, ({ message }) => {
      const about = command === undefined ? "" : ` ${command.name}`
      caller.errors.write(`${printableLines(message)}\n\nsallyport${about} --help tells how it is called.\n`)
      return Effect.succeed(exitCodes.wrongUsage)
    })
  )
}

const commands: ReadonlyArray<ToolCommand> = [
  initCommand,
  trustCommand,
  loginCommand,
  inventoryCommand,
  recordsCommand,
  sandboxCommand
]

const callOf = ({ name, operands }: ToolCommand): string => [name, operands].join(" ").trimEnd()

const width = Math.max(...commands.map((one) => callOf(one).length))

const help = `Usage: sallyport COMMAND

${commands.map((one) => `  ${callOf(one).padEnd(width)}  ${one.description}`).join("\n")}

sallyport COMMAND --help tells of its flags, and sallyport --version which version it is.
`

const helpOf = (command: ToolCommand): string => `Usage: sallyport ${callOf(command)}

${command.help}
`
