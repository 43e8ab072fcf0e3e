// What users of other clients have reported of their FMCs: each is what the FMC did there, and where it is told.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, make } from "../../support/device.ts"
import { eventually } from "../../support/eventually.ts"
import { make as client, fmcLogin, fmcSigned, fmcTokens } from "../sandbox/client.ts"

const uuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const base = `/api/fmc_config/v1/domain/${uuid}`
const headers = {
  "X-auth-access-token": "access-1",
  DOMAINS: JSON.stringify([{ name: "Global", uuid }])
}

const refusal = (status: number, description: string, category = "FRAMEWORK"): Answer => ({
  status,
  body: { error: { category, messages: [{ description }], severity: "ERROR" } }
})

/** An FMC of whose answers to all but logins this is what matters. */
const answering = (answer: (method: string, path: string) => Answer) =>
  Effect.gen(function* () {
    const device = yield* make(({ method, path }) =>
      path.includes("/auth/") ? { status: 204, headers } : answer(method, path)
    )
    const fmc = yield* Fmc.make({ ...device, retry: Schedule.recurs(2) })
    const sent = (method: string) =>
      device.heard.filter((one) => one.method === method && one.path.includes(base))
    return { fmc, domain: yield* fmc.domain("Global"), sent }
  })

const listed = <A, E>(stream: Stream.Stream<A, E>) => Effect.map(Stream.runCollect(stream), (all) => [...all])

const blocked = "Parallel add/update/delete operations are blocked. Please retry the request."

describe("an FMC that lets one write at a time in, and says so", () => {
  // 429: FMC guide 10.0, Rate Limiting, and FMCAnsible's lab; 400: a proxy's log before a Terraform provider.
  it.scopedLive.each([400, 429])("by %i: writes in bulk come through whole, each once", (status) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make({ ...sandbox.fmc, retry: Schedule.recurs(2) })
      const { hosts } = yield* fmc.domain("Global")
      const body = refusal(status, blocked).body
      yield* sandbox.fail({
        method: "POST",
        path: `${base}/object/hosts`,
        how: Sandbox.Fault.status(status, { body })
      })
      const wanted = Array.from({ length: 20 }, (_, at) => ({ name: `web-${at}`, value: `192.0.2.${at}` }))
      const made = yield* hosts.createAll(wanted)
      expect(made).toHaveLength(20)
      yield* sandbox.fail({
        method: "DELETE",
        path: `${base}/object/hosts`,
        how: Sandbox.Fault.status(status, { body })
      })
      yield* hosts.removeAll(made.map(({ id }) => id))
      const sent = (method: string) =>
        sandbox.ledger.requests.filter(
          (one) => one.method === method && one.path.startsWith(`${base}/object/hosts`)
        )
      // The one that was blocked, and the one that was not.
      expect(sent("POST").map((one) => one.status)).toEqual([status, 201])
      expect(sent("DELETE").map((one) => one.status)).toEqual([status, 200])
    })
  )

  // FMCAnsible's lab, FMC 10.0: two registrations at once.
  it.scopedLive("beside another client: each change is made once, when that is done", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make({ ...sandbox.fmc, retry: Schedule.spaced("200 millis") })
      const { hosts } = yield* fmc.domain("Global")
      yield* hosts.find("ours")
      const other = yield* client(sandbox)
      const { headers } = fmcSigned(fmcTokens(yield* fmcLogin(other)))
      const path = `${base}/object/hosts`
      yield* sandbox.fail({ method: "POST", path, how: Sandbox.Fault.slow("1 second") })
      const body = { name: "theirs", type: "Host", value: "192.0.2.1" }
      const theirs = yield* Effect.fork(
        other.send("POST", path, { headers: { ...headers, "content-type": "application/json" }, body })
      )
      const posts = () => sandbox.ledger.requests.filter((one) => one.path === path && one.method === "POST")
      yield* eventually("theirs has come", () => posts().length === 1)
      expect(yield* hosts.create({ name: "ours", value: "192.0.2.2" })).toMatchObject({ name: "ours" })
      expect((yield* theirs).status).toBe(201)
      const statuses = posts().map(({ status }) => status)
      expect(statuses.filter((status) => status === 201)).toHaveLength(2)
      expect(statuses.filter((status) => status !== 201 && status !== 429)).toEqual([])
      expect(statuses).toContain(429)
    })
  )

  it.scopedLive("for longer than it is waited: the error has its words, and nothing was cut in two", () =>
    Effect.gen(function* () {
      const { domain, sent } = yield* answering((method) =>
        method === "POST" ? refusal(400, blocked) : { body: { links: {} } }
      )
      const wanted = [
        { name: "a", value: "192.0.2.1" },
        { name: "b", value: "192.0.2.2" }
      ]
      const error = yield* Effect.flip(domain.hosts.createAll(wanted))
      const busy = { _tag: "DeviceBusy", status: 400, sent: "no", messages: [blocked] }
      expect(error).toMatchObject({ _tag: "BulkIncomplete", items: [{ error: busy }, { error: busy }] })
      expect(sent("POST")).toHaveLength(3)
    })
  )
})

describe("an FMC's lists", () => {
  // terraform-provider-fmc, issue 354 (7.2.10).
  it.scopedLive("of domains hold 40 whatever is asked, and the next page is as long as the rest", () =>
    Effect.gen(function* () {
      const domains = ["Global", ...Array.from({ length: 90 }, (_, at) => `Global/ D${at}`)]
      const sandbox = yield* Sandbox.make({ domains })
      const fmc = yield* Fmc.make(sandbox.fmc)
      expect((yield* listed(fmc.listDomains())).map(({ name }) => name)).toEqual(domains)
      expect(yield* Effect.either(fmc.domain("Global/D89"))).toMatchObject({ _tag: "Right" })
    })
  )

  // FMCAnsible, issue 57: 25 NAT policies where 10 were asked for.
  it.scopedLive("may be longer than was asked, and are read once", () =>
    Effect.gen(function* () {
      const items = Array.from({ length: 25 }, (_, at) => ({
        id: `p-${at}`,
        name: `P${at}`,
        type: "FTDNatPolicy"
      }))
      const paging = { offset: 0, limit: 25, count: 25, pages: 1 }
      const { domain, sent } = yield* answering(() => ({ body: { links: {}, items, paging } }))
      expect(yield* listed(domain.objects("/policy/ftdnatpolicies").list({ limit: 10 }))).toHaveLength(25)
      expect(sent("GET")).toHaveLength(1)
    })
  )

  // terraform-provider-fmc, issue 23 (7.3).
  it.scopedLive("that know no such filter say so, in their own words", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ rules: 1 })
      const fmc = yield* Fmc.make(sandbox.fmc)
      const policies = (yield* fmc.domain("Global")).objects("/policy/accesspolicies")
      const answer = yield* Effect.either(listed(policies.list({ filter: "name:Edge" })))
      expect(answer).toMatchObject(
        Either.left({
          _tag: "DeviceRefused",
          status: 400,
          messages: ["filter query parameter 'name' is not supported."]
        })
      )
      expect(yield* policies.find("Edge")).toMatchObject({ _tag: "Some" })
    })
  )
})

// A stress test of a Terraform provider: 1000 groups were there, and the connection was gone before the answer.
it.scopedLive(
  "an FMC that drops the connection over a large creation has carried it out: nothing is sent twice",
  () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { hosts } = yield* fmc.domain("Global")
      yield* sandbox.fail({ method: "POST", path: `${base}/object/hosts`, how: Sandbox.Fault.loseAnswer })
      const wanted = Array.from({ length: 300 }, (_, at) => ({
        name: `n-${at}`,
        value: `10.7.${at >> 8}.${at & 255}`
      }))
      expect(yield* hosts.createAll(wanted)).toHaveLength(300)
      expect(
        sandbox.ledger.requests.filter(({ method, kind }) => method === "POST" && kind === "call")
      ).toHaveLength(1)
    })
)

// The same: an FMC takes URLs of about 8 KB, with their signs encoded, and answers 400 "An internal error occurred."
it.scopedLive("removals in bulk keep their addresses below 8,000 characters, as they go over the wire", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 0 })
    const fmc = yield* Fmc.make(sandbox.fmc)
    const { hosts } = yield* fmc.domain("Global")
    const wanted = Array.from({ length: 500 }, (_, at) => ({
      name: `n-${at}`,
      value: `10.7.${at >> 8}.${at & 255}`
    }))
    const made = yield* hosts.createAll(wanted)
    yield* hosts.removeAll(made.map(({ id }) => id))
    const removals = sandbox.ledger.requests.filter(({ method }) => method === "DELETE")
    expect(removals.length).toBeGreaterThan(1)
    for (const { path } of removals) expect(path.length).toBeLessThan(8000)
  })
)
