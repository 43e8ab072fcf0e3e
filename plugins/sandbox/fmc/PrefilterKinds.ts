import { withId } from "./DefaultActions.ts"
import { kind, rules, single } from "./Define.ts"
import { anyValue, flag, listOf, oneOf, reference, required, struct, text, withDefault } from "./Field.ts"
import * as Members from "./Members.ts"
import { refuse } from "./Replies.ts"

const off = withDefault(flag, false)

export const prefilterPolicies = kind({
  path: "policy/prefilterpolicies",
  type: "PrefilterPolicy",
  model: "PrefilterPolicy",
  verbs: single,
  check: (accepted, { id }) => ({
    ...accepted,
    fields: { ...accepted.fields, defaultAction: withId(accepted.fields.defaultAction, id) }
  }),
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

/** `prefilterRules` have an order, and no sections. */
export const prefilterRules = kind({
  path: "prefilterrules",
  inside: "policy/prefilterpolicies",
  type: "PrefilterRule",
  model: "PrefilterRule",
  verbs: rules,
  query: ["ruleType"],
  isDescribed: false,
  fields: {
    action: required(oneOf("ANALYZE", "BLOCK", "FASTPATH")),
    ruleType: required(oneOf("PREFILTER", "TUNNEL")),
    enabled: withDefault(flag, true),
    bidirectional: off,
    logBegin: off,
    logEnd: off,
    sendEventsToFMC: off,
    enableSyslog: flag,
    syslogSeverity: oneOf("ALERT", "CRIT", "DEBUG", "EMERG", "ERR", "INFO", "NOTICE", "WARNING"),
    sourceNetworks: Members.condition("INetworkObjectsContainer", Members.networks),
    destinationNetworks: Members.condition("INetworkObjectsContainer", Members.networks),
    sourcePorts: Members.condition("IPortObjectsContainer", Members.ports),
    destinationPorts: Members.condition("IPortObjectsContainer", Members.ports),
    sourceInterfaces: anyValue,
    destinationInterfaces: anyValue,
    tunnelZone: anyValue,
    vlanTags: anyValue,
    encapsulationPorts: listOf(oneOf("GRE", "IP_IN_IP", "IPV6_IN_IP", "TEREDO")),
    timeRangeObjects: listOf(reference()),
    snmpConfig: reference(),
    syslogConfig: reference()
  },
  order: {
    parameters: ["insertAfter", "insertBefore"],
    place: ({ insertAfter, insertBefore }, others) => {
      // insertBefore goes before insertAfter (FMC OpenAPI, createMultiplePrefilterRule). Indices count from 1.
      const index = insertBefore ?? insertAfter
      if (index === undefined) return others.length
      if (!/^\d{1,6}$/.test(String(index)) || others[Number(index) - 1] === undefined) {
        throw refuse(400, `There is no rule with index ${index}.`, "VALIDATION")
      }
      return insertBefore === undefined ? Number(index) : Number(index) - 1
    }
  }
})
