import { jsonObject } from "../appliance/Call.ts"
import { kind, rules } from "./Define.ts"
import { anyValue, type Field, flag, oneOf, reference, required, withDefault } from "./Field.ts"
import { type Accepted, type Fields, type Item, type Kind, within } from "./Kind.ts"
import * as Members from "./Members.ts"
import { refuse } from "./Replies.ts"

/** `ruleKind` gives the rules of one policy: a kind of its own, since their names are only theirs. */
export const ruleKind = (policy: Item): Kind => within(accessRules, policy.id)

const actions = [
  "ALLOW",
  "TRUST",
  "BLOCK",
  "MONITOR",
  "BLOCK_RESET",
  "BLOCK_INTERACTIVE",
  "BLOCK_RESET_INTERACTIVE"
]

const conditions = [
  ["sourceNetworks", Members.networks],
  ["destinationNetworks", Members.networks],
  ["sourcePorts", Members.ports],
  ["destinationPorts", Members.ports]
] as const

const usual = { enabled: true, sendEventsToFMC: false, logFiles: false, logBegin: false, logEnd: false }

/** `unread` are conditions and settings that the sandbox keeps without a look. */
const unread = [
  "applications",
  "destSGTTypes",
  "destinationDynamicObjects",
  "destinationSecurityGroupTags",
  "enableSyslog",
  "endPointDeviceTypes",
  "networkAccessDeviceIPs",
  "originalSourceNetworks",
  "safeSearch",
  "snmpConfig",
  "sourceDynamicObjects",
  "sourceSecurityGroupTags",
  "syslogConfig",
  "syslogSeverity",
  "timeRangeObjects",
  "urls",
  "users",
  "vlanTags",
  "youTube"
]

/** `condition` gives a condition that is read here, or kept as it is. */
const condition = (model: string): Field => ({ ...anyValue, schema: { $ref: `#/definitions/${model}` } })

/** `accessRules` lie inside their policy: in an order, so that their routes are in `Rules`. */
export const accessRules: Kind = {
  ...kind({
    path: "accessrules",
    inside: "policy/accesspolicies",
    type: "AccessRule",
    model: "AccessRule",
    verbs: rules,
    query: [],
    fields: {
      action: required(oneOf(...actions)),
      ...Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, withDefault(flag, value)])),
      sourceNetworks: condition("INetworkObjectsContainer"),
      destinationNetworks: condition("INetworkObjectsContainer"),
      sourcePorts: condition("IPortObjectsContainer"),
      destinationPorts: condition("IPortObjectsContainer"),
      sourceZones: condition("ISecurityZoneContainer"),
      destinationZones: condition("ISecurityZoneContainer"),
      ...Object.fromEntries(unread.map((name) => [name, anyValue])),
      ipsPolicy: reference(),
      filePolicy: reference(),
      variableSet: reference()
    }
  }),
  accept: (given, context) => {
    const { action } = given
    if (typeof action !== "string" || !actions.includes(action)) {
      throw refuse(400, `Invalid action of ${given.name}: expected one of ${actions}.`, "VALIDATION")
    }
    const accepted = conditions.map(([name, read]): [string, Accepted] => {
      const condition = given[name] === undefined ? {} : jsonObject(given[name])
      if (condition === undefined) throw refuse(400, `Invalid ${name}: expected an object.`, "VALIDATION")
      return [name, read(condition, context)]
    })
    const used = accepted.filter(([, { fields }]) => Object.keys(fields).length > 0)
    return {
      fields: {
        ...switches(given),
        ...passed(given),
        ...Object.fromEntries(used.map(([name, { fields }]) => [name, fields]))
      },
      references: [...new Set(used.flatMap(([, { references }]) => references))]
    }
  }
}

const switches = (given: Fields): Fields =>
  Object.fromEntries(
    Object.entries(usual).map(([name, otherwise]) => {
      const value = given[name] ?? otherwise
      if (typeof value !== "boolean") throw refuse(400, `Invalid ${name}: expected a boolean.`, "VALIDATION")
      return [name, value]
    })
  )

/** `passed` is what the sandbox keeps without a look: zones, applications, URLs and the rest of a rule. */
const passed = (given: Fields): Fields => {
  const own: ReadonlyArray<string> = ["id", "name", "type", "links", "metadata", ...Object.keys(usual)]
  const read: ReadonlyArray<string> = conditions.map(([name]) => name)
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => !own.includes(name) && !read.includes(name))
  )
}
