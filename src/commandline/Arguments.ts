import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { nearest } from "../validation/Spelling.ts"
import { type Command, type CommandName, commandNamed, commands, flagsOf } from "./CommandTable.ts"
import type { InputField } from "./input/InputField.ts"
import { noCommand, WrongUsage } from "./WrongUsage.ts"

/** `Arguments` are the words of a command line, told apart. */
export interface Arguments {
  readonly command: CommandName | undefined
  /** `wantsHelp` says that the command is to be told of, and not carried out. */
  readonly wantsHelp: boolean
  /** `values` are those of flags that have some, by their names; a switch has none. */
  readonly values: ReadonlyMap<string, ReadonlyArray<string>>
  /** `switches` are those that are given: `no-deploy` is `deploy` with false. */
  readonly switches: ReadonlyMap<string, boolean>
  /** `operands` are the words without a flag. */
  readonly operands: ReadonlyArray<string>
}

/** `parse` tells the words apart. Fails with `WrongUsage`, which says all that is wrong. */
export const parse = (
  words: ReadonlyArray<string>,
  fields: ReadonlyArray<InputField>
): Effect.Effect<Arguments, WrongUsage> => {
  const [first, ...others] = words
  if (first === "--help" || first === "-h" || first === "help") {
    return Effect.succeed({
      command: commandNamed(others[0])?.name,
      wantsHelp: true,
      values: new Map(),
      switches: new Map(),
      operands: []
    })
  }
  const command = commandNamed(first)
  return command === undefined
    ? noCommand(first, commands)
    : parseFor(command, others, command.takesInput ? fields : [])
}

/** `Known` is a flag that a command has: one that is on or off, or one with a value. */
type Known =
  | { readonly _tag: "Switch"; readonly sets: string; readonly isOn: boolean }
  | { readonly _tag: "Value"; readonly isNumber: boolean; readonly repeats: boolean }

const parseFor = (
  command: Command,
  words: ReadonlyArray<string>,
  fields: ReadonlyArray<InputField>
): Effect.Effect<Arguments, WrongUsage> => {
  const known = knownFlags(command.name, fields)
  const shorts = new Map(flagsOf(command.name).flatMap(({ name, short }) => (short ? [[short, name]] : [])))
  const options = Object.fromEntries(
    [...known].map(([name, { _tag }]) => [
      name,
      { type: _tag === "Value" ? ("string" as const) : ("boolean" as const) }
    ])
  )
  // Its own errors do not say which flag was probably meant, and stop at the first.
  const { tokens } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  const values = new Map<string, ReadonlyArray<string>>()
  const switches = new Map<string, boolean>()
  const operands: Array<string> = []
  const wrong: Array<string> = []
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value)
    if (token.kind !== "option") continue
    const { inlineValue, rawName, value } = token
    const name = rawName.startsWith("--") ? token.name : (shorts.get(token.name) ?? rawName)
    const flag = known.get(name)
    if (flag === undefined) wrong.push(unknownFlag(rawName, command.name, known.keys()))
    else if (flag._tag === "Switch") {
      const before = switches.get(flag.sets)
      if (value !== undefined) wrong.push(`--${name}: it takes no value; give it alone.`)
      if (before !== undefined && before !== flag.isOn)
        wrong.push(`--${flag.sets}: it is given with and without no-; give one of the two.`)
      switches.set(flag.sets, flag.isOn)
    } else if (value === undefined || value === "") wrong.push(`--${name}: a value has to stand behind it.`)
    else if (!inlineValue && isLikeFlag(value, flag.isNumber))
      wrong.push(
        `--${name}: ${value} looks like a flag; give --${name}=${value} where it is meant as its value.`
      )
    else if (values.has(name) && !flag.repeats)
      wrong.push(`--${name}: it is given more than once; give it once.`)
    else values.set(name, [...(values.get(name) ?? []), value])
  }
  const [extra] = command.operands.length === 0 ? operands : []
  // Behind a flag that is none it is the value of that.
  if (extra !== undefined && wrong.length === 0)
    wrong.push(`${extra}: nobody knows what it is for; values stand behind their flags.`)
  const wantsHelp = switches.get("help") === true
  if (!wantsHelp && wrong.length > 0) return new WrongUsage({ sentences: wrong })
  return Effect.succeed({ command: command.name, wantsHelp, values, switches, operands })
}

const knownFlags = (command: CommandName, fields: ReadonlyArray<InputField>): ReadonlyMap<string, Known> => {
  const own = flagsOf(command).map(({ name, repeats = false, value }): readonly [string, Known] => [
    name,
    value === undefined
      ? { _tag: "Switch", sets: name, isOn: true }
      : { _tag: "Value", isNumber: false, repeats }
  ])
  const ofInput = fields.flatMap(({ flag, form }): ReadonlyArray<readonly [string, Known]> => {
    if (form._tag === "Boolean")
      return [
        [flag, { _tag: "Switch", sets: flag, isOn: true }],
        [`no-${flag}`, { _tag: "Switch", sets: flag, isOn: false }]
      ]
    const isNumber = (form._tag === "List" ? form.of : form)._tag === "Number"
    return [[flag, { _tag: "Value", isNumber, repeats: form._tag === "List" }]]
  })
  return new Map([...own, ...ofInput])
}

// A negative number is a value.
const isLikeFlag = (value: string, isNumber: boolean): boolean =>
  value.startsWith("-") && value !== "-" && !(isNumber && /^-[\d.]/.test(value))

const unknownFlag = (given: string, command: CommandName, names: Iterable<string>): string => {
  const meant = given.startsWith("--") ? nearest(given.slice(2), names) : undefined
  return meant === undefined
    ? `${given}: ${command} has no such flag; ${command} --help lists those that it has.`
    : `${given}: ${command} has no such flag; did you mean --${meant}?`
}
