import { basename } from "node:path"
import * as Effect from "effect/Effect"
import type { Arguments } from "./Arguments.ts"
import { type Command, type CommandName, commands, flagsOf } from "./CommandTable.ts"
import type { InputField } from "./input/InputField.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `script` is what a shell runs to complete this command line. Fails with `WrongUsage` for another shell. */
export const script = (
  { operands: [shell, extra] }: Pick<Arguments, "operands">,
  called: string,
  fields: ReadonlyArray<InputField>
): Effect.Effect<string, WrongUsage> => {
  const made = shells.get(shell ?? "")
  return made === undefined || extra !== undefined
    ? refuse(`completion: for which shell? Give one of ${[...shells.keys()].join(", ")}.`)
    : Effect.succeed(made({ name: basename(called), flags: (command) => completedFlags(command, fields) }))
}

/** `Completed` is what there is to complete. */
interface Completed {
  readonly name: string
  readonly flags: (command: Command) => ReadonlyArray<CompletedFlag>
}

interface CompletedFlag {
  readonly flag: string
  readonly description: string
  /** `values` are offered behind it, `@files` with an @ before their names; `undefined` for a switch. */
  readonly values: ReadonlyArray<string> | "files" | "@files" | "any" | undefined
}

const completedFlags = (
  { name: command, takesInput }: Command,
  fields: ReadonlyArray<InputField>
): ReadonlyArray<CompletedFlag> => [
  ...(takesInput ? fields.flatMap(ofField) : []),
  ...flagsOf(command).map(
    ({ description, name, value }): CompletedFlag => ({
      flag: `--${name}`,
      description,
      values: value === undefined ? undefined : value === "FILE" ? "files" : "any"
    })
  )
]

const ofField = (field: InputField): ReadonlyArray<CompletedFlag> => {
  const { description = "", form } = field
  const flag = `--${field.flag}`
  const scalar = form._tag === "List" ? form.of : form
  switch (scalar._tag) {
    case "Boolean":
      return form._tag === "List"
        ? [{ flag, description, values: ["true", "false"] }]
        : [
            { flag, description, values: undefined },
            { flag: `--no-${field.flag}`, description, values: undefined }
          ]
    case "Choice":
      return [{ flag, description, values: scalar.choices.map(String) }]
    default:
      return [{ flag, description, values: form._tag === "Data" ? "@files" : "any" }]
  }
}

/** `quoted` is one word of a shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** `identifier` is part of the name of a function. */
const identifier = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "_")

/** `operandsOf` are the words that a command takes without a flag, as far as they are known. */
const operandsOf: Partial<Record<CommandName, ReadonlyArray<string>>> = {
  runs: ["list", "show"],
  completion: ["bash", "zsh", "fish"]
}

const bash = ({ flags, name }: Completed): string => {
  // A word of the list is expanded as one of the shell is.
  const offer = (words: ReadonlyArray<string>) =>
    `COMPREPLY=( $(compgen -W ${quoted(words.map(quoted).join("\n"))} -- "$word") )`
  const filesOf = (values: string) =>
    values === "@files" ? `COMPREPLY=( $(compgen -f -P @ -- "\${word#@}") ); ` : ""
  const cases = commands.map((command) => {
    const words = [...flags(command).map(({ flag }) => flag), ...(operandsOf[command.name] ?? [])]
    // Without an offer bash itself completes the names of files.
    const valued = flags(command).flatMap(({ flag, values }) =>
      values === undefined
        ? []
        : [`        ${flag}) ${typeof values === "string" ? filesOf(values) : `${offer(values)}; `}return ;;`]
    )
    return [
      `    ${command.name})`,
      '      case "$before" in',
      ...valued,
      "      esac",
      `      ${offer(words)} ;;`
    ].join("\n")
  })
  return `_${identifier(name)}() {
  local IFS=$'\\n' word="$2" before="$3"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${offer(commands.map(({ name: command }) => command))}
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o default -F _${identifier(name)} ${quoted(name)}
`
}

const zsh = ({ flags, name }: Completed): string => {
  const described = (text: string) => text.replace(/[[\]:\\]/g, "\\$&")
  const cases = commands.map((command) => {
    const specs = flags(command).map(({ description, flag, values }) => {
      const action =
        values === undefined
          ? ""
          : values === "any"
            ? ":value: "
            : typeof values === "string"
              ? `:file:${values === "files" ? "_files" : "{compset -P @; _files}"}`
              : `:value:(${values.map((one) => one.replace(/[\s():\\]/g, "\\$&")).join(" ")})`
      return `        ${quoted(`*${flag}[${described(description)}]${action}`)}`
    })
    const operands = operandsOf[command.name]
    const rest = operands === undefined ? "*:file:_files" : `*:word:(${operands.join(" ")})`
    return `      ${command.name}) _arguments \\\n${[...specs, `        ${quoted(rest)}`].join(" \\\n")} ;;`
  })
  return `#compdef ${name}
_${identifier(name)}() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map((one) => quoted(`${one.name}:${described(one.description)}`)).join(" ")})
    _describe command commands
  else
    local command="$words[2]"
    shift words
    (( CURRENT-- ))
    case "$command" in
${cases.join("\n")}
    esac
  fi
}
compdef _${identifier(name)} ${quoted(name)}
`
}

const fish = ({ flags, name }: Completed): string => {
  const own = `complete -c ${fishQuoted(name)}`
  const lines = commands.flatMap((command) => {
    const within = `-n ${fishQuoted(`__fish_seen_subcommand_from ${command.name}`)}`
    return [
      `${own} -f -n __fish_use_subcommand -a ${command.name} -d ${fishQuoted(command.description)}`,
      ...(operandsOf[command.name] ?? []).map((word) => `${own} -f ${within} -a ${word}`),
      ...flags(command).map(({ description: what, flag, values }) => {
        const value =
          values === undefined
            ? ""
            : values === "any"
              ? " -x"
              : typeof values === "string"
                ? " -r -F"
                : ` -x -a ${fishQuoted(values.map(fishQuoted).join(" "))}`
        return `${own} ${within} -l ${fishQuoted(flag.slice(2))}${value} -d ${fishQuoted(what)}`
      })
    ]
  })
  return `${lines.join("\n")}\n`
}

const fishQuoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`

const shells: ReadonlyMap<string, (completed: Completed) => string> = new Map([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish]
])
