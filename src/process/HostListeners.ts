import type { EventEmitter } from "node:events"
import process from "node:process"
import { signalCodes } from "./ExitCodes.ts"

/** `Listener` is told of an event of the process. */
export type Listener = (...given: ReadonlyArray<unknown>) => void

/** `thrown` are the events of what is thrown where nobody catches it. */
export const thrown = ["uncaughtException", "unhandledRejection"] as const

/** `events` is the process, for events of any name. */
export const events: EventEmitter = process

/** `own` are the listeners of every watch in this process. */
const own = new WeakSet<object>()

/** `addOwn` tells a listener of ours from those of the host. */
export const addOwn = (listener: object): void => void own.add(listener)

/** `hasHostListeners` says whether the host listens to an event of the process itself. */
export const hasHostListeners = (event: string): boolean =>
  othersOf(events, event) > (event in signalCodes ? bystanders() : 0)

/** `hasHostWatch` says whether the host looks after what goes wrong with a stream itself. */
export const hasHostWatch = (stream: EventEmitter): boolean => othersOf(stream, "error") > 0

const othersOf = (emitter: EventEmitter, event: string): number =>
  emitter.listeners(event).filter((one) => !own.has(one)).length

/**
 * `bystanders` are the listeners of the package signal-exit, which many command line packages bring along: they decide
 * nothing, but wait for whoever else listens. If we waited for them in turn, nobody would leave.
 */
const bystanders = (): number => {
  const emitter: unknown = Reflect.get(globalThis, Symbol.for("signal-exit emitter"))
  const count: unknown = typeof emitter === "object" && emitter !== null ? Reflect.get(emitter, "count") : 0
  return typeof count === "number" ? count : 0
}
