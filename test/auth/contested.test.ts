// Two users of one account, on devices where the newest login ends the older ones: an FMC, and an FDM at its limit of
// sessions. Each is a session of this library, and each takes the account back in good faith. Invariants: the fight
// ends, after a bounded number of logins; who gives up is told how often, since when and what to do; who is left works
// on undisturbed; nothing stays open.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import type { Session, SessionError, SessionEvent } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { pause, settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"
import { seed } from "../support/seed.ts"

describe.each(fewest(backends))("$name: two sessions on one account", (backend) => {
  // The newest login is the only one.
  const sandboxed = Sandbox.make({ evictOnLogin: true, fdmSessionLimit: 1 })
  const use = (session: Session.Session) =>
    Effect.map(Effect.either(read(session, backend)), (result) =>
      Either.isRight(result) ? `${result.right.status}` : result.left._tag
    )
  const isContested = (result: string) => result === "SessionContested"

  it.scoped.each(["first", "second"])(
    "take it from each other twice each; then the %s one gives up, whoever takes it",
    (who) =>
      Effect.gen(function* () {
        const sandbox = yield* sandboxed
        const first = yield* backend.open(sandbox)
        yield* read(first, backend)
        const second = yield* backend.open(sandbox)
        yield* read(second, backend)
        expect(yield* Effect.forEach([first, second, first, second], use)).toEqual(Array(4).fill("200"))
        // The first has lost it three times by now; the second does when a third user comes.
        if (who === "second") yield* sandbox.evict()
        expect(yield* use(who === "first" ? first : second)).toBe("SessionContested")
        // Two openings, and each took it back twice.
        expect(backend.tally(sandbox).logins).toBe(6)
      })
  )

  it.scoped("fight no longer than three evictions: one gives up for good, the other works on", () =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      yield* Effect.scoped(
        Effect.gen(function* () {
          const one = yield* backend.open(sandbox)
          yield* read(one, backend)
          const two = yield* backend.open(sandbox)
          yield* read(two, backend)
          const results: Array<readonly [string, string]> = []
          for (let turn = 0; turn < 10; turn++) results.push([yield* use(one), yield* use(two)])
          const [first, second] = [0, 1].map((side) => results.map((turn) => turn[side] ?? ""))
          // It lost the account when the other was opened, and twice more.
          expect(first).toEqual(["200", "200", ...Array.from({ length: 8 }, () => "SessionContested")])
          expect(second).toEqual(Array.from({ length: 10 }, () => "200"))
          yield* settled
          yield* TestClock.adjust("10 minutes")
          expect(yield* use(one)).toBe("SessionContested")
          expect(yield* use(two)).toBe("200")
        })
      )
      yield* settled
      expect(backend.tally(sandbox)).toMatchObject({ logins: 6, open: 0 })
    })
  )

  it.scoped("are told how often, since when and what to do", () =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      yield* TestClock.adjust("3 days")
      const events: Array<SessionEvent.SessionEvent> = []
      const one = yield* backend.open(sandbox, { onEvent: (event) => events.push(event) })
      yield* read(one, backend)
      const evictedAt: Array<number> = []
      const lose = Effect.gen(function* () {
        yield* Effect.scoped(backend.open(sandbox))
        yield* TestClock.adjust("40 seconds")
        evictedAt.push(yield* Clock.currentTimeMillis)
        return yield* Effect.either(read(one, backend))
      })
      yield* lose
      yield* lose
      const logins = backend.tally(sandbox).logins
      const result = yield* lose
      expect(backend.tally(sandbox).logins).toBe(logins + 1)
      const since = new Date(evictedAt[0] ?? 0)
      const error: SessionError | undefined = Either.isLeft(result) ? result.left : undefined
      expect(error).toMatchObject({
        _tag: "SessionContested",
        targetName: `sandbox-${backend.name}`,
        username: "api",
        evictions: 3,
        since
      })
      expect(error?.message).toBe(
        `sandbox-${backend.name}: someone else uses the account "api": the device ended this session early 3 times since ${since.toISOString()}. Give each script, and each person at the web interface, an account of its own.`
      )
      const told = events.flatMap((event) => (event._tag === "Evicted" ? [event.count] : []))
      expect(told).toEqual([1, 2, 3])
      // The same facts to whoever asks later: for the token, for a new one, or with another request.
      const later: ReadonlyArray<Effect.Effect<unknown, SessionError>> = [
        one.token,
        one.renew,
        read(one, backend)
      ]
      for (const again of later) expect((yield* Effect.flip(again)).message).toBe(error?.message)
      expect(backend.tally(sandbox).logins).toBe(logins + 1)
    })
  )

  it.scoped("of which one gives way never fight at all", () =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      const polite = yield* backend.open(sandbox, { giveWay: true })
      yield* read(polite, backend)
      const other = yield* backend.open(sandbox)
      const error = yield* Effect.flip(read(polite, backend))
      expect(error).toMatchObject({ _tag: "SessionContested", evictions: 1 })
      expect(error.message).toContain("the device ended this session early once since")
      expect(yield* use(other)).toBe("200")
      expect(yield* use(polite)).toBe("SessionContested")
      expect(backend.tally(sandbox).logins).toBe(2)
    })
  )

  it.scopedLive("that both use it without a pause, in eight fibers each, end it after a few logins", () =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      const sessions = [yield* backend.open(sandbox), yield* backend.open(sandbox)]
      let over = false
      // Whoever is refused at the first use of a new token waits its back-off, a second or more.
      const fibers = Array.from({ length: 8 }).flatMap(() => sessions)
      const results = yield* Effect.forEach(
        fibers,
        (session) =>
          Effect.gen(function* () {
            for (;;) {
              const result = yield* use(session)
              if (isContested(result)) over = true
              if (over) return result
            }
          }),
        { concurrency: "unbounded" }
      ).pipe(Effect.timeout("20 seconds"))
      expect(results.some(isContested)).toBe(true)
      const { logins } = backend.tally(sandbox)
      expect(logins).toBeLessThanOrEqual(12)
      // Whoever is left has the account to itself.
      yield* Effect.forEach([...sessions, ...sessions, ...sessions], use)
      expect(backend.tally(sandbox).logins).toBeLessThanOrEqual(logins + 1)
    })
  )

  /** Moves the clock for what does not come to its end by itself. */
  const inTime = <A, E>(work: Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(work)
      for (let waited = 0; (yield* fiber.poll)._tag === "None"; waited += 1) {
        yield* pause(20)
        if (waited % 10 === 9) yield* TestClock.adjust("1 second")
      }
      return yield* Fiber.join(fiber)
    })

  const seeds = Array.from({ length: 4 }, (_, at) => seed + at)
  it.scoped.each(seeds)("end their fight whatever the order of their uses (seed %i)", (one) =>
    Effect.gen(function* () {
      const sandbox = yield* sandboxed
      const sessions = [
        yield* Effect.tap(backend.open(sandbox), (session) => read(session, backend)),
        yield* backend.open(sandbox)
      ]
      const lost = new Map<Session.Session, string>()
      for (let turn = 0; turn < 60; turn++) {
        // Both at once, or one of them; and time goes on, by seconds.
        const both = yield* Random.nextBoolean
        const index = yield* Random.nextIntBetween(0, 2)
        const users = sessions.filter((_, at) => both || at === index)
        const results = yield* inTime(Effect.all(users.map(use), { concurrency: "unbounded" }))
        yield* settled
        for (const [at, session] of users.entries()) {
          const result = results[at] ?? ""
          // A token taken away between its login and its first use is TokenRejected, and the next one has to wait,
          // so time goes on for whoever does.
          expect(["200", "TokenRejected", "SessionContested"]).toContain(result)
          if (lost.has(session)) expect(result).toBe("SessionContested")
          if (isContested(result)) lost.set(session, result)
        }
        if (lost.size > 0) break
        yield* TestClock.adjust(yield* Random.nextIntBetween(1000, 3000))
      }
      expect(lost.size).toBeGreaterThan(0)
      // Before the third loss of one, each has lost twice at most; a first use that was refused costs one more.
      expect(backend.tally(sandbox).logins).toBeLessThanOrEqual(12)
      const winner = sessions.find((session) => !lost.has(session))
      if (winner === undefined) return
      yield* TestClock.adjust("1 minute")
      yield* use(winner)
      const { logins } = backend.tally(sandbox)
      for (let turn = 0; turn < 10; turn++) expect(yield* use(winner)).toBe("200")
      expect(backend.tally(sandbox).logins).toBe(logins)
    }).pipe(Effect.withRandom(Random.make(one)))
  )
})

describe("six sessions on one FDM, which has room for five,", () => {
  const [, fdm] = backends
  if (fdm === undefined) throw new Error("there is no FDM")

  it.scoped("push each other out in turn until one gives up; the five that are left stay", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const sessions: Array<Session.Session> = []
          for (let at = 0; at < 6; at++)
            sessions.push(yield* Effect.tap(fdm.open(sandbox), (session) => read(session, fdm)))
          const rounds: Array<ReadonlyArray<string>> = []
          for (let round = 0; round < 6; round++) {
            rounds.push(
              yield* Effect.forEach(sessions, (session) =>
                Effect.match(read(session, fdm), {
                  onSuccess: ({ status }) => `${status}`,
                  onFailure: ({ _tag }) => _tag
                })
              )
            )
            yield* settled
          }
          const all = sessions.map(() => "200")
          const left = ["SessionContested", ...all.slice(1)]
          // In each round every one of them finds itself pushed out by the one before.
          expect(rounds).toEqual([all, all, left, left, left, left])
          // Six openings, and each took its place back twice.
          expect(fdm.tally(sandbox)).toMatchObject({ logins: 18, open: 5 })
        })
      )
      expect(fdm.tally(sandbox)).toMatchObject({ logins: 18, open: 0 })
    })
  )

  it.scoped("do not push at all where the one more gives way", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const oldest = yield* fdm.open(sandbox, { giveWay: true })
      yield* read(oldest, fdm)
      const others = yield* Effect.replicateEffect(fdm.open(sandbox), 5)
      expect((yield* Effect.flip(read(oldest, fdm)))._tag).toBe("SessionContested")
      for (const session of others) expect((yield* read(session, fdm)).status).toBe(200)
      expect(fdm.tally(sandbox)).toMatchObject({ logins: 6, open: 5 })
    })
  )
})
