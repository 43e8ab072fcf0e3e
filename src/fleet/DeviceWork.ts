import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { Background } from "../auth/session/Background.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import { runErrors } from "../workflow/report/RunErrors.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import type { RunEvent } from "../workflow/run/account/RunEvent.ts"
import * as Records from "../workflow/run/Records.ts"
import type { Ran } from "../workflow/run/Run.ts"
import * as RunId from "../workflow/run/RunId.ts"
import { type RunFault, resumeAs, runAs } from "../workflow/run/Running.ts"
import type { RunOver } from "../workflow/run/RunOver.ts"
import * as UndoRun from "../workflow/run/undo/UndoRun.ts"
import { InFleet } from "../workflow/run/undo/UndoStops.ts"
import type { Course } from "./Course.ts"
import * as DeviceRun from "./DeviceRun.ts"
import type { DispatchEvent, Work } from "./Dispatch.ts"
import * as FleetDevices from "./FleetDevices.ts"
import type { FleetEvent } from "./FleetEvent.ts"
import * as Standing from "./Standing.ts"
import type { Wave } from "./Waves.ts"

/** `DeviceRan` is what became of a device, and what the workflow gave there. */
export interface DeviceRan<A> {
  readonly device: DeviceRun.DeviceRun
  /** `result` is what the workflow gave; none where it is not done, or was done in an earlier go. */
  readonly result: Option.Option<A>
}

/** `Heard` is what a device's run has told so far, also where it is interrupted. */
interface Heard {
  run: string | undefined
  hasBegun: boolean
  report: RunReport | undefined
}

/** `make` gives the work on each device: a run of its own, told in the fleet's journal before it begins. */
export const make = <I, Encoded, P extends Parts, A, E>(
  course: Course<I, Encoded, P, A, E>
): Work<Option.Option<A>, DeviceRan<A>> => {
  const { begun, concurrency, devices, earlier, journal, observer, rule } = course
  const heard = new Map<number, Heard>()

  const each = (place: number, wave: number): Effect.Effect<Option.Option<A>, unknown> =>
    Effect.suspend(() => {
      const device = deviceAt(devices, place)
      const past = earlier(device.name)
      if (past?.ended !== undefined) return Effect.succeedNone
      const own: Heard = { run: past?.run, hasBegun: false, report: undefined }
      heard.set(place, own)
      const hear = (event: RunEvent) => {
        if (event._tag === "Begun" || event._tag === "Resumed") own.hasBegun = true
        if (event._tag === "Ended") own.report = event.report
        else observer.tell({ _tag: "DeviceTold", device: device.name, event })
      }
      return Effect.gen(function* () {
        const run = past?.run ?? (yield* RunId.next(`${device.name}-${begun.workflow}`))
        if (past?.run === undefined) yield* journal.append({ _tag: "started", device: device.name, run })
        own.run = run
        observer.tell({ _tag: "DeviceBegun", device: device.name, wave, run })
        if (course.elsewhere !== undefined) {
          own.hasBegun = true
          own.report = yield* Effect.onError(
            course.elsewhere(device.name, run, course.inputOf(device)),
            // Whoever is interrupted here leaves it to go on there.
            (cause) => {
              own.hasBegun = Cause.isInterrupted(cause)
              return Effect.void
            }
          )
          return Option.none()
        }
        const options = yield* FleetDevices.optionsOf(device)
        const parts = { [course.part.part]: options } as PartDevices<P>
        const ran = past?.run === undefined ? begin(device, parts, run, hear) : goOn(device, parts, run, hear)
        const { report, result } = yield* ran
        own.report = report
        return result
      })
    })

  const begin = (
    device: FleetDevices.FleetDevice,
    parts: PartDevices<P>,
    run: string,
    hear: (event: RunEvent) => void
  ): Effect.Effect<Ran<A>, RunFault> =>
    Effect.suspend(() => {
      const approve = course.heldTo(device.name)
      const options = { ...course.perDevice, ...(approve !== undefined && { approve }) }
      return runAs(course.workflow, parts, course.inputOf(device), options, { run, hear })
    })

  /**
   * `goOn` takes up a run of which a process that was killed said that it begins, with the fleet's input: no journal of a
   * run has its secrets.
   */
  const goOn = (
    device: FleetDevices.FleetDevice,
    parts: PartDevices<P>,
    run: string,
    hear: (event: RunEvent) => void
  ): Effect.Effect<Ran<A>, unknown> =>
    Effect.suspend(() =>
      resumeAs(course.workflow, parts, run, { ...course.perDevice, input: course.inputOf(device) }, hear)
    ).pipe(
      Effect.catchTag("RunOver", (over) =>
        Effect.map(lastOf(over, parts, run), (report) => ({ report, result: Option.none<A>() }))
      )
    )

  /** `lastOf` is the report of a run that came to its end: its undo, too, where that had begun. */
  const lastOf = (over: RunOver, parts: PartDevices<P>, run: string): Effect.Effect<RunReport, unknown> => {
    const { folder, undo, whenHeld } = course.perDevice
    if (over.why === "Foreign") return Effect.fail(over)
    return over.why === "Done"
      ? Records.reportOf(run, { folder })
      : UndoRun.undo(course.workflow, parts, run, { ...undo, folder, whenHeld })
  }

  const became = (
    place: number,
    wave: number,
    exit: Exit.Exit<unknown, unknown>
  ): Effect.Effect<DeviceRun.DeviceRun> =>
    Effect.gen(function* () {
      const { name } = deviceAt(devices, place)
      const past = earlier(name)?.run
      const { hasBegun = false, report, run = past } = heard.get(place) ?? {}
      if (report !== undefined) return DeviceRun.ofReport(name, wave, report)
      if (run === undefined && Exit.isInterrupted(exit)) return DeviceRun.notReached(name, wave)
      const facts = {
        device: name,
        wave,
        outcome: Exit.isInterrupted(exit) ? "interrupted" : "failed",
        errors: Exit.isFailure(exit) ? runErrors(exit.cause) : [],
        ...(run !== undefined && { run })
      } as const
      // What an earlier go has begun stands where that was killed.
      return past === undefined
        ? { ...facts, state: hasBegun ? "left" : "untouched" }
        : { ...facts, ...(yield* Standing.byJournal(past, course.perDevice)) }
    })

  const numbers = new Map(begun.waves.map((wave, at) => [wave, at + 1]))
  const waveOf = (wave: Wave): number => numbers.get(wave) ?? 1

  return {
    waves: begun.waves,
    concurrency,
    rule,
    each: (place, wave) =>
      each(place, waveOf(wave)).pipe(
        Effect.provideService(Background, course.background),
        Effect.provideService(InFleet, true)
      ),
    settle: (place, wave, exit) =>
      Effect.gen(function* () {
        const past = earlier(deviceAt(devices, place).name)
        if (past?.ended !== undefined) return { device: past.ended, result: Option.none() }
        const device = yield* became(place, waveOf(wave), exit)
        heard.delete(place)
        if (device.outcome !== "notReached") {
          const { report: _report, ...facts } = device
          yield* Effect.ignore(journal.append({ _tag: "ended", ...facts }))
          observer.tell({ _tag: "DeviceEnded", device })
        }
        return { device, result: Exit.isSuccess(exit) ? exit.value : Option.none() }
      }),
    isFailure: ({ device }) => !DeviceRun.isWell(device),
    hear: (event) => observer.tell(toldOf(event, begun.waves))
  }
}

/** `toldOf` is what whoever is told of the fleet hears of a wave. */
const toldOf = (event: DispatchEvent, waves: ReadonlyArray<Wave>): FleetEvent => {
  if (event._tag === "Stopped") return event
  const { from = 0, to = 0 } = waves[event.wave] ?? {}
  const wave = event.wave + 1
  return event._tag === "WaveBegun"
    ? { _tag: "WaveBegun", wave, devices: to - from }
    : { _tag: "WaveEnded", wave }
}

const deviceAt = (devices: ReadonlyArray<FleetDevices.FleetDevice>, place: number) => {
  const device = devices[place]
  if (device === undefined) throw new RangeError(`a fleet of ${devices.length} devices has none at ${place}`)
  return device
}
