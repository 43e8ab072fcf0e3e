import type * as Places from "../documents/Places.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import * as KnownFields from "./KnownFields.ts"
import * as Names from "./Names.ts"
import * as Source from "./Source.ts"

/** `Section` is what a device, a group, a kind or the defaults say. */
export interface Section {
  readonly path: Places.Path
  /** `fields` are what devices are opened with. */
  readonly fields: ReadonlyMap<string, unknown>
  readonly tags: ReadonlyArray<string>
  /** `groups` are those of a device. */
  readonly groups: ReadonlyArray<string>
  /** `kind` is that of a device, or of those that say none. */
  readonly kind: unknown
}

/** `Sections` are the parts of an inventory, each by its name. */
export interface Sections {
  readonly defaults: Section
  readonly kinds: ReadonlyMap<string, Section>
  readonly groups: ReadonlyMap<string, Section>
  readonly devices: ReadonlyMap<string, Section>
}

/** `Tell` is told what is wrong, and where. */
export type Tell = (path: Places.Path, sentence: string) => void

const sectionNames = ["defaults", "kinds", "groups", "devices"]

/** `read` takes the parts of an inventory that have the form of it; what has not is told. */
export const read = (given: unknown, plugins: ReadonlyArray<AnyPlugin>, tell: Tell): Sections => {
  const whole = Source.isRecord(given) ? given : {}
  if (given !== whole)
    tell([], "this is no inventory; give an object with devices, and defaults, kinds and groups if you like.")
  for (const name of Object.keys(whole)) {
    // By `$schema` editors complete JSON.
    if (name !== "$schema" && !sectionNames.includes(name))
      tell([name], `an inventory has no such part; ${Names.suggestion(name, sectionNames)}`)
  }
  if (given === whole && (whole.devices ?? undefined) === undefined)
    tell([], "there are no devices; give an object of devices by their names.")

  const entriesOf = (part: string): ReadonlyArray<readonly [string, unknown]> => {
    const entries = whole[part] ?? {}
    if (Source.isRecord(entries)) return Object.entries(entries)
    tell([part], "this is no object; give what belongs here by names.")
    return []
  }
  const ids = plugins.map(({ id }) => id)
  const known = new Map(plugins.map((plugin) => [plugin.id, KnownFields.ofKind(plugin)]))
  const ofAny = KnownFields.ofAny([...known.values()])

  const kinds = entriesOf("kinds").map(([id, value]) => {
    if (!known.has(id)) tell(["kinds", id], unknownKind(id, ids))
    return [id, readSection(value, ["kinds", id], ["tags"], known.get(id) ?? ofAny, tell)] as const
  })
  const groups = entriesOf("groups").map(
    ([name, value]) => [name, readSection(value, ["groups", name], ["tags"], ofAny, tell)] as const
  )
  const defaults = readSection(whole.defaults, ["defaults"], ["kind", "tags"], ofAny, tell)
  const devices = entriesOf("devices").map(([name, value]) => {
    const path = ["devices", name]
    const kind = (Source.isRecord(value) ? value.kind : undefined) ?? defaults.kind
    const fields = (typeof kind === "string" && known.get(kind)) || ofAny
    return [name, readSection(value, path, ["kind", "tags", "groups"], fields, tell)] as const
  })
  checkNames("groups", groups, tell)
  checkNames("devices", devices, tell)
  return { defaults, kinds: new Map(kinds), groups: new Map(groups), devices: new Map(devices) }
}

/** `readSection` takes its words and the fields that there are. `own` are those that stand for no field of a device. */
const readSection = (
  given: unknown,
  path: Places.Path,
  own: ReadonlyArray<string>,
  known: KnownFields.KnownFields,
  tell: Tell
): Section => {
  // What says nothing has no fields.
  const all = given ?? {}
  if (!Source.isRecord(all)) tell(path, "this is no object; give its fields.")
  const stated = Object.entries(Source.isRecord(all) ? all : {}).filter(([, value]) => value !== undefined)
  const fields = stated.filter(([field]) => {
    if (own.includes(field)) return false
    if (field !== "name" && KnownFields.has(known, field)) return true
    tell([...path, field], field === "name" ? noName : noField(field, [...own, ...known.names]))
    return false
  })
  const ownValue = (field: string) => stated.find(([name]) => name === field && own.includes(name))?.[1]
  return {
    path,
    fields: new Map(fields),
    tags: words(ownValue("tags"), [...path, "tags"], tell),
    groups: words(ownValue("groups"), [...path, "groups"], tell),
    kind: ownValue("kind")
  }
}

const noName = "a device is called by what stands before its fields; leave this one out."

const noField = (field: string, known: ReadonlyArray<string>) =>
  `nothing here has such a field; ${Names.suggestion(field, known)}`

/** `unknownKind` says which kinds there are. */
export const unknownKind = (given: unknown, ids: ReadonlyArray<string>): string => {
  if (ids.length === 0) return "there are no kinds of devices; give plugins, such as Fmc.plugin."
  if (given === undefined) return `it is missing; give the kind of the device: ${ids.join(", ")}.`
  const known = typeof given === "string" ? Names.suggestion(given, ids) : `there are ${ids.join(", ")}.`
  return `there is no such kind of device among the plugins that are given; ${known} Devices of other kinds than the script's may be in an inventory whose plugins are given, too: plugins: [Fdm.plugin] of Main.workflow, or of Inventory.fromFile.`
}

const checkNames = (part: string, entries: ReadonlyArray<readonly [string, unknown]>, tell: Tell): void => {
  const seen = new Map<string, string>()
  for (const [name] of entries) {
    const fault = Names.nameFault(name)
    if (fault !== undefined) tell([part, name], fault)
    const same = seen.get(Names.sameNameAs(name))
    if (same !== undefined)
      tell(
        [part, name],
        `${JSON.stringify(same)} is there, too, and files on many disks could not tell the two apart; give one of them another name.`
      )
    seen.set(Names.sameNameAs(name), name)
  }
}

const maxWords = 100

/** `words` are a list of text, or text with `;`, `,` or white space between words, as in a table. */
const words = (given: unknown, path: Places.Path, tell: Tell): ReadonlyArray<string> => {
  const list: unknown = typeof given === "string" ? given.split(/[\s;,]+/).filter(Boolean) : (given ?? [])
  if (!Array.isArray(list) || list.length > maxWords) {
    tell(path, `this is no list of up to ${maxWords} words; give one such as [prod, emea].`)
    return []
  }
  return list.flatMap((word) => {
    // YAML reads 2024 as a number.
    const text = typeof word === "number" ? String(word) : word
    const fault = typeof text === "string" ? Names.nameFault(text) : "this is no list of words."
    if (fault !== undefined) tell(path, fault)
    return fault === undefined ? [text] : []
  })
}
