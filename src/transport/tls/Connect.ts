import type { Duplex } from "node:stream"
import { clearTimeout, setTimeout } from "node:timers"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { DeviceUnreachable, type InvalidInput } from "../DeviceError.ts"
import * as Proxy from "../Proxy.ts"
import * as SocketAttempt from "../SocketAttempt.ts"
import { failureCode } from "../SystemErrorCode.ts"
import type { Target } from "../Target.ts"
import type { Connect } from "../TargetOptions.ts"
import { ignoredProxy } from "./IgnoredProxy.ts"

/** `ConnectOptions` are what of a target is needed to reach it. */
export type ConnectOptions = Pick<Target, "name" | "host" | "port" | "connectTimeout" | "connect" | "proxy">

/**
 * `connect` makes the byte stream to a target: TCP, through its proxy, or what its `connect` hook makes. Fails with
 * `DeviceUnreachable`.
 *
 * `opened` is handed the stream at the moment it is made, before it is connected. Destroying it is the caller's,
 * whatever becomes of this effect: a value that is only returned can be lost to an interruption. What is under way on it
 * ends with it.
 *
 * The timer is a real one, here as everywhere below a session: sockets do not follow a test clock.
 */
export const connect = (
  to: ConnectOptions,
  opened: (stream: Duplex) => void
): Effect.Effect<Duplex, DeviceUnreachable | InvalidInput> =>
  to.connect !== undefined
    ? connectByHook(to, to.connect, opened)
    : to.proxy !== undefined
      ? Proxy.connect(to.proxy, to, opened)
      : connectTcp(to, opened)

const connectTcp = (
  to: ConnectOptions,
  opened: (stream: Duplex) => void
): Effect.Effect<Duplex, DeviceUnreachable> =>
  Effect.async((resume) => {
    let isConnected = false
    const { clearTimer, fail, socket } = SocketAttempt.start({
      host: to.host,
      port: to.port,
      connectTimeout: to.connectTimeout,
      opened,
      onFailure: ({ phase, reason }) => {
        // How it ends later is not an attempt's failure, and an error with its stack is not made for nothing.
        if (isConnected) return
        const ignored = ignoredProxy()
        resume(
          new DeviceUnreachable({
            targetName: to.name,
            phase,
            reason,
            sent: "no",
            ...(ignored !== undefined && { ignoredProxy: ignored })
          })
        )
      }
    })
    socket.once("close", () => fail("ECONNRESET"))
    socket.once("connect", () => {
      isConnected = true
      clearTimer()
      resume(Effect.succeed(socket))
    })
  })

// On a fiber of its own: so the timer and an interruption win even over a hook that cannot be interrupted.
const connectByHook = (
  to: ConnectOptions,
  connect: Connect,
  opened: (stream: Duplex) => void
): Effect.Effect<Duplex, DeviceUnreachable | InvalidInput> =>
  Effect.flatMap(Effect.runtime<never>(), (runtime) =>
    Effect.async((resume) => {
      let waiting = true
      const settle = (result: Effect.Effect<Duplex, DeviceUnreachable | InvalidInput>) => {
        waiting = false
        clearTimeout(timer)
        resume(result)
      }
      const fail = (reason: string) =>
        settle(new DeviceUnreachable({ targetName: to.name, phase: "Connect", reason, sent: "no" }))
      const timer = setTimeout(() => {
        fail("Timeout")
        fiber.unsafeInterruptAsFork(FiberId.none)
      }, Duration.toMillis(to.connectTimeout))
      // The fiber itself fails with nothing: what it ended with would be logged, and a hook may know a password.
      const fiber = Runtime.runFork(
        runtime,
        Effect.exit(
          Effect.suspend((): Effect.Effect<unknown, unknown> => {
            const connecting = connect({ host: to.host, port: to.port })
            return Effect.isEffect(connecting) ? connecting : Effect.succeed(undefined)
          })
        )
      )
      fiber.addObserver((ended) => {
        const exit = Exit.flatten(ended)
        if (Exit.isFailure(exit)) {
          if (waiting) fail(failureCode(Option.getOrUndefined(Cause.failureOption(exit.cause))))
          return
        }
        const stream = exit.value
        if (!isStream(stream)) {
          if (waiting) settle(noStream(to))
          return
        }
        // Stays for good: an error of a stream that nobody listens to ends the process.
        stream.on("error", () => {})
        if (!waiting) {
          stream.destroy()
          return
        }
        opened(stream)
        settle(Effect.succeed(stream))
      })
      return Effect.sync(() => {
        waiting = false
        clearTimeout(timer)
        fiber.unsafeInterruptAsFork(FiberId.none)
      })
    })
  )

// The types say so too; a script in JavaScript has none.
const isStream = (given: unknown): given is Duplex =>
  typeof given === "object" &&
  given !== null &&
  ["on", "write", "pipe", "destroy"].every((name) => typeof Reflect.get(given, name) === "function")

const noStream = ({ name }: ConnectOptions) =>
  refuseInput(
    "connect",
    `the option of the target ${JSON.stringify(name)} gave no byte stream; give an Effect of a Duplex of node:stream, such as a socket.`
  )
