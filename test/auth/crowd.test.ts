// A thousand fibers share one session, and half of them are interrupted at random moments, while the session's token
// ends in the middle: by its time, or because someone else ends it. Invariants: nothing stays open; whoever is not
// interrupted gets a 200; whoever is, is free at once; one renewal, and no token is sent that is known to be dead.
//
// All chance comes from the seed in the test's name.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { seed } from "../support/seed.ts"

const crowd = 1000
const minutes = 60_000

/** Real time, which jumps when it is told to: sleeps and sockets do not notice. */
const jumping = () => {
  const live = Clock.make()
  let ahead = 0
  const wall = () => live.unsafeCurrentTimeMillis() + ahead
  const monotonic = () => live.unsafeCurrentTimeNanos() + BigInt(ahead) * 1_000_000n
  const clock: Clock.Clock = {
    ...live,
    sleep: (duration) => live.sleep(duration),
    unsafeCurrentTimeMillis: wall,
    unsafeCurrentTimeNanos: monotonic,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanos: Effect.sync(monotonic)
  }
  return {
    clock,
    jump: Effect.sync(() => {
      ahead += 31 * minutes
    })
  }
}

describe.each(fewest(backends))(
  "$name: a thousand fibers, half of them interrupted at random,",
  (backend) => {
    it.scopedLive.each([seed])(
      "share one session through its expiry and its eviction (seed %i)",
      (from) => {
        const { clock, jump } = jumping()
        return Effect.gen(function* () {
          let served = 0
          const sandbox = yield* Sandbox.make({
            onRequest: ({ kind, status }) => {
              if (kind === "call" && status === 200) served += 1
            }
          })
          const renewals = () => {
            const { logins, refreshes } = backend.tally(sandbox)
            return logins + refreshes - 1
          }
          const endings = [
            ["expiry", jump],
            ["eviction", sandbox.evict()]
          ] as const
          yield* Effect.scoped(
            Effect.gen(function* () {
              const session = yield* backend.open(sandbox)
              yield* read(session, backend)
              for (const [index, [, end]] of endings.entries()) {
                served = 0
                const fibers = yield* Effect.replicateEffect(Effect.fork(read(session, backend)), crowd)
                const all = [...(yield* Random.shuffle(fibers))]
                // Each at a moment of its own: once so many of the others are served.
                const doomed = yield* Effect.forEach(all.slice(0, crowd / 2), (fiber) =>
                  Effect.map(Random.nextIntBetween(0, crowd / 3), (at) => ({ fiber, at: at as number }))
                )
                const endAt = yield* Random.nextIntBetween(1, crowd / 3)
                let ended = false
                let waiting = doomed
                while (!ended || waiting.length > 0) {
                  if (!ended && served >= endAt) {
                    // Slow enough for some to be interrupted while they wait for the new token.
                    yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("150 millis") })
                    yield* end
                    ended = true
                    for (const one of waiting) if (yield* Random.nextBoolean) one.at = served
                  }
                  const now = waiting.filter(({ at }) => at <= served)
                  waiting = waiting.filter(({ at }) => at > served)
                  yield* Fiber.interruptAll(now.map(({ fiber }) => fiber))
                  yield* pause(1)
                }
                const exits = yield* Effect.forEach(all, Fiber.await)
                const said = exits.map((exit) =>
                  Exit.isSuccess(exit)
                    ? exit.value.status
                    : Exit.isInterrupted(exit)
                      ? "interrupted"
                      : `${exit}`
                )
                expect(new Set(said.slice(crowd / 2))).toEqual(new Set([200]))
                // Some were served before their moment came.
                expect(new Set([200, "interrupted", ...said])).toEqual(new Set([200, "interrupted"]))
                expect(said.filter((one) => one === "interrupted").length).toBeGreaterThan(100)
                expect(renewals()).toBe(index + 1)
                // Only what was on its way before the first refusal came back, on eight connections, and a logout.
                expect(backend.tally(sandbox).expiredTokensSent.total).toBeLessThanOrEqual(
                  16 * (index + 1) + 1
                )
              }
            })
          )
          yield* settled
          expect(backend.tally(sandbox).open).toBe(0)
        }).pipe(Effect.withRandom(Random.make(from)), Effect.withClock(clock))
      },
      120_000
    )
  }
)
