import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as ExcessFields from "./ExcessFields.ts"
import * as GivenValue from "./GivenValue.ts"
import * as InputSource from "./InputSource.ts"
import type { InvalidInput } from "./InvalidInput.ts"
import * as Needed from "./Needed.ts"
import { refuseInput } from "./RefuseInput.ts"
import * as SchemaFields from "./SchemaFields.ts"
import { leaveOut } from "./Spelling.ts"

/**
 * `decode` reads data by its schema, and takes no field that it does not know. Fails with `InvalidInput`, which names
 * the field by its path and says what to give there: the `description` of the field's schema. `owner` is whose fields
 * they are, and `beside` are the names of others that it has, which somebody may have meant.
 */
export const decode = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  source: InputSource.InputSource,
  owner: string,
  beside: ReadonlyArray<string> = []
): Effect.Effect<A, InvalidInput> =>
  pendingIn(schema, given, source, owner) ??
  Effect.mapError(
    Effect.zipLeft(
      Schema.decodeUnknown(schema, parseOptions)(given),
      ExcessFields.failOnExcess(schema, given)
    ),
    (error) => toInvalidInput(error, schema, given, source, owner, beside)
  ).pipe(Effect.tap(() => promiseIn(given, source) ?? Effect.void))

/** `decodeSync` does the same for the arguments of a function that is no Effect. Throws `InvalidInput`. */
export const decodeSync = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  source: InputSource.InputSource,
  owner: string
): A => {
  const pending = pendingIn(schema, given, source, owner)
  if (pending !== undefined) throw pending
  const decoded = Either.getOrThrowWith(Schema.decodeUnknownEither(schema, parseOptions)(given), (error) =>
    toInvalidInput(error, schema, given, source, owner)
  )
  const fault = promiseIn(given, source)
  if (fault !== undefined) throw fault
  return decoded
}

/**
 * `pendingIn` finds what is an object to a schema, and has none of its fields: a promise, a Date or a Map would be taken
 * for options that are all left out.
 */
const pendingIn = (
  schema: unknown,
  given: unknown,
  source: InputSource.InputSource,
  owner: string
): InvalidInput | undefined => {
  Needed.schema("schema", schema)
  Needed.fn("source.field", source?.field)
  if (!Predicate.isRecord(given) || GivenValue.isPlainObject(given)) return undefined
  const advice = GivenValue.adviceOf(given) ?? "give an object, or leave it out"
  return refuseInput(
    source.field("") || "options",
    `it is ${GivenValue.kindOf(given)} where ${owner} needs an object; ${advice}.`
  )
}

/** `promiseIn` finds a promise that a field's schema takes for such options. */
const promiseIn = (given: unknown, source: InputSource.InputSource): InvalidInput | undefined => {
  const [field] = Object.entries(given ?? {}).find(([, value]) => Predicate.isPromiseLike(value)) ?? []
  return field === undefined
    ? undefined
    : refuseInput(source.field(field), "it is a promise, which has nothing in it yet; await it first.")
}

/**
 * `check` takes what a script gives to a function in one argument: its options, or a thing of a form. The types say so
 * too; a script in JavaScript has none. `argument` is what a fault calls it where it is no options: `members.objects`.
 * Fails as `decode` does.
 */
export const check = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  owner: string,
  argument = ""
): Effect.Effect<void, InvalidInput> =>
  decode(schema, given, { ...InputSource.dataAt(argument), isSafeToShow: true }, owner)

/** `checkSync` does so for a function that is no Effect. Throws `InvalidInput`. */
export const checkSync = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  owner: string,
  argument = ""
): void => {
  decodeSync(schema, given, { ...InputSource.dataAt(argument), isSafeToShow: true }, owner)
}

/** `optional` is a field that may be left out. `description` says what to give there. */
export const optional = <A, I>(schema: Schema.Schema<A, I>, description: string) => {
  Needed.schema("schema", schema)
  return Schema.optional(schema.annotations({ description }))
}

const parseOptions = { onExcessProperty: "error", errors: "first" } as const

// An error of the schema may hold what was given, and of several forms it speaks of the first alone.
const toInvalidInput = (
  error: ParseResult.ParseError,
  schema: Schema.Schema.AnyNoContext,
  given: unknown,
  source: InputSource.InputSource,
  owner: string,
  beside: ReadonlyArray<string> = []
): InvalidInput => {
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
  const { description, path, value } = describedAt(schema.ast, given, issue?.path ?? [])
  const field = source.field(path.map(String).join(".")) || "options"
  if (description === undefined && issue?._tag === "Unexpected") {
    const known = [
      ...SchemaFields.namesOf(SchemaFields.at(schema.ast, path.slice(0, -1))),
      ...(path.length === 1 ? beside : [])
    ]
    return refuseInput(field, `${owner} has no such field; ${leaveOut(String(path.at(-1)), known)}`)
  }
  // What is no object may be anything, a secret too.
  const shownBy = path.length === 0 ? { ...source, isSafeToShow: false } : source
  const form = description ?? `what the documentation of ${owner} says of it`
  const stranger = path.length === 0 ? undefined : strangerIn(SchemaFields.at(schema.ast, path), value)
  if (stranger !== undefined) {
    return refuseInput(
      source.field([...path, stranger].map(String).join(".")),
      `there is no such field here; give ${form}.`
    )
  }
  if (value === undefined) return refuseInput(field, `it is missing, and ${owner} needs it; give ${form}.`)
  const place = SchemaFields.at(schema.ast, path)
  const advice = place && SchemaFields.formsOf(place).length > 0 ? GivenValue.adviceOf(value) : undefined
  if (advice !== undefined)
    return refuseInput(field, `it is ${GivenValue.kindOf(value)}; ${advice}, and give ${form}.`)
  const shown = InputSource.describe(shownBy, value)
  return refuseInput(field, `${shown} cannot be used; give ${form}.`, InputSource.shownValue(shownBy, value))
}

/** `describedAt` follows a path to the first field whose schema says in words what it takes, or to its end. */
const describedAt = (schema: AST.AST, given: unknown, path: ReadonlyArray<PropertyKey>) => {
  let ast: AST.AST | undefined = schema
  let value = given
  for (const [index, name] of path.entries()) {
    ast = ast && SchemaFields.fieldOf(ast, name)
    value = Predicate.hasProperty(value, name) ? value[name] : undefined
    const description = ast && descriptionOf(ast)
    if (description !== undefined) return { path: path.slice(0, index + 1), value, description }
  }
  return { path, value, description: path.length === 0 ? descriptionOf(schema) : undefined }
}

/**
 * `strangerIn` gives the first field that none of the forms has which data may have at one place: each form by itself
 * would blame a field of the others.
 */
const strangerIn = (ast: AST.AST | undefined, value: unknown): string | undefined => {
  const forms = ast === undefined ? [] : SchemaFields.formsOf(ast)
  if (!isData(value) || forms.length === 0) return undefined
  const known = new Set(SchemaFields.namesOf(ast))
  return forms.some(({ indexSignatures }) => indexSignatures.length > 0)
    ? undefined
    : Object.keys(value).find((name) => !known.has(name))
}

// What has a tag is a value of some kind, such as another library's.
const isData = (value: unknown): value is object =>
  Predicate.isRecord(value) &&
  !("_tag" in value) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** `descriptionOf` gives what a field's schema says in words of what it takes. */
export const descriptionOf = (ast: AST.AST): string | undefined => {
  Needed.object("ast", ast?.annotations, "the ast of a Schema")
  const own = Option.getOrUndefined(AST.getDescriptionAnnotation(ast))
  if (own !== undefined || ast._tag !== "Union") return own
  // A field that may be left out is a union with undefined.
  const [only, ...others] = ast.types.filter((type) => !AST.isUndefinedKeyword(type))
  return only === undefined || others.length > 0 ? undefined : descriptionOf(only)
}
