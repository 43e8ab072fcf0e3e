// Expiry by two clocks: the wall clock, which can be set, and the monotonic one, which can stand still while a
// laptop sleeps. Whichever says first that a token has expired is believed; only both together that a session has
// ended at the device.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"

/** The live clock, with either reading moved by hand. */
const movable = () => {
  const live = Clock.make()
  const moved = { wall: 0, monotonic: 0 }
  const wall = () => live.unsafeCurrentTimeMillis() + moved.wall
  const monotonic = () => live.unsafeCurrentTimeNanos() + BigInt(moved.monotonic) * 1_000_000n
  const clock: Clock.Clock = {
    ...live,
    sleep: (duration) => live.sleep(duration),
    unsafeCurrentTimeMillis: wall,
    unsafeCurrentTimeNanos: monotonic,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanos: Effect.sync(monotonic)
  }
  return { moved, clock }
}

const hour = 3_600_000

describe.each(backends)("$name: a session", (backend) => {
  const refreshes = (sandbox: Sandbox.Sandbox) => backend.tally(sandbox).refreshes

  it.scopedLive.each([
    ["the wall clock jumps ahead, as after a sleep", { wall: hour, monotonic: 0 }],
    ["the wall clock was set back, and time went on", { wall: -hour, monotonic: hour }]
  ] as const)("renews when %s", ([, jump]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { clock, moved } = movable()
      yield* Effect.withClock(
        Effect.scoped(
          Effect.gen(function* () {
            const session = yield* backend.open(sandbox)
            Object.assign(moved, jump)
            expect((yield* read(session, backend)).status).toBe(200)
            // One hour is past the refresh token's time too: then it is a login.
            expect(refreshes(sandbox) + backend.tally(sandbox).logins).toBe(2)
          })
        ),
        clock
      )
      expect(backend.tally(sandbox).open).toBe(0)
    })
  )

  it.scopedLive("does not renew because the wall clock was set back by an hour", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { clock, moved } = movable()
      yield* Effect.withClock(
        Effect.scoped(
          Effect.gen(function* () {
            const session = yield* backend.open(sandbox)
            moved.wall = -hour
            yield* read(session, backend)
          })
        ),
        clock
      )
      const { logins, open, refreshes } = backend.tally(sandbox)
      expect({ logins, refreshes, open }).toEqual({ logins: 1, refreshes: 0, open: 0 })
    })
  )

  it.scopedLive("is logged out even if one clock says that its token has expired", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { clock, moved } = movable()
      yield* Effect.withClock(
        Effect.scoped(
          Effect.gen(function* () {
            yield* backend.open(sandbox)
            moved.wall = hour
          })
        ),
        clock
      )
      expect(backend.tally(sandbox)).toMatchObject({ revokes: 1, open: 0 })
    })
  )

  it.scopedLive("is left alone if both clocks say so", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { clock, moved } = movable()
      yield* Effect.withClock(
        Effect.scoped(
          Effect.gen(function* () {
            yield* backend.open(sandbox)
            Object.assign(moved, { wall: hour, monotonic: hour })
          })
        ),
        clock
      )
      expect(backend.tally(sandbox).revokes).toBe(0)
    })
  )
})
