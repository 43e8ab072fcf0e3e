import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as WriteGate from "../auth/WriteGate.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import * as Pending from "../validation/Pending.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import type * as CallSite from "./CallSite.ts"
import * as PromiseList from "./PromiseList.ts"
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

/**
 * `awaited` gives a script a promise of an Effect, which is made of the options without the signal. A process that ends
 * meanwhile ends it first.
 */
export const awaited = <O, A, E>(
  options: (O & PromisedOptions) | undefined,
  made: (others: O) => Effect.Effect<A, E>,
  site: CallSite.CallSite
): Promise<A> => {
  const effect = WriteGate.underAmbient(
    Effect.flatMap(parted<O>(options), ({ others, signal }) =>
      untilAborted(
        Effect.suspend(() => made(others)),
        signal
      )
    )
  )
  return pending(
    PromiseScope.withScope(
      (scope) => scope.open(heldByScope(effect), site),
      (result) => result,
      site
    )
  )
}

/** `pending` knows what runs, fleets, plans and inventories have. */
const pending = Pending.promiseOf([
  ...["report", "result", "changes", "devices", "outcome", "workflow", "undo", "run", "fleet"],
  ...["groups", "planned", "failed", "select", "get", "show", "names"]
])

/**
 * `listed` gives a script a list of what a stream gives, as it comes. Whoever leaves the loop ends the stream, and waits
 * for its end; so does a process that ends meanwhile. Each loop over it begins anew.
 */
export const listed = <O, A, E>(
  options: (O & PromisedOptions) | undefined,
  made: (others: O) => Stream.Stream<A, E>,
  site: CallSite.CallSite
): PromiseList.PromiseList<A> =>
  PromiseList.listOf(async function* () {
    const { close, next } = await PromiseScope.openScope((scope) => pulled(options, made, scope, site))
    try {
      for (let page = await next(); page !== undefined; page = await next()) yield* page
    } finally {
      await close()
    }
  })

/** `pulled` begins a stream within a scope, and gives what asks for its next page; `undefined` is its end. */
const pulled = async <O, A, E>(
  options: (O & PromisedOptions) | undefined,
  made: (others: O) => Stream.Stream<A, E>,
  scope: PromiseScope.PromiseScope,
  site: CallSite.CallSite
): Promise<{ readonly next: () => Promise<Iterable<A> | undefined> }> => {
  const opening = Effect.gen(function* () {
    const { others, signal } = yield* parted<O>(options)
    const pull = yield* Stream.toPull(Stream.suspend(() => made(others)))
    const orEnd = Effect.catchAll(
      Effect.asSome(pull),
      Option.match({
        // A process that ends has ended the stream, too.
        onNone: () => (PromiseScope.isEnding() ? Effect.interrupt : Effect.succeedNone),
        onSome: Effect.fail
      })
    )
    return untilAborted(orEnd, signal)
  })
  const pull = await scope.open(WriteGate.underAmbient(opening), site)
  return {
    next: async () => Option.getOrUndefined(await scope.promise(WriteGate.underAmbient(pull), { site }))
  }
}

/** `parted` takes the signal out of the options, and checks what the types say, too. */
const parted = <O>(
  options: unknown = {}
): Effect.Effect<{ readonly signal: AbortSignal | undefined; readonly others: O }, InvalidInput> => {
  if (!GivenValue.isPlainObject(options)) {
    return refuseInput(
      "options",
      "these are no options; give an object, such as { signal }, or leave it out."
    )
  }
  const { signal, ...others } = options
  if (signal === undefined || signal instanceof AbortSignal)
    // Without the signal they are those of the function itself, which looks at them.
    return Effect.succeed({ signal, others: others as O })
  return refuseInput(
    "signal",
    "this is no AbortSignal; give that of an AbortController, or AbortSignal.timeout(…)."
  )
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
