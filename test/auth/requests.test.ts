// What a session does with answers that are no answers: which requests are repeated, when, and which never.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Retry } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { pause } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"

describe.each(fewest(backends))("$name: a request", (backend) => {
  const calls = (sandbox: Sandbox.Sandbox) => sandbox.ledger.requests.filter(({ kind }) => kind === "call")
  const writes = (sandbox: Sandbox.Sandbox) => calls(sandbox).filter(({ method }) => method !== "GET")
  const object = backend.name === "fmc" ? "/api/fmc_platform/v1/x" : "/api/fdm/v6/object/networks"
  const post = HttpClientRequest.bodyUnsafeJson(HttpClientRequest.post(object), {
    name: "n",
    value: "192.0.2.1",
    subType: "HOST",
    type: "networkobject"
  })

  it.scoped("that reads is repeated until a busy device has time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(503), times: 3 })
      const reading = yield* Effect.fork(read(session, backend))
      for (let second = 0; second < 10; second++) {
        yield* pause(30)
        yield* TestClock.adjust("1 second")
      }
      expect((yield* Fiber.join(reading)).status).toBe(200)
      expect(calls(sandbox).length).toBe(4)
    })
  )

  it.scoped("that is busy for ever ends as DeviceBusy, after some repeats and no more than seven", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(429), times: Number.POSITIVE_INFINITY })
      const reading = yield* Effect.fork(Effect.flip(read(session, backend)))
      for (let wait = 0; wait < 12; wait++) {
        yield* pause(30)
        yield* TestClock.adjust("40 seconds")
      }
      expect((yield* Fiber.join(reading))._tag).toBe("DeviceBusy")
      // The time is limited too, and the test's steps are long.
      expect(calls(sandbox).length).toBeGreaterThan(3)
      expect(calls(sandbox).length).toBeLessThanOrEqual(8)
    })
  )

  it.scoped("waits as long as the device asks, to the second", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      const how = Sandbox.Fault.status(429, { headers: { "retry-after": "50" } })
      yield* sandbox.fail({ kind: "call", how })
      const reading = yield* Effect.fork(read(session, backend))
      yield* pause(50)
      yield* TestClock.adjust("49 seconds")
      yield* pause(50)
      expect(calls(sandbox).length).toBe(1)
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(reading)).status).toBe(200)
    })
  )

  it.scopedLive("that is asked to wait for an hour ends as DeviceBusy at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({
        kind: "call",
        how: Sandbox.Fault.status(503, { headers: { "retry-after": "3600" } })
      })
      const error = yield* Effect.flip(read(session, backend))
      expect(error).toMatchObject({ _tag: "DeviceBusy", status: 503, retryAfter: Duration.hours(1) })
      expect(calls(sandbox).length).toBe(1)
    })
  )

  it.scopedLive("that writes is not repeated after a 503", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ method: "POST", kind: "call", how: Sandbox.Fault.status(503) })
      const error = yield* Effect.flip(session.http.execute(post))
      expect(error).toMatchObject({ _tag: "DeviceBusy", sent: "maybe" })
      expect(writes(sandbox).length).toBe(1)
    })
  )

  it.scopedLive.each([
    ["reset", Sandbox.Fault.reset],
    ["lost on its way back", Sandbox.Fault.loseAnswer]
  ] as const)("that writes and is %s is OutcomeUnknown, and sent once", ([, how]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ method: "POST", kind: "call", how })
      const error = yield* Effect.flip(session.http.execute(post))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", sent: "maybe" })
      expect(error.message).toContain("Read back before you repeat it")
      expect(writes(sandbox).length).toBe(1)
    })
  )

  it.scopedLive("that writes is repeated after a 429, which was never processed", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ method: "POST", kind: "call", how: Sandbox.Fault.status(429) })
      yield* session.http.execute(post)
      expect(writes(sandbox).length).toBe(2)
    })
  )

  it.scopedLive(
    "that finds the device down ends as DeviceUnreachable where the policy ends, and was not sent",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* backend.open(sandbox, { retry: Retry.none })
        yield* read(session, backend)
        yield* sandbox.down()
        // Until the end of the idle connection has arrived here.
        yield* pause(100)
        for (const request of [HttpClientRequest.get(backend.readable), post]) {
          const error = yield* Effect.flip(session.http.execute(request))
          expect(error).toMatchObject({ _tag: "DeviceUnreachable", sent: "no" })
        }
        yield* sandbox.up()
        expect((yield* read(session, backend)).status).toBe(200)
      })
  )

  it.scopedLive.each([400, 403, 404, 409, 422, 500])("answered with %i is handed back as it is", (status) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(status) })
      expect((yield* read(session, backend)).status).toBe(status)
      expect(calls(sandbox).length).toBe(1)
    })
  )

  it.scopedLive("answered with a redirect is handed back, and the token goes nowhere", () =>
    Effect.gen(function* () {
      const elsewhere = yield* Sandbox.make()
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.redirect(`${elsewhere.url}/steal`) })
      expect((yield* read(session, backend)).status).toBe(302)
      expect(elsewhere.ledger.requests).toEqual([])
    })
  )

  it.scopedLive.each(["https://evil.example/x", "//evil.example/x", "@evil.example/x", "http:/x"])(
    "to %s does not leave",
    (url) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* backend.open(sandbox)
        const result = yield* Effect.exit(session.http.get(url))
        const error = Exit.isFailure(result) ? yield* Effect.flip(session.http.get(url)) : undefined
        // Whatever is taken for a path stays on the device; the rest is refused.
        if (error !== undefined) expect(error._tag).toBe("InvalidInput")
        expect(calls(sandbox).every(({ path }) => path.startsWith("/"))).toBe(true)
      })
  )

  it.scopedLive(
    "behind `filterStatusOk` is DeviceRefused, with the device's own words and without the token",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const { filterStatusOk, session } =
          backend.name === "fmc" ? yield* Fmc.make(sandbox.fmc) : yield* Fdm.make(sandbox.fdm)
        const { access } = yield* session.token
        const description = `no such thing for ${Redacted.value(access)}`
        const body = { error: { messages: [{ description }] } }
        yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(404, { body }) })
        const error = yield* Effect.flip(Effect.flatMap(session.http.get(backend.readable), filterStatusOk))
        expect(error).toMatchObject({
          _tag: "DeviceRefused",
          status: 404,
          messages: ["no such thing for ***"]
        })
        const good = yield* Effect.flatMap(session.http.get(backend.readable), filterStatusOk)
        expect(good.status).toBe(200)
      })
  )

  it.scopedLive("that its caller gives up leaves the session as it was", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.hang })
      yield* Effect.option(Effect.timeout(read(session, backend), "100 millis"))
      expect((yield* read(session, backend)).status).toBe(200)
      expect(backend.tally(sandbox).logins).toBe(1)
    })
  )
})
