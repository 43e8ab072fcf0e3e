import * as Context from "effect/Context"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"

const text = (description: string) => Schema.NonEmptyString.annotations({ description })

const ofPlugin = () => ({
  id: text('text, such as "asa"'),
  version: text('text, such as "0.1.0"'),
  pluginInterface: Schema.Number.annotations({
    description: "the number of the Plugin.interfaceVersion that it was written for"
  }),
  capabilities: Schema.Array(Schema.String).annotations({ description: 'a list such as ["objects"]' }),
  config: Schema.declare(Schema.isSchema).annotations({
    description: "a Schema of what its devices are configured with beside, such as Schema.Struct({})"
  }),
  backend: Schema.declare(Predicate.isFunction).annotations({
    description: "a function that gives an Effect of { provider, client }"
  }),
  credentialsFromEnv: InputSchema.optional(
    Schema.declare(Predicate.isFunction),
    "a function of the variables' prefix"
  )
})

const subClients = Schema.declare(Predicate.isReadonlyRecord).annotations({
  description: "the members of the client that are clients in turn, as in { session: {}, rest: {} }"
})

const ofDefinition = () => ({
  ...ofPlugin(),
  tag: Schema.declare((given: unknown): given is Context.Tag<unknown, unknown> =>
    Context.isTag(given)
  ).annotations({
    description: 'a tag such as Context.GenericTag("my-plugin/Asa")'
  }),
  subClients
})

type Caller = (...given: ReadonlyArray<never>) => unknown

const check = <A, I>(schema: Schema.Schema<A, I>, given: unknown, caller: Caller): void => {
  try {
    InputSchema.checkSync(schema, given, "a plugin", "plugin")
  } catch (error) {
    if (error instanceof InvalidInput) Error.captureStackTrace(error, caller)
    throw error
  }
}

/**
 * `checkDefinition` takes what a plugin is made of. The types say so too; one in JavaScript has none. Throws
 * `InvalidInput`, at the line that called `caller`.
 */
export const checkDefinition = (definition: unknown, caller: Caller): void =>
  check(Schema.Struct(ofDefinition()), definition, caller)

/** `checkWhole` does so for a plugin that is whole. */
export const checkWhole = (plugin: unknown, caller: Caller): void =>
  check(Schema.Struct({ ...ofPlugin(), subClients: Schema.optional(subClients) }), plugin, caller)
