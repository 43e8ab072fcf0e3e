import { type Command, type CommandName, commandNamed, commands, flagsOf } from "./CommandTable.ts"
import type { InputField } from "./input/InputField.ts"
import * as ScalarText from "./input/ScalarText.ts"

/** `HelpTopic` is the script that help tells of. */
interface HelpTopic {
  /** `called` is by what it is called. */
  readonly called: string
  readonly fields: ReadonlyArray<InputField>
  readonly options: { readonly description?: string | undefined }
  readonly workflow: { readonly devices: object }
}

/** `text` tells of a command, or of all of them. */
export const text = (name: CommandName | undefined, topic: HelpTopic): string => {
  const { description } = topic.options
  const command = commandNamed(name)
  return [
    ...(description === undefined ? [] : [description, ""]),
    ...(command === undefined ? overview(topic) : ofCommand(command, topic)),
    ""
  ].join("\n")
}

const overview = ({ called, fields }: HelpTopic): ReadonlyArray<string> => [
  `Usage: ${called} COMMAND [FLAGS]`,
  ...section(
    "Commands",
    commands.map((one) => [[one.name, ...one.operands].join(" "), one.description])
  ),
  ...inputSection(fields),
  "",
  `${called} COMMAND --help tells of its flags.`
]

const ofCommand = (
  { description, name, operands, takesInput }: Command,
  { called, fields, workflow }: HelpTopic
): ReadonlyArray<string> => {
  const parts = Object.keys(workflow.devices).join(", ")
  const flags = flagsOf(name).map((flag): Row => {
    const short = flag.short === undefined ? "" : `-${flag.short}, `
    const value = flag.value === undefined ? "" : ` ${flag.value}`
    const which = flag.name === "device" && parts !== "" ? `; parts: ${parts}` : ""
    return [`${short}--${flag.name}${value}`, `${flag.description}${which}`]
  })
  return [
    `Usage: ${[called, name, ...operands, "[FLAGS]"].join(" ")}`,
    "",
    `${description.slice(0, 1).toUpperCase()}${description.slice(1)}.`,
    ...(takesInput ? inputSection(fields) : []),
    ...section("Flags", flags)
  ]
}

type Row = readonly [left: string, right: string]

const section = (head: string, rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  rows.length === 0 ? [] : ["", `${head}:`, ...columns(rows)]

const inputSection = (fields: ReadonlyArray<InputField>): ReadonlyArray<string> =>
  section(
    "Input",
    fields.map((field): Row => [`${prefixOf(field)}${field.flag}${valueOf(field)}`, wordsOf(field)])
  )

const prefixOf = ({ form }: InputField): string => (form._tag === "Boolean" ? "--[no-]" : "--")

const valueOf = ({ form }: InputField): string => {
  switch (form._tag) {
    case "Boolean":
      return ""
    case "Number":
      return " N"
    case "List":
      return " VALUE ..."
    case "Data":
      return " @FILE"
    case "Secret":
      return " PLACE"
    default:
      return " VALUE"
  }
}

const wordsOf = (field: InputField): string => {
  const { default: standing, description, examples, form, isRequired } = field
  const isNeeded = isRequired && standing === undefined && form._tag !== "Secret"
  return [
    description,
    formWords(field),
    examples.length === 0 ? undefined : `for example ${examples.join(" or ")}`,
    standing === undefined ? undefined : `default ${standing}`,
    isNeeded ? "needed" : undefined
  ]
    .filter((part) => part !== undefined)
    .join("; ")
}

const formWords = ({ form, isRequired }: InputField): string | undefined => {
  switch (form._tag) {
    case "Choice":
      return ScalarText.describe(form)
    case "List":
      return `as often as there are values, or once as @FILE with a value in each line${form.of._tag === "Choice" ? `: ${ScalarText.describe(form.of)}` : ""}`
    case "Data":
      return form.columns === undefined
        ? "JSON or YAML; @- is standard input"
        : `CSV, JSON or YAML, @- is standard input; with ${form.columns.map(columnName).join(", ")}`
    case "Secret":
      return `where the secret is: env:NAME, file:PATH or prompt${isRequired ? "; without the flag it is asked for" : ""}`
    default:
      return undefined
  }
}

const columnName = ({ isRequired, path }: InputField): string =>
  isRequired ? path.join(".") : `[${path.join(".")}]`

/** `columns` puts what is explained on the left, and breaks what explains it. */
const columns = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const width = Math.min(maxLeft, Math.max(0, ...rows.map(([left]) => left.length)))
  const indent = " ".repeat(width + 4)
  return rows.flatMap(([left, right]) => {
    const lines = broken(right, maxWidth - indent.length).map((line) => `${indent}${line}`)
    const [first = "", ...rest] = lines
    return left.length > width
      ? [`  ${left}`, ...lines]
      : [`  ${left.padEnd(width)}  ${first.trimStart()}`.trimEnd(), ...rest]
  })
}

const maxLeft = 34
const maxWidth = 100

/** `broken` gives the lines of a text that none is wider than `width` of, but for a word that is. */
const broken = (given: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of given.split(/\s+/)) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line)
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, line]
}
