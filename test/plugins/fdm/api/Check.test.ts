import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { described, refusing } from "./described.ts"

const rule = { name: "r", ports: [80] }

/** What is wrong with the rule, the field that is told, and a part of what it must be. */
const wrong: ReadonlyArray<readonly [object, string, string]> = [
  [{ name: 7 }, "body.name", "text"],
  [{ name: "" }, "body.name", "at least 1 char"],
  [{ name: undefined }, "body.name", "missing; give it"],
  [{ name: null }, "body.name", "missing; give it"],
  [{ ports: 80 }, "body.ports", "a list"],
  [{ ports: [] }, "body.ports", "at least 1"],
  [{ ports: [1, 1] }, "body.ports", "without repetition"],
  [{ ports: [80, 8.5] }, "body.ports[1]", "a whole number"],
  [{ ports: [-1] }, "body.ports[0]", "at least 0"],
  [{ ports: [65536] }, "body.ports[0]", "at most 65535"],
  [{ ports: [80, null] }, "body.ports[1]", "a whole number"],
  [{ weight: 0 }, "body.weight", "more than 0"],
  [{ weight: 0.7 }, "body.weight", "a multiple of 0.5"],
  [{ color: "red" }, "body.color", "by the pattern"],
  [{ until: "tomorrow" }, "body.until", "a time such as"],
  [{ labels: { a: 1 } }, "body.labels.a", "text"],
  [{ zones: [{ id: "1", type: "zone" }, { id: "2" }] }, "body.zones[1].type", "missing; give it"],
  [{ filter: { all: [{ inner: { inner: { word: 1 } } }] } }, "body.filter.all[0].inner.inner.word", "text"],
  [{ "a/b~c%25": "x" }, "body.a/b~c%25", "a whole number"],
  [{ shape: {} }, "body.shape.type", "missing; give"],
  [{ shape: { type: "Circle" } }, "body.shape.radius", "missing; give it"],
  [{ shape: { type: "ring", radius: 1, hole: "x" } }, "body.shape.hole", "a number"],
  [{ port: "http" }, "body.port", "a whole number"],
  [{ loop: { one: 1 } }, "body.loop.one", "text"],
  // Not described.
  [{ colour: "#000000" }, "body.colour", `near ones: "color"`],
  [{ filter: { inner: { wort: "x" } } }, "body.filter.inner.wort", `near ones: "word"`],
  [{ shape: { type: "Circle", radius: 1, hole: 2 } }, "body.shape.hole", "strict: false"],
  [{ sealed: { b: 1 } }, "body.sealed.b", "forbids other fields"]
]

it.scoped("what the description does not allow is refused by its field before anything is sent", () =>
  Effect.gen(function* () {
    const refused = yield* refusing
    for (const [fields, field, words] of wrong) {
      const error = yield* refused("Odd", "addRule", { body: { ...rule, ...fields } })
      expect([field, error.message]).toEqual([error.field, expect.stringContaining(words)])
    }
    expect(yield* refused("Odd", "addRule", { body: "text" })).toMatchObject({ field: "body" })
    expect(yield* refused("Odd", "addRule", { body: [] })).toMatchObject({ field: "body" })
  })
)

it.scoped("what the description allows, and what it does not speak of, is sent as it is", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    const good: ReadonlyArray<object> = [
      {},
      { weight: 0.5, color: "#00ff00", until: "2026-01-31T12:00:00Z", "a/b~c%25": 1 },
      { weight: null, filter: { word: null } },
      { labels: { any: "thing" }, anything: { a: { b: [1, null] } }, sealed: { a: 1 } },
      { filter: { inner: { inner: {} }, all: [{ word: "x" }] } },
      { shape: { type: "Circle", radius: 1 } },
      { shape: { type: "ring", radius: 1, hole: 2 } },
      { shape: { type: "unheard of", corners: 5 } },
      { loop: { one: "x" }, gone: { any: 1 }, far: [1] },
      // A whole object in place of a reference to it.
      { zones: [{ id: "1", type: "zone", name: "z", interfaces: [] }] }
    ]
    for (const fields of good) {
      const body = { ...rule, ...fields }
      yield* api.call("Odd", "addRule", { body })
      expect(JSON.parse(calls.at(-1)?.text ?? "")).toEqual(body)
    }
    expect(calls).toHaveLength(good.length)
  })
)

it.scoped("a field that is not described is sent if the script says so; types are checked all the same", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    const call = (fields: object) =>
      api.call("Odd", "addRule", { body: { ...rule, ...fields } }, { strict: false })
    yield* call({ colour: "red", filter: { wort: 1 } })
    expect(calls[0]?.fields).toEqual({ ...rule, colour: "red", filter: { wort: 1 } })
    expect(yield* Effect.flip(call({ colour: "red", color: "red" }))).toMatchObject({ field: "body.color" })
    expect(calls).toHaveLength(1)
  })
)

it.scoped("a field that only the device writes is not needed in a body, and not refused", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    const body = { subType: "HOST", value: "192.0.2.1", type: "networkobject" }
    yield* api.call("NetworkObject", "addNetworkObject", { body })
    yield* api.call("NetworkObject", "addNetworkObject", { body: { ...body, madeBy: "device" } })
    expect(calls.map(({ fields }) => fields)).toEqual([body, { ...body, madeBy: "device" }])
  })
)

it.scoped("what is missing is told with what the description says of it", () =>
  Effect.gen(function* () {
    const refused = yield* refusing
    const told = (body: object) =>
      Effect.map(refused("NetworkObject", "addNetworkObject", { body }), (error) => error.message)
    expect(yield* told({ value: "192.0.2.1", type: "x" })).toBe(
      `body.subType: it is missing; give one of "HOST", "NETWORK", "IPRANGE", "FQDN".`
    )
    expect(yield* told({ value: "192.0.2.1", subType: "HOST" })).toBe(
      `body.type: it is missing; give it, such as "networkobject".`
    )
    expect(yield* told({ value: "192.0.2.1", type: "x", subType: "host" })).toContain(`one of "HOST"`)
  })
)

it.scoped("a body that is no data, goes round in a circle or is nested without end is refused", () =>
  Effect.gen(function* () {
    const refused = yield* refusing
    const circle: Record<string, unknown> = {}
    circle.inner = circle
    let deep: object = {}
    for (let depth = 0; depth < 200_000; depth++) deep = { inner: deep }
    for (const filter of [circle, deep, 1n, { word: 1n }]) {
      expect(yield* refused("Odd", "addRule", { body: { ...rule, filter } })).toMatchObject({
        field: expect.stringMatching(/^body/)
      })
    }
    expect(yield* refused("Odd", "addRule", { body: () => rule })).toMatchObject({ field: "body" })
  })
)

it.scoped("a description without end or of wrong parts does not hang or break a call", () =>
  Effect.gen(function* () {
    let deep: object = { type: "integer" }
    for (let depth = 0; depth < 50_000; depth++) deep = { allOf: [deep], properties: { inner: deep } }
    const odd = {
      type: ["string", 7],
      required: "name",
      properties: { a: null, b: { enum: "x" }, c: { pattern: "(", minLength: -1, format: "__proto__" } },
      items: 7,
      allOf: { $ref: 1 },
      discriminator: {},
      additionalProperties: 7,
      maximum: "9",
      multipleOf: 0
    }
    for (const schema of [deep, odd, null, 7, { $ref: "#/definitions/Self" }, { $ref: "#/paths/~2/%zz" }]) {
      const parameters = [{ name: "body", in: "body", schema }]
      const document = {
        swagger: "2.0",
        paths: { "/x": { post: { operationId: "x", parameters } } },
        definitions: { Self: { $ref: "#/definitions/Self" } }
      }
      const { api, calls } = yield* described({ body: {} }, document)
      const ended = yield* Effect.exit(api.call("default", "x", { body: { a: 1, b: 2, c: "3" } }))
      if (schema === deep) expect(ended).toMatchObject({ _tag: "Failure", cause: { _tag: "Fail" } })
      else expect(calls).toHaveLength(1)
    }
  })
)

it.scoped("no error holds a value that was given, whatever is wrong with it", () =>
  Effect.gen(function* () {
    const refused = yield* refusing
    const secret = fc.string({ minLength: 4, maxLength: 19 }).map((text) => `S3cr3t${text}`)
    const places = fc.constantFrom("grant_type", "desired_expires_in", "password")
    const samples = fc.sample(fc.tuple(secret, places, fc.boolean()), 60)
    for (const [text, place, wrapped] of samples) {
      const given = place === "password" ? text.slice(0, 19) : text
      const body = { grant_type: "password", [place]: wrapped ? Redacted.make(given) : given }
      const error = yield* refused("Token", "token", { body })
      expect(error.field).toBe(`body.${place}`)
      expect(error.text).not.toContain("S3cr3t")
    }
  })
)

it.scoped("what is Redacted in a body is sent as what it holds", () =>
  Effect.gen(function* () {
    const { api, device } = yield* described()
    const password = "a password of some length"
    const body = { grant_type: "password", username: "x", password: Redacted.make(password) }
    yield* api.call("Token", "token", { body })
    expect(device.heard.at(-1)?.fields).toMatchObject({ grant_type: "password", username: "x", password })
  })
)
