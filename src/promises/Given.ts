import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as InputSource from "../validation/InputSource.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

// What the tools `change` and `job` are given by a script, which has no types in JavaScript.

export const isFunction = (value: unknown): value is (...given: never) => unknown =>
  // An Effect that is made by Effect.gen may be one as well.
  Predicate.isFunction(value) && !Effect.isEffect(value)

/** `fn` is a function. `description` says which to give. */
export const fn = (description: string) => Schema.declare(isFunction).annotations({ description })

export const client = Schema.declare(
  (value): value is { readonly session: unknown } =>
    Predicate.hasProperty(value, "session") &&
    Predicate.hasProperty(value.session, "target") &&
    Predicate.hasProperty(value.session.target, "name")
).annotations({ description: "the client of the device, such as fmc" })

export const path = Schema.String.pipe(Schema.startsWith("/")).annotations({
  description: "the path where it lies on the device, from its root, such as /api/banner"
})

export const fields = Schema.declare(
  (value): value is Readonly<Record<string, unknown>> =>
    Predicate.isReadonlyRecord(value) && !Predicate.isPromiseLike(value) && !Effect.isEffect(value)
)

/** `sourceOf` is where the options of a tool are given: a fault calls one `change.path`. */
export const sourceOf = (tool: string): InputSource.InputSource => ({
  ...InputSource.dataAt(tool),
  isSafeToShow: true
})

/** `atOnce` is a function of a script that does not await. Throws `InvalidInput` where it gives a promise or an Effect. */
export const atOnce =
  <Given extends ReadonlyArray<unknown>, A>(field: string, called: (...given: Given) => A) =>
  (...given: Given): A => {
    const result = called(...given)
    const what = Predicate.isPromiseLike(result)
      ? "a promise"
      : Effect.isEffect(result)
        ? "an Effect"
        : undefined
    if (what === undefined) return result
    throw refuseInput(
      field,
      `it gives ${what}; give a function that says at once what it is asked for, and read what it needs before.`
    )
  }
