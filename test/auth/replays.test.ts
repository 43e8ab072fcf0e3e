// What is sent again, with what, and how often: after a 401, after a 503, and while connections are short.
import * as HttpBody from "@effect/platform/HttpBody"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import type { Retry } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { make as device } from "../support/device.ts"
import { eventually, pause } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { untilSpent } from "../support/times.ts"

const network = { name: "n1", value: "192.0.2.1", subType: "HOST", type: "networkobject" }

describe.each(fewest(backends))("$name: a request", (backend) => {
  const calls = (sandbox: Sandbox.Sandbox) => sandbox.ledger.requests.filter(({ kind }) => kind === "call")
  const renewals = (sandbox: Sandbox.Sandbox) => {
    const { logins, loginsRefused, refreshes, refreshesRefused } = backend.tally(sandbox)
    return logins + loginsRefused + refreshes + refreshesRefused - 1
  }

  it.scopedLive("whose token is refused creates what it is to create once, by its replay", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ objects: 0 })
      const { create, count } = yield* backend.name === "fmc"
        ? Effect.gen(function* () {
            const { domain, session } = yield* Fmc.make(sandbox.fmc)
            yield* read(session, backend)
            const { http } = yield* domain("Global")
            const host = { name: "n1", value: "192.0.2.1", type: "Host" }
            return {
              create: http.post("/object/hosts", { body: HttpBody.unsafeJson(host) }),
              count: Effect.flatMap(http.get("/object/hosts?limit=1000"), ({ text }) => text)
            }
          })
        : Effect.gen(function* () {
            const { http, session } = yield* Fdm.make(sandbox.fdm)
            yield* read(session, backend)
            return {
              create: http.post("/object/networks", { body: HttpBody.unsafeJson(network) }),
              count: Effect.flatMap(http.get("/object/networks?limit=1000"), ({ text }) => text)
            }
          })
      yield* sandbox.evict()
      const status = (yield* create).status
      expect(status >= 200 && status < 300).toBe(true)
      expect((yield* count).match(/"n1"/g)).toHaveLength(1)
    })
  )

  it.scopedLive("that is to be repeated three times is sent four times, and never nine or sixteen", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const retry: Retry.Policy = Schedule.recurs(3)
      const session = yield* backend.open(sandbox, { retry })
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(503), times: Number.POSITIVE_INFINITY })
      const error = yield* Effect.flip(read(session, backend))
      expect(error._tag).toBe("DeviceBusy")
      expect(calls(sandbox)).toHaveLength(4)
      expect(renewals(sandbox)).toBe(0)
    })
  )

  it.scoped("that waits for a renewal which fails is not repeated on top of it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({
        kind: "refresh",
        how: Sandbox.Fault.status(503),
        times: Number.POSITIVE_INFINITY
      })
      yield* TestClock.adjust(untilSpent)
      expect((yield* Effect.flip(read(session, backend)))._tag).toBe("DeviceBusy")
      expect(renewals(sandbox)).toBe(1)
      expect(calls(sandbox)).toHaveLength(0)
    })
  )

  it.scoped("on a device that refuses every token makes no loop, however often it is tried", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(401), times: Number.POSITIVE_INFINITY })
      for (let round = 1; round <= 3; round++) {
        const trying = yield* Effect.fork(
          Effect.forEach(Array.from({ length: 8 }), () => Effect.flip(read(session, backend)), {
            concurrency: "unbounded"
          })
        )
        while (trying.unsafePoll() === null) {
          yield* pause(20)
          yield* TestClock.adjust("1 second")
        }
        const errors = yield* Fiber.join(trying)
        expect(new Set(errors.map(({ _tag }) => _tag))).toEqual(new Set(["TokenRejected"]))
        expect(calls(sandbox).length).toBeLessThanOrEqual(16 * round)
        // Before each new token the back-off was waited out: 1, 2, 4, 8 … seconds less a fifth.
        const seconds = (yield* Clock.currentTimeMillis) / 1000
        expect(0.8 * (2 ** renewals(sandbox) - 1)).toBeLessThanOrEqual(seconds)
      }
      expect(renewals(sandbox)).toBeGreaterThan(0)
    })
  )

  it.scopedLive(
    "that waits for a busy device is free at once when it is interrupted, and not sent again",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        // The wait that the device asks for, and none of its own.
        const session = yield* backend.open(sandbox, { retry: Schedule.recurs(3) })
        const asks = Sandbox.Fault.status(503, { headers: { "retry-after": "60" } })
        yield* sandbox.fail({ kind: "call", how: asks, times: Number.POSITIVE_INFINITY })
        const reading = yield* Effect.fork(read(session, backend))
        yield* eventually("it waits", () => calls(sandbox).some(({ status }) => status === 503))
        yield* pause(50)
        yield* Fiber.interrupt(reading).pipe(
          Effect.disconnect,
          Effect.timeoutFail({ duration: "5 seconds", onTimeout: () => "it sleeps on" })
        )
        expect(calls(sandbox)).toHaveLength(1)
      })
  )

  it.scoped("that hangs on every connection keeps no renewal from going", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.hang, times: 8 })
      const hanging = yield* Effect.fork(
        Effect.forEach(Array.from({ length: 8 }), () => read(session, backend), { concurrency: "unbounded" })
      )
      yield* eventually(
        "all of them hang",
        () => calls(sandbox).filter(({ status }) => status === "hung").length === 8
      )
      yield* TestClock.adjust(untilSpent)
      const waiting = yield* Effect.fork(read(session, backend))
      // It needs a new token and a connection; the one does not wait for the other.
      yield* session.token
      expect(renewals(sandbox)).toBe(1)
      yield* Fiber.interrupt(hanging)
      expect((yield* Fiber.join(waiting)).status).toBe(200)
      expect(backend.tally(sandbox).expiredTokensSent.total).toBe(0)
    })
  )
})

describe("a replay", () => {
  it.scopedLive.each([
    ["JSON", HttpBody.unsafeJson({ name: "n", note: "ä".repeat(1000) })],
    ["text", HttpBody.text("x".repeat(100_000))],
    ["bytes", HttpBody.uint8Array(new TextEncoder().encode("ö".repeat(1000)))],
    ["a form", HttpBody.urlParams([["a", "1"]])]
  ] as const)("of %s carries the new token and the same body, whole", ([, body]) =>
    Effect.gen(function* () {
      let tokens = 0
      const fake = yield* device(({ fields, headers, path }) => {
        if (!path.endsWith("/fdm/token"))
          return headers.authorization === `Bearer access-${tokens}`
            ? { body: {} }
            : { status: 401, body: {} }
        if (fields.grant_type === "revoke_token") return { body: { message: "OK" } }
        return {
          body: { access_token: `access-${++tokens}`, refresh_token: `refresh-${tokens}`, expires_in: 1800 }
        }
      })
      const { credentials, target } = fake
      const { session } = yield* Fdm.make({ target, credentials, apiVersion: "v6" })
      yield* session.http.get("/api/fdm/v6/object/networks")
      // The device forgets the token: it takes none but the one that comes next.
      tokens += 1
      const before = fake.heard.length
      expect((yield* session.http.post("/api/fdm/v6/object/networks", { body })).status).toBe(200)
      const sent = fake.heard.slice(before).filter(({ path }) => path.endsWith("/networks"))
      expect(sent.map(({ headers }) => headers.authorization)).toEqual(["Bearer access-1", "Bearer access-3"])
      expect(sent[0]?.text.length).toBeGreaterThan(2)
      expect(sent[1]?.text).toBe(sent[0]?.text)
      expect(sent[1]?.headers["content-type"]).toBe(sent[0]?.headers["content-type"])
    })
  )
})
