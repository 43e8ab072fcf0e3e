import { anyValue, type Field, required } from "./Field.ts"
import { type Kind, spaced } from "./Kind.ts"
import { changed, listOnly, type Row, read, written } from "./ListedRows.ts"

/** `initial` are those that are there at the start, as Cisco's samples and public clients name them. */
const initial: Readonly<Record<string, Kind["initial"]>> = {
  "/devices/default/datadnssettings": [{ name: "DataDNSSettings" }],
  "/policy/filepolicies": [
    { name: "Block Malware All", description: "Block Malware All", policyType: "BLOCK_MALWARE_ALL" }
  ],
  "/policy/identitypolicies": [{ name: "NGFW-Default-Identity-Policy", activeAuthPort: 885 }],
  "/policy/intrusionpolicies": [
    "Balanced Security and Connectivity",
    "Connectivity Over Security",
    "Maximum Detection",
    "Security Over Connectivity"
  ].map((name) => ({ name })),
  "/policy/manualnatpolicies": [
    { name: "NGFW-After-Auto-NAT-Policy", afterAuto: true },
    { name: "NGFW-Before-Auto-NAT-Policy", afterAuto: false }
  ],
  "/policy/objectnatpolicies": [{ name: "ObjectNatRuleContainer" }],
  "/policy/securityintelligenceurlpolicies": [
    { name: "NGFW-Default-Security-Intelligence-URL-Policy", whitelist: [] }
  ],
  "/policy/sslpolicies": [
    {
      name: "NGFW-Default-SSL-Policy",
      defaultAction: {
        policyAction: "DO_NOT_DECRYPT",
        eventLogAction: "LOG_NONE",
        type: "sslpolicydefaultaction"
      },
      undecryptableActions: {
        compressedSession: "INHERIT_DEFAULT_ACTION",
        decryptionErrors: "BLOCK",
        handShakeErrors: "INHERIT_DEFAULT_ACTION",
        sessionNotCached: "INHERIT_DEFAULT_ACTION",
        sslV2Session: "INHERIT_DEFAULT_ACTION",
        unknownCipherSuite: "INHERIT_DEFAULT_ACTION",
        unsupportedCipherSuite: "INHERIT_DEFAULT_ACTION",
        type: "sslundecryptableactions"
      }
    }
  ]
}

/** `nameless` are the models without a name. */
const nameless: ReadonlySet<string> = new Set(
  "AnyConnectVpnConnection Application AuditEntityChange AuditEvent BreakHAStatus CloudCommunicationSettings CloudConfig CloudManagement Continent Country ExportConfigJobHistory JobHistoryCloudManagement JobHistoryDeployment JobHistoryEntity JobHistoryGeolocation JobHistoryHaConfigSync JobHistorySruUpdate JobHistoryVDBUpdate JoinHAStatus License LicenseJobHistory ManagementIP NTP PostUpgradeFlags RestoreImmediate RolePermission ScheduleExportConfig ScheduleTroubleshoot SecurityIntelligenceUpdateFeedsImmediate SmartAgentConnection SmartAgentStatus SmartAgentSyncRequest TroubleshootJobHistory UpgradeFile WebAnalyticsSetting".split(
    " "
  )
)

const ordered = /(?:natrules|sslrules|identityrules)$/

/** `irregular` are the names of operations that are not those of their model. */
const irregular: Readonly<Record<string, string>> = {
  "/object/realms/{parentId}/trafficusers": "RealmTrafficUser",
  "/object/specialrealms/{parentId}/trafficusers": "SpecialRealmTrafficUser"
}

const kindOf = ([path, model, tag = model, needs = ""]: Row, verbs: Kind["verbs"]): Kind => ({
  path,
  type: model === "RolePermission" ? model : model.toLowerCase(),
  tag,
  model,
  verbs,
  operations: irregular[path],
  named: spaced,
  isUnnamed: true,
  isNameless: nameless.has(model),
  isDescribed: false,
  isOpen: true,
  isOrdered: ordered.test(path),
  fields: {
    ...Object.fromEntries(Object.entries(initial[path]?.[0] ?? {}).flatMap(shownField)),
    ...Object.fromEntries(needs.split(" ").flatMap(fieldOf))
  },
  initial: initial[path]
})

/** `shownField` gives a field of what is there at the start. */
const shownField = ([name, value]: readonly [string, unknown]): ReadonlyArray<[string, Field]> => {
  const type = Array.isArray(value) ? "[object]" : typeof value
  return name === "name" ? [] : [[name, anyValue(type)]]
}

const fieldOf = (need: string): ReadonlyArray<[string, Field]> => {
  const [name = "", type = "string"] = need.split(":")
  return name === "" ? [] : [[name, required(anyValue(type))]]
}

/** `listedKinds` are all of these kinds. What is written in them is kept as it was sent, unchecked. */
export const listedKinds: ReadonlyArray<Kind> = [
  ...read.map((row) => kindOf(row, [])),
  ...listOnly.map((row) => ({ ...kindOf(row, []), isListOnly: true })),
  ...changed.map((row) => kindOf(row, ["update"])),
  ...written.map((row) => kindOf(row, undefined))
]
