import { jsonObject } from "../appliance/Call.ts"
import { withId } from "./DefaultActions.ts"
import { kind, single } from "./Define.ts"
import { targets } from "./DeviceKinds.ts"
import { anyValue, flag, oneOf, reference, required, struct, text, whole, withDefault } from "./Field.ts"
import type { Accepted, Fields } from "./Kind.ts"
import { autoNatRules, manualNatRules, natPolicies } from "./NatKinds.ts"
import { prefilterPolicies, prefilterRules } from "./PrefilterKinds.ts"

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
        return { value: withId({ ...given, ...logged, type: "AccessPolicyDefaultAction" }, id) }
      },
      want: "an object whose action is BLOCK, TRUST, PERMIT, NETWORK_DISCOVERY or INHERIT_FROM_PARENT"
    }),
    identityPolicySetting: anyValue,
    prefilterPolicySetting: reference("PrefilterPolicy"),
    securityIntelligence: anyValue
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
    routeBased: withDefault(flag, false),
    ikeV1Enabled: withDefault(flag, false),
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
  prefilterRules,
  intrusionPolicies,
  s2sVpns,
  assignments
}
