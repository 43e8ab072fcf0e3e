import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { withoutFinalLineBreak } from "../../auth/FinalLineBreak.ts"
import { askBy } from "../../auth/SecretQuestion.ts"
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
  if (kind === "file") return Effect.map(reader.readText(rest), withoutFinalLineBreak)
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

/** `ask` asks whoever sits before the terminal, and shows nothing of what is typed. */
const ask = (
  { errors, input }: Caller,
  { description, flag }: InputField
): Effect.Effect<string, WrongUsage> =>
  askBy({ input, output: errors }, `${flag}${description === undefined ? "" : ` (${description})`}:`).pipe(
    Effect.mapBoth({
      onSuccess: Redacted.value,
      onFailure: () => refuse(`--${flag}: nothing was typed, and it is needed.`)
    })
  )
