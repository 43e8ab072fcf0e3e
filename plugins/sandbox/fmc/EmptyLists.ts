import type { Handler, Route } from "../appliance/Call.ts"
import type { Configuration } from "./Configuration.ts"
import { list, refuse } from "./Replies.ts"

/**
 * `EmptyList` is a list that the FMC OpenAPI document has, and in which nothing ever is here: its path behind the
 * domain, or the whole one, the operation's name, its tag, the model's name, and the parameters of its query, `!` behind
 * one that has to be given.
 */
export type EmptyList = readonly [
  path: string,
  id: string,
  tag: string,
  model: string,
  ...query: ReadonlyArray<string>
]

const device = "devices/devicerecords/{containerUUID}"
const overrides = (of: string) => `object/${of}/{containerUUID}/overrides`

export const emptyLists: ReadonlyArray<EmptyList> = [
  [
    "deployment/deployabledevices/{containerUUID}/deployments",
    "getDeploymentDetail",
    "Deployment",
    "DeploymentDetail",
    "filter"
  ],
  [`${device}/fpinterfacestatistics`, "getFPInterfaceStatistics", "Devices", "FPInterfaceStatistics"],
  [`${device}/interfaceevents`, "getInterfaceEvent", "Devices", "InterfaceEvent"],
  [`${device}/operational/commands`, "getCommands", "Devices", "Commands", "command!", "parameters"],
  [`${device}/operational/metrics`, "getHealthMonitorModel", "Devices", "HealthMonitorModel", "filter!"],
  ["health/alerts", "getHealthAlertModel", "Health", "HealthAlertModel", "filter"],
  ["health/metrics", "getHealthMetric", "Health", "HealthMetric", "filter!"],
  [
    overrides("anyconnectcustomattributes"),
    "getAnyConnectCustomAttributeOverride",
    "Object",
    "AnyConnectCustomAttributeOverride"
  ],
  [overrides("dnsservergroups"), "getAllDNSServerGroupOverride", "Object", "DNSServerGroupOverride"],
  [overrides("icmpv6objects"), "getAllICMPV6ObjectOverride", "Object", "ICMPV6ObjectOverride"],
  [overrides("ipv4addresspools"), "getIPv4AddressPoolOverride", "Object", "IPv4AddressPoolOverride"],
  [overrides("ipv6addresspools"), "getIPv6AddressPoolOverride", "Object", "IPv6AddressPoolOverride"],
  [overrides("keychains"), "getAllKeyChainObjectOverride", "Object", "KeyChainObjectOverride"],
  [overrides("ssoservers"), "getSSOServerOverride", "Object", "SSOServerOverride"],
  [overrides("timezoneobjects"), "getTimeZoneObjectOverride", "Object", "TimeZoneObjectOverride"],
  [overrides("vlangrouptags"), "getAllVlanTagGroupOverride", "Object", "VlanTagGroupOverride"],
  ["object/globaltimezones", "getAllGlobalTimeZone", "Object", "GlobalTimeZone"],
  ["object/intrusionrules", "getAllSnort3IPSRulesObject", "Object", "Snort3IPSRulesObject", "filter", "sort"],
  ["object/operational/usage", "getObjectUsage", "Object", "ObjectUsage", "filter!"],
  [
    "policy/accesspolicies/{containerUUID}/securityintelligencepolicies",
    "getAllAccessPolicySecurityIntelligencePolicy",
    "Policy",
    "AccessPolicySecurityIntelligencePolicy"
  ],
  ["policy/dnspolicies/{containerUUID}/allowdnsrules", "getAllowDNSRule", "Policy", "AllowDNSRule", "filter"],
  ["policy/dnspolicies/{containerUUID}/blockdnsrules", "getBlockDNSRule", "Policy", "BlockDNSRule", "filter"],
  [
    "policy/intrusionpolicies/{containerUUID}/intrusionrulegroups",
    "getAllSnort3IntrusionRuleGroups",
    "Policy",
    "Snort3IntrusionRuleGroups",
    "includeCount",
    "filter"
  ],
  [
    "policy/intrusionpolicies/{containerUUID}/intrusionrules",
    "getAllSnort3IPSRules",
    "Policy",
    "Snort3IPSRules",
    "filter",
    "sort"
  ],
  [
    "policy/networkanalysispolicies/{containerUUID}/inspectorconfigs",
    "getInspectorConfig",
    "Policy",
    "InspectorConfig",
    "inspectors"
  ],
  [
    "policy/networkanalysispolicies/{containerUUID}/inspectoroverrideconfigs",
    "getInspectorOverrideConfig",
    "Policy",
    "InspectorOverrideConfig",
    "inspectors"
  ],
  [
    "policy/prefilterpolicies/{containerUUID}/operational/hitcounts",
    "getPrefilterHitCount",
    "Policy",
    "PrefilterHitCount",
    "filter!"
  ],
  [
    "policy/ravpns/{containerUUID}/addressassignmentsettings",
    "getAllFTDRAVpnAddressAssignmentSetting",
    "Policy",
    "FTDRAVpnAddressAssignmentSetting"
  ],
  [
    "policy/ravpns/{containerUUID}/certificatemapsettings",
    "getAllFTDRAVpnCertificateMapSettings",
    "Policy",
    "FTDRAVpnCertificateMapSettings"
  ],
  [
    "policy/ravpns/{containerUUID}/connectionprofiles",
    "getAllFTDRAVpnConnectionProfileModel",
    "Policy",
    "FTDRAVpnConnectionProfileModel"
  ],
  ["search/global", "getGlobalSearch", "Search", "GlobalSearch", "filter!"],
  ["search/object", "getGlobalObjectSearch", "Search", "GlobalObjectSearch", "filter!"],
  ["search/policy", "getGlobalPolicySearch", "Search", "GlobalPolicySearch", "filter!"],
  ["users/authroles", "getAllAuthRoles", "Users", "AuthRoles"],
  ["/api/fmc_platform/v1/updates/upgradepackages", "getAllUpgradePackage", "Updates", "UpgradePackage"],
  [
    "/api/fmc_platform/v1/updates/upgradepackages/{containerUUID}/applicabledevices",
    "getAllApplicableDevice",
    "Updates",
    "ApplicableDevice"
  ],
  ...["Element", "Incident", "Indicator", "Observable"].map(
    (name): EmptyList => [
      `/api/fmc_tid/v1/domain/{domainUUID}/tid/${name.toLowerCase()}`,
      `getAllREST${name}`,
      "Intelligence",
      `REST${name}`
    ]
  ),
  ["/api/fmc_tid/v1/domain/{domainUUID}/tid/source", "getAllRESTTidSource", "Intelligence", "RESTTidSource"]
]

/** `wholePath` gives the template of a list as the document has it. */
export const wholePath = (path: string): string =>
  path.startsWith("/") ? path : `/api/fmc_config/v1/domain/{domainUUID}/${path}`

/** `routes` are those of these lists: what holds one has to exist, and what has to be given is refused without. */
export const routes = (configuration: Configuration): ReadonlyArray<Route> =>
  emptyLists.map(([path, , , , ...query]) => {
    const template = wholePath(path)
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)

    const all: Handler = (call, params) => {
      const inDomain = names[0] === "domainUUID"
      const domain = inDomain ? configuration.domain(params[0]) : undefined
      const holder = params[inDomain ? 1 : 0]
      if (
        holder !== undefined &&
        (domain === undefined || configuration.find(domain, holder) === undefined)
      ) {
        throw refuse(404, `The object with UUID ${holder} does not exist.`)
      }
      const missing = query.find((name) => name.endsWith("!") && !call.query.has(name.slice(0, -1)))
      if (missing !== undefined) {
        throw refuse(400, `Invalid query: expected ${missing.slice(0, -1)}.`, "VALIDATION")
      }
      return list(call, [])
    }

    return { path: new RegExp(`^${template.replace(/\{\w+\}/g, "([^/]+)")}$`), verbs: { GET: all } }
  })
