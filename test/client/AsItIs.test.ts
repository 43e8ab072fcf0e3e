// A value that is what its schema describes is handed on as it is. Invariant: whatever is taken for such a value, decoding
// it by that schema gives the same.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Item from "../../plugins/fmc/objects/Item.ts"
import * as KindItem from "../../plugins/fmc/objects/KindItem.ts"
import * as AsItIs from "../../src/client/rest/AsItIs.ts"
import * as Lenient from "../../src/client/rest/Lenient.ts"

const others = { key: Schema.String, value: Schema.Unknown }
const schemas: ReadonlyArray<readonly [name: string, schema: Schema.Schema.AnyNoContext]> = [
  ["an object of an FMC", Item.Item],
  ["an address", KindItem.Address],
  ["an entry", Item.Entry],
  ["unknown", Schema.Unknown],
  ["nothing but null or text", Schema.NullOr(Schema.String)],
  ["a struct without others", Schema.Struct({ id: Schema.String })],
  ["an empty struct", Schema.Struct({})],
  ["a number as text, or text", Schema.Union(Schema.NumberFromString, Schema.String)],
  ["text or a number", Schema.Struct({ id: Schema.Union(Schema.String, Schema.Number) }, others)],
  ["a literal", Schema.Struct({ id: Schema.Literal("a", "b") })],
  [
    "a field with a default",
    Schema.Struct({ id: Schema.optionalWith(Schema.String, { default: () => "x" }) })
  ],
  [
    "text or what is as good",
    Schema.Struct({ id: Lenient.Text, name: Lenient.optional(Lenient.Text) }, others)
  ],
  [
    "true or false",
    Schema.Struct({ overridable: Lenient.Flag, type: Schema.optional(Lenient.Numeric) }, others)
  ],
  [
    "one of two structs",
    Schema.Union(
      Schema.Struct({ id: Schema.String }, others),
      Schema.Struct({ id: Schema.Literal("a"), name: Schema.NumberFromString }, others)
    )
  ],
  ["a field that gives way", Schema.Struct({ id: Lenient.text, name: Lenient.field(Schema.Number) })],
  ["a list", Schema.Array(Schema.Struct({ id: Schema.String }, others))],
  ["a pair", Schema.Tuple(Schema.String, Schema.Number)],
  ["a list that is not empty", Schema.NonEmptyArray(Schema.String)],
  ["text that is not empty", Schema.NonEmptyString],
  ["a record of numbers", Schema.Record({ key: Schema.String, value: Schema.Number })],
  [
    "a struct that takes no others",
    Schema.Struct({ id: Schema.String }).annotations({ parseOptions: { onExcessProperty: "error" } })
  ]
]

/** Values that are often what one of the schemas describes. */
const value = fc.oneof(
  fc.record(
    {
      id: fc.oneof(fc.constantFrom("a", "b", "1"), fc.jsonValue({ maxDepth: 1 })),
      name: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
      type: fc.oneof(fc.string(), fc.constant(null), fc.double()),
      value: fc.string(),
      overridable: fc.oneof(fc.boolean(), fc.string()),
      more: fc.jsonValue({ maxDepth: 2 })
    },
    { requiredKeys: [] }
  ),
  fc.array(fc.oneof(fc.record({ id: fc.string() }), fc.string(), fc.double())),
  fc.jsonValue({ maxDepth: 2 })
)

describe("a value that is taken as it is", () => {
  it.each(schemas)("is what decoding it would give: %s", (_name, schema) => {
    fc.assert(
      fc.property(value, (given) => {
        const json = JSON.parse(JSON.stringify(given))
        if (!AsItIs.isDecoded(schema, json)) return
        const decoded = Schema.decodeUnknownEither(schema)(json, { onExcessProperty: "preserve" })
        expect(decoded).toEqual(Either.right(json))
      }),
      { numRuns: 300 }
    )
  })

  it("is an object whose named fields are in order, whatever else it has", () => {
    const object = { id: "1", name: "a", type: "Host", value: "192.0.2.1", metadata: { x: [1] } }
    expect(AsItIs.isDecoded(KindItem.Address, object)).toBe(true)
    expect(AsItIs.isDecoded(KindItem.Address, { ...object, name: 1 })).toBe(false)
    expect(AsItIs.isDecoded(KindItem.Address, { ...object, overridable: null })).toBe(false)
    expect(AsItIs.isDecoded(Schema.Array(KindItem.Address), [object, object])).toBe(true)
    expect(AsItIs.isDecoded(Schema.Array(KindItem.Address), [object, { ...object, id: undefined }])).toBe(
      false
    )
    // What any object has from its prototype is no field of it.
    expect(AsItIs.isDecoded(Schema.Struct({ constructor: Schema.Unknown }), {})).toBe(false)
  })

  it("is none of what its schema may change", () => {
    const changed: ReadonlyArray<readonly [Schema.Schema.AnyNoContext, unknown]> = [
      [Schema.NumberFromString, "1"],
      [Schema.Union(Schema.NumberFromString, Schema.String), "1"],
      [Lenient.Text, 1],
      [Lenient.Flag, "true"],
      [Schema.Struct({ id: Lenient.optional(Lenient.Text) }), { id: null }],
      // The last member is asked first for what has its literal.
      [
        Schema.Union(
          Schema.Struct({ id: Schema.String }, others),
          Schema.Struct({ id: Schema.Literal("a"), name: Schema.NumberFromString })
        ),
        { id: "a", name: "1" }
      ],
      [Schema.Struct({ id: Lenient.text }), { id: "a" }],
      [Schema.Date, "2026-01-01"]
    ]
    for (const [schema, given] of changed) expect(AsItIs.isDecoded(schema, given)).toBe(false)
  })
})
