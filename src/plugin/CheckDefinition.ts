import * as Context from "effect/Context"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"

const text = (description: string) => Schema.NonEmptyString.annotations({ description })

const makeSchema = () =>
  Schema.Struct({
    id: text('text, such as "asa"'),
    version: text('text, such as "0.1.0"'),
    pluginInterface: Schema.Number.annotations({
      description: "the number of the Plugin.interfaceVersion that it was written for"
    }),
    capabilities: Schema.Array(Schema.String).annotations({ description: 'a list such as ["objects"]' }),
    config: Schema.declare(Schema.isSchema).annotations({
      description: "a Schema of what its devices are configured with beside, such as Schema.Struct({})"
    }),
    tag: Schema.declare((given: unknown): given is Context.Tag<unknown, unknown> =>
      Context.isTag(given)
    ).annotations({
      description: 'a tag such as Context.GenericTag("my-plugin/Asa")'
    }),
    subClients: Schema.declare(Predicate.isReadonlyRecord).annotations({
      description: "the members of the client that are clients in turn, as in { session: {}, rest: {} }"
    }),
    backend: Schema.declare(Predicate.isFunction).annotations({
      description: "a function that gives an Effect of { provider, client }"
    }),
    credentialsFromEnv: Schema.optional(
      Schema.declare(Predicate.isFunction).annotations({ description: "a function of the variables' prefix" })
    )
  })

/**
 * `checkDefinition` takes what a plugin is made of. The types say so too; one in JavaScript has none. Throws
 * `InvalidInput`, at the line that called `caller`.
 */
export const checkDefinition = (
  definition: unknown,
  caller: (...given: ReadonlyArray<never>) => unknown
): void => {
  try {
    InputSchema.checkSync(makeSchema(), definition, "a plugin", "plugin")
  } catch (error) {
    if (error instanceof InvalidInput) Error.captureStackTrace(error, caller)
    throw error
  }
}
