import type { Mutant } from "./mutants.ts"

const guards = "src/workflow/guards/Guards.ts"
const window = "src/workflow/guards/ChangeWindow.ts"
const terminal = "src/workflow/guards/TerminalApproval.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "counts a plan only while it is carried out",
    file: guards,
    from: "Limit.excess(limit, Limit.countsOf(plan.changes.map(({ action }) => action)))",
    to: "undefined",
    tests: ["workflow/guards.test.ts: of a number counts all that is changed"]
  },
  {
    name: "counts what a guard refused",
    file: "src/workflow/guards/Limit.ts",
    from: "return [over, over === undefined ? after : before]",
    to: "return [over, after]",
    tests: [
      "workflow/guards.test.ts: goes on counting while the run writes, and does not count what it refused"
    ]
  },
  {
    name: "takes an object for one that may be touched by one of its two names",
    file: "src/workflow/guards/Only.ts",
    from: '(own.length === 0 ? [""] : own).every',
    to: '(own.length === 0 ? [""] : own).some',
    tests: ["workflow/guards.test.ts: holds for both names of what is renamed"]
  },
  {
    name: "takes any answer for an approval",
    file: "src/workflow/guards/Approval.ts",
    from: "if (answer === true) return",
    to: "if (answer) return",
    tests: ["workflow/guards.test.ts: is not given by what is no boolean"]
  },
  {
    name: "waits for an answer where nobody sits",
    file: terminal,
    from: "if (input.isTTY !== true || output.isTTY !== true)",
    to: "if (input.isTTY === undefined && output.isTTY === null)",
    tests: ["workflow/guards.test.ts: is refused at once where nobody sits there"]
  },
  {
    name: "takes Ctrl-C for a key",
    file: terminal,
    from: "terminal: false",
    to: "terminal: true",
    tests: ["workflow/askOnTerminal.test.ts: shows the plan and takes"]
  },
  {
    name: "starts something new up to the end of a window",
    file: window,
    from: "?? now) > now + closing",
    to: "?? now) > now",
    tests: ["workflow/window.test.ts: starts nothing new in its last minutes"]
  },
  {
    name: "closes between windows that touch",
    file: window,
    from: "while (at <= horizon) {",
    to: "while (at === now) {",
    tests: ["workflow/window.test.ts: starts nothing new in its last minutes"]
  },
  {
    name: "looks past the hour that a clock leaves out or shows twice",
    file: "src/workflow/guards/WallClock.ts",
    from: "if (offset(until) === before) return until",
    to: "if (before !== undefined) return until",
    tests: ["workflow/window.test.ts: goes by the clock on the wall in the night that leaves out an hour"]
  },
  {
    name: "opens a window on the 3rd for the 31st",
    file: window,
    from: "const opened = nextOpening(shown - lengthMillis)",
    to: "const opened = Cron.prev(cron, new Date(shown + 1000)).getTime()",
    tests: ["workflow/window.test.ts: does not open on a day that its month does not have"]
  },
  {
    name: "waits for a window by one timer",
    file: "src/workflow/guards/WindowGuard.ts",
    from: "Math.min(opens - now, WallClock.day)",
    to: "opens - now",
    tests: ["workflow/window.test.ts: starts when it opens, by timers of a day at most"]
  },
  {
    name: "lets a run stand half done until the next window",
    file: guards,
    from: "window.waits && !(yield* Ref.get(hasBegun))",
    to: "window.waits",
    tests: ["workflow/window.test.ts: is stopped, and does not wait for the next night"]
  },
  {
    name: "runs by a plan that shows something else by now",
    file: "src/workflow/guards/AsPlanned.ts",
    from: "if (differences.length === 0)",
    to: "if (differences.length >= 0)",
    tests: [
      "commandline/planFile.test.ts: writes nothing where the device is another by now, or the input, and tells what"
    ]
  },
  {
    name: "runs on a device whose plan was never made",
    file: "src/fleet/HeldToPlan.ts",
    from: "if (planned[device] === undefined) return yield* refused(unmade)",
    to: "if (planned[device] === undefined) return true",
    tests: [
      "commandline/planFile.test.ts: refuses the device that is another by now, and does what was planned on the others"
    ]
  }
]
