import type { PlannedChange } from "./Plan.ts"

/** `changeWords` is a planned change within a sentence: `update Host "web-1" on hq (value "a" -> "b")`. */
export const changeWords = ({ action, device, fields, kind, name, place }: PlannedChange): string => {
  const what = fields.slice(0, maxFields).map(({ added, after, before, field, removed }) => {
    if (added !== undefined || removed !== undefined)
      return `${field} +${shortened(added ?? [])} -${shortened(removed ?? [])}`
    return `${field} ${before === undefined ? "" : `${shortened(before)} -> `}${shortened(after)}`
  })
  const more = fields.length > maxFields ? ", …" : ""
  const at = place === undefined ? "" : ` at ${shortened(place)}`
  const details = what.length === 0 ? "" : ` (${what.join(", ")}${more})`
  return `${action} ${kind} ${JSON.stringify(name ?? "")} on ${device}${at}${details}`
}

// Enough to see what it is about.
const maxFields = 5
const shortened = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
