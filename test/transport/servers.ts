import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http"
import * as https from "node:https"
import * as net from "node:net"
import type { Duplex } from "node:stream"
import * as tls from "node:tls"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Target from "../../src/transport/Target.ts"
import * as Trust from "../../src/transport/tls/Trust.ts"
import { type Identity, mint } from "./certificates.ts"

/** What a server has seen so far. */
interface Seen {
  /** TCP connections accepted, and those open now. */
  connections: number
  readonly open: Set<Duplex>
  readonly requests: Array<{
    readonly method: string
    readonly url: string
    readonly headers: IncomingHttpHeaders
    readonly body: string
    /** Which of the connections, counted from 1, carried it. */
    readonly connection: number
  }>
}

export interface Server extends Seen {
  readonly port: number
  readonly identity: Identity
  /** A target with the server's certificate pinned. */
  readonly target: (options?: Partial<Target.Options>) => Target.Target
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

const ok: Answer = (_request, response) => response.end("ok")

const listening = (server: net.Server, seen: Seen): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.on("connection", (socket) => {
        seen.connections += 1
        seen.open.add(socket)
        socket.on("error", () => {})
        socket.on("close", () => seen.open.delete(socket))
      })
      server.on("tlsClientError", () => {})
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as net.AddressInfo).port)))
    }),
    () =>
      Effect.sync(() => {
        for (const socket of seen.open) socket.destroy()
        server.close()
      })
  )

const serverOf = (identity: Identity, port: number, seen: Seen): Server =>
  Object.assign(seen, {
    port,
    identity,
    target: (options: Partial<Target.Options> = {}) =>
      Target.make({ url: `https://127.0.0.1:${port}`, trust: Trust.pin(identity.sha256), ...options })
  })

const nothing = (): Seen => ({ connections: 0, open: new Set(), requests: [] })

/** An HTTPS server; each request is answered when its body was read. */
export const httpsServer = (
  answer: Answer = ok,
  options: https.ServerOptions & { readonly identity?: Identity } = {}
): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function* () {
    const identity = options.identity ?? (yield* mint())
    const seen = nothing()
    const numbers = new WeakMap<object, number>()
    const listener: RequestListener = (request, response) => {
      const chunks: Array<Buffer> = []
      request.on("error", () => {})
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString()
        const connection = numbers.get(request.socket) ?? 0
        const { headers, method = "", url = "" } = request
        seen.requests.push({ method, url, headers, body, connection })
        answer(request, response, body)
      })
    }
    const server = https.createServer({ keepAliveTimeout: 60_000, ...identity, ...options }, listener)
    let secured = 0
    server.on("secureConnection", (socket) => numbers.set(socket, ++secured))
    return serverOf(identity, yield* listening(server, seen), seen)
  })

/** A TLS server that does as it is told with the bytes of each connection. */
export const tlsServer = (
  handle: (socket: tls.TLSSocket) => void,
  options: tls.TlsOptions = {}
): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function* () {
    const identity = yield* mint()
    const seen = nothing()
    const server = tls.createServer({ ...identity, ...options }, (socket) => {
      socket.on("error", () => {})
      handle(socket)
      socket.resume()
    })
    return serverOf(identity, yield* listening(server, seen), seen)
  })

/** Answers each request (in one piece, without body) with these bytes; `end` and `reset` close. */
export const rawAnswer = (...parts: ReadonlyArray<string | Uint8Array>) =>
  tlsServer((socket) => {
    socket.on("data", () => {
      for (const part of parts) {
        if (part === "end") socket.end()
        else if (part === "reset") socket.destroy()
        else socket.write(part)
      }
    })
  })

/** A plain TCP server. */
export const tcpServer = (handle: (socket: net.Socket) => void): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function* () {
    const seen = nothing()
    const server = net.createServer((socket) => {
      handle(socket)
      // Unread, it would not notice its end.
      socket.resume()
    })
    return serverOf({ key: "", cert: "", sha256: "0".repeat(64) }, yield* listening(server, seen), seen)
  })

export interface Relay {
  readonly target: (options?: Partial<Target.Options>) => Target.Target
  /** Ends all connections below TLS, whose own end never comes. */
  readonly cut: (how: "fin" | "reset") => void
}

/** Hands bytes to a server and back, and can end a connection as something between that knows nothing of TLS does. */
export const relay = (
  server: Server,
  handedOn: (sent: Buffer) => Uint8Array = (sent) => sent
): Effect.Effect<Relay, never, Scope.Scope> =>
  Effect.gen(function* () {
    const near = new Set<net.Socket>()
    const front = net.createServer({ allowHalfOpen: true }, (socket) => {
      const far = net.connect({ host: "127.0.0.1", port: server.port, allowHalfOpen: true })
      near.add(socket)
      socket.on("close", () => {
        near.delete(socket)
        far.destroy()
      })
      for (const one of [socket, far]) one.on("error", () => {})
      socket.on("data", (chunk) => far.write(chunk))
      socket.on("end", () => far.end())
      far.on("data", (chunk: Buffer) => socket.write(handedOn(chunk)))
      far.on("end", () => socket.end())
    })
    const port = yield* listening(front, nothing())
    return {
      target: (options) => server.target({ url: `https://127.0.0.1:${port}`, ...options }),
      cut: (how) => {
        for (const socket of near) {
          if (how === "fin") socket.end()
          else socket.resetAndDestroy()
        }
      }
    }
  })

/** Waits, in real time, until something has become true; fails after five seconds. */
export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.promise(async () => {
    const deadline = Date.now() + 5000
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`never became true: ${condition}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })

/** Waits in real time, whatever the test clock says. */
export const pause = (milliseconds: number): Effect.Effect<void> =>
  Effect.promise(() => new Promise((resolve) => setTimeout(resolve, milliseconds)))
