/** `CommandName` is what a script can be told to do. */
export type CommandName = "plan" | "drift" | "run" | "resume" | "undo" | "runs" | "completion"

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
    name: "drift",
    description: "shows what is not as it is wanted, once or on a schedule, and changes nothing",
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
    description: "shows what a run has done, asks, and takes it back",
    operands: ["RUN"],
    takesInput: false
  },
  {
    name: "runs",
    description: "lists the runs and fleets that have a journal, or shows the report of one",
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

/** `commandNamed` is the command of this name; `undefined` where there is none. */
export const commandNamed = (name: string | undefined): Command | undefined =>
  commands.find((one) => one.name === name)

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

const withDevices: ReadonlyArray<CommandName> = ["plan", "drift", "run", "resume", "undo"]

/** `flags` are in the order in which help has them. */
const flags: ReadonlyArray<CommandFlag> = [
  {
    name: "device",
    value: "PART=PREFIX",
    repeats: true,
    description:
      "which device plays a part: the prefix of its variables, as FMC for FMC_URL and its like; with --inventory its name there",
    commands: withDevices
  },
  {
    name: "inventory",
    value: "FILE",
    description:
      "devices by their names, as YAML, JSON or CSV; a workflow of one part is run on each, or on those that --device 'branch-*' and --tag select",
    commands: withDevices
  },
  {
    name: "tag",
    value: "TAG",
    repeats: true,
    description: "the devices of the inventory that have this tag",
    commands: withDevices
  },
  {
    name: "input",
    value: "FILE",
    description: "the whole input, as JSON or YAML; what flags give besides goes before it",
    commands: ["plan", "drift", "run", "resume"]
  },
  {
    name: "plan",
    value: "FILE",
    description:
      "holds it to a plan that plan --report FILE.json has kept: asks nobody, and refuses what has another plan by now",
    commands: ["run"]
  },
  {
    name: "yes",
    short: "y",
    description: "carries it out without asking",
    commands: ["run", "undo"]
  },
  {
    name: "limit",
    value: "N",
    description: "changes no more than N objects",
    commands: ["run", "resume"]
  },
  {
    name: "wait-for-device",
    description: "waits for a device on which another run works, where it would be refused",
    commands: ["run", "resume", "undo"]
  },
  {
    name: "concurrency",
    value: "N",
    description: "on how many devices of a fleet at once; 10 without it",
    commands: withDevices
  },
  {
    name: "canary",
    value: "N",
    description:
      "how many devices of a fleet come first, and have to be done: a number or a part, such as 5%",
    commands: ["run"]
  },
  {
    name: "wave",
    value: "N",
    repeats: true,
    description:
      "how many come then, wave by wave, each of which has to be well: a number or a part; the last one repeats",
    commands: ["run"]
  },
  {
    name: "stop-after",
    value: "N",
    description: "at how many failures of the whole fleet nothing more is begun: a number or a part",
    commands: ["run"]
  },
  {
    name: "rerun",
    value: "FLEET",
    description: "runs on what was not done of this fleet alone",
    commands: ["run"]
  },
  {
    name: "detailed-exitcode",
    description: "exits with 2 where there is something to change",
    commands: ["plan"]
  },
  {
    name: "every",
    value: "WHEN",
    description:
      "looks again and again: after a time, such as '10 minutes', or at those of a crontab, such as '0 6 * * 1-5'",
    commands: ["drift"]
  },
  {
    name: "report",
    value: "FILE",
    repeats: true,
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

/** `reserved` are the names that no field of an input has for its flag: it is `--input.limit` then. */
export const reserved: ReadonlySet<string> = new Set(flags.map(({ name }) => name))

/** `flagsOf` are those of a command. */
export const flagsOf = (command: CommandName): ReadonlyArray<CommandFlag> =>
  flags.filter(({ commands }) => commands.includes(command))
