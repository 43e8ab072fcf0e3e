import { AsyncLocalStorage } from "node:async_hooks"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import type { Scheduler } from "effect/Scheduler"
import * as Holding from "../transport/Holding.ts"
import type { Target } from "../transport/Target.ts"
import type { PlanRefused } from "./PlanRefused.ts"
import type { RunRefused } from "./RunRefused.ts"

/** `GatedRequest` is what a gate is told of a request. */
export interface GatedRequest {
  readonly target: Target
  readonly method: string
  /** `path` begins at the device's root, without its query. */
  readonly path: string
  readonly query: string
  /** `writes` says whether it changes something, as far as its method and the plugin tell. */
  readonly writes: boolean
  /** `tellsOfChanges` says whether it tells of changes elsewhere on the device. */
  readonly tellsOfChanges: boolean
}

/** `Gate` decides which requests of a session go to the device. Logins, refreshes and logouts pass none. */
export interface Gate {
  /** `meet` is told of each device to which a session is opened. */
  readonly meet: (target: Target) => Effect.Effect<void>
  readonly admit: (request: GatedRequest) => Effect.Effect<void, PlanRefused | RunRefused>
  /** `around` is put round what is admitted. @default nothing is */
  readonly around?:
    | (<A, E, R>(request: GatedRequest, send: Effect.Effect<A, E, R>) => Effect.Effect<A, E | RunRefused, R>)
    | undefined
}

/**
 * `WriteGate` is the gate of whoever opens a session or sends by one; `undefined` where there is none, which is the
 * default. A session keeps the gate under which it was opened, so that no way to send by it leads past.
 */
export class WriteGate extends Context.Reference<WriteGate>()("sallyport/WriteGate", {
  defaultValue: (): Gate | undefined => undefined
}) {}

/** `ambient` is what promises and functions of a script run under, which have no fiber of their own. */
const ambient = new AsyncLocalStorage<Gate | undefined>()

/** `underAmbient` puts under its gate what a promise or function of a script begins. */
export const underAmbient = <A, E, R>(begun: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  const gate = ambient.getStore()
  return gate === undefined ? begun : Effect.provideService(begun, WriteGate, gate)
}

/**
 * `withCurrent` hands `use` the gate of the fiber, or else that of the promise or function of a script that it was run
 * by.
 */
const withCurrent = <A, E>(use: (gate: Gate | undefined) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withFiberRuntime(({ currentContext }) => {
    const context: Context.Context<never> = currentContext
    return use(Context.get(context, WriteGate) ?? ambient.getStore())
  })

/** `current` gives that gate. */
export const current: Effect.Effect<Gate | undefined> = withCurrent(Effect.succeed)

/**
 * `withGate` runs a script under a gate: its fibers, and the promises, timers and runtimes that it starts, whatever
 * they open and send. What comes after it runs under none again.
 */
export const withGate = <A, E, R>(gate: Gate, script: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(
    // The fiber's own alone: a fiber may be resumed under the gate of a script that has nothing to do with it.
    Effect.zip(FiberRef.get(FiberRef.currentScheduler), Effect.map(WriteGate, inside(gate))),
    ([scheduler, all]) =>
      Effect.yieldNow().pipe(
        Effect.zipRight(script),
        Effect.provideService(WriteGate, all),
        Effect.withScheduler(within(all, scheduler)),
        keepingAmbient
      )
  )

/** `nested` are the gates that one gate stands for, the outermost first. */
const nested = new WeakMap<Gate, ReadonlyArray<Gate>>()

const gatesOf = (gate: Gate | undefined): ReadonlyArray<Gate> =>
  gate === undefined ? [] : (nested.get(gate) ?? [gate])

/** `inside` puts a gate inside those that there are: what runs within a plan writes no more than the plan does. */
const inside =
  (gate: Gate) =>
  (outer: Gate | undefined): Gate => {
    const gates = [...new Set([...gatesOf(outer), gate])]
    if (gates.length === 1) return gate
    const all: Gate = {
      meet: (target) => Effect.forEach(gates, (one) => one.meet(target), { discard: true }),
      admit: (request) => Effect.forEach(gates, (one) => one.admit(request), { discard: true }),
      around: <A, E, R>(request: GatedRequest, send: Effect.Effect<A, E | RunRefused, R>) =>
        gates.reduceRight((sent, { around }) => around?.(request, sent) ?? sent, send)
    }
    nested.set(all, gates)
    return all
  }

/**
 * `keepingAmbient` lets a fiber go on under the gate under which it began: it is resumed under that of whoever resumes
 * it, which may be a socket, or a request that has made room, of another script.
 */
export const keepingAmbient = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Holding.during(({ onRelease }) => {
    const own = ambient.getStore()
    onRelease(() => (ambient.getStore() === own ? undefined : under(own)))
    return effect
  })

/** `under` goes on under a gate. */
const under = (gate: Gate | undefined): Effect.Effect<void> =>
  Effect.async<void>((resume) => ambient.run(gate, () => queueMicrotask(() => resume(Effect.void))))

/**
 * `HoldsProcess` says whether what a plan may not send, nobody else in the process may send meanwhile: a command line
 * that makes a plan has nothing else to do.
 *
 * @default false, since a program may have more to do
 */
export class HoldsProcess extends Context.Reference<HoldsProcess>()("sallyport/WriteGate/HoldsProcess", {
  defaultValue: () => false
}) {}

/** `holdingProcess` keeps the whole process from writing while a plan is made. */
export const holdingProcess = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(effect, HoldsProcess, true)

/** `processGates` are those through which every session of the process writes, whoever opened it and whoever asks. */
const processGates = new Set<Gate>()

/**
 * `withProcessGate` has every write of the process pass a gate while a script runs, where `HoldsProcess` says so: what a
 * timer of before does for the script runs under no gate of the script's own.
 */
export const withProcessGate = <A, E, R>(
  { admit }: Gate,
  script: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.flatMap(HoldsProcess, (holds) => {
    if (!holds) return script
    const gate: Gate = {
      meet: () => Effect.void,
      admit: (request) => (request.writes ? admit(request) : Effect.void)
    }
    return Effect.acquireUseRelease(
      Effect.sync(() => void processGates.add(gate)),
      () => script,
      () => Effect.sync(() => void processGates.delete(gate))
    )
  })

/**
 * `withGates` hands `use` those that a request of a session passes: the one under which it was opened, that of whoever
 * asks, and those of the process.
 */
export const withGates = <A, E>(
  opened: Gate | undefined,
  use: (gates: ReadonlyArray<Gate>) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  withCurrent((asking) => use([...gatesOf(opened), ...gatesOf(asking), ...processGates]))

/** `within` gives a scheduler whose tasks run under the gate, so that promises which they start do so, too. */
const within = (gate: Gate, scheduler: Scheduler): Scheduler => ({
  scheduleTask: (task, priority, fiber) =>
    scheduler.scheduleTask(() => ambient.run(gate, task), priority, fiber),
  shouldYield: (fiber) => scheduler.shouldYield(fiber)
})
