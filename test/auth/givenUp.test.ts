// A write that is interrupted before its answer: the device may have carried it out, and a warning says so.
//
// States of a request: waits for its turn, is sent, is answered, waits to be repeated. Ways to end it: a time-out of the
// script's, an interruption, the end of a neighbour. Told: a write that is sent and not answered, and nothing else.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import type { Session } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../support/backends.ts"
import { eventually, pause } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"

/** Runs something, and hands back the warnings that it gave. */
const warningsOf = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const warnings: Array<string> = []
  const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
    if (logLevel._tag === "Warning") warnings.push(String(message))
  })
  return Effect.as(Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger)), warnings)
}

describe.each(fewest(backends))("$name: a request that is given up", (backend) => {
  const path = backend.name === "fdm" ? "/api/fdm/v6/object/networks" : "/api/fmc_config/v1/domain/x/hosts"
  const write = (session: Session.Session) => session.http.post(`${path}?bulk=true`)

  /** Gives up what is sent in a session once `ready`, at a device at which calls go wrong so. */
  const givenUp = (
    how: Sandbox.Fault.How,
    send: (session: Session.Session) => Effect.Effect<unknown, unknown>,
    ready: (sandbox: Sandbox.Sandbox) => boolean
  ) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", times: Number.POSITIVE_INFINITY, how })
      return yield* warningsOf(
        Effect.gen(function* () {
          const sending = yield* Effect.fork(send(session))
          yield* eventually("it has come so far", () => ready(sandbox))
          // What the sandbox has noted is still on its way.
          yield* pause(200)
          yield* Fiber.interrupt(sending)
        })
      )
    })
  const answered = (status: number | string) => (sandbox: Sandbox.Sandbox) =>
    sandbox.ledger.requests.some((request) => request.status === status && request.path.startsWith(path))

  it.scopedLive("is told where it writes and was sent, without its query", () =>
    Effect.gen(function* () {
      expect(yield* givenUp(Sandbox.Fault.hang, write, answered("hung"))).toEqual([
        expect.stringContaining(
          `: the outcome of POST ${path} is unknown (the wait for it was interrupted): it may have been carried out. Read back before you repeat it.`
        )
      ])
    })
  )

  it.scopedLive("is told of each, and not of those that still wait for their turn", () =>
    Effect.gen(function* () {
      const three = (session: Session.Session) =>
        Effect.all([write(session), write(session), write(session)], { concurrency: "unbounded" })
      expect(yield* givenUp(Sandbox.Fault.hang, three, answered("hung"))).toHaveLength(1)
    })
  )

  it.scopedLive("is not told where it reads", () =>
    Effect.gen(function* () {
      const read = ({ http }: Session.Session) => http.get(path)
      expect(yield* givenUp(Sandbox.Fault.hang, read, answered("hung"))).toEqual([])
    })
  )

  it.scopedLive.runIf(backend.name === "fmc")("is not told where it only reads, whatever its method", () =>
    Effect.gen(function* () {
      const refreshed = ({ http }: Session.Session) =>
        http.put(`${path}/policy/accesspolicies/1/operational/hitcounts`)
      expect(yield* givenUp(Sandbox.Fault.hang, refreshed, answered("hung"))).toEqual([])
    })
  )

  it.scopedLive("is not told where the device has answered that it has no time, and it waits", () =>
    Effect.gen(function* () {
      const busy = Sandbox.Fault.status(429, { headers: { "retry-after": "20" } })
      expect(yield* givenUp(busy, write, answered(429))).toEqual([])
    })
  )

  it.scopedLive("is not told where it was refused, and a login for it is under way", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const session = yield* backend.open(sandbox)
      yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.status(401) })
      for (const kind of ["refresh", "login"] as const)
        yield* sandbox.fail({ kind, how: Sandbox.Fault.slow("2 seconds") })
      const warnings = yield* warningsOf(
        Effect.gen(function* () {
          const sending = yield* Effect.fork(write(session))
          yield* eventually("a token is asked for", () =>
            sandbox.ledger.requests.some(({ status }) => status === 401)
          )
          yield* pause(200)
          yield* Fiber.interrupt(sending)
        })
      )
      expect(warnings).toEqual([])
    })
  )

  it.scopedLive(
    "is told where the script's own time-out ends it, as is what its neighbour's failure ends",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* backend.open(sandbox)
        yield* sandbox.fail({ kind: "call", times: Number.POSITIVE_INFINITY, how: Sandbox.Fault.hang })
        const isHung = () => sandbox.ledger.requests.filter(({ status }) => status === "hung").length
        const timedOut = yield* warningsOf(Effect.timeoutOption(write(session), "500 millis"))
        const before = isHung()
        const failing = Effect.flatMap(
          eventually("the other has come so far", () => isHung() > before),
          () => Effect.fail("of its own")
        )
        const ended = yield* warningsOf(
          Effect.either(Effect.all([write(session), failing], { concurrency: "unbounded" }))
        )
        expect([timedOut.length, ended.length]).toEqual([1, 1])
      })
  )
})
