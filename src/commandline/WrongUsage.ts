import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { nearest } from "../validation/Spelling.ts"

/** `WrongUsage` says that a command line cannot be understood. Nothing was begun. */
export class WrongUsage extends Data.TaggedError("WrongUsage")<{
  /** `sentences` say what is wrong, and what to give. */
  readonly sentences: ReadonlyArray<string>
}> {
  override get message(): string {
    return this.sentences.join("\n")
  }
}

/** `refuse` fails with it. */
export const refuse = (...sentences: ReadonlyArray<string>): WrongUsage => new WrongUsage({ sentences })

/** `isWrongUsage` says whether something is one. */
export const isWrongUsage = (error: unknown): error is WrongUsage => error instanceof WrongUsage

/** `noCommand` refuses what is not the name of one of these commands, or stands where one has to. */
export const noCommand = (
  given: string | undefined,
  commands: ReadonlyArray<{ readonly name: string }>
): WrongUsage => {
  const names = commands.map(({ name }) => name)
  const all = `give one of ${names.join(", ")}.`
  if (given === undefined) return refuse(`A command is missing; ${all}`)
  if (given.startsWith("-")) return refuse(`${given}: the command comes first; ${all}`)
  const meant = nearest(given, names)
  return refuse(`${given}: there is no such command; ${meant === undefined ? all : `did you mean ${meant}?`}`)
}

/** `asUsage` tells what is wrong with what a command line names, such as an inventory, as what is wrong with the line. */
export const asUsage = <A>(
  effect: Effect.Effect<A, { readonly message: string }>
): Effect.Effect<A, WrongUsage> =>
  Effect.mapError(effect, ({ message }) => new WrongUsage({ sentences: [message] }))

/** `nobodyToApprove` refuses a run that nobody can approve. */
export const nobodyToApprove = () =>
  refuse(
    "run: the plan has to be approved, and there is nobody to ask: standard input or standard error is no terminal. Look at it by the command plan; then give --yes, or the file of that plan by --plan FILE."
  )
