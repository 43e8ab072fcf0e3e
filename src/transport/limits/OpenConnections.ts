import type { Duplex } from "node:stream"

/** The connections of all sessions on one target: what one of them leaves idle may have to go for another. */
export interface Sockets {
  /** Ends those that have idled longest, while one more would be too many. */
  readonly makeRoom: () => void
  /** Counts a connection until it is closed. */
  readonly opened: (stream: Duplex) => void
  /** Notes that a connection idles, and how it is ended. Hands back how that is forgotten. */
  readonly idles: (stream: Duplex, end: () => void) => () => void
}

export const make = (most: number): Sockets => {
  const open = new Set<Duplex>()
  // In the order in which they came to rest.
  const idle = new Map<Duplex, () => void>()
  return {
    makeRoom: () => {
      for (const [stream, end] of idle) {
        if (open.size < most) return
        // It tells that it is closed later than that.
        open.delete(stream)
        end()
      }
    },
    opened: (stream) => {
      open.add(stream)
      stream.once("close", () => open.delete(stream))
    },
    idles: (stream, end) => {
      idle.set(stream, end)
      return () => void idle.delete(stream)
    }
  }
}
