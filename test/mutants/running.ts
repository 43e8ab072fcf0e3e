import type { Mutant } from "./mutants.ts"

const run = "workflow/run/run.test.ts"
const resume = "workflow/run/resume.test.ts"
const planned = "workflow/run/planned.test.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "tells of the end of a run beside the answer to its last change",
    file: "src/workflow/AwaitedRace.ts",
    from: "Effect.ensuring(restore(Deferred.await(ended)), Fiber.interruptAll(fibers))",
    to: "Effect.ensuring(restore(Deferred.await(ended)), Effect.forEach(fibers, Fiber.interruptFork))",
    tests: ["workflow/run/run.test.ts: tells of the change at hand before it tells of its end"]
  },
  {
    name: "cuts a write off in its middle where its run is interrupted",
    file: "src/workflow/run/record/Answered.ts",
    from: "Effect.timeoutOption(writes.answered, patience)",
    to: "Effect.succeedSome(false)",
    tests: ["workflow/run/run.test.ts: tells of the change at hand before it tells of its end"]
  },
  {
    name: "goes on with the writes of a change whose run is interrupted",
    file: "src/workflow/run/record/Answered.ts",
    from: "        isLeft\n",
    to: "        isLeft && count < 0\n",
    tests: ["workflow/run/run.test.ts: begins no other write of the change at hand when it is interrupted"]
  },
  {
    name: "takes what a run has renamed itself for drift of all that refers to it",
    file: "src/workflow/run/record/ExpectedChange.ts",
    from: '(typeof id === "string" && (isOwn(id) || isReference(fields)))',
    to: '(typeof id === "string" && (isOwn(id) || (isReference(fields) && false)))',
    tests: [
      "workflow/run/planned.test.ts: knows what others refer to, whatever it has called that on the way"
    ]
  },
  {
    name: "holds a run to the version of the API that its plan names",
    file: "src/workflow/run/record/ExpectedChange.ts",
    from: "path: anyVersion(change.path),",
    to: "",
    tests: [`${planned}: is held to it, and resumed, whatever version of its API the device has told`]
  },
  {
    name: "tells a reporter in the midst of the run",
    file: "src/workflow/run/account/Observer.ts",
    from: "tell: (event) => void Queue.unsafeOffer(events, event),",
    to: "tell: (event) => void onProgress(event),",
    tests: ["workflow/run/observer.test.ts: that throws, rejects or fails changes nothing"]
  },
  {
    name: "sends what no verb describes",
    file: "src/workflow/run/record/RunGate.ts",
    from: '"nothing"\n            ?',
    to: '("nobody" as string)\n            ?',
    tests: [`${run}: refuses what no verb describes, unless the script calls it unplanned`]
  },
  {
    name: "leaves what a run has done that fails",
    file: "src/workflow/run/Run.ts",
    from: "mayUndo && hasBegun && journal.history.changes().length > 0",
    to: "mayUndo && !hasBegun",
    tests: [`${run}: takes back what it has done where a later step fails`]
  },
  {
    name: "does not answer what is done",
    file: "src/workflow/run/record/RunRecorder.ts",
    from: 'if (outcome === "done") return yield* replay(change, place, earlier)',
    to: "",
    tests: [`${resume}: sends nothing of what is done again, and gives the script what it got`]
  },
  {
    name: "shows a script that is resumed what it has done",
    file: "src/workflow/run/record/RunRecorder.ts",
    from: "plannedObjects: (list, selection) => past.before(list, selection),",
    to: "plannedObjects: () => undefined,",
    tests: [`${resume}: goes the same way where the script looks before it writes`]
  },
  {
    name: "lets a script that is resumed go another way",
    file: "src/workflow/run/resume/Resuming.ts",
    from: "if (first === undefined) return\n",
    to: "if (first !== undefined) return\n",
    tests: [`${resume}: is stopped before it writes where the script goes another way`]
  },
  {
    name: "takes a step that is done for one that is to come",
    file: "src/workflow/run/record/RunNarrator.ts",
    from: "        if (results.has(key)) {",
    to: '        if (results.has("")) {',
    tests: [`${resume}: takes a step's result from the journal`]
  },
  {
    name: "goes on with what is undone",
    file: "src/workflow/run/JournaledRun.ts",
    from: "if (history.isUndoing())",
    to: "if (!history.isUndoing)",
    tests: [`${resume}: cannot be had of what is undone`]
  },
  {
    name: "makes what the plan does not say",
    file: "src/workflow/run/record/PlanFollower.ts",
    from: "if (found === undefined && !isBehind)",
    to: "if (found === undefined && isBehind)",
    tests: [`${planned}: is stopped before the first write that differs, and shows both`]
  },
  {
    name: "writes what somebody has changed since it was planned",
    file: "src/workflow/run/record/PlanFollower.ts",
    from: 'onDrift === "stop" &&',
    to: 'onDrift === "write" &&',
    tests: [`${planned}: does not write what somebody has changed since, unless it is told to`]
  },
  {
    name: "lets two runs at one device",
    file: "src/workflow/run/Running.ts",
    from: "    yield* hold(parts, id, options)\n",
    to: "",
    tests: [`${planned}: has its devices to itself`]
  },
  {
    name: "sends the undo of what shows no id to its list",
    file: "src/workflow/undo/UndoUnit.ts",
    from: "(request.id ?? there?.id) === undefined",
    to: '(request.id ?? there?.id) === ""',
    tests: [
      "workflow/undo/foreign.test.ts: leaves what it finds by its name without an id, and sends nothing to the list"
    ]
  },
  {
    name: "does not wait for the disk after an answer",
    file: "src/workflow/run/RunJournal.ts",
    from: "isLasting(kept, change)",
    to: 'isLasting(kept, change) && kept._tag !== "outcome"',
    tests: [
      "workflow/run/syncs.test.ts: waits for the disk before a change and after its answer, however many objects it has"
    ]
  },
  {
    name: "writes down what the input has redacted",
    file: "src/workflow/run/RunJournal.ts",
    from: "secrets = known",
    to: "secrets = known.slice(0, 0)",
    tests: ["workflow/run/secrets.test.ts: stands nowhere, whatever field it is put into"]
  }
]
