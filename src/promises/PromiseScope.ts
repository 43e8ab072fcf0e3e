import process from "node:process"
import { setImmediate } from "node:timers"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as ExitHandling from "../process/ExitHandling.ts"
import * as FailureText from "../process/FailureText.ts"
import { withStderrLogger } from "../process/StderrLogger.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as CallSite from "./CallSite.ts"
import type { Runner } from "./Runner.ts"
import * as ScriptBody from "./ScriptBody.ts"
import * as ScriptContext from "./ScriptContext.ts"

/**
 * `PromiseScope` is what a script has opened without Effect: it is closed by the script, or before the process ends.
 */
export interface PromiseScope extends Runner {
  /** `open` opens within it; a failure closes it. */
  readonly open: <A, E>(opening: Effect.Effect<A, E, Scope.Scope>, site: CallSite.CallSite) => Promise<A>
  readonly close: () => Promise<void>
}

/** `Closable` is what can be closed. */
export interface Closable extends AsyncDisposable {
  /** `close` logs out. A second call waits for the first. */
  readonly close: () => Promise<void>
}

/** `withScope` opens for a function, and closes when that is over, whatever happens. */
export const withScope = async <A, B>(
  opening: (scope: PromiseScope) => Promise<A>,
  body: (opened: A) => Promise<B> | B,
  site: CallSite.CallSite
): Promise<B> => {
  const assertNone = (fault: InvalidInput | undefined) => {
    if (fault !== undefined) throw CallSite.attributed(fault, site)
  }
  assertNone(ScriptBody.faultOf("body", body))
  const scope = makeScope()
  try {
    const result = await body(await opening(scope))
    assertNone(ScriptBody.faultOfResult("body", result))
    return result
  } finally {
    await scope.close()
  }
}

/** `openScope` opens, and leaves it to the script to close. */
export const openScope = async <A>(opening: (scope: PromiseScope) => Promise<A>): Promise<A & Closable> => {
  const scope = makeScope()
  const opened = await opening(scope)
  const { close } = scope
  // All of it, and its end: the compiler cannot spread what it does not know yet.
  return { ...(opened as object), close, [Symbol.asyncDispose]: close } as A & Closable
}

/** `scopes` are what is open in this process, and has to be closed before it ends. */
const scopes = new Set<PromiseScope>()
let watch: ExitHandling.ExitWatch | undefined

/** `isEnding` says whether something else than the script's own end has decided that the process ends. */
export const isEnding = (): boolean => watch?.decided() !== undefined

/** `yieldWhenEnding` leaves the logouts their turn where a script goes on at once after each failure, in a loop. */
const yieldWhenEnding = Effect.suspend(() => (isEnding() ? Effect.sleep("1 millis") : Effect.void))

const makeScope = (): PromiseScope => {
  const runtime = Effect.runSync(withStderrLogger(Effect.runtime<never>()))
  const resources = Effect.runSync(Scope.make())
  const interruption = new AbortController()
  let closing: Promise<void> | undefined

  const promise: Runner["promise"] = async (effect, { signal, site }) => {
    const exit = await ScriptContext.runExit(
      runtime,
      Effect.onError(effect, () => yieldWhenEnding),
      signal && { signal }
    )
    if (Exit.isSuccess(exit)) return exit.value
    throw CallSite.attributed(Cause.squash(exit.cause), site)
  }

  const close = () => {
    const site = CallSite.callerOf(close)
    closing ??= (async () => {
      interruption.abort()
      await promise(Scope.close(resources, Exit.void), { site })
      await turn()
      scopes.delete(made)
      if (scopes.size === 0 && !isEnding()) unwatch()
    })()
    return closing
  }

  const made: PromiseScope = {
    promise,
    open: async (opening, site) => {
      try {
        return await promise(Scope.extend(opening, resources), { site, signal: interruption.signal })
      } catch (error) {
        await close()
        throw error
      }
    },
    close
  }
  if (watch === undefined) startWatch()
  scopes.add(made)
  return made
}

/**
 * `turn` lets sockets close that were destroyed. Where a script's last `await` is over before that, Bun collects garbage
 * first, of all that was loaded.
 */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

const closeAll = async (): Promise<void> => {
  await Promise.allSettled([...scopes].map((scope) => scope.close()))
}

/** `onBeforeExit` closes what a script forgot that has nothing else to do. */
const onBeforeExit = () => void closeAll()

const startWatch = () => {
  process.on("beforeExit", onBeforeExit)
  watch = ExitHandling.watchExit({
    yields: true,
    stop: async (code) => {
      await closeAll()
      await Effect.runPromise(ExitHandling.awaitBackground)
      watch?.leave(code, false)
    },
    tell: (thrown) => {
      // While it is being closed, what still waits for its answers fails too.
      if (isEnding()) return
      FailureText.print(Cause.die(thrown))
    }
  })
}

const unwatch = () => {
  process.off("beforeExit", onBeforeExit)
  watch?.end()
  watch = undefined
}
