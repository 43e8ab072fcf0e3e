import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Description } from "../../client/changes/Change.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type { Plan } from "../plan/Plan.ts"
import * as Approval from "./Approval.ts"
import type * as ChangeWindow from "./ChangeWindow.ts"
import * as GuardOptions from "./GuardOptions.ts"
import { GuardRefused } from "./GuardRefused.ts"
import * as Limit from "./Limit.ts"
import * as Only from "./Only.ts"
import { isInside, untilInside } from "./WindowGuard.ts"

/** `Guards` say what a run may do, and when. Each is asked before the first write and again before each. */
export interface Guards {
  /**
   * `limit` is how many objects a run may change. A number counts all, those that are removed too; else removals are
   * counted apart, and one that is left out has no limit. An object counts as often as it is changed, and what the plan
   * shows is counted before anything is written.
   *
   * @default none
   */
  readonly limit?: number | Pick<Limit.Limits, "changes" | "removals"> | undefined
  /**
   * `approve` is asked once, with the plan, before anything is written: `Workflow.askOnTerminal`, or a function of one's
   * own. A plan that is not `complete` does not show all that would be done.
   *
   * @default nobody is asked
   */
  readonly approve?: Approval.Approve | undefined
  /** `window` is when a run may change something. @default at any time */
  readonly window?: ChangeWindow.ChangeWindow | undefined
  /** `only` is what it may touch. @default anything */
  readonly only?: Only.Only | undefined
}

/** `GuardedChange` is a change that a run is about to send. */
export type GuardedChange = Pick<Description, "targetName" | "kind" | "action" | "objects">

/** `Guard` stops a run that does what it may not. */
export interface Guard {
  /** `beforeRun` looks at the whole plan, asks for its approval, and waits for the window where it is told to. */
  readonly beforeRun: (plan: Plan) => Effect.Effect<void, GuardRefused>
  /** `before` looks at a change before it is sent, and counts it. */
  readonly before: (change: GuardedChange) => Effect.Effect<void, GuardRefused>
  /** `countReplayed` counts a change that a resumed run takes from the journal: the limit is that of the whole run. */
  readonly countReplayed: (change: GuardedChange) => Effect.Effect<void>
}

/** `make` checks guards. Fails with `InvalidInput` where they are none, and says what to give. */
export const make = (guards: Guards = {}): Effect.Effect<Guard, InvalidInput> =>
  Effect.gen(function* () {
    const { approve, limit, only, window } = yield* GuardOptions.decode(guards)
    const counter = yield* Limit.counter(limit)
    const hasBegun = yield* Ref.make(false)

    const mayTouch = (objects: ReadonlyArray<Only.Touched>, what: string) => {
      const others = Only.outside(only, objects)
      if (others === undefined) return Effect.void
      const message = `${what} ${others}, which the run may not touch. Nothing of it was sent; look why, and if it is right give the guard only more room.`
      return Effect.fail(new GuardRefused({ guard: "only", message }))
    }

    return {
      beforeRun: (plan) =>
        Effect.gen(function* () {
          yield* mayTouch(plan.changes.map(touchedByPlan), "The plan changes")
          const over = Limit.excess(limit, Limit.countsOf(plan.changes.map(({ action }) => action)))
          if (over !== undefined) {
            const message = `The plan${plan.complete ? "" : ", as far as it can be seen,"} has ${over}. Nothing was written; look through it, and if it is right give a higher limit.`
            return yield* new GuardRefused({ guard: "limit", message })
          }
          // Nobody is asked for what could not be done anyway.
          if (window !== undefined && !window.waits) yield* isInside(window)
          if (approve !== undefined) yield* Approval.approved(approve, plan)
          if (window !== undefined) yield* window.waits ? untilInside(window) : isInside(window)
        }),
      before: (change) =>
        Effect.gen(function* () {
          yield* mayTouch(touched(change), "The run is about to change")
          if (window !== undefined)
            yield* window.waits && !(yield* Ref.get(hasBegun)) ? untilInside(window) : isInside(window)
          const over = yield* counter.take(countsOf(change))
          if (over !== undefined) {
            const message = `With ${change.action} of ${objectsText(change)} it would be ${over}. It was not sent; look at what the run does, and if it is right give a higher limit.`
            return yield* new GuardRefused({ guard: "limit", message })
          }
          yield* Ref.set(hasBegun, true)
        }),
      countReplayed: (change) => counter.add(countsOf(change))
    }
  })

const countsOf = ({ action, objects }: GuardedChange) => Limit.countsOf(objects.map(() => action))

const touched = ({ kind, objects, targetName }: GuardedChange): ReadonlyArray<Only.Touched> =>
  objects.map(({ after, name }) => ({ device: targetName, kind, names: namesOf(name, after?.name) }))

const touchedByPlan = ({ device, fields, kind, name }: Plan["changes"][number]): Only.Touched => ({
  device,
  kind,
  names: namesOf(name, fields.find(({ field }) => field === "name")?.after)
})

const namesOf = (name: string | undefined, newName: unknown): ReadonlyArray<string> => [
  ...(name === undefined ? [] : [name]),
  ...(typeof newName === "string" && newName !== name ? [newName] : [])
]

const objectsText = ({ kind, objects, targetName }: GuardedChange): string =>
  `${objects.length} × ${kind} on ${targetName}`
