import { expect, it } from "@effect/vitest"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { Target, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, type Device, make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const tokens = { access_token: "access-1", refresh_token: "refresh-1" }
const notFound = { status: 404, body: { code: 404, description: "no such URI" } }

/** A device that answers so to `/api/versions` and has the token operation in these versions only. */
const speaking = (versions: Answer, ...spoken: ReadonlyArray<string>) =>
  make(
    granting(tokens, ({ path }) => {
      if (path === "/api/versions") return versions
      return spoken.some((version) => path.startsWith(`/api/fdm/${version}/`)) ? undefined : notFound
    })
  )

const sixteenTimes = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.all(
    Array.makeBy(16, () => effect),
    { concurrency: "unbounded" }
  )

const paths = ({ heard }: Device) => heard.map(({ path }) => path.replace(/^\/api\/(fdm\/)?/, ""))

it.scoped("the highest version by number is spoken, whatever the order of the list", () =>
  Effect.gen(function* () {
    const device = yield* speaking({ body: { supportedVersions: ["v6", "latest", "v10", "v9"] } }, "v10")
    const fdm = yield* Fdm.make(device)
    expect(yield* fdm.apiVersion).toBe("v10")
    expect(device.heard[0]).toMatchObject({ method: "GET", path: "/api/versions" })
    expect(device.heard[0]?.headers.authorization).toBeUndefined()
  })
)

it.effect.prop(
  "any list of versions is read as numbers",
  [FastCheck.uniqueArray(FastCheck.integer({ min: 1, max: 99_999 }), { minLength: 1, maxLength: 12 })],
  ([numbers]) =>
    Effect.gen(function* () {
      const supportedVersions = [...numbers.map((number) => `v${number}`), "latest", "v", "vx", 7, null]
      const highest = `v${Math.max(...numbers)}`
      const device = yield* speaking({ body: { supportedVersions } }, highest)
      expect(yield* (yield* Fdm.make(device)).apiVersion).toBe(highest)
    }).pipe(Effect.scoped),
  { fastCheck: { numRuns: 20 } }
)

it.scoped.each([[], ["latest"], ["beta", 6]])("a list without a number means latest: %j", (...listed) =>
  Effect.gen(function* () {
    const device = yield* speaking({ body: { supportedVersions: listed } }, "latest")
    expect(yield* (yield* Fdm.make(device)).apiVersion).toBe("latest")
  })
)

it.scoped("the version is found out once, however many requests and renewals follow", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make(sandbox.fdm)
    yield* TestClock.adjust("30 minutes")
    yield* Effect.replicateEffect(fdm.http.get("/object/networks"), 3)
    yield* fdm.apiVersion
    expect(sandbox.ledger.requests.filter(({ path }) => path === "/api/versions")).toHaveLength(1)
  })
)

it.scoped("a version that is given is spoken as it is, and nothing is asked", () =>
  Effect.gen(function* () {
    for (const apiVersion of ["v5", "latest"]) {
      const device = yield* speaking({ body: { supportedVersions: ["v6"] } }, apiVersion)
      yield* Effect.scoped(Fdm.make({ ...device, apiVersion }))
      expect(paths(device)).toEqual([`${apiVersion}/fdm/token`, `${apiVersion}/fdm/token`])
    }
  })
)

it.scoped("a version that is given and not known is refused, without a search for another", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const error = yield* Effect.flip(Fdm.make({ ...sandbox.fdm, apiVersion: "v99" }))
    expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
    expect(sandbox.ledger.requests).toHaveLength(1)
  })
)

it.scoped.each(["", "6", "v0", "V6", "v6/../v5", "v6?", "newest"])(
  "%j is no version: InvalidInput, and nothing is sent",
  (apiVersion) =>
    Effect.gen(function* () {
      const device = yield* speaking({ body: {} })
      const error = yield* Effect.flip(Fdm.make({ ...device, apiVersion }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "apiVersion", value: apiVersion })
      expect(device.heard).toEqual([])
    })
)

it.scoped.each([
  [404, notFound.body],
  [401, { message: "no" }],
  [500, {}],
  [200, "<html>"],
  [200, { supportedVersions: "v6" }],
  [200, null],
  [200, {}]
] as const)(
  "where the list is a %i with %j, the first version with a token operation is spoken",
  ([status, body]) =>
    Effect.gen(function* () {
      for (const [spoken, tried] of [
        ["latest", 1],
        ["v2", 2],
        ["v1", 3]
      ] as const) {
        const device = yield* speaking({ status, body }, spoken)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const fdm = yield* Fdm.make(device)
            expect(yield* fdm.apiVersion).toBe(spoken)
            yield* fdm.http.get("/object/networks")
          })
        )
        expect(paths(device)).toEqual([
          "versions",
          ...["latest", "v2", "v1"].slice(0, tried).map((version) => `${version}/fdm/token`),
          `${spoken}/object/networks`,
          `${spoken}/fdm/token`
        ])
      }
    })
)

it.scoped("only a 404 of the token operation leads to the next version", () =>
  Effect.gen(function* () {
    for (const status of [400, 403, 500, 503]) {
      // Longer than a first login waits.
      const headers = { "retry-after": "90" }
      const device = yield* make(({ path }) =>
        path === "/api/versions" ? notFound : { status, headers, body: {} }
      )
      yield* Effect.flip(Fdm.make(device))
      expect(paths(device)).toEqual(["versions", "latest/fdm/token"])
    }
  })
)

it.scoped("a device that knows none of the versions is refused as no FDM", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ fdm: false })
    const error = yield* Effect.flip(Fdm.make(sandbox.fdm))
    expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
    expect(error.message).toContain("no FDM")
  })
)

it.scoped(
  "an old build of the sandbox, without a list and with v1 alone, is worked with and logged out of",
  () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ listsVersions: false, apiVersions: ["v1"] })
      const scope = yield* Scope.make()
      const fdm = yield* Fdm.make(sandbox.fdm).pipe(Scope.extend(scope))
      expect((yield* fdm.http.get("/operational/systeminfo/default")).status).toBe(200)
      yield* Scope.close(scope, Exit.void)
      expect(sandbox.ledger.fdm).toMatchObject({ opened: 1, open: 0 })
    })
)

it.scoped("a device that is down fails the login as unreachable: nothing of it was sent", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    yield* sandbox.down()
    const down = yield* Effect.flip(Fdm.make(sandbox.fdm))
    expect(down).toMatchObject({ _tag: "DeviceUnreachable", sent: "no" })
    yield* sandbox.up()
    yield* sandbox.fail({ path: "/api/versions", how: Sandbox.Fault.loseAnswer })
    const lost = yield* Effect.flip(Fdm.make(sandbox.fdm))
    expect(lost).toMatchObject({ _tag: "DeviceUnreachable", sent: "no" })
    expect(sandbox.ledger.fdm.logins).toBe(0)
  })
)

it.scoped("a certificate that is not trusted fails the login before anything is sent", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const target = Target.make({ url: sandbox.url, trust: Trust.pin("00".repeat(32)) })
    const error = yield* Effect.flip(Fdm.make({ ...sandbox.fdm, target }))
    expect(error).toMatchObject({ _tag: "TrustRefused", reason: "PinMismatch" })
    expect(sandbox.ledger.requests).toEqual([])
  })
)

it.scoped("sixteen first requests of a session on a custom token ask for the version once", () =>
  Effect.gen(function* () {
    const device = yield* speaking({ body: { supportedVersions: ["v6"] } }, "v6")
    const fdm = yield* Fdm.make({ target: device.target, token: Redacted.make("custom") })
    expect(device.heard).toEqual([])
    yield* sixteenTimes(fdm.http.get("/object/networks"))
    expect(device.heard.filter(({ path }) => path === "/api/versions")).toHaveLength(1)
    expect(device.heard).toHaveLength(17)
  })
)

it.scoped("a custom token's session on a device without a list speaks latest, and asks once", () =>
  Effect.gen(function* () {
    const device = yield* speaking(notFound, "latest")
    const fdm = yield* Fdm.make({ target: device.target, token: Redacted.make("custom") })
    yield* fdm.http.get("/object/networks")
    yield* fdm.http.get("/object/networks")
    expect(paths(device)).toEqual(["versions", "latest/object/networks", "latest/object/networks"])
  })
)

it.scoped("sixteen first requests share one failure to ask, and the next asks again", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { access } = yield* (yield* Fdm.make(sandbox.fdm)).customToken({ subject: "s", expiresIn: 60 })
    const fdm = yield* Fdm.make({ target: sandbox.fdm.target, token: access })
    yield* sandbox.fail({ path: "/api/versions", times: Number.POSITIVE_INFINITY, how: Sandbox.Fault.reset })
    const before = sandbox.ledger.requests.length
    const errors = yield* sixteenTimes(Effect.flip(fdm.http.get("/object/networks")))
    expect(new Set(errors.map(({ _tag }) => _tag))).toEqual(new Set(["DeviceUnreachable"]))
    expect(sandbox.ledger.requests).toHaveLength(before + 1)
    yield* sandbox.clearFaults()
    expect((yield* fdm.http.get("/object/networks")).status).toBe(200)
  })
)

it.scopedLive("whoever asks for the version first may be interrupted: the others get their answer", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make({ target: sandbox.fdm.target, token: Redacted.make("custom") })
    yield* sandbox.fail({ path: "/api/versions", how: Sandbox.Fault.slow("10 seconds") })
    const first = yield* Effect.fork(fdm.apiVersion)
    const second = yield* Effect.fork(fdm.apiVersion)
    while (sandbox.ledger.requests.length === 0) yield* Effect.sleep("5 millis")
    yield* Fiber.interrupt(first)
    expect(yield* Fiber.join(second)).toBe("v6")
  })
)

it.scoped("a device that has no time to list its versions is asked again", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const fdm = yield* Fdm.make({ target: sandbox.fdm.target, token: Redacted.make("custom") })
    for (const status of [429, 503]) {
      yield* sandbox.fail({ path: "/api/versions", how: Sandbox.Fault.status(status) })
      expect(yield* fdm.apiVersion).toBe("latest")
    }
    expect(yield* fdm.apiVersion).toBe("v6")
  })
)

it.scopedLive.each([
  ["entries that are no text", [{ toString: 1, valueOf: 1 }, null, ["v9"], "v6"]],
  ["more entries than a call has arguments", Array.makeBy(150_000, () => "v6")]
] as const)("a list with %s is read", ([, supportedVersions]) =>
  Effect.gen(function* () {
    const device = yield* speaking({ body: { supportedVersions } }, "v6")
    expect(yield* (yield* Fdm.make(device)).apiVersion).toBe("v6")
  })
)

it.scopedLive("a list nested beyond any stack is read", () =>
  Effect.gen(function* () {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
    const device = yield* speaking({ body: `{"supportedVersions":[${deep},"v6"]}` }, "v6")
    expect(yield* (yield* Fdm.make(device)).apiVersion).toBe("v6")
  })
)
