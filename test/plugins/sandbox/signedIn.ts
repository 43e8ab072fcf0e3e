import * as Effect from "effect/Effect"
import type * as Sandbox from "sallyport/sandbox"
import { fmcLogin, fmcSigned, fmcTokens, start } from "./client.ts"

/** A signed client whose paths start behind the domain, Global unless another is given. */
export const signedIn = (options?: Sandbox.Options, domain = 0) =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start(options)
    const login = yield* fmcLogin(client)
    const { headers } = fmcSigned(fmcTokens(login))
    const { uuid } = JSON.parse(login.headers.domains ?? "")[domain]
    const base = `/api/fmc_config/v1/domain/${uuid}`
    const send = (method: string, path: string, body?: unknown) =>
      client.send(method, path.startsWith("/api") ? path : `${base}${path}`, {
        headers: { ...headers, "content-type": "application/json" },
        body
      })
    return { sandbox, client, send, base }
  })
