import * as Schema from "effect/Schema"
import { type Collection, Lenient } from "sallyport/plugin"

/**
 * `recreationAt` says how what was removed from a list is created anew: a rule at its place, which its metadata tell
 * (FMC OpenAPI, AccessRuleMetadata).
 */
export const recreationAt =
  (path: string) =>
  (before: Collection.Entry): Collection.Recreation | Collection.NoRecreation => {
    const cannot = unrepeatable.get(path)
    if (cannot !== undefined) return { cannot }
    if (path === "/object/dynamicobjects") return { loses: "its mappings, where it had any" }
    if (before.overridable === true) return { loses: "its overrides, where it had any" }
    if (/^\/policy\/[^/]+$/.test(path)) return { loses: "what lay below it, such as its rules" }
    if (!path.endsWith("rules")) return {}
    const { category, ruleIndex, section } = metadataOf(before)
    if (ruleIndex === undefined || !placed.test(path)) return { loses: "its place in the order of the rules" }
    // Not both (FMC OpenAPI, createMultipleAccessRule).
    const query = isCategory(category) ? { category } : section && { section: section.toLowerCase() }
    return {
      index: ruleIndex,
      place: ruleIndex > 1 ? { insertAfter: String(ruleIndex - 1) } : { insertBefore: "1" },
      ...(query && { query })
    }
  }

/** `unrepeatable` is what an FMC has forgotten by then (FMC OpenAPI, Device, and deleteFTDHADeviceContainer). */
const unrepeatable: ReadonlyMap<string, string> = new Map([
  ["/devices/devicerecords", "no FMC shows the key by which a firewall is registered"],
  ["/devicehapairs/ftddevicehapairs", "both firewalls of it went with the pair"]
])

// Those that take `insertAfter` and `insertBefore` (FMC OpenAPI).
const placed = /\/(accessrules|prefilterrules)$/

const Metadata = Schema.Struct({
  ruleIndex: Lenient.field(Schema.Number),
  section: Lenient.field(Schema.String),
  category: Lenient.field(Schema.String)
})

/** `metadataOf` is what a device says of where a rule stands. */
export const metadataOf = ({ metadata }: Collection.Entry): typeof Metadata.Type => {
  const read = Schema.decodeUnknownEither(Metadata)(metadata)
  return read._tag === "Right" ? read.right : {}
}

// What a device writes where there is none.
const isCategory = (category: string | undefined): category is string =>
  category !== undefined && category !== "" && category !== "--Undefined--"
