import type { Mutant } from "./mutants.ts"

const region = "src/commandline/progress/LiveRegion.ts"
const tests = "commandline/progress.test.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "draws what a device is called as it is",
    file: "src/commandline/progress/FleetProgress.ts",
    from: "padded(printable(name), nameWidth)",
    to: "padded(name, nameWidth)",
    tests: [`${tests}: lets no name move the cursor`]
  },
  {
    name: "draws over a question",
    file: region,
    from: "if (isClosed || isLineOpen || lines.length === 0) return",
    to: "if (isClosed || lines.length === 0) return",
    tests: [`${tests}: for a question, until it is answered`]
  },
  {
    name: "forgets that a terminal which becomes narrower breaks lines",
    file: region,
    from: "if (broken > 0)",
    to: "if (broken < 0)",
    tests: [`${tests}: leaves nothing behind where the terminal becomes`]
  },
  {
    name: "leaves what is drawn where others write",
    file: region,
    from: "    clear()\n    isLineOpen = ",
    to: "    isLineOpen = ",
    tests: [`${tests}: for the key that the terminal shows by itself`]
  },
  {
    name: "draws into a pipe",
    file: "src/commandline/Caller.ts",
    from: 'isTTY === true && environment.TERM !== "dumb"',
    to: 'environment.TERM !== "dumb"',
    tests: [`${tests}: into a pipe`]
  },
  {
    name: "takes what was typed before a question for its answer",
    file: "src/workflow/guards/TerminalApproval.ts",
    from: "Effect.zipRight(TypedAhead.discard(input), asking)",
    to: "asking",
    tests: ["workflow/askOnTerminal.test.ts: is no answer to it"]
  },
  {
    name: "takes an undo that has begun for one that is over",
    file: "src/workflow/run/account/Account.ts",
    from: "ended === undefined || isUndoOpen(history)",
    to: "ended === undefined",
    tests: ["commandline/undoing.test.ts: that was killed before anything was taken back is told as that"]
  },
  {
    name: "lets the words of an error move the cursor",
    file: "src/process/FailureText.ts",
    from: "    .map(printableLines)\n",
    to: "",
    tests: ["process/FailureText.test.ts: a failure moves no cursor"]
  }
]
