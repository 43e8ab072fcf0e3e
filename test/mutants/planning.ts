import type { Mutant } from "./mutants.ts"

const gate = "src/auth/WriteGate.ts"
const recorder = "src/workflow/plan/PlanRecorder.ts"
const places = "src/workflow/plan/PlannedPlaces.ts"
const context = "src/promises/ScriptContext.ts"
const ends = "workflow/lies.test.ts: a plan ends at a read of"
const writes = "workflow/writes.test.ts: a plan lets nothing write"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "asks the gate of the session alone",
    file: gate,
    from: "[...gatesOf(opened), ...gatesOf(asking), ...processGates]",
    to: "[...gatesOf(opened), ...processGates]",
    tests: [writes]
  },
  {
    name: "lets a timer of before write while a command line plans",
    file: gate,
    from: "...gatesOf(asking), ...processGates]",
    to: "...gatesOf(asking)]",
    tests: ["workflow/processGate.test.ts: nothing is written by"]
  },
  {
    name: "forgets the plan where a run begins",
    file: gate,
    from: "const gates = [...new Set([...gatesOf(outer), gate])]",
    to: "const gates = [...new Set([...gatesOf(outer).slice(9), gate])]",
    tests: [writes]
  },
  {
    name: "forgets the plan where a promise begins",
    file: gate,
    from: "Context.get(context, WriteGate) ?? ambient.getStore()",
    to: "Context.get(context, WriteGate)",
    tests: [writes]
  },
  {
    name: "lets a socket decide whose plan it is",
    file: "src/auth/session/Gates.ts",
    from: "const sent = WriteGate.keepingAmbient(send)",
    to: "const sent = send",
    tests: [writes]
  },
  {
    name: "goes on with a plan that is over",
    file: gate,
    from: "        Effect.withScheduler(within(all, scheduler)),\n        keepingAmbient",
    to: "        Effect.withScheduler(within(all, scheduler))",
    tests: ["workflow/writes.test.ts: writes again, also by a session that the plan has read by"]
  },
  {
    name: "lets a plan write what it has no word for",
    file: recorder,
    from: "if (writes) return refuse(",
    to: 'if (writes && method !== "PATCH") return refuse(',
    tests: [writes]
  },
  {
    name: "takes a script that failed after a refusal for a failure",
    file: "src/workflow/plan/Planning.ts",
    from: "planning.isOver() ? Effect.void : Effect.failCause(cause)",
    to: "Effect.failCause(cause)",
    tests: ["workflow/plan.test.ts: ends its plan as any other, and is no failure"]
  },
  {
    name: "plans a change that changes nothing",
    file: "src/client/objects/ObjectChanges.ts",
    from: "if (isSame && !leavesOut(after, withoutDeviceFields<Unnamed>(own))) {",
    to: "if (before === undefined) {",
    tests: ["workflow/plan.test.ts: shows nothing where the kind says that nothing differs, and counts it"]
  },
  {
    name: "finds what a plan has removed",
    file: "src/client/objects/Seen.ts",
    from: "return isRemoved(there.id) ? [] : [there]",
    to: "return [there]",
    tests: ["workflow/plan.test.ts: shows later reads what is planned, and the device nothing"]
  },
  {
    name: "reads past what is planned",
    file: places,
    from: "if (!isShown && changed.has(key))",
    to: "if (!isShown && removed.has(key))",
    tests: [writes]
  },
  {
    name: "asks a device for what is only planned by a filter",
    file: "src/client/objects/PlannedReads.ts",
    from: "? unlessTouched(seen, there)",
    to: "? whole(seen, there, isAsked)",
    tests: ["workflow/plan.test.ts: ends where a filter would have to be asked of what is only planned"]
  },
  {
    name: "reads below what a plan has removed",
    file: places,
    from: "above(key).some((one) => removed.has(one))",
    to: "removed.has(key)",
    tests: [ends]
  },
  {
    name: "believes what is told of changes before they are made",
    file: places,
    from: "tellsOfChanges && !describes && changedDevices.has(device)",
    to: "tellsOfChanges && describes && changedDevices.has(device)",
    tests: [ends]
  },
  {
    name: "knows a list by the one spelling that a plan has used",
    file: places,
    from: "  anyVersion(\n",
    to: "  String(\n",
    tests: [ends]
  },
  {
    name: "shows what was planned when a list was begun",
    file: "src/workflow/plan/PlanRecorder.ts",
    from: "isShown: yield* ShowsPlanned,",
    to: "isShown: false,",
    tests: ["workflow/lies.test.ts: where fibers side by side look for what others plan"]
  },
  {
    name: "takes what an update leaves out for what stays",
    file: "src/client/objects/ObjectChanges.ts",
    from: "isSame && !leavesOut(after, withoutDeviceFields<Unnamed>(own))",
    to: "isSame",
    tests: ["workflow/lies.test.ts: an update that leaves a field out, which takes it away"]
  },
  {
    name: "shows what is planned at a place at the end of its list",
    file: "plugins/fmc/objects/Objects.ts",
    from: "indexIn: Placement.indexAt(path),",
    to: "",
    tests: [
      "workflow/plan.test.ts: shows later reads each where the run will have it",
      "workflow/plan.test.ts: ends at a list in which only the device knows where something is put"
    ]
  },
  {
    name: "takes what a device has added by itself for what an update takes away",
    file: "src/client/objects/ObjectChanges.ts",
    from: "recorder.written(yield* place, item.id) ?? before",
    to: "before",
    tests: [
      "workflow/run/leftOut.test.ts: of what the run has made does nothing where all is as it was given"
    ]
  },
  {
    name: "does not show what an update takes away from a part",
    file: "src/workflow/plan/FieldDiff.ts",
    from: "leavesOutWithin({}, { [name]: old })",
    to: "leavesOutWithin({}, {})",
    tests: [
      "workflow/run/leftOut.test.ts: of what was there shows what it takes away from a part",
      "workflow/fieldDiff.test.ts: knows whether it takes away"
    ]
  },
  {
    name: "tells of what comes after a plan",
    file: recorder,
    from: "if (end !== undefined || isTold)",
    to: "if (end !== undefined)",
    tests: ["workflow/lies.test.ts: nothing that comes after it"]
  },
  {
    name: "shows a password in a plan",
    file: "src/workflow/plan/FieldDiff.ts",
    from: "if (!secrets.isSecret(name)) return",
    to: 'if (name !== "") return',
    tests: ["workflow/plan.test.ts: masks secrets"]
  },
  {
    name: "knows secrets by their names alone",
    file: "src/client/fields/Secrets.ts",
    from: "path.length === 1 && path[0] === field",
    to: "path.length === 0 && path[0] === field",
    tests: [
      "workflow/run/declaredSecrets.test.ts: stand nowhere, and what would have to write one is not undone"
    ]
  },
  {
    name: "tells what a device repeats of a secret",
    file: "src/client/objects/ObjectWrites.ts",
    from: "[{ name: sent.name, after: sent }]",
    to: "[{ name: sent.name }]",
    tests: ["workflow/run/declaredSecrets.test.ts: are masked where a device repeats them"]
  },
  {
    name: "adds to a group as it was read",
    file: "plugins/fmc/kinds/NetworkGroups.ts",
    from: "yield* Change.latest(place, read)",
    to: "yield* Effect.succeed(read)",
    tests: ["workflow/lies.test.ts: are all in the group that a plan shows, and each once"]
  },
  {
    name: "plans a deployment of nothing",
    file: recorder,
    from: "change.isIdle === true &&",
    to: "change.isIdle === undefined &&",
    tests: ["workflow/lies.test.ts: is no change"]
  },
  {
    name: "takes what is planned in a domain above for what is not there",
    file: "src/client/objects/PlannedReads.ts",
    from: "shown.some(({ id }) => id !== undefined && elsewhere.has(id)) || [...elsewhere.values()].some(isAsked)",
    to: "elsewhere.size > 99",
    tests: ["workflow/lies.test.ts: ends a plan, two domains below, at"]
  },
  {
    name: "loses the step after an await",
    file: context,
    from: "contexts.getStore() ?? outer",
    to: "outer",
    tests: ["workflow/promise.test.ts: after it has awaited, and in what it calls"]
  },
  {
    name: "lets what nobody awaits go on",
    file: context,
    from: "const left = [...context.underWay]",
    to: "const left: Array<Left> = []",
    tests: ["workflow/promise.test.ts: is told at its line"]
  },
  {
    name: "lets a function that was stopped send on",
    file: context,
    from: "if (isOver) {",
    to: "if (isOver && effect === undefined) {",
    tests: ["workflow/promise.test.ts: ends by a signal with its reason"]
  },
  {
    name: "calls a planned object as its change is called",
    file: "src/workflow/plan/PlanRecorder.ts",
    from: "{ ...(name !== undefined && { name }), ...after, id }",
    to: "{ ...after, ...(name !== undefined && { name }), id }",
    tests: ["workflow/run/run.model.test.ts: does what its plan says, or is stopped"]
  }
]
