import { Buffer } from "node:buffer"
import type { Duplex } from "node:stream"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as InputSource from "../validation/InputSource.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { DeviceUnreachable } from "./DeviceError.ts"
import * as ResponseHead from "./http/ResponseHead.ts"
import * as SocketAttempt from "./SocketAttempt.ts"
import { authority, withoutBrackets } from "./TargetUrl.ts"

/** `Proxy` is an HTTP proxy through which a device is reached, by CONNECT: it sees a name, a port, and bytes of TLS. */
export interface Proxy {
  readonly host: string
  readonly port: number
  /** `authority` is host and port, for messages. */
  readonly authority: string
  /** `account` is user name and password as a header has them. */
  readonly account: Redacted.Redacted | undefined
}

/** `named` is the proxy by which a target is reached, for an error of which it may be the cause. */
export const named = ({
  proxy
}: {
  readonly proxy?: Proxy | undefined
}): { readonly proxy?: { readonly at: string } } =>
  proxy === undefined ? {} : { proxy: { at: proxy.authority } }

/** `parse` reads the URL of a proxy. Throws `InvalidInput`, which never shows it: it may hold a password. */
export const parse = (given: string | URL, source: InputSource.InputSource): Proxy => {
  const field = source.field("proxy")
  const refuse = (sentence: string) => refuseInput(field, sentence)
  const form = "give one such as http://proxy.example:3128, or http://user:password@proxy.example:3128"
  let url: URL
  let account: string
  try {
    url = new URL(given)
    account = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  } catch {
    throw refuse(`it is no URL of a proxy, or has a bare % in it (%25 stands for one); ${form}.`)
  }
  if (url.protocol === "https:" || /^socks/.test(url.protocol)) {
    throw refuse(
      `proxies that are spoken to by TLS or SOCKS are not supported; ${form}, or make the connection by the option connect.`
    )
  }
  if (url.protocol !== "http:" || url.hostname === "") throw refuse(`it is no http: URL; ${form}.`)
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw refuse(
      `it has a path, a query or a fragment; ${form}. In a password, / is %2F, ? is %3F and # is %23.`
    )
  }
  if (/\p{Cc}/u.test(account)) throw refuse("its account has a control character in it; take it out.")
  return {
    host: withoutBrackets(url.hostname),
    port: url.port === "" ? 80 : Number(url.port),
    authority: `${url.hostname}:${url.port === "" ? 80 : url.port}`,
    account: account === ":" ? undefined : Redacted.make(Buffer.from(account, "utf8").toString("base64"))
  }
}

/** `ProxyDestination` is where the proxy is to lead to, and how patient to be until it does. */
export interface ProxyDestination {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly connectTimeout: Duration.Duration
}

/**
 * `connect` makes the byte stream to a device through a proxy, which resolves the device's name. Fails with
 * `DeviceUnreachable`, which says that it was the proxy. `opened` is handed the stream at the moment it is made.
 */
export const connect = (
  proxy: Proxy,
  to: ProxyDestination,
  opened: (stream: Duplex) => void
): Effect.Effect<Duplex, DeviceUnreachable> =>
  Effect.async((resume) => {
    let head = Buffer.alloc(0)
    const { clearTimer, fail, socket } = SocketAttempt.start({
      host: proxy.host,
      port: proxy.port,
      connectTimeout: to.connectTimeout,
      opened,
      onFailure: ({ phase, reason, status }) => {
        socket.off("data", onData)
        const schemes = status === 407 ? foreignSchemes(head) : undefined
        const at = {
          at: proxy.authority,
          ...(status !== undefined && { status }),
          ...(schemes !== undefined && { schemes })
        }
        resume(new DeviceUnreachable({ targetName: to.name, phase, reason, sent: "no", proxy: at }))
      }
    })
    const onClose = () => fail(head.length === 0 ? "ECONNRESET" : "NotHttp")
    const onData = (bytes: Uint8Array) => {
      head = withoutInterim(Buffer.concat([head, bytes]))
      const end = head.indexOf("\r\n\r\n")
      const status = /^HTTP\/1\.[01] ([1-5]\d\d)[ \r]/.exec(head.subarray(0, 64).toString("latin1"))?.[1]
      if (
        !isHttpPrefix(head) ||
        head.length > ResponseHead.maxBytes ||
        (end !== -1 && status === undefined)
      ) {
        return fail("NotHttp")
      }
      if (end === -1) return
      if (!/^2/.test(status ?? "")) return fail("Refused", Number(status))
      clearTimer()
      socket.off("data", onData)
      socket.off("close", onClose)
      socket.pause()
      const rest = head.subarray(end + 4)
      if (rest.length > 0) socket.unshift(rest)
      resume(Effect.succeed(socket))
    }
    socket.once("close", onClose)
    socket.on("data", onData)
    socket.once("connect", () => socket.write(request(proxy, to)))
    return Effect.sync(clearTimer)
  })

const request = ({ account }: Proxy, { host, port }: ProxyDestination): string => {
  const to = authority(host, port)
  const authorization =
    account === undefined ? "" : `Proxy-Authorization: Basic ${Redacted.value(account)}\r\n`
  return `CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n${authorization}\r\n`
}

/** `withoutInterim` leaves out what a proxy says before its answer, such as 100 Continue. */
const withoutInterim = (head: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> => {
  const end = /^HTTP\/1\.1 1\d\d/.test(head.subarray(0, 12).toString("latin1"))
    ? head.indexOf("\r\n\r\n")
    : -1
  return end === -1 ? head : withoutInterim(head.subarray(end + 4))
}

/**
 * `foreignSchemes` gives the schemes by which a proxy takes an account, at most five; `undefined` where Basic is one of
 * them, or none is named.
 */
const foreignSchemes = (head: Uint8Array): ReadonlyArray<string> | undefined => {
  const lines =
    Buffer.from(head)
      .toString("latin1")
      .match(/^proxy-authenticate:.*$/gim) ?? []
  const challenges = lines.flatMap((line) =>
    line
      .slice(line.indexOf(":") + 1)
      .replace(/"[^"]*"/g, "")
      .split(",")
  )
  const named = challenges.flatMap((one) => /^\s*([a-z][a-z0-9-]{0,19})(?=\s|$)/i.exec(one)?.[1] ?? [])
  const schemes = [...new Set(named)].slice(0, 5)
  return schemes.length === 0 || schemes.some((one) => /^basic$/i.test(one)) ? undefined : schemes
}

/** `isHttpPrefix` says whether it may be the beginning of an answer in HTTP. */
const isHttpPrefix = (head: Uint8Array): boolean => {
  const begun = Buffer.from(head.subarray(0, 7)).toString("latin1")
  return "HTTP/1.".startsWith(begun)
}
