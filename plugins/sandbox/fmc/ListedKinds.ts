import { single } from "./Define.ts"
import { required, text } from "./Field.ts"
import type { Fields, Kind, Verb } from "./Kind.ts"

/**
 * `Row` is a list that the FMC OpenAPI document has, and of which the sandbox knows no more than that: its path, the type
 * of what is in it, and the model's name there. Behind those stand the names of what is built in.
 */
type Row = readonly [path: string, type: string, model: string, ...builtIn: ReadonlyArray<string>]

/** `read` are those that the document has for reading alone. What a device has of its own, a few stand for here. */
const read: ReadonlyArray<Row> = [
  ["object/anyconnectcustomattributes", "AnyConnectCustomAttribute", "AnyConnectCustomAttributeModel"],
  ["object/anyconnectpackages", "AnyConnectPackage", "AnyConnectPackageModel"],
  ["object/anyconnectprofiles", "AnyConnectProfile", "AnyConnectProfileModel"],
  ["object/anyprotocolportobjects", "AnyProtocolPortObject", "AnyProtocolPortObject"],
  [
    "object/applicationcategories",
    "ApplicationCategory",
    "ApplicationCategory",
    "e-mail",
    "web services provider"
  ],
  ["object/applicationproductivities", "ApplicationProductivity", "ApplicationProductivity", "Low", "High"],
  [
    "object/applicationrisks",
    "ApplicationRisk",
    "ApplicationRisk",
    "Very Low",
    "Low",
    "Medium",
    "High",
    "Very High"
  ],
  ["object/applications", "Application", "Application", "DNS", "FTP", "HTTP", "HTTPS", "ICMP", "SSH"],
  ["object/applicationtags", "ApplicationTag", "ApplicationTag"],
  [
    "object/applicationtypes",
    "ApplicationType",
    "ApplicationType",
    "Application Protocol",
    "Client",
    "Web Application"
  ],
  ["object/aspathlists", "ASPathList", "AsPathList"],
  ["object/certenrollments", "CertEnrollment", "VpnPKIEnrollmentModel"],
  ["object/certificatemaps", "CertificateMap", "CertificateMapModel"],
  ["object/communitylists", "CommunityList", "CommunityList"],
  ["object/continents", "Continent", "ContinentObject", "Africa", "Asia", "Europe", "North America"],
  ["object/countries", "Country", "CountryObject", "Denmark", "France", "Germany", "United States"],
  ["object/endpointdevicetypes", "EndPointDeviceType", "EndPointDeviceType"],
  ["object/expandedcommunitylists", "ExpandedCommunityList", "ExpandedCommunityList"],
  ["object/extendedaccesslists", "ExtendedAccessList", "ExtendedAccessListModel"],
  ["object/grouppolicies", "GroupPolicy", "GroupPolicyModel", "DfltGrpPolicy"],
  ["object/hostscanpackages", "HostScanPackage", "HostScanPackageObject"],
  ["object/ipv4addresspools", "IPv4AddressPool", "IPv4AddressPool"],
  ["object/ipv4prefixlists", "IPv4PrefixList", "IPv4PrefixList"],
  ["object/ipv6addresspools", "IPv6AddressPool", "IPv6AddressPool"],
  ["object/ipv6prefixlists", "IPv6PrefixList", "IPv6PrefixList"],
  ["object/isesecuritygrouptags", "ISESecurityGroupTag", "ISESecurityGroupTag"],
  ["object/policylists", "PolicyList", "PolicyList"],
  ["object/radiusservergroups", "RadiusServerGroup", "RadiusServerGroupModel"],
  ["object/realmusergroups", "RealmUserGroup", "RealmUserGroup"],
  ["object/realmusers", "RealmUser", "RealmUser"],
  ["object/routemaps", "RouteMap", "RouteMap"],
  ["object/securitygrouptags", "SecurityGroupTag", "SecurityGroupTag", "ANY"],
  ["object/sidnsfeeds", "SIDNSFeed", "SIDNSFeed"],
  ["object/sidnslists", "SIDNSList", "SIDNSList"],
  ["object/sinetworkfeeds", "SINetworkFeed", "SINetworkFeed"],
  ["object/sinetworklists", "SINetworkList", "SINetworkList"],
  ["object/sinkholes", "Sinkhole", "Sinkhole"],
  ["object/siurlfeeds", "SIURLFeed", "SIURLFeed"],
  ["object/siurllists", "SIURLList", "SIURLList"],
  ["object/ssoservers", "SSOServer", "SSOServer"],
  ["object/standardaccesslists", "StandardAccessList", "StandardACL"],
  ["object/standardcommunitylists", "StandardCommunityList", "StandardCommunityList"],
  ["object/urlcategories", "URLCategory", "URLCategory", "Adult", "Gambling", "News", "Social Networking"],
  ["object/variablesets", "VariableSet", "VariableSet", "Default-Set"],
  ["policy/dnspolicies", "DNSPolicy", "DNSPolicy", "Default DNS Policy"],
  ["policy/filepolicies", "FilePolicy", "FilePolicy"],
  ["policy/identitypolicies", "IdentityPolicy", "IdentityPolicy"],
  ["policy/ravpns", "RAVpn", "FTDRAVpnModel"],
  ["policy/snmpalerts", "SNMPAlert", "SNMPConfig"],
  ["policy/syslogalerts", "SyslogAlert", "SyslogConfig"]
]

/** `written` are those that can be written one by one. */
const written: ReadonlyArray<Row> = [
  ["object/applicationfilters", "ApplicationFilter", "ApplicationFilter"],
  ["object/dnsservergroups", "DNSServerGroupObject", "DNSServerGroupObject"],
  ["object/geolocations", "Geolocation", "GeoLocationObject"],
  ["object/ikev1ipsecproposals", "IKEv1IPsecProposal", "IKEv1IPsecProposal"],
  ["object/ikev1policies", "IKEv1Policy", "Ikev1PolicyObject"],
  ["object/ikev2ipsecproposals", "IKEv2IPsecProposal", "IKEv2IPsecProposal"],
  ["object/ikev2policies", "IKEv2Policy", "Ikev2PolicyObject"],
  ["object/realms", "Realm", "Realm"],
  ["policy/dynamicaccesspolicies", "DynamicAccessPolicy", "DynamicAccessPolicy"],
  ["policy/networkanalysispolicies", "NetworkAnalysisPolicy", "Snort3NetworkAnalysisPolicy"]
]

/** `writtenInBulk` are those of which many can be created at once. */
const writtenInBulk: ReadonlyArray<Row> = [
  ["object/icmpv6objects", "ICMPV6Object", "ICMPV6Object"],
  ["object/intrusionrulegroups", "IntrusionRuleGroup", "Snort3IntrusionRuleGroupsObject"],
  ["object/keychains", "KeyChainObject", "KeyChainObject"],
  ["object/localrealmusers", "LocalRealmUser", "LocalRealmUser"],
  ["object/slamonitors", "SLAMonitor", "SLAMonitorObjectModel"],
  ["object/timeranges", "TimeRange", "TimeRange"],
  ["object/timezoneobjects", "TimeZoneObject", "TimeZoneObject"],
  ["object/tunneltags", "TunnelTag", "TunnelTags"],
  ["object/vlangrouptags", "VlanGroupTag", "VlanTagGroup"]
]

/** `filtered` are those whose list knows `filter`. */
const filtered: ReadonlySet<string> = new Set([
  "object/anyconnectcustomattributes",
  "object/anyconnectpackages",
  "object/anyconnectprofiles",
  "object/anyprotocolportobjects",
  "object/certificatemaps",
  "object/icmpv6objects",
  "object/intrusionrulegroups",
  "object/ipv4addresspools",
  "object/ipv6addresspools",
  "object/localrealmusers",
  "object/radiusservergroups",
  "object/realms",
  "object/realmusergroups",
  "object/realmusers",
  "object/ssoservers",
  "object/vlangrouptags",
  "policy/dnspolicies"
])

/** `alwaysNamed` are the models that the document wants a name of. */
const alwaysNamed: ReadonlySet<string> = new Set([
  "ExpandedCommunityList",
  "IPv4PrefixList",
  "IPv6PrefixList",
  "PolicyList",
  "RouteMap",
  "StandardACL",
  "StandardCommunityList",
  "TimeRange"
])

const kindOf = ([path, type, model]: Row, verbs: ReadonlyArray<Verb>): Kind => ({
  path,
  type,
  model,
  tag: path.startsWith("policy/") ? "Policy" : "Object",
  verbs,
  query: filtered.has(path) ? ["filter"] : [],
  fields: alwaysNamed.has(model) ? { name: required(text) } : {},
  names: type,
  named: /^[^\u0000-\u001f]{1,128}$/,
  accept: (given) => ({ fields: others(given), references: [] })
})

/** `others` are the fields that nobody reads here: they are kept as they were sent. */
export const others = ({
  id: _id,
  links: _links,
  metadata: _metadata,
  name: _name,
  type: _type,
  ...fields
}: Fields) => fields

/** `listed` are all of these kinds. */
export const listed: ReadonlyArray<Kind> = [
  ...read.map((row) => kindOf(row, [])),
  ...written.map((row) => kindOf(row, single)),
  ...writtenInBulk.map((row) => kindOf(row, ["createMany", ...single]))
]

/** `builtIn` are the names of what stands in them from the beginning. */
export const builtIn: ReadonlyArray<readonly [Kind, name: string]> = read.flatMap(([path, , , ...names]) => {
  const kind = listed.find((one) => one.path === path)
  return kind === undefined ? [] : names.map((name) => [kind, name] as const)
})
