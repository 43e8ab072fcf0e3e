import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
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

const toldOf = ({ changes }: Workflow.RunReport) =>
  changes.map(({ action, name, path, state, why }) => [
    action,
    name,
    path.split("/").slice(6).join("/"),
    state,
    why
  ])

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
  const about = { changes: toldOf(report), drifts: [...drifts], errors: report.errors }
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

const undoBounds = { each: "2 seconds", all: "1 minute" } as const

const isHard = ({ faults }: Scenario) => faults.length > 0

const ranAs = (own: Setting, options: Workflow.RunOptions) =>
  Effect.gen(function* () {
    const { arm, devices, folder, input, interruptible, soon, workflow } = own
    yield* arm("run")
    const exit = yield* interruptible(
      soon(
        Workflow.run(workflow, devices, input, {
          folder,
          undo: undoBounds,
          ...options
        })
      )
    )
    own.sandbox.clearFaults()
    if (Exit.isSuccess(exit)) return exit.value.report
    expect(Exit.isInterrupted(exit), String(exit)).toBe(true)
    return undefined
  })

/** Of a run that was interrupted, its journal is all there is. */
const runIn = ({ journals }: Setting): string | undefined =>
  journals()[0]?.replace(/^.*\//, "").replace(".jsonl", "")

const undoneLater = (own: Setting, run: string) => {
  const { devices, folder, soon, workflow } = own
  return soon(Workflow.undo(workflow, devices, run, { folder, ...undoBounds }))
}

export const undone = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    const ran = yield* ranAs(own, {})
    const run = runIn(own)
    const report = ran ?? (run === undefined ? undefined : yield* undoneLater(own, run))
    const after = yield* own.now
    if (report === undefined) return expect(differencesOf(before, after)).toEqual([])
    expect(report.outcome).not.toBe("done")
    yield* own.checked(report)
    toldRightly(own, before, after, report, isHard(given))
  })

export const leftAndUndone = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    yield* ranAs(own, { onFailure: "leave" })
    const run = runIn(own)
    if (run === undefined) return expect(differencesOf(before, yield* own.now)).toEqual([])
    yield* own.arm("undo")
    // A fault may keep it from its devices: then nothing is undone, and it can be done once more.
    const report = yield* Effect.catchTag(undoneLater(own, run), "DeviceUnreachable", () =>
      Effect.suspend(() => {
        own.sandbox.clearFaults()
        return undoneLater(own, run)
      })
    )
    own.sandbox.clearFaults()
    yield* own.checked(report)
    toldRightly(own, before, yield* own.now, report, isHard(given))
  })

/** What the same workflow comes to that nothing disturbs, on devices of its own; `undefined` where it fails by itself. */
const reference = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting({ ...given, drifts: [], faults: [], interrupted: undefined })
    own.state.isMended = true
    const before = own.writes().length
    const { devices, folder, input, workflow } = own
    const { report, result } = yield* Workflow.run(workflow, devices, input, { folder })
    const writes = own.writes().slice(before).sort()
    return report.outcome === "done"
      ? { result: Option.getOrUndefined(result), state: yield* own.now, writes }
      : undefined
  })

export const leftAndResumed = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, drifts: [] }
    const wanted = yield* reference(given)
    if (wanted === undefined) return
    const own = yield* setting(given)
    const before = own.writes().length
    const there = yield* own.now
    const first = yield* ranAs(own, { onFailure: "leave" })
    const run = runIn(own)
    if (run === undefined) return
    own.state.isMended = true
    const sent = own.writes().length
    const { devices, folder, input, soon, workflow } = own
    const { report, result } = yield* soon(Workflow.resume(workflow, devices, run, { folder, input }))
    yield* own.checked(report)
    const about = JSON.stringify({
      errors: report.errors,
      changes: toldOf(report),
      first: first && toldOf(first)
    })
    if (report.errors[0]?.message.includes("has removed further on")) {
      // Nobody can read how it was. Nothing is sent, and the run can be undone.
      expect([report.outcome, own.writes().length], about).toEqual(["refused", sent])
      const undone = yield* undoneLater(own, run)
      return toldRightly(own, there, yield* own.now, undone, false)
    }
    expect(report.outcome, about).toBe("done")
    expect(Option.getOrUndefined(result), about).toEqual(wanted.result)
    expect(own.writes().slice(before).sort(), about).toEqual(wanted.writes)
    expect(yield* own.now, about).toEqual(wanted.state)
  })

export const planned = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, interrupted: undefined, faults: [] }
    const own = yield* setting(given)
    const { devices, folder, input, soon, workflow } = own
    own.state.isMended = true
    const writes = own.writes().length
    const plan = yield* Effect.either(soon(Workflow.plan(workflow, devices, input)))
    expect(own.writes().length).toBe(writes)
    if (plan._tag === "Left") return expect(yield* reference(given)).toBe(undefined)
    yield* own.driftAt("before")
    const isDrifted = own.drifts.size > 0
    own.drifts.clear()
    const before = yield* own.now
    const options = { folder, plan: plan.right }
    const { report } = yield* soon(Workflow.run(workflow, devices, input, options))
    yield* own.checked(report)
    const about = JSON.stringify({ errors: report.errors, changes: toldOf(report), plan: plan.right })
    const wanted = isDrifted ? undefined : yield* reference(given)
    if (wanted !== undefined) {
      expect(report.outcome, about).toBe("done")
      expect(yield* own.now, about).toEqual(wanted.state)
    }
    if (report.outcome === "done") {
      const isInTurn = given.steps.every(({ isSideBySide }) => !isSideBySide)
      const facts = ({ action, name, path }: { action: string; name?: string | undefined; path: string }) =>
        `${action} ${name} ${path.replaceAll(/sallyport-planned-\w+|[0-9a-f-]{36}/g, "*")}`
      const [did, said] = [report.changes.map(facts), plan.right.changes.map(facts)]
      if (plan.right.complete)
        expect(isInTurn ? did : did.sort(), about).toEqual(isInTurn ? said : said.sort())
    } else {
      toldRightly(own, before, yield* own.now, report, false)
    }
  })
