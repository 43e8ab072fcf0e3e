import type { TLSSocket } from "node:tls"

/** `Listener` is told what happens on a connection. */
export interface Listener {
  readonly data: (bytes: Uint8Array) => void
  readonly end: () => void
  readonly error: (error: unknown) => void
  readonly close: () => void
}

/**
 * `Listen` has another listener told, and nobody else. With none, whatever comes is nobody's, and ends the connection.
 */
export type Listen = (listener: Listener | undefined) => void

/**
 * `of` listens to a socket for whoever is its listener at the time: to take listeners off and put others on would cost
 * more than all else that an exchange does there. Before the first one nothing is read.
 */
export const of = (socket: TLSSocket): Listen => {
  const nobody = anything(() => void socket.destroy())
  let current = nobody
  let isHeard = false
  return (listener = nobody) => {
    current = listener
    if (isHeard) return
    isHeard = true
    socket.on("data", (bytes: Uint8Array) => current.data(bytes))
    socket.on("end", () => current.end())
    socket.on("error", (error: unknown) => current.error(error))
    socket.on("close", () => current.close())
  }
}

/** `anything` is a listener that does the same whatever happens. */
export const anything = (then: () => void): Listener => ({ data: then, end: then, error: then, close: then })
