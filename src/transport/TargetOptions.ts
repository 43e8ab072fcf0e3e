import type { Duplex } from "node:stream"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { TimerLength } from "../validation/TimerLength.ts"
import * as TrustConfig from "./tls/TrustConfig.ts"

/**
 * `Connect` makes the byte stream to the device, on which TLS is then spoken and checked as always: a jump host, a
 * proxy. The library destroys the stream when it is done. When nobody waits for it any more, the effect is interrupted:
 * what it has begun by then is its own to end.
 */
export type Connect = (to: { readonly host: string; readonly port: number }) => Effect.Effect<Duplex, Error>

const Text = Schema.NonEmptyString.annotations({ description: "text that is not empty" })

const isCount = (given: number): boolean => Number.isSafeInteger(given) && given >= 1
const Count = Schema.Number.pipe(Schema.filter(isCount)).annotations({
  description: "a whole number of at least 1"
})

// What is no URL is told by those that read it.
const Url = Schema.Union(Schema.String, Schema.instanceOf(URL))

/**
 * `TargetOptions` are all that can be said of where a device is, in code, in a file or, but for `connect`, in the
 * environment. What a schema is described as is what errors tell to give.
 */
export const TargetOptions = Schema.Struct({
  /**
   * `url` is an `https:` origin such as `https://fmc.example:443`, without user info and query. A path, as of a
   * gateway, is put before the path of every request, of logins too; nothing is sent to what lies beside it.
   */
  url: Url.annotations({ description: "the address of the device, such as https://fmc.example:443" }),
  /**
   * `trust` says which certificate the device may present: a `Trust`, or in its place `"system"`, `{ pin: "AB:…" }` or
   * several, `{ ca: "-----BEGIN…" }`, `{ caFile: "ca.pem" }`, `"insecure"`.
   *
   * @default `Trust.system`
   */
  trust: Schema.optional(TrustConfig.TrustConfig),
  /**
   * `name` is what errors, events and spans call it.
   *
   * @default its name in a configuration; else the host, with the port where it is not 443, and the path where there is one
   */
  name: Schema.optional(Text),
  /**
   * `serverName` is the TLS server name, sent instead of the host and looked for in the certificate.
   *
   * @default the host
   */
  serverName: Schema.optional(
    Schema.String.pipe(Schema.pattern(/^[\p{L}\p{N}_.:-]{1,253}$/u)).annotations({
      description: "the host name or address that the device's certificate is for"
    })
  ),
  /** `minTlsVersion` is the lowest version of TLS that is spoken. @default `TLSv1.2` */
  minTlsVersion: Schema.optional(
    Schema.Literal("TLSv1.2", "TLSv1.3").annotations({ description: '"TLSv1.2" or "TLSv1.3"' })
  ),
  /** `connectTimeout` is for the connection; a number is in milliseconds. @default 10 seconds */
  connectTimeout: Schema.optional(TimerLength),
  /** `handshakeTimeout` is for the TLS handshake; a number is in milliseconds. @default 10 seconds */
  handshakeTimeout: Schema.optional(TimerLength),
  /**
   * `responseTimeout` runs from the first byte sent to the answer's last byte; a number is in milliseconds. A login that
   * is answered after it, within a minute, is logged out.
   *
   * @default 2 minutes
   */
  responseTimeout: Schema.optional(TimerLength),
  /**
   * `idleTimeout` is how long an idle connection is kept; a number is in milliseconds.
   *
   * @default 4 seconds, below the 5 after which many servers close
   */
  idleTimeout: Schema.optional(TimerLength),
  /** `maxConnections` is how many connections there may be at once. @default 10, what an FMC allows one address */
  maxConnections: Schema.optional(Count),
  /**
   * `requestsPerMinute` counts requests that this process sends in any 60 seconds, logins included; `Infinity` for no
   * limit. What is above it waits.
   *
   * @default what is known of the kind of device: 120 for an FMC (FMC guide, Rate Limiting; 300 from 7.4.1, read in
   * public clients' code), no limit for an FDM
   */
  requestsPerMinute: Schema.optional(
    Schema.Number.pipe(
      Schema.filter((given) => given === Number.POSITIVE_INFINITY || isCount(given))
    ).annotations({ description: "a whole number of at least 1, or Infinity" })
  ),
  /** `maxBodyBytes` is the most that an answer's body may have. @default 64 MiB */
  maxBodyBytes: Schema.optional(Count.annotations({ description: "a whole number of at least 1, in bytes" })),
  /**
   * `userAgent` is what each request, of logins and logouts too, says of who sends it.
   *
   * @default `sallyport/0.2.0 (node/20.20.2)`
   */
  userAgent: Schema.optional(
    Schema.String.pipe(
      Schema.pattern(/^[\u0021-\u007e]([\u0020-\u007e]{0,250}[\u0021-\u007e])?$/)
    ).annotations({ description: "1 to 252 ASCII characters without line breaks, such as my-script/1.0" })
  ),
  /**
   * `connect` makes the connection in another way, such as through a jump host; TLS is spoken over what it gives.
   *
   * @default a connection of TCP to host and port
   */
  connect: Schema.optional(
    Schema.declare((given: unknown): given is Connect => typeof given === "function", {
      description: "a function that makes an Effect of a byte stream"
    })
  ),
  /**
   * `proxy` is an HTTP proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128`: it is
   * asked by CONNECT for a way to the device, whose name it resolves. TLS is spoken with the device and checked as
   * always. Other ways, such as a jump host, are made by `connect`.
   *
   * @default no proxy
   */
  proxy: Schema.optional(
    Url.annotations({ description: "the URL of an HTTP proxy, such as http://proxy.example:3128" })
  )
})

export interface TargetOptions extends Schema.Schema.Type<typeof TargetOptions> {}
