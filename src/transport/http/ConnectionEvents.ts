import type { TLSSocket } from "node:tls"

/** `Listener` is told what happens on a connection. */
export interface Listener {
  readonly data: (bytes: Uint8Array) => void
  readonly end: () => void
  readonly error: (error: unknown) => void
  readonly close: () => void
}

/** `Listen` has another listener told, and nobody else. */
export type Listen = (listener: Listener) => void

/**
 * `of` listens to a socket for whoever is its listener at the time: to take listeners off and put others on would cost
 * more than all else that an exchange does there. Before the first one nothing is read.
 */
export const of = (socket: TLSSocket): Listen => {
  let current: Listener | undefined
  return (listener) => {
    const isFirst = current === undefined
    current = listener
    if (!isFirst) return
    socket.on("data", (bytes: Uint8Array) => current?.data(bytes))
    socket.on("end", () => current?.end())
    socket.on("error", (error: unknown) => current?.error(error))
    socket.on("close", () => current?.close())
  }
}

/** `anything` is a listener that does the same whatever happens. */
export const anything = (then: () => void): Listener => ({ data: then, end: then, error: then, close: then })
