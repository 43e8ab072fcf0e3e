/** `CommandName` is what a script can be told to do. */
export type CommandName = "plan" | "run" | "resume" | "undo" | "runs" | "completion"

/** `Command` is one of them, as help tells of it. */
export interface Command {
  readonly name: CommandName
  readonly description: string
  /** `operands` are the words behind it, as help writes them. */
  readonly operands: ReadonlyArray<string>
  /** `takesInput` says whether the fields of the input are its flags. */
  readonly takesInput: boolean
}

export const commands: ReadonlyArray<Command> = [
  {
    name: "plan",
    description: "shows what it would do, and changes nothing",
    operands: [],
    takesInput: true
  },
  {
    name: "run",
    description: "makes the plan, shows it, asks, and carries it out",
    operands: [],
    takesInput: true
  },
  {
    name: "resume",
    description: "goes on with a run that was killed, or left as it was; does nothing twice",
    operands: ["RUN"],
    takesInput: true
  },
  {
    name: "undo",
    description: "takes back what a run has done",
    operands: ["RUN"],
    takesInput: false
  },
  {
    name: "runs",
    description: "lists the runs that have a journal, or shows the report of one",
    operands: ["[list | show RUN]"],
    takesInput: false
  },
  {
    name: "completion",
    description: "prints what completes this command line in bash, zsh or fish",
    operands: ["SHELL"],
    takesInput: false
  }
]

/** `CommandFlag` is a flag that is no field of the input. */
export interface CommandFlag {
  readonly name: string
  readonly short?: string
  /** `value` is what stands behind it, as help calls it; without one it is a switch. */
  readonly value?: string
  readonly repeats?: boolean
  readonly description: string
  readonly commands: ReadonlyArray<CommandName>
}

const withDevices: ReadonlyArray<CommandName> = ["plan", "run", "resume", "undo"]

/** `flags` are in the order in which help has them. */
const flags: ReadonlyArray<CommandFlag> = [
  {
    name: "device",
    value: "PART=PREFIX",
    repeats: true,
    description: "which device plays a part: the prefix of its variables, as FMC for FMC_URL and its like",
    commands: withDevices
  },
  {
    name: "input",
    value: "FILE",
    description: "the whole input, as JSON or YAML; what flags give besides goes before it",
    commands: ["plan", "run", "resume"]
  },
  {
    name: "yes",
    short: "y",
    description: "carries out the plan without asking",
    commands: ["run"]
  },
  {
    name: "limit",
    value: "N",
    description: "changes no more than N objects",
    commands: ["run", "resume"]
  },
  {
    name: "detailed-exitcode",
    description: "exits with 2 where there is something to change",
    commands: ["plan"]
  },
  {
    name: "report",
    value: "FILE",
    description: "writes the plan or the report to a file too: .json, .md for a change ticket, or .html",
    commands: withDevices
  },
  {
    name: "quiet",
    short: "q",
    description: "tells nothing but the end",
    commands: ["run", "resume", "undo"]
  },
  {
    name: "json",
    description: "prints JSON: of a run each event, on a line of its own",
    commands: [...withDevices, "runs"]
  },
  {
    name: "help",
    short: "h",
    description: "shows this",
    commands: [...withDevices, "runs", "completion"]
  }
]

/**
 * `reserved` are the names that no field of an input has for its flag: it is `--input.limit` then. Those that fleets will
 * have are among them, so that the flags of a script stay what they are.
 */
export const reserved: ReadonlySet<string> = new Set([
  ...flags.map(({ name }) => name),
  ...["inventory", "tag", "wave", "concurrency", "rerun"]
])

/** `flagsOf` are those of a command. */
export const flagsOf = (command: CommandName): ReadonlyArray<CommandFlag> =>
  flags.filter(({ commands }) => commands.includes(command))
