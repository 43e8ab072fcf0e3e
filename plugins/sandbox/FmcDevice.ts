import type { Appliance } from "./Appliance.ts"
import { type Device, dispatch, type Route } from "./Call.ts"
import { failure, list } from "./FmcAnswer.ts"
import * as FmcAuth from "./FmcAuth.ts"
import { type Domain, domainsOf } from "./FmcDomains.ts"
import * as FmcObjects from "./FmcObjects.ts"
import { Throttle } from "./Throttle.ts"

/** A management centre: tokens, info, objects. */
export const make = (appliance: Appliance): Device => {
  const { settings } = appliance
  const domains = domainsOf(settings.domains)
  const auth = FmcAuth.routes(appliance, domains)
  const signed = [...info(settings.serverVersion, domains), ...FmcObjects.routes(appliance, domains)]
  const throttle = new Throttle(settings.requestsPerMinute, appliance.now)
  const notAllowed = () => failure(405, "The method is not supported.")
  const notFound = () => failure(404, "The requested resource does not exist.")

  return {
    protocol: "fmc",
    owns: (path) => /^\/api\/(fmc_|api-explorer)/.test(path),
    kindOf: (call) => FmcAuth.kindOf(call.path),
    failure,
    answer: (call) => {
      if (!settings.fmc) return notFound()
      // Counted per source address, logins included (Cisco's text).
      if (call.surplus) return failure(429, "Too many connections: at most 10 at once.")
      if (!throttle.admits()) return failure(429, "Too many requests: at most 120 in a minute.")
      const answer = dispatch(auth, call, call.path, notAllowed)
      if (answer !== undefined) return answer
      const session = FmcAuth.hasApiToken(appliance, call)
        ? {}
        : { session: FmcAuth.signedBy(appliance, call).id }
      return { ...(dispatch(signed, call, call.path, notAllowed) ?? notFound()), ...session }
    }
  }
}

const info = (serverVersion: string, domains: ReadonlyArray<Domain>): ReadonlyArray<Route> => [
  {
    path: /^\/api\/fmc_platform\/v1\/info\/serverversion$/,
    verbs: {
      GET: (call) =>
        list(call, [
          {
            serverVersion,
            geoVersion: "2024-03-12-001",
            vdbVersion: "build 380 ( 2024-02-27 21:26:45 )",
            sruVersion: "2024-03-13-001-vrt",
            lspVersion: "lsp-rel-20240313-1245",
            type: "ServerVersion"
          }
        ])
    }
  },
  {
    path: /^\/api\/fmc_platform\/v1\/info\/domain$/,
    verbs: {
      GET: (call) =>
        list(
          call,
          domains.map(({ name, uuid }) => ({ uuid, name, type: "Domain" }))
        )
    }
  }
]
