import * as Schema from "effect/Schema"

/** `jsonText` gives a value as JSON by its Schema, for people too. */
export const jsonText = <A, I>(schema: Schema.Schema<A, I>, value: A): string =>
  JSON.stringify(Schema.encodeSync(schema)(value), null, 2)
