// A day of use, over real sockets: the device's clock and the session's are the test's.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { settled } from "../support/eventually.ts"
import { fewest } from "../support/long.ts"

describe.each(fewest(backends))("$name: a day", (backend) => {
  it.scoped(
    "a session used every other minute for 24 hours makes at most 13 logins and never sends an expired token",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = yield* backend.open(sandbox)
            // Some renewals begin beside a request, and some before it, since the token is nearly over.
            for (let minute = 0; minute < 24 * 60; minute += 2) {
              yield* TestClock.adjust("2 minutes")
              expect((yield* read(session, backend)).status).toBe(200)
              // A renewal beside the request takes real time, which the test clock must not overtake.
              yield* settled
            }
          })
        )
        const { expiredTokensSent, logins, open } = backend.tally(sandbox)
        expect(logins).toBeLessThanOrEqual(13)
        expect(expiredTokensSent.total).toBe(0)
        expect(open).toBe(0)
      }),
    120_000
  )
})
