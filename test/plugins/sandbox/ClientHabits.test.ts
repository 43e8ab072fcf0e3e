// What public clients ask for beside the usual, each as its code has it, with what it reads of the answer.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { start } from "./client.ts"
import { signedIn as fdmSignedIn } from "./fdm.ts"
import { signedIn } from "./signedIn.ts"

const namesOf = (items: ReadonlyArray<{ readonly name: string }> | undefined) =>
  (items ?? []).map(({ name }) => name)

it.scoped("fmcapi: deploys to the version of now in microseconds, as a number or as text", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    yield* send("POST", "/object/hosts", { name: "web", value: "192.0.2.1" })
    const { items } = (yield* send("GET", "/deployment/deployabledevices?expanded=true")).json
    const now = Date.now() * 1000
    for (const version of [now, String(now)]) {
      const request = {
        type: "DeploymentRequest",
        forceDeploy: true,
        ignoreWarning: true,
        version,
        deviceList: [items[0].device.id]
      }
      const answer = yield* send("POST", "/deployment/deploymentrequests", request)
      expect(answer).toMatchObject({ status: 202, json: { deviceList: [items[0].device.id] } })
    }
  })
)

it.scoped("fireREST: sends `null` with reads and removals, and its refresh token with every request", () =>
  Effect.gen(function* () {
    const { client, sandbox } = yield* start()
    const auth = "/api/fmc_platform/v1/auth"
    const login = yield* client.send("POST", `${auth}/generatetoken`, {
      headers: { ...client.basic(), "content-type": "application/json" },
      body: "null"
    })
    const headers = {
      "content-type": "application/json",
      // Node's own client gives the body of a GET no length by itself.
      "content-length": "4",
      "x-auth-access-token": login.headers["x-auth-access-token"] ?? "",
      "x-auth-refresh-token": login.headers["x-auth-refresh-token"] ?? ""
    }
    const [{ uuid }] = JSON.parse(login.headers.domains ?? "")
    const hosts = `/api/fmc_config/v1/domain/${uuid}/object/hosts`
    const all = yield* client.send("GET", `${hosts}?limit=1000&expanded=True`, { headers, body: "null" })
    expect(all).toMatchObject({ status: 200, json: { items: expect.any(Array) } })
    const one = `${hosts}/${all.json.items[0].id}`
    expect((yield* client.send("DELETE", one, { headers, body: "null" })).status).toBe(200)
    expect((yield* client.send("POST", `${auth}/refreshtoken`, { headers, body: "null" })).status).toBe(204)
    expect(sandbox.ledger.fmc.open).toBe(1)
  })
)

it.scoped(
  "terraform-provider-fmc: the categories of a policy one by one, and its rules by parts of names",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn()
      const acp = { name: "ACP", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
      const { id } = (yield* send("POST", "/policy/accesspolicies", acp)).json
      const categories = `/policy/accesspolicies/${id}/categories`
      const rules = `/policy/accesspolicies/${id}/accessrules`
      const made = (yield* send("POST", `${categories}?section=mandatory`, { name: "cat" })).json
      // FMC OpenAPI, AccessPolicyCategoryMetadata.
      const empty = { section: "Mandatory", startIndex: -1, endIndex: -1, accessPolicy: { id, name: "ACP" } }
      expect(made).toMatchObject({ name: "cat", metadata: empty })
      const bulk = ["rule-1", "rule-10", "rule-2"].map((name) => ({ name, action: "ALLOW", enabled: true }))
      yield* send("POST", `${rules}?bulk=true&category=cat`, bulk)
      const body = { ...made, name: "renamed" }
      expect(yield* send("PUT", `${categories}/${made.id}`, body)).toMatchObject({
        status: 200,
        json: { id: made.id, name: "renamed", metadata: { startIndex: 1, endIndex: 3 } }
      })
      const found = yield* send("GET", `${rules}?expanded=true&limit=1000&filter=name:rule-1`)
      expect(namesOf(found.json.items)).toEqual(["rule-1", "rule-10"])
      expect(found.json.items[0].metadata.category).toBe("renamed")
      const both = yield* send("GET", `${rules}?filter=name:rule-2,rule-10`)
      expect(namesOf(both.json.items)).toEqual(["rule-10", "rule-2"])
      expect((yield* send("DELETE", `${categories}/${made.id}`)).json).toMatchObject({ id: made.id })
      expect((yield* send("GET", `${categories}/${made.id}`)).status).toBe(404)
      expect((yield* send("GET", categories)).json).not.toHaveProperty("items")
      expect((yield* send("GET", rules)).json.paging.count).toBe(3)
    })
)

it.scoped("fmcapi: the default action of a policy by itself (FMC OpenAPI, updateDefaultAction)", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn()
    const acp = { name: "ACP", type: "AccessPolicy", description: "own", defaultAction: { action: "BLOCK" } }
    const { id } = (yield* send("POST", "/policy/accesspolicies", acp)).json
    const path = `/policy/accesspolicies/${id}/defaultactions`
    const [action] = (yield* send("GET", `${path}?expanded=true`)).json.items
    expect(action).toMatchObject({ action: "BLOCK", type: "AccessPolicyDefaultAction" })
    const change = { id: action.id, type: action.type, action: "TRUST", logEnd: true }
    expect((yield* send("PUT", `${path}/${action.id}`, change)).json).toMatchObject(change)
    expect((yield* send("GET", `/policy/accesspolicies/${id}`)).json).toMatchObject({
      description: "own",
      defaultAction: change
    })
    expect((yield* send("PUT", `${path}/${action.id}`, { ...change, action: "ALLOW" })).status).toBe(400)
    expect((yield* send("GET", `${path}/${id}`)).status).toBe(404)
  })
)

it.scoped("an older provider of terraform's: is told that policies have no such filter (seen on a 7.3)", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ rules: 1 })
    const answer = yield* send("GET", "/policy/accesspolicies?expanded=false&filter=name:Edge")
    expect(answer.status).toBe(400)
    expect(answer.json.error).toMatchObject({
      category: "FRAMEWORK",
      messages: [{ description: "filter query parameter 'name' is not supported." }]
    })
  })
)

it.scoped(
  "go-fmc: 40 domains at most in an answer, and links with all that was asked (seen on a 7.2.10)",
  () =>
    Effect.gen(function* () {
      const domains = ["Global", ...Array.from({ length: 40 }, (_, at) => `Global/ D${at}`)]
      const { sandbox, send } = yield* signedIn({ domains })
      const path = "/api/fmc_platform/v1/info/domain"
      const first = (yield* send("GET", `${path}?expanded=true`)).json
      expect(first.links.self).toBe(`${sandbox.url}${path}?offset=0&limit=25&expanded=true`)
      expect(first.paging).toMatchObject({ offset: 0, limit: 25, count: 41, pages: 2 })
      expect(new URL(first.paging.next[0]).search).toBe("?expanded=true&offset=25&limit=16")
      const most = (yield* send("GET", `${path}?expanded=true&offset=0&limit=1000`)).json
      expect(most.items).toHaveLength(40)
      expect(most.paging).toMatchObject({ limit: 40, count: 41, pages: 2 })
      expect(new URL(most.paging.next[0]).search).toBe("?expanded=true&offset=40&limit=1")
      const last = (yield* send("GET", most.paging.next[0].replace(sandbox.url, ""))).json
      expect(namesOf(last.items)).toEqual(["Global/ D39"])
      expect(last.paging).not.toHaveProperty("next")
    })
)

it.scoped(
  "FTDAnsible: filters by `fts~` where the build is 6.4.0 or later, and takes exact names of it",
  () =>
    Effect.gen(function* () {
      const { send } = yield* fdmSignedIn({ objects: 3 })
      const { databaseInfo } = (yield* send("GET", "/operational/systeminfo/default")).json
      expect(databaseInfo).toMatchObject({ buildVersion: "7.4.2", schemaVersion: "172" })
      const filter = databaseInfo.buildVersion >= "6.4.0" ? "fts~net-002" : "name:net-002"
      const found = yield* send("GET", `/object/networks?filter=${filter}&limit=10&offset=0`)
      expect(namesOf(found.json.items)).toEqual(["net-002"])
    })
)

it.scoped("scripts for an FDM: a grant as a form, and nine thousand objects at once", () =>
  Effect.gen(function* () {
    const { client, sandbox } = yield* start({ objects: 30 })
    const grant = (fields: Record<string, string>) =>
      client.send("POST", "/api/fdm/v6/fdm/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString()
      })
    const { username } = sandbox
    const password = Redacted.value(sandbox.password)
    const login = yield* grant({ grant_type: "password", username, password })
    const token: string = login.json.access_token
    const headers = { authorization: `Bearer ${token}` }
    const all = yield* client.send("GET", "/api/fdm/v6/object/networks?expanded=true&limit=9000", { headers })
    expect(all.json.items).toHaveLength(32)
    yield* grant({ grant_type: "revoke_token", access_token: token, token_to_revoke: token })
    expect(sandbox.ledger.open).toBe(0)
    const wrong = yield* grant({ grant_type: "password", username, password: "wrong" })
    expect(wrong).toMatchObject({ status: 400, json: { message: "Failed to authenticate user" } })
  })
)

it.scoped(
  "FMCAnsible: a list of rules takes no parameter of a creation, which a real one refuses by these words",
  () =>
    Effect.gen(function* () {
      const { send } = yield* signedIn({ rules: 1 })
      const [policy] = (yield* send("GET", "/policy/accesspolicies")).json.items
      const rules = `/policy/accesspolicies/${policy.id}/accessrules`
      for (const query of ["section=mandatory", "limit=25&offset=0&category=mine"]) {
        const refused = yield* send("GET", `${rules}?${query}`)
        expect(refused.status).toBe(400)
        expect(refused.json.error.messages).toEqual([
          { description: "Invalid query parameter for the GETALL operation." }
        ])
      }
      expect((yield* send("GET", `${rules}?name=rule-001&Expanded=True`)).status).toBe(200)
      const rule = { name: "new", type: "AccessRule", action: "ALLOW" }
      expect((yield* send("POST", `${rules}?section=mandatory&unheard=of`, rule)).status).toBe(201)
    })
)
