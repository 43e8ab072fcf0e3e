import { type Field, flag, oneOf, required, type Schema, schemaOf, text, whole } from "./Field.ts"

const number = whole(0, Number.MAX_SAFE_INTEGER)

const ref = (name: string): Field => ({ ...text, schema: { $ref: `#/definitions/${name}` } })

const list = (items: Field): Field => ({ ...text, schema: { type: "array", items: items.schema } })

const thing = { id: text, name: text, type: text }

const shown = { ...thing, links: ref("ILinks"), metadata: ref("IMetadata") }

const members = { objects: list(ref("IReference")), literals: list(ref("INetworkAddressLiteral")) }

/** `models` are the models that are no kind: what the sandbox shows of them. */
export const models: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.entries({
    ILinks: { self: text, parent: text },
    IMetadata: { timestamp: number, lastUser: ref("IReference"), domain: ref("IReference") },
    IReference: thing,
    PagingContainer: { offset: number, limit: number, count: number, pages: number },
    ErrorMessagesContainer: { description: text },
    ErrorResponse: {
      category: oneOf("FRAMEWORK", "OTHER", "VALIDATION"),
      messages: list(ref("ErrorMessagesContainer")),
      severity: oneOf("ERROR", "WARN")
    },
    INetworkAddress: thing,
    INetworkAddressLiteral: { type: text, value: text },
    INetworkObjectsContainer: members,
    IPortObjectsContainer: { objects: list(ref("IReference")), literals: list(ref("IReference")) },
    ISecurityZoneContainer: { objects: list(ref("IReference")) },
    IUrlLiteral: { type: text, url: text },
    IHostObjectContainer: { object: ref("IReference"), literal: ref("INetworkAddressLiteral") },
    IAccessPolicyDefaultAction: {
      ...thing,
      action: oneOf("BLOCK", "TRUST", "PERMIT", "NETWORK_DISCOVERY", "INHERIT_FROM_PARENT"),
      logBegin: flag,
      logEnd: flag
    },
    NetworkAddress: { ...shown, value: text, overridable: flag, description: text },
    InterfaceObject: shown,
    PortObject: { ...shown, overridable: flag, description: text },
    DynamicObjectMappings: { id: text, type: text, mappings: list(text) },
    AccessPolicyCategory: shown,
    DefaultAction: {
      ...thing,
      action: required(oneOf("BLOCK", "TRUST", "PERMIT", "NETWORK_DISCOVERY", "INHERIT_FROM_PARENT")),
      description: text,
      intrusionPolicy: ref("IReference"),
      logBegin: flag,
      logEnd: flag,
      sendEventsToFMC: flag,
      snmpConfig: ref("IReference"),
      syslogConfig: ref("IReference"),
      variableSet: ref("IReference")
    },
    HitCount: {
      type: text,
      links: ref("ILinks"),
      metadata: ref("IMetadata"),
      rule: ref("IReference"),
      hitCount: number,
      firstHitTimeStamp: text,
      lastHitTimeStamp: text,
      lastFetchTimeStamp: text
    },
    PrefilterHitCount: { type: text, links: ref("ILinks"), metadata: ref("IMetadata") },
    Device: {
      ...shown,
      hostName: required(text),
      model: text,
      sw_version: text,
      ftdMode: oneOf("ROUTED", "TRANSPARENT"),
      healthStatus: text,
      accessPolicy: ref("IReference")
    },
    FTDHADeviceContainer: {
      ...shown,
      primary: required(ref("IReference")),
      secondary: required(ref("IReference"))
    },
    FTDClusterDeviceContainer: {
      ...shown,
      masterDevice: required(ref("IReference")),
      slaveDevices: required(list(ref("IReference")))
    },
    DeployableDevice: {
      ...thing,
      links: ref("ILinks"),
      version: text,
      upToDate: flag,
      canBeDeployed: flag,
      isDeploying: flag,
      trafficInterruption: oneOf("YES", "NO", "UNDETERMINED", "ERROR"),
      message: text,
      domain: ref("IReference"),
      device: ref("IReference"),
      deviceMembers: list(ref("IReference"))
    },
    PendingChanges: {
      entityUUID: text,
      entityName: text,
      entityType: text,
      action: text,
      lastUpdatedByUsers: list(text)
    },
    DeploymentRequest: {
      type: text,
      version: text,
      forceDeploy: flag,
      ignoreWarning: flag,
      deviceList: list(text),
      deploymentNote: text,
      metadata: ref("IMetadata")
    },
    JobHistory: {
      id: text,
      type: text,
      jobName: text,
      jobType: text,
      jobStatus: text,
      user: text,
      startTime: text,
      endTime: text,
      deploymentNote: text,
      deviceList: list(ref("IReference"))
    },
    TaskStatus: {
      ...thing,
      links: ref("ILinks"),
      taskType: text,
      status: text,
      message: text,
      subTasks: list(text)
    },
    FMCHAStatus: {
      id: text,
      type: text,
      overallStatus: text,
      syncStatus: text,
      haOpInProgress: flag,
      haStatusMessages: list(text),
      fmcPrimary: ref("IReference"),
      fmcSecondary: ref("IReference")
    },
    ServerVersion: {
      type: text,
      serverVersion: text,
      geoVersion: text,
      vdbVersion: text,
      sruVersion: text,
      lspVersion: text
    },
    Domain: { uuid: text, name: text, type: text },
    AuditModel: {
      id: text,
      type: text,
      links: ref("ILinks"),
      time: number,
      username: text,
      source: text,
      subSystem: text,
      message: text,
      domain: text
    }
  }).map(([name, fields]) => [name, schemaOf(fields)])
)
