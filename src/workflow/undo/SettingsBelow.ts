import { differs, isEmpty } from "../../client/fields/Difference.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import * as Secrets from "../../client/fields/Secrets.ts"
import { withoutDeviceFields } from "../../client/objects/ObjectWrites.ts"
import type { Place } from "./Readings.ts"
import type * as UndoUnit from "./UndoUnit.ts"

/**
 * `SettingsBelow` is a list below what was created in which the device itself had put something, such as the logging
 * settings of a policy.
 */
export interface SettingsBelow {
  /** `name` is the last segment of its path. */
  readonly name: string
  readonly place: Place
  /** `left` is how the run has left it; `undefined` where nobody knows. */
  readonly left: ReadonlyArray<Fields> | undefined
}

/** `settingsBelow` are those of what a request removes, which has this id. */
export const settingsBelow = (
  { change, request }: UndoUnit.UndoUnit,
  id: string
): ReadonlyArray<SettingsBelow> =>
  (change.settings ?? []).map((name) => ({
    name,
    place: {
      targetName: change.targetName,
      path: `${change.path}/${encodeURIComponent(id)}/${name}`,
      query: change.query
    },
    left: request.settings?.[name]
  }))

/** `isBare` says that one has nothing in it: however the device has made it, nothing of anybody goes with it. */
export const isBare = (item: Fields): boolean => {
  const { type: _type, ...own } = withoutDeviceFields<Fields>(item)
  return isEmpty(own)
}

/** `isAsLeft` says whether one of them is as the run has left it, as far as a journal knows that. */
export const isAsLeft = (
  { change }: UndoUnit.UndoUnit,
  left: ReadonlyArray<Fields>,
  item: Fields
): boolean => {
  const [first, ...others] = left
  const known = left.find(({ id }) => id === item.id) ?? (others.length === 0 ? first : undefined)
  if (known === undefined) return false
  const now = Secrets.maskedFields(withoutDeviceFields(item), Secrets.declared(change.secrets))
  const before = withoutDeviceFields(known)
  // What somebody has added, the run had not.
  return !differs(before, now, comparing) && !differs(now, before, comparing)
}

const comparing = { secrets: false, partIds: false }
