import * as Redacted from "effect/Redacted"
import type { Fields } from "../client/Change.ts"
import { isWriteOnly } from "../client/FieldEquality.ts"

/** `mask` stands in place of a secret. */
export const mask = "(secret)"

/**
 * `masked` gives a value as it may be read by anybody: what a script has redacted, and what lies in fields that hold
 * secrets by their names, is masked at any depth.
 */
export const masked = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return mask
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSecret(name, one) ? mask : masked(one)])
  )
}

/** `maskedFields` are the fields of an object in this way, as JSON says them. */
export const maskedFields = (fields: Fields): Fields => JSON.parse(JSON.stringify(masked(fields)))

/** `isSecret` says whether a field holds a secret by its name. */
const isSecret = (name: string, value: unknown): boolean => isWriteOnly(name) && isGiven(value)

/** `isMasked` says whether anything in a value is masked. */
export const isMasked = (value: unknown): boolean => {
  if (typeof value === "string") return value.includes(mask)
  if (typeof value !== "object" || value === null) return false
  return Object.values(value).some(isMasked)
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== ""
