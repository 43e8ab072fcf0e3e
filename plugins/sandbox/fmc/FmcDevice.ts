import type { Appliance } from "../appliance/Appliance.ts"
import { type Answer, answered, type Call, type Device, dispatch, type Route } from "../appliance/Call.ts"
import * as Throttle from "../appliance/Throttle.ts"
import * as Audit from "./Audit.ts"
import * as Auth from "./Auth.ts"
import { kinds, plain } from "./Catalogue.ts"
import * as Categories from "./Categories.ts"
import * as Configuration from "./Configuration.ts"
import * as Containers from "./Containers.ts"
import * as DefaultActions from "./DefaultActions.ts"
import * as DeploymentRoutes from "./DeploymentRoutes.ts"
import * as Deployments from "./Deployments.ts"
import * as Description from "./Description.ts"
import * as Devices from "./Devices.ts"
import { type Domain, domainsOf } from "./Domains.ts"
import * as EmptyLists from "./EmptyLists.ts"
import * as HaStatus from "./HaStatus.ts"
import * as HitCounts from "./HitCounts.ts"
import * as Mappings from "./Mappings.ts"
import * as Objects from "./Objects.ts"
import * as Overrides from "./Overrides.ts"
import * as Places from "./Places.ts"
import * as PolicySettings from "./PolicySettings.ts"
import { failure, list } from "./Replies.ts"
import * as Rules from "./Rules.ts"
import * as Seed from "./Seed.ts"
import * as Unions from "./Unions.ts"
import { updates } from "./Version.ts"

/** `FmcDevice` is a management centre, and the hold that tests have on its deployments. */
export interface FmcDevice {
  readonly device: Device
  readonly deployments: Deployments.Deployments
}

/** `make` makes tokens, info, objects, policies and rules, devices and their deployments, and the audit. */
export const make = (appliance: Appliance): FmcDevice => {
  const { now, settings } = appliance
  const domains = domainsOf(settings.domains)
  const configuration = Configuration.make(domains, now)
  const rulebooks = Rules.makeRulebooks()
  const devices = Devices.make(settings, configuration)
  Seed.seed(settings, configuration, rulebooks, devices)
  const units = Containers.deployedAsOne(devices)
  const deployments = Deployments.make(settings, now, units)
  const audit = Audit.make(now)
  const place = Places.make(configuration, [...Object.values(kinds), ...plain])

  const auth = Auth.routes(appliance, domains)
  const signed = [
    ...info(settings.serverVersion, domains),
    ...Overrides.withOverrides(
      appliance,
      configuration,
      Objects.routes(appliance, configuration, plain, place)
    ),
    ...Unions.routes(appliance, configuration, place),
    ...EmptyLists.routes(configuration),
    ...Mappings.routes(configuration),
    ...HitCounts.routes(appliance, configuration, rulebooks),
    ...Rules.routes(appliance, configuration, rulebooks),
    ...Categories.routes(configuration, rulebooks),
    ...DefaultActions.routes(configuration, kinds.accessPolicies),
    ...DefaultActions.routes(configuration, kinds.prefilterPolicies),
    ...PolicySettings.routes(configuration),
    ...Devices.routes(configuration, devices),
    ...Containers.routes(configuration, devices, settings),
    ...DeploymentRoutes.routes(appliance, configuration, units, deployments),
    ...HaStatus.routes(settings, configuration),
    ...Audit.routes(appliance, configuration, audit),
    Description.route
  ]
  const throttle = Throttle.make(settings.requestsPerMinute, now)
  const notAllowed = () => failure(405, "The method is not supported.")
  const notFound = () => failure(404, "The requested resource does not exist.")

  const answer = (call: Call): Answer => {
    // Nobody knows what a device answers; public clients stay below 8,000.
    if (call.requestTarget.length > 8000) return failure(414, "The URL is too long: at most 8000 characters.")
    const answer = dispatch(auth, call, call.path, notAllowed)
    if (answer !== undefined) return answer
    const session = Auth.hasApiToken(appliance, call) ? {} : { session: Auth.signedBy(appliance, call).id }
    return { ...(dispatch(signed, call, call.path, notAllowed) ?? notFound()), ...session }
  }

  return {
    deployments,
    device: {
      protocol: "fmc",
      owns: (path) => /^\/api\/(fmc_|api-explorer)/.test(path),
      kindOf: (call) => Auth.kindOf(call.path),
      operationOf: Description.operationOf,
      failure,
      answer: (call) => {
        if (!settings.fmc) return notFound()
        // Counted per source address, logins included (FMC guide, Rate Limiting).
        if (call.surplus)
          return failure(429, `Too many connections: at most ${settings.connectionLimit} at once.`)
        if (!throttle.admits())
          return failure(429, `Too many requests: at most ${settings.requestsPerMinute} in a minute.`)
        // Too Many Writes, in whatever domain (FMC guide 10.0, Rate Limiting; seen on a real device).
        if (call.beside)
          return failure(429, "Parallel add/update/delete operations are blocked. Please retry the request.")
        const given = answered(() => answer(call))
        audit.note(call, Auth.kindOf(call.path), given.status, domainOf(call, domains))
        return given
      }
    }
  }
}

/** `domainOf` gives the domain that a path names; what names none belongs to the first. */
const domainOf = ({ path }: Call, domains: ReadonlyArray<Domain>): Domain | undefined => {
  const uuid = /\/domain\/([^/]+)\//.exec(path)?.[1]
  return domains.find((domain) => domain.uuid === uuid) ?? domains[0]
}

// In one answer, whatever `limit` asks for (seen on real devices, 7.2.10).
const mostDomains = 40

const info = (serverVersion: string, domains: ReadonlyArray<Domain>): ReadonlyArray<Route> => [
  {
    path: /^\/api\/fmc_platform\/v1\/info\/serverversion$/,
    verbs: {
      GET: (call) =>
        list(call, [
          {
            serverVersion,
            ...updates,
            type: "ServerVersion"
          }
        ])
    }
  },
  {
    path: /^\/api\/fmc_platform\/v1\/info\/domain$/,
    verbs: {
      GET: (call) => list(call, domains, ({ name, uuid }) => ({ uuid, name, type: "Domain" }), mostDomains)
    }
  }
]
