import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as OptionNames from "../client/OptionNames.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import { plan } from "../workflow/Planning.ts"
import * as CallSite from "./CallSite.ts"
import * as PromiseScope from "./PromiseScope.ts"

/** `PromisedOptions` are those of everything that is done with a workflow by a script that awaits. */
export interface PromisedOptions {
  /**
   * `signal` ends it: it rejects with the signal's reason, once its sessions are logged out.
   *
   * @default it ends by itself, or before the process does
   */
  readonly signal?: AbortSignal | undefined
}

/** `promised` gives a function of Effects to scripts that await. */
const promised = <Given extends ReadonlyArray<unknown>, A, E>(
  made: (...given: Given) => Effect.Effect<A, E>
): ((...given: [...Given, options?: PromisedOptions]) => Promise<A>) => {
  const called = (...given: [...Given, options?: PromisedOptions]): Promise<A> => {
    const site = CallSite.callerOf(called)
    // The compiler cannot count what it does not know.
    const [own, options] = [given.slice(0, made.length) as never as Given, given[made.length]]
    const effect = Effect.flatMap(signalOf(options), (signal) =>
      untilAborted(
        Effect.suspend(() => made(...own)),
        signal
      )
    )
    return PromiseScope.withScope(
      (entry) => entry.open(heldByScope(effect), site),
      (result) => result,
      site
    )
  }
  return called
}

/**
 * `planPromise` is `plan` for scripts that await. A process that ends meanwhile logs out first, as by `Fmc.use`.
 *
 * @example
 * console.log(Workflow.planText(await Workflow.planPromise(importHosts, { fmc: "FMC" }, { domain: "Global", hosts })))
 */
export const planPromise = promised(plan)

/** `signalOf` checks what the types say, too. */
const signalOf = (options: unknown): Effect.Effect<AbortSignal | undefined, InvalidInput> => {
  if (options === undefined) return Effect.succeed(undefined)
  const given = Predicate.isReadonlyRecord(options) ? options : { options }
  const fault = OptionNames.faultOf("a call that awaits", given, ["signal"])
  if (fault !== undefined) return Effect.fail(fault)
  const { signal } = given
  if (signal === undefined || signal instanceof AbortSignal) return Effect.succeed(signal)
  const message =
    "signal: this is no AbortSignal; give that of an AbortController, or AbortSignal.timeout(…)."
  return Effect.fail(new InvalidInput({ field: "signal", message }))
}

/** `heldByScope` lets a scope that closes end it, and wait for its end. */
const heldByScope = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E, Scope.Scope> =>
  Effect.suspend(() => (PromiseScope.isEnding() ? Effect.interrupt : Effect.forkScoped(effect))).pipe(
    Effect.flatMap((fiber) => Effect.onInterrupt(Fiber.join(fiber), () => Fiber.interrupt(fiber)))
  )

const untilAborted = <A, E>(
  effect: Effect.Effect<A, E>,
  signal: AbortSignal | undefined
): Effect.Effect<A, unknown> =>
  signal === undefined
    ? effect
    : Effect.raceFirst(
        effect,
        Effect.async<never, unknown>((resume) => {
          const end = () => resume(Effect.fail(signal.reason))
          if (signal.aborted) return end()
          signal.addEventListener("abort", end)
          return Effect.sync(() => signal.removeEventListener("abort", end))
        })
      )
