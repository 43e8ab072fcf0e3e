import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Pending from "../validation/Pending.ts"
import type { Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import { now } from "../workflow/run/account/Account.ts"
import * as Course from "./Course.ts"
import * as DeviceRun from "./DeviceRun.ts"
import * as DeviceWork from "./DeviceWork.ts"
import * as Dispatch from "./Dispatch.ts"
import type { FleetDevices } from "./FleetDevices.ts"
import type { FleetOptions } from "./FleetOptions.ts"
import type { FleetRefused } from "./FleetRefused.ts"
import { type FleetReport, factsOf } from "./FleetReport.ts"
import * as Standing from "./Standing.ts"
import * as Waves from "./Waves.ts"

/** `FleetRan` is what a fleet came to. */
export interface FleetRan<A> {
  readonly report: FleetReport
  /** `results` are what the workflow gave, by the names of the devices on which it is done. */
  readonly results: ReadonlyMap<string, A>
}

/**
 * `run` carries a workflow for one device out on each device of a fleet, by a run of its own: with its journal, its undo
 * and its report. What becomes of one is its own; which failures stop the whole, `canary`, `waves` and `stopAfter` say.
 * What it came to is a value, whether it is done or not.
 *
 * Where it is interrupted, what is under way ends by the workflow's rules, and is logged out; it then gives none, and
 * `onProgress` and its journal tell.
 *
 * Fails only before anything is begun: with `InvalidInput`, with `PluginMismatch`, and with `JournalFailed` where nothing
 * can be written down.
 *
 * @example
 * const { report } = yield* Fleet.run(setBanner, inventory, { text }, { canary: 1, waves: ["10%", "50%"], stopAfter: 3 })
 */
export const run = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetOptions = {}
): Effect.Effect<FleetRan<A>, Course.FleetFault> =>
  Effect.catchTag(carriedOut(Course.begin(workflow, devices, input, options)), "FleetRefused", unbegun)

/** `unbegun` is what a fleet came to whose plan was not approved. */
export const unbegun = ({ report }: FleetRefused): Effect.Effect<FleetRan<never>> =>
  Effect.succeed({ report, results: new Map<string, never>() })

/** `carriedOut` goes through a course, to its end or to its interruption. */
export const carriedOut = <I, Encoded, P extends Parts, A, E, Fault>(
  begin: Effect.Effect<Course.Course<I, Encoded, P, A, E>, Fault, Scope.Scope>
): Effect.Effect<FleetRan<A>, Fault> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const course = yield* restore(begin)
      const work = DeviceWork.make(course)
      const all = new Map<number, DeviceWork.DeviceRan<A>>()
      tellBegun(course)
      const exit = yield* Effect.exit(
        restore(
          Dispatch.dispatch({
            ...work,
            settle: (place, wave, exit) =>
              Effect.tap(work.settle(place, wave, exit), (ran) => void all.set(place, ran))
          })
        )
      )
      const summary = yield* endOf(course, Exit.isSuccess(exit) ? exit.value : undefined)
      const each = yield* Effect.forEach(course.devices, ({ name }, place) => {
        const ran = all.get(place)
        return ran === undefined
          ? Effect.map(missed(course, name, place), (device) => ({ device, result: Option.none<A>() }))
          : Effect.succeed(ran)
      })
      const devices = each.map(({ device }) => device)
      const results = new Map(
        each.flatMap(({ device, result }) => (Option.isSome(result) ? [[device.device, result.value]] : []))
      )
      const report = { ...summary, devices }
      course.observer.tell({ _tag: "Ended", report })
      yield* course.observer.end
      if (Exit.isFailure(exit)) return yield* Effect.failCause(exit.cause)
      return { report, results }
    })
  ).pipe(Effect.scoped)

/**
 * `stream` does the same for a fleet of any size, and gives what became of each device as it comes: each once, those that
 * were not reached at the end. It keeps little of it, and begins no more while nobody takes it. Whoever leaves early
 * interrupts what is under way.
 *
 * Fails as `run` does.
 *
 * @example
 * yield* Stream.runForEach(Fleet.stream(setBanner, inventory, { text }), ({ device }) => Console.log(device.device, device.outcome))
 */
export const stream = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetOptions = {}
): Stream.Stream<DeviceWork.DeviceRan<A>, Course.FleetFault> =>
  Pending.stream(ran(workflow, devices, input, options))

const ran = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: FleetDevices<P[keyof P]>,
  input: Course.FleetInput<Encoded>,
  options: FleetOptions
): Stream.Stream<DeviceWork.DeviceRan<A>, Course.FleetFault> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const course = yield* Course.begin(workflow, devices, input, options)
      let isOver = false
      const end = (dispatched: Dispatch.Dispatched | undefined) =>
        Effect.suspend(() => {
          if (isOver) return Effect.void
          isOver = true
          return endOf(course, dispatched)
        })
      yield* Effect.addFinalizer(() => Effect.zipRight(end(undefined), course.observer.end))
      tellBegun(course)
      return Dispatch.stream(DeviceWork.make(course), window, (dispatched, give) =>
        Effect.zipRight(
          end(dispatched),
          Effect.forEach(
            course.devices.slice(dispatched.begun),
            ({ name }, at) =>
              Effect.flatMap(missed(course, name, dispatched.begun + at), (device) =>
                give({ device, result: Option.none() })
              ),
            { discard: true }
          )
        )
      )
    })
  ).pipe(
    Stream.catchTag("FleetRefused", ({ report }) =>
      Stream.fromIterable(report.devices.map((device) => ({ device, result: Option.none() })))
    )
  )

// More than comes to its end at one moment, and still few reports.
const window = 64

/** `AnyCourse` is what of a course has no types of its workflow. */
type AnyCourse = Pick<
  Course.Course<never, never, Parts, never, never>,
  "begun" | "earlier" | "isResumed" | "perDevice" | "startedAt" | "journal" | "observer"
>

const tellBegun = ({ begun: { devices, fleet, waves }, isResumed, journal, observer }: AnyCourse) =>
  observer.tell({
    _tag: isResumed ? "Resumed" : "Begun",
    fleet,
    journal: journal.path,
    devices: devices.length,
    waves: waves.map(Waves.sizeOf)
  })

/** `endOf` writes down that a fleet is over, and gives what it came to; `undefined` where it was interrupted. */
const endOf = (
  { begun, journal, startedAt }: AnyCourse,
  dispatched: Dispatch.Dispatched | undefined
): Effect.Effect<Omit<FleetReport, "devices">> =>
  Effect.gen(function* () {
    const outcome = outcomeOf(dispatched)
    const stop = dispatched?.stop && { stop: dispatched.stop }
    yield* Effect.ignore(journal.append({ _tag: "over", outcome, ...stop }))
    return {
      ...factsOf(begun),
      outcome,
      ...stop,
      errors: [],
      startedAt,
      endedAt: yield* now,
      journal: journal.path
    }
  })

const outcomeOf = (dispatched: Dispatch.Dispatched | undefined): FleetReport["outcome"] => {
  if (dispatched === undefined) return "interrupted"
  if (dispatched.stop !== undefined) return "stopped"
  return dispatched.failed === 0 ? "done" : "failed"
}

/** `missed` is a device that the fleet did not come to: one whose run was killed earlier stands where that was. */
const missed = (
  { begun: { waves }, earlier, perDevice }: AnyCourse,
  device: string,
  place: number
): Effect.Effect<DeviceRun.DeviceRun> => {
  const wave = Waves.numberAt(waves, place)
  const { ended, run } = earlier(device) ?? {}
  if (ended !== undefined) return Effect.succeed(ended)
  if (run === undefined) return Effect.succeed(DeviceRun.notReached(device, wave))
  const facts = { device, wave, outcome: "interrupted", errors: [], run } as const
  return Effect.map(Standing.byJournal(run, perDevice), (standing) => ({ ...facts, ...standing }))
}
