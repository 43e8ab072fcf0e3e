import * as net from "node:net"
import type { Duplex } from "node:stream"
import { clearTimeout, setTimeout } from "node:timers"
import * as tls from "node:tls"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DeviceUnreachable, type InvalidInput, type TrustReason, TrustRefused } from "../DeviceError.ts"
import * as Proxy from "../Proxy.ts"
import { failureCode } from "../SystemErrorCode.ts"
import type { Target } from "../Target.ts"
import type { Certificate } from "./Certificate.ts"
import { type ConnectOptions, connect } from "./Connect.ts"
import { contextOptions } from "./SecureContexts.ts"
import * as TruncationGuard from "./TruncationGuard.ts"
import { judge, peerOf } from "./TrustVerdict.ts"

/** `Endpoint` is what of a target is needed to reach it and to judge it. */
export type Endpoint = ConnectOptions &
  Pick<Target, "trust" | "serverName" | "minTlsVersion" | "handshakeTimeout">

/** `TlsConnection` is a TLS connection whose peer was judged and found trusted. */
export interface TlsConnection {
  readonly socket: tls.TLSSocket
  /** `stream` is below TLS: it is to be destroyed and unreferenced along with it. */
  readonly stream: Duplex
  readonly certificate: Certificate | undefined
  /** `isTruncated` says whether it has ended without TLS being ended: whatever its error says, it was lost. */
  readonly isTruncated: () => boolean
}

/**
 * `connectTls` opens a connection to a target and judges its certificate by the target's trust, before anyone can write
 * to it. Fails with `TrustRefused` or `DeviceUnreachable`, and with `InvalidInput` where the target's `connect` gives
 * no stream.
 *
 * `opened` is handed the byte stream at the moment there is one; destroying it is the caller's, whatever becomes of
 * this effect.
 */
export const connectTls = (
  to: Endpoint,
  opened: (stream: Duplex) => void
): Effect.Effect<TlsConnection, TrustRefused | DeviceUnreachable | InvalidInput> =>
  Effect.flatMap(connect(to, opened), (stream) => handshake(to, stream))

const handshake = (
  to: Endpoint,
  stream: Duplex
): Effect.Effect<TlsConnection, TrustRefused | DeviceUnreachable> =>
  Effect.async((resume) => {
    const name = to.serverName ?? to.host
    const under = TruncationGuard.make(stream)
    const socket = startTls(to, under.duplex, name)
    if (socket === undefined) {
      // No word of a proxy: a name that cannot be sent was not.
      resume(new TrustRefused({ targetName: to.name, reason: "Handshake", certificate: undefined }))
      return
    }
    let settled = false
    const settle = (result: TlsConnection | TrustRefused | DeviceUnreachable) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      if ("socket" in result) return resume(Effect.succeed(result))
      socket.destroy()
      resume(result)
    }
    const refuse = (reason: TrustReason, certificate?: Certificate) =>
      settle(
        new TrustRefused({
          targetName: to.name,
          reason,
          certificate,
          ...(reason === "PinMismatch" && to.trust._tag === "Pin" && { pinned: to.trust.sha256 }),
          ...(reason === "ProtocolVersion" && { minTlsVersion: to.minTlsVersion }),
          ...Proxy.named(to)
        })
      )
    const unreachable = (reason: string) => {
      if (!settled)
        settle(
          new DeviceUnreachable({
            targetName: to.name,
            phase: "Handshake",
            reason,
            sent: "no",
            ...Proxy.named(to)
          })
        )
    }
    const timer = setTimeout(() => unreachable("Timeout"), Duration.toMillis(to.handshakeTimeout))
    // Stays for good: an error of a socket that nobody listens to ends the process.
    socket.on("error", (error) => {
      const reason = trustReasonOf(failureCode(error))
      if (reason === undefined) unreachable(failureCode(error))
      else refuse(reason)
    })
    socket.once("close", () => {
      stream.destroy()
      unreachable("ECONNRESET")
    })
    socket.once("secureConnect", () => {
      const peer = peerOf(socket, name, to)
      if (peer === undefined) return refuse("Handshake")
      const reason = judge(to.trust, peer)
      under.watch(socket)
      if (reason === undefined)
        settle({ socket, stream, certificate: peer.certificate, isTruncated: under.isTruncated })
      else refuse(reason, peer.certificate)
    })
    // Not by the end of the stream: that can come before what TLS says of it, and a hook's may never come.
    return Effect.sync(() => {
      clearTimeout(timer)
      socket.destroy()
    })
  })

const startTls = (to: Endpoint, stream: Duplex, name: string): tls.TLSSocket | undefined => {
  try {
    return tls.connect({
      socket: stream,
      host: to.host,
      // An address is no server name, and a name has no dot at its end: RFC 6066, 3.
      servername: net.isIP(name) === 0 ? name.replace(/\.$/, "") : "",
      ...contextOptions(to.trust, to.minTlsVersion),
      ALPNProtocols: ["http/1.1"],
      // Judged above, on this very connection. Said explicitly, so that no environment variable or flag says it.
      rejectUnauthorized: false
    })
  } catch {
    // A name that this runtime's TLS cannot send.
    return undefined
  }
}

/**
 * `trustReasonOf` is what the code of a failed handshake says of the other side; `undefined` for a mere lost
 * connection.
 */
const trustReasonOf = (code: string): TrustReason | undefined => {
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG/.test(code)) return "NotTls"
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) return "ProtocolVersion"
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)) return "Handshake"
  return undefined
}

/**
 * `isLateRefusal` says that the alert comes where an answer was expected: under TLS 1.3 a server refuses a client
 * without a certificate only after the client's side of the handshake is done. Such a server has not looked at the
 * request.
 */
export const isLateRefusal = (code: string): boolean =>
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/.test(
    code
  )
