import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { oneOf } from "./ScalarText.ts"

/** `InputFault` is something in an input that its Schema does not take. */
export interface InputFault {
  readonly path: ReadonlyArray<PropertyKey>
  /** `sentence` says what is wrong and what to give, and nothing of what was given. */
  readonly sentence: string
}

/** `faultsIn` are those of an error, one for each place. */
export const faultsIn = (
  schema: Schema.Schema.AnyNoContext,
  error: ParseResult.ParseError
): ReadonlyArray<InputFault> => {
  const faults = new Map<string, InputFault>()
  for (const { _tag, path } of ParseResult.ArrayFormatter.formatErrorSync(error)) {
    const key = keyOf(path)
    if (faults.has(key)) continue
    const form = expectedAt(schema.ast, path)
    const give = form === undefined ? "see what the workflow takes." : `give ${form}.`
    const sentence =
      _tag === "Missing"
        ? `it is missing; ${give}`
        : _tag === "Unexpected"
          ? "there is no such field; leave it out, or check its spelling."
          : `what stands there cannot be used; ${give}`
    faults.set(key, { path, sentence })
  }
  // Of a field that may be left out it is said too that something stands there at all.
  const above = new Set(
    [...faults.values()].flatMap(({ path }) => path.map((_, at) => keyOf(path.slice(0, at))))
  )
  return [...faults.values()].filter(({ path }) => !above.has(keyOf(path)))
}

const keyOf = (path: ReadonlyArray<PropertyKey>): string => path.map(String).join(".")

/** `expectedAt` says what has to stand somewhere, as far as the Schema has words for it. */
const expectedAt = (ast: AST.AST, [name, ...deeper]: ReadonlyArray<PropertyKey>): string | undefined => {
  if (name === undefined) return wordsOf(ast)
  const inner = innerOf(ast, name)
  return inner === undefined ? undefined : expectedAt(inner, deeper)
}

const innerOf = (ast: AST.AST, name: PropertyKey): AST.AST | undefined => {
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return innerOf(ast.from, name)
    case "Suspend":
      return innerOf(ast.f(), name)
    case "Union":
      return ast.types.map((type) => innerOf(type, name)).find((type) => type !== undefined)
    case "TupleType":
      return ast.elements[Number(name)]?.type ?? ast.rest[0]?.type
    case "TypeLiteral": {
      const found = ast.propertySignatures.find((signature) => signature.name === name)
      return found?.type ?? ast.indexSignatures[0]?.type
    }
    default:
      return undefined
  }
}

const wordsOf = (ast: AST.AST): string | undefined => {
  const said = Option.getOrUndefined(AST.getDescriptionAnnotation(ast))
  // A text of a certain kind is called "a string" by what it is made from.
  if (said !== undefined) return said === "a string" ? "a text" : said
  switch (ast._tag) {
    case "Literal":
      return JSON.stringify(ast.literal)
    case "Enums":
      return oneOf(ast.enums.map(([, value]) => JSON.stringify(value)))
    case "Suspend":
      return wordsOf(ast.f())
    case "Refinement":
      return wordsOf(ast.from)
    case "Transformation":
      return wordsOf(ast.from)
    case "BooleanKeyword":
      return "true or false"
    case "TupleType":
      return "a list"
    case "TypeLiteral":
      return `an object with ${oneOf(ast.propertySignatures.map(({ name }) => String(name)))}`
    case "Union": {
      const types = ast.types.filter((type) => !AST.isUndefinedKeyword(type)).map(wordsOf)
      return types.some((one) => one === undefined) ? undefined : oneOf(types.map(String))
    }
    default:
      return undefined
  }
}
