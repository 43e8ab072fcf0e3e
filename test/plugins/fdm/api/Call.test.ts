import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { described, refusing } from "./described.ts"

const list = ["NetworkObject", "getNetworkObjectList"] as const

it.scoped("parameters travel as the description says: lists too", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    yield* api.call(...list, {
      limit: 5,
      filter: "name:a&b=c;ü",
      total: false,
      ids: ["1", "2"],
      kinds: ["HOST", "NETWORK"],
      zones: [1, 2],
      since: "2026-01-31",
      "X-Trace": 7
    })
    const [call] = calls
    expect(call?.path).toBe(
      "/api/fdm/v6/object/networks?limit=5&filter=name%3Aa%26b%3Dc%3B%C3%BC&total=false&ids=1&ids=2&kinds=HOST%2CNETWORK&zones=1%7C2&since=2026-01-31"
    )
    expect(call?.headers).toMatchObject({ "x-trace": "7", authorization: "Bearer access-1" })
    yield* api.call(...list, { limit: undefined, filter: null })
    expect(calls[1]?.path).toBe("/api/fdm/v6/object/networks")
  })
)

it.scoped("parameters are checked before anything is sent, and told by where they travel", () =>
  Effect.gen(function* () {
    const refused = yield* refusing
    const wrong: ReadonlyArray<readonly [object, string, string]> = [
      [{ limit: "5" }, "query.limit", "a whole number"],
      [{ limit: 0 }, "query.limit", "at least 1"],
      [{ limit: 2 ** 31 }, "query.limit", "at most 2147483647"],
      [{ total: "yes" }, "query.total", "true or false"],
      [{ kinds: "HOST" }, "query.kinds", "a list"],
      [{ kinds: ["HOST", "HOTS"] }, "query.kinds[1]", `one of "HOST", "NETWORK"`],
      [{ kinds: ["HOST", "HOST", "HOST"] }, "query.kinds", "at most 2"],
      [{ since: "2026-02-31" }, "query.since", "a date such as"],
      [{ "X-Trace": "a\r\nb" }, "header.X-Trace", "a whole number"],
      [{ limits: 5 }, "parameters.limits", `near ones: "limit"`],
      [{ __proto__: null, constructor: 1 }, "parameters.constructor", "takes only limit"],
      // The session signs.
      [{ Authorization: "Bearer x" }, "parameters.Authorization", "leave it out"]
    ]
    for (const [parameters, field, words] of wrong) {
      const error = yield* refused(...list, { ...parameters })
      expect([error.field, error.message]).toEqual([field, expect.stringContaining(words)])
    }
    expect(yield* refused("NetworkObject", "getNetworkObject", {})).toMatchObject({ field: "path.objId" })
    expect(yield* refused("NetworkObject", "addNetworkObject", {})).toMatchObject({ field: "body" })
  })
)

it.scoped("a value in a path stays in its place", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    for (const objId of ["a,b;c", "ü?x#y", "%zz", "..."]) {
      yield* api.call("NetworkObject", "getNetworkObject", { objId })
    }
    expect(calls.map(({ path }) => path.replace("/api/fdm/v6/object/networks/", ""))).toEqual([
      "a%2Cb%3Bc",
      "%C3%BC%3Fx%23y",
      "%25zz",
      "..."
    ])
    for (const objId of ["", ".", "..", "\ud800", "a/../b", "%2e"]) {
      const error = yield* Effect.flip(api.call("NetworkObject", "deleteNetworkObject", { objId }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "path.objId" })
    }
    expect(calls).toHaveLength(4)
  })
)

it.scoped("a file is sent as a part of a form, with its name and its bytes", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    const bytes = new TextEncoder().encode("content of it")
    const files = [
      { name: "back up.tar", bytes },
      new File([bytes], "back up.tar"),
      new Blob([bytes], { type: "text/plain" })
    ]
    for (const fileToUpload of files) {
      yield* api.call("Upload", "upload", { kind: "disk", fileToUpload, note: "hello" })
      const call = calls.at(-1)
      expect(call?.path).toBe("/api/fdm/v6/action/upload/disk")
      expect(call?.headers["content-type"]).toMatch(/^multipart\/form-data; ?boundary=/)
      expect(call?.text).toContain(
        `name="fileToUpload"; filename="${fileToUpload instanceof Blob && !(fileToUpload instanceof File) ? "file" : "back up.tar"}"`
      )
      expect(call?.text).toContain("\r\n\r\ncontent of it\r\n")
      expect(call?.text).toMatch(/name="note"\r\n\r\nhello\r\n/)
    }
    const upload = (parameters: object) =>
      Effect.flip(api.call("Upload", "upload", { kind: "a", ...parameters }))
    expect(yield* upload({})).toMatchObject({ field: "formData.fileToUpload" })
    for (const fileToUpload of ["text", { name: "", bytes }, { name: "a", bytes: "text" }]) {
      expect(yield* upload({ fileToUpload })).toMatchObject({ field: "formData.fileToUpload" })
    }
    expect(yield* upload({ fileToUpload: files[0], note: "too long" })).toMatchObject({
      field: "formData.note"
    })
    expect(calls).toHaveLength(files.length)
  })
)

it.scoped("a form without files is sent by its fields", () =>
  Effect.gen(function* () {
    const { api, calls } = yield* described()
    yield* api.call("Upload", "form", { words: ["a b", "c&d"], password: "x=y" })
    expect(calls[0]?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/)
    expect(calls[0]?.text).toBe("words=a+b&words=c%26d&password=x%3Dy")
  })
)

it.scoped.each([
  ["data", list, { body: { items: [1] } }, { items: [1] }],
  ["data without a type", list, { headers: { "content-type": "" }, body: `{"a":1}` }, { a: 1 }],
  ["nothing", list, { body: "" }, undefined],
  ["text", list, { headers: { "content-type": "text/plain" }, body: "as it is" }, "as it is"],
  [
    "bytes",
    list,
    { headers: { "content-type": "application/octet-stream" }, body: "AB" },
    Uint8Array.of(65, 66)
  ],
  ["a file of any type", ["Upload", "download"], { body: "[]" }, Uint8Array.of(91, 93)]
] as const)("an answer that is %s comes back as that", ([, [tag, id], answer, expected]) =>
  Effect.gen(function* () {
    const { api } = yield* described(answer)
    expect(yield* api.call(tag, id)).toEqual(expected)
  })
)

it.scoped("an answer that says it is JSON and is not is a ProtocolViolation without its bytes", () =>
  Effect.gen(function* () {
    const { api } = yield* described({ body: "<secret>" })
    const error = yield* Effect.flip(api.call(...list))
    expect(error._tag).toBe("ProtocolViolation")
    expect(error.message).not.toContain("secret")
  })
)

it.scoped("a refusal has the device's words, and nothing secret that was sent", () =>
  Effect.gen(function* () {
    const { api } = yield* described(({ text }) => ({
      status: 422,
      body: { error: { messages: [{ description: `not good: ${decodeURIComponent(text)}` }] } }
    }))
    const error = yield* Effect.flip(api.call("Upload", "form", { words: ["plain"], password: "Geheim-77" }))
    expect(error).toMatchObject({ _tag: "DeviceRefused", status: 422 })
    expect(error.message).toContain("not good: words=plain&password=***")
    expect(JSON.stringify(error)).not.toContain("Geheim")
  })
)
