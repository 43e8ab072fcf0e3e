import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Devices, Trust, Workflow } from "sallyport"
import * as Testing from "sallyport/testing"
import * as Asa from "../src/index.ts"
import * as FakeAsa from "./fakeAsa.ts"

const objects = "/api/objects/networkobjects"
const byId = (one: Asa.NetworkObject, other: Asa.NetworkObject) => (one.id < other.id ? -1 : 1)
const host = { kind: "IPv4Address", value: "192.0.2.1" }

Testing.authProvider("asa", {
  make: Effect.map(FakeAsa.make, (asa) => ({
    provider: Asa.provider(asa),
    request: objects,
    counts: asa.counts,
    evict: asa.evict,
    failNext: asa.failNext,
    ages: true,
    byId: (session, id) => Asa.client(session).networkObjects.remove(id),
    change: (session) => Asa.client(session).networkObjects.create({ name: "contract", host }),
    plugin: { plugin: Asa.plugin, config: { tokenLifetime: "10 minutes" } }
  }))
})

describe("an ASA", () => {
  it.scopedLive("is a device among others, by its name in a configuration", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      yield* Effect.scoped(
        Effect.gen(function* () {
          const devices = yield* Devices.make([Asa.plugin]).open({
            edge: {
              kind: "asa",
              url: device.target.origin,
              trust: { ca: device.ca },
              credentials: device.credentials,
              tokenLifetime: "10 minutes"
            }
          })
          const asa = yield* devices.get("edge")
          expect(yield* asa.rest.request("GET", objects)).toMatchObject({ items: [] })
        })
      )
      expect(device.heard.at(-1)).toBe("DELETE /api/tokenservices/… 204")
    })
  )

  it.scopedLive(
    "takes part in workflows: what it has changed is planned, and taken back where a later step fails",
    () =>
      Effect.gen(function* () {
        const device = yield* FakeAsa.make
        const asa = yield* Asa.make(device)
        const { createAll, list } = asa.networkObjects
        yield* createAll(Array.from({ length: 120 }, (_, at) => ({ name: `old-${at}`, host })))
        const there = Effect.map(Stream.runCollect(list()), (all) => [...all].sort(byId))
        const before = yield* there
        const workflow = Workflow.make({
          name: "objects",
          input: Schema.Struct({ fails: Schema.Boolean }),
          devices: { edge: Asa.plugin },
          run: ({ edge: { networkObjects } }, { fails }) =>
            Effect.gen(function* () {
              yield* networkObjects.createAll(
                Array.from({ length: 5 }, (_, at) => ({ name: `new-${at}`, host }))
              )
              yield* networkObjects.upsert({ name: "old-1", host: { ...host, value: "192.0.2.2" } })
              yield* networkObjects.removeAll(["old-2", "old-119", "old-3", "old-4"])
              if (fails) yield* networkObjects.create({ name: "new-0", host })
            })
        })
        const folder = mkdtempSync(join(tmpdir(), "asa-"))
        const plan = yield* Workflow.plan(workflow, { edge: device }, { fails: false })
        expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
          ...Array.from({ length: 5 }, (_, at) => `create new-${at}`),
          "update old-1",
          ...["old-2", "old-3", "old-4", "old-119"].map((name) => `remove ${name}`)
        ])
        expect(yield* there).toEqual(before)
        const { report } = yield* Workflow.run(workflow, { edge: device }, { fails: true }, { folder })
        expect(report.errors.map(({ tag }) => tag)).toEqual(["DeviceRefused"])
        expect(yield* there).toEqual(before)
        yield* Workflow.run(workflow, { edge: device }, { fails: false }, { folder, plan })
        expect((yield* there).length).toBe(before.length + 1)
      })
  )

  it.scopedLive("has the same client with promises", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      const items = yield* Effect.promise(() =>
        Asa.use(device, async (asa) => asa.rest.request("GET", objects))
      )
      expect(items).toMatchObject({ items: [] })
      expect(device.heard.at(-1)).toBe("DELETE /api/tokenservices/… 204")
    })
  )

  it.scopedLive("is logged in to, used and logged out of", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      const items = yield* Effect.scoped(
        Effect.gen(function* () {
          const asa = yield* Asa.make(device)
          const response = yield* asa.session.http.get(objects).pipe(Effect.flatMap(asa.filterStatusOk))
          return yield* response.json
        })
      )
      expect(items).toMatchObject({ items: [] })
      expect(device.heard).toEqual([
        "POST /api/tokenservices 204",
        `GET ${objects} 200`,
        "DELETE /api/tokenservices/… 204"
      ])
    })
  )

  it.scopedLive("says in its own words what it refuses", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      const { filterStatusOk, session } = yield* Asa.make(device)
      const { access } = yield* session.token
      yield* device.failNext(400, { messages: [{ details: `no ${Redacted.value(access)} here` }] })
      const error = yield* Effect.flip(Effect.flatMap(session.http.get(objects), filterStatusOk))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 400, messages: ["no *** here"] })
    })
  )

  it.scopedLive("that is none says so at the login", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      yield* device.failNext(204)
      expect(yield* Effect.flip(Asa.make(device))).toMatchObject({ _tag: "ProtocolViolation" })
      yield* device.failNext(404)
      expect(yield* Effect.flip(Asa.make(device))).toMatchObject({ _tag: "DeviceRefused" })
    })
  )

  it.scopedLive("does not show the token that its logout has in the path", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      const events: Array<unknown> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Asa.make({ ...device, onEvent: (event) => events.push(event) })
          yield* device.failNext(500)
        })
      )
      const failed = events.find((event) => JSON.stringify(event).includes("DELETE"))
      expect(JSON.stringify(failed)).toContain("DELETE /api/tokenservices/…")
      expect(JSON.stringify(events)).not.toContain("asa-token-")
    })
  )

  it.scopedLive("comes from the environment too", () =>
    Effect.gen(function* () {
      const device = yield* FakeAsa.make
      const { sha256 } = yield* Trust.inspect({ host: device.target.host, port: device.target.port })
      const variables = {
        ASA_URL: device.target.origin,
        ASA_USERNAME: "api",
        ASA_PASSWORD: Redacted.value(device.password),
        ASA_PIN: sha256
      }
      const status = yield* Effect.flatMap(Asa.Asa, ({ session }) => session.http.get(objects)).pipe(
        Effect.map((response) => response.status),
        Effect.provide(Asa.layerConfig("ASA")),
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
      )
      expect(status).toBe(200)
    })
  )
})
