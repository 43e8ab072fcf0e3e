import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `decodeInput` takes a workflow's input as it is given. Fails with `InvalidInput`, which names the field. */
export const decodeInput = <I, Encoded>(schema: Schema.Schema<I, Encoded>, input: unknown) =>
  Effect.mapError(Schema.decodeUnknown(schema, { errors: "first" })(input), (error) => {
    const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
    const field = ["input", ...(issue?.path ?? []).map(String)].join(".")
    // What stands there may be a secret.
    const what =
      issue?._tag === "Missing" ? "it is missing" : "what stands there is not what the workflow takes"
    return refuseInput(field, `${what}; see the workflow's input.`)
  })
