import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import * as GivenValue from "./GivenValue.ts"

/**
 * `failOnExcess` fails for a field that a schema does not know where decoding lets it pass: a struct without fields
 * takes whatever there is, however strictly it is decoded, so that a slip of the pen in a configuration would go
 * unnoticed. So does what is no data in the place of a struct.
 */
export const failOnExcess = (
  schema: Schema.Schema.AnyNoContext,
  given: unknown
): Effect.Effect<void, ParseResult.ParseError> => {
  const [field, ...deeper] = excess(schema.ast, given, []) ?? []
  if (field === undefined) return Effect.void
  const unexpected = new ParseResult.Unexpected(given, "is unexpected")
  return Effect.fail(ParseResult.parseError(new ParseResult.Pointer([field, ...deeper], given, unexpected)))
}

/** `excess` gives the path of the first that is too much; `undefined` where there is none. */
const excess = (
  ast: AST.AST,
  given: unknown,
  at: ReadonlyArray<string>
): ReadonlyArray<string> | undefined => {
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return excess(ast.from, given, at)
    case "Suspend":
      return excess(ast.f(), given, at)
    case "Union": {
      // One that takes it as it is is enough; those that take no object have no say.
      const found = ast.types.filter((type) => takesObjects(type)).map((type) => excess(type, given, at))
      return found.includes(undefined) ? undefined : found[0]
    }
    case "TupleType":
      return !Array.isArray(given)
        ? undefined
        : firstDefined(given, (value, index) => {
            const type = ast.elements[index]?.type ?? ast.rest[0]?.type
            return type === undefined ? undefined : excess(type, value, [...at, String(index)])
          })
    case "TypeLiteral": {
      if (!Predicate.isRecord(given)) return undefined
      // A Date or a promise has no field, and would be taken for one where all are left out.
      if (!GivenValue.isPlainObject(given)) return at
      if (ast.indexSignatures.length > 0) return undefined
      const known = new Map(ast.propertySignatures.map(({ name, type }) => [name, type]))
      return firstDefined(Object.entries(given), ([name, value]) => {
        const type = known.get(name)
        return type === undefined ? [...at, name] : excess(type, value, [...at, name])
      })
    }
    default:
      return undefined
  }
}

const firstDefined = <A, B>(
  all: ReadonlyArray<A>,
  find: (one: A, index: number) => B | undefined
): B | undefined => {
  for (const [index, one] of all.entries()) {
    const found = find(one, index)
    if (found !== undefined) return found
  }
  return undefined
}

const takesObjects = (ast: AST.AST): boolean => {
  if (ast._tag === "Refinement" || ast._tag === "Transformation") return takesObjects(ast.from)
  return !/^(Literal|TemplateLiteral|Enums|UniqueSymbol|(String|Number|Boolean|BigInt|Symbol|Undefined|Void|Never)Keyword)$/.test(
    ast._tag
  )
}
