import { ipType, isAddress, isNetwork, isRange } from "../AddressValue.ts"
import { jsonObject } from "../Call.ts"
import { refuse } from "./Answer.ts"
import { uuidOf } from "./Domains.ts"
import type { Context, Fields, Kind } from "./Kind.ts"
import * as Members from "./Members.ts"

/** Names of objects: letters, digits and a few signs. */
const plain = /^[\w.+ -]{1,64}$/
/** Names of policies and rules. */
export const free = /^[^\u0000-\u001f]{1,128}$/

const address = (path: string, type: string, fits: (text: string) => boolean, want: string): Kind => ({
  path: `object/${path}`,
  type,
  parent: "object/networkaddresses",
  names: "network",
  named: plain,
  accept: (given) => {
    const { name, value } = given
    if (typeof value !== "string" || !fits(value)) {
      throw refuse(400, `Invalid value of ${name}: expected ${want}.`, "VALIDATION")
    }
    return { fields: { value, ...usual(given) }, references: [] }
  },
  value: ({ value }) => String(value),
  metadata: ({ value }) => ({ ipType: ipType(String(value)), parentType: "NetworkAddress" })
})

const hosts = address("hosts", "Host", isAddress, "an IPv4 or IPv6 address")
const networks = address("networks", "Network", isNetwork, "a network such as 10.0.0.0/8")
const ranges = address("ranges", "Range", isRange, "a range such as 10.0.0.1-10.0.0.9")

const networkGroups: Kind = {
  path: "object/networkgroups",
  type: "NetworkGroup",
  parent: "object/networkaddresses",
  names: "network",
  named: plain,
  accept: (given, context) => {
    const { fields, references } = Members.networks(given, context)
    if (references.some((id) => reaches(id, context))) {
      throw refuse(400, `The network group ${given.name} cannot contain itself.`, "VALIDATION")
    }
    return { fields: { ...usual(given), ...fields }, references }
  },
  value: ({ literals }) => JSON.stringify(literals ?? []),
  metadata: () => ({ parentType: "NetworkAddress" }),
  merge: (action, old, given) => {
    if (action !== "add" && action !== "remove") {
      throw refuse(400, "Invalid action: expected add or remove.", "VALIDATION")
    }
    return { ...old, ...Members.merged(action, old, given) }
  }
}

const ports: Kind = {
  path: "object/protocolportobjects",
  type: "ProtocolPortObject",
  parent: "object/ports",
  names: "port",
  named: plain,
  accept: (given) => {
    const { name, protocol, port } = given
    if (typeof protocol !== "string" || !/^(TCP|UDP|6|17)$/i.test(protocol)) {
      throw refuse(400, `Invalid protocol of ${name}: expected TCP or UDP.`, "VALIDATION")
    }
    if (typeof port !== "string" || !isPort(port)) {
      throw refuse(400, `Invalid port of ${name}: expected a port or a range of ports.`, "VALIDATION")
    }
    return { fields: { protocol: protocol.toUpperCase(), port, ...usual(given) }, references: [] }
  },
  value: ({ port }) => String(port)
}

const defaultActions = ["BLOCK", "TRUST", "PERMIT", "NETWORK_DISCOVERY", "INHERIT_FROM_PARENT"]

const accessPolicies: Kind = {
  path: "policy/accesspolicies",
  type: "AccessPolicy",
  names: "access policy",
  named: free,
  accept: ({ name, defaultAction, description }, { id }) => {
    const given = jsonObject(defaultAction)
    if (typeof given?.action !== "string" || !defaultActions.includes(given.action)) {
      throw refuse(400, `Invalid default action of ${name}: expected one of ${defaultActions}.`, "VALIDATION")
    }
    const logged = { logBegin: given.logBegin === true, logEnd: given.logEnd === true }
    const own = { id: uuidOf(`default action ${id}`), type: "AccessPolicyDefaultAction" }
    return {
      fields: {
        ...(typeof description === "string" && { description }),
        defaultAction: { ...given, ...logged, ...own }
      },
      references: []
    }
  }
}

/** The kinds that stand by themselves; rules belong to a policy, and have an order. */
export const kinds = { hosts, networks, ranges, networkGroups, ports, accessPolicies }

const usual = ({ description, overridable }: Fields): Fields => ({
  overridable: overridable === true,
  description: typeof description === "string" ? description : " "
})

/** Whether the group of the context would be found again behind this member. */
const reaches = (id: string, context: Context): boolean =>
  id === context.id || (context.find(id)?.references ?? []).some((next) => reaches(next, context))

const isPort = (text: string): boolean => {
  const [first = "", last = first, ...rest] = text.split("-")
  const whole = [first, last].every((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535)
  return whole && rest.length === 0 && Number(first) <= Number(last)
}
