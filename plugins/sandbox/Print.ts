import process from "node:process"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"

/** `Printer` prints lines to standard output and to standard error. */
interface Printer {
  readonly print: (line: string) => Effect.Effect<void>
  readonly tell: (line: string) => Effect.Effect<void>
  /** `unsafeTell` does so outside an Effect. */
  readonly unsafeTell: (line: string) => void
}

/**
 * `printer` prints to the streams of this process: the consoles of Bun and of Deno pass by whoever watches those, and
 * Bun's tells nobody of a line that it could not write. Another console than the usual one is asked itself.
 */
export const printer: Effect.Effect<Printer> = Effect.map(Effect.console, (console) =>
  console === usual
    ? ofProcess
    : { print: console.log, tell: console.error, unsafeTell: (line) => console.unsafe.error(line) }
)

const unsafeTell = (line: string) => void process.stderr.write(`${line}\n`)

const ofProcess: Printer = {
  print: (line) => Effect.sync(() => void process.stdout.write(`${line}\n`)),
  tell: (line) => Effect.sync(() => unsafeTell(line)),
  unsafeTell
}

const usual = Context.get(DefaultServices.liveServices, Console.Console)
