import * as Option from "effect/Option"
import type { Change, Description, ObjectChange } from "../../client/Change.ts"
import { safe } from "../SafeUndo.ts"
import { fieldDiffs } from "./FieldDiff.ts"
import type { PlannedChange } from "./Plan.ts"

/** `describedChange` is what a change does to one object, as a plan tells it. */
export const describedChange = (
  { action, kind, path, secrets, targetName }: Description,
  step: string,
  object: ObjectChange,
  undo: PlannedChange["undo"]
): PlannedChange => ({
  device: targetName,
  step,
  action,
  kind,
  path,
  ...(object.name !== undefined && { name: object.name }),
  ...(object.id !== undefined && { id: object.id }),
  fields: fieldDiffs(object, secrets),
  undo
})

/** `undoability` says whether a run could take a change back. */
export const undoability = <A>(change: Change<A>): PlannedChange["undo"] => {
  const undo = safe(change.undo(Option.none()), change)
  if ("cannot" in undo) return { cannot: undo.cannot }
  return undo.some(({ formerId }) => formerId !== undefined) ? "newId" : "yes"
}

/** `asSent` has what becomes of an object as JSON says it: without what is `undefined`, a date as text. */
export const asSent = ({ after, ...object }: ObjectChange): ObjectChange =>
  after === undefined ? object : { ...object, after: JSON.parse(JSON.stringify(after)) }
