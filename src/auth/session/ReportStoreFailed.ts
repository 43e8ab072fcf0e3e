import * as Effect from "effect/Effect"
import type { TokenStoreFailed } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as SessionEvent from "../SessionEvent.ts"
import type * as Logout from "./Logout.ts"

/** `reportStoreFailed` tells of a store that failed, by an event and a warning: the session goes on. */
export const reportStoreFailed = (
  { provider, publish }: Logout.Options,
  { message }: TokenStoreFailed
): Effect.Effect<void> =>
  Effect.flatMap(Instant.now, ({ wall }) =>
    Effect.zipRight(
      Effect.logWarning(message),
      publish(SessionEvent.StoreFailed({ at: wall, targetName: provider.transport.target.name, message }))
    )
  )
