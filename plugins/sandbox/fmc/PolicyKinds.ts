import { jsonObject } from "../appliance/Call.ts"
import { kind, single } from "./Define.ts"
import { targets } from "./DeviceKinds.ts"
import { uuidOf } from "./Domains.ts"
import {
  anyValue,
  type Field,
  flag,
  oneOf,
  reference,
  required,
  struct,
  text,
  whole,
  withDefault
} from "./Field.ts"
import type { Accepted, Fields } from "./Kind.ts"
import { refuse } from "./Replies.ts"

const defaultActions = ["BLOCK", "TRUST", "PERMIT", "NETWORK_DISCOVERY", "INHERIT_FROM_PARENT"]

const accessPolicies = kind({
  path: "policy/accesspolicies",
  type: "AccessPolicy",
  model: "AccessPolicy",
  verbs: single,
  query: ["name"],
  fields: {
    defaultAction: required({
      ...struct({
        action: required(oneOf(...defaultActions))
      }),
      schema: { $ref: "#/definitions/IAccessPolicyDefaultAction" },
      read: (value, { id }) => {
        const given = jsonObject(value)
        if (typeof given?.action !== "string" || !defaultActions.includes(given.action)) return undefined
        const logged = { logBegin: given.logBegin === true, logEnd: given.logEnd === true }
        const own = { id: uuidOf(`default action ${id}`), type: "AccessPolicyDefaultAction" }
        return { value: { ...given, ...logged, ...own } }
      },
      want: "an object whose action is BLOCK, TRUST, PERMIT, NETWORK_DISCOVERY or INHERIT_FROM_PARENT"
    })
  }
})

const natPolicies = kind({
  path: "policy/ftdnatpolicies",
  type: "FTDNatPolicy",
  model: "FTDNatPolicy",
  verbs: single,
  fields: {}
})

const network = reference("Host", "Network", "Range", "FQDN", "NetworkGroup")
const port = reference("ProtocolPortObject", "PortObjectGroup")
const off = withDefault(flag, false)

const nat = {
  natType: required(oneOf("STATIC", "DYNAMIC")),
  sourceInterface: reference("SecurityZone", "InterfaceGroup"),
  destinationInterface: reference("SecurityZone", "InterfaceGroup"),
  patOptions: struct({
    patPoolAddress: network,
    interfacePat: flag,
    includeReserve: flag,
    roundRobin: flag,
    extendedPat: flag,
    flatPortRange: flag,
    blockAllocation: flag
  }),
  interfaceIpv6: off,
  fallThrough: off,
  dns: off,
  routeLookup: off,
  noProxyArp: off,
  netToNet: off
}

/** `described` marks what the document calls required, and its own examples of PAT leave out. */
const described = (field: Field): Field => ({ ...field, isRequired: "described" })

const autoNatRules = kind({
  path: "autonatrules",
  inside: "policy/ftdnatpolicies",
  type: "FTDAutoNatRule",
  model: "FTDAutoNatRule",
  isNamed: false,
  verbs: ["create", "createMany", "update", "delete"],
  fields: {
    ...nat,
    originalNetwork: required(network),
    translatedNetwork: described(network),
    interfaceInTranslatedNetwork: off,
    serviceProtocol: oneOf("TCP", "UDP"),
    originalPort: whole(1, 65_535),
    translatedPort: whole(1, 65_535)
  },
  metadata: () => ({ section: "AUTO" }),
  check: (accepted) => {
    const { interfaceInTranslatedNetwork, patOptions, translatedNetwork } = accepted.fields
    if (translatedNetwork ?? patOptions ?? (interfaceInTranslatedNetwork === true || undefined))
      return accepted
    throw refuse(400, "Invalid translatedNetwork: expected an existing network.", "VALIDATION")
  }
})

const manualNatRules = kind({
  path: "manualnatrules",
  inside: "policy/ftdnatpolicies",
  type: "FTDManualNatRule",
  model: "FTDManualNatRule",
  isNamed: false,
  verbs: ["create", "createMany", "update", "delete"],
  fields: {
    ...nat,
    enabled: withDefault(flag, true),
    unidirectional: off,
    originalSource: required(network),
    originalDestination: network,
    translatedSource: network,
    translatedDestination: network,
    originalSourcePort: port,
    originalDestinationPort: port,
    translatedSourcePort: port,
    translatedDestinationPort: port,
    interfaceInOriginalDestination: off,
    interfaceInTranslatedSource: off
  },
  creation: ["section", "targetIndex"],
  metadata: ({ section }) => ({ section: section === "after_auto" ? "AFTER_AUTO" : "BEFORE_AUTO" })
})

const prefilterPolicies = kind({
  path: "policy/prefilterpolicies",
  type: "PrefilterPolicy",
  model: "PrefilterPolicy",
  verbs: single,
  fields: {
    defaultAction: withDefault(
      struct({
        action: required(oneOf("BLOCK_TUNNELS", "ANALYZE_TUNNELS")),
        logBegin: off,
        logEnd: off,
        sendEventsToFMC: off,
        type: withDefault(text, "PrefilterPolicyDefaultAction"),
        syslogConfig: anyValue,
        snmpConfig: anyValue
      }),
      { action: "ANALYZE_TUNNELS", type: "PrefilterPolicyDefaultAction", logBegin: false, logEnd: false }
    )
  }
})

const intrusionPolicies = kind({
  path: "policy/intrusionpolicies",
  type: "IntrusionPolicy",
  model: "IntrusionPolicy",
  verbs: single,
  fields: {
    basePolicy: reference("IntrusionPolicy"),
    inspectionMode: withDefault(oneOf("PREVENTION", "DETECTION"), "PREVENTION"),
    snortEngine: oneOf("SNORT2", "SNORT3"),
    inlineDrop: whole(0, 1),
    isSystemDefined: flag
  }
})

const s2sVpns = kind({
  path: "policy/ftds2svpns",
  type: "FTDS2SVpn",
  model: "FTDS2SVpnModel",
  verbs: single,
  fields: {
    topologyType: withDefault(text, "POINT_TO_POINT"),
    routeBased: off,
    ikeV1Enabled: off,
    ikeV2Enabled: withDefault(flag, true),
    endpoints: anyValue,
    ikeSettings: anyValue,
    ipsecSettings: anyValue,
    advancedSettings: anyValue
  }
})

/** `assignments` say which policy is on which devices: one of these for each policy, of whose id and name it is. */
const assignments = kind({
  path: "assignment/policyassignments",
  type: "PolicyAssignment",
  model: "PolicyAssignment",
  isNamed: false,
  verbs: ["create", "update"],
  fields: {
    policy: required(reference("AccessPolicy", "FTDNatPolicy", "PrefilterPolicy")),
    targets: required({
      schema: { type: "array", items: { $ref: "#/definitions/ITarget" } },
      want: "a list of devices, pairs, clusters or groups of them",
      read: (value, context) => targets.read(value, context)
    })
  },
  idOf: ({ policy }) => jsonObject(policy)?.id,
  check: (accepted): Accepted => ({ ...accepted, name: String(policyOf(accepted.fields).name) })
})

const policyOf = ({ policy }: Fields): Fields => jsonObject(policy) ?? {}

/**
 * `policies` are the kinds of policies and of what stands in them; access rules have an order, and a file of their own.
 */
export const policies = {
  accessPolicies,
  natPolicies,
  autoNatRules,
  manualNatRules,
  prefilterPolicies,
  intrusionPolicies,
  s2sVpns,
  assignments
}
