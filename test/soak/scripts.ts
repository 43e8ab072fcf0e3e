// Scripts as people write them, hurried, interrupted and failing.
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { type AuthError, Credentials, type Session, Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import type * as Sandbox from "sallyport/sandbox"
import type { Books, Script } from "./account.ts"
import { patience } from "./trouble.ts"

export const tokenLifetime = "3 seconds"

// What a device refuses for a moment is tried twice more, and then it is an error like any other.
const retry = Schedule.intersect(Schedule.spaced("50 millis"), Schedule.recurs(2))

const chance = (percent: number): Effect.Effect<boolean> =>
  Effect.map(Random.nextIntBetween(0, 100), (dice) => dice < percent)

const open = (
  sandbox: Sandbox.Sandbox,
  books: Books,
  script: Script
): Effect.Effect<Session.Session, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    const endpoint = sandbox[script.protocol]
    const { maxConnections, ...target } = endpoint.target
    const options = {
      target: Target.make({
        url: target.origin,
        name: target.name,
        trust: target.trust,
        maxConnections,
        responseTimeout: patience
      }),
      credentials: (yield* chance(2))
        ? Credentials.password({ username: "api", password: sandbox.password })
        : endpoint.credentials,
      onEvent: books.onEvent(script),
      retry
    }
    return script.protocol === "fmc"
      ? (yield* Fmc.make({ ...options, tokenLifetime })).session
      : (yield* Fdm.make({ ...options, apiVersion: "v6" })).session
  })

const paths = {
  fmc: ["/api/fmc_platform/v1/info/serverversion", "/api/fmc_platform/v1/info/domain"],
  fdm: ["/api/fdm/v6/object/networks"]
} as const

const request = (session: Session.Session, script: Script) =>
  Effect.gen(function* () {
    const options = { urlParams: { script: script.number } }
    const path = paths[script.protocol][(yield* chance(50)) ? 0 : paths[script.protocol].length - 1] ?? "/"
    const sent = (yield* chance(15)) ? session.http.post(path, options) : session.http.get(path, options)
    if (yield* chance(10)) return yield* Effect.timeout(sent, yield* Random.nextIntBetween(1, 150))
    if (yield* chance(10)) {
      const fiber = yield* Effect.fork(sent)
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 60))
      return yield* Fiber.interrupt(fiber)
    }
    return yield* sent
  })

/** One script from its login to its logout; `count` hears of every error on the way. */
export const run = (
  sandbox: Sandbox.Sandbox,
  books: Books,
  script: Script,
  count: (error: unknown) => void
): Effect.Effect<void, unknown> =>
  Effect.gen(function* () {
    const session = yield* open(sandbox, books, script)
    const rounds = yield* Random.nextIntBetween(1, 6)
    for (let round = 0; round < rounds; round++) {
      const callers = yield* Random.nextIntBetween(1, 6)
      const errors = yield* Effect.forEach(
        Array.from({ length: callers }),
        () => Effect.flip(Effect.zipRight(request(session, script), Effect.fail(undefined))),
        { concurrency: "unbounded" }
      )
      for (const error of errors) if (error !== undefined) count(error)
      if (yield* chance(10)) yield* Effect.catchAll(session.renew, (error) => Effect.sync(() => count(error)))
      if (yield* chance(5)) return yield* Effect.fail({ _tag: "(the script's own failure)" })
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 1500))
    }
  }).pipe(
    Effect.scoped,
    (whole) =>
      Effect.flatMap(chance(20), (isHurried) =>
        isHurried
          ? Effect.flatMap(Random.nextIntBetween(1, 2500), (limit) => Effect.timeout(whole, limit))
          : whole
      ),
    Effect.ensuring(Effect.sync(() => books.closed(script)))
  )
