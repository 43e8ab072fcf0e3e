import { isDeepStrictEqual } from "node:util"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Workflow } from "sallyport"
import type * as Sandbox from "sallyport/sandbox"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { scriptFailed } from "../ScriptFailed.ts"
import { temporaryFolder } from "../temporaryFolder.ts"
import type { Case } from "./Case.ts"
import { devicesOf, type Point, prepared, soon, stateOf, stoppedAt, workflowOf } from "./crashing.ts"

/** What a run comes to that nobody disturbs. */
export interface Undisturbed {
  readonly lines: number
  readonly result: unknown
  readonly writes: ReadonlyArray<string>
  readonly before: unknown
  readonly after: unknown
}

const own = <A>(value: A): unknown => JSON.parse(JSON.stringify(value ?? null))

export const undisturbed = (one: Case) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { sandbox, writes } = yield* prepared(one)
      const before = yield* stateOf(sandbox)
      const folder = yield* temporaryFolder
      const { report, result } = yield* soon(
        Workflow.run(workflowOf(one), devicesOf(sandbox), {}, { folder })
      )
      if (report.outcome !== "done") return yield* Effect.fail(scriptFailed(JSON.stringify(report.errors)))
      const { lines } = yield* JournalFile.read({ folder }, report.run)
      return {
        lines: lines.length,
        result: own(Option.getOrUndefined(result)),
        writes: writes(),
        before,
        after: yield* stateOf(sandbox)
      } satisfies Undisturbed
    })
  )

/** The points of a run of so many lines. */
export const pointsOf = (lines: number): ReadonlyArray<Point> =>
  Array.from({ length: lines }, (_, at) => at + 1).flatMap((line): ReadonlyArray<Point> => {
    if (line === 1) return [{ when: "after", line }]
    if (line === lines) return [{ when: "before", line }]
    return [
      { when: "before", line },
      { when: "after", line }
    ]
  })

/** What is wrong, as words; none where all is right. */
export type Faults = ReadonlyArray<string>

const differing = (what: string, is: unknown, expected: unknown): Faults =>
  isDeepStrictEqual(is, expected)
    ? []
    : [`${what}: is ${JSON.stringify(is)}, and not ${JSON.stringify(expected)}`]

const text = (report: { readonly outcome: string; readonly errors: ReadonlyArray<unknown> }) =>
  `${report.outcome} ${JSON.stringify(report.errors)}`

/** Stops a run at a point and resumes it: each write was sent once, and all is as without the stop. */
export const resumed = (one: Case, point: Point, expected: Undisturbed) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { sandbox, writes } = yield* prepared(one)
      const devices = devicesOf(sandbox)
      const workflow = workflowOf(one)
      const { folder, run = "none" } = yield* stoppedAt(point, sandbox, (folder) =>
        Workflow.run(workflow, devices, {}, { folder })
      )
      const sent = writes()
      const ran = yield* soon(Workflow.resume(workflow, devices, run, { folder }))
      if (one.isBlind === true && ran.report.errors.some(({ tag }) => tag === "OutcomeUnknown"))
        return differing("writes of a resumed run that does not know", writes(), sent)
      return yield* judgedResume(sandbox, ran, writes(), expected)
    })
  )

/** Holds a resumed run, and all that was sent by both, against a run that nobody has disturbed. */
export const judgedResume = (
  sandbox: Sandbox.Sandbox,
  { report, result }: Effect.Effect.Success<ReturnType<typeof Workflow.resume>>,
  writes: ReadonlyArray<string>,
  expected: Undisturbed
) =>
  Effect.gen(function* () {
    return report.outcome !== "done"
      ? [text(report)]
      : [
          ...differing("result", own(Option.getOrUndefined(result)), expected.result),
          ...differing("writes", writes, expected.writes),
          ...differing("state", yield* stateOf(sandbox), expected.after)
        ]
  })

/** Stops a run at a point and undoes it: the devices are as before, but for what cannot be undone. */
export const undone = (one: Case, point: Point, expected: Undisturbed) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { sandbox } = yield* prepared(one)
      const devices = devicesOf(sandbox)
      const workflow = workflowOf(one)
      const { folder, run = "none" } = yield* stoppedAt(point, sandbox, (folder) =>
        Workflow.run(workflow, devices, {}, { folder })
      )
      const report = yield* soon(Workflow.undo(workflow, devices, run, { folder }))
      return yield* judgedUndo(one, sandbox, report, expected)
    })
  )

/** Stops the undo of a run that has failed at a point of the undo, and goes on with it. */
export const undoneTwice = (one: Case, point: Point, expected: Undisturbed) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { sandbox, writes } = yield* prepared(one)
      const devices = devicesOf(sandbox)
      const workflow = workflowOf(one, true)
      const { folder, run = "none" } = yield* stoppedAt(point, sandbox, (folder) =>
        Workflow.run(workflow, devices, {}, { folder })
      )
      const report = yield* soon(Workflow.undo(workflow, devices, run, { folder }))
      return [
        ...(yield* judgedUndo(one, sandbox, report, expected)),
        ...differing("writes of both", writes(), expected.writes)
      ]
    })
  )

/** Holds an undo against what there was before the run. */
export const judgedUndo = (
  { left = [], unread = [] }: Case,
  sandbox: Sandbox.Sandbox,
  report: Effect.Effect.Success<ReturnType<typeof Workflow.undo>>,
  expected: Undisturbed
) =>
  Effect.gen(function* () {
    const isBack = ({ state }: { readonly state: string }) =>
      state === "undone" || state === "neverHappened" || state === "failed"
    const isUnread = ({ kind, why = "" }: { readonly kind: string; readonly why?: string | undefined }) =>
      unread.includes(kind) && why.includes("nobody knows whether somebody has changed its defaultactions")
    const others = report.changes.filter(
      (change) => !isBack(change) && !left.includes(change.kind) && !isUnread(change)
    )
    const wrong = others.map(({ kind, name, state, why }) => `${kind} ${name} is ${state}: ${why}`)
    const isAllBack = report.changes.every(isBack)
    return [...wrong, ...(isAllBack ? differing("state", yield* stateOf(sandbox), expected.before) : [])]
  })

/** A run that fails at its end and undoes itself, undisturbed. */
export const undoneUndisturbed = (one: Case) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { sandbox, writes } = yield* prepared(one)
      const before = yield* stateOf(sandbox)
      const folder = yield* temporaryFolder
      const { report } = yield* soon(Workflow.run(workflowOf(one, true), devicesOf(sandbox), {}, { folder }))
      const { lines } = yield* JournalFile.read({ folder }, report.run)
      const undoing = lines.findIndex((line) => Object(line)._tag === "undoing") + 1
      return {
        first: undoing,
        expected: {
          lines: lines.length,
          result: undefined,
          writes: writes(),
          before,
          after: yield* stateOf(sandbox)
        } satisfies Undisturbed
      }
    })
  )
