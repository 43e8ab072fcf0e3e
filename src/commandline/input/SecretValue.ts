import process from "node:process"
import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import { type Caller, isAtTerminal } from "../Caller.ts"
import { refuse, type WrongUsage } from "../WrongUsage.ts"
import type { Reader } from "./DataFile.ts"
import type { InputField } from "./InputField.ts"

/**
 * `read` gives a secret from where its flag says: `env:NAME`, `file:PATH` or `prompt`. Without the flag it is asked for
 * where it is needed. Fails with `WrongUsage`, which shows nothing of it.
 */
export const read = (
  field: InputField,
  given: string,
  caller: Caller,
  reader: Reader
): Effect.Effect<string, WrongUsage> => {
  const flag = `--${field.flag}`
  const [, kind = "", rest = ""] = /^(?:(env|file):)?(.*)$/s.exec(given) ?? []
  if (kind === "file") return Effect.map(reader.readText(rest), withoutLineBreak)
  if (kind === "env") {
    const value = caller.environment[rest]
    return value === undefined || value === ""
      ? refuse(`${flag}: the environment has no variable of this name, or it is empty; set it.`)
      : Effect.succeed(value)
  }
  if (given !== "prompt") {
    return refuse(
      `${flag}: a secret is no argument, which others on this machine could read; give ${flag} env:NAME, ${flag} file:PATH or ${flag} prompt.`
    )
  }
  return isAtTerminal(caller)
    ? ask(caller, field)
    : refuse(
        `${flag}: it has to be asked for, and there is nobody to ask: standard input or standard error is no terminal. Give ${flag} env:NAME or ${flag} file:PATH.`
      )
}

// It is the editor's.
const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, "")

/** `ask` asks whoever sits before the terminal, and shows nothing of what is typed. */
const ask = (
  { errors, input }: Caller,
  { description, flag }: InputField
): Effect.Effect<string, WrongUsage> =>
  Effect.async((resume) => {
    errors.write(`${flag}${description === undefined ? "" : ` (${description})`}: `)
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    // By keys, so that the terminal itself shows none.
    const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
    let answer = ""
    lines.once("line", (line) => {
      answer = line
      lines.close()
    })
    // Ctrl-C is a key here; it is to be the signal that it is elsewhere.
    lines.once("SIGINT", () => {
      lines.close()
      process.kill(process.pid, "SIGINT")
    })
    lines.once("close", () => {
      errors.write("\n")
      resume(
        answer === "" ? refuse(`--${flag}: nothing was typed, and it is needed.`) : Effect.succeed(answer)
      )
    })
    return Effect.sync(() => lines.close())
  })
