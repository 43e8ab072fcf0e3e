import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { PlanRefused } from "../../auth/PlanRefused.ts"
import type * as WriteGate from "../../auth/WriteGate.ts"
import {
  type Change,
  Describes,
  type Description,
  type List,
  type ObjectChange,
  type PlannedEvent,
  type PlannedObjects,
  type Recorder,
  ShowsPlanned
} from "../../client/changes/Change.ts"
import type { Entry } from "../../client/fields/ListEntry.ts"
import { textsOf } from "../../client/fields/Secrets.ts"
import { withoutSecrets } from "../KnownSecrets.ts"
import { CurrentStep, type Narrator } from "../Step.ts"
import { asSent, describedChange, undoability } from "./DescribedChange.ts"
import * as Plan from "./Plan.ts"
import * as PlannedPlaces from "./PlannedPlaces.ts"
import * as Unchanged from "./Unchanged.ts"

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
  const places = PlannedPlaces.make()
  const changes: Array<Plan.PlannedChange> = []
  const notes: Array<Plan.Note> = []
  const secrets = new Set<string>()
  const unchanged = Unchanged.make()
  let end: Plan.PlanEnd | undefined
  let isTold = false

  const endAt = (targetName: string, operation: string, reason: string): Effect.Effect<never, PlanRefused> =>
    Effect.flatMap(CurrentStep, (step) => {
      end ??= { device: targetName, step, operation, reason }
      return Effect.zipRight(
        Deferred.succeed(ending, undefined),
        Effect.fail(new PlanRefused({ targetName, operation, step, reason }))
      )
    })

  const listOf = (list: List): PlannedList => {
    const key = places.keyOf(list)
    const known = lists.get(key)
    if (known !== undefined) return known
    const made: PlannedList = {
      isPlanned: places.isPlanned(list.path),
      present: new Map(),
      removed: new Set(),
      elsewhere: new Map(),
      history: []
    }
    lists.set(key, made)
    return made
  }

  const recorder: Recorder = {
    isPlan: true,
    record: <A>(change: Change<A>) =>
      Effect.flatMap(CurrentStep, (step) => {
        // What goes on in a promise when the plan has ended is no part of it.
        if (end !== undefined || isTold)
          return endAt(change.targetName, operationOf(change), end?.reason ?? planIsMade)
        if (change.isIdle === true && change.planned !== undefined && !places.isChanged(change)) {
          unchanged.note(change, change.objects[0]?.name)
          return Effect.succeed(change.planned([]))
        }
        for (const text of textsOf(change)) secrets.add(text)
        if (change.objects.length === 0) unchanged.note(change, undefined)
        const list = listOf(change)
        const undoOf = undoability(change)
        const ids = change.objects.map(asSent).map((one) => {
          const id = one.id ?? places.plannedId(change, one.name)
          changes.push(describedChange(change, step, { ...one, id }, undoOf(one)))
          apply(list, { ...one, id })
          const isGone = one.after === undefined
          if (isGone || one.before === undefined)
            list.history.push({ id, isGone, place: change.place, change })
          places.change(change, id, one.after === undefined)
          for (const path of change.alsoIn ?? []) {
            const other = { targetName: change.targetName, path }
            const name = one.after === undefined ? undefined : one.name
            listOf(other).elsewhere.set(id, name)
            places.change(other, id, one.after === undefined)
          }
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
    noteUnchanged: (list, name) =>
      Effect.sync(() => {
        unchanged.note(list, name)
        return "unchanged"
      }),
    plannedObjects: (list) => {
      const known = lists.get(places.keyOf(list)) ?? (places.isPlanned(list.path) ? listOf(list) : undefined)
      if (known === undefined || !(known.isPlanned || isTouched(known))) return undefined
      const { history } = known
      return history.some(({ place }) => place !== undefined) ? { ...known, events: history } : known
    },
    // What is planned is shown as it is written.
    written: () => undefined,
    shows: () => () => {},
    unknowable: ({ path, targetName }, reason) => endAt(targetName, `GET ${path}`, `${reason}.`)
  }

  const gate: WriteGate.Gate = {
    meet: (target) =>
      places.meet(target)
        ? Effect.void
        : Effect.ignore(
            endAt(target.name, target.origin, "another device has its name: give each one of its own.")
          ),
    admit: (request) => {
      const { method, path, target, writes } = request
      const refuse = (reason: string) => endAt(target.name, `${method} ${path}`, reason)
      if (writes) return refuse(undescribed)
      return Effect.gen(function* () {
        yield* gate.meet(target)
        const reason = places.unknown(request, { isShown: yield* ShowsPlanned, describes: yield* Describes })
        if (reason !== undefined) return yield* refuse(reason)
      })
    }
  }

  return {
    recorder,
    gate,
    narrator: {
      note: (text) =>
        Effect.flatMap(CurrentStep, (step) => Effect.sync(() => void notes.push({ step, text }))),
      stepped: (_step, _result, part) => part,
      unplanned: (reason) => endAt("the workflow", "Workflow.unplanned", `${reason} (unplanned).`)
    },
    ended: Deferred.await(ending),
    isOver: () => end !== undefined,
    plan: (workflow) => {
      isTold = true
      return Plan.make({
        workflow,
        changes: [...changes],
        ...unchanged.facts(),
        notes: withoutSecrets(notes, [...secrets]),
        complete: end === undefined,
        ...(end && { end: withoutSecrets(end, [...secrets]) })
      })
    }
  }
})

const planIsMade = "the plan is made already. Let the script wait for all that it has begun."

const undescribed =
  "it would write, and this is a plan. Use a verb of the client, which describes its change, or put it into Workflow.unplanned."

interface PlannedList extends PlannedObjects {
  readonly present: Map<string, Entry>
  readonly removed: Set<string>
  readonly elsewhere: Map<string, string | undefined>
  /** `history` is what is created and removed, in its order. */
  readonly history: Array<PlannedEvent>
}

const isTouched = ({ elsewhere, present, removed }: PlannedList): boolean =>
  present.size + removed.size + elsewhere.size > 0

const apply = ({ present, removed }: PlannedList, { after, id = "", name }: ObjectChange): void => {
  if (after === undefined) {
    present.delete(id)
    removed.add(id)
  } else present.set(id, { ...(name !== undefined && { name }), ...after, id })
}

const operationOf = ({ action, path }: Description): string => `${action} ${path}`
