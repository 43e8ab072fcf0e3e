import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import type * as Places from "../documents/Places.ts"
import * as KindConfig from "../plugin/KindConfig.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as EnvironmentFields from "../validation/EnvironmentFields.ts"
import type { MergedDevice, MergedField } from "./Merging.ts"
import * as Source from "./Source.ts"

/** `Decoded` is what a device is opened with. */
export type Decoded = KindConfig.DecodedDevice<object>

/**
 * `check` says what is wrong with a device, and looks at nothing outside the inventory: a file of a certificate that is
 * missing concerns only who opens the device. Fails with the fault.
 */
export const check = (
  device: MergedDevice<AnyPlugin>,
  source: Source.Source
): Effect.Effect<void, Places.Fault> => {
  const trust = device.fields.get("trust")
  const fields = new Map(device.fields)
  if (trust !== undefined && isFileOfTrust(trust.value)) fields.set("trust", { ...trust, value: "system" })
  return Effect.asVoid(decode({ ...device, fields }, source))
}

const isFileOfTrust = (given: unknown): boolean =>
  Source.isRecord(given) &&
  typeof given.caFile === "string" &&
  given.caFile !== "" &&
  Object.keys(given).length === 1

/** `decode` gives what a device is opened with. Fails with what is wrong. */
export const decode = (
  device: MergedDevice<AnyPlugin>,
  source: Source.Source
): Effect.Effect<Decoded, Places.Fault> => {
  const { fields, name, plugin } = device
  const given = Object.fromEntries(
    [...fields].map(([field, merged]) => [field, valueOf(field, merged, plugin, source)])
  )
  return Effect.mapError(KindConfig.decode(plugin, given, `devices.${name}`, name), (error) =>
    faultOf(error, device)
  )
}

/** `valueOf` gives a value as the device takes it: paths from the file's folder, and numbers where a table has text. */
const valueOf = (
  field: string,
  { path, value }: MergedField,
  plugin: AnyPlugin,
  source: Source.Source
): unknown => {
  // What code says beside a file is no part of the file.
  if (source.folder === undefined || source.placeOf(path) === undefined) return value
  if (typeof value === "string" && source.isText) {
    const schema = TargetConfig.isTargetField(field) ? TargetConfig.TargetConfig : plugin.config
    return EnvironmentFields.fieldValue(schema, field, value)
  }
  const name = field === "trust" ? "caFile" : field === "credentials" ? "passwordFile" : undefined
  const file = name !== undefined && Source.isRecord(value) ? value[name] : undefined
  return name === undefined || typeof file !== "string" || file === ""
    ? value
    : { ...(value as object), [name]: resolve(source.folder, file) }
}

/** `faultOf` finds out where the field stands that is wrong: in the device, or in what it has its fields from. */
const faultOf = ({ field, message }: InvalidInput, { fields, name }: MergedDevice<unknown>): Places.Fault => {
  const prefix = `devices.${name}.`
  const [first = "", ...deeper] = (field.startsWith(prefix) ? field.slice(prefix.length) : "").split(".")
  const path = fields.get(first)?.path ?? ["devices", name, ...(first === "" ? [] : [first])]
  const sentence = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message
  return { path: [...path, ...deeper], sentence }
}
