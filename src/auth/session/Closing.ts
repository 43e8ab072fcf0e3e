import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as MutableRef from "effect/MutableRef"
import { SessionClosed } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import type * as Background from "./Background.ts"
import { inTime } from "./InTime.ts"
import * as Logout from "./Logout.ts"
import type * as RetiredTokens from "./RetiredTokens.ts"
import type { Pending, State } from "./SessionState.ts"
import type { Acquired, TokenSource } from "./TokenSource.ts"
import * as Transition from "./Transition.ts"

export interface Options {
  readonly targetName: string
  readonly state: MutableRef.MutableRef<State>
  readonly closing: Deferred.Deferred<void>
  readonly source: TokenSource
  readonly retired: RetiredTokens.RetiredTokens
  readonly background: Background.Service
}

// Milliseconds, of the time that a logout has: those in which what is under way may still arrive.
const collectTimeout = 3000

/** `close` ends a session within five seconds: it waits for what is under way, and gives back all that it has. */
export const close = (options: Options): Effect.Effect<void> =>
  Effect.suspend(() =>
    // The process must not end between the exchange that is under way and the logout of what it brings.
    MutableRef.get(options.state)._tag === "Renewing"
      ? Effect.asVoid(Effect.flatMap(options.background.start(end(options)), Fiber.await))
      : end(options)
  ).pipe(Effect.uninterruptible)

const end = ({ background, closing, retired, source, state, targetName }: Options): Effect.Effect<void> =>
  Effect.gen(function* () {
    const began = yield* Instant.now
    const before = yield* Transition.modify(state, Transition.close)
    yield* Deferred.succeed(closing, undefined)
    if (before._tag === "Closed") return
    // Whoever waits learns it now.
    if ("pending" in before) yield* Deferred.fail(before.pending.done, new SessionClosed({ targetName }))
    const arrived = before._tag === "Renewing" ? yield* collect(state, before.pending) : undefined
    const newest = arrived?.held ?? before.held
    // By the clock that nobody sets: a laptop that sleeps here still has to log out when it wakes.
    const left = Logout.timeout - Math.min((yield* Instant.now).monotonic - began.monotonic, collectTimeout)
    const own =
      newest === undefined
        ? Effect.void
        : yield* Logout.startOnce(background, newest, source.release(newest, left))
    const others = yield* retired.logOutAll(left)
    // A little longer than the logouts themselves have, so that what they have to say of a failure is heard.
    yield* Effect.option(inTime(after(left + 200))(Effect.zipRight(own, others)))
  })

/** `collect` waits for the exchange that the closing found under way; what comes later logs itself out. */
const collect = (
  state: MutableRef.MutableRef<State>,
  { over }: Pending
): Effect.Effect<Acquired | undefined> =>
  Deferred.await(over).pipe(
    inTime(after(collectTimeout)),
    Effect.option,
    Effect.zipRight(Transition.modify(state, Transition.endCollecting))
  )

const after = (millis: number) => ({ duration: millis, onTimeout: () => undefined })
