import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { mask } from "../../client/fields/Secrets.ts"
import type { Arguments } from "../Arguments.ts"
import type { Caller } from "../Caller.ts"
import { refuse, WrongUsage } from "../WrongUsage.ts"
import { put } from "./CsvRows.ts"
import * as DataFile from "./DataFile.ts"
import { faultsIn, type InputFault } from "./InputFault.ts"
import type { InputField } from "./InputField.ts"
import * as ScalarText from "./ScalarText.ts"
import * as SecretValue from "./SecretValue.ts"

/** `InputValues` is an input as it was given. */
export interface InputValues {
  readonly input: unknown
  /** `notices` are what whoever gave it should know. */
  readonly notices: ReadonlyArray<string>
}

/**
 * `collect` gathers an input: from flags, from files, and secrets from where they are kept. `base` is what is there
 * already. Fails with `WrongUsage`, which says of each fault where it stands.
 */
export const collect = (
  schema: Schema.Schema.AnyNoContext,
  fields: ReadonlyArray<InputField>,
  given: Arguments,
  caller: Caller,
  base: unknown
): Effect.Effect<InputValues, WrongUsage> =>
  Effect.gen(function* () {
    const reader = DataFile.make(caller)
    const [path] = given.values.get("input") ?? []
    const whole = path === undefined ? undefined : yield* reader.read(fileIn(path) ?? path, data)
    if (whole !== undefined && !Predicate.isReadonlyRecord(whole.value))
      return yield* refuse(`--input: ${path} holds no object; give one with the fields of the input.`)
    const input: Record<string, unknown> = {}
    for (const one of [base, whole?.value]) if (Predicate.isReadonlyRecord(one)) Object.assign(input, one)
    const files = new Map<InputField, DataFile.DataFile>()
    const isSecret = ({ form }: InputField) => form._tag === "Secret"
    for (const field of fields.filter((one) => !isSecret(one))) {
      const value = yield* flagValue(field, given, reader, (file) => files.set(field, file))
      if (value !== undefined) put(input, field.path, value)
    }
    // Nobody is asked for a secret before the rest can be read.
    for (const field of fields.filter(isSecret)) {
      const value = yield* secretValue(field, given, caller, reader, valueAt(input, field.path))
      if (value !== undefined) put(input, field.path, value)
    }
    const decoded = Schema.decodeUnknownEither(schema, parseOptions)(input)
    if (Either.isLeft(decoded)) {
      const faults = faultsIn(schema, decoded.left)
      const told = yield* Effect.forEach(faults.slice(0, maxTold), (fault) =>
        placed(fault, fields, files, whole)
      )
      const more = faults.length - told.length
      return yield* new WrongUsage({ sentences: [...told, ...(more > 0 ? [`And ${more} more.`] : [])] })
    }
    return { input, notices: [...files.values()].flatMap(({ notices }) => notices) }
  })

const data: InputField["form"] = { _tag: "Data", columns: undefined }
const parseOptions = { errors: "all", onExcessProperty: "error" } as const
const maxTold = 10

/** `fileIn` is the path behind an @, or `-` for standard input; two @ stand for a value that begins with one. */
const fileIn = (given: string): string | undefined => {
  if (given === "-") return given
  return given.startsWith("@") && !given.startsWith("@@") ? given.slice(1) : undefined
}

/** `flagValue` is what is given for a field, if anything is. */
const flagValue = (
  { flag, form }: InputField,
  { switches, values }: Arguments,
  reader: DataFile.Reader,
  keep: (file: DataFile.DataFile) => void
): Effect.Effect<unknown, WrongUsage> =>
  Effect.gen(function* () {
    const [first, ...others] = values.get(flag) ?? []
    if (form._tag === "Boolean") return switches.get(flag)
    if (first === undefined || form._tag === "Secret") return undefined
    if (form._tag !== "Data" && form._tag !== "List") return ScalarText.valueOf(form, first)
    const path = fileIn(first)
    if (path !== undefined && others.length > 0)
      return yield* refuse(`--${flag}: give one file, or values, and not both.`)
    if (path !== undefined) {
      const file = yield* reader.read(path, form)
      keep(file)
      return file.value
    }
    if (form._tag === "List")
      return [first, ...others].map((one) => ScalarText.valueOf(form.of, one.replace(/^@@/, "@")))
    return yield* refuse(
      `--${flag}: what stands there has to be read from a file; give @FILE, or @- for standard input.`
    )
  })

/** `secretValue` is the same for a secret. `there` is what stands there already. */
const secretValue = (
  field: InputField,
  { values }: Arguments,
  caller: Caller,
  reader: DataFile.Reader,
  there: unknown
): Effect.Effect<unknown, WrongUsage> => {
  const { flag, form, isRequired } = field
  const [given] = values.get(flag) ?? []
  const wrapped = (secret: unknown) =>
    form._tag === "Secret" && form.isWrapped && typeof secret === "string" ? Redacted.make(secret) : secret
  // A mask is what a journal keeps of one.
  const isNeeded = there === mask || (there === undefined && isRequired)
  if (given === undefined && !isNeeded) return Effect.succeed(wrapped(there))
  return Effect.map(SecretValue.read(field, given ?? "prompt", caller, reader), wrapped)
}

const valueAt = (input: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((value, name) => (Predicate.isReadonlyRecord(value) ? value[name] : undefined), input)

/** `placed` says of a fault where it stands: in a file, or at a flag. */
const placed = (
  { path, sentence }: InputFault,
  fields: ReadonlyArray<InputField>,
  files: ReadonlyMap<InputField, DataFile.DataFile>,
  whole: DataFile.DataFile | undefined
): Effect.Effect<string> =>
  Effect.gen(function* () {
    const name = path.map(String).join(".")
    const field = fields.find((one) => one.path.every((part, at) => part === path[at]))
    const file = field && files.get(field)
    if (field !== undefined && file !== undefined)
      return `${yield* file.placeOf(path.slice(field.path.length))}: ${name}: ${sentence}`
    if (whole !== undefined && valueAt(whole.value, path.slice(0, 1).map(String)) !== undefined)
      return `${yield* whole.placeOf(path)}: ${name}: ${sentence}`
    return field === undefined ? `${name || "input"}: ${sentence}` : `--${field.flag}: ${sentence}`
  })
