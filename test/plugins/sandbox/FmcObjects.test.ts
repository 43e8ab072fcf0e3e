import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { signedIn } from "./signedIn.ts"

const host = (name: string, value = "192.0.2.1") => ({ name, type: "Host", value })

it.scoped("server version and domains are lists of their own", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const version = yield* send("GET", "/api/fmc_platform/v1/info/serverversion")
    expect(version.json.items[0]).toMatchObject({
      serverVersion: "7.4.2 (build 172)",
      geoVersion: expect.any(String),
      vdbVersion: expect.any(String),
      sruVersion: expect.any(String),
      lspVersion: expect.any(String)
    })
    const domains = yield* send("GET", "/api/fmc_platform/v1/info/domain?limit=1")
    expect(domains.json.items).toMatchObject([{ name: "Global", type: "Domain" }])
    expect(domains.json.paging.next).toHaveLength(1)
    const rest = yield* send("GET", "/api/fmc_platform/v1/info/domain?limit=1&offset=1")
    expect(rest.json.items).toMatchObject([{ name: "Global/ Branch" }])
  })
)

it.scoped("a list has pages of 25 whose neighbours are absolute URLs that keep the other parameters", () =>
  Effect.gen(function* () {
    const { sandbox, send } = yield* signedIn({ objects: 60 })
    const first = yield* send("GET", "/object/hosts?expanded=true")
    expect(first.json.items).toHaveLength(25)
    expect(first.json.paging).toMatchObject({ offset: 0, limit: 25, count: 60, pages: 3 })
    expect(first.json.paging).not.toHaveProperty("prev")
    const next = new URL(first.json.paging.next[0])
    expect(next.origin).toBe(sandbox.url)
    expect(next.searchParams.get("expanded")).toBe("true")
    const second = yield* send("GET", `${next.pathname}${next.search}`)
    expect(second.json.paging.prev[0]).toContain("offset=0")
    const third = yield* send("GET", "/object/hosts?offset=50")
    expect(third.json.items).toHaveLength(10)
    expect(third.json.paging).not.toHaveProperty("next")
    const names = [first, second, third].flatMap((page) =>
      page.json.items.map(({ name }: { name: string }) => name)
    )
    expect(new Set(names).size).toBe(60)
    expect((yield* send("GET", "/object/hosts?limit=1000")).json.items).toHaveLength(60)
  })
)

it.scoped("an empty list has no items", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({}, 1)
    const empty = yield* send("GET", "/object/hosts")
    expect(empty.json.paging).toMatchObject({ count: 0, pages: 0 })
    expect(empty.json).not.toHaveProperty("items")
  })
)

it.scoped("paging parameters out of bounds are refused", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    for (const query of ["limit=1001", "limit=0", "limit=x", "offset=-1"]) {
      expect((yield* send("GET", `/object/hosts?${query}`)).status).toBe(400)
    }
  })
)

it.scoped("items are brief, or whole with expanded=true", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const brief = yield* send("GET", "/object/networks?limit=1")
    expect(Object.keys(brief.json.items[0]).sort()).toEqual(["id", "links", "name", "type"])
    const whole = yield* send("GET", "/object/networks?limit=1&expanded=true")
    expect(whole.json.items[0]).toMatchObject({
      name: "any-ipv4",
      value: "0.0.0.0/0",
      metadata: { readOnly: { state: true } }
    })
  })
)

it.scoped("an object is created, read, found, updated and deleted", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const created = yield* send("POST", "/object/hosts", host("web-1"))
    expect(created).toMatchObject({ status: 201, json: { name: "web-1", type: "Host", value: "192.0.2.1" } })
    const path = `/object/hosts/${created.json.id}`
    expect(created.json.links.self).toContain(path)
    expect((yield* send("GET", path)).json).toEqual(created.json)
    for (const text of ["WEB", "192.0.2.1"]) {
      const found = yield* send("GET", `/object/hosts?filter=nameOrValue:${text}`)
      expect(found.json.items).toHaveLength(1)
    }
    const changed = { ...created.json, value: "2001:db8::1" }
    expect((yield* send("PUT", path, changed)).status).toBe(200)
    expect((yield* send("GET", path)).json).toMatchObject({
      value: "2001:db8::1",
      metadata: { ipType: "V_6" }
    })
    expect(yield* send("DELETE", path)).toMatchObject({ status: 200, json: { name: "web-1" } })
    expect((yield* send("GET", path)).status).toBe(404)
    expect((yield* send("DELETE", path)).status).toBe(404)
  })
)

it.scoped("a name is taken across hosts and networks, whatever its case, and free in another domain", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    yield* send("POST", "/object/hosts", host("Web"))
    const twice = yield* send("POST", "/object/networks", { name: "web", value: "192.0.2.0/24" })
    expect(twice.status).toBe(400)
    expect(twice.json.error.messages[0].description).toBe(
      "The object name web already exists. Enter a new name."
    )
    const other = yield* send("POST", "/object/hosts", host("other"))
    const renamed = yield* send("PUT", `/object/hosts/${other.json.id}`, { ...other.json, name: "WEB" })
    expect(renamed.status).toBe(400)
    const branch = yield* signedIn({}, 1)
    expect((yield* branch.send("POST", "/object/hosts", host("Web"))).status).toBe(201)
  })
)

it.scoped("values, names and types that do not fit are refused with 400, broken JSON with 422", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const refused = [
      host("x", "300.1.1.1"),
      host("x", "10.0.0.0/8"),
      host(""),
      { name: "x" },
      { ...host("x"), type: "Network" },
      null,
      7
    ]
    for (const body of refused) {
      const answer = yield* send("POST", "/object/hosts", body)
      expect(answer.status).toBe(400)
      expect(answer.json.error.category).toBe("VALIDATION")
    }
    for (const value of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/255.0.255.0", "::/129", "10.0.0.0/8/8"]) {
      expect((yield* send("POST", "/object/networks", { name: "x", value })).status).toBe(400)
    }
    const mask = { name: "mask", value: "10.0.0.0/255.255.0.0" }
    expect((yield* send("POST", "/object/networks", mask)).status).toBe(201)
    for (const body of ["{", "", undefined]) {
      expect((yield* send("POST", "/object/hosts", body)).status).toBe(422)
    }
  })
)

it.scoped("many are created in bulk, all of them or none", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 0 })
    const made = yield* send("POST", "/object/hosts?bulk=true", [host("a"), host("b", "192.0.2.2")])
    expect(made.status).toBe(201)
    expect(made.json.items).toMatchObject([{ name: "a" }, { name: "b" }])
    expect((yield* send("POST", "/object/hosts?bulk=true", [host("c"), host("c")])).status).toBe(400)
    expect((yield* send("GET", "/object/hosts")).json.paging.count).toBe(2)
    expect((yield* send("POST", "/object/hosts", [host("d")])).status).toBe(422)
    const tooMany = Array.from({ length: 1001 }, (_, at) => host(`h${at}`))
    expect((yield* send("POST", "/object/hosts?bulk=true", tooMany)).status).toBe(422)
  })
)

it.scoped("what is built in cannot be changed, and an update's id must be that of its path", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const { json } = yield* send("GET", "/object/networks?limit=1&expanded=true")
    const path = `/object/networks/${json.items[0].id}`
    expect((yield* send("DELETE", path)).status).toBe(400)
    expect((yield* send("PUT", path, json.items[0])).status).toBe(400)
    const own = yield* send("POST", "/object/hosts", host("own"))
    const wrongId = { ...own.json, id: json.items[0].id }
    expect((yield* send("PUT", `/object/hosts/${own.json.id}`, wrongId)).status).toBe(400)
  })
)

it.scoped("an unknown domain or object is 404, a wrong kind too, an unknown verb 405, no token 401", () =>
  Effect.gen(function* () {
    const { sandbox, client, send, base } = yield* signedIn()
    const { json } = yield* send("POST", "/object/hosts", host("h"))
    expect((yield* send("GET", "/api/fmc_config/v1/domain/nowhere/object/hosts")).status).toBe(404)
    expect((yield* send("GET", "/object/hosts/nothing")).status).toBe(404)
    expect((yield* send("GET", `/object/networks/${json.id}`)).status).toBe(404)
    expect((yield* send("GET", "/object/unheard-of")).status).toBe(404)
    expect((yield* send("DELETE", "/object/hosts")).status).toBe(405)
    const session = sandbox.ledger.sessions[0]?.id
    expect(sandbox.ledger.requests.at(-1)).toMatchObject({ status: 405, kind: "call", session })
    expect((yield* client.send("GET", `${base}/object/hosts`)).status).toBe(401)
    expect((yield* client.send("GET", `${base}/object/unheard-of`)).status).toBe(401)
  })
)
