import { type Appliance, sessionOf } from "../appliance/Appliance.ts"
import { type Answer, answered, type Call, type Device, dispatch, type Route } from "../appliance/Call.ts"
import type { Session } from "../appliance/Sessions.ts"
import * as Backups from "./Backups.ts"
import * as Changes from "./Changes.ts"
import * as Deployment from "./Deployment.ts"
import * as Description from "./Description.ts"
import * as Files from "./Files.ts"
import * as Ha from "./Ha.ts"
import * as Jobs from "./Jobs.ts"
import * as Kinds from "./Kinds.ts"
import * as Provision from "./Provision.ts"
import { failure, notFound, refuse } from "./Replies.ts"
import * as Sessions from "./Sessions.ts"
import * as Store from "./Store.ts"
import * as Token from "./Token.ts"
import * as Users from "./Users.ts"

/** `make` gives a device that manages itself: tokens, objects, deployments, users, files, and its own description. */
export const make = (
  appliance: Appliance
): {
  readonly device: Device
  readonly deployment: Deployment.Deployment
} => {
  const { settings } = appliance
  const versions: Answer = { status: 200, body: { supportedVersions: settings.apiVersions } }
  const open: ReadonlyArray<Route> = [
    { path: /^\/api\/fdm\/[^/]+\/fdm\/token$/, verbs: { POST: Token.handler(appliance) } },
    ...(settings.listsVersions ? [{ path: /^\/api\/versions$/, verbs: { GET: () => versions } }] : [])
  ]
  const kinds = Kinds.kinds(settings.objects)
  const changes = Changes.make()
  const deployment = Deployment.make(appliance, changes)
  const provision = Provision.make(appliance)
  const backups = Backups.make(appliance)
  const signed = [
    ...provision.routes,
    systemInformation(appliance),
    ...Changes.routes(changes, deployment.settle),
    ...deployment.routes,
    ...Sessions.routes(appliance),
    ...Ha.routes(settings.ha),
    ...Users.routes(appliance),
    ...Files.routes(),
    ...backups.routes,
    ...Store.routes(kinds, Store.make(changes)),
    // Behind the lists of jobs of one kind, whose names look like ids.
    ...Jobs.routes(deployment.history, backups.jobs),
    Description.route(kinds, settings.apiVersions)
  ]
  const notAllowed = () => failure(405, "The method is not supported.")

  const device: Device = {
    protocol: "fdm",
    owns: (path) => /^\/api\/(fdm\/|versions$)|^\/apispec\//.test(path),
    kindOf: (call) => (/^\/api\/fdm\/[^/]+\/fdm\/token$/.test(call.path) ? Token.kindOf(call) : "call"),
    operationOf: Description.operationOf(kinds),
    failure,
    answer: (call) => {
      const version = /^\/api\/fdm\/([^/]+)/.exec(call.path)?.[1]
      if (!settings.fdm || (version !== undefined && !settings.apiVersions.includes(version))) return notFound
      const answer = dispatch(open, call, call.path, notAllowed)
      if (answer !== undefined) return answer
      if (call.path === "/api/versions") return notFound
      const session = signedBy(appliance, call)
      const signedAnswer = answered(() => {
        provision.admit(call)
        Ha.writable(settings.ha, call)
        return dispatch(signed, call, call.path, notAllowed) ?? notFound
      })
      return { ...signedAnswer, session: session.id }
    }
  }
  return { device, deployment }
}

/** `signedBy` answers 401 to a token that is missing, expired or revoked; they are not told apart. */
const signedBy = (appliance: Appliance, call: Call): Session => {
  const value = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? "")?.[1]
  const session = sessionOf(appliance, "fdm", value)
  if (session === undefined) throw refuse(401, "The access token is missing, expired or revoked.")
  return session
}

const systemInformation = (appliance: Appliance): Route => {
  const startedAt = appliance.now()
  // `7.4.2 (build 172)`: devices write 7.4.2-172.
  const [, release = "", build = ""] =
    /^(\S+)(?: \(build (\d+)\))?/.exec(appliance.settings.serverVersion) ?? []
  const softwareVersion = build === "" ? release : `${release}-${build}`
  return {
    path: /^\/api\/fdm\/([^/]+)\/operational\/systeminfo\/([^/]+)$/,
    verbs: {
      GET: (call) => ({
        status: 200,
        body: {
          ipv4: "127.0.0.1",
          ipv6: null,
          softwareVersion,
          // As a 6.6.1-91 has it (seen on real devices): `buildVersion` is the release, and `schemaVersion` the build.
          // Cisco's modules for FTD read it before they write anything, and compare it with 6.4.0.
          databaseInfo: {
            softwareVersion,
            buildVersion: release,
            schemaVersion: build,
            type: "databaseinfo"
          },
          vdbVersion: { vdbCurrentVersion: "380", vdbCurrentBuild: "380", type: "vdbversion" },
          sruVersion: { sruVersion: "20240313-1245", type: "sruversion" },
          snortVersion: { snortVersion: "3.1.53.100-56", type: "snortversion" },
          geolocationVersion: { geolocationDbVersion: "2024-03-12-001", type: "geolocationversion" },
          platformModel: "Sallyport Sandbox",
          modelId: "S",
          modelNumber: "75S",
          serialNumber: "9SANDBOX001",
          currentTime: appliance.now(),
          systemUptime: Math.floor((appliance.now() - startedAt) / 1000),
          managementInterfaceName: "management0",
          id: "default",
          type: "SystemInformation",
          links: { self: `${call.origin}${call.path}` }
        }
      })
    }
  }
}
