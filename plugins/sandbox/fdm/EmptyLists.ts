import type { Route } from "../appliance/Call.ts"
import { absent, list } from "./Replies.ts"

/** `names` are lists of objects that the FDM OpenAPI document has, and in which the sandbox keeps nothing. */
const names = [
  "anyconnectclientprofiles",
  "applicationcategories",
  "applicationfilters",
  "applications",
  "applicationtags",
  "aspathlists",
  "continents",
  "countries",
  "dnsservergroups",
  "expandedcommunitylists",
  "extendedaccesslists",
  "externalcacertificates",
  "externalcertificates",
  "flexconfigobjects",
  "flexconfigpolicies",
  "geolocations",
  "icmpv4ports",
  "icmpv6ports",
  "ikev1policies",
  "ikev1proposals",
  "ikev2policies",
  "ikev2proposals",
  "internalcacertificates",
  "internalcertificates",
  "intrusionsettings",
  "ipv4prefixlists",
  "ipv6prefixlists",
  "localidentitysources",
  "networkfeedcategories",
  "policylists",
  "protocols",
  "radiusidentitysourcegroups",
  "radiusidentitysources",
  "realms",
  "routemaps",
  "secrets",
  "specialrealms",
  "standardaccesslists",
  "standardcommunitylists",
  "syslogalerts",
  "systemfeedobjects",
  "urlcategories",
  "urlfeedcategories",
  "urlreputation"
]

/** `routes` are those of these lists: to be read, and empty. */
export const routes: ReadonlyArray<Route> = [
  {
    path: new RegExp(`^/api/fdm/[^/]+/object/(?:${names.join("|")})$`),
    verbs: { GET: (call) => list(call, []) }
  },
  {
    path: new RegExp(`^/api/fdm/[^/]+/object/(?:${names.join("|")})/[^/]+$`),
    verbs: {
      GET: (call) => {
        throw absent(call)
      }
    }
  }
]
