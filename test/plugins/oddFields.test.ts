// Answers with other types than the documents have: numbers and booleans as text, null in place of nothing, lists that do
// not say how long they are, errors without words. What can be meant by them is read; nothing that a script writes back is
// lost; and a write that was answered is never taken for one that was not.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Deployment, ReadBack } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { type Answer, type Heard, make } from "../support/device.ts"

const uuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const global = { name: "Global", uuid }

const fmc = (answer: (heard: Heard) => Answer, domains: unknown = [global], version: object = {}) =>
  Effect.gen(function* () {
    const device = yield* make((heard) => {
      if (heard.path.includes("/auth/"))
        return {
          status: 204,
          headers: {
            "X-auth-access-token": "access-1",
            "X-auth-refresh-token": "refresh-1",
            DOMAINS: JSON.stringify(domains)
          }
        }
      if (!heard.path.includes("/info/serverversion")) return answer(heard)
      return { body: { items: [{ serverVersion: "7.4.2 (build 172)", ...version }] } }
    })
    const client = yield* Fmc.make(device)
    return { device, client, domain: yield* client.domain("Global") }
  })

const fdm = (answer: (heard: Heard) => Answer) =>
  Effect.gen(function* () {
    const device = yield* make((heard) => {
      if (heard.path.includes("/fdm/token")) return { body: { access_token: "a", expires_in: "1800" } }
      return heard.path === "/api/versions" ? { body: { supportedVersions: ["v6"] } } : answer(heard)
    })
    return { device, fdm: yield* Fdm.make(device) }
  })

const all = <A, E>(list: Stream.Stream<A, E>) => Effect.map(Stream.runCollect(list), (items) => [...items])
const items = (...list: ReadonlyArray<unknown>): Answer => ({ body: { items: list, paging: null } })

describe("an object of an FMC", () => {
  it.scopedLive("is read with null, numbers and booleans that are written as text", () =>
    Effect.gen(function* () {
      const { domain } = yield* fmc(({ path }) =>
        path.includes("hosts")
          ? items({ id: 7, name: 12, type: "Host", value: 8, description: null, overridable: "True" })
          : items({
              id: "g",
              name: "g",
              type: "NetworkGroup",
              objects: null,
              literals: null,
              description: null
            })
      )
      expect(yield* all(domain.hosts.list())).toEqual([
        { id: "7", name: "12", type: "Host", value: "8", description: undefined, overridable: true }
      ])
      expect(yield* all(domain.networkGroups.list())).toMatchObject([{ id: "g", objects: undefined }])
    })
  )

  it.scopedLive(
    "that has a field of another shape cannot be read, so that nothing of it is written back",
    () =>
      Effect.gen(function* () {
        const { domain } = yield* fmc(() =>
          items({ id: "g", name: "g", type: "NetworkGroup", objects: [{ id: "1", type: "Host" }, "2"] })
        )
        expect(yield* Effect.flip(all(domain.networkGroups.list()))).toMatchObject({
          _tag: "ProtocolViolation",
          detail: expect.stringContaining("items.0.objects.1")
        })
      })
  )

  it.scopedLive("is found on a device whose other domains and versions cannot all be read", () =>
    Effect.gen(function* () {
      const { client } = yield* fmc(() => items(), [{ name: "Lost", uuid: null }, global], {
        geoVersion: null
      })
      expect(yield* all(client.listDomains())).toMatchObject([global])
      expect(yield* client.serverVersion).toMatchObject({ serverVersion: "7.4.2 (build 172)" })
    })
  )
})

it.scopedLive(
  "an interface of an FDM is read with a number and a version that are written the other way",
  () =>
    Effect.gen(function* () {
      const { fdm: device } = yield* fdm(() =>
        items({ id: "i", name: null, type: "physicalinterface", version: 3, mtu: "1500", enabled: "TRUE" })
      )
      expect(yield* all(device.interfaces.list())).toMatchObject([
        { name: "", version: "3", mtu: 1500, enabled: true }
      ])
    })
)

describe("a list that does not say how long it is", () => {
  const hosts = Array.from({ length: 5 }, (_, at) => ({
    id: `${at}`,
    name: `h${at}`,
    type: "Host",
    value: "10.0.0.1"
  }))
  const asked = ({ path }: Heard) => {
    const { searchParams } = new URL(path, "https://device.invalid")
    return { limit: Number(searchParams.get("limit")), offset: Number(searchParams.get("offset") ?? 0) }
  }

  it.scopedLive("goes on behind each page that is full", () =>
    Effect.gen(function* () {
      const { domain } = yield* fmc((heard) => {
        const { limit, offset } = asked(heard)
        return items(...hosts.slice(offset, offset + limit))
      })
      expect(yield* all(domain.hosts.list({ limit: 2 }))).toHaveLength(5)
      expect(yield* all(domain.hosts.list({ limit: 5 }))).toHaveLength(5)
    })
  )

  it.scopedLive("has no entry twice where the device heeds no offset", () =>
    Effect.gen(function* () {
      const { device, domain } = yield* fmc(() => items(...hosts))
      expect(yield* all(domain.hosts.list({ limit: 2 }))).toHaveLength(5)
      expect(device.heard.filter(({ path }) => path.includes("hosts"))).toHaveLength(2)
    })
  )

  it.scopedLive.each([
    ["escaped as HTML has it", "https://other/hosts?limit=2&amp;offset="],
    ["with names in capital letters", "/hosts?LIMIT=2&Offset="],
    ["without an offset", "/hosts?page="],
    ["as no address", "https://["]
  ] as const)("goes on where the next page is named %s", ([, next]) =>
    Effect.gen(function* () {
      const { domain } = yield* fmc((heard) => {
        const { offset } = asked(heard)
        const paging = offset + 2 < 5 ? { next: [`${next}${offset + 2}`] } : {}
        return { body: { items: hosts.slice(offset, offset + 2), paging } }
      })
      expect(yield* all(domain.hosts.list())).toHaveLength(5)
    })
  )

  it.scopedLive.each([
    ["its first page again", hosts.slice(0, 2)],
    ["what cannot be told from another", [{ name: "a", type: "Host", value: "10.0.0.1" }]]
  ] as const)("is not taken for whole where it goes on, nobody can tell where, and shows %s", ([, shown]) =>
    Effect.gen(function* () {
      const { domain } = yield* fmc(() => ({ body: { items: shown, paging: { next: ["/hosts?page=2"] } } }))
      const error = yield* Effect.flip(all(domain.objects("/object/hosts").list()))
      expect(error).toMatchObject({ _tag: "ProtocolViolation" })
    })
  )

  it.scopedLive("goes on where the next page is named as text", () =>
    Effect.gen(function* () {
      const { domain } = yield* fmc((heard) => {
        const { offset } = asked(heard)
        const next = offset === 0 ? "https://other/hosts?offset=3&limit=3" : null
        return { body: { items: hosts.slice(offset, offset + 3), paging: { next } } }
      })
      expect(yield* all(domain.hosts.list())).toHaveLength(5)
    })
  )
})

describe("a refusal", () => {
  const messages = [{ code: "x" }, { description: "The name is taken." }, null]

  it.scopedLive.each([
    { message: "the words" },
    { errorCode: "NOT_FOUND", errorMsg: "the words", details: {} },
    { error: "invalid_request", error_description: "the words" },
    { error: { code: 7, message: "the words" } },
    { error: { messages: ["the words"] } },
    { error: { messages: { description: "the words" } } },
    { errors: [{ detail: "the words" }] },
    [{ description: "the words" }],
    { type: "about:blank", title: "Bad Request", detail: "the words", status: 400 }
  ])("of another form, as gateways and other versions have them, is told in its words: %j", (body) =>
    Effect.gen(function* () {
      const { domain } = yield* fmc(() => ({ status: 400, body }))
      expect(yield* Effect.flip(domain.hosts.get("1"))).toMatchObject({ messages: ["the words"] })
      const device = yield* fdm(() => ({ status: 422, body }))
      expect(yield* Effect.flip(device.fdm.networks.get("1"))).toMatchObject({ messages: ["the words"] })
    })
  )

  it.scopedLive.each([
    ["text", "access-1 is wrong"],
    ["text as JSON", JSON.stringify("access-1 is wrong")],
    ["nothing", ""],
    ["numbers", { error: 7, message: null }],
    ["texts without words", { error: { messages: [" "] } }]
  ] as const)("with %s is told without words, and never by its body", ([, body]) =>
    Effect.gen(function* () {
      const { domain } = yield* fmc(() => ({ status: 400, body }))
      expect(yield* Effect.flip(domain.hosts.get("1"))).toMatchObject({ messages: [] })
      const echoing = yield* fmc(() => ({
        status: 400,
        body: { message: "access-1 and eyJhbGciOiJIUzI1.a.b" }
      }))
      const error = yield* Effect.flip(echoing.domain.hosts.get("1"))
      expect(error).toMatchObject({ messages: ["*** and ***"] })
    })
  )

  it.scopedLive("is told in the words that there are, also without the envelope's outer part", () =>
    Effect.gen(function* () {
      for (const body of [{ error: { messages } }, { category: "VALIDATION", messages }]) {
        const { domain } = yield* fmc(() => ({ status: 400, body }))
        expect(yield* Effect.flip(domain.hosts.get("1"))).toMatchObject({ messages: ["The name is taken."] })
      }
      const { fdm: device } = yield* fdm(() => ({ status: 422, body: { error: { messages } } }))
      expect(yield* Effect.flip(device.networks.get("1"))).toMatchObject({ messages: ["The name is taken."] })
    })
  )

  it.scopedLive(
    "of a write that has a message beside 'try again', be it without words, is not sent again",
    () =>
      Effect.gen(function* () {
        const { device, domain } = yield* fmc(() => ({
          status: 400,
          body: { error: { messages: [{ description: "Please try again." }, { code: "LOCKED" }] } }
        }))
        yield* Effect.flip(domain.hosts.remove("1"))
        expect(device.heard.filter(({ method }) => method === "DELETE")).toHaveLength(1)
      })
  )
})

describe("a job of an FDM", () => {
  const soon = Effect.provideService(Deployment.PollSchedule, Schedule.spaced("10 millis"))
  const atOnce = Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))

  it.scopedLive("whose request was answered with nothing is found, and sent once", () =>
    Effect.gen(function* () {
      let posted = 0
      const { fdm: device } = yield* fdm(({ method, path }) => {
        if (method === "POST") return { body: ++posted && "" }
        const job = { id: 7, state: "Deployed", endTime: "12" }
        if (path.endsWith("/deploy/7")) return { body: job }
        if (path.includes("/operational/deploy")) return posted ? items(job) : items()
        return items({ entityName: "web" })
      })
      expect(yield* device.deploy().pipe(soon, atOnce)).toMatchObject({
        value: { id: "7", state: "Deployed", endTime: 12 }
      })
      expect(posted).toBe(1)
    })
  )

  it.scopedLive("that fails is told at once, however its state is spelled", () =>
    Effect.gen(function* () {
      const { fdm: device } = yield* fdm(({ method, path }) => {
        if (method === "POST" || path.endsWith("/deploy/7"))
          return { body: { id: 7, state: "deploy failed" } }
        return path.includes("/operational/deploy") ? items() : items({ entityName: "web" })
      })
      expect(yield* Effect.flip(soon(device.deploy()))).toMatchObject({ _tag: "DeploymentFailed" })
    })
  )

  it.scopedLive("that makes a backup is found where the answer names none", () =>
    Effect.gen(function* () {
      let posted = 0
      const { fdm: device } = yield* fdm(({ method, path }) => {
        if (method === "POST") return { body: { ...(++posted && {}), id: 1, jobHistoryUuid: null } }
        const old = { id: "j0", status: "SUCCESS", archiveName: "old" }
        if (path.includes("/jobs/backups"))
          return items(old, ...(posted ? [{ ...old, id: "j1", archiveName: "new" }] : []))
        return items({ id: "a0", archiveName: "old" }, { id: "a1", archiveName: "new", fileSize: "512" })
      })
      expect(yield* soon(device.backup())).toMatchObject({ archiveName: "new", fileSize: 512 })
      expect(posted).toBe(1)
    })
  )
})

it.scopedLive.each(["PRIMARY_BOOTSTRAP_FAILED", "Break-Partially Succeeded"])(
  "a task of an FMC in which a part of a pair has failed does not go on: %s",
  (status) =>
    Effect.gen(function* () {
      const { domain } = yield* fmc(() => ({ body: { status } }))
      expect(yield* domain.deployment("1")).toMatchObject({ phase: "failed" })
    })
)
