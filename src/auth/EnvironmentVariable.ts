import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { InvalidInput } from "../transport/DeviceError.ts"

/**
 * `readRequired` gives a variable of the environment, or of whatever `ConfigProvider` is set, that has to be there.
 * Fails with `InvalidInput`, which names it and says `what` stands in it; so it does where a runtime does not let the
 * process read it.
 */
export const readRequired = <A>(
  name: string,
  variable: Config.Config<A>,
  what: string
): Effect.Effect<A, InvalidInput> => {
  const refuse = (sentence: string) =>
    Effect.fail(new InvalidInput({ field: name, message: `${name}: ${sentence}` }))
  return Effect.catchAllDefect(
    Effect.catchAll(variable, () => refuse(`this variable must be set in the environment, ${what}.`)),
    (defect) =>
      isForbidden(defect)
        ? refuse(`this process may not read this variable; start Deno with --allow-env=${name}.`)
        : Effect.die(defect)
  )
}

/** `readOptional` gives the same of one that need not be there: one that may not be read is as good as absent. */
export const readOptional = <A>(variable: Config.Config<A>): Effect.Effect<Option.Option<A>> =>
  Effect.catchAllDefect(Effect.option(variable), (defect) =>
    isForbidden(defect) ? Effect.succeedNone : Effect.die(defect)
  )

/** `isForbidden` recognizes Deno's word for a missing permission. */
const isForbidden = (defect: unknown): boolean =>
  Predicate.hasProperty(defect, "name") && defect.name === "NotCapable"
