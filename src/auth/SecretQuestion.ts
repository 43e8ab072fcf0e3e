import process from "node:process"
import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { type Answer, share } from "./SharedAnswers.ts"
import * as TypedAhead from "./TypedAhead.ts"

/** `Terminal` is where somebody may sit. */
export interface Terminal {
  readonly input: TypedAhead.Keyboard
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined }
  /** `turn` is whose turn it is to ask: a terminal takes one question at a time. */
  readonly turn: Effect.Semaphore
}

/** `SecretTerminal` is the terminal on which secrets are asked for. What is asked goes beside what a script prints. */
export class SecretTerminal extends Context.Reference<SecretTerminal>()("sallyport/SecretTerminal", {
  defaultValue: (): Terminal => ({
    input: process.stdin,
    output: process.stderr,
    turn: Effect.unsafeMakeSemaphore(1)
  })
}) {}

/**
 * `ask` asks for a secret on the terminal, without showing what is typed. Whoever asks the same meanwhile or later gets
 * the same answer. Fails with `InvalidInput` where there is no terminal, and where nothing is entered.
 */
export const ask = (question: string, field: string): Effect.Effect<Redacted.Redacted, InvalidInput> =>
  SecretTerminal.pipe(
    Effect.flatMap((terminal) =>
      share(JSON.stringify(["prompt", question]), terminal.turn.withPermits(1)(askBy(terminal, question)), {
        isKept: true
      })
    ),
    Effect.mapError((sentence) => refuseInput(field, sentence))
  )

/** `askBy` asks there. Fails with the sentence that says what to do. */
export const askBy = ({ input, output }: Omit<Terminal, "turn">, question: string): Answer =>
  Effect.suspend(() => {
    if (input.isTTY !== true || output.isTTY !== true) return Effect.fail(nobody)
    const asking = Effect.async<Redacted.Redacted, string>((resume) => {
      if (TypedAhead.isOver(input)) return resume(Effect.fail(noAnswer))
      // The terminal is in raw mode, in which it shows nothing by itself, and what readline would show goes nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
      lines.once("line", (answer) => {
        resume(answer === "" ? Effect.fail(noAnswer) : Effect.succeed(Redacted.make(answer)))
        lines.close()
      })
      // In raw mode Ctrl-C is a key; it is to be the signal that it is elsewhere.
      lines.once("SIGINT", () => {
        lines.close()
        TypedAhead.interruptProcess()
      })
      lines.once("close", () => {
        output.write("\n")
        resume(Effect.fail(noAnswer))
      })
      output.write(`${Redaction.redact(question)} `)
      return Effect.sync(() => lines.close())
    })
    return Effect.zipRight(TypedAhead.discard(input), asking)
  })

const nobody =
  "the password has to be asked for, and there is nobody to ask: standard input or standard error is no terminal. Run the script on a terminal, or give credentials with env, passwordFile or command."

const noAnswer = "nothing was entered; start again, and enter the password."
