import * as https from "node:https"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Target, Trust } from "sallyport"
import { mint } from "../transport/certificates.ts"

export interface Gateway {
  /** All that it was asked for, whatever became of it: `METHOD /path`. */
  readonly asked: Array<string>
  /** A target whose URL ends in this path. */
  readonly target: (path: string) => Target.Target
}

/**
 * A gateway with a device below a path of it; whatever lies beside that is 404, and noted too. The device knows nothing of
 * the path, so that the addresses in its answers lack it.
 */
export const gateway = (to: Target.Target, base: string): Effect.Effect<Gateway, never, Scope.Scope> =>
  Effect.gen(function* () {
    const identity = yield* mint()
    const asked: Array<string> = []
    const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false })
    const server = https.createServer(identity, (request, response) => {
      const { headers, method = "", url = "" } = request
      asked.push(`${method} ${url}`)
      if (!url.startsWith(`${base}/`)) {
        response.writeHead(404).end()
        return
      }
      const path = url.slice(base.length)
      const forwarded = https.request(
        { host: to.host, port: to.port, method, path, headers, agent },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
          answer.pipe(response)
        }
      )
      forwarded.on("error", () => response.destroy())
      request.pipe(forwarded)
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
        })
      }),
      () =>
        Effect.sync(() => {
          agent.destroy()
          server.closeAllConnections()
          server.close()
        })
    )
    const trust = Trust.pin(identity.sha256)
    return { asked, target: (path) => Target.make({ url: `https://127.0.0.1:${port}${path}`, trust }) }
  })
