// A script that leaves by process.exit in the way that WAY names. Says "login" and, when its scope closes, "logout".
import process, { exit } from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"

const { exit: takenApart } = process
const deno = (globalThis as { Deno?: { exit: (code?: number) => never } }).Deno
const denoExit = deno?.exit

const session = Effect.acquireRelease(
  Effect.sync(() => console.log("login")),
  () =>
    Effect.zipRight(
      Effect.sleep("200 millis"),
      Effect.sync(() => console.log("logout"))
    )
)
const later = (work: () => void) =>
  Effect.zipRight(
    Effect.sync(() => setTimeout(work, 50)),
    Effect.never
  )
const interrupted = later(() => process.kill(process.pid, "SIGINT"))
const thrown = later(() => {
  throw new Error("thrown by a timer")
})
type Event = "SIGINT" | "uncaughtException" | "uncaughtExceptionMonitor" | "unhandledRejection" | "exit"
const onEvent = (event: Event, code: number) =>
  Effect.sync(() => void process.on(event, () => process.exit(code)))

const ways: Record<string, Effect.Effect<unknown>> = {
  "a step": Effect.sync(() => process.exit(3)),
  "a step that calls it again": Effect.sync(() => {
    try {
      process.exit(3)
    } catch {
      process.exit(1)
    } finally {
      process.exit(2)
    }
  }),
  "a promise that calls it again": Effect.promise(async () => process.exit(3)).pipe(
    Effect.catchAllDefect(() => Effect.promise(async () => process.exit(1)))
  ),
  "a promise": Effect.promise(async () => process.exit(3)),
  "a timer": later(() => process.exit(3)),
  "a name of an import": Effect.sync(() => exit(3)),
  "a name of an import, in a promise": Effect.promise(async () => exit(3)),
  "a name of an import, in a timer": later(() => exit(3)),
  "a name of its own": Effect.sync(() => takenApart(3)),
  "process.reallyExit": Effect.sync(() => Reflect.apply(Reflect.get(process, "reallyExit"), process, [3])),
  "Deno.exit": Effect.sync(() => deno?.exit(3)),
  "a name of its own for Deno.exit": Effect.sync(() => denoExit?.(3)),
  "process.kill": Effect.zipRight(
    Effect.sync(() => process.kill(process.pid)),
    Effect.never
  ),
  "a code that is text": Effect.sync(() => process.exit("3")),
  "a code that is none": Effect.sync(() => process.exit("three")),
  "process.exitCode": Effect.sync(() => {
    process.exitCode = 3
  }),
  "a handler of SIGINT": Effect.zipRight(onEvent("SIGINT", 3), interrupted),
  "a signal, and calls to it": Effect.zipRight(
    onEvent("SIGINT", 3),
    Effect.zipRight(onEvent("SIGINT", 4), interrupted)
  ),
  "a handler of exceptions": Effect.zipRight(onEvent("uncaughtException", 3), thrown),
  "a handler that looks on at exceptions": Effect.zipRight(onEvent("uncaughtExceptionMonitor", 3), thrown),
  "a handler of rejections": Effect.zipRight(
    onEvent("unhandledRejection", 3),
    later(() => void Promise.reject(new Error("rejected by nobody's promise")))
  ),
  "a handler of the exit": onEvent("exit", 3),
  "a handler of the exit, after a name of an import": Effect.zipRight(
    onEvent("exit", 3),
    Effect.sync(() => exit(4))
  )
}

Main.run(
  Effect.scoped(Effect.zipRight(session, ways[process.env.WAY ?? ""] ?? Effect.dieMessage("no such way")))
)
