import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { RunRefused } from "../../auth/RunRefused.ts"

/** `Place` is where a change is asked for, for what is said of it. */
export interface Place {
  readonly targetName: string
  readonly action: string
  readonly path: string
  readonly step: string
}

/** `RunStop` ends a run from outside its script: one that catches every error must not go on. */
export interface RunStop {
  /** `at` ends the run, and fails with why. `sent` is `maybe` where what is told of was sent. @default no */
  readonly at: (
    place: Place,
    why: RunRefused["why"],
    reason: string,
    sent?: RunRefused["sent"]
  ) => Effect.Effect<never, RunRefused>
  /** `check` fails where the run has ended. */
  readonly check: (place: Place) => Effect.Effect<void, RunRefused>
  /** `scriptIsOver` lets nothing more be sent by what the script has left behind. */
  readonly scriptIsOver: () => void
  /** `refusal` is why it was ended; `undefined` where the script came to its end. */
  readonly refusal: () => RunRefused | undefined
  /** `awaited` fails once it is ended. */
  readonly awaited: Effect.Effect<never, RunRefused>
}

/** `refused` is what the script gets. */
export const refused = (
  { action, path, step, targetName }: Place,
  why: RunRefused["why"],
  reason: string,
  sent: RunRefused["sent"] = "no"
): RunRefused =>
  new RunRefused({ targetName, operation: `${action} ${path}`.trim(), step, why, reason, sent })

/** `make` begins with a run that goes on. */
export const make: Effect.Effect<RunStop> = Effect.map(Deferred.make<never, RunRefused>(), (stopping) => {
  let refusal: RunRefused | undefined
  let isOver = false
  return {
    at: (place, why, reason, sent) =>
      Effect.suspend(() => {
        refusal ??= refused(place, why, reason, sent)
        return Effect.zipRight(Deferred.fail(stopping, refusal), Effect.fail(refusal))
      }),
    check: (place) =>
      Effect.suspend(() => {
        if (refusal === undefined && !isOver) return Effect.void
        const reason =
          refusal === undefined
            ? "its script is over. Let it wait for all that it has begun."
            : refusal.reason
        return Effect.fail(refused(place, "RunOver", `the run has ended: ${reason}`))
      }),
    scriptIsOver: () => {
      isOver = true
    },
    refusal: () => refusal,
    awaited: Deferred.await(stopping)
  }
})
