import * as Effect from "effect/Effect"
import type * as Sandbox from "sallyport/sandbox"
import { bearer, fdmLogin, start } from "./client.ts"

/** A sandbox with a client that has logged in to its FDM. */
export const signedIn = (options?: Sandbox.Options) =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start(options)
    const login = yield* fdmLogin(client, sandbox)
    const token: string = login.json.access_token
    const send = (method: string, path: string, body?: unknown) =>
      client.send(method, `/api/fdm/v6${path}`, { ...bearer(token), body })
    return { sandbox, client, token, send }
  })

export const network = (name: string, value = "192.0.2.0/24", subType = "NETWORK") => ({
  name,
  subType,
  value,
  type: "networkobject"
})
