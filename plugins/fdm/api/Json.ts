import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type InvalidInput, JsonValue } from "sallyport/plugin"

/** `write` gives a value as JSON, as it is sent; what is `Redacted` as what it holds. Fails with `InvalidInput`. */
export const write = (field: string, value: unknown): Effect.Effect<string, InvalidInput> =>
  Effect.suspend(
    () =>
      JsonValue.faultOfOpened(field, value) ??
      Effect.succeed(
        JSON.stringify(value, function (this: unknown, name, inner) {
          // What stands there before its own `toJSON`, which would hide it.
          const original = (this as Record<string, unknown>)[name]
          return Redacted.isRedacted(original) ? Redacted.value(original) : inner
        })
      )
  )

/** `readWithoutNulls` reads a field that is null as if it were not there; in a list it is a value. */
export const readWithoutNulls = (text: string): unknown =>
  JSON.parse(text, function (this: unknown, _, value) {
    return value === null && !Array.isArray(this) ? undefined : value
  }) ?? null
