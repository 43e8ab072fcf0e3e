import type { Duplex } from "node:stream"

/**
 * `OpenConnections` are the connections of all sessions on one target: what one of them leaves idle may have to go for
 * another.
 */
export interface OpenConnections {
  /** `evictIdle` ends those that have idled longest, while one more would be too many. */
  readonly evictIdle: () => void
  /** `add` counts a connection until it is closed. */
  readonly add: (stream: Duplex) => void
  /** `addIdle` notes that a connection idles, and how it is ended. Hands back how that is forgotten. */
  readonly addIdle: (stream: Duplex, end: () => void) => () => void
}

export const make = (most: number): OpenConnections => {
  const open = new Set<Duplex>()
  // In the order in which they came to rest.
  const idle = new Map<Duplex, () => void>()
  return {
    evictIdle: () => {
      for (const [stream, end] of idle) {
        if (open.size < most) return
        // It tells that it is closed later than that.
        open.delete(stream)
        end()
      }
    },
    add: (stream) => {
      open.add(stream)
      stream.once("close", () => open.delete(stream))
    },
    addIdle: (stream, end) => {
      idle.set(stream, end)
      return () => void idle.delete(stream)
    }
  }
}
