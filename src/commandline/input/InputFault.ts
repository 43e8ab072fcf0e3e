import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as SchemaFields from "../../validation/SchemaFields.ts"
import { leaveOut } from "../../validation/Spelling.ts"
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
    const expected = SchemaFields.at(schema.ast, path)
    const form = expected && wordsOf(expected)
    const give = form === undefined ? "see what the workflow takes." : `give ${form}.`
    const sentence =
      _tag === "Missing"
        ? `it is missing; ${give}`
        : _tag === "Unexpected"
          ? `there is no such field; ${leaveOut(String(path.at(-1)), namesBeside(schema.ast, path))}`
          : `what stands there cannot be used; ${give}`
    faults.set(key, { path, sentence })
  }
  // Of a field that may be left out it is said too that something stands there at all.
  const above = new Set(
    [...faults.values()].flatMap(({ path }) => path.map((_, at) => keyOf(path.slice(0, at))))
  )
  return [...faults.values()].filter(({ path }) => !above.has(keyOf(path)))
}

const namesBeside = (ast: AST.AST, path: ReadonlyArray<PropertyKey>) =>
  SchemaFields.namesOf(SchemaFields.at(ast, path.slice(0, -1)))

const keyOf = (path: ReadonlyArray<PropertyKey>): string => path.map(String).join(".")

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
