import type { Mutant } from "./mutants.ts"

const together = "workflow/undo/together.test.ts"
const policies = "workflow/undo/policies.test.ts"
const inside = "workflow/undo/inside.test.ts"
const settings = "workflow/undo/settings.test.ts"
const parts = "src/workflow/undo/SentInParts.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes back what nobody at the terminal has approved",
    file: "src/commandline/Commands.ts",
    from: "isChanged && UndoApproval",
    to: "!isChanged && UndoApproval",
    tests: ["commandline/undoing.test.ts: who sits before a terminal sees what was done, and is asked"]
  },
  {
    name: "takes a fleet back that nobody at the terminal has approved",
    file: "src/commandline/FleetCommands.ts",
    from: "devices.some(isChanged) && ",
    to: "devices.every(() => false) && ",
    tests: ["commandline/undoing.test.ts: a fleet is asked about as a whole"]
  },
  {
    name: "asks before an undo where nobody is there",
    file: "src/commandline/UndoApproval.ts",
    from: "true && isAtTerminal(caller)",
    to: "true",
    tests: ["commandline/undoing.test.ts: nobody is asked where nobody is there"]
  },
  {
    name: "says by its exit code that all is well where a report could not be kept",
    file: "src/commandline/ReportFile.ts",
    from: "isKept = faults.length === 0",
    to: "isKept = faults.length < Infinity",
    tests: ["commandline/commands.test.ts: that cannot be kept any more is told"]
  },
  {
    name: "removes what somebody has added to",
    file: "src/client/objects/ObjectUndo.ts",
    from: 'expect: shown(item === "unknown" ? one : over(item, one))',
    to: "expect: shown(one)",
    tests: ["workflow/undo/guards.test.ts: leaves what somebody has switched on since"]
  },
  {
    name: "goes on with the halves of a batch when its undo is over",
    file: parts,
    from: "if (yield* options.isOver) return []",
    to: "if (yield* Effect.succeed(false)) return []",
    tests: [`${together}: ends with the request at hand where it is stopped while a batch is halved`]
  },
  {
    name: "leaves what was refused along with others",
    file: parts,
    from: 'if (error._tag !== "DeviceRefused") results.set',
    to: "results.set",
    tests: [`${together}: takes back all but those that are in use, however many those are`]
  },
  {
    name: "takes a fault of the device for a refusal of each",
    file: "src/workflow/undo/SentTogether.ts",
    from: "(isFault(error) ? undefined : unknown)",
    to: "unknown",
    tests: [`${together}: goes one by one where the device fails at that`]
  },
  {
    name: "believes an answer that names some for all of a batch",
    file: "src/workflow/undo/SentTogether.ts",
    from: "item === undefined && known.size > 0",
    to: "item === undefined && known.size < 0",
    tests: [`${together}: does not believe an answer that names some of them`]
  },
  {
    name: "sends the last of many by a list that has become old",
    file: "src/workflow/undo/Readings.ts",
    from: "now - known.readAt > maxAge",
    to: "now - known.readAt < -maxAge",
    tests: [`${together}: looks anew at those whose list has become old while others were taken back`]
  },
  {
    name: "creates rules of a batch that is refused in another order",
    file: parts,
    from: "Together.isPlaced(first.unit) ? [] : refusedTogether",
    to: "Together.isPlaced(first.unit) ? refusedTogether : refusedTogether",
    tests: [`${together}: that were removed goes one by one where the device refuses one of them`]
  },
  {
    name: "takes what an undo has created for somebody else's, by the id of a part of it",
    file: "src/workflow/undo/ObjectState.ts",
    from: "partIds: false",
    to: "partIds: true",
    tests: [`${policies}: takes back what was changed before it, by the id that the part has now`]
  },
  {
    name: "blames somebody for what went with a removal of the run's own",
    file: "src/workflow/undo/UndoResults.ts",
    from: "newIds.has(segment) ? (removals.get(segment) ?? []) : []",
    to: "newIds.has(segment) ? [] : (removals.get(segment) ?? [])",
    tests: [
      `${policies}: of its rules, which went with it`,
      `${policies}: says of a rule that it went with the policy, and blames nobody else`
    ]
  },
  {
    name: "begins an undo that was ended before",
    file: "src/workflow/run/Run.ts",
    from: "!(yield* undoStop.isGiven)",
    to: "(yield* undoStop.isGiven) !== undefined",
    tests: [
      "workflow/run/run.test.ts: takes nothing back where that is ended before it has begun, and can be resumed"
    ]
  },
  {
    name: "plans the same wherever a rule is put",
    file: "src/workflow/plan/Plan.ts",
    from: "...(place === undefined ? [] : [place])",
    to: "...(place === undefined ? [place] : []).slice(1)",
    tests: [
      "workflow/plan.test.ts: says where it is put, and is another plan where it is put elsewhere",
      "workflow/run/planned.test.ts: is stopped before what it would put elsewhere than planned"
    ]
  },
  {
    name: "keeps what an undo of a removal would lose from the plan",
    file: "src/workflow/plan/DescribedChange.ts",
    from: "...(loses !== undefined && { undoLoses: loses })",
    to: "...(loses === undefined && { undoLoses: loses })",
    tests: ["workflow/plan.test.ts: says what an undo of a removal would not give back"]
  },
  {
    name: "removes what somebody has put into a policy that is found by its name",
    file: "src/workflow/undo/Below.ts",
    from: "parent.request.id ?? present?.id",
    to: "parent.request.id",
    tests: ["workflow/undo/guards.test.ts: and leaves a policy that it finds so with somebody's rules in it"]
  },
  {
    name: "removes a policy of which nobody can tell what is in it",
    file: "src/workflow/undo/UnitsTakenBack.ts",
    from: "Effect.map(readBelow(unit, below, there), (seen) => seen && Below.whyLeft(unit, seen))",
    to: "Effect.orElseSucceed(Effect.map(readBelow(unit, below, there), (seen) => seen && Below.whyLeft(unit, seen)), () => undefined)",
    tests: ["workflow/undo/guards.test.ts: leaves a policy of which nobody can tell what is in it"]
  },
  {
    name: "removes the rules that somebody has put into a policy of the run",
    file: "src/workflow/undo/Below.ts",
    from: "if (others.length > 0) return Advice",
    to: "if (others.length < 0) return Advice",
    tests: [
      "workflow/undo/guards.test.ts: into which somebody has put a rule",
      "workflow/run/run.model.test.ts: that was left is undone as if at once"
    ]
  },
  {
    name: "looks for members of groups in a list that does not show them",
    file: "plugins/fmc/kinds/NetworkGroups.ts",
    from: "path: list, query, alsoIn }",
    to: "path: list, query: query && {}, alsoIn }",
    tests: ["workflow/run/run.model.test.ts: that was left is undone as if at once"]
  },
  {
    name: "does not tell of another object that has the name of what is gone",
    file: "src/workflow/undo/Namesake.ts",
    from: 'request.method === "DELETE" ?',
    to: 'request.method === "PUT" ?',
    tests: [
      "workflow/run/run.model.test.ts: that another one has followed is undone behind that as if neither had been"
    ]
  },
  {
    name: "takes for changed what a device has filled up of a part",
    file: "src/workflow/undo/ObjectState.ts",
    from: 'isBefore === isAfter ? "other"',
    to: 'isBefore || isAfter ? "other"',
    tests: ["workflow/undo/guards.test.ts: takes back what the run has named in part"]
  },
  {
    name: "does not tell how a fleet stands whose undo is interrupted",
    file: "src/fleet/FleetUndo.ts",
    from: "report === undefined && Exit.isInterrupted(exit)",
    to: "Exit.isInterrupted(exit)",
    tests: [
      "fleet/afterwards.test.ts: that is interrupted ends with the device at hand, tells how each stands"
    ]
  },
  {
    name: "says nothing of what was interrupted before it was begun",
    file: "src/commandline/Unbegun.ts",
    from: "Exit.isInterrupted(exit) && !told.isOver",
    to: "Exit.isInterrupted(exit) && told.isOver",
    tests: [
      "commandline/interrupted.test.ts: while it asks, or plans, says that nothing was changed",
      "commandline/interrupted.test.ts: before it takes anything back, says how that is done"
    ]
  },
  {
    name: "removes, or writes over, what somebody has described since",
    file: "src/workflow/undo/ObjectState.ts",
    from: 'description.trim() !== "" &&',
    to: 'description.trim() === "" &&',
    tests: ["workflow/run/run.model.test.ts: that was left is undone as if at once"]
  },
  {
    name: "removes what somebody has made of an object on a device of his",
    file: "plugins/fmc/objects/Held.ts",
    from: `created.overridable === true ? ["overrides"] : []`,
    to: "created.overridable === 0 ? [] : []",
    tests: [
      "workflow/undo/guards.test.ts: leaves an object for which somebody has set a value of a device's own"
    ]
  },
  {
    name: "removes what somebody has mapped to an object of the run",
    file: "plugins/fmc/objects/Held.ts",
    from: '["mappings"]',
    to: "[]",
    tests: [`${inside}: a mapping into a dynamic object`]
  },
  {
    name: "removes, or writes over, what somebody has put into a list that was empty",
    file: "src/workflow/undo/Others.ts",
    from: "own.every(isEmpty)",
    to: "own.length > 9",
    tests: [
      `${inside}: a value into a group that had none`,
      `${inside}: is not written back over what somebody has put into a list that was empty`
    ]
  },
  {
    name: "removes what somebody has let be another on some devices",
    file: "src/workflow/undo/Others.ts",
    from: 'if (field === "overridable") return value === true',
    to: 'if (field === "overridable") return value === null',
    tests: [`${inside}: stays where somebody has let it be another on some devices`]
  },
  {
    name: "removes the firewalls with the pair that a run has made of them",
    file: "src/client/objects/ObjectUndo.ts",
    from: "if (irremovable !== undefined)",
    to: "if (irremovable === null)",
    tests: [`${inside}: is not removed: `]
  },
  {
    name: "registers a firewall anew without the key that nobody knows",
    file: "src/client/objects/ObjectUndo.ts",
    from: 'if ("cannot" in way) return way',
    to: 'if ("cannot" in way) continue',
    tests: [`${inside}: is not created anew, since nobody knows all of it`]
  },
  {
    name: "takes for the run's what somebody has created anew in place of what the run has removed",
    file: "src/workflow/undo/UndoResults.ts",
    from: 'if (result.how === "goneAlready") othersIds',
    to: 'if (result.how === "cannot") othersIds',
    tests: [
      `${inside}: is not removed, though the run had created it before`,
      `${inside}: is not changed back, though the run had changed it before`
    ]
  },
  {
    name: "leaves what the run itself has changed, and puts it down to somebody else",
    file: "src/workflow/undo/UnitsTakenBack.ts",
    from: 'result.how === "failed" || result.how === "changedSince") return',
    to: 'result.how === "failed") return',
    tests: [
      `${policies}: takes it back that the run has changed it, and put a rule into it`,
      `${policies}: takes it back that the run has changed what it shows of what lies below it`
    ]
  },
  {
    name: "takes for somebody's what lies below as it was before the run has changed it",
    file: "src/workflow/undo/Below.ts",
    from: 'last.request.method === "PUT" && UndoUnit',
    to: 'last.request.method === "POST" && UndoUnit',
    tests: [`${policies}: takes it back that the run has changed what it shows of what lies below it`]
  },
  {
    name: "removes somebody's rule with the policy, since the run has changed it",
    file: "src/workflow/undo/Below.ts",
    from: 'owners.some(({ request }) => request.method === "DELETE") && isUnitAsLeft',
    to: "isUnitAsLeft",
    tests: [`${inside}: and a policy stays with somebody's rule that the run has changed`]
  },
  {
    name: "removes a policy whose settings somebody has changed",
    file: "src/workflow/undo/Below.ts",
    from: "if (!isAsLeft(parent",
    to: "if (false && !isAsLeft(parent",
    tests: [
      `${settings}: stays where somebody has changed`,
      `${settings}: keeps what its default action was, and leaves it where somebody has inspected more since`
    ]
  },
  {
    name: "knows of a policy no more than the answer to its creation has shown",
    file: "src/workflow/run/record/LeftBelow.ts",
    from: "expect: over(item, request.expect ?? {})",
    to: "expect: request.expect",
    tests: [`${settings}: stays where somebody has changed what the answer to its creation had not shown`]
  },
  {
    name: "removes a policy of whose settings nobody knows how they were",
    file: "src/workflow/undo/Below.ts",
    from: "return unknown.size > 0 ? Advice.settingsUnknown(name, [...unknown.keys()], refusal) : undefined",
    to: "return undefined",
    tests: [
      `${settings}: stays where its answer was lost, since nobody knows how its settings were`,
      `${settings}: tells that nobody knows, where the settings could not be read, and leaves it`
    ]
  },
  {
    name: "keeps the keys of a VPN in the journal",
    file: "src/workflow/SafeUndo.ts",
    from: "items.map((item) => Secrets.maskedFields(item, secrets, texts))",
    to: "items",
    tests: [`${settings}: has no key of the settings that it keeps`]
  },
  {
    name: "removes a policy that somebody has changed while its settings were read",
    file: "src/workflow/undo/TakeBack.ts",
    from: "unit.change.settings !== undefined && options",
    to: "unit.change.settings === null && options",
    tests: [`${settings}: stays where somebody changes it while its settings are read`]
  }
]
