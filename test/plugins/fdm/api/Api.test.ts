import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, make } from "../../../support/device.ts"
import { granting } from "../granting.ts"
import { described } from "./described.ts"
import { description } from "./description.ts"

const host = { name: "web-1", subType: "HOST", value: "192.0.2.1", type: "networkobject" }

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const fdm = yield* Fdm.make(sandbox.fdm)
  return { sandbox, fdm, api: yield* Api.fromDocument(fdm, description) }
})

const id = (object: unknown): string => String((object as { readonly id?: unknown }).id)

it.scopedLive("an object is added, read, changed as it was read, found and deleted by operation ids", () =>
  Effect.gen(function* () {
    const { api } = yield* opened
    const call = (operation: string, parameters: Api.Parameters) =>
      api.call("NetworkObject", operation, parameters)
    const made = yield* call("addNetworkObject", { body: host })
    expect(made).toMatchObject({ ...host, description: null })
    const objId = id(made)
    const read = yield* call("getNetworkObject", { objId })
    expect(read).toEqual(made)
    // With `links` and a null, as the device answered it.
    const body = { ...(read as object), value: "192.0.2.2" }
    expect(yield* call("editNetworkObject", { objId, body })).toMatchObject({ value: "192.0.2.2" })
    const found = yield* call("getNetworkObjectList", { filter: "name:web-1", limit: 10 })
    expect(found).toMatchObject({
      items: [{ id: objId, value: "192.0.2.2" }],
      paging: { limit: 10, count: 1 }
    })
    expect(yield* call("deleteNetworkObject", { objId })).toBe(undefined)
    const gone = yield* Effect.flip(call("getNetworkObject", { objId }))
    expect(gone).toMatchObject({ _tag: "DeviceRefused", status: 404 })
    expect(gone.message).toContain("GET /api/fdm/v6/object/networks/")
  })
)

it.scopedLive("the token operation works as any other", () =>
  Effect.gen(function* () {
    const { api, sandbox } = yield* opened
    const body = {
      grant_type: "custom_token",
      desired_expires_in: 600,
      desired_subject: "watch",
      desired_refresh_count: 0
    }
    expect(yield* api.call("Token", "token", { body })).toMatchObject({ access_token: expect.any(String) })
    expect(sandbox.ledger.customTokens.map(({ subject }) => subject)).toEqual(["watch"])
  })
)

it.scopedLive("a write whose answer is lost is OutcomeUnknown, and was done once", () =>
  Effect.gen(function* () {
    const { api, sandbox } = yield* opened
    yield* sandbox.fail({ method: "POST", path: /networks/, how: Sandbox.Fault.loseAnswer })
    const error = yield* Effect.flip(api.call("NetworkObject", "addNetworkObject", { body: host }))
    expect(error._tag).toBe("OutcomeUnknown")
    const found = yield* api.call("NetworkObject", "getNetworkObjectList", { filter: "name:web-1" })
    expect(found).toMatchObject({ paging: { count: 1 } })
  })
)

it.scoped("lists what the device describes, and leaves out what cannot be understood", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    expect(api.tags).toEqual(["NetworkObject", "Odd", "Token", "Upload"])
    expect(api.operations("NetworkObject").map(({ id, method, path }) => `${id}: ${method} ${path}`)).toEqual(
      [
        "getNetworkObjectList: GET /object/networks",
        "addNetworkObject: POST /object/networks",
        "getNetworkObject: GET /object/networks/{objId}",
        "editNetworkObject: PUT /object/networks/{objId}",
        "deleteNetworkObject: DELETE /object/networks/{objId}"
      ]
    )
    expect(api.operations("Odd").map(({ id }) => id)).toEqual(["addRule"])
    expect(api.operations("networkobject")).toEqual([])
    expect(api.operations()).toHaveLength(10)
    const [list] = api.operations("NetworkObject")
    expect(list?.summary).toBe("lists them")
    expect(list?.parameters[0]).toMatchObject({
      name: "limit",
      in: "query",
      required: false,
      type: "integer"
    })
    expect(list?.parameters.map(({ name }) => name)).not.toContain("Authorization")
    expect(calls).toEqual([])
  })
)

it.scoped("a name that is not described is refused with those that are near", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    const refused = (...names: readonly [string, string]) => Effect.flip(api.call(...names))
    expect(yield* refused("networkobject", "addNetworkObject")).toMatchObject({
      _tag: "InvalidInput",
      field: "tag",
      value: "networkobject",
      message: expect.stringContaining(`near ones: "NetworkObject"`)
    })
    expect(yield* refused("NetworkObject", "getNetworkObjet")).toMatchObject({
      field: "operation",
      message: expect.stringContaining(`near ones: "getNetworkObject"`)
    })
    // The nearest comes first.
    expect(yield* refused("NetworkObject", "getnetworkobject")).toMatchObject({
      message: expect.stringContaining(`near ones: "getNetworkObject", `)
    })
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(yield* refused(name, "x")).toMatchObject({ field: "tag" })
      expect(yield* refused("NetworkObject", name)).toMatchObject({ field: "operation" })
    }
    expect(calls).toEqual([])
  })
)

it.scoped("names such as __proto__ in a description are names as others, and change nothing else", () =>
  Effect.gen(function* () {
    const document: unknown = JSON.parse(`{
      "swagger": "2.0", "basePath": "/api", "paths": {
        "/x": { "post": { "tags": ["__proto__"], "operationId": "__proto__", "parameters": [
          { "name": "body", "in": "body", "schema": { "$ref": "#/definitions/__proto__" } },
          { "name": "__proto__", "in": "query", "type": "integer" },
          { "name": "constructor", "in": "query", "type": "integer" }
        ] } }
      },
      "definitions": { "__proto__": { "type": "object", "properties": {
        "__proto__": { "type": "object", "properties": { "polluted": { "type": "integer" } } }
      } } }
    }`)
    const { api, calls } = yield* described({ body: {} }, document)
    expect(api.tags).toEqual(["__proto__"])
    const good: unknown = JSON.parse(`{ "__proto__": 1, "body": { "__proto__": { "polluted": 2 } } }`)
    yield* api.call("__proto__", "__proto__", good as Api.Parameters)
    expect(calls.map(({ path, text }) => [path, text])).toEqual([
      ["/api/x?__proto__=1", `{"__proto__":{"polluted":2}}`]
    ])
    const bad: unknown = JSON.parse(`{ "body": { "__proto__": { "polluted": "yes" } } }`)
    const error = yield* Effect.flip(api.call("__proto__", "__proto__", bad as Api.Parameters))
    expect(error).toMatchObject({ field: "body.__proto__.polluted" })
    expect(({} as Record<string, unknown>).polluted).toBe(undefined)
  })
)

const serving = (answer: Answer) =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    const device = yield* make(
      granting({ access_token: "access-1" }, ({ path }) => {
        if (!path.startsWith("/apispec")) return undefined
        asked.push(path)
        return answer
      })
    )
    return { asked, fdm: yield* Fdm.make(device) }
  })

it.scoped("the description is read from the device once, also one of many MB", () =>
  Effect.gen(function* () {
    const padding = Array.from({ length: 20 }, () => "x".repeat(400_000))
    const { asked, fdm } = yield* serving({ body: { ...description, padding } })
    const api = yield* Api.make(fdm)
    expect(yield* api.call("NetworkObject", "getNetworkObjectList")).toEqual({})
    expect(yield* api.call("NetworkObject", "getNetworkObjectList")).toEqual({})
    expect(asked).toEqual(["/apispec/ngfw.json"])
  })
)

it.scoped.each([
  ["a web page", "<html>", "no JSON"],
  ["a list", [], "no object"],
  ["another object", { tags: [] }, "without"],
  ["Swagger 1.2", { swagger: "1.2" }, "without"],
  ["OpenAPI 3", { openapi: "3.0.1", paths: {} }, "OpenAPI document of version 3"]
] as const)("an answer that is %s is a ProtocolViolation that says so", ([, body, words]) =>
  Effect.gen(function* () {
    const { fdm } = yield* serving({ body })
    const error = yield* Effect.flip(Api.make(fdm))
    expect(error).toMatchObject({ _tag: "ProtocolViolation", detail: expect.stringContaining(words) })
    if (typeof body === "string") return
    expect(yield* Effect.flip(Api.fromDocument(fdm, body))).toMatchObject({
      _tag: "InvalidInput",
      field: "document",
      message: expect.stringContaining(words)
    })
  })
)

it.scoped("a device that does not describe itself refuses in its own words", () =>
  Effect.gen(function* () {
    const { fdm } = yield* serving({ status: 404, body: { code: 404, description: "nothing here" } })
    expect(yield* Effect.flip(Api.make(fdm))).toMatchObject({
      _tag: "DeviceRefused",
      status: 404,
      messages: ["nothing here"]
    })
  })
)
