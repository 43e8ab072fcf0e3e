import type { Collection } from "sallyport/plugin"
import { metadataOf } from "./Recreation.ts"

type Rules = ReadonlyArray<Collection.Placed>

/**
 * `indexAt` says before which of a policy's rules an FMC puts what is created at a place: behind all of its category or
 * section, that of the default one where none is given, unless it is put before or behind a rule by that one's number
 * (FMC OpenAPI, createMultipleAccessRule). Of a category without rules only the FMC knows in which section it is.
 */
export const indexAt =
  (path: string): Collection.IndexIn =>
  (place, rules) => {
    if (!path.endsWith("rules")) return rules.length
    const { category, insertAfter, insertBefore, section } = place ?? {}
    const number = insertBefore === undefined ? Number(insertAfter) : Number(insertBefore) - 1
    if (Number.isInteger(number)) return Math.min(Math.max(number, 0), rules.length)
    const last = (isOf: (one: Rules[number]) => boolean) => rules.findLastIndex(isOf) + 1
    if (category !== undefined) return last((one) => placeOf(one).category === category) || undefined
    return isMandatory(section) ? last((one) => isMandatory(placeOf(one).section)) : rules.length
  }

/** `placeOf` is where a rule stands, by what the device says of it; of a planned one, by what was asked for. */
const placeOf = ({
  item,
  place
}: Rules[number]): Pick<ReturnType<typeof metadataOf>, "category" | "section"> => place ?? metadataOf(item)

const isMandatory = (section: string | undefined): boolean => section?.toLowerCase() === "mandatory"
