import type { Mutant } from "./mutants.ts"

const gate = "src/auth/WriteGate.ts"
const recorder = "src/workflow/PlanRecorder.ts"
const writes = "workflow/writes.test.ts: a plan lets nothing write"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "asks the gate of the session alone",
    file: gate,
    from: "new Set([opened, yield* current])",
    to: "new Set([opened])",
    tests: [writes]
  },
  {
    name: "forgets the plan where a promise begins",
    file: gate,
    from: "(gate) => gate ?? ambient.getStore()",
    to: "(gate) => gate",
    tests: [writes]
  },
  {
    name: "lets a socket decide whose plan it is",
    file: gate,
    from: "return yield* keepingAmbient(send)",
    to: "return yield* send",
    tests: [writes]
  },
  {
    name: "goes on with a plan that is over",
    file: gate,
    from: "      Effect.withScheduler(within(gate, scheduler)),\n      keepingAmbient",
    to: "      Effect.withScheduler(within(gate, scheduler))",
    tests: ["workflow/writes.test.ts: writes again, also by a session that the plan has read by"]
  },
  {
    name: "lets a plan write what it has no word for",
    file: recorder,
    from: "if (writes) return endAt(",
    to: 'if (writes && method !== "PATCH") return endAt(',
    tests: [writes]
  },
  {
    name: "takes a script that failed after a refusal for a failure",
    file: "src/workflow/Planning.ts",
    from: "planning.isOver() ? Effect.void : Effect.failCause(cause)",
    to: "Effect.failCause(cause)",
    tests: ["workflow/plan.test.ts: ends its plan as any other, and is no failure"]
  },
  {
    name: "plans a change that changes nothing",
    file: "src/client/ObjectChanges.ts",
    from: "if (!differs(withoutDeviceFields<Unnamed>(item), before, { exactNames: true })) {",
    to: "if (before === undefined) {",
    tests: ["workflow/plan.test.ts: shows nothing where the kind says that nothing differs, and counts it"]
  },
  {
    name: "finds what a plan has removed",
    file: "src/client/PlannedReads.ts",
    from: "Option.filter(({ id }) => !seen.isTouched(id))",
    to: "Option.filter(() => true)",
    tests: ["workflow/plan.test.ts: shows later reads what is planned, and the device nothing"]
  },
  {
    name: "reads past what is planned",
    file: recorder,
    from: "if (own !== undefined && isTouched(own)) return true",
    to: "if (own === undefined) return false",
    tests: [writes]
  },
  {
    name: "asks a device for what is only planned by a filter",
    file: "src/client/PlannedReads.ts",
    from: "if (isSelection(options))",
    to: "if (options === null)",
    tests: ["workflow/plan.test.ts: ends where a filter would have to be asked of what is only planned"]
  },
  {
    name: "shows a password in a plan",
    file: "src/workflow/FieldDiff.ts",
    from: "  if (isWriteOnly(name)) {",
    to: '  if (name === "") {',
    tests: ["workflow/plan.test.ts: masks secrets"]
  }
]
