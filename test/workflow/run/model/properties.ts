import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { Workflow } from "sallyport"
import { holds, same } from "./claims.ts"
import { type Scenario, type Setting, setting } from "./scenario.ts"
import { shortOf, toldRightly } from "./telling.ts"
import { differencesOf } from "./world.ts"

const undoBounds = { each: "2 seconds", all: "1 minute" } as const

const ranAs = (own: Setting, options: Workflow.RunOptions) =>
  Effect.gen(function* () {
    const { arm, devices, folder, input, interruptible, onDevices, workflow } = own
    yield* arm("run")
    const exit = yield* interruptible(
      onDevices(
        Workflow.run(workflow, devices, input, {
          folder,
          undo: undoBounds,
          ...options
        })
      )
    )
    own.sandbox.clearFaults()
    if (Exit.isSuccess(exit)) return exit.value.report
    holds(Exit.isInterrupted(exit), String(exit), own.given)
    return undefined
  })

/** Of a run that was interrupted, its journal is all there is. */
const runIn = ({ journals }: Setting): string | undefined =>
  journals()[0]?.replace(/^.*\//, "").replace(".jsonl", "")

const undoneLater = (
  { devices, folder, given, onDevices, sandbox, undoBegins, workflow }: Setting,
  run: string
) => {
  const once = Effect.zipRight(
    undoBegins,
    onDevices(Workflow.undo(workflow, devices, run, { folder, ...undoBounds }))
  )
  // A fault may keep it from its devices, that of a login too which the run had begun: nothing is undone then.
  return Effect.catchTag(once, "DeviceUnreachable", (error) => {
    sandbox.clearFaults()
    return given.faults.length === 0 ? Effect.fail(error) : once
  })
}

export const undone = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    const ran = yield* ranAs(own, {})
    const run = runIn(own)
    const report = ran ?? (run === undefined ? undefined : yield* undoneLater(own, run))
    const after = yield* own.now
    if (report === undefined) return same(differencesOf(before, after), theirs(own), "without a journal")
    holds(report.outcome !== "done", "it has failed", report)
    yield* own.checked(report)
    toldRightly(own, before, after, report)
  })

const theirs = ({ rivals }: Setting) => [...new Set(rivals.flatMap(({ keys }) => keys))]

export const leftAndUndone = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    yield* ranAs(own, { onFailure: "leave" })
    const run = runIn(own)
    if (run === undefined)
      return same(differencesOf(before, yield* own.now), theirs(own), "without a journal")
    yield* own.arm("undo")
    if (given.interruptedLater !== undefined)
      yield* own.interruptible(undoneLater(own, run), given.interruptedLater)
    const report = yield* undoneLater(own, run)
    own.sandbox.clearFaults()
    yield* own.checked(report)
    toldRightly(own, before, yield* own.now, report)
  })

/** What the same workflow comes to that nothing disturbs, on devices of its own; `undefined` where it fails by itself. */
const reference = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting({ ...given, rivals: [], faults: [], interrupted: undefined })
    own.state.isMended = true
    const { devices, folder, input, onDevices, workflow } = own
    const { report, result } = yield* onDevices(Workflow.run(workflow, devices, input, { folder }))
    return report.outcome === "done"
      ? { result: Option.getOrUndefined(result), state: yield* own.now, writes: own.writes().toSorted() }
      : undefined
  })

export const leftAndResumed = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, rivals: [] }
    const wanted = yield* reference(given)
    if (wanted === undefined) return
    const own = yield* setting(given)
    const there = yield* own.now
    const first = yield* ranAs(own, { onFailure: "leave" })
    const run = runIn(own)
    if (run === undefined) return
    own.state.isMended = true
    const sent = own.writes().length
    const { devices, folder, input, onDevices, workflow } = own
    if (given.interruptedLater !== undefined) {
      const going = onDevices(Workflow.resume(workflow, devices, run, { folder, input, onFailure: "leave" }))
      yield* own.interruptible(going, given.interruptedLater)
      const { outcome } = yield* Workflow.reportOf(run, { folder })
      // It was too late, and has said by then what it came to.
      if (outcome === "done")
        return same(yield* own.now, wanted.state, "what the devices have of one that is done")
    }
    const resumed = onDevices(Workflow.resume(workflow, devices, run, { folder, input }))
    // What the run had asked its devices when it was interrupted may still be without an answer.
    const isKeptOff = ({ errors }: Workflow.RunReport) =>
      given.faults.length > 0 && errors[0]?.tag === "DeviceUnreachable" && own.writes().length === sent
    const { report, result } = yield* Effect.flatMap(resumed, (ran) =>
      isKeptOff(ran.report) ? resumed : Effect.succeed(ran)
    )
    yield* own.checked(report)
    const about = { errors: report.errors, changes: shortOf(report), first: first && shortOf(first) }
    if (report.errors[0]?.message.includes("has removed further on")) {
      // Nobody can read how it was. Nothing is sent, and the run can be undone.
      same([report.outcome, own.writes().length], ["refused", sent], "nothing is sent", about)
      const undone = yield* undoneLater(own, run)
      return toldRightly(own, there, yield* own.now, undone)
    }
    same(report.outcome, "done", "a resumed run", about)
    same(Option.getOrUndefined(result), wanted.result, "its result", about)
    same(own.writes().toSorted(), wanted.writes, "what it sends", about)
    same(yield* own.now, wanted.state, "what the devices have", about)
  })

/** A run that was left is resumed, while somebody else changes the devices, and then undone. */
export const resumedAmongOthers = (given: Scenario) =>
  Effect.gen(function* () {
    const own = yield* setting(given)
    const before = yield* own.now
    yield* ranAs(own, { onFailure: "leave" })
    const run = runIn(own)
    if (run === undefined) return
    own.state.isMended = true
    const sentBefore = own.writes().length
    yield* own.rivalsAct("before")
    yield* own.resumeBegins
    const { devices, folder, input, onDevices, workflow } = own
    const { report } = yield* onDevices(
      Workflow.resume(workflow, devices, run, { folder, input, undo: undoBounds })
    )
    own.sandbox.onArrival(Effect.void)
    // What the resumed run writes, it writes behind what somebody has done at the end of the one before.
    if (own.writes().length > sentBefore)
      for (const [at, one] of own.rivals.entries())
        if (one.when === "end") own.rivals[at] = { ...one, when: "run" }
    yield* own.checked(report)
    const sent = report.changes.filter(({ state }) => state !== "planned" && state !== "notReached")
    if (report.undo === undefined)
      holds(own.writes().length <= sent.length, "something is sent twice", [own.writes(), shortOf(report)])
    holds(report.outcome === "done" || report.errors.length > 0, "it says why it is not done", report)
    const last = report.undo === undefined ? yield* undoneLater(own, run) : report
    yield* own.checked(last)
    toldRightly(own, before, yield* own.now, last)
  })

/** Two workflows follow each other on the same devices, and are taken back, the later one first. */
export const stacked = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, rivals: [], interrupted: undefined }
    const own = yield* setting(given)
    own.state.isMended = true
    const { devices, folder, input, onDevices, other, workflow } = own
    const options = { folder, undo: undoBounds }
    const before = yield* own.now
    yield* own.arm("run")
    const first = (yield* onDevices(Workflow.run(workflow, devices, input, options))).report
    own.sandbox.clearFaults()
    const between = yield* own.now
    const second = (yield* onDevices(Workflow.run(other, devices, input, options))).report
    yield* own.arm("undo")
    const undoneOf = (report: Workflow.RunReport, of: typeof workflow) =>
      report.undo === undefined && report.run !== undefined
        ? undoneLater({ ...own, workflow: of }, report.run)
        : Effect.succeed(report)
    const secondUndone = yield* undoneOf(second, other)
    const behind = yield* own.now
    toldRightly(own, between, behind, secondUndone)
    own.rivals.push({ when: "run", behind: 0, keys: differencesOf(between, behind), after: behind })
    const firstUndone = yield* undoneOf(first, workflow)
    own.sandbox.clearFaults()
    toldRightly(own, before, yield* own.now, firstUndone)
    yield* own.checked(firstUndone)
  })

export const planned = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, interrupted: undefined }
    const own = yield* setting(given)
    const { devices, folder, input, onDevices, workflow } = own
    own.state.isMended = true
    yield* own.arm("run")
    const plan = yield* Effect.either(onDevices(Workflow.plan(workflow, devices, input)))
    own.sandbox.clearFaults()
    same(
      own.sandbox.arrivals.filter(({ method }) => method !== "GET"),
      [],
      "a plan writes"
    )
    if (plan._tag === "Left") {
      if (given.faults.length === 0) same(yield* reference(given), undefined, "a plan fails", plan.left)
      return
    }
    yield* own.rivalsAct("before")
    const isDrifted = own.rivals.length > 0
    own.rivals.length = 0
    const before = yield* own.now
    const options = { folder, plan: plan.right }
    const { report } = yield* onDevices(Workflow.run(workflow, devices, input, options))
    yield* own.checked(report)
    const about = { errors: report.errors, changes: shortOf(report), plan: plan.right }
    const wanted = isDrifted ? undefined : yield* reference(given)
    if (wanted !== undefined) {
      same(report.outcome, "done", "a planned run", about)
      same(yield* own.now, wanted.state, "what the devices have", about)
    }
    const isInTurn = given.steps.every(({ isSideBySide }) => !isSideBySide)
    // A device that has not told its versions is asked by `latest`.
    const facts = ({ action, name, path }: { action: string; name?: string | undefined; path: string }) =>
      `${action} ${name} ${path.replaceAll(/sallyport-planned-\w+|[0-9a-f-]{36}|\/(v[\d.]+|latest)(?=\/)/g, "*")}`
    const said = plan.right.changes.map(facts)
    if (report.outcome !== "done") {
      toldRightly(own, before, yield* own.now, report)
      const begun = report.changes.filter(({ state }) => state !== "planned" && state !== "notReached")
      if (plan.right.complete && isInTurn)
        same(begun.map(facts), said.slice(0, begun.length), "what it did before it was stopped", about)
    } else if (plan.right.complete) {
      const did = report.changes.map(facts)
      // What somebody has made so meanwhile stands behind all that was done.
      const isOrdered = isInTurn && !report.changes.some(({ state }) => state === "notReached")
      same(isOrdered ? did : did.sort(), isOrdered ? said : said.sort(), "what it did", about)
    }
  })
export { interleaved } from "./interleaved.ts"
