import { expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { fmcLogin } from "./client.ts"
import { signedIn } from "./signedIn.ts"

it.scoped("an FMC that stands alone has no status of a pair, one of a pair tells both", () =>
  Effect.gen(function* () {
    const alone = yield* signedIn()
    expect((yield* alone.send("GET", "/integration/fmchastatuses")).json).not.toHaveProperty("items")
    for (const fmcHa of ["GOOD", "SPLIT_BRAIN"] as const) {
      const { send } = yield* signedIn({ fmcHa })
      const { json } = yield* send("GET", "/integration/fmchastatuses?expanded=true")
      expect(json.items).toMatchObject([
        {
          type: "FMCHAStatus",
          overallStatus: fmcHa,
          fmcPrimary: { role: "Active", swVersion: "7.4.2" },
          fmcSecondary: { role: fmcHa === "GOOD" ? "Standby" : "Active" }
        }
      ])
    }
  })
)

it.scoped("pairs of devices are listed and read, with the status of each", () =>
  Effect.gen(function* () {
    const none = yield* signedIn()
    expect((yield* none.send("GET", "/devicehapairs/ftddevicehapairs")).json).not.toHaveProperty("items")
    const pair = { name: "core", primary: "ftd-1", secondary: "ftd-2", secondaryStatus: "Failed" }
    const { send } = yield* signedIn({ haPairs: [pair] })
    const { json } = yield* send("GET", "/devicehapairs/ftddevicehapairs?expanded=true")
    const devices = yield* send("GET", "/devices/devicerecords")
    expect(json.items).toMatchObject([
      {
        type: "DeviceHAPair",
        name: "core",
        primary: { id: devices.json.items[0].id, name: "ftd-1" },
        secondary: { id: devices.json.items[1].id, name: "ftd-2" },
        metadata: {
          primaryStatus: { currentStatus: "Active" },
          secondaryStatus: { currentStatus: "Failed" }
        }
      }
    ])
    const one = yield* send("GET", `/devicehapairs/ftddevicehapairs/${json.items[0].id}`)
    expect(one.json).toEqual(json.items[0])
    expect((yield* send("GET", "/devicehapairs/ftddevicehapairs/nothing")).status).toBe(404)
  })
)

it.scoped("logins, writes and deployments are audited, the newest first, in pages; reads are not", () =>
  Effect.gen(function* () {
    const { base, client, sandbox, send } = yield* signedIn()
    const audit = `${base.replace("fmc_config", "fmc_platform")}/audit/auditrecords`
    yield* fmcLogin(client, "a-wrong-one")
    yield* TestClock.adjust("5 seconds")
    yield* send("POST", "/object/hosts", { name: "secret-name", value: "192.0.2.1" })
    yield* send("DELETE", "/object/hosts/nothing")
    yield* send("GET", "/object/hosts")
    yield* send("POST", "/deployment/deploymentrequests", {})
    const { json, text } = yield* send("GET", `${audit}?expanded=true`)
    const { username } = sandbox
    expect(json.items).toMatchObject([
      { subSystem: "Task Queue", message: expect.stringContaining("deploymentrequests (400)") },
      { subSystem: "API", message: expect.stringContaining("/object/hosts/nothing (404)") },
      { subSystem: "API", message: expect.stringContaining("/object/hosts (201)") },
      { subSystem: "Login", message: "Login Failed" },
      { type: "AuditRecord", username, subSystem: "Login", message: "Login Success", source: "127.0.0.1" }
    ])
    const now = yield* Clock.currentTimeMillis
    expect(json.items.map(({ time }: { time: number }) => now - time)).toEqual([0, 0, 0, 5000, 5000])
    expect(text).not.toContain("secret-name")
    expect(text).not.toContain("a-wrong-one")
    const second = yield* send("GET", `${audit}?limit=2&offset=2`)
    expect(second.json.paging).toMatchObject({ count: 5, pages: 3 })
    expect(second.json.items.map(({ id }: { id: string }) => id)).toEqual([
      json.items[2].id,
      json.items[3].id
    ])
    const logins = yield* send("GET", `${audit}?subSystem=Login`)
    expect(logins.json.paging.count).toBe(2)
    const one = yield* send("GET", `${audit}/${json.items[0].id}?expanded=true`)
    expect(one.json).toEqual(json.items[0])
  })
)
