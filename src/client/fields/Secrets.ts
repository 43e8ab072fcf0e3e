import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as DeviceError from "../../transport/DeviceError.ts"
import * as Redaction from "../../transport/redaction/Redaction.ts"
import { isMask, isWriteOnly } from "./FieldEquality.ts"
import type { Fields } from "./ListEntry.ts"

/**
 * `Secrets` says which fields of an object hold secrets: the one place where that is decided. All do that are called so,
 * such as `password` (`FieldEquality.isWriteOnly`), and those that are declared.
 */
export interface Secrets {
  /** `isSecret` says whether the field of this name holds one. */
  readonly isSecret: (field: string) => boolean
  /** `below` says it of the fields of what this field holds; a list has those of its members. */
  readonly below: (field: string) => Secrets
}

/** `byName` knows fields by their names alone. */
const byName: Secrets = { isSecret: isWriteOnly, below: () => byName }

/** `declared` knows also those of these paths: `psk`, `ike.psk`, `keys[].psk`. */
export const declared = (paths: ReadonlyArray<string> = []): Secrets =>
  at(paths.map((path) => path.replaceAll("[]", "").split(".")))

const at = (paths: ReadonlyArray<ReadonlyArray<string>>): Secrets =>
  paths.length === 0
    ? byName
    : {
        isSecret: (field) =>
          isWriteOnly(field) || paths.some((path) => path.length === 1 && path[0] === field),
        below: (field) =>
          at(paths.flatMap(([first, ...rest]) => (first === field && rest.length > 0 ? [rest] : [])))
      }

/** `mask` stands in place of a secret. */
export const mask = "(secret)"

/**
 * `masked` gives a value as it may be read by anybody: what a script has redacted, and what lies in fields that hold
 * secrets, is masked at any depth.
 */
export const masked = (value: unknown, secrets: Secrets = byName): unknown => {
  if (Redacted.isRedacted(value)) return mask
  if (Array.isArray(value)) return value.map((one) => masked(one, secrets))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, one]) => [
      field,
      secrets.isSecret(field) && isGiven(one) ? mask : masked(one, secrets.below(field))
    ])
  )
}

/** `maskedFields` are the fields of an object in this way, as JSON says them; what holds one of the texts is masked, too. */
export const maskedFields = (
  fields: Fields,
  secrets: Secrets = byName,
  texts: ReadonlyArray<string> = []
): Fields =>
  JSON.parse(JSON.stringify(masked(fields, secrets)), (_, value) =>
    typeof value === "string" && holds(value, texts) ? mask : value
  )

/** `isMasked` says whether anything in a value is masked. */
export const isMasked = (value: unknown): boolean => holds(value, [mask])

/** `secretFields` are the paths of those fields of an object that hold secrets, or what a device shows in their place. */
export const secretFields = (fields: Fields, secrets: Secrets, path = ""): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([field, value]) => {
    const at = path === "" ? field : `${path}.${field}`
    if (isMask(value) || (secrets.isSecret(field) && isOne(field, value))) return [at]
    const members: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
    return members.flatMap((one) =>
      Predicate.isReadonlyRecord(one) ? secretFields(one, secrets.below(field), at) : []
    )
  })

/** `OfChange` is what of a change may hold secrets. */
interface OfChange {
  readonly objects: ReadonlyArray<{
    readonly name?: string | undefined
    readonly before?: Fields | undefined
    readonly after?: Fields | undefined
  }>
  readonly secrets?: ReadonlyArray<string> | undefined
}

/**
 * `textsOf` are the secrets of a change as texts, for where they stand outside of its fields: in what a device says of
 * it, in what its verb answers. Short ones stand in many words.
 */
export const textsOf = ({ objects, secrets }: OfChange): ReadonlyArray<string> => {
  const known = declared(secrets)
  const texts = objects.flatMap(({ after, before }) =>
    [before, after].flatMap((fields) => secretTexts(fields, known, false))
  )
  return [...new Set(texts)].filter((text) => text.length >= minLength && !isMask(text))
}

/** `minLength` is how long a secret is at least that is looked for within words: a shorter one stands in many. */
export const minLength = 6

const secretTexts = (value: unknown, secrets: Secrets, isSecret: boolean): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return secretTexts(Redacted.value(value), secrets, true)
  if (Array.isArray(value)) return value.flatMap((one) => secretTexts(one, secrets, isSecret))
  if (Predicate.isReadonlyRecord(value))
    return Object.entries(value).flatMap(([field, one]) =>
      secretTexts(one, secrets.below(field), isSecret || (secrets.isSecret(field) && isOne(field, one)))
    )
  return isSecret && (typeof value === "string" || typeof value === "number") ? [String(value)] : []
}

/** `holds` says whether one of the texts stands anywhere in a value. */
export const holds = (value: unknown, texts: ReadonlyArray<string>): boolean => {
  if (typeof value === "string" || typeof value === "number")
    return texts.some((text) => String(value).includes(text))
  return typeof value === "object" && value !== null && Object.values(value).some((one) => holds(one, texts))
}

/** `withoutEcho` masks in a device's refusal the secrets of what was sent, which it may repeat. */
export const withoutEcho = <E>(error: E, texts: ReadonlyArray<string>): E => {
  if (!(error instanceof DeviceError.DeviceRefused) || texts.length === 0) return error
  const { advice, isAbsent, operation, status, targetName } = error
  const messages = error.messages.map((words) =>
    Redaction.redact(
      words,
      texts.map((text) => Redacted.make(text))
    )
  )
  const refused = new DeviceError.DeviceRefused({
    targetName,
    operation,
    status,
    messages,
    ...(advice !== undefined && { advice }),
    ...(isAbsent !== undefined && { isAbsent })
  })
  // It is of the class that the error is of.
  return refused as E & DeviceError.DeviceRefused
}

/** `isOne` tells a secret from what is called like one, such as a list of comments that no rule shows again. */
const isOne = (field: string, value: unknown): boolean =>
  isGiven(value) && (typeof value === "string" || !isWriteOnly(field))

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== ""
