import * as Redaction from "../../transport/redaction/Redaction.ts"
import { few } from "../../validation/Few.ts"

// What an undo says of what it has left, and what a person has to do.

export const changedSince = (name: string, fields: ReadonlyArray<string>): string =>
  `${name} is not as this run left it: somebody has changed ${listed(fields)} since, and it was left as it is. Look at it, and take back by hand what is to be taken back.`

export const nameTaken = (name: string, fields: ReadonlyArray<string>): string =>
  `${name} was not created anew: another one of its name is there now, which differs in ${listed(fields)}. Look at it, and change it by hand if it is not what is wanted.`

export const gone = (name: string): string =>
  `${name} is gone: somebody has removed it. Nothing was sent; create it by hand if it is to be there.`

export const anotherThere = (name: string, id: string): string =>
  `${name} is gone: somebody has removed it. Another one of its name is there now, with the id ${id}, which was left. Look at it, and remove it by hand if it is not wanted.`

export const madeByOthers = (name: string, id: string, formerId: string | undefined): string =>
  `${name} is there again, with the id ${id}${formerId === undefined ? "" : ` in place of ${formerId}`}: somebody has created it. What refers to the old id stays broken until it refers to the new one.`

export const leftToOthers = (name: string, id: string): string =>
  `${name} was left: this run has removed what it is about, and what is there now, with the id ${id}, somebody else has created. Look at it, and take back by hand what is to be taken back.`

export const newId = (name: string, id: string, formerId: string, referring: string): string =>
  `${name} has the id ${id} now, in place of ${formerId}: whatever else on the device refers to the old id stays broken until it refers to the new one.${referring}`

export const loses = (name: string, what: string): string =>
  `${name} has lost ${what}: look at it, and put that right by hand.`

export const lostPlace = "its place in the list, at which the device did not take it"

export const referring = (changes: ReadonlyArray<number>): string => {
  if (changes.length === 0) return ""
  return changes.length === 1
    ? ` Change ${changes[0]} of this run refers to it; what is undone of that one is given the new id.`
    : ` Changes ${listed(changes.map(String))} of this run refer to it; what is undone of them is given the new id.`
}

export const notAsked = (name: string, error: string): string =>
  `Nobody knows how ${name} is now, so nothing was sent: ${error} Run the undo again once the device answers, or look at it by hand.`

export const noAnswer = (device: string, seconds: number): string =>
  `${device} has not answered within ${seconds} seconds.`

export const late = "The time for the undo is over."

export const refused = (name: string, error: string, isRemoval: boolean): string =>
  isRemoval
    ? `${name} is still there: ${error} Where something uses it, take it out of that; then run the undo again, or remove it by hand.`
    : `${name} is not as it was before: ${error} Run the undo again, or change it by hand.`

export const notKept = (name: string, fields: ReadonlyArray<string>): string =>
  `${name} was written as it was before, but the device did not keep ${listed(fields)}. Look at it, and mend by hand what matters.`

export const stillThere = (name: string): string =>
  `${name} is still there, though the device has not refused to remove it. Run the undo again, or remove it by hand.`

export const lost = (name: string, error: string): string =>
  `Nobody knows whether ${name} was taken back: ${error} Looking for it showed no trace of that so far; look at the device before you do it by hand.`

export const unseen = (name: string, error: string): string =>
  `Nobody knows whether ${name} was taken back: the request was sent, and then the device could not be asked: ${error} Look at the device before you do it by hand.`

export const othersBelow = (name: string, others: ReadonlyArray<string>): string =>
  `${name} was left: ${listed(others)} below it is not this run's, or not as it left it. Look at it, and remove both by hand if they are not wanted.`

export const settingsChanged = (name: string, lists: ReadonlyArray<string>): string =>
  `${name} was left: somebody has changed its ${listed(lists)} since. Look at it, and remove it by hand if it is not wanted.`

export const settingsUnknown = (name: string, lists: ReadonlyArray<string>, refusal?: string): string =>
  `${name} was left: nobody knows whether somebody has changed its ${listed(lists)} since this run has created it${refusal === undefined ? "." : `, since the device does not show that: ${refusal}`} Look at it, and remove it by hand if it is not wanted.`

export const unrestored = (name: string): string =>
  `${name} could not be created anew, so that nothing of it could be changed back. See what became of its removal.`

export const unrestoredAbove = (name: string): string =>
  `${name} was not taken back, since what it lay below could not be created anew. See what became of the removal of that.`

export const wentWithRemoval = (name: string, removal: number): string =>
  `${name} is not as it was before: change ${removal} of this run has removed what it lay below, and it went with that. Create it by hand if it is to be there.`

export const noDevice = (device: string): string =>
  `${device} is not among the devices of this undo, so nothing was sent. Run the undo again with it.`

export const notReached = (name: string): string =>
  `${name} was not reached: the undo was ended before. Run the undo again; it goes on where it was ended.`

export const broken = (name: string, fault: string): string =>
  `${name} may not have been taken back, because of a fault of this program (${fault}). Look at the device before you do it by hand.`

export const cannot = (name: string, why: string): string =>
  `${name} is not taken back: ${Redaction.withoutFinalPunctuation(why)}.`

/** `listed` names a few, and says how many more there are. */
const listed = (names: ReadonlyArray<string>): string => (names.length === 0 ? "something" : few(names))
