import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import type { TakenBack } from "../journal/JournaledChange.ts"
import * as Advice from "./Advice.ts"
import type { Readings } from "./Readings.ts"
import * as UndoUnit from "./UndoUnit.ts"

/**
 * `toldOf` tells, of what the run has created and somebody has removed, of another one of its name: whoever looks at the
 * device would take it for the run's, which is called undone. Fails as the session does.
 */
export const toldOf = <R extends TakenBack | undefined>(
  unit: UndoUnit.UndoUnit,
  result: R,
  find: Readings["find"]
): Effect.Effect<R | TakenBack, SessionError> => {
  const { change, request } = unit
  const name = request.method === "DELETE" ? UndoUnit.knownName(unit) : undefined
  if (result?.how !== "goneAlready" || name === undefined || change.lookup !== undefined)
    return Effect.succeed(result)
  return Effect.map(find(change, { name }), (there) => {
    const id = there?.id
    if (typeof id !== "string" || id === request.id) return result
    return { how: "goneAlready", why: Advice.anotherThere(UndoUnit.nameOf(unit), id) }
  })
}
