import { createHash } from "node:crypto"

/** `digestOf` gives the same for values that say the same as JSON, in whatever order their fields are. */
export const digestOf = (value: unknown): string => createHash("sha256").update(textOf(value)).digest("hex")

/** `textOf` is the one text that values have which say the same as JSON. */
export const textOf = (value: unknown): string => JSON.stringify(sorted(value)) ?? ""

/** `sorted` puts the fields of objects into one order: a device may list them in any. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, one]) => [field, sorted(one)])
  )
}
