import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InputSchema, type InvalidInput } from "sallyport/plugin"
import type { Fault } from "./Fault.ts"

const { optional } = InputSchema

const How = Schema.Union(
  Schema.TaggedStruct("Answer", {
    status: Schema.Int.pipe(Schema.between(200, 599)),
    headers: Schema.Record({ key: Schema.String, value: Schema.String }),
    body: Schema.Unknown
  }),
  Schema.TaggedStruct("Slow", { millis: Schema.NonNegative }),
  Schema.TaggedStruct("DropHeader", { names: Schema.Array(Schema.String) }),
  Schema.Struct({ _tag: Schema.Literal("Reset", "Hang", "LoseAnswer", "Truncated") })
)
const isHow = Schema.is(How, { onExcessProperty: "error" })

const schema = Schema.Struct({
  method: optional(Schema.NonEmptyString, 'a method such as "POST"'),
  path: optional(
    Schema.Union(Schema.String, Schema.instanceOf(RegExp)),
    "the beginning of a path, or a pattern such as /hosts/"
  ),
  protocol: optional(Schema.Literal("fmc", "fdm"), '"fmc" or "fdm"'),
  kind: optional(
    Schema.Literal("login", "refresh", "revoke", "custom-token", "call"),
    '"login", "refresh", "revoke", "custom-token" or "call"'
  ),
  nth: optional(Schema.Positive.pipe(Schema.int()), "a whole number of at least 1"),
  times: optional(Schema.Positive, "a whole number of at least 1, or Infinity"),
  how: Schema.declare((given): given is Fault["how"] => isHow(given)).annotations({
    description: "what Sandbox.Fault has, such as Sandbox.Fault.status(503), of 200 to 599"
  })
})

/** `checkFault` takes a fault. Fails with `InvalidInput`. */
export const checkFault = (fault: Fault): Effect.Effect<void, InvalidInput> =>
  InputSchema.check(schema, fault, "a fault")
