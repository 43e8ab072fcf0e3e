import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { SessionClosed } from "./auth/AuthError.ts"
import type { InvalidInput } from "./device/DeviceError.ts"
import * as FailureText from "./FailureText.ts"
import * as Leaving from "./Leaving.ts"
import { type Plain, plain, type Runner } from "./Plain.ts"
import type { Place } from "./plugin/Plugin.ts"
import * as TargetConfig from "./plugin/TargetConfig.ts"
import { toStandardError } from "./StandardError.ts"

/** An open client. It is logged out by `close`, at the end of an `await using` block, and before the process ends. */
export type Opened<Client> = Plain<Client> &
  AsyncDisposable & {
    /** Logs out. A second call waits for the first. */
    readonly close: () => Promise<void>
  }

/** Where the device is and who logs in: as `Target` and `Credentials`, or as plain data. */
export type Given<Options extends Pick<Place, "target">> =
  | Options
  | (TargetConfig.Encoded & Settings<Options>)

/** What a plugin can be told beside the place; of a plugin that can be opened in several ways, what all of them know. */
type Settings<Options> = Omit<Options, keyof Place | keyof TargetConfig.Encoded>

/**
 * The way in for scripts that don't write Effect.
 *
 * A process that ends logs out first, on a signal, on `process.exit` and on what nobody catches; what is opened then is
 * `SessionClosed`. Where the program listens to such a signal, or to `uncaughtException` or `unhandledRejection`,
 * itself, that event is left to it: its sessions stay open until it closes them, calls `process.exit` or has nothing
 * more to do.
 */
export interface Door<Options extends Pick<Place, "target">, Client> {
  /**
   * Opens a session, hands the client to `body`, and logs out when that is over: whether it returns or throws, and on
   * Ctrl-C. What fails rejects with the same errors as elsewhere: `error._tag` tells them apart.
   */
  readonly use: <A>(given: Given<Options>, body: (client: Plain<Client>) => Promise<A> | A) => Promise<A>
  /** Opens a session that is logged out by `close`, by `await using`, and before the process ends. */
  readonly open: (given: Given<Options>) => Promise<Opened<Client>>
}

/** Makes the door of a plugin from the way in which it is opened with Effect. */
export const make = <Options extends Pick<Place, "target">, Client, E>(
  opening: (options: Options) => Effect.Effect<Client, E, Scope.Scope>
): Door<Options, Client> => {
  const opened = (given: Given<Options>, entry: Entry): Promise<Plain<Client>> =>
    entry.opened(
      Effect.gen(function* () {
        const options = yield* placed(given)
        if (isEnding()) return yield* new SessionClosed({ target: options.target.name })
        // Made plain in here: a promise would call a client's own "then".
        return plain(yield* opening(options), entry)
      })
    )
  const open = async (given: Given<Options>): Promise<Opened<Client>> => {
    const entry = enter()
    const client = await opened(given, entry)
    const close = () => entry.close(Exit.void)
    // All of the client, and its end: the compiler cannot spread what it does not know yet.
    return { ...(client as object), close, [Symbol.asyncDispose]: close } as Opened<Client>
  }
  return {
    open,
    use: async (given, body) => {
      const entry = enter()
      try {
        return await body(await opened(given, entry))
      } finally {
        await entry.close(Exit.void)
      }
    }
  }
}

/** Plain data as what it means; what is there already stays as it is. */
const placed = <Options extends Pick<Place, "target">>(
  given: Given<Options>
): Effect.Effect<Options, InvalidInput> =>
  Effect.gen(function* () {
    if ("target" in given) return given as Options // the other form has no target
    const entries = Object.entries(given)
    const common = Object.fromEntries(entries.filter(([key]) => TargetConfig.isCommon(key)))
    const own = Object.fromEntries(entries.filter(([key]) => !TargetConfig.isCommon(key)))
    const config = yield* TargetConfig.read(TargetConfig.TargetConfig, common, "")
    const whole: object = { ...own, ...(yield* TargetConfig.place(config, "")) }
    // What is left of the options, and the place that they lacked.
    return whole as Options
  })

interface Entry extends Runner {
  /** Opens within this entry; a failure closes it. */
  readonly opened: <A, E>(opening: Effect.Effect<A, E, Scope.Scope>) => Promise<A>
  readonly close: (exit: Exit.Exit<unknown, unknown>) => Promise<void>
}

/** What is open in this process, and has to be closed before it ends. */
const entries = new Set<Entry>()
let watch: Leaving.Watch | undefined
const isEnding = (): boolean => watch?.decided() !== undefined

/** A script that goes on at once after each failure, in a loop, must leave the logouts their turn. */
const turn = Effect.suspend(() => (isEnding() ? Effect.sleep("1 millis") : Effect.void))

const enter = (): Entry => {
  const runtime = Effect.runSync(Effect.provide(Effect.runtime<never>(), toStandardError))
  const scope = Effect.runSync(Scope.make())
  const interruption = new AbortController()
  let closing: Promise<void> | undefined

  const promise = async <A, E>(effect: Effect.Effect<A, E>, options: { signal?: AbortSignal } = {}) => {
    const exit = await Runtime.runPromiseExit(runtime)(
      Effect.onError(effect, () => turn),
      options
    )
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }

  const close = (exit: Exit.Exit<unknown, unknown>) => {
    closing ??= (async () => {
      interruption.abort()
      await promise(Scope.close(scope, exit))
      entries.delete(entry)
      if (entries.size === 0 && !isEnding()) unwatch()
    })()
    return closing
  }

  const entry: Entry = {
    promise,
    iterable: (stream) =>
      Stream.toAsyncIterableRuntime(
        Stream.onError(stream, () => turn),
        runtime
      ),
    opened: async (opening) => {
      try {
        return await promise(Scope.extend(opening, scope), { signal: interruption.signal })
      } catch (error) {
        await close(Exit.void)
        throw error
      }
    },
    close
  }
  if (watch === undefined) startWatch()
  entries.add(entry)
  return entry
}

const closeAll = async (): Promise<void> => {
  await Promise.allSettled([...entries].map((entry) => entry.close(Exit.void)))
}

/** A script that forgot to close, and has nothing else to do. */
const atTheEnd = () => void closeAll()

const startWatch = () => {
  process.on("beforeExit", atTheEnd)
  watch = Leaving.watch({
    yields: true,
    stop: async (code) => {
      await closeAll()
      await Effect.runPromise(Leaving.leftovers)
      Leaving.leave(code)
    },
    tell: (thrown) => {
      // While it is being closed, what still waits for its answers fails too.
      if (isEnding()) return
      process.stderr.write(FailureText.block(Cause.die(thrown), { debug: Leaving.isDebugging() }))
    }
  })
}

const unwatch = () => {
  process.off("beforeExit", atTheEnd)
  watch?.end()
  watch = undefined
}
