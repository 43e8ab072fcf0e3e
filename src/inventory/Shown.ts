import * as Redaction from "../transport/redaction/Redaction.ts"
import * as Needed from "../validation/Needed.ts"
import type { MergedDevice } from "./Merging.ts"
import { isSecretName } from "./PlainSecrets.ts"
import * as Source from "./Source.ts"

/** `Shown` is all that an inventory says of a device. */
export interface Shown {
  readonly name: string
  readonly fields: ReadonlyArray<ShownField>
}

/** `ShownField` is a field of a device, and where its value is from. */
export interface ShownField {
  readonly field: string
  /** `value` is as JSON has it; secrets and what only code can say are told as such. */
  readonly value: string
  /** `from` is the layer that it is from: `device`, `group emea`, `kind fdm` or `defaults`; of tags and groups, all of them. */
  readonly from: string
  /** `place` is the file and its line, such as `inventory.yaml:14`; of an inventory in code there is none. */
  readonly place: string | undefined
}

/** `show` gives what there is of a device. */
export const show = (device: MergedDevice<unknown>, placeOf: Source.Source["placeOf"]): Shown => ({
  name: device.name,
  fields: [...device.origins, ...[...device.fields].map(([field, merged]) => ({ field, ...merged }))].map(
    ({ field, from, path, value }) => ({
      field: Redaction.redact(field),
      value: Redaction.redact(JSON.stringify(plain(value)) ?? "undefined"),
      from,
      place: placeOf(path)
    })
  )
})

/**
 * `showText` gives the same for a terminal, a field in a line.
 *
 * @example
 * console.log(Inventory.showText(yield* inventory.show("branch-3")))
 */
export const showText = (shown: Shown): string => {
  Needed.list("shown.fields", shown?.fields, "what inventory.show gives")
  const { fields, name } = shown
  const rows = fields.map(({ field, from, place, value }) => [field, value, from, place ?? ""])
  const widths = [0, 1, 2].map((column) =>
    Math.min(60, Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  )
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()
  )
  return [name, ...lines].join("\n")
}

/** `plain` gives what may be shown of a value. */
const plain = (value: unknown): unknown => {
  if (typeof value === "string") return value.replace(/([a-z][a-z0-9+.-]*:[\\/]{2}).*@/gis, "$1***@")
  if (value instanceof URL) return plain(value.href)
  if (Array.isArray(value)) return value.map(plain)
  if (Source.isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, isSecretName(name) ? "***" : plain(inner)])
    )
  }
  return (typeof value === "object" && value !== null) || typeof value === "function"
    ? "(given in code)"
    : value
}
