import * as Predicate from "effect/Predicate"
import { deviceFields } from "./Difference.ts"
import * as FieldEquality from "./FieldEquality.ts"
import type { Fields } from "./ListEntry.ts"
import * as Secrets from "./Secrets.ts"

/** `Path` leads to a field, from the object down. */
export type Path = ReadonlyArray<string>

/**
 * `pathsOf` leads to the fields of a lookup's `where` in which an object has to have the same to be the one that is meant:
 * of a reference its id alone, as `differences` compares it.
 */
export const pathsOf = (where: Fields, above: Path = []): ReadonlyArray<Path> =>
  Object.entries(typeof where.id === "string" ? { id: where.id } : where).flatMap(([field, value]) => {
    if (deviceFields.has(field) || FieldEquality.isWriteOnly(field)) return []
    const path = [...above, field]
    if (Predicate.isReadonlyRecord(value)) return pathsOf(value, path)
    const isTold = typeof value === "string" && value.trim() !== "" && value !== Secrets.mask
    return isTold || typeof value === "number" ? [path] : []
  })

/** `keyOf` is the same for all that `differences` takes for the same in these fields; it may be so for a few others. */
export const keyOf = (paths: ReadonlyArray<Path>, fields: Fields): string =>
  JSON.stringify(
    paths.map((path) => {
      const value = path.reduce<unknown>(within, fields)
      return FieldEquality.valueKey(path.at(-1) ?? "", value, "FQDN").toLowerCase()
    })
  )

const within = (value: unknown, field: string): unknown =>
  Predicate.isReadonlyRecord(value) ? value[field] : undefined
