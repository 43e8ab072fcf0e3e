// A script that the tests start, without Main.run, whose handlers would hide it: whatever goes wrong beside a session,
// nothing may reach the runtime, which would end the process. With PROMISE=1, a listener's promise is rejected.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { Session } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { Background } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

type Listener = Session.Options["onEvent"]

const { Fault } = Sandbox
const settled = Effect.flatMap(Background.Background, ({ settled }) => settled)

/** A session with a renewal beside it; nobody waits for what comes of it. */
const used = (sandbox: Sandbox.Sandbox, onEvent?: Listener) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { session } = yield* Fmc.make({ ...sandbox.fmc, onEvent })
      yield* Effect.fork(session.renew)
      yield* Effect.sleep("50 millis")
    })
  )

const script = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const beside = (fault: Sandbox.Fault.Fault, work: Effect.Effect<unknown, unknown> = used(sandbox)) =>
    Effect.zipRight(sandbox.fail(fault), work)
  const failing: ReadonlyArray<Listener> =
    process.env.PROMISE === "1"
      ? [async () => Promise.reject(new Error("rejected by a listener"))]
      : [
          () => {
            throw new Error("thrown by a listener")
          },
          () => Effect.fail("a listener's own failure"),
          () => Effect.die("a listener's own defect")
        ]
  yield* beside({ kind: "refresh", how: Fault.status(500) })
  yield* beside({ kind: "refresh", how: Fault.reset })
  yield* beside({ kind: "revoke", how: Fault.status(500) })
  const givenUp = Effect.timeoutOption(Effect.scoped(Fmc.make(sandbox.fmc)), "50 millis")
  yield* beside({ kind: "login", how: Fault.slow("200 millis") }, givenUp)
  yield* beside({ kind: "login", how: Fault.hang }, givenUp)
  yield* Effect.forEach(failing, (listener) => used(sandbox, listener))
  yield* sandbox.down()
  yield* settled
  // A rejection that nobody handles is told a turn later.
  yield* Effect.sleep("100 millis")
})

await Effect.runPromise(Logger.withMinimumLogLevel(Effect.scoped(script), LogLevel.None))
console.log("undisturbed")
