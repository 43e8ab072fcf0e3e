import * as Either from "effect/Either"
import * as Schema from "effect/Schema"

/** A field that may be missing, null or of another shape: it is then as good as absent. */
export const field = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optional(Schema.UndefinedOr(schema).annotations({ decodingFallback: () => Either.right(undefined) }))
