import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { ArrayFormatter } from "@effect/schema"
import * as StandAlone from "@effect/schema/ParseResult"
import * as S from "@effect/schema/Schema"
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import type * as Brand from "effect/Brand"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as JSONSchema from "effect/JSONSchema"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Pretty from "effect/Pretty"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { fromEffectSchema } from "sallyport/effect-schema"

class Host extends S.Class<Host>("Host")({ name: S.NonEmptyString, added: S.Date }) {
  get shout() {
    return this.name.toUpperCase()
  }
}
class Rule extends S.Class<Rule>("Rule")({ name: S.String.pipe(S.minLength(3)) }) {}
class TaggedHost extends S.TaggedClass<TaggedHost>()("TaggedHost", { port: S.NumberFromString }) {}
class Extended extends Host.extend<Extended>("Extended")({ port: S.optional(S.Number) }) {}

interface Group {
  readonly name: string
  readonly count: number
  readonly members: ReadonlyArray<Group>
}
interface GroupEncoded {
  readonly name: string
  readonly count: string
  readonly members: ReadonlyArray<GroupEncoded>
}
const Group: S.Schema<Group, GroupEncoded> = S.Struct({
  name: S.String,
  count: S.NumberFromString,
  members: S.Array(S.suspend(() => Group))
})

const Port = S.Int.pipe(S.between(1, 65_535), S.brand("Port"))

const Fallback = S.Number.annotations({ decodingFallback: () => Either.right(0) })

const Side = { Inside: 0, Outside: "outside" } as const

/** Schemas that need no context, with values that they decode. */
const schemas: Record<string, readonly [schema: S.Schema.AnyNoContext, ...good: ReadonlyArray<unknown>]> = {
  "a struct": [S.Struct({ name: S.String, port: S.Number }), { name: "a", port: 1, more: true }],
  "optional fields": [
    S.Struct({
      plain: S.optional(S.String),
      exact: S.optionalWith(S.Number, { exact: true }),
      nullable: S.optionalWith(S.Number, { nullable: true }),
      byDefault: S.optionalWith(S.NumberFromString, { default: () => 7 }),
      option: S.optionalWith(S.String, { as: "Option" }),
      renamed: S.propertySignature(S.String).pipe(S.fromKey("from-here"))
    }),
    { "from-here": "x" },
    { "from-here": "x", plain: undefined, exact: 1, byDefault: "8", option: "o" }
  ],
  "a union of literals and null": [S.NullOr(S.Literal("tcp", "udp", 6, true)), "tcp", 6, null],
  "a tagged union": [
    S.Union(
      S.Struct({ _tag: S.Literal("Host"), ip: S.String }),
      S.Struct({ _tag: S.Literal("Network"), bits: S.NumberFromString }),
      S.String
    ),
    { _tag: "Host", ip: "x" },
    { _tag: "Network", bits: "24" },
    "any"
  ],
  "a brand with filters": [Port, 1, 443, 65_535],
  "a filter of one's own": [
    S.String.pipe(S.filter((text) => text.includes(":") || "expected a colon", { identifier: "Colon" })),
    "a:b"
  ],
  "a filter that points at a field": [
    S.Struct({ from: S.Number, to: S.Number }).pipe(
      S.filter(({ from, to }) =>
        from <= to ? undefined : { path: ["to"], message: "ends before it begins" }
      )
    ),
    { from: 1, to: 2 }
  ],
  "numbers and dates from text": [
    S.Struct({ port: S.NumberFromString, at: S.Date, big: S.BigInt, on: S.BooleanFromUnknown }),
    { port: "443", at: "2024-01-02T03:04:05.678Z", big: "12345678901234567890", on: 1 }
  ],
  "text that is trimmed, split and parsed": [
    S.Struct({ a: S.Trim, b: S.split(","), c: S.parseJson(S.Struct({ d: S.NumberFromString })) }),
    { a: " x ", b: "1,2", c: '{"d":"3"}' }
  ],
  "a class": [Host, { name: "a", added: "2024-01-02T03:04:05.678Z" }],
  "a class with a tag": [TaggedHost, { _tag: "TaggedHost", port: "1" }],
  "a class that extends another": [Extended, { name: "a", added: "2024-01-02T03:04:05.678Z", port: 1 }],
  "a recursive schema": [Group, { name: "a", count: "1", members: [{ name: "b", count: "2", members: [] }] }],
  "a tuple with optional and rest elements": [
    S.Tuple([S.String, S.optionalElement(S.NumberFromString)], S.Date),
    ["a"],
    ["a", "1", "2024-01-02T03:04:05.678Z"]
  ],
  "arrays that are bounded": [S.Array(S.NumberFromString).pipe(S.maxItems(3)), ["1"], ["1", "2", "3"]],
  "records, of patterns too": [
    S.Struct(
      { id: S.Number },
      S.Record({ key: S.TemplateLiteral(S.Literal("x-"), S.String), value: S.Number })
    ),
    { id: 1, "x-a": 2 }
  ],
  "a template literal": [S.TemplateLiteral(S.Literal("v"), S.Number), "v6"],
  "an enumeration": [S.Enums(Side), 0, "outside"],
  "Option, Either, Chunk, Map and Redacted": [
    S.Struct({
      option: S.Option(S.NumberFromString),
      either: S.Either({ left: S.String, right: S.NumberFromString }),
      chunk: S.Chunk(S.NumberFromString),
      map: S.Map({ key: S.String, value: S.NumberFromString }),
      secret: S.Redacted(S.NonEmptyString),
      wait: S.DurationFromMillis
    }),
    {
      option: { _tag: "Some", value: "1" },
      either: { _tag: "Right", right: "2" },
      chunk: ["3"],
      map: [["a", "4"]],
      secret: "s",
      wait: 1500
    }
  ],
  "bounds of every kind": [
    S.Struct({
      a: S.NonNegative,
      b: S.String.pipe(S.minLength(2), S.maxLength(4), S.pattern(/^[a-z]+$/)),
      c: S.UUID,
      d: S.Number.pipe(S.multipleOf(5))
    }),
    { a: 0, b: "abc", c: "00000000-0000-4000-8000-000000000000", d: 10 }
  ],
  "composition and omission": [
    S.Struct({ a: S.NumberFromString, b: S.String }).pipe(S.omit("b")),
    { a: "1" }
  ],
  "fallbacks, one of them inside a declaration": [
    S.Struct({ a: Fallback, b: S.ChunkFromSelf(Fallback) }),
    { a: "no number", b: Chunk.of("no number") },
    { a: 1, b: Chunk.of(1) }
  ],
  "parse options of its own": [
    S.Struct({ a: S.Number }).annotations({ parseOptions: { onExcessProperty: "error", errors: "all" } }),
    { a: 1 }
  ]
}

type Result = { readonly value: unknown } | { readonly paths: ReadonlyArray<string> }

// Each once: with all errors asked for, the old parser names some twice.
const pathsOf = (issues: ReadonlyArray<{ readonly path: ReadonlyArray<PropertyKey> }>) => [
  ...new Set(issues.map(({ path }) => path.map(String).join("/")))
]

const old = (either: Either.Either<unknown, StandAlone.ParseError>): Result =>
  Either.match(either, {
    onLeft: (error) => ({ paths: pathsOf(ArrayFormatter.formatErrorSync(error)) }),
    onRight: (value) => ({ value })
  })

const now = (either: Either.Either<unknown, ParseResult.ParseError>): Result =>
  Either.match(either, {
    onLeft: (error) => ({ paths: pathsOf(ParseResult.ArrayFormatter.formatErrorSync(error)) }),
    onRight: (value) => ({ value })
  })

/** The old parser prints a tag that it does not know, and throws at one that cannot be printed. */
const isPrintable = (input: unknown): boolean => {
  try {
    const tag: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "_tag") : input
    return `${typeof tag === "symbol" ? "" : tag}` !== undefined
  } catch {
    return false
  }
}

describe.each(Object.entries(schemas))("%s", (name, [schema, ...good]) => {
  const turned: Schema.Schema.AnyNoContext = fromEffectSchema(schema)
  const both = (input: unknown, errors: "first" | "all") =>
    [
      [
        S.decodeUnknownEither(schema)(input, { errors }),
        Schema.decodeUnknownEither(turned)(input, { errors })
      ],
      [
        S.encodeUnknownEither(schema)(input, { errors }),
        Schema.encodeUnknownEither(turned)(input, { errors })
      ],
      [
        S.validateEither(S.typeSchema(schema))(input, { errors }),
        Schema.validateEither(Schema.typeSchema(turned))(input, { errors })
      ],
      [
        S.decodeUnknownEither(S.encodedSchema(schema))(input, { errors }),
        Schema.decodeUnknownEither(Schema.encodedSchema(turned))(input, { errors })
      ]
    ] as const

  it("decodes and encodes what it should", () => {
    for (const input of good) {
      const decoded = Schema.decodeUnknownSync(turned)(input)
      expect(decoded).toEqual(S.decodeUnknownSync(schema)(input))
      expect(Schema.encodeUnknownSync(turned)(decoded)).toEqual(S.encodeUnknownSync(schema)(decoded))
      expect(Schema.is(turned)(decoded)).toBe(true)
    }
  })

  it.prop(
    "gives what the old package gives on arbitrary data, value or paths, decoding and encoding",
    [
      FastCheck.oneof(
        { weight: 3, arbitrary: broken(good) },
        { weight: 1, arbitrary: FastCheck.anything() },
        { weight: 2, arbitrary: Arbitrary.make(turned) }
      ),
      // With all errors asked for, the old parser runs a list's filters on anything, and may throw.
      name === "arrays that are bounded"
        ? FastCheck.constant("first" as const)
        : FastCheck.constantFrom("first" as const, "all" as const)
    ],
    ([input, errors]) => {
      FastCheck.pre(isPrintable(input))
      for (const [before, after] of both(input, errors)) expect(now(after)).toEqual(old(before))
    },
    { fastCheck: { numRuns: 60 } }
  )

  it.prop(
    "makes arbitrary values that both accept and write alike",
    [Arbitrary.make(turned)],
    ([value]) => {
      expect(S.is(schema)(value)).toBe(true)
      expect(now(Schema.encodeUnknownEither(turned)(value))).toEqual(
        old(S.encodeUnknownEither(schema)(value))
      )
    },
    { fastCheck: { numRuns: 20 } }
  )
})

/** One of these values with one of its leaves replaced, or left out. */
const broken = (good: ReadonlyArray<unknown>): FastCheck.Arbitrary<unknown> =>
  FastCheck.tuple(
    FastCheck.constantFrom(...good),
    FastCheck.nat(),
    FastCheck.oneof(FastCheck.jsonValue(), FastCheck.constantFrom(undefined, "1", 0, [], {}))
  ).map(([value, at, by]) => replaced(value, at, by))

const replaced = (value: unknown, at: number, by: unknown): unknown => {
  if (typeof value !== "object" || value === null) return by
  const keys = Object.keys(value)
  const key = keys[at % (keys.length + 1)]
  if (key === undefined) return by
  const copy = Object.fromEntries(Object.entries(value))
  const changed = { ...copy, [key]: replaced(copy[key], Math.floor(at / (keys.length + 1)), by) }
  return Array.isArray(value) ? Object.values(changed) : changed
}

it("an error keeps the path to every fault, and the schema's own messages", () => {
  const turned = fromEffectSchema(
    S.Struct({
      hosts: S.Array(S.Struct({ ip: S.String.annotations({ message: () => "no address" }), port: Port })),
      name: S.NonEmptyString
    })
  )
  const input = {
    hosts: [
      { ip: "a", port: 1 },
      { ip: 7, port: 70_000 }
    ],
    name: ""
  }
  const result = Schema.decodeUnknownEither(turned, { errors: "all" })(input)
  expect(Either.isLeft(result) && ParseResult.ArrayFormatter.formatErrorSync(result.left)).toMatchObject([
    { path: ["hosts", 1, "ip"], message: "no address" },
    { path: ["hosts", 1, "port"] },
    { path: ["name"] }
  ])
  expect(Either.isLeft(result) && result.left).toBeInstanceOf(ParseResult.ParseError)
})

it("a class decodes to its instances, which are encoded again", () => {
  const host = Schema.decodeUnknownSync(fromEffectSchema(Host))({
    name: "a",
    added: "2024-01-02T03:04:05.678Z"
  })
  expect(host).toBeInstanceOf(Host)
  expect(host.shout).toBe("A")
  expect(Schema.encodeSync(fromEffectSchema(Host))(host)).toEqual({
    name: "a",
    added: "2024-01-02T03:04:05.678Z"
  })
})

it("types are kept: what is read, what is written, and brands", () => {
  const turned = fromEffectSchema(S.Struct({ port: S.compose(S.NumberFromString, Port), at: S.Date }))
  const read: { readonly port: number & Brand.Brand<"Port">; readonly at: Date } = Schema.decodeSync(turned)({
    port: "443",
    at: "2024-01-02T03:04:05.678Z"
  })
  // @ts-expect-error: a port is written as text
  const wrong = () => Schema.decodeSync(turned)({ port: 443, at: "" })
  expect(wrong).toThrow()
  expect(read.port).toBe(443)
})

class Directory extends Context.Tag("test/Directory")<
  Directory,
  { readonly find: (name: string) => Effect.Effect<number, string> }
>() {}

const Looked = S.transformOrFail(S.String, S.Number, {
  strict: true,
  decode: (name, _, ast) =>
    Effect.flatMap(Directory, ({ find }) => find(name)).pipe(
      Effect.delay("1 millis"),
      Effect.mapError((message) => new StandAlone.Type(ast, name, message))
    ),
  encode: (id) => Effect.succeed(`n${id}`)
})

it.live("transformations may take time and need a context, in deep places and at the same time", () =>
  Effect.gen(function* () {
    let running = 0
    let most = 0
    const turned: Schema.Schema<
      { readonly ids: ReadonlyArray<number> },
      { readonly ids: ReadonlyArray<string> },
      Directory
    > = fromEffectSchema(S.Struct({ ids: S.Array(Looked).annotations({ concurrency: "unbounded" }) }))
    const decode = (...ids: ReadonlyArray<string>) =>
      Schema.decodeUnknown(turned)({ ids }).pipe(
        Effect.provideService(Directory, {
          find: (name) =>
            Effect.gen(function* () {
              most = Math.max(most, ++running)
              yield* Effect.sleep("5 millis")
              running--
              return name.startsWith("n") ? Number(name.slice(1)) : yield* Effect.fail("nobody")
            })
        })
      )
    expect(yield* decode("n1", "n2", "n3")).toEqual({ ids: [1, 2, 3] })
    expect(most).toBe(3)
    const error = yield* Effect.flip(decode("n1", "x"))
    expect(yield* ParseResult.ArrayFormatter.formatError(error)).toMatchObject([
      { path: ["ids", 1], message: "nobody" }
    ])
    expect(
      yield* Schema.encode(turned)({ ids: [1] }).pipe(Effect.provideService(Directory, { find: Effect.fail }))
    ).toEqual({ ids: ["n1"] })
  })
)

it.effect("it reads the body of a response, and a body that does not fit is a ParseError", () =>
  Effect.gen(function* () {
    const read = (body: unknown) =>
      HttpClientResponse.schemaBodyJson(fromEffectSchema(S.Struct({ items: S.Array(Host) })))(
        HttpClientResponse.fromWeb(HttpClientRequest.get("https://fmc.example/"), Response.json(body))
      )
    const { items } = yield* read({ items: [{ name: "a", added: "2024-01-02T03:04:05.678Z" }] })
    expect(items[0]?.shout).toBe("A")
    const error = yield* Effect.flip(read({ items: [{ name: "" }] }))
    expect(error._tag === "ParseError" && ParseResult.ArrayFormatter.formatErrorSync(error)).toMatchObject([
      { path: ["items", 0, "name"] }
    ])
  })
)

it("it goes into schemas of effect, and answers to their tools", () => {
  const turned = fromEffectSchema(
    S.Struct({ port: S.NumberFromString, name: S.String.pipe(S.minLength(2)) }).annotations({
      identifier: "Endpoint"
    })
  )
  const whole = Schema.Struct({ endpoints: Schema.Chunk(turned), secret: Schema.Redacted(Schema.String) })
  const value = Schema.decodeUnknownSync(whole)({ endpoints: [{ port: "1", name: "ab" }], secret: "s" })
  expect(value.endpoints).toEqual(Chunk.of({ port: 1, name: "ab" }))
  expect(Redacted.value(value.secret)).toBe("s")
  expect(Pretty.make(fromEffectSchema(S.Option(S.Number)))(Option.some(1))).toBe("some(1)")
  expect(Schema.equivalence(turned)({ port: 1, name: "ab" }, { port: 1, name: "ab" })).toBe(true)
  expect(JSON.stringify(JSONSchema.make(turned))).toContain('"minLength":2')
  expect(JSON.stringify(JSONSchema.make(Schema.typeSchema(fromEffectSchema(Rule))))).toContain(
    '"minLength":3'
  )
  expect(JSONSchema.make(fromEffectSchema(S.parseJson(S.Struct({ a: S.Number }))))).toMatchObject({
    properties: { a: { type: "number" } }
  })
})

it("where the parsers differ, that of effect/Schema decides", () => {
  const tuple = S.Tuple([], S.String, S.Number, S.Number, S.Number)
  expect(S.decodeUnknownEither(tuple)(["a", 1, 2, "no"])._tag).toBe("Right")
  expect(Schema.decodeUnknownEither(fromEffectSchema(tuple))(["a", 1, 2, "no"])._tag).toBe("Left")
  const template = S.TemplateLiteral(S.Literal("a"), S.String)
  expect(S.is(template)("a\nb")).toBe(false)
  expect(Schema.is(fromEffectSchema(template))("a\nb")).toBe(true)
  const list = S.Array(S.Number).pipe(S.minItems(1), S.maxItems(1))
  expect(() => S.decodeUnknownEither(list)(undefined, { errors: "all" })).toThrow(TypeError)
  expect(now(Schema.decodeUnknownEither(fromEffectSchema(list))(undefined, { errors: "all" }))).toEqual({
    paths: [""]
  })
  expect(old(S.decodeUnknownEither(list)([0, "no"], { errors: "all" }))).toEqual({ paths: ["1", ""] })
  expect(now(Schema.decodeUnknownEither(fromEffectSchema(list))([0, "no"], { errors: "all" }))).toEqual({
    paths: ["1"]
  })
})
