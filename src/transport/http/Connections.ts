import type { Duplex } from "node:stream"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DeviceUnreachable, type InvalidInput, type TrustRefused } from "../DeviceError.ts"
import type { Holding } from "../Holding.ts"
import type { OpenConnections } from "../limits/OpenConnections.ts"
import type { Purpose } from "../limits/RateLimiter.ts"
import type { Target } from "../Target.ts"
import { connectTls, type TlsConnection } from "../tls/Handshake.ts"
import * as ConnectionEvents from "./ConnectionEvents.ts"
import * as Deadline from "./Deadline.ts"

/** `Errand` is what a connection is wanted for: `repeatable` is an `auth` that is sent again where it is lost. */
export type Errand = Purpose | "repeatable"

/** `Connection` is a judged connection. */
export interface Connection extends TlsConnection {
  /** `reused` says whether a request has been on it before. */
  readonly reused: boolean
  /** `lostBefore` is how many requests had been lost on used connections when it was opened. */
  readonly lostBefore: number
  readonly listen: ConnectionEvents.Listen
  /** `deadline` is that of its exchange, and of its idling. */
  readonly deadline: Deadline.Deadline
}

/**
 * `Connections` are the connections of one session, in use and idle. How many may be in use is the caller's to bound;
 * `sockets` sees to it that there are no more because some idle.
 *
 * A write must not be lost on one that the device has closed meanwhile. Logins and refreshes never go on one that was
 * used before: none of them can be sent again for sure, and each is worth a handshake. A logout can, and goes where a
 * write does. All three outlive the closing: a login that is under way then has to be answered, and logged out.
 */
export interface Connections {
  /**
   * `withConnection` runs `use` on an idle connection that is fresh enough, or on a new one; for `auth` always on a new
   * one. Where it says `reusable`, the connection idles from then on; in any other case, interruption included, it is
   * destroyed before its place in the queue is given back.
   */
  readonly withConnection: <A, E>(
    errand: Errand,
    holding: Holding,
    use: (connection: Connection) => Effect.Effect<Used<A>, E>
  ) => Effect.Effect<A, E | TrustRefused | DeviceUnreachable | InvalidInput>
  /** `close` destroys all of them, in use or idle, except those of a login, refresh or logout, which end with their exchange. */
  readonly close: () => void
}

/** `Used` is what came of the use of a connection, and whether that can carry another request. */
export interface Used<A> {
  readonly received: A
  readonly reusable: boolean
}

interface Idle {
  readonly connection: Connection
  /** `age` is in milliseconds since it was last used. */
  readonly age: () => number
  /** `wake` ends the idling: no more timer, no more listening. */
  readonly wake: () => void
}

// A device may have closed it by now without our knowing: a write does not take that chance.
const maxIdleForWrites = 1000

export const make = (target: Target, sockets: OpenConnections): Connections => {
  const streams = new Set<Duplex>()
  const outliving = new Set<Duplex>()
  let idle: ReadonlyArray<Idle> = []
  let closed = false
  /**
   * `closesUnasked` says that the device has closed a connection on which a write could have gone, without a word: it
   * may close the next one just as a write leaves, so that a write goes on a new one from then on.
   */
  let closesUnasked = false
  /** `lost` counts the requests that were lost on a connection that had carried others. */
  let lost = 0
  /**
   * `lostInARow` counts those of them on a connection that was opened since the last one, with none answered between. A
   * read can be sent again, but only after a wait: behind two of them reads go on new ones, too.
   */
  let lostInARow = 0
  const idleFor = Duration.toMillis(target.idleTimeout)

  const on: Connections["withConnection"] = (errand, holding, use) =>
    Effect.suspend(() => {
      // What is held here is destroyed in the end unless it idles: whenever an interruption strikes, none is lost.
      let held: Duplex | undefined
      const useAndKeep = (connection: Connection) =>
        Effect.map(use(connection), ({ received, reusable }) => {
          if (connection.reused) lostInARow = 0
          if (reusable && !closed && isAlive(connection)) {
            held = undefined
            outliving.delete(connection.stream)
            keepIdle(connection)
          } else {
            held?.destroy()
            held = undefined
          }
          return received
        })
      const entry =
        !closed && mayShare(errand)
          ? takeIdle(errand === "read" ? idleFor : Math.min(maxIdleForWrites, idleFor))
          : undefined
      held = entry?.connection.stream
      if (held !== undefined && outlives(errand)) outliving.add(held)
      holding.onRelease(() => {
        // Only a failure leaves one that is destroyed already.
        if (held !== undefined && entry?.connection.socket.destroyed) {
          closesUnasked = true
          if (entry.connection.lostBefore === lost) lostInARow++
          lost++
        }
        held?.destroy()
      })
      if (entry !== undefined) return useAndKeep(entry.connection)
      const opened = openNew(errand, (stream) => {
        held = stream
      })
      return Effect.flatMap(opened, useAndKeep)
    })

  const mayShare = (errand: Errand): boolean =>
    errand === "read" ? lostInARow < 2 : errand !== "auth" && !closesUnasked

  const openNew = (
    errand: Errand,
    hold: (stream: Duplex) => void
  ): Effect.Effect<Connection, TrustRefused | DeviceUnreachable | InvalidInput> =>
    Effect.suspend(() => {
      if (closed && !outlives(errand)) {
        const phase = "Connect"
        return Effect.fail(
          new DeviceUnreachable({ targetName: target.name, phase, reason: "Closed", sent: "no" })
        )
      }
      sockets.evictIdle()
      const deadline = Deadline.make()
      return Effect.map(
        connectTls(target, (stream) => {
          hold(stream)
          sockets.add(stream)
          streams.add(stream)
          if (outlives(errand)) outliving.add(stream)
          stream.once("close", () => {
            streams.delete(stream)
            outliving.delete(stream)
            deadline.end()
          })
          if (closed && !outlives(errand)) stream.destroy()
        }),
        (secured) => ({
          ...secured,
          reused: false,
          lostBefore: lost,
          listen: ConnectionEvents.of(secured.socket),
          deadline
        })
      )
    })

  const takeIdle = (limit: number): Idle | undefined => {
    // Those that are too old are destroyed, not left: a new one in their place must not be one too many.
    for (const entry of idle) if (entry.age() >= limit || !isAlive(entry.connection)) end(entry)
    const newest = idle.at(-1)
    if (newest === undefined) return undefined
    idle = idle.slice(0, -1)
    newest.wake()
    return newest
  }

  const keepIdle = (connection: Connection) => {
    const finish = () => end(entry)
    connection.deadline.set(idleFor, false, finish)
    // Nothing was asked, so whatever came would be taken for the answer to the next request.
    connection.listen(
      ConnectionEvents.anything(() => {
        if (idle.includes(entry) && entry.age() < maxIdleForWrites) closesUnasked = true
        finish()
      })
    )
    keepAwake(connection, false)
    const forget = sockets.addIdle(connection.stream, finish)
    const entry: Idle = {
      connection: connection.reused ? connection : { ...connection, reused: true },
      age: stopwatch(),
      wake: () => {
        forget()
        connection.deadline.clear()
        keepAwake(connection, true)
      }
    }
    idle = [...idle, entry]
  }

  const end = (entry: Idle) => {
    idle = idle.filter((other) => other !== entry)
    entry.wake()
    entry.connection.socket.destroy()
    entry.connection.stream.destroy()
  }

  const close = () => {
    closed = true
    for (const entry of idle) end(entry)
    for (const stream of streams) if (!outliving.has(stream)) stream.destroy()
  }

  return { withConnection: on, close }
}

const outlives = (errand: Errand): boolean => errand === "auth" || errand === "repeatable"

const isAlive = ({ socket, stream }: TlsConnection): boolean =>
  !socket.destroyed && socket.writable && socket.readable && !stream.destroyed

// An idle connection must not keep a script from ending.
const keepAwake = ({ socket, stream }: TlsConnection, on: boolean): void => {
  for (const one of [socket, stream as Partial<typeof socket>]) {
    if (on) one.ref?.()
    else one.unref?.()
  }
}

// A sleeping laptop stops the one clock, a corrected one moves the other: the larger says how stale it may be.
const stopwatch = (): (() => number) => {
  const wall = Date.now()
  const elapsed = performance.now()
  return () => Math.max(Date.now() - wall, performance.now() - elapsed)
}
