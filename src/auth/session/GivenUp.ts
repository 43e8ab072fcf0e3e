import * as Effect from "effect/Effect"
import { OutcomeUnknown } from "../../transport/DeviceError.ts"
import * as Flight from "../../transport/Flight.ts"
import type { Holding } from "../../transport/Holding.ts"
import * as WriteGate from "../WriteGate.ts"

/**
 * `tellingGivenUp` gives the flight of a write, and warns where that is interrupted before its answer: the device may have
 * carried it out, and no error says so to a script that has ended, or to one that goes on after a time-out of its own.
 * Where there is a gate, that tells of it: a run says what became of each change.
 */
export const tellingGivenUp = (targetName: string, operation: string, holding: Holding): Flight.Flight => {
  const flight = Flight.make()
  holding.onRelease(() => (flight.stage === "Sent" ? warn(targetName, operation) : undefined))
  return flight
}

const warn = (targetName: string, operation: string): Effect.Effect<void> =>
  Effect.flatMap(WriteGate.current, (gate) =>
    gate === undefined
      ? Effect.logWarning(new OutcomeUnknown({ targetName, operation, reason: interrupted }).message)
      : Effect.void
  )

const interrupted = "the wait for it was interrupted"
