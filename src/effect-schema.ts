import type * as StandAloneAST from "@effect/schema/AST"
import type * as StandAlone from "@effect/schema/Schema"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * `fromEffectSchema` turns a schema of the stand-alone package `@effect/schema` (0.75) into one of `effect/Schema`,
 * which is what `@effect/platform` and this library take. It decodes, encodes and fails as before, with the same paths,
 * and goes into other schemas, JSON Schema, `Arbitrary` and `Pretty` like one that was written there. Transformations
 * keep the context that they need.
 *
 * The parser is that of `effect/Schema`, and decides where the two differ: the old one misread tuples with three or
 * more elements after a rest; its `${string}` in a template literal did not match a line break; and with all errors
 * asked for it ran a list's filters on whatever was given, threw on `undefined`, and named some errors twice.
 *
 * @example
 * import * as S from "@effect/schema/Schema"
 * const Host = fromEffectSchema(S.Struct({ name: S.String, port: S.NumberFromString }))
 * const host = yield* HttpClientResponse.schemaBodyJson(Host)(response)
 */
export const fromEffectSchema = <A, I, R>(schema: StandAlone.Schema<A, I, R>): Schema.Schema<A, I, R> => {
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.hasProperty(schema, "ast") || !Predicate.hasProperty(schema.ast, "annotations"))
    throw new TypeError("schema: this is no Schema; give one of the package @effect/schema.")
  return Schema.make(translated(schema.ast))
}

// Each node once: the parser keeps what it compiled by node, and a class is met again wherever it is used.
const done = new WeakMap<StandAloneAST.AST, AST.AST>()

const translated = (ast: StandAloneAST.AST): AST.AST => {
  const before = done.get(ast)
  if (before !== undefined) return before
  const after = translate(ast)
  done.set(ast, after)
  return after
}

/**
 * `translate` gives the same node with the annotations under the keys of `effect`: the two packages differ in little
 * else.
 */
const translate = (ast: StandAloneAST.AST): AST.AST => {
  const notes = annotations(ast)
  switch (ast._tag) {
    case "Declaration":
      return new AST.Declaration(
        ast.typeParameters.map(translated),
        asItIs(ast.decodeUnknown),
        asItIs(ast.encodeUnknown),
        notes
      )
    case "Literal":
      return new AST.Literal(ast.literal, notes)
    case "UniqueSymbol":
      return new AST.UniqueSymbol(ast.symbol, notes)
    case "UndefinedKeyword":
      return new AST.UndefinedKeyword(notes)
    case "VoidKeyword":
      return new AST.VoidKeyword(notes)
    case "NeverKeyword":
      return new AST.NeverKeyword(notes)
    case "UnknownKeyword":
      return new AST.UnknownKeyword(notes)
    case "AnyKeyword":
      return new AST.AnyKeyword(notes)
    case "StringKeyword":
      return new AST.StringKeyword(notes)
    case "NumberKeyword":
      return new AST.NumberKeyword(notes)
    case "BooleanKeyword":
      return new AST.BooleanKeyword(notes)
    case "BigIntKeyword":
      return new AST.BigIntKeyword(notes)
    case "SymbolKeyword":
      return new AST.SymbolKeyword(notes)
    case "ObjectKeyword":
      return new AST.ObjectKeyword(notes)
    case "Enums":
      return new AST.Enums(ast.enums, notes)
    case "TemplateLiteral": {
      const [first, ...others] = ast.spans
      return new AST.TemplateLiteral(ast.head, [span(first), ...others.map(span)], notes)
    }
    case "TupleType":
      return new AST.TupleType(
        ast.elements.map(
          (each) => new AST.OptionalType(translated(each.type), each.isOptional, annotations(each))
        ),
        ast.rest.map((each) => new AST.Type(translated(each.type), annotations(each))),
        ast.isReadonly,
        notes
      )
    case "TypeLiteral":
      return new AST.TypeLiteral(ast.propertySignatures.map(property), ast.indexSignatures.map(index), notes)
    case "Union":
      return AST.Union.make(ast.types.map(translated), notes)
    case "Suspend":
      return new AST.Suspend(() => translated(ast.f()), notes)
    case "Refinement":
      return new AST.Refinement(translated(ast.from), asItIs(ast.filter), notes)
    case "Transformation":
      return new AST.Transformation(
        translated(ast.from),
        translated(ast.to),
        transformation(ast.transformation),
        notes
      )
  }
}

const span = ({ literal, type }: StandAloneAST.TemplateLiteralSpan) =>
  new AST.TemplateLiteralSpan(translated(type), literal)

const property = (each: StandAloneAST.PropertySignature) =>
  new AST.PropertySignature(
    each.name,
    translated(each.type),
    each.isOptional,
    each.isReadonly,
    annotations(each)
  )

const index = ({ isReadonly, parameter, type }: StandAloneAST.IndexSignature) =>
  new AST.IndexSignature(translated(parameter), translated(type), isReadonly)

const transformation = (kind: StandAloneAST.TransformationKind): AST.TransformationKind => {
  switch (kind._tag) {
    case "FinalTransformation":
      return new AST.FinalTransformation(asItIs(kind.decode), asItIs(kind.encode))
    case "ComposeTransformation":
      return AST.composeTransformation
    case "TypeLiteralTransformation":
      return new AST.TypeLiteralTransformation(
        kind.propertySignatureTransformations.map(
          ({ decode, encode, from, to }) => new AST.PropertySignatureTransformation(from, to, decode, encode)
        )
      )
  }
}

/**
 * `annotations` gives the annotations under both names: the functions of a declaration hand its type parameters to the
 * old parser, which knows the old ones only.
 */
const annotations = (annotated: StandAloneAST.Annotated): AST.Annotations => {
  const notes: Record<symbol, unknown> = {}
  for (const old of Object.getOwnPropertySymbols(annotated.annotations)) {
    const note = annotated.annotations[old]
    const key = renamed(old)
    notes[old] = note
    notes[key] = key === AST.SurrogateAnnotationId ? translated(asItIs(note)) : note
    if (key === AST.SchemaIdAnnotationId && typeof note === "symbol") notes[key] = renamed(note)
  }
  return notes
}

const renamed = (old: symbol): symbol => {
  const name = Symbol.keyFor(old)
  return name === undefined ? old : (exceptions.get(name) ?? Symbol.for(regular(name)))
}

const regular = (name: string): string =>
  name
    .replace(/^@effect\/schema\/annotation\//, "effect/annotation/")
    .replace(/^@effect\/schema\/TypeId\//, "effect/SchemaId/")

const exceptions: ReadonlyMap<string, symbol> = new Map([
  ["@effect/schema/annotation/Type", AST.SchemaIdAnnotationId],
  ["@effect/schema/TypeId/ParseJson", AST.ParseJsonSchemaId],
  ["@effect/schema/ArbitraryHookId", AST.ArbitraryAnnotationId],
  ["@effect/schema/PrettyHookId", AST.PrettyAnnotationId],
  ["@effect/schema/EquivalenceHookId", AST.EquivalenceAnnotationId]
])

// To the compiler the two packages' nodes and issues are different types. At run time both are plain records, told
// apart by `_tag` alone, of the same Effect, Either and Option: a function of the one serves the other.
const asItIs = <A>(value: unknown): A => value as A
