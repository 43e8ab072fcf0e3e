import type * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "./InvalidInput.ts"
import { refuseInput } from "./RefuseInput.ts"

/** `isPrefix` says whether names of variables can begin with it: none holds a colon, and a URL in its place does. */
export const isPrefix = (prefix: unknown): prefix is string =>
  typeof prefix === "string" && /^[^\s:/=]+$/.test(prefix)

/** `refusePrefix` says what to give in the place of what is no prefix, and does not show it: it may hold a password. */
export const refusePrefix = (field = "prefix"): InvalidInput =>
  refuseInput(field, 'this is no prefix of variables; give one such as "FMC", for FMC_URL and its like.')

/**
 * `readRequired` gives a variable of the environment, or of whatever `ConfigProvider` is set, that has to be there.
 * Fails with `InvalidInput`, which names it and says `what` stands in it; so it does where a runtime does not let the
 * process read it.
 */
export const readRequired = <A>(
  name: string,
  variable: Config.Config<A>,
  what: string
): Effect.Effect<A, InvalidInput> =>
  readPermitted(
    name,
    Effect.mapError(variable, () =>
      refuseInput(name, `this variable must be set in the environment, ${what}.`)
    )
  )

/** `readPermitted` reads a variable, and fails with `InvalidInput` where a runtime does not let the process read it. */
export const readPermitted = <A, E>(
  name: string,
  variable: Effect.Effect<A, E>
): Effect.Effect<A, E | InvalidInput> =>
  Effect.catchAllDefect(variable, (defect) =>
    isForbidden(defect)
      ? refuseInput(name, `this process may not read this variable; start Deno with --allow-env=${name}.`)
      : Effect.die(defect)
  )

/** `readOptional` gives the same of one that need not be there: one that may not be read is as good as absent. */
export const readOptional = <A>(variable: Config.Config<A>): Effect.Effect<Option.Option<A>> =>
  Effect.catchAllDefect(Effect.option(variable), (defect) =>
    isForbidden(defect) ? Effect.succeedNone : Effect.die(defect)
  )

/** `isForbidden` recognizes Deno's word for a missing permission. */
const isForbidden = (defect: unknown): boolean =>
  Predicate.hasProperty(defect, "name") && defect.name === "NotCapable"

/**
 * `configErrorText` says what is wrong with which variable, by their names: the words of a ConfigError show what was
 * refused, too.
 */
export const configErrorText = (error: ConfigError.ConfigError): string => {
  switch (error._op) {
    case "And":
    case "Or":
      return `${configErrorText(error.left)}; ${configErrorText(error.right)}`
    case "MissingData":
      return `${error.path.join("_")} is not set or empty`
    default:
      return `${error.path.join("_")} is not valid`
  }
}
