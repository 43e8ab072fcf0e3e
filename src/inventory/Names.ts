import { few } from "../validation/Few.ts"
import { nearest } from "../validation/Spelling.ts"

/**
 * `nameFault` says what is wrong with the name of a device, a group or a tag: names become names of files, words of
 * filters and text on a terminal.
 */
export const nameFault = (name: string): string | undefined =>
  name.length <= 100 && /^[\p{L}\p{N}]([\p{L}\p{N}\p{M}._-]*[\p{L}\p{N}\p{M}_-])?$/u.test(name)
    ? undefined
    : "this cannot be a name; give up to 100 letters and digits, and between them . _ or -."

/** `sameNameAs` gives what names have in common that a disk may not tell apart. */
export const sameNameAs = (name: string): string => name.normalize("NFC").toLowerCase()

/** `suggestion` ends a sentence on a name that there is not: the nearest one, else some of those that there are. */
export const suggestion = (given: string, names: ReadonlyArray<string>): string => {
  const near = nearest(given.slice(0, 100), names)
  if (near !== undefined) return `did you mean ${JSON.stringify(near)}?`
  if (names.length === 0) return "there are none."
  return `there are ${few(names)}.`
}
