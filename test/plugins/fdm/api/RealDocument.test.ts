import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Api from "sallyport/fdm/api"
import { root } from "../../../support/runtime.ts"
import { described } from "./described.ts"

const file = join(root, "../shared/specs/fdm-v2-swagger.json")

interface Model {
  readonly example?: Readonly<Record<string, unknown>>
}

interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
  readonly definitions: Readonly<Record<string, Model>>
}

// The document of a real device lies beside the project, not in it: without ../shared/specs nothing here runs.
describe.skipIf(!existsSync(file))(
  "the description of a real device (skipped without ../shared/specs)",
  () => {
    const read = (): Swagger => JSON.parse(readFileSync(file, "utf8"))

    const modelOf = (operation: Api.Operation, { definitions }: Swagger): Model | undefined => {
      const schema = operation.parameters.find((parameter) => parameter.in === "body")?.schema
      const reference = (schema as { readonly $ref?: string } | undefined)?.$ref ?? ""
      return definitions[reference.replace("#/definitions/", "")]
    }

    it.scoped("is understood as a whole: each operation under its own tag and id", () =>
      Effect.gen(function* () {
        const document = read()
        const { api } = yield* described({ body: {} }, document)
        const ids = Object.values(document.paths).flatMap((item) =>
          Object.values(item).map(({ operationId }) => operationId)
        )
        expect(ids.length).toBeGreaterThan(500)
        expect(api.operations().map(({ id }) => id)).toHaveLength(ids.length)
        expect(new Set(api.operations().map(({ id }) => id))).toEqual(new Set(ids))
        expect(api.operations("Token").map(({ id, path }) => [id, path])).toEqual([["token", "/fdm/token"]])
      })
    )

    it.scoped("each of its models can be checked: a number in its place is refused as the body itself", () =>
      Effect.gen(function* () {
        const { api, calls } = yield* described({ body: {} }, read())
        const writing = api
          .operations()
          .filter(({ parameters }) => parameters.some((one) => one.in === "body"))
        expect(writing.length).toBeGreaterThan(150)
        for (const { id, parameters, tag } of writing) {
          const places = Object.fromEntries(
            parameters.filter((one) => one.in === "path").map(({ name }) => [name, "x"])
          )
          const error = yield* Effect.flip(api.call(tag, id, { ...places, body: 7 }))
          expect([id, error]).toEqual([id, expect.objectContaining({ _tag: "InvalidInput", field: "body" })])
        }
        expect(calls).toEqual([])
      })
    )

    it.scoped("its examples are sent, and with one field broken are refused by that field", () =>
      Effect.gen(function* () {
        const document = read()
        const { api, calls } = yield* described({ body: {} }, document)
        const ids = ["addNetworkObject", "addAccessRule", "addSecurityZone", "addNetworkObjectGroup"]
        const adding = api.operations().filter(({ id }) => ids.includes(id))
        expect(adding).toHaveLength(ids.length)
        for (const operation of adding) {
          const { id, parameters, tag } = operation
          const example = modelOf(operation, document)?.example ?? {}
          const places = Object.fromEntries(
            parameters.filter((one) => one.in === "path").map(({ name }) => [name, "x"])
          )
          const call = (body: object) => api.call(tag, id, { ...places, body }, { strict: false })
          yield* call(example)
          expect(calls.at(-1)?.fields).toEqual(example)
          const before = calls.length
          expect([id, yield* Effect.flip(call({ ...example, name: 7 }))]).toMatchObject([
            id,
            { field: "body.name" }
          ])
          const { type: _, ...typeless } = example
          expect([id, yield* Effect.flip(call(typeless))]).toMatchObject([id, { field: "body.type" }])
          expect(calls).toHaveLength(before)
        }
        const rule = { type: "accessrule", ruleAction: "TRUST" }
        const rules = (body: object) => api.call("AccessPolicy", "addAccessRule", { parentId: "x", body })
        yield* rules({ ...rule, sourceNetworks: [{ id: "1", type: "networkobject" }] })
        const broken: ReadonlyArray<readonly [object, string]> = [
          [{ ruleAction: "ALLOW" }, "body.ruleAction"],
          [{ sourceNetworks: [{ id: "1" }] }, "body.sourceNetworks[0].type"],
          [{ urlFilter: { urlCategories: [7] } }, "body.urlFilter"],
          [{ sourceNetwork: [] }, "body.sourceNetwork"]
        ]
        for (const [fields, field] of broken) {
          const error = yield* Effect.flip(rules({ ...rule, ...fields }))
          expect(error).toMatchObject({ _tag: "InvalidInput", field: expect.stringContaining(field) })
        }
      })
    )
  }
)
