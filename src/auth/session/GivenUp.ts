import * as Effect from "effect/Effect"
import { OutcomeUnknown } from "../../transport/DeviceError.ts"
import * as Flight from "../../transport/Flight.ts"
import { releasing } from "../../transport/Release.ts"
import * as WriteGate from "../WriteGate.ts"

/**
 * `tellingGivenUp` warns of a write that is interrupted before its answer: the device may have carried it out, and no
 * error says so to a script that has ended, or to one that goes on after a time-out of its own. Where there is a gate,
 * that tells of it: a run says what became of each change.
 */
export const tellingGivenUp = <A, E, R>(
  { operation, targetName }: { readonly targetName: string; readonly operation: string },
  send: (flight: Flight.Flight) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  releasing(() => {
    const flight = Flight.make()
    return {
      use: send(flight),
      release: () => (flight.stage === "Sent" ? warn(targetName, operation) : undefined)
    }
  })

const warn = (targetName: string, operation: string): Effect.Effect<void> =>
  Effect.flatMap(WriteGate.current, (gate) =>
    gate === undefined
      ? Effect.logWarning(new OutcomeUnknown({ targetName, operation, reason: interrupted }).message)
      : Effect.void
  )

const interrupted = "the wait for it was interrupted"
