// Whatever a script puts where an id, a name, a path, a task, a subject or a version belongs: what does not stand for one
// thing is refused before anything is sent, by every verb of every client.
// Texts are the same on all runtimes, so Node speaks for them.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { Bulk } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Fmc from "sallyport/fmc"
import { PathSegment } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { runtime } from "../support/runtime.ts"

/** A script in JavaScript has no types: whatever stands where a text belongs. */
const js = (value: unknown) => value as string

const noText = [
  "",
  " ",
  "\t",
  "\u00a0",
  undefined,
  null,
  5,
  Number.NaN,
  true,
  [],
  ["a"],
  {},
  Object.create(null)
].map(js)
const broken = ["a\u0000", "a\nb", "a\r", "\u0085", "\ud800", "a\udfff"]
const elsewhere = [
  ".",
  "..",
  " .. ",
  "%2e",
  "%2E%2e",
  ".%2e",
  "%252e%252e",
  "..;x",
  "../hosts",
  "..\\x",
  "a/b",
  "a\\b",
  "a%2fb",
  "%5c",
  "%2500",
  "?bulk=true",
  "%3f",
  "#b",
  ";x"
]

const names = [...noText, ...broken]
// What stands in some lists has no name at all.
const named = names.filter((name) => name !== undefined)
const ids = [...names, ...elsewhere]
const paths = [
  ...names,
  "/",
  "//",
  "/object/",
  "/object//hosts",
  "/object/hosts/",
  "/object/hosts/../networks",
  "/object/%2e%2e/networks",
  "/object/..%2fnetworks",
  "/object/hosts?limit=1",
  "/object/hosts#",
  "/object\\hosts",
  "/policy/accesspolicies/{id}/accessrules",
  "https://other.example/object/hosts"
]

type Verb = (value: string) => Effect.Effect<unknown, unknown> | Stream.Stream<unknown, unknown>

const collection = (
  objects: Pick<
    Fmc.Domain["hosts"],
    | "list"
    | "get"
    | "find"
    | "create"
    | "update"
    | "remove"
    | "createAll"
    | "removeAll"
    | "upsert"
    | "upsertAll"
  >
) =>
  ({
    ids: {
      get: objects.get,
      update: (id) => objects.update({ id, name: "a", type: "Host", value: "192.0.2.1" }),
      remove: objects.remove,
      removeAll: (id) => objects.removeAll(["good", id]),
      "removeAll of one": (id) => objects.removeAll([id])
    },
    names: {
      find: objects.find,
      upsert: (name) => objects.upsert({ name, value: "192.0.2.1" }),
      upsertAll: (name) => objects.upsertAll([{ name, value: "192.0.2.1" }]),
      createAll: (name) => objects.createAll([{ name, value: "192.0.2.1" }])
    }
  }) satisfies Record<string, Record<string, Verb>>

/** Each verb with each value: InvalidInput, and not one request. */
const refused = (sent: () => number, verbs: Readonly<Record<string, Verb>>, values: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const before = sent()
    for (const [name, verb] of Object.entries(verbs)) {
      for (const value of values) {
        const given = `${name}(${typeof value === "string" ? JSON.stringify(value) : typeof value})`
        const work = Effect.suspend(() => {
          const made = verb(value)
          return Effect.isEffect(made) ? made : Stream.runDrain(made)
        })
        const exit = yield* Effect.exit(work)
        const failed = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? exit.cause.error : exit
        const [row] = failed instanceof Bulk.BulkIncomplete ? failed.items : []
        // A row of many is told by itself.
        const error = row?._tag === "Failed" ? row.error : failed
        expect([given, error], given).toEqual([given, expect.objectContaining({ _tag: "InvalidInput" })])
        expect([given, sent() - before]).toEqual([given, 0])
      }
    }
  })

describe("what does not stand for one thing is InvalidInput, and nothing is sent,", () => {
  it.scopedLive.runIf(runtime === "node")("to a domain of an FMC", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const domain = yield* fmc.domain("Global")
      const sent = () => sandbox.ledger.requests.length
      const kinds = {
        hosts: domain.hosts,
        networkGroups: domain.networkGroups as unknown as Fmc.Domain["hosts"],
        objects: domain.objects("/object/fqdns") as unknown as Fmc.Domain["hosts"]
      }
      for (const [name, kind] of Object.entries(kinds)) {
        yield* refused(sent, collection(kind).ids, ids)
        yield* refused(sent, collection(kind).names, name === "objects" ? named : names)
      }
      const literals = [{ type: "Host", value: "192.0.2.1" }]
      yield* refused(
        sent,
        {
          addMembers: (id) => domain.networkGroups.addMembers(id, { literals }),
          removeMembers: (id) => domain.networkGroups.removeMembers(id, { literals }),
          listMappings: domain.dynamicObjects.listMappings,
          addMappings: (id) => domain.dynamicObjects.addMappings(id, ["192.0.2.1"]),
          removeMappings: (id) => domain.dynamicObjects.removeMappings(id, ["192.0.2.1"]),
          "overrides.list": domain.hosts.overrides.list,
          "overrides.set": (id) => domain.hosts.overrides.set(id, { id: "1", type: "Device" }, {}),
          "overrides.remove": (id) => domain.hosts.overrides.remove(id, "1"),
          listPendingChanges: domain.listPendingChanges,
          deployment: domain.deployment
        },
        ids
      )
      yield* refused(
        sent,
        {
          domain: fmc.domain,
          deploy: (name) => domain.deploy({ devices: [name] }),
          "overrides.remove": (id) => domain.hosts.overrides.remove("1", id)
        },
        names
      )
      yield* refused(
        sent,
        {
          list: (path) => domain.objects(path).list(),
          listBrief: (path) => domain.objects(path).listBrief(),
          get: (path) => domain.objects(path).get("1"),
          find: (path) => domain.objects(path).find("a"),
          create: (path) => domain.objects(path).create({ name: "a" }),
          createAll: (path) => domain.objects(path).createAll([{ name: "a" }, { name: "b" }]),
          remove: (path) => domain.objects(path).remove("1"),
          removeAll: (path) => domain.objects(path).removeAll(["1", "2"]),
          upsert: (path) => domain.objects(path).upsert({ name: "a" }),
          upsertAll: (path) => domain.objects(path).upsertAll([{ name: "a" }])
        },
        paths
      )
    })
  )

  it.scopedLive.runIf(runtime === "node")("to an FDM", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fdm = yield* Fdm.make(sandbox.fdm)
      const sent = () => sandbox.ledger.requests.length
      for (const kind of [
        fdm.networks,
        fdm.networkGroups,
        fdm.ports,
        fdm.users,
        fdm.objects("/object/udpports")
      ]) {
        const any = kind as unknown as Fmc.Domain["hosts"]
        yield* refused(sent, collection(any).ids, ids)
        yield* refused(sent, collection(any).names, named)
      }
      const word = Redacted.make("Sallyport-1")
      yield* refused(
        sent,
        {
          endSession: fdm.endSession,
          downloadBackup: (id) => fdm.downloadBackup({ archiveName: id })
        },
        ids
      )
      yield* refused(
        sent,
        {
          revokeSubject: fdm.revokeSubject,
          customToken: (subject) => fdm.customToken({ subject, expiresIn: 600 }),
          changePassword: (username) => fdm.changePassword({ username, from: word, to: word }),
          upload: (name) => fdm.upload("/action/uploaddiskfile", { name, bytes: new Uint8Array(1) })
        },
        names
      )
      yield* refused(
        sent,
        {
          list: (path) => fdm.objects(path).list(),
          createAll: (path) => fdm.objects(path).createAll([{ name: "a" }]),
          removeAll: (path) => fdm.objects(path).removeAll(["1", "2"]),
          remove: (path) => fdm.objects(path).remove("1"),
          upsert: (path) => fdm.objects(path).upsert({ name: "a" })
        },
        paths
      )
      const files = paths.filter((path) => !path?.includes?.("?"))
      const bytes = new Uint8Array(1)
      yield* refused(
        sent,
        { download: fdm.download, upload: (path) => fdm.upload(path, { name: "a", bytes }) },
        files
      )
      yield* refused(
        sent,
        { apiVersion: (apiVersion) => Effect.scoped(Fdm.make({ ...sandbox.fdm, apiVersion })) },
        ids.filter((version) => version !== undefined)
      )
    })
  )

  it.scopedLive.runIf(runtime === "node")("to an FDM by its own description", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const api = yield* Api.make(yield* Fdm.make(sandbox.fdm))
      const sent = () => sandbox.ledger.requests.length
      const verbs = {
        get: (objId: string) => api.call("NetworkObject", "getNetworkObject", { objId }),
        delete: (objId: string) => api.call("NetworkObject", "deleteNetworkObject", { objId })
      }
      yield* refused(sent, verbs, ids)
    })
  )

  it.scopedLive.runIf(runtime === "node")("to a cdFMC, and through the promises", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { access } = yield* fmc.session.token
      const { target } = sandbox.fmc
      const cdfmc = yield* CdFmc.make({
        target,
        credentials: Effect.succeed({ username: "", password: access })
      })
      const global = yield* cdfmc.domain("Global")
      const sent = () => sandbox.ledger.requests.length
      yield* refused(sent, collection(global.hosts).ids, ids)
      const fdm = yield* Effect.promise(() => Fdm.open(sandbox.fdm))
      const before = sent()
      for (const id of ids) {
        const error = yield* Effect.promise(() => fdm.networks.remove(id).catch((error: unknown) => error))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "id" })
      }
      expect(sent()).toBe(before)
      yield* Effect.promise(() => fdm.close())
    })
  )
})

describe("what is no list", () => {
  // A text would be taken for its characters, each an id; nothing for an empty list, and all as done.
  const none = ["abc", "", undefined, null, 5, {}].map((value) => value as unknown as ReadonlyArray<never>)

  it.scopedLive.runIf(runtime === "node")("is refused where a list belongs, and nothing is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { deploy, dynamicObjects, hosts } = yield* fmc.domain("Global")
      const before = sandbox.ledger.requests.length
      for (const list of none) {
        for (const verb of [
          hosts.createAll(list),
          hosts.upsertAll(list),
          hosts.upsertAll(list, { key: ({ name }) => name }),
          hosts.removeAll(list),
          dynamicObjects.addMappings("1", list),
          dynamicObjects.removeMappings("1", list),
          // Without it all is deployed.
          ...(list === undefined ? [] : [deploy({ devices: list })])
        ]) {
          expect(yield* Effect.flip<unknown, unknown, never>(verb)).toMatchObject({ _tag: "InvalidInput" })
        }
      }
      const key = "name" as unknown as () => unknown
      const error = yield* Effect.flip(hosts.upsert({ name: "a", value: "192.0.2.1" }, { key }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "key" })
      expect(sandbox.ledger.requests.length).toBe(before)
    })
  )
})

describe("a path that a script writes itself", () => {
  const leaving = [
    "/object/../../x",
    "/object/hosts/..",
    "../x",
    "..",
    ".",
    "/object/./hosts",
    "/object/%2e%2e/x",
    "/object/.%2E/x",
    "/object/%252e%252e/x",
    "/object/..%2fx",
    "/object/x%2f..%5c..%2fx",
    "/object\\..\\x",
    "/object/..;a=b/x",
    "/api/fdm/v6/../../x",
    "/api/%2e%2e/x"
  ]

  it.scopedLive.runIf(runtime === "node")(
    "is refused where it leaves its base, in whatever spelling, before anything is sent",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const fmc = yield* Fmc.make(sandbox.fmc)
        const domain = yield* fmc.domain("Global")
        const fdm = yield* Fdm.make({ ...sandbox.fdm, apiVersion: "latest" })
        const sent = () => sandbox.ledger.requests.length
        for (const method of ["GET", "DELETE"] as const) {
          const verbs = {
            "fmc.rest": (path: string) => fmc.rest.request(method, path),
            "domain.rest": (path: string) => domain.rest.request(method, path),
            "fdm.rest": (path: string) => fdm.rest.request(method, path)
          }
          yield* refused(sent, verbs, leaving)
        }
        yield* refused(
          sent,
          {
            "fmc.session.http": (path) => fmc.session.http.get(path),
            "domain.http": (path) => domain.http.del(path),
            "fdm.http": (path) => fdm.http.get(path),
            "fdm.session.http": (path) => fdm.session.http.get(path)
          },
          leaving
        )
        yield* refused(
          sent,
          { rest: (path) => fdm.rest.request("GET", path) },
          [undefined, null, 5, {}].map(js)
        )
      })
  )

  it.scopedLive.runIf(runtime === "node")(
    "is refused where a change lacks the id, or would reach another thing or the whole collection",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const fmc = yield* Fmc.make(sandbox.fmc)
        const domain = yield* fmc.domain("Global")
        const fdm = yield* Fdm.make(sandbox.fdm)
        const sent = () => sandbox.ledger.requests.length
        const without = [
          "/object/hosts/",
          "/object/hosts//",
          "/object//1",
          "/object/hosts/?x=1",
          "/object/hosts/#1",
          "/object/hosts/%20",
          "/object/hosts/;x",
          // Neither the fragment nor half a character is sent: another thing would be reached.
          "/object/hosts/a#b",
          "/object/hosts/\ud800",
          ""
        ]
        const verbs = {
          "fmc.rest": (path: string) => fmc.rest.request("DELETE", path),
          "domain.rest": (path: string) => domain.rest.request("DELETE", path),
          "domain.http": (path: string) => domain.http.put(path),
          "fdm.rest": (path: string) => fdm.rest.request("PUT", path),
          "fdm.http": (path: string) => fdm.http.del(path),
          "fmc.session.http": (path: string) => fmc.session.http.del(path),
          "fdm.session.http": (path: string) => fdm.session.http.put(path)
        }
        yield* refused(sent, verbs, without)
      })
  )
})

describe("a segment of a path", () => {
  it("reaches one thing as it is written, whatever signs it is made of", () => {
    const signs = fc.constantFrom(".", "%", "2e", "/", "\\", "?", "#", ";", ",", " ", "é")
    const id = fc.array(fc.oneof(signs, fc.string({ unit: "grapheme" })), { maxLength: 6 })
    fc.assert(
      fc.property(
        id.map((parts) => parts.join("")),
        (id) => {
          const exit = Effect.runSyncExit(PathSegment.join("/object/hosts", { id }))
          if (Exit.isFailure(exit)) return
          const { hash, pathname, search } = new URL(`https://fmc.example${exit.value}`)
          expect([pathname, search, hash]).toEqual([exit.value, "", ""])
          expect(pathname.split("/").slice(3).map(decodeURIComponent)).toEqual([id])
        }
      )
    )
  })
})
