import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Workflow } from "sallyport"
import { expect } from "vitest"
import { type Scenario, setting } from "./scenario.ts"
import { differencesOf, keysOf, type State } from "./world.ts"

type Setting = Effect.Effect.Success<ReturnType<typeof setting>>

/** What a report says is not as it was: what is left, and of what was created anew what lay below it. */
const toldBy = (report: Workflow.RunReport, called: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set(
    report.changes.flatMap((one) => {
      const keys = keysOf(one, called)
      if (one.state === "left" || one.state === "unknown") return keys
      return one.state === "undone" && one.newId !== undefined && one.why !== undefined ? keys.slice(1) : []
    })
  )

const isTold = (told: ReadonlySet<string>, key: string): boolean => {
  const policy = /^rules ([^/]+)\//.exec(key)?.[1]
  return told.has(key) || told.has(`below ${policy}`)
}

/** That what a report says is left is what is not as it was. */
const toldRightly = (
  { called, drifts, state }: Setting,
  before: State,
  after: State,
  report: Workflow.RunReport,
  isDisturbed: boolean
) => {
  const left = report.changes.filter((one) => one.state === "left" || one.state === "unknown")
  const told = toldBy(report, called)
  const differences = differencesOf(before, after)
  const about = {
    changes: report.changes.map(({ action, name, path, state, why }) => [
      action,
      name,
      path.split("/").slice(6).join("/"),
      state,
      why
    ]),
    drifts: [...drifts],
    errors: report.errors
  }
  expect(
    differences
      .filter((key) => !isTold(told, key) && !drifts.has(key))
      .map((key) => [key, before.get(key), after.get(key)]),
    `is not told: ${JSON.stringify(about, null, 1)}`
  ).toEqual([])
  for (const one of left) {
    expect(one.why).toBeTruthy()
    if (isDisturbed) continue
    const keys = keysOf(one, called)
    expect(
      keys.some((key) => differences.includes(key) || drifts.has(key)),
      `is told, and is not so: ${JSON.stringify([one, about], null, 1)}`
    ).toBe(true)
  }
  for (const [key, when] of drifts)
    if (when === "end" && !/^(groups|mappings|order|policies) /.test(key))
      expect(after.get(key), `${key} is somebody's`).toBe(state.atEnd.get(key))
}

const isHard = ({ faults }: Scenario) => faults.length > 0

const ranAs = (own: Setting, options: Workflow.RunOptions) =>
  Effect.gen(function* () {
    const { arm, devices, folder, input, interruptible, soon, workflow } = own
    yield* arm("run")
    const exit = yield* interruptible(
      soon(
        Workflow.run(workflow, devices, input, {
          folder,
          undo: { each: "500 millis", all: "20 seconds" },
          ...options
        })
      )
    )
    yield* own.sandbox.clearFaults()
    if (Exit.isSuccess(exit)) return exit.value.report
    expect(Exit.isInterrupted(exit), String(exit)).toBe(true)
    return undefined
  })

/** Whose run it was: of one that was interrupted, the journal is all there is. */
const undoneAgain = ({ devices, folder, journals, soon, workflow }: Setting) => {
  const [journal = ""] = journals()
  const run = journal.split("/").at(-1)?.replace(".jsonl", "") ?? ""
  return journal === "" ? Effect.succeed(undefined) : soon(Workflow.undo(workflow, devices, run, { folder }))
}

export const undone = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    const ran = yield* ranAs(own, {})
    const after = yield* own.now
    const report = ran ?? (yield* undoneAgain(own))
    if (report === undefined) return expect(differencesOf(before, after)).toEqual([])
    expect(report.outcome).not.toBe("done")
    yield* own.checked(report)
    toldRightly(own, before, yield* own.now, report, isHard(given))
  })
