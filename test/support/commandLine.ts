import { PassThrough } from "node:stream"
import * as Effect from "effect/Effect"
import type { Main, Workflow } from "sallyport"
import type { Caller } from "../../src/commandline/Caller.ts"
import * as CommandLine from "../../src/commandline/CommandLine.ts"
import type { Parts } from "../../src/workflow/Parts.ts"

/** What a call of a command line came to. */
export interface Called {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** How a script is called. */
export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What stands on standard input; at a terminal it is typed once something is asked. */
  readonly stdin?: string
  readonly isAtTerminal?: boolean
}

/** A caller without a process, and what it has got so far. */
export const callerOf = (
  words: ReadonlyArray<string>,
  { env = {}, isAtTerminal = false, stdin }: CallOptions = {}
) => {
  const stream = () => Object.assign(new PassThrough(), { isTTY: isAtTerminal })
  const [input, output, errors] = [stream(), stream(), stream()]
  const got = { stdout: "", stderr: "" }
  output.setEncoding("utf8").on("data", (text: string) => {
    got.stdout += text
  })
  errors.setEncoding("utf8").on("data", (text: string) => {
    got.stderr += text
    if (isAtTerminal && stdin !== undefined && /: $|\] $/.test(text)) input.write(stdin)
  })
  if (!isAtTerminal) input.end(stdin ?? "")
  const environment = { NO_COLOR: "1", ...env }
  const caller: Caller = { script: "script.ts", words, environment, input, output, errors }
  return { caller, got }
}

/** Calls the command line of a workflow in this process. */
export const call = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow.Workflow<I, Encoded, P, A, E>,
  options: Main.CommandLineOptions<P, A>,
  words: ReadonlyArray<string>,
  how?: CallOptions
): Effect.Effect<Called, unknown> =>
  Effect.suspend(() => {
    const { caller, got } = callerOf(words, how)
    return Effect.map(CommandLine.main(workflow, options, caller), (code) => ({ code, ...got }))
  })
