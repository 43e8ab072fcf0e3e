import * as Schema from "effect/Schema"

/** `numberAsText` reads a number as a text, and writes it as the number that it was. */
export const numberAsText = Schema.transform(Schema.Number, Schema.String, {
  strict: true,
  decode: String,
  encode: Number
})
