import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer, type Server as HttpsServer } from "node:https"
import type { AddressInfo, Socket } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { SandboxFailed } from "./SandboxFailed.ts"

/** `Server` is a listening HTTPS server that can go away and come back on its port. */
export interface Server {
  readonly port: number
  readonly down: Effect.Effect<void>
  readonly up: Effect.Effect<void, SandboxFailed>
}

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly cert: string
  readonly key: string
  /**
   * `onRequest` gets each request; `rank` is how many connections there are, up to that of the request, the oldest
   * first.
   */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse, rank: number) => void
  readonly onConnected: () => void
  readonly onDisconnected: () => void
}

/** `make` listens until the scope closes, and then destroys what is still connected. */
export const make = (options: ServerOptions): Effect.Effect<Server, SandboxFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const sockets = new Set<Socket>()
    // Oldest first, handshake done: those that count.
    const connections = new Set<Socket>()
    let running: HttpsServer | undefined

    const open = (port: number) =>
      Effect.map(listen(options, port, sockets, connections), (server) => {
        running = server
        return (server.address() as AddressInfo).port // a TCP server's address is never a string
      })

    const down = Effect.suspend(() => {
      const server = running
      running = undefined
      return server === undefined ? Effect.void : close(server, sockets)
    })

    yield* Effect.addFinalizer(() => down)
    const port = yield* open(options.port)
    return {
      port,
      down,
      up: Effect.suspend(() => (running === undefined ? Effect.asVoid(open(port)) : Effect.void))
    }
  })

const listen = (
  options: ServerOptions,
  port: number,
  sockets: Set<Socket>,
  connections: Set<Socket>
): Effect.Effect<HttpsServer, SandboxFailed> =>
  Effect.async((resume) => {
    const server = createServer({ cert: options.cert, key: options.key }, (request, response) =>
      options.onRequest(request, response, [...connections].indexOf(request.socket) + 1)
    )
    // What appliances do: a client that reuses a connection after this finds it closed.
    server.keepAliveTimeout = 5000
    server.on("connection", (socket: Socket) => {
      sockets.add(socket)
      socket.on("error", ignore)
      socket.on("close", () => sockets.delete(socket))
    })
    server.on("secureConnection", (socket) => {
      sockets.add(socket)
      connections.add(socket)
      options.onConnected()
      socket.on("error", ignore)
      socket.on("close", () => {
        sockets.delete(socket)
        connections.delete(socket)
        options.onDisconnected()
      })
    })
    server.on("clientError", (_, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
      else socket.destroy()
    })
    server.once("error", (error) =>
      resume(
        new SandboxFailed({
          operation: "listen",
          detail: `it cannot listen on ${options.host}:${port} (${codeOf(error)}). Choose another port, or 0 for a free one.`
        })
      )
    )
    server.listen(port, options.host, () => {
      server.removeAllListeners("error")
      server.on("error", ignore)
      resume(Effect.succeed(server))
    })
  })

const close = (server: HttpsServer, sockets: ReadonlySet<Socket>): Effect.Effect<void> =>
  Effect.async((resume) => {
    server.close(() => resume(Effect.void))
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
  })

// A client that breaks a connection is an ordinary event here.
const ignore = () => {}

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.message)
