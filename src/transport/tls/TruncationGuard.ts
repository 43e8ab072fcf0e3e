import { Buffer } from "node:buffer"
import { Duplex } from "node:stream"
import { setTimeout } from "node:timers"
import type { TLSSocket } from "node:tls"

/**
 * `TruncationGuard` is the byte stream below TLS, on which a lost connection is not the end of what the other side had
 * to say.
 *
 * TLS ends with an alert, `close_notify`; a mere TCP FIN can come from anyone on the way (RFC 8446, 6.1). Node, Deno
 * and Bun all tell of both by the event `end`, so that half an answer may pass for a whole one. Here a FIN is followed
 * by bytes that no peer can have sealed. TLS that has read its `close_notify` does not look at them any more; TLS that
 * still waits for one fails on them. No time has to be waited for this, and it is the same on all three runtimes.
 */
export interface TruncationGuard {
  /** `duplex` is what TLS is to be spoken on. */
  readonly duplex: Duplex
  /**
   * `watch` begins to tell the two ends apart: once the handshake is over, whose failures have reasons of their own.
   */
  readonly watch: (socket: TLSSocket) => void
  /** `isTruncated` says whether the connection has ended below TLS, and so whatever TLS failed with is that. */
  readonly isTruncated: () => boolean
}

// Longer than any record (RFC 8446, 5.2), so that it also completes one that was cut in its middle; no content type.
const unsealed = Buffer.alloc(18 * 1024, 0x63)

export const make = (stream: Duplex): TruncationGuard => {
  let armed: TLSSocket | undefined
  let cut = false
  let drained: (() => void) | undefined
  // It flows once TLS asks for it. To have a stream flow that flows is worth a system call on Bun.
  let isPaused = true

  const duplex = new Duplex({
    read: () => {
      if (isPaused) stream.resume()
      isPaused = false
    },
    write: (chunk: Uint8Array, _encoding, done) => {
      if (stream.write(chunk)) done()
      else drained = done
    },
    final: (done) => {
      stream.end()
      done()
    },
    destroy: (error, done) => {
      stream.destroy()
      done(error)
    }
  })
  stream.on("data", (chunk: Uint8Array) => {
    if (duplex.push(chunk)) return
    isPaused = true
    stream.pause()
  })
  stream.on("drain", () => {
    const done = drained
    drained = undefined
    done?.()
  })
  const finish = () => {
    // Whoever still has something to read, and takes a pause, reads it first: a failure would throw it away.
    const isRead =
      armed === undefined || (!armed.isPaused() && armed.readableLength + duplex.readableLength === 0)
    if (!isRead && !duplex.destroyed && !armed?.destroyed) {
      setTimeout(finish, 5)
      return
    }
    cut = armed !== undefined
    if (cut) duplex.push(unsealed)
    duplex.push(null)
  }
  stream.once("end", finish)
  stream.on("error", (error) => duplex.destroy(error))
  stream.once("close", () => {
    // After an end there may still be something to read.
    if (!stream.readableEnded) duplex.destroy()
  })
  return {
    duplex,
    watch: (socket) => {
      armed = socket
    },
    isTruncated: () => cut
  }
}
