// What an FMC says of pairs, of itself and of who did what, over real sockets.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as CdFmc from "sallyport/cdfmc"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { impatient, open } from "./deploying.ts"

it.scopedLive("pairs of firewalls are listed, each member with its status", () =>
  Effect.gen(function* () {
    const core = { name: "core", primary: "ftd-1", secondary: "ftd-2", secondaryStatus: "Failed" }
    const { asked, domain } = yield* open({ haPairs: [core] })
    asked()
    expect([...(yield* Stream.runCollect(domain.listHaPairs()))]).toMatchObject([
      {
        name: "core",
        type: "DeviceHAPair",
        primary: { name: "ftd-1", status: "Active" },
        secondary: { name: "ftd-2", status: "Failed" }
      }
    ])
    expect(asked()).toEqual(["GET /devicehapairs/ftddevicehapairs"])
  })
)

it.scopedLive("an FMC that stands alone has no status of a pair, one of a pair has", () =>
  Effect.gen(function* () {
    const alone = yield* open()
    expect(yield* alone.domain.fmcHaStatus).toEqual(Option.none())
    const { asked, domain } = yield* open({ fmcHa: "SPLIT_BRAIN" })
    asked()
    expect(Option.getOrThrow(yield* domain.fmcHaStatus)).toMatchObject({
      overallStatus: "SPLIT_BRAIN",
      syncStatus: "FAILED",
      fmcPrimary: { role: "Active" },
      fmcSecondary: { role: "Active" }
    })
    expect(asked()).toEqual(["GET /integration/fmchastatuses"])
  })
)

it.scopedLive("audit records are read page by page, no further than asked for, and by subsystem", () =>
  Effect.gen(function* () {
    const { asked, change, domain } = yield* open()
    for (let at = 0; at < 6; at++) yield* change
    asked()
    const newest = yield* Stream.runCollect(Stream.take(domain.listAuditRecords({ limit: 2 }), 3))
    expect([...newest][0]).toMatchObject({
      subSystem: "API",
      username: "api",
      message: expect.stringContaining("POST"),
      time: expect.any(Number)
    })
    expect(asked()).toEqual(["GET /audit/auditrecords", "GET /audit/auditrecords"])
    const written = yield* Stream.runCollect(domain.listAuditRecords({ subSystem: "API", limit: 4 }))
    expect([...written].map(({ subSystem }) => subSystem)).toEqual(Array.from({ length: 6 }, () => "API"))
    expect(asked()).toHaveLength(2)
  })
)

it.scopedLive("the audit of one part is that part alone, where the FMC does not know the parameter", () =>
  Effect.gen(function* () {
    const { domain, sandbox } = yield* open()
    const items = ["API", "Login", "API"].map((subSystem, at) => ({ id: `${at}`, subSystem, time: at }))
    yield* sandbox.fail({ path: /auditrecords/, how: Sandbox.Fault.status(200, { body: { items } }) })
    const written = yield* Stream.runCollect(domain.listAuditRecords({ subSystem: "API" }))
    expect([...written].map(({ time }) => time)).toEqual([0, 2])
  })
)

it.scopedLive("deployments are told the newest first, page by page", () =>
  Effect.gen(function* () {
    const { asked, change, domain } = yield* open()
    for (const note of ["one", "two", "three"]) {
      yield* change
      yield* impatient(10)(domain.deploy({ note }))
    }
    asked()
    const jobs = yield* Stream.runCollect(domain.listDeployments({ limit: 2 }))
    expect([...jobs].map(({ deploymentNote }) => deploymentNote)).toEqual(["three", "two", "one"])
    expect(asked()).toHaveLength(2)
  })
)

it.scopedLive("a cdFMC deploys in the same way", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 0 })
    const fmc = yield* Fmc.make(sandbox.fmc)
    const cdfmc = yield* CdFmc.make(sandbox.cdfmc)
    const domain = yield* cdfmc.domain("Global")
    yield* (yield* fmc.domain("Global")).hosts.create({ name: "h", value: "192.0.2.1" })
    const { devices } = yield* impatient(10)(domain.deploy())
    expect(devices.map(({ state }) => state)).toEqual(["DEPLOYED", "DEPLOYED"])
  })
)
