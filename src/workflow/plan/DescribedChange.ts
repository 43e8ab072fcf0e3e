import * as Option from "effect/Option"
import type { Change, Description, ObjectChange } from "../../client/changes/Change.ts"
import { safe } from "../SafeUndo.ts"
import { fieldDiffs } from "./FieldDiff.ts"
import type { PlannedChange } from "./Plan.ts"

/** `factsOf` say which object a change is about, and what becomes of it: in a plan, and in a report. */
export const factsOf = (
  { action, kind, path, place, secrets, targetName }: Description,
  step: string,
  object: ObjectChange
): Omit<PlannedChange, keyof Undoability> => ({
  device: targetName,
  step,
  action,
  kind,
  path,
  ...(object.name !== undefined && { name: object.name }),
  ...(object.id !== undefined && { id: object.id }),
  fields: fieldDiffs(object, secrets),
  ...(place && { place })
})

/** `describedChange` is what a change does to one object, as a plan tells it. */
export const describedChange = (
  change: Description,
  step: string,
  object: ObjectChange,
  undoability: Undoability
): PlannedChange => ({ ...factsOf(change, step, object), ...undoability })

/** `Undoability` says whether a run could take a change back, and what that would lose. */
type Undoability = Pick<PlannedChange, "undo" | "undoLoses">

/** `undoability` says it of each object of a change. */
export const undoability = <A>(change: Change<A>): ((object: ObjectChange) => Undoability) => {
  const undo = safe(change.undo(Option.none()), change)
  if ("cannot" in undo) return () => ({ undo: { cannot: undo.cannot } })
  const isNew = undo.some(({ formerId }) => formerId !== undefined)
  const losses = new Map(undo.map(({ formerId, id, loses }) => [formerId ?? id, loses]))
  return ({ id }) => {
    const loses = losses.get(id)
    return { undo: isNew ? "newId" : "yes", ...(loses !== undefined && { undoLoses: loses }) }
  }
}

/** `asSent` has what becomes of an object as JSON says it: without what is `undefined`, a date as text. */
export const asSent = ({ after, ...object }: ObjectChange): ObjectChange =>
  after === undefined ? object : { ...object, after: JSON.parse(JSON.stringify(after)) }
