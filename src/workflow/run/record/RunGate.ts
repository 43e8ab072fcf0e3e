import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import type { Gate, GatedRequest } from "../../../auth/WriteGate.ts"
import type { Became, Change, List } from "../../../client/changes/Change.ts"
import { CurrentStep } from "../../Step.ts"
import { type Place, type RunStop, refused } from "../RunStop.ts"
import type { RunTraffic } from "../RunTraffic.ts"
import { asWrite } from "./Answered.ts"
import type { Sender } from "./Sender.ts"
import { Sending, type Unplanned } from "./Sending.ts"

/**
 * `make` lets through what reads, and of what writes only what a change has described, or the script has called
 * unplanned. `isGone` is what the run that is resumed has removed further on: a script that reads it would go another
 * way.
 */
export const make = (
  sender: Sender,
  stop: RunStop,
  traffic: RunTraffic,
  isGone: (place: List) => boolean
): Gate => ({
  meet: () => Effect.void,
  admit: (request) =>
    request.writes
      ? Effect.flatMap(Effect.all([Sending, placeOf(request)]), ([sending, place]) =>
          sending === "nothing"
            ? Effect.fail(refused(place, "Undescribed", undescribed))
            : // What a change has begun is ended, also when the run is over.
              Effect.when(stop.check(place), () => sending !== "described")
        )
      : Effect.flatMap(Effect.all([Sending, placeOf(request)]), ([sending, place]) =>
          sending === "nothing" && isGone(place) ? stop.at(place, "OutcomeUnknown", gone) : Effect.void
        ),
  around: (request, send) => {
    const counted = traffic.counted(request, send)
    if (!request.writes) return counted
    const write = asWrite(counted)
    return Effect.flatMap(Sending, (sending) =>
      typeof sending === "object" ? opaque(sender, request, sending, write) : write
    )
  }
})

const gone =
  "the run that is resumed has removed further on what the script reads here, so that nobody can tell how it was. Undo the run, or go on by hand; what is read in a Workflow.step with a Schema for its result, a resumed run has from its journal."

const undescribed =
  "no verb describes it, so that nobody could take it back. Use a verb of the client, or put it into Workflow.unplanned."

/** `opaque` writes down a request that no change describes. */
const opaque = <A, E, R>(
  sender: Sender,
  request: GatedRequest,
  { key, reason }: Unplanned,
  send: Effect.Effect<A, E, R>
): Effect.Effect<A, E | RunRefused, R> =>
  Effect.flatMap(placeOf(request), (place) => {
    const change: Change<A> = {
      ...place,
      kind: "request",
      objects: [{ name: reason, after: {} }],
      planned: undefined,
      undo: () => ({ cannot: "no verb describes it" }),
      became: (answer) => [becameOf(answer)],
      // Nothing of its answer is kept.
      answer: undefined,
      again: () => Effect.die("an unplanned request is not answered again")
    }
    return sender.send(change, place, key, send)
  })

/** `becameOf` is what became of what a request asks for: its answer may be handed on with any status. */
const becameOf = (answer: unknown): Became => {
  const status = Predicate.hasProperty(answer, "status") ? Number(answer.status) : 0
  if (status >= 500) return "unknown"
  return status >= 400 ? "none" : {}
}

const placeOf = ({ method, path, target }: GatedRequest): Effect.Effect<Place> =>
  Effect.map(CurrentStep, (step) => ({ targetName: target.name, action: method, path, step }))
