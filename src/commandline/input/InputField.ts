import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { isWriteOnly } from "../../client/fields/FieldEquality.ts"
import { reserved } from "../CommandTable.ts"

/** `InputField` is a field of a workflow's input, as a command line gives it. */
export interface InputField {
  /** `path` leads to it in the input. */
  readonly path: ReadonlyArray<string>
  /**
   * `flag` is its flag, without the hyphens: `domain`, `server.port`; `input.limit` where the command line has a flag of
   * that name.
   */
  readonly flag: string
  readonly form: Form
  /** `isRequired` says whether it has to be given, wherever that is certain. */
  readonly isRequired: boolean
  readonly description: string | undefined
  /** `default` is what stands for it where it is left out, as JSON. */
  readonly default: string | undefined
  /** `examples` are as a command line would have them. */
  readonly examples: ReadonlyArray<string>
}

/** `Form` says how it is written. */
type Form =
  | Scalar
  /** It is given as often as there are values. */
  | { readonly _tag: "List"; readonly of: Scalar }
  /** It is read from a file. `columns` are the fields of a row, where it is a table. */
  | { readonly _tag: "Data"; readonly columns: ReadonlyArray<InputField> | undefined }
  /** It is in no argument. `isWrapped` says whether the workflow takes it as `Redacted`. */
  | { readonly _tag: "Secret"; readonly isWrapped: boolean }

/** `Scalar` is what one argument holds. */
export type Scalar =
  | { readonly _tag: "Text" }
  | { readonly _tag: "Number" }
  | { readonly _tag: "Boolean" }
  | { readonly _tag: "Choice"; readonly choices: ReadonlyArray<AST.LiteralValue> }

/** `ofSchema` gives the fields of an input; none where it is no struct. */
export const ofSchema = ({ ast }: Schema.Schema.AnyNoContext): ReadonlyArray<InputField> =>
  fieldsOf(ast, [], true) ?? []

/** `fieldsOf` gives those of a struct, and of the structs in it; `undefined` of anything else. */
const fieldsOf = (
  ast: AST.AST,
  above: ReadonlyArray<string>,
  isRequired: boolean
): ReadonlyArray<InputField> | undefined => {
  const struct = structOf(ast)
  return struct?.from.propertySignatures.flatMap((property) => {
    const path = [...above, String(property.name)]
    const to = struct.to?.propertySignatures.find(({ name }) => name === property.name)
    const given = valueOf(property.type)
    const form = formOf(given)
    const isNeeded = isRequired && !property.isOptional && !takesUndefined(property.type)
    const nested = form._tag === "Data" ? fieldsOf(given, path, isNeeded) : undefined
    if (nested !== undefined) return nested
    const annotated = [property, ...(to === undefined ? [] : [to, to.type]), property.type, given]
    return [
      {
        path,
        flag: flagOf(path),
        // What a journal would mask is no argument either.
        form: form._tag === "Text" && isWriteOnly(String(property.name)) ? unwrappedSecret : form,
        isRequired: isNeeded,
        description: firstOf(annotated, descriptionOf),
        default: struct.defaultOf(property.name),
        examples: firstOf(annotated, examplesOf) ?? []
      }
    ]
  })
}

const unwrappedSecret: Form = { _tag: "Secret", isWrapped: false }

interface Struct {
  /** `from` is what is given, and `to` what the workflow gets, where that has descriptions of its own. */
  readonly from: AST.TypeLiteral
  readonly to: AST.TypeLiteral | undefined
  readonly defaultOf: (name: PropertyKey) => string | undefined
}

const structOf = (ast: AST.AST): Struct | undefined => {
  switch (ast._tag) {
    case "Suspend":
      return structOf(ast.f())
    case "Refinement":
      return structOf(ast.from)
    case "TypeLiteral":
      return ast.indexSignatures.length > 0
        ? undefined
        : { from: ast, to: undefined, defaultOf: () => undefined }
    case "Transformation": {
      const inner = structOf(ast.from)
      const { to, transformation } = ast
      return (
        inner && {
          from: inner.from,
          to: AST.isTypeLiteral(to) ? to : inner.to,
          defaultOf: (name) => defaultIn(transformation, name) ?? inner.defaultOf(name)
        }
      )
    }
    default:
      return undefined
  }
}

const defaultIn = (transformation: AST.TransformationKind, name: PropertyKey): string | undefined => {
  if (!AST.isTypeLiteralTransformation(transformation)) return undefined
  const found = transformation.propertySignatureTransformations.find(({ from }) => from === name)
  const value: Option.Option<unknown> = found === undefined ? Option.none() : found.decode(Option.none())
  // What has no JSON, such as a function, nobody could read.
  return Option.isSome(value) && !Option.isOption(value.value) ? JSON.stringify(value.value) : undefined
}

/** `valueOf` gives what has to stand in a field that may be left out. */
const valueOf = (ast: AST.AST): AST.AST => {
  if (AST.isSuspend(ast)) return valueOf(ast.f())
  if (!AST.isUnion(ast)) return ast
  const [only, ...others] = ast.types.filter((type) => !isNothing(type))
  return only === undefined || others.length > 0 ? ast : valueOf(only)
}

const takesUndefined = (ast: AST.AST): boolean =>
  AST.isUndefinedKeyword(ast) || (AST.isUnion(ast) && ast.types.some(takesUndefined))

const isNothing = (ast: AST.AST): boolean =>
  AST.isUndefinedKeyword(ast) || (AST.isLiteral(ast) && ast.literal === null)

/** `formOf` gives the form of what is given: a date, say, is a text. */
const formOf = (ast: AST.AST): Form => {
  const given = valueOf(AST.encodedAST(ast))
  if (isSecret(ast)) return { _tag: "Secret", isWrapped: AST.isDeclaration(given) }
  if (!AST.isTupleType(given)) return scalarOf(given) ?? { _tag: "Data", columns: undefined }
  const item = itemOf(ast)
  if (item === undefined) return { _tag: "Data", columns: undefined }
  const of = isSecret(item) ? undefined : scalarOf(valueOf(AST.encodedAST(item)))
  return of === undefined ? { _tag: "Data", columns: fieldsOf(item, [], true) } : { _tag: "List", of }
}

/** `itemOf` is what an array has many of. */
const itemOf = (ast: AST.AST): AST.AST | undefined => {
  if (AST.isSuspend(ast)) return itemOf(ast.f())
  if (AST.isRefinement(ast) || AST.isTransformation(ast)) return itemOf(ast.from)
  if (!AST.isTupleType(ast)) return undefined
  const [rest, ...others] = ast.rest
  const first = ast.elements[0]?.type
  // A list that has at least one is one, too.
  const isAlike = ast.elements.length === 0 || (ast.elements.length === 1 && first === rest?.type)
  return others.length === 0 && isAlike ? rest?.type : undefined
}

const scalarOf = (ast: AST.AST): Scalar | undefined => {
  switch (ast._tag) {
    case "StringKeyword":
    case "TemplateLiteral":
      return { _tag: "Text" }
    case "NumberKeyword":
      return { _tag: "Number" }
    case "BooleanKeyword":
      return { _tag: "Boolean" }
    case "Literal":
      return { _tag: "Choice", choices: [ast.literal] }
    case "Enums":
      return { _tag: "Choice", choices: ast.enums.map(([, value]) => value) }
    case "Union": {
      const all = ast.types.filter((type) => !isNothing(type)).map(scalarOf)
      const known = all.filter(Predicate.isNotUndefined)
      if (known.length < all.length) return undefined
      const choices = known.flatMap((one) => (one._tag === "Choice" ? [one.choices] : []))
      if (choices.length === known.length) return { _tag: "Choice", choices: choices.flat() }
      const [first] = known
      return first !== undefined && known.every(({ _tag }) => _tag === first._tag) ? first : { _tag: "Text" }
    }
    default:
      return undefined
  }
}

/** `isSecret` says whether what the workflow gets is `Redacted`. */
const isSecret = (ast: AST.AST): boolean => {
  switch (ast._tag) {
    case "Suspend":
      return isSecret(ast.f())
    case "Refinement":
      return isSecret(ast.from)
    case "Transformation":
      return isSecret(ast.to)
    case "Union":
      return ast.types.some(isSecret)
    case "Declaration": {
      const made: unknown = ast.annotations[AST.TypeConstructorAnnotationId]
      return Predicate.hasProperty(made, "_tag") && made._tag === "effect/Redacted"
    }
    default:
      return false
  }
}

const firstOf = <A>(
  all: ReadonlyArray<AST.Annotated>,
  find: (one: AST.Annotated) => A | undefined
): A | undefined => {
  for (const one of all) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** `descriptionOf` gives what an author says; that a text is a string needs no word. */
const descriptionOf = (one: AST.Annotated): string | undefined => {
  const said = Option.getOrUndefined(AST.getDescriptionAnnotation(one))
  return said === undefined || builtIn.has(said) ? undefined : said
}

const builtIn = new Set(["a string", "a number", "a boolean", "Redacted(<redacted>)"])

const examplesOf = (one: AST.Annotated): ReadonlyArray<string> | undefined => {
  const said = Option.getOrUndefined(AST.getExamplesAnnotation(one))
  return said?.map((example) => (typeof example === "string" ? example : JSON.stringify(example)))
}

const flagOf = (path: ReadonlyArray<string>): string => {
  const flag = path.map(kebab).join(".")
  return reserved.has(flag) ? `input.${flag}` : flag
}

/** `kebab` gives the flag of a name: `ignoreWarnings` is `ignore-warnings`. */
const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replace(/[_\s]+/g, "-")
    .toLowerCase()
