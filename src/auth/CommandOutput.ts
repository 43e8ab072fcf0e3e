import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { isDuration } from "../validation/TimerLength.ts"
import { type Answer, share } from "./SharedAnswers.ts"

/** `Command` is a program that prints a secret. */
export interface Command {
  /** `command` is the program and its arguments, word by word. */
  readonly command: readonly [string, ...ReadonlyArray<string>]
  /** `timeOut` is how long it may take. @default 45 seconds: somebody may have to touch a key */
  readonly timeOut?: Duration.DurationInput | undefined
}

/** `CommandTurns` are how many commands may run at once: a thousand devices may have one each. */
class CommandTurns extends Context.Reference<CommandTurns>()("sallyport/CommandTurns", {
  defaultValue: () => Effect.unsafeMakeSemaphore(4)
}) {}

const maxBytes = 1024 * 1024

/**
 * `firstLine` runs a command and gives the first line of what it prints; whoever asks for the same meanwhile gets the
 * same. Fails with `InvalidInput`, which says the command's name and its exit code, and nothing that it has printed.
 * Whoever is interrupted, or has waited long enough, ends it.
 */
export const firstLine = (
  { command, timeOut = "45 seconds" }: Command,
  field: string
): Effect.Effect<Redacted.Redacted, InvalidInput> =>
  Effect.gen(function* () {
    if (!isCommand(command)) return yield* Effect.fail(noCommand)
    if (!isDuration(timeOut)) return yield* Effect.fail(noDuration)
    const limit = Duration.decode(timeOut)
    const key = JSON.stringify(["command", command, Duration.toMillis(limit)])
    return yield* share(key, printed(command, limit), { isKept: false })
  }).pipe(Effect.mapError((sentence) => refuseInput(field, sentence)))

const isCommand = (given: unknown): given is Command["command"] =>
  Array.isArray(given) &&
  given.every((word) => Predicate.isString(word) && !word.includes("\0")) &&
  (given[0] ?? "") !== ""

const noDuration = 'timeOut is no duration; give one such as "30 seconds", or milliseconds.'

const noCommand = 'this is no command; give a list of words such as ["op", "read", "op://net/fmc/password"].'

const printed = ([program, ...words]: Command["command"], limit: Duration.Duration): Answer => {
  const name = JSON.stringify(Redaction.redact(program))
  return Effect.flatMap(CommandTurns, (turns) =>
    run(program, words).pipe(
      Effect.mapError((error) => sentenceOf(error, name)),
      Effect.timeoutFail({
        duration: limit,
        onTimeout: () =>
          `the command ${name} has taken too long and was ended; run it by hand to see what it waits for.`
      }),
      turns.withPermits(1),
      Effect.map((text) => text.split(/\r?\n/, 1)[0] ?? ""),
      Effect.filterOrFail(
        (line) => line !== "",
        () => `the first line that the command ${name} prints is empty; the password has to stand there.`
      ),
      Effect.map(Redacted.make)
    )
  )
}

/** `childProcess` is loaded where a command is run: few scripts do. */
const childProcess = Effect.promise(() => import("node:child_process"))

/** `run` gives what a program prints, and ends it when it is interrupted. */
const run = (program: string, words: ReadonlyArray<string>): Effect.Effect<string, unknown> =>
  Effect.flatMap(childProcess, ({ execFile }) =>
    Effect.async((resume) => {
      try {
        const options = { encoding: "utf8", maxBuffer: maxBytes, windowsHide: true, shell: false } as const
        const child = execFile(program, words, options, (error, stdout) =>
          resume(error === null ? Effect.succeed(stdout) : Effect.fail(error))
        )
        // It has nobody to ask.
        child.stdin?.on("error", () => undefined)
        child.stdin?.end()
        return Effect.sync(() => {
          child.kill("SIGKILL")
          // What it has started may hold them, and they this process.
          child.stdout?.destroy()
          child.stderr?.destroy()
        })
      } catch (error) {
        // Deno without --allow-run.
        resume(Effect.fail(error))
        return Effect.void
      }
    })
  )

const sentenceOf = (error: unknown, name: string): string => {
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  if (code === "ENOENT") return `there is no command ${name}; install it, or give its whole path.`
  if (typeof code === "number")
    return `the command ${name} has ended with exit code ${code}; run it by hand to see what it says.`
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return `the command ${name} prints more than 1 MiB; it has to print the password alone.`
  if (Predicate.hasProperty(error, "signal") && typeof error.signal === "string")
    return `the command ${name} was ended by ${error.signal}; run it by hand to see what it says.`
  return `the command ${name} cannot be run by this process; check that it may be (Deno: --allow-run).`
}
