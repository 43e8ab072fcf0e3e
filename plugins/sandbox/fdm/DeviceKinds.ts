import {
  anyValue,
  type Field,
  flag,
  oneOf,
  reference,
  references,
  required,
  text,
  whole,
  withDefault
} from "./Field.ts"
import { type Kind, spaced } from "./Kind.ts"

const networkInterface = {
  hardwareName: text,
  monitorInterface: required(flag),
  ipv4: anyValue("object"),
  ipv6: anyValue("object"),
  managementOnly: withDefault(flag, false),
  linkState: oneOf("LinkState", "UP", "DOWN"),
  mtu: required(whole(64, 9198)),
  enabled: required(flag),
  macAddress: text,
  standbyMacAddress: text,
  managementInterface: flag
} satisfies Readonly<Record<string, Field>>

const portTypes = ["tcpportobject", "udpportobject", "portobjectgroup"]

/** `deviceKinds` are what the device has of its own: interfaces, routes and the access policy. */
export const deviceKinds: ReadonlyArray<Kind> = [
  {
    path: "/devices/default/interfaces",
    type: "physicalinterface",
    tag: "Interface",
    model: "PhysicalInterface",
    names: "interface",
    searched: ["hardwareName"],
    // One that is not in use has no name.
    named: /^[^\u0000-\u001f]{0,48}$/,
    isUnnamed: true,
    verbs: ["update"],
    fields: {
      ...networkInterface,
      mode: required(oneOf("InterfaceModeType", "PASSIVE", "ROUTED")),
      speedType: oneOf(
        "InterfaceSpeedType",
        "AUTO",
        "TEN",
        "HUNDRED",
        "THOUSAND",
        "TEN_THOUSAND",
        "NO_NEGOTIATE",
        "IGNORE"
      ),
      duplexType: oneOf("InterfaceDuplexType", "AUTO", "HALF", "FULL", "IGNORE")
    },
    initial: [
      ["outside", "GigabitEthernet0/0"],
      ["inside", "GigabitEthernet0/1"],
      ["", "GigabitEthernet0/2"]
    ].map(([name = "", hardwareName]) => ({
      name,
      hardwareName,
      mode: "ROUTED",
      enabled: name !== "",
      mtu: 1500,
      monitorInterface: name !== "",
      managementOnly: false,
      speedType: "AUTO",
      duplexType: "AUTO",
      linkState: name === "" ? "DOWN" : "UP"
    }))
  },
  {
    path: "/devices/default/interfaces/{parentId}/subinterfaces",
    type: "subinterface",
    tag: "Interface",
    model: "SubInterface",
    names: "interface",
    searched: ["hardwareName"],
    named: /^[^\u0000-\u001f]{0,48}$/,
    isUnnamed: true,
    fields: {
      ...networkInterface,
      subIntfId: required(whole(1, 4_294_967_295)),
      vlanId: whole(1, 4094)
    }
  },
  {
    path: "/devices/default/routing",
    type: "staticrouteentrycontainer",
    tag: "StaticRouteEntryContainer",
    model: "StaticRouteEntryContainer",
    verbs: [],
    isDescribed: false,
    fields: {},
    initial: [{ name: "StaticRouteEntryContainer" }]
  },
  {
    path: "/devices/default/routing/{parentId}/staticrouteentries",
    type: "staticrouteentry",
    tag: "StaticRouteEntry",
    model: "StaticRouteEntry",
    isUnnamed: true,
    isDescribed: false,
    named: spaced,
    fields: {
      iface: required(reference("physicalinterface", "subinterface")),
      networks: required(references("networkobject", "networkobjectgroup")),
      gateway: required(reference("networkobject")),
      metricValue: whole(1, 255),
      ipType: required(oneOf("StaticRouteEntry$IPType", "IPv4", "IPv6"))
    }
  },
  {
    path: "/policy/accesspolicies",
    type: "accesspolicy",
    tag: "AccessPolicy",
    model: "AccessPolicy",
    names: "access policy",
    named: spaced,
    verbs: ["update"],
    isDescribed: false,
    fields: {
      defaultAction: anyValue("AccessDefaultAction"),
      sslPolicy: anyValue("ReferenceModel"),
      identityPolicySetting: anyValue("ReferenceModel"),
      securityIntelligence: anyValue("ReferenceModel")
    },
    initial: [
      {
        name: "NGFW-Access-Policy",
        defaultAction: { action: "DENY", eventLogAction: "LOG_NONE", type: "accessdefaultaction" }
      }
    ]
  },
  {
    path: "/policy/accesspolicies/{parentId}/accessrules",
    type: "accessrule",
    tag: "AccessPolicy",
    model: "AccessRule",
    named: spaced,
    isDescribed: false,
    isOrdered: true,
    fields: {
      ruleId: whole(0, 4_294_967_295),
      sourceZones: withDefault(references("securityzone"), []),
      destinationZones: withDefault(references("securityzone"), []),
      sourceNetworks: withDefault(references("networkobject", "networkobjectgroup"), []),
      destinationNetworks: withDefault(references("networkobject", "networkobjectgroup"), []),
      sourcePorts: withDefault(references(...portTypes), []),
      destinationPorts: withDefault(references(...portTypes), []),
      ruleAction: withDefault(
        oneOf("AccessControlRuleBase$AcRuleAction", "PERMIT", "TRUST", "DENY"),
        "PERMIT"
      ),
      eventLogAction: withDefault(
        oneOf(
          "AccessControlRuleBase$EventLogAction",
          "LOG_FLOW_START",
          "LOG_FLOW_END",
          "LOG_BOTH",
          "LOG_NONE"
        ),
        "LOG_NONE"
      ),
      users: withDefault(anyValue("[ReferenceModel]"), []),
      embeddedAppFilter: anyValue("object"),
      urlFilter: anyValue("object"),
      intrusionPolicy: anyValue("ReferenceModel"),
      filePolicy: anyValue("ReferenceModel"),
      syslogServer: anyValue("ReferenceModel"),
      logFiles: withDefault(flag, false)
    }
  }
]
