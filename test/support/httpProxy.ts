import * as http from "node:http"
import * as net from "node:net"
import * as Effect from "effect/Effect"

/** A proxy that leads everything to one port, or refuses with a status; it notes what it was asked. */
export const proxying = (to: number, status?: number) =>
  Effect.gen(function* () {
    const asked: Array<{ readonly authority: string; readonly account: string | undefined }> = []
    const open = new Set<net.Socket>()
    const server = http.createServer((_request, response) => response.writeHead(400).end())
    server.on("connection", (socket) => {
      open.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => open.delete(socket))
    })
    server.on("connect", (request, near) => {
      near.on("error", () => {})
      asked.push({ authority: request.url ?? "", account: request.headers["proxy-authorization"] })
      if (status !== undefined) {
        near.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`)
        return
      }
      const far = net.connect(to, "127.0.0.1", () => {
        near.write("HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n")
        near.pipe(far)
        far.pipe(near)
      })
      far.on("error", () => near.destroy())
      near.on("close", () => far.destroy())
      far.on("close", () => near.destroy())
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () =>
          resume(Effect.succeed((server.address() as net.AddressInfo).port))
        )
      }),
      () =>
        Effect.sync(() => {
          for (const socket of open) socket.destroy()
          server.close()
        })
    )
    return { asked, open, port }
  })
