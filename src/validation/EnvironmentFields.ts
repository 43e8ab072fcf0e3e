import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as EnvironmentVariable from "./EnvironmentVariable.ts"

/** `variableOf` gives the variable of a field: `FMC_CONNECT_TIMEOUT` for `connectTimeout`. */
export const variableOf = (prefix: string, field: string): string =>
  `${prefix}_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** `namesOf` are the names of a schema's fields. */
export const namesOf = (schema: Schema.Schema.AnyNoContext): ReadonlyArray<string> =>
  AST.getPropertySignatures(schema.ast).map(({ name }) => String(name))

/**
 * `read` gives those fields of a schema that are set in the environment, or in whatever `ConfigProvider` is set, as a
 * file would give them: a number where the field takes no text. An empty variable counts as not set.
 */
export const read = (
  prefix: string,
  schema: Schema.Schema.AnyNoContext
): Effect.Effect<Readonly<Record<string, unknown>>> =>
  Effect.map(
    Effect.forEach(AST.getPropertySignatures(schema.ast), ({ name, type }) => {
      const variable = Config.nonEmptyString(variableOf(prefix, String(name)))
      return Effect.map(EnvironmentVariable.readOptional(variable), (text) =>
        Option.map(text, (given) => [String(name), valueOf(given.trim(), type)] as const)
      )
    }),
    (fields) => Object.fromEntries(fields.flatMap(Option.toArray))
  )

/**
 * `fieldValue` gives what a text means in the field of a schema, as a table has it: a number where the field takes no
 * text.
 */
export const fieldValue = (
  schema: Schema.Schema.AnyNoContext,
  field: string,
  text: string
): string | number => {
  const found = AST.getPropertySignatures(schema.ast).find(({ name }) => name === field)
  return found === undefined ? text : valueOf(text.trim(), found.type)
}

const valueOf = (text: string, type: AST.AST): string | number =>
  Schema.is(Schema.make(AST.encodedAST(type)))(text) || Number.isNaN(Number(text)) ? text : Number(text)
