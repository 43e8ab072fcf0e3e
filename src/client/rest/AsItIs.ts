import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * `Check` says of a value from JSON whether it is what a schema describes, so that decoding it would change nothing. It is
 * made of loops: it goes through each field of a long list, mostly before a runtime has compiled it.
 */
type Check = (value: unknown) => boolean

/**
 * `isDecoded` says whether a value from JSON is already what decoding it by a schema would give, with all fields that the
 * schema does not name. Most of what devices answer is, and to see that takes a tenth of the time that decoding takes.
 *
 * `false` says nothing: the value may still be decoded, and only that tells what is wrong with it.
 */
export const isDecoded = <A, I>(schema: Schema.Schema<A, I>, value: unknown): value is A =>
  checkOf(schema.ast)?.(value) === true

const known = new WeakMap<AST.AST, Check | null>()

/** `checkOf` makes a schema's check once. There is none for what is changed where it is decoded. */
const checkOf = (ast: AST.AST): Check | undefined => {
  const made = known.get(ast)
  if (made !== undefined) return made ?? undefined
  const check = hasOptions(ast) ? undefined : make(ast)
  known.set(ast, check ?? null)
  return check
}

/** `hasOptions` says whether a schema says itself how it is decoded, which may change what is given. */
const hasOptions = ({ annotations }: AST.AST): boolean =>
  annotations[AST.ParseOptionsAnnotationId] !== undefined ||
  annotations[AST.DecodingFallbackAnnotationId] !== undefined

const make = (ast: AST.AST): Check | undefined => {
  switch (ast._tag) {
    case "UnknownKeyword":
    case "AnyKeyword":
      return () => true
    case "StringKeyword":
      return (value) => typeof value === "string"
    case "NumberKeyword":
      return (value) => typeof value === "number"
    case "BooleanKeyword":
      return (value) => typeof value === "boolean"
    case "UndefinedKeyword":
      return (value) => value === undefined
    case "Literal":
      return (value) => value === ast.literal
    case "Union":
      return union(ast)
    case "TupleType":
      return list(ast)
    case "TypeLiteral":
      return record(ast)
    case "Refinement":
      return refinement(ast)
    default:
      return undefined
  }
}

// What a member before one that may change something takes, that one is not asked for.
const union = ({ types }: AST.Union): Check | undefined => {
  const members: Array<Check> = []
  for (const type of types) {
    const member = checkOf(type)
    if (member === undefined) break
    members.push(member)
  }
  const [only, ...others] = members
  if (only === undefined || !types.slice(members.length).every(takesNoObject)) return undefined
  if (others.length === 0) return only
  return (value) => {
    for (const member of members) if (member(value)) return true
    return false
  }
}

/** `takesNoObject` says of a member that it is asked in its turn: objects may go to one first whose literals they have. */
const takesNoObject = (ast: AST.AST): boolean => {
  const taken = AST.encodedAST(ast)
  return taken._tag === "Union" ? taken.types.every(takesNoObject) : plainTags.has(taken._tag)
}

const plainTags: ReadonlySet<string> = new Set([
  "StringKeyword",
  "NumberKeyword",
  "BooleanKeyword",
  "UndefinedKeyword",
  "Literal"
])

const list = ({ elements, rest }: AST.TupleType): Check | undefined => {
  const [each, ...more] = rest
  const item = each === undefined || more.length + elements.length > 0 ? undefined : checkOf(each.type)
  if (item === undefined) return undefined
  return (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!item(one)) return false
    return true
  }
}

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly check: Check
}

const record = ({ indexSignatures, propertySignatures }: AST.TypeLiteral): Check | undefined => {
  // An empty one takes any value but none.
  if (indexSignatures.length + propertySignatures.length === 0) return undefined
  const isAnything = indexSignatures.every(
    ({ parameter, type }) => parameter._tag === "StringKeyword" && type._tag === "UnknownKeyword"
  )
  if (!isAnything) return undefined
  const fields: Array<Field> = []
  for (const { isOptional, name, type } of propertySignatures) {
    const check = checkOf(type)
    // What each object has from its prototype would be taken for a field of it.
    if (check === undefined || typeof name !== "string" || name in Object.prototype) return undefined
    fields.push({ name, isOptional, check })
  }
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false
    const given = value as Readonly<Record<string, unknown>>
    for (const field of fields) {
      const found = given[field.name]
      // In JSON nothing that is there is undefined.
      if (found === undefined ? !field.isOptional : !field.check(found)) return false
    }
    return true
  }
}

const refinement = (ast: AST.Refinement): Check | undefined => {
  const from = checkOf(ast.from)
  return from === undefined
    ? undefined
    : (value) => from(value) && Option.isNone(ast.filter(value, preserving, ast))
}

const preserving: AST.ParseOptions = { onExcessProperty: "preserve", errors: "first" }
