import process from "node:process"
import type { Duplex } from "node:stream"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as InputSchema from "../../validation/InputSchema.ts"
import * as InputSource from "../../validation/InputSource.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { TimerLength } from "../../validation/TimerLength.ts"
import { type DeviceUnreachable, InvalidInput, TrustRefused } from "../DeviceError.ts"
import * as Proxy from "../Proxy.ts"
import { type Connect, TargetOptions } from "../TargetOptions.ts"
import { authority, withoutBrackets } from "../TargetUrl.ts"
import type { Certificate } from "./Certificate.ts"
import { connectTls, type Endpoint } from "./Handshake.ts"
import * as RuntimeVersion from "./RuntimeVersion.ts"
import * as TrustPolicy from "./TrustPolicy.ts"

export { authority, ca, fingerprints, insecure, isTrust, pin, system } from "./TrustPolicy.ts"

/** `Trust` says which certificate a target may present. */
export type Trust = TrustPolicy.TrustPolicy

/** `InspectOptions` say where the certificate is, and how it is reached. */
export interface InspectOptions {
  readonly host: string
  readonly port: number
  /** `serverName` is the TLS server name, sent instead of the host. @default the host */
  readonly serverName?: string
  /** `timeout` is for the connection and for the handshake, each; a number is in milliseconds. @default 10 seconds */
  readonly timeout?: Duration.DurationInput
  /** `connect` is as the target's: through a jump host or a proxy. */
  readonly connect?: Connect
  /** `proxy` is as the target's: an HTTP proxy. */
  readonly proxy?: string | URL
}

/**
 * `inspect` reads the certificate that a device presents, whatever it is, and sends no HTTP. What anyone on the path
 * could have put there: compare its fingerprint at the device's console before it is pinned.
 *
 * Fails with `DeviceUnreachable`, with `TrustRefused` where no TLS comes about, and with `InvalidInput`.
 *
 * @example
 * const { sha256 } = yield* Trust.inspect({ host: "fmc.example", port: 443 })
 */
export const inspect = (
  options: InspectOptions
): Effect.Effect<Certificate, TrustRefused | DeviceUnreachable | InvalidInput> =>
  Effect.suspend(() => {
    let opened: Duplex | undefined
    return Effect.gen(function* () {
      const to = yield* endpointOf(options)
      const { certificate } = yield* connectTls(to, (stream) => {
        opened = stream
      })
      return (
        certificate ??
        (yield* new TrustRefused({
          targetName: to.name,
          reason: "Handshake",
          certificate,
          ...Proxy.named(to)
        }))
      )
    }).pipe(Effect.ensuring(Effect.sync(() => opened?.destroy())))
  })

const { connect, serverName } = TargetOptions.fields
const Given = Schema.Unknown
const Options = Schema.Struct({
  host: Schema.String.annotations({ description: "a host name or an address, without scheme or path" }),
  port: Given,
  serverName,
  timeout: TimerLength,
  connect,
  proxy: Schema.optional(Given)
})

const endpointOf = (given: InspectOptions): Effect.Effect<Endpoint, InvalidInput> =>
  Effect.try({
    try: () => {
      const { host, port, timeout, ...others } = given
      const refused = RuntimeVersion.unsupported(process.versions)
      if (refused !== undefined) throw refused
      if (!/^[^\s/\\@?#\u0000-\u001f\u007f]+$/.test(host))
        throw refuseInput("host", "this is no host; give a host name or an address, without scheme or path.")
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw refuseInput(
          "port",
          `${String(port)} is no port; give a whole number from 1 to 65535.`,
          String(port)
        )
      const options = { host, port, timeout: timeout ?? "10 seconds", ...others }
      const decoded = InputSchema.decodeSync(Options, options, InputSource.callArguments, "Trust.inspect")
      const { connect, proxy, serverName } = others
      const timeoutDuration = Duration.decode(decoded.timeout)
      return {
        name: authority(host, port),
        host: withoutBrackets(host),
        port,
        serverName,
        trust: TrustPolicy.insecure,
        minTlsVersion: "TLSv1.2",
        connectTimeout: timeoutDuration,
        handshakeTimeout: timeoutDuration,
        connect,
        proxy: proxy === undefined ? undefined : Proxy.parse(proxy, InputSource.callArguments)
      } as const
    },
    catch: (error) =>
      error instanceof InvalidInput
        ? error
        : refuseInput("Trust.inspect", "it was called without a host as text; give { host, port }.")
  })
