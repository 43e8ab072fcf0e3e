import { AsyncLocalStorage } from "node:async_hooks"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import { refuseInput } from "../validation/RefuseInput.ts"
import * as CallSite from "./CallSite.ts"
import type { Runner } from "./Runner.ts"
import * as ScriptBody from "./ScriptBody.ts"

/** `ScriptContext` is that of one async function of a script, and of all that it calls until it is over. */
interface ScriptContext {
  /** `field` is what a fault calls the function. */
  readonly field: string
  /** `runtime` is that of the fiber that awaits it: calls have its steps, permissions and whatever else it has. */
  readonly runtime: Runtime.Runtime<never>
  readonly underWay: Map<Fiber.RuntimeFiber<unknown, unknown>, CallSite.CallSite>
  isOver: boolean
}

/** `contexts` has the context of the innermost function, also after what that awaits. */
const contexts = new AsyncLocalStorage<ScriptContext | undefined>()

/**
 * `awaiting` runs an async function of a script, handing it a runner whose calls run as if the fiber itself made them.
 * What is still under way when the function is over is stopped before the fiber goes on, so that nothing is sent then;
 * where the function ended well, that fails: it was not awaited.
 *
 * Fails with whatever the function throws, and with `InvalidInput`.
 */
export const awaiting = <A>(
  field: string,
  body: (runner: Runner) => Promise<A> | A
): Effect.Effect<A, unknown> =>
  Effect.flatMap(Effect.runtime(), (runtime) => {
    const context: ScriptContext = { field, runtime, underWay: new Map(), isOver: false }
    const result = Effect.tryPromise({
      try: () => contexts.run(context, async () => body(runnerOf(context))),
      catch: CallSite.thrown
    })
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(restore(result))
        context.isOver = true
        const left = [...context.underWay]
        // Nobody waits for them, and a rejection that nobody handles would end the process.
        if (Exit.isSuccess(exit)) context.underWay.clear()
        yield* Fiber.interruptAll(left.map(([fiber]) => fiber))
        const fault = Exit.isSuccess(exit) ? faultOf(context, left, exit.value) : undefined
        return fault === undefined ? yield* exit : yield* Effect.fail(CallSite.thrown(fault))
      })
    )
  })

const faultOf = ({ field }: ScriptContext, [first]: ReadonlyArray<Left>, result: unknown): unknown => {
  if (first === undefined) return ScriptBody.faultOfResult(field, result)
  return CallSite.attributed(
    refuseInput(field, "it ended while this was still under way, which was stopped; await it."),
    first[1]
  )
}

type Left = readonly [fiber: unknown, site: CallSite.CallSite]

/**
 * `runExit` runs an effect in the runtime of the innermost function of a workflow's script, or else in the one given: a
 * client that a script opens by itself takes part in its workflow, too.
 */
export const runExit = <A, E>(
  outside: Runtime.Runtime<never>,
  effect: Effect.Effect<A, E>,
  options: { readonly signal?: AbortSignal } | undefined
): Promise<Exit.Exit<A, E>> => {
  const runtime = contexts.getStore()?.runtime ?? outside
  return contexts.run(undefined, () => Runtime.runPromiseExit(runtime)(effect, options))
}

/** `runnerOf` runs calls in the context of the function that makes them; those that lost it, in the one given. */
const runnerOf = (outer: ScriptContext): Runner => ({
  promise: async <A, E>(
    effect: Effect.Effect<A, E>,
    { signal, site }: Parameters<Runner["promise"]>[1]
  ): Promise<A> => {
    const context = contexts.getStore() ?? outer
    const { field, isOver, runtime, underWay } = context
    if (isOver) {
      throw CallSite.attributed(
        refuseInput(field, "this is called when it is over; await all that it does before it ends."),
        site
      )
    }
    // A fiber goes its own way: what it resumes beside itself is not of this function.
    const fiber = contexts.run(undefined, () => Runtime.runFork(runtime)(effect))
    const stop = () => fiber.unsafeInterruptAsFork(FiberId.none)
    if (signal?.aborted) stop()
    signal?.addEventListener("abort", stop)
    underWay.set(fiber, site)
    const exit = await new Promise<Exit.Exit<A, E>>((resolve) =>
      fiber.addObserver((exit) => {
        signal?.removeEventListener("abort", stop)
        if (underWay.delete(fiber)) resolve(exit)
      })
    )
    if (Exit.isSuccess(exit)) return exit.value
    throw CallSite.attributed(Cause.squash(exit.cause), site)
  }
})
