import type { Description } from "../../client/changes/Change.ts"
import type { JournalLine } from "./JournalLine.ts"

/**
 * `isLasting` says whether a line has to survive a power cut by itself. One that need not is on the disk with the next
 * one that has to, and a process that is killed loses neither. `change` is the one that it is about.
 *
 * A change that is done takes two: what is about to be sent, without which a device could have what no journal tells of;
 * and what came of it, since the ids and the answers of a device are nowhere else. Where nothing came of it one is
 * enough: of objects without an outcome it is looked for what became of them, which comes to the same again.
 */
export const isLasting = (line: JournalLine, change: Description | undefined): boolean => {
  if (line._tag !== "outcome" || line.outcome === "done" || change === undefined) return true
  // Of many, some may be there, by the ids that the device has given them.
  if (line.became?.some((one) => typeof one === "object") === true) return true
  return !(looked.has(change.action) && change.objects.every(({ id, name }) => (id ?? name) !== undefined))
}

/** `looked` are the actions whose objects show what became of them. */
const looked: ReadonlySet<string> = new Set(["create", "update", "remove"])
