import * as net from "node:net"
import * as Effect from "effect/Effect"
import type { Target } from "sallyport"
import { until } from "../transport/servers.ts"

/** Connections as the client sees them: Deno's own server does not always notice that the other side has closed. */
export interface Ways {
  readonly connect: Target.Connect
  readonly made: () => number
  /** Waits until none is open any more. */
  readonly closed: Effect.Effect<void>
}

export const ways = (): Ways => {
  const open = new Set<net.Socket>()
  let made = 0
  return {
    connect: ({ host, port }) =>
      Effect.async((resume) => {
        made += 1
        const socket = net.connect({ host, port, noDelay: true })
        open.add(socket)
        socket.on("close", () => open.delete(socket))
        socket.once("error", (error) => resume(Effect.fail(error)))
        socket.once("connect", () => resume(Effect.succeed(socket)))
        return Effect.sync(() => socket.destroy())
      }),
    made: () => made,
    closed: Effect.suspend(() => until(() => open.size === 0))
  }
}
