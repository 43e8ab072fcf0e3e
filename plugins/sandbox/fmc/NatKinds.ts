import { kind, single } from "./Define.ts"
import { type Field, flag, oneOf, reference, required, struct, whole, withDefault } from "./Field.ts"
import type { Context, Fields } from "./Kind.ts"
import { refuse } from "./Replies.ts"

export const natPolicies = kind({
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

export const autoNatRules = kind({
  path: "autonatrules",
  inside: "policy/ftdnatpolicies",
  type: "FTDAutoNatRule",
  model: "FTDAutoNatRule",
  isNamed: false,
  parent: "policy/ftdnatpolicies/{}/natrules",
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

export const manualNatRules = kind({
  path: "manualnatrules",
  inside: "policy/ftdnatpolicies",
  type: "FTDManualNatRule",
  model: "FTDManualNatRule",
  isNamed: false,
  parent: "policy/ftdnatpolicies/{}/natrules",
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
  order: {
    parameters: [],
    // Those before the automatic rules, then those after them; the index counts from 1 in each (FMC OpenAPI,
    // getFTDManualNatRule, example 3).
    place: (wanted, others) => {
      const before = others.filter(({ fields }) => !isAfterAuto(fields)).length
      const [first, last] = isAfterAuto(wanted) ? [before, others.length] : [0, before]
      const index = whole(1, 1_000_000).read(wanted.targetIndex ?? last - first + 1, nothing)?.value
      if (typeof index === "number") return Math.min(first + index - 1, last)
      throw refuse(400, "Invalid targetIndex: expected a whole number from 1.", "VALIDATION")
    }
  },
  metadata: (fields) => ({ section: isAfterAuto(fields) ? "AFTER_AUTO" : "BEFORE_AUTO" })
})

const isAfterAuto = ({ section }: Fields): boolean => String(section).toLowerCase() === "after_auto"

const nothing: Context = { id: "", find: () => undefined }
