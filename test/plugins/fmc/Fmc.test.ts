// What is particular to an FMC. What holds for every session is in test/auth.

import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Credentials, Session } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Device from "../../support/device.ts"
import { eventually } from "../../support/eventually.ts"
import { untilSpent } from "../../support/times.ts"

const global = "e276abec-e0f2-11e3-8169-6d9ed49b625f"

describe("an FMC's login", () => {
  it.scopedLive.each(["pässwörd", "with:colons:in it", 'quotes " and \\ and %41', "пароль", "🔐"])(
    "sends the password %s as UTF-8",
    (password) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ password: Redacted.make(password) })
        yield* Fmc.make(sandbox.fmc)
        expect(sandbox.ledger.fmc.open).toBe(1)
      })
  )

  it.scopedLive("refuses a user name with a colon before anything is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const credentials = Credentials.password({ username: "a:b", password: Redacted.make("c") })
      const error = yield* Effect.flip(Fmc.make({ ...sandbox.fmc, credentials }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "username" })
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.scopedLive("that finds no REST API says how to switch it on", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ fmc: false })
      const error = yield* Effect.flip(Fmc.make(sandbox.fmc))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
      expect(error.message).toMatch(/REST API is switched off.*or this is no FMC/)
    })
  )

  it.scopedLive("whose answer lacks the token is a ProtocolViolation, not an empty token", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.dropHeader("X-auth-access-token") })
      const error = yield* Effect.flip(Fmc.make(sandbox.fmc))
      expect(error._tag).toBe("ProtocolViolation")
      expect(error.message).toContain("X-auth-access-token")
    })
  )

  it.scopedLive(
    "that is throttled for longer than its minute is DeviceBusy, with what the device says of the wait",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const how = Sandbox.Fault.status(429, { headers: { "retry-after": "77" } })
        yield* sandbox.fail({ kind: "login", how })
        const error = yield* Effect.flip(Fmc.make(sandbox.fmc))
        expect(error).toMatchObject({ _tag: "DeviceBusy", sent: "no" })
        expect(error.message).toContain("1m 17s")
        expect(sandbox.ledger.fmc.logins + sandbox.ledger.fmc.loginsRefused).toBe(1)
      })
  )

  it.scopedLive("uses exactly the headers and the blank body of Cisco's text", () =>
    Effect.gen(function* () {
      const device = yield* recorder()
      yield* Effect.scoped(Effect.flatMap(Fmc.make(device), ({ session }) => session.renew))
      const basic = `Basic ${Buffer.from(`api:${Redacted.value(device.password)}`).toString("base64")}`
      const sent = device.heard.map(({ headers, method, path, text }) => ({
        request: `${method} ${path}`,
        body: text,
        length: headers["content-length"],
        authorization: headers.authorization,
        access: headers["x-auth-access-token"],
        refresh: headers["x-auth-refresh-token"]
      }))
      const operation = (name: string) => ({
        request: `POST /api/fmc_platform/v1/auth/${name}`,
        body: "",
        length: "0",
        authorization: undefined,
        access: undefined,
        refresh: undefined
      })
      expect(sent).toEqual([
        { ...operation("generatetoken"), authorization: basic },
        { ...operation("refreshtoken"), access: "access-1", refresh: "refresh-1" },
        { ...operation("revokeaccess"), access: "access-2" }
      ])
    })
  )
})

describe("an FMC's session", () => {
  it.scoped("refreshes three times, and logs in anew at the fourth renewal", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { session } = yield* Fmc.make(sandbox.fmc)
      const left = []
      for (let renewal = 0; renewal < 4; renewal++) {
        yield* TestClock.adjust(untilSpent)
        left.push((yield* session.token).refreshesLeft)
      }
      expect(left).toEqual([2, 1, 0, 3])
      const { logins, refreshes, refreshesRefused } = sandbox.ledger.fmc
      expect({ logins, refreshes, refreshesRefused }).toEqual({
        logins: 2,
        refreshes: 3,
        refreshesRefused: 0
      })
    })
  )

  it.scoped("on a device whose tokens live shorter keeps to the option", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: "10 minutes" })
      const { session } = yield* Fmc.make({ ...sandbox.fmc, tokenLifetime: "10 minutes" })
      for (let minute = 0; minute < 30; minute += 3) {
        yield* TestClock.adjust("3 minutes")
        yield* session.http.get("/api/fmc_platform/v1/info/serverversion")
        yield* eventually("nothing is pending", () =>
          sandbox.ledger.requests.every(({ status }) => status !== "pending")
        )
      }
      expect(sandbox.ledger.fmc.expiredTokensSent.total).toBe(0)
    })
  )

  it.scopedLive("whose tokens have a lifetime of 0 renews once for each use, and does not loop", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { session } = yield* Fmc.make({ ...sandbox.fmc, tokenLifetime: "0 millis" })
      for (let use = 1; use <= 4; use++) {
        expect((yield* session.http.get("/api/fmc_platform/v1/info/serverversion")).status).toBe(200)
        const { logins, refreshes } = sandbox.ledger.fmc
        expect({ logins, refreshes }).toEqual(
          use < 4 ? { logins: 1, refreshes: use } : { logins: 2, refreshes: 3 }
        )
      }
    })
  )

  it.scopedLive("whose tokens are said to live for no time is logged out all the same", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const opened = Fmc.make({ ...sandbox.fmc, tokenLifetime: "0 millis" })
      yield* Effect.scoped(
        Effect.flatMap(opened, ({ session }) => session.http.get("/api/fmc_platform/v1/info/serverversion"))
      )
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive.each([30, 1800, 0, -5, Number.NaN])(
    "whose tokens are said to live for %d milliseconds, as minutes or seconds are meant, is not opened",
    (tokenLifetime) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const error = yield* Effect.flip(Fmc.make({ ...sandbox.fmc, tokenLifetime }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "tokenLifetime" })
        expect(sandbox.ledger.opened).toBe(0)
      })
  )

  it.scopedLive("takes words for busy in a 400 as what they are, and tries again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { session } = yield* Fmc.make(sandbox.fmc)
      const body = {
        error: {
          category: "FRAMEWORK",
          messages: [{ description: "Please try again after some time" }],
          severity: "ERROR"
        }
      }
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(400, { body }) })
      expect((yield* session.http.get("/api/fmc_platform/v1/info/serverversion")).status).toBe(200)
    })
  )

  it.scopedLive.each([
    ["GET", "Another operation by another user prevented this. Please try again.", 2],
    ["GET", "Please retry the operation after sometime", 2],
    ["GET", 'The object "please try again" does not exist', 1],
    ["GET", "Please try again with another name", 1],
    ["POST", "Please try again.", 2],
    ["POST", "Please retry the operation after sometime.", 2],
    ["POST", "Parallel add/update/delete operations are blocked. Please retry the request.", 2],
    ["PUT", "Parallel add/update/delete operations are blocked. Please retry the request.", 2],
    ["DELETE", "Parallel add/update/delete operations are blocked. Please retry the request.", 2],
    ["POST", "Parallel add/update/delete operations are blocked for web. Please retry the request.", 1],
    ["POST", "Invalid value: web. Please try again.", 1],
    ["POST", 'The name "Please try again." is taken', 1],
    ["POST", "please try again later is not a valid name", 1],
    ["PUT", "web: retry the operation after sometime", 1],
    ["DELETE", "Cannot delete please try again", 1]
  ] as const)(
    "takes a %s that is answered 400 with %j for what it is: sent %i times",
    ([method, words, times]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const { session } = yield* Fmc.make({ ...sandbox.fmc, retry: Schedule.recurs(3) })
        const body = { error: { category: "OTHER", messages: [{ description: words }], severity: "ERROR" } }
        const path = `/api/fmc_config/v1/domain/${global}/object/hosts/7`
        yield* sandbox.fail({ path, how: Sandbox.Fault.status(400, { body }) })
        yield* session.http.execute(HttpClientRequest.make(method)(path))
        expect(sandbox.ledger.requests.filter((one) => one.path === path)).toHaveLength(times)
      })
  )

  it.scopedLive("is a layer too, from the environment or over a provider", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const environment = ConfigProvider.fromMap(
        new Map([
          ["NIGHT_URL", sandbox.url],
          ["NIGHT_USERNAME", sandbox.username],
          ["NIGHT_PASSWORD", Redacted.value(sandbox.password)],
          ["NIGHT_PIN", sandbox.certificate.sha256]
        ])
      )
      const names = Effect.flatMap(Fmc.Fmc, (fmc) =>
        Effect.map(Stream.runCollect(fmc.listDomains()), (all) => [...all].map(({ name }) => name))
      )
      const expected = ["Global", "Global/ Branch"]
      expect(yield* Effect.provide(names, Fmc.layer(sandbox.fmc))).toEqual(expected)
      const fromEnvironment = Layer.provide(Fmc.layerConfig("NIGHT"), Layer.setConfigProvider(environment))
      expect(yield* Effect.provide(names, fromEnvironment)).toEqual(expected)
      const targetName = yield* Effect.provide(
        Effect.map(Session.Session, (session) => session.target.name),
        Layer.provide(Session.layer(), Fmc.provider(sandbox.fmc))
      )
      expect(targetName).toBe("sandbox-fmc")
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 3, open: 0 })
      const incomplete = yield* Effect.either(Effect.provide(names, Fmc.layerConfig("NOBODY")))
      expect(Either.isLeft(incomplete) && incomplete.left).toMatchObject({ _op: "And" })
    })
  )
})

describe("an FMC's domain", () => {
  it.scopedLive.each(["Global/Branch", "Global/ Branch", " global / branch "])(
    "is found by the name %j",
    (name) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const fmc = yield* Fmc.make(sandbox.fmc)
        expect((yield* fmc.domain(name)).name).toBe("Global/ Branch")
      })
  )

  it.scopedLive("that does not exist is an error that lists those that do, never Global", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const error = yield* Effect.flip(fmc.domain("Global/Brunch"))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "domain", value: "Global/Brunch" })
      expect(error.message).toContain('"Global", "Global/ Branch"')
    })
  )

  it.scopedLive.each([
    ["/object/hosts", `/api/fmc_config/v1/domain/${global}/object/hosts`],
    ["object/hosts?limit=1", `/api/fmc_config/v1/domain/${global}/object/hosts?limit=1`],
    ["//evil.example/hosts", `/api/fmc_config/v1/domain/${global}/evil.example/hosts`],
    ["/api/fmc_platform/v1/info/domain", "/api/fmc_platform/v1/info/domain"]
  ] as const)("takes the path %s to %s", ([path, expected]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { http } = yield* fmc.domain("Global")
      yield* http.get(path)
      expect(sandbox.ledger.requests.at(-1)?.path).toBe(expected)
    })
  )

  it.scopedLive("is left by the FMC's own client, whose paths begin at the root and stay there", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { http } = yield* Fmc.make(sandbox.fmc)
      yield* http.get("api/fmc_platform/v1/info/serverversion")
      expect(sandbox.ledger.requests.at(-1)?.path).toBe("/api/fmc_platform/v1/info/serverversion")
      const before = sandbox.ledger.requests.length
      expect(yield* Effect.flip(http.get("/../x"))).toMatchObject({ _tag: "InvalidInput", field: "url" })
      expect(sandbox.ledger.requests.length).toBe(before)
    })
  )

  it.scopedLive("is asked for where the login does not name it: a proxy dropped the header", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.dropHeader("DOMAINS") })
      const fmc = yield* Fmc.make(sandbox.fmc)
      expect((yield* fmc.domain("Global")).uuid).toBe(global)
      expect(sandbox.ledger.requests.at(-1)?.path).toContain("/info/domain")
    })
  )

  it.scoped("is still known after a refresh that does not name it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fmc = yield* Fmc.make(sandbox.fmc)
      yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.dropHeader("DOMAINS") })
      yield* fmc.session.renew
      expect((yield* fmc.domain("Global")).uuid).toBe(global)
      expect(sandbox.ledger.fmc.refreshes).toBe(1)
      expect(sandbox.ledger.requests.some(({ path }) => path.includes("/info/domain"))).toBe(false)
    })
  )

  it.scopedLive("creates what it is told to, once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { http } = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
      const body = { type: "Host", name: "web", value: "192.0.2.1" }
      const created = yield* http.execute(
        HttpClientRequest.bodyUnsafeJson(HttpClientRequest.post("/object/hosts"), body)
      )
      expect(created.status).toBe(201)
      expect(yield* created.json).toMatchObject(body)
    })
  )
})

/** A device that answers each token operation with the next pair, and remembers what it was asked. */
const recorder = () => {
  let issued = 0
  return Device.make(() => {
    issued += 1
    const headers = { "x-auth-access-token": `access-${issued}`, "x-auth-refresh-token": `refresh-${issued}` }
    return { status: 204, headers, body: "" }
  })
}
