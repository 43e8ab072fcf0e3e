// What is said of an input that its Schema does not take, where that knows of no fields by their names, or of itself.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { faultsIn } from "../../src/commandline/input/InputFault.ts"

interface Tree {
  readonly name: string
  readonly below?: ReadonlyArray<Tree> | undefined
}
const Tree: Schema.Schema<Tree> = Schema.Struct({
  name: Schema.String,
  below: Schema.optional(Schema.Array(Schema.suspend(() => Tree)))
})
const Pair = Schema.Struct({ pair: Schema.Tuple(Schema.String, Schema.Number) })

const told = <A, I>(schema: Schema.Schema<A, I>, given: unknown) =>
  Effect.map(
    Effect.flip(Schema.decodeUnknown(schema)(given, { onExcessProperty: "error", errors: "all" })),
    (error) => faultsIn(schema, error).map(({ path, sentence }) => `${path.join(".")}: ${sentence}`)
  )

describe("a field that there is not", () => {
  it.effect("is told with the one that was meant, in what is made of itself, too", () =>
    Effect.gen(function* () {
      expect(yield* told(Tree, { name: "a", below: [{ name: "b", belwo: [] }] })).toEqual([
        "below.0.belwo: there is no such field; leave it out, or check its spelling: did you mean below?"
      ])
      expect(yield* told(Tree, { name: "a", below: [{ name: "b", colour: 1 }] })).toEqual([
        "below.0.colour: there is no such field; leave it out, or give name, below."
      ])
    })
  )

  it.effect("is told without names where what is there has none", () =>
    Effect.gen(function* () {
      expect(yield* told(Pair, { pair: ["a", 1, 2] })).toEqual([
        "pair.2: there is no such field; leave it out."
      ])
    })
  )
})
