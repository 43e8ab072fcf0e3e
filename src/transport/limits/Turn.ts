import * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import * as AtOnce from "../AtOnce.ts"
import type { Holding } from "../Holding.ts"
import type { Permit, Purpose } from "./RateLimiter.ts"
import type { TargetLimits } from "./Traffic.ts"

/** `inTurn` runs `use` once a target has a permit and a connection for it, and has both held. */
export const inTurn = <A, E>(
  { concurrency, rateLimiter }: TargetLimits,
  purpose: Purpose,
  holding: Holding,
  use: (permit: Permit) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Clock.clockWith((clock) =>
    AtOnce.flatMap(rateLimiter.enter(purpose, holding, clock), (permit) =>
      AtOnce.flatMap(concurrency[purpose === "auth" ? "auth" : "requests"].enter(holding), () => use(permit))
    )
  )
