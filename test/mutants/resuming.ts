import type { Mutant } from "./mutants.ts"

const fullDisk = "workflow/run/fullDisk.test.ts"
const recorder = "src/workflow/run/record/RunRecorder.ts"
const crash = "workflow/run/crash.test.ts"
const late = `${crash}: is looked for while the device is still at it, and not sent again`

const unplanned = "workflow/run/unplanned.test.ts"
const narrator = "src/workflow/run/record/RunNarrator.ts"
const secrets = "workflow/run/secrets.test.ts"
const job = "src/workflow/Job.ts"
const custom = "workflow/run/custom.test.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "waits on for a job that has failed",
    file: job,
    from: '({ end }) => end === "running"',
    to: '({ end }) => end !== "done"',
    tests: [`${custom}: that fails is told, and left as what cannot be taken back`]
  },
  {
    name: "takes a job that goes on for one that is done",
    file: job,
    from: 'end === "running" && onTimeout === "fail"',
    to: 'end === "failed" && onTimeout === "fail"',
    tests: [
      `${custom}: that lasts longer than it is waited for goes on: a resumed run waits on, and begins no other`
    ]
  },
  {
    name: "takes what a plan would give for the end of a job",
    file: "src/workflow/run/resume/Replay.ts",
    from: "if (change.look !== undefined)",
    to: "if (change.look !== undefined && change.planned === undefined)",
    tests: [`${secrets}: a job is waited for by the id that it has`, `${secrets}: before it begins another`]
  },
  {
    name: "sends a change of a password again that has happened",
    file: "plugins/fdm/Passwords.ts",
    from: 'if (password === Redacted.value(to)) return "Done"',
    to: 'if (password === "") return "Done"',
    tests: [`${crash}: is known by the one that the resumed run has logged in with, and changed once`]
  },
  {
    name: "undoes a run where what is not kept cannot be looked for",
    file: "src/workflow/run/resume/Replay.ts",
    from: 'Effect.catchTag(lookAgain(change.look, earlier), "OutcomeUnknown", () => Effect.fail(notKept))',
    to: "lookAgain(change.look, earlier)",
    tests: [`${secrets}: where it cannot be looked for, and it can be resumed once more`]
  },
  {
    name: "takes the mask of a secret for what was answered",
    file: "src/workflow/run/RunJournal.ts",
    from: "textOf(answer) === textOf(line.answer) ? undone : others",
    to: "textOf(answer) === textOf(line.at) ? others : undone",
    tests: [`${secrets}: a job is waited for by the id that it has`]
  },
  {
    name: "takes the mask of a secret for the result of what is unplanned",
    file: narrator,
    from: "if (answer !== undefined && isPlain(answer.value, journal))",
    to: "if (answer !== undefined)",
    tests: [`${secrets}: is not what a resumed run takes for the result of what is unplanned`]
  },
  {
    name: "sends what a resumed run has done already",
    file: recorder,
    from: 'if (outcome === "done") return yield* replay(change, place, earlier)',
    to: 'if (outcome === "done") return yield* begin(change, place, key, send, earlier)',
    tests: [
      "workflow/run/resume.test.ts: sends nothing of what is done again, and gives the script what it got"
    ]
  },
  {
    name: "does not look for what was under way",
    file: "src/workflow/run/Run.ts",
    from: "settle(journal, devices)",
    to: "Effect.void",
    tests: [late]
  },
  {
    name: "looks once for what was under way",
    file: "src/workflow/undo/Look.ts",
    from: 'all.some(({ how }) => how === "notHappened")',
    to: "all.length === 0",
    tests: [late]
  },
  {
    name: "takes for its own what was there before what was under way",
    file: "src/workflow/run/resume/Settling.ts",
    from: ".concat(objects.flatMap(({ others = [] }) => others))",
    to: ".concat(objects.flatMap(({ id }) => id ?? []))",
    tests: [`${crash}: is not what was there before it, however alike`]
  },
  {
    name: "takes what is as it was for what a later change has made",
    file: "src/workflow/run/resume/PastChanges.ts",
    from: "!shown.has(one.id ?? idOf(became[at]))",
    to: "(name !== undefined || !shown.has(one.id ?? idOf(became[at])))",
    tests: [`${crash}: an upsert whose later change is done`]
  },
  {
    name: "reads overrides as they are when a run is resumed",
    file: "plugins/fmc/kinds/Overrides.ts",
    from: "yield* WorkflowReads.object(place, targetId, there)",
    to: "yield* Effect.zipRight(Effect.succeed(place), there)",
    tests: [`${crash}: an override that was set, changed and removed`]
  },
  {
    name: "sends what was refused once more, though the script has taken that",
    file: recorder,
    from: "if (earlier?.refusal !== undefined && earlier.wentOn)",
    to: "if (earlier?.refusal !== undefined && earlier.wentOn && change.kind === undefined)",
    tests: [`${crash}: a refusal that the script has taken`]
  },
  {
    name: "shows a filtered list as it is when a run is resumed",
    file: "src/client/objects/PlannedReads.ts",
    from: "const shown = Stream.flatMap(there, (one) => Stream.fromIterable(seen.asPlanned(one)))",
    to: "const shown = there",
    tests: [`${crash}: a filtered list of what it has created`]
  },
  {
    name: "shows what a resumed run has removed at the end of its list",
    file: "src/workflow/run/resume/Showings.ts",
    from: "if (selections === undefined) return []",
    to: "if (selections !== undefined) return []",
    tests: [
      `${crash}: rules that it has removed from among others`,
      `${crash}: the first ones of lists, which it has removed`
    ]
  },
  {
    name: "takes a resumed run for done whose script did not ask for all",
    file: "src/workflow/run/Run.ts",
    from: "yield* recording.cameToAll",
    to: "yield* Effect.void",
    tests: [
      "workflow/run/resume.test.ts: is not done where its script ends without asking for all that was done"
    ]
  },
  {
    name: "reads below what a resumed run has removed further on",
    file: "src/workflow/run/resume/PastChanges.ts",
    from: "if (isBelowGone) return asMade",
    to: "if (isBelowGone && list.path === undefined) return asMade",
    tests: [`${crash}: a policy with a rule that it has removed`]
  },
  {
    name: "asks the device for what a resumed run has removed further on",
    file: "src/workflow/run/Run.ts",
    from: "Effect.provideService(Removed, hasEarlier ? removed : undefined)",
    to: "Effect.provideService(Removed, undefined)",
    tests: [
      "workflow/run/resume.test.ts: gives the script what it has removed further on, also by requests of its own"
    ]
  },
  {
    name: "takes what was refused without a plan for what may have happened",
    file: narrator,
    from: "if (!mayBeginAnew(earlier))",
    to: "if (earlier.length > 0)",
    tests: [`${unplanned}: and was refused is sent anew by a resumed run`]
  },
  {
    name: "sends what is unplanned once more where a part of it was done",
    file: narrator,
    from: "earlier.every(hasNotHappened)",
    to: "earlier.slice(-1).every(hasNotHappened)",
    tests: [`${unplanned}: where a part of it was done, and nothing is sent`]
  },
  {
    name: "sends what is unplanned once more though the script has gone on",
    file: narrator,
    from: " && earlier.at(-1)?.wentOn !== true",
    to: "",
    tests: [`${unplanned}: where the script has gone on after the refusal`]
  },
  {
    name: "takes a status of refusal for a success",
    file: "src/workflow/run/record/RunGate.ts",
    from: 'return status >= 400 ? "none" : {}',
    to: "return {}",
    tests: [`${unplanned}: is told as refused where the script is handed the status itself`]
  },
  {
    name: "reads what was removed without a plan",
    file: "src/workflow/run/resume/PastChanges.ts",
    from: 'if (action === "DELETE") return isBelow(list)',
    to: 'if (action === "DELETE") return false',
    tests: [`${unplanned}: and has removed something stops a resumed run that reads it first`]
  },
  {
    name: "looks for what lay below what an earlier undo has removed",
    file: "src/workflow/undo/UnitsTakenBack.ts",
    from: "if (nesting.above(unit).some((parent) => results.isGone(parent))) {",
    to: "if (nesting.above(unit).some((parent) => results.isGone(parent) && unit.number < 0)) {",
    tests: [`${crash}: knows that what lay below is gone with what its undo has removed`]
  },
  {
    name: "takes a change with nothing to do for all others of its list",
    file: "src/workflow/run/resume/PastChanges.ts",
    from: "!shown.has(one.id ?? idOf(became[at]))",
    to: "(name === undefined || !shown.has(one.id ?? idOf(became[at])))",
    tests: ["workflow/run/run.model.test.ts: that was left is resumed as if nothing had been"]
  },
  {
    name: "deploys in a resumed run what that has changed further on, or calls it another script",
    file: "src/workflow/run/record/RunRecorder.ts",
    from: "isIdle === false ? cameFurther",
    to: "isIdle === undefined ? cameFurther",
    tests: ["workflow/run/deployments.test.ts: goes past it, whatever it has changed since"]
  },
  {
    name: "takes a run back that its journal still has as done",
    file: "src/workflow/run/undo/TakingBack.ts",
    from: '({ reason }) => reason === "Removed",',
    to: "() => true,",
    tests: [
      `${fullDisk}: leaves a report that is true, and a run that can be resumed or taken back`,
      `${fullDisk}: is left where its undo cannot be written down, and says why`,
      `${fullDisk}: is left where another process has taken it over`,
      `${fullDisk}: an undo that cannot be written down is not begun`
    ]
  },
  {
    name: "leaves a run whose journal is gone for good",
    file: "src/workflow/journal/Appending.ts",
    from: "if (nlink === 0 && countsNames)",
    to: "if (nlink === -1 && countsNames)",
    tests: [`${fullDisk}: is taken back where its journal is removed, since nobody can go on with it`]
  },
  {
    name: "forgets what it has done and could not write down",
    file: "src/workflow/run/RunJournal.ts",
    from: "Effect.tapError(written, () => known)",
    to: "written",
    tests: [`${fullDisk}: leaves a report that is true, and a run that can be resumed or taken back`]
  },
  {
    name: "tells a change that was sent as not sent",
    file: "src/workflow/run/record/Sender.ts",
    from: 'append(place, line, "maybe")',
    to: 'append(place, line, "no")',
    tests: [`${fullDisk}: tells of a change that was sent, and could not be written down, as that`]
  }
]
