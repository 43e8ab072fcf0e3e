import * as net from "node:net"
import type { Duplex } from "node:stream"
import { clearTimeout, setTimeout } from "node:timers"
import * as Duration from "effect/Duration"
import { failureCode } from "./SystemErrorCode.ts"

/** `SocketAttempt` is a TCP connection that is being made, for as long as there is time for it. */
export interface SocketAttempt {
  readonly socket: net.Socket
  /** `fail` ends the attempt for a reason that is not the socket's own; `status` is what an HTTP proxy answered. */
  readonly fail: (reason: string, status?: number) => void
  /** `clearTimer` stops the clock, for it has come to its end. */
  readonly clearTimer: () => void
}

/** `SocketFailure` is why nothing came of it, and how far it was by then. */
interface SocketFailure {
  readonly phase: "Resolve" | "Connect"
  readonly reason: string
  readonly status: number | undefined
}

export interface SocketOptions {
  readonly host: string
  readonly port: number
  /** `connectTimeout` runs from the start until `clearTimer`. */
  readonly connectTimeout: Duration.Duration
  /** `opened` gets the socket at the moment it is made, before it is connected. */
  readonly opened: (stream: Duplex) => void
  /**
   * `onFailure` comes with an error of the socket, with `Timeout`, and with what `fail` is given; it may come again.
   */
  readonly onFailure: (failure: SocketFailure) => void
}

/** `start` begins to connect. A socket that only closes is the caller's to judge. */
export const start = ({ connectTimeout, host, onFailure, opened, port }: SocketOptions): SocketAttempt => {
  let resolved = net.isIP(host) !== 0
  const socket = net.connect({ host, port, noDelay: true })
  opened(socket)
  const clearTimer = () => clearTimeout(timer)
  const fail = (reason: string, status?: number) => {
    clearTimer()
    onFailure({ phase: resolved ? "Connect" : "Resolve", reason, status })
  }
  const timer = setTimeout(() => fail("Timeout"), Duration.toMillis(connectTimeout))
  socket.on("lookup", (error: Error | null) => {
    resolved = error === null || error === undefined
  })
  // Stays for good: an error of a socket that nobody listens to ends the process.
  socket.on("error", (error) => fail(failureCode(error)))
  socket.once("connect", () => {
    resolved = true
  })
  return { socket, fail, clearTimer }
}
