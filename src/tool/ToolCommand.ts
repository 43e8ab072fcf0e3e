import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import type { Caller } from "../commandline/Caller.ts"
import { refuse, type WrongUsage } from "../commandline/WrongUsage.ts"

/** `ToolCommand` is what the tool of the package can be told to do. */
export interface ToolCommand {
  readonly name: string
  /** `operands` are the words behind it, as help writes them. */
  readonly operands: string
  /** `description` is a line, and `help` the whole. */
  readonly description: string
  readonly help: string
  /** `tellFlags` prints its flags behind that, where they are not the tool's own. */
  readonly tellFlags?: Effect.Effect<void, unknown>
  readonly run: (words: ReadonlyArray<string>, caller: Caller) => Effect.Effect<void, unknown>
}

/** `ToolWords` are the words behind a command, told apart. */
interface ToolWords {
  readonly operands: ReadonlyArray<string>
  readonly text: (flag: string) => string | undefined
  readonly isOn: (flag: string) => boolean
}

/** `parse` tells flags and operands apart. Fails with `WrongUsage`. */
export const parse = (
  words: ReadonlyArray<string>,
  maxOperands: number,
  flags: Readonly<Record<string, { readonly type: "string" | "boolean" }>> = {}
): Effect.Effect<ToolWords, WrongUsage> =>
  Effect.flatMap(
    Effect.try({
      try: () => parseArgs({ args: [...words], options: flags, allowPositionals: true, strict: true }),
      // It says which flag it is, and what is wrong with it.
      catch: (error) => refuse(error instanceof Error ? error.message : "It cannot be understood.")
    }),
    ({ positionals, values }) => {
      const extra = positionals[maxOperands]
      if (extra !== undefined) return refuse(`${extra}: nobody knows what it is for; leave it out.`)
      const text = (flag: string) => {
        const value = values[flag]
        return typeof value === "string" ? value : undefined
      }
      return Effect.succeed({ operands: positionals, text, isOn: (flag: string) => values[flag] === true })
    }
  )
