import type * as Places from "../documents/Places.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type * as Filter from "./Filter.ts"
import * as KnownFields from "./KnownFields.ts"
import * as Names from "./Names.ts"
import * as Sections from "./Sections.ts"

/** `MergedField` is what a device has in a field, and where that stands. */
export interface MergedField {
  readonly value: unknown
  readonly path: Places.Path
  /** `from` is the layer that it is from: `device`, `group emea`, `kind fdm` or `defaults`. */
  readonly from: string
}

/** `MergedDevice` is a device with all that it has from its groups, its kind and the defaults. */
export interface MergedDevice<P> extends Filter.Known {
  readonly plugin: P
  /** `fields` are what it is opened with. */
  readonly fields: ReadonlyMap<string, MergedField>
  /** `origins` say where kind, tags and groups are from. */
  readonly origins: ReadonlyArray<MergedField & { readonly field: string }>
}

interface Layer {
  readonly from: string
  readonly section: Sections.Section
}

/**
 * `merge` gives each device what it says itself, else what the first of its groups says that says it, else its kind,
 * else the defaults. A value is taken whole, whatever is in it; tags are joined. What groups and defaults say for other
 * kinds of devices is none of its. A kind or a group that there is not is told.
 */
export const merge = <P extends AnyPlugin>(
  { defaults, devices, groups, kinds }: Sections.Sections,
  plugins: ReadonlyArray<P>,
  tell: Sections.Tell
): ReadonlyArray<MergedDevice<P>> => {
  const known = new Map(plugins.map((plugin) => [plugin.id, { plugin, fields: KnownFields.ofKind(plugin) }]))
  return [...devices].flatMap(([name, section]) => {
    for (const group of section.groups) {
      if (!groups.has(group))
        tell(
          [...section.path, "groups"],
          `there is no group ${JSON.stringify(group)}; ${Names.suggestion(group, [...groups.keys()])}`
        )
    }
    const saysKind = section.kind === undefined && defaults.kind !== undefined ? defaults : section
    const found = known.get(saysKind.kind as string)
    if (found === undefined) {
      tell([...saysKind.path, "kind"], Sections.unknownKind(saysKind.kind, [...known.keys()]))
      return []
    }
    const { fields, plugin } = found
    const above = { from: "device", section }
    const layers: ReadonlyArray<Layer> = [
      above,
      ...section.groups.flatMap((group) => layerOf(`group ${group}`, groups.get(group))),
      ...layerOf(`kind ${plugin.id}`, kinds.get(plugin.id)),
      { from: "defaults", section: defaults }
    ]
    const tagging = layers.filter((layer) => layer.section.tags.length > 0)
    const tags = [...new Set(tagging.flatMap((layer) => layer.section.tags))]
    const kindFrom = saysKind === defaults ? "defaults" : "device"
    return [
      {
        name,
        kind: plugin.id,
        tags,
        groups: section.groups,
        plugin,
        fields: fieldsOf(layers, fields),
        origins: [
          originOf("kind", plugin.id, [{ from: kindFrom, section: saysKind }]),
          originOf("tags", tags, tagging),
          originOf("groups", section.groups, section.groups.length > 0 ? [above] : [])
        ].flat()
      }
    ]
  })
}

const layerOf = (from: string, section: Sections.Section | undefined): ReadonlyArray<Layer> =>
  section === undefined ? [] : [{ from, section }]

const fieldsOf = (
  layers: ReadonlyArray<Layer>,
  known: KnownFields.KnownFields
): ReadonlyMap<string, MergedField> => {
  const fields = new Map<string, MergedField>()
  for (const { from, section } of layers) {
    for (const [name, value] of section.fields) {
      if (KnownFields.has(known, name) && !fields.has(name))
        fields.set(name, { value, path: [...section.path, name], from })
    }
  }
  return fields
}

/** `originOf` says where a value is from that several layers may have a share in. */
const originOf = (field: string, value: unknown, layers: ReadonlyArray<Layer>) => {
  const [first] = layers
  if (first === undefined) return []
  const from = layers.map((layer) => layer.from).join(", ")
  return [{ field, value, path: [...first.section.path, field], from }]
}
