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

/** The same, with something of each kind that others refer to. */
export const filled = Effect.gen(function* () {
  const signed = yield* signedIn({ objects: 1 })
  const { send, token } = signed
  const make = (path: string, body: object) => Effect.map(send("POST", path, body), ({ json }) => json)
  const first = (path: string) => Effect.map(send("GET", path), ({ json }) => json.items[0])
  return {
    ...signed,
    headers: { authorization: `Bearer ${token}` },
    host: yield* make("/object/networks", network("gateway", "192.0.2.1", "HOST")),
    net: yield* first("/object/networks?filter=name:net-001"),
    url: yield* make("/object/urls", { name: "site", url: "https://site.example", type: "urlobject" }),
    udp: yield* first("/object/udpports"),
    zone: yield* first("/object/securityzones"),
    interface: yield* first("/devices/default/interfaces")
  }
})
