// What JSON makes something else of is never sent.
//
// Invariants: what faultOf lets pass reads, once it was written as JSON, as it was given, but for fields that are
// undefined · what it refuses is told by its path, without the value, and no request is made · nothing that is Redacted is
// sent as a word that says so.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { JsonValue } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

const within: Record<string, unknown> = { name: "a" }
within.self = { again: within }

const faults: ReadonlyArray<readonly [what: string, value: unknown, message: string | RegExp]> = [
  ["is not NaN", Number.NaN, "body.at.1: it is NaN, which JSON cannot say; give plain data."],
  [
    "is not Infinity",
    Number.POSITIVE_INFINITY,
    "body.at.1: it is Infinity, which JSON cannot say; give plain data."
  ],
  ["is not a bigint", 1n, "body.at.1: it is of type bigint, which JSON cannot say; give plain data."],
  [
    "is not a symbol",
    Symbol("a"),
    "body.at.1: it is of type symbol, which JSON cannot say; give plain data."
  ],
  ["is not a function", () => 1, "body.at.1: it is a function, which JSON cannot say; give plain data."],
  [
    "is not undefined in a list",
    undefined,
    "body.at.1: it is undefined, which JSON cannot say; give plain data."
  ],
  [
    "is not a Date",
    new Date(0),
    "body.at.1: it is a Date, which JSON cannot say; give text, as the device spells it."
  ],
  [
    "is not a URL",
    new URL("https://fmc.example"),
    /^body\.at\.1: it is an object with a toJSON of its own, which JSON/
  ],
  ["is not a Map", new Map(), "body.at.1: it is a Map, which JSON cannot say; give plain data."],
  [
    "is not bytes",
    new Uint8Array(2),
    "body.at.1: it is a Uint8Array, which JSON cannot say; give plain data."
  ],
  [
    "is not a promise",
    Promise.resolve(1),
    "body.at.1: it is a promise, which JSON cannot say; await it first."
  ],
  [
    "is not an Effect",
    Effect.succeed(1),
    "body.at.1: it is an Effect, which JSON cannot say; yield* it first."
  ],
  [
    "is not an Option",
    Option.some(1),
    /^body\.at\.1: it is an Option, which JSON cannot say; take out of it first/
  ],
  [
    "is not what is Redacted",
    Redacted.make("hunter2"),
    "body.at.1: it is Redacted, which JSON cannot say; give what it holds, as by Redacted.value."
  ],
  [
    "is not what is within itself",
    within,
    "body.at.1.self.again: it is within itself, which JSON cannot say; give plain data."
  ]
]

const withoutNegativeZero = (value: unknown): unknown => {
  if (typeof value === "number") return value + 0
  if (typeof value !== "object" || value === null) return value
  return Array.isArray(value)
    ? value.map(withoutNegativeZero)
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutNegativeZero(inner)]))
}

describe("a value that is sent as JSON", () => {
  it.each(faults)("%s", (_, value, message) => {
    const fault = JsonValue.faultOf("body", { at: [1, value] })
    expect(fault?._tag).toBe("InvalidInput")
    expect(fault?.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message))
  })

  it("is told where it lies too deep, or throws", () => {
    let deep: unknown = 1
    for (let level = 0; level < 200_000; level++) deep = [deep]
    const throwing = {
      get name() {
        throw new Error("hunter2")
      }
    }
    for (const value of [deep, throwing])
      expect(JsonValue.faultOf("body", value)?.message).toBe(
        "body: it lies too deep, or cannot be read, which JSON cannot say; give plain data."
      )
  })

  it("may be in two places, and have fields that are left out", () => {
    const shared = { id: "1" }
    expect(JsonValue.faultOf("body", { one: shared, other: [shared], not: undefined })).toBeUndefined()
  })

  it("is read as it was given", () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withDate: true, withMap: true, withBigInt: true }),
        (value) => {
          fc.pre(JsonValue.faultOf("body", value) === undefined)
          // toEqual does not tell fields that are undefined from those that are left out; JSON has no -0.
          expect(withoutNegativeZero(JSON.parse(JSON.stringify(value)))).toEqual(withoutNegativeZero(value))
        }
      )
    )
  })

  it.scoped("is refused before anything is sent, be it by a verb or by a request", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { hosts, rest } = yield* fmc.domain("Global")
      const fdm = yield* Fdm.make(sandbox.fdm)
      const asked = sandbox.ledger.requests.length
      for (const [, description] of faults) {
        const wanted = { name: "web-1", value: "192.0.2.1", description } as never
        for (const send of [
          hosts.create(wanted),
          hosts.upsert(wanted),
          rest.request("POST", "/object/hosts", { body: wanted }),
          fdm.networks.create(wanted),
          fdm.rest.request("POST", "/object/networks", { body: wanted })
        ])
          if (description !== undefined)
            expect(yield* Effect.flip(send)).toMatchObject({
              _tag: "InvalidInput",
              field: expect.stringMatching(/^(body\.)?description/)
            })
      }
      expect(sandbox.ledger.requests.length).toBe(asked)
    })
  )
})
