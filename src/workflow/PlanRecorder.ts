import { createHash } from "node:crypto"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PlanRefused } from "../auth/PlanRefused.ts"
import type * as WriteGate from "../auth/WriteGate.ts"
import {
  type Change,
  type Description,
  type List,
  type ObjectChange,
  type PlannedObjects,
  type Recorder,
  ShowsPlanned,
  type Undo
} from "../client/Change.ts"
import type { Entry } from "../client/Verbs.ts"
import { fieldDiffs } from "./FieldDiff.ts"
import * as Plan from "./Plan.ts"
import { CurrentStep, type Narrator } from "./Step.ts"

/** `PlanRecorder` makes a plan of what a workflow does. */
export interface PlanRecorder {
  readonly recorder: Recorder
  readonly gate: WriteGate.Gate
  readonly narrator: Narrator
  /** `ended` comes where the plan cannot see further. */
  readonly ended: Effect.Effect<void>
  readonly isOver: () => boolean
  /** `plan` gives what there is so far. */
  readonly plan: (workflow: string) => Plan.Plan
}

/**
 * `make` begins a plan. It is the recorder that notes where the plan ends, and not the script that is told of it: one
 * that catches every error must not get a plan that says that nothing would change.
 */
export const make: Effect.Effect<PlanRecorder> = Effect.gen(function* () {
  const ending = yield* Deferred.make<void>()
  const lists = new Map<string, PlannedList>()
  const changes: Array<Plan.PlannedChange> = []
  const notes: Array<Plan.Note> = []
  let unchanged = 0
  let end: Plan.PlanEnd | undefined

  const endAt = (targetName: string, operation: string, reason: string): Effect.Effect<never, PlanRefused> =>
    Effect.flatMap(CurrentStep, (step) => {
      end ??= { device: targetName, step, operation, reason }
      return Effect.zipRight(
        Deferred.succeed(ending, undefined),
        Effect.fail(new PlanRefused({ targetName, operation, step, reason }))
      )
    })

  const listOf = (list: List): PlannedList => {
    const key = keyOf(list)
    const known = lists.get(key)
    if (known !== undefined) return known
    const made = { isPlanned: isPlannedPath(list.path), present: new Map(), removed: new Set<string>() }
    lists.set(key, made)
    return made
  }

  const recorder: Recorder = {
    record: <A>(change: Change<A>) =>
      Effect.flatMap(CurrentStep, (step) => {
        // What goes on in a promise when the plan has ended is no part of it.
        if (end !== undefined) return endAt(change.targetName, operationOf(change), end.reason)
        const list = listOf(change)
        const undo = undoability(change.undo(Option.none()))
        const ids = change.objects.map((one) => {
          const id = one.id ?? plannedId(change, one, list)
          changes.push(plannedChange(change, step, { ...one, id }, undo))
          apply(list, { ...one, id })
          return id
        })
        return change.planned === undefined
          ? endAt(
              change.targetName,
              operationOf(change),
              "nobody can know what it answers before it is done."
            )
          : Effect.succeed(change.planned(ids))
      }),
    noteUnchanged: () => Effect.sync(() => (unchanged += 1)),
    plannedObjects: (list) => {
      const known = lists.get(keyOf(list)) ?? (isPlannedPath(list.path) ? listOf(list) : undefined)
      return known !== undefined && (known.isPlanned || isTouched(known)) ? known : undefined
    },
    unknowable: ({ path, targetName }, reason) => endAt(targetName, `GET ${path}`, `${reason}.`)
  }

  /** `dependsOnPlan` says whether a read shows something else once the plan is carried out. */
  const dependsOnPlan = ({ path, targetName }: WriteGate.GatedRequest): boolean => {
    if (isPlannedPath(path)) return true
    const own = lists.get(keyOf({ targetName, path }))
    if (own !== undefined && isTouched(own)) return true
    const [, above = "", id = ""] = /^(.*)\/([^/]+)$/.exec(path) ?? []
    const list = lists.get(keyOf({ targetName, path: above }))
    return list !== undefined && (list.present.has(id) || list.removed.has(id))
  }

  const gate: WriteGate.Gate = {
    admit: (request) => {
      const { method, path, targetName, writes } = request
      const operation = `${method} ${path}`
      if (writes) return endAt(targetName, operation, undescribed)
      return Effect.flatMap(ShowsPlanned, (isShown) =>
        !dependsOnPlan(request) || (isShown && !isPlannedPath(path))
          ? Effect.void
          : endAt(targetName, operation, "it reads what is only planned so far.")
      )
    }
  }

  return {
    recorder,
    gate,
    narrator: {
      note: (text) =>
        Effect.flatMap(CurrentStep, (step) => Effect.sync(() => void notes.push({ step, text }))),
      unplanned: (reason) => endAt("the workflow", "Workflow.unplanned", `${reason} (unplanned).`)
    },
    ended: Deferred.await(ending),
    isOver: () => end !== undefined,
    plan: (workflow) =>
      Plan.make({ workflow, changes, unchanged, notes, complete: end === undefined, ...(end && { end }) })
  }
})

const undescribed =
  "it would write, and this is a plan. Use a verb of the client, which describes its change, or put it into Workflow.unplanned."

interface PlannedList extends PlannedObjects {
  readonly present: Map<string, Entry>
  readonly removed: Set<string>
}

const keyOf = ({ path, targetName }: List): string => `${targetName} ${path}`

const isTouched = ({ present, removed }: PlannedObjects): boolean => present.size + removed.size > 0

const apply = ({ present, removed }: PlannedList, { after, id = "", name }: ObjectChange): void => {
  if (after === undefined) {
    present.delete(id)
    removed.add(id)
  } else present.set(id, { ...after, ...(name !== undefined && { name }), id })
}

const plannedMark = "sallyport-planned-"

const isPlannedPath = (path: string): boolean => path.includes(plannedMark)

/** `plannedId` stands for the id that a device will give: safe in a path, and the same in each plan of the same. */
const plannedId = ({ path, targetName }: List, { name }: ObjectChange, { present }: PlannedList): string => {
  for (let times = 0; ; times++) {
    const facts = JSON.stringify([targetName, path, name ?? "", times])
    const id = `${plannedMark}${createHash("sha256").update(facts).digest("hex").slice(0, 12)}`
    if (!present.has(id)) return id
  }
}

const operationOf = ({ action, path }: Description): string => `${action} ${path}`

const plannedChange = (
  { action, kind, path, targetName }: Description,
  step: string,
  object: ObjectChange,
  undo: Plan.PlannedChange["undo"]
): Plan.PlannedChange => ({
  device: targetName,
  step,
  action,
  kind,
  path,
  ...(object.name !== undefined && { name: object.name }),
  ...(object.id !== undefined && { id: object.id }),
  fields: fieldDiffs(object),
  undo
})

const undoability = (undo: Undo): Plan.PlannedChange["undo"] => {
  if ("cannot" in undo) return { cannot: undo.cannot }
  return undo.some(({ givesNewId }) => givesNewId === true) ? "newId" : "yes"
}
