import { overridden, plain, unions } from "./Catalogue.ts"
import { emptyLists, wholePath } from "./EmptyLists.ts"
import type { Kind } from "./Kind.ts"
import { settings } from "./PolicySettings.ts"
import { accessRules } from "./RuleKind.ts"

/** `Operation` is what can be done at a path, by the name and the tag that the FMC OpenAPI document gives it. */
export interface Operation {
  /** `path` is a template: `/api/fmc_config/v1/domain/{domainUUID}/object/hosts/{objectId}`. */
  readonly path: string
  readonly verb: "get" | "post" | "put" | "delete"
  readonly id: string
  readonly tag: string
  /**
   * `query` names the parameters of its query, beside those of every list; `!` stands behind one that has to be given.
   */
  readonly query?: ReadonlyArray<string> | undefined
  readonly takes?: string | undefined
  readonly gives: string | { readonly listOf: string }
}

const domain = "/api/fmc_config/v1/domain/{domainUUID}"

/** `ofKind` gives the operations of a kind, which follow from its data. */
const ofKind = (kind: Kind): ReadonlyArray<Operation> => {
  const { model, tag, verbs } = kind
  const all = `${domain}/${insidePath(kind)}`
  const one = `${all}/{objectId}`
  const inBulk = verbs.includes("createMany")
  return [
    { path: all, verb: "get", tag, id: `getAll${model}`, query: kind.query, gives: { listOf: model } },
    ...some(verbs.includes("create"), {
      path: all,
      verb: "post",
      tag,
      id: `create${inBulk ? "Multiple" : ""}${model}`,
      query: [...(inBulk ? ["bulk"] : []), ...(kind.creation ?? []), ...(kind.order?.parameters ?? [])],
      takes: model,
      gives: model
    }),
    ...some(verbs.includes("updateMany"), {
      path: all,
      verb: "put",
      tag,
      id: `updateMultiple${model}`,
      query: ["bulk!"],
      takes: model,
      gives: model
    }),
    ...some(verbs.includes("deleteMany"), {
      path: all,
      verb: "delete",
      tag,
      id: `deleteMultiple${model}`,
      query: ["filter", "bulk!"],
      gives: model
    }),
    { path: one, verb: "get", tag, id: `get${model}`, gives: model },
    ...some(verbs.includes("update"), {
      path: one,
      verb: "put",
      tag,
      id: `update${model}`,
      query: kind.creation,
      takes: model,
      gives: model
    }),
    ...some(verbs.includes("delete"), { path: one, verb: "delete", tag, id: `delete${model}`, gives: model })
  ]
}

/** `insidePath` gives the template of a path behind the domain, with the names that the document gives to the holders. */
const insidePath = ({ inside, path }: Pick<Kind, "inside" | "path">): string => {
  if (inside === undefined) return path
  const holder = inside.endsWith("/virtualrouters") ? "virtualrouterUUID" : "containerUUID"
  return `${inside}/{${holder}}/${path}`
}

const some = (has: boolean, operation: Operation): ReadonlyArray<Operation> => (has ? [operation] : [])

const get = (
  path: string,
  tag: string,
  id: string,
  gives: Operation["gives"],
  query: ReadonlyArray<string> = []
) => ({ path, verb: "get", tag, id, query, gives }) as const

const lists = (path: string, tag: string, model: string): ReadonlyArray<Operation> => [
  get(`${domain}/${path}`, tag, `getAll${model}`, { listOf: model }),
  get(`${domain}/${path}/{objectId}`, tag, `get${model}`, model)
]

const defaultActions = (policies: string, model: string): ReadonlyArray<Operation> => {
  const path = `${domain}/policy/${policies}/{containerUUID}/defaultactions`
  const one = { path: `${path}/{objectId}`, tag: "Policy", gives: model }
  return [
    get(path, "Policy", `getAll${model}`, { listOf: model }),
    { ...one, verb: "get", id: `get${model}` },
    { ...one, verb: "put", id: `update${model}`, takes: model }
  ]
}

const overridesOf = ({ path, tag, type }: Kind): Operation =>
  get(`${domain}/${path}/{containerUUID}/overrides`, tag, `getAll${type}Override`, {
    listOf: `${type}Override`
  })

const unionTag = (inside: string | undefined): string =>
  inside === undefined ? "Object" : inside.startsWith("devices/") ? "Devices" : "Policy"

const categories = `${domain}/policy/accesspolicies/{containerUUID}/categories`
const hits = `${domain}/policy/accesspolicies/{containerUUID}/operational/hitcounts`
const mappings = `${domain}/object/dynamicobjects/{objectId}/mappings`
const deployment = `${domain}/deployment`

/** `others` are those that do not follow from a kind alone. */
const others: ReadonlyArray<Operation> = [
  ...unions.map((union) =>
    get(
      `${domain}/${insidePath(union)}`,
      unionTag(union.inside),
      union.id,
      { listOf: union.model },
      union.query
    )
  ),
  ...emptyLists.map(([path, id, tag, model, ...query]) =>
    get(wholePath(path), tag, id, { listOf: model }, query)
  ),
  ...settings.flatMap(({ model, of, path }): ReadonlyArray<Operation> => {
    const all = `${domain}/${of.path}/{containerUUID}/${path}`
    const one = { path: `${all}/{objectId}`, tag: of.tag, gives: model }
    return [
      get(all, of.tag, `getAll${model}`, { listOf: model }),
      { ...one, verb: "get", id: `get${model}` },
      { ...one, verb: "put", id: `update${model}`, takes: model }
    ]
  }),
  get(mappings, "Object", "getDynamicObjectMappings", { listOf: "DynamicObjectMappings" }),
  {
    path: mappings,
    verb: "put",
    tag: "Object",
    id: "updateDynamicObjectMappings",
    query: ["action"],
    takes: "DynamicObjectMappings",
    gives: "DynamicObjectMappings"
  },
  get(categories, "Policy", "getAllAccessPolicyCategory", { listOf: "AccessPolicyCategory" }),
  {
    path: categories,
    verb: "post",
    tag: "Policy",
    id: "createAccessPolicyCategory",
    query: ["section"],
    takes: "AccessPolicyCategory",
    gives: "AccessPolicyCategory"
  },
  get(`${categories}/{objectId}`, "Policy", "getAccessPolicyCategory", "AccessPolicyCategory"),
  {
    path: `${categories}/{objectId}`,
    verb: "put",
    tag: "Policy",
    id: "updateAccessPolicyCategory",
    takes: "AccessPolicyCategory",
    gives: "AccessPolicyCategory"
  },
  {
    path: `${categories}/{objectId}`,
    verb: "delete",
    tag: "Policy",
    id: "deleteAccessPolicyCategory",
    gives: "AccessPolicyCategory"
  },
  ...defaultActions("accesspolicies", "DefaultAction"),
  ...defaultActions("prefilterpolicies", "PrefilterDefaultAction"),
  get(hits, "Policy", "getHitCount", { listOf: "HitCount" }, ["filter!"]),
  { path: hits, verb: "put", tag: "Policy", id: "updateHitCount", query: ["filter!"], gives: "HitCount" },
  { path: hits, verb: "delete", tag: "Policy", id: "deleteHitCount", query: ["filter!"], gives: "HitCount" },
  ...lists("devices/devicerecords", "Devices", "Device"),
  ...lists("devicehapairs/ftddevicehapairs", "Device HA Pairs", "FTDHADeviceContainer"),
  ...lists("deviceclusters/ftddevicecluster", "Device Clusters", "FTDClusterDeviceContainer"),
  get(`${deployment}/deployabledevices`, "Deployment", "getDeployableDevice", { listOf: "DeployableDevice" }),
  get(`${deployment}/deployabledevices/{containerUUID}/pendingchanges`, "Deployment", "getPendingChanges", {
    listOf: "PendingChanges"
  }),
  {
    path: `${deployment}/deploymentrequests`,
    verb: "post",
    tag: "Deployment",
    id: "createDeploymentRequest",
    takes: "DeploymentRequest",
    gives: "DeploymentRequest"
  },
  get(`${deployment}/jobhistories`, "Deployment", "getJobHistory", { listOf: "JobHistory" }),
  get(`${domain}/job/taskstatuses/{objectId}`, "Status", "getTaskStatus", "TaskStatus"),
  get(`${domain}/integration/fmchastatuses`, "Integration", "getFMCHAStatus", { listOf: "FMCHAStatus" }),
  get("/api/fmc_platform/v1/info/serverversion", "System Information", "getAllServerVersion", {
    listOf: "ServerVersion"
  }),
  get("/api/fmc_platform/v1/info/domain", "System Information", "getAllDomain", { listOf: "Domain" }),
  get("/api/fmc_platform/v1/domain/{domainUUID}/audit/auditrecords", "Audit", "getAllAuditModel", {
    listOf: "AuditModel"
  }),
  get(
    "/api/fmc_platform/v1/domain/{domainUUID}/audit/auditrecords/{objectId}",
    "Audit",
    "getAuditModel",
    "AuditModel"
  )
]

/** `irregular` are those that the document names in another way than their like. */
const irregular: Readonly<Record<string, Partial<Operation>>> = {
  createMultipleVpnEndpoint: { id: "createVpnEndpoint", query: [] },
  getAllVlanTagOverride: { id: "getAllVlanOverride", gives: { listOf: "VlanOverride" } },
  updateAccessRule: { query: [] }
}

/**
 * `operations` are all that the sandbox can do, in the order of the document: each path once, with all of its verbs.
 */
export const operations: ReadonlyArray<Operation> = [
  ...plain.flatMap(ofKind),
  ...ofKind({ ...accessRules, creation: ["insertAfter", "insertBefore", "section", "category"] }),
  ...overridden.map(overridesOf),
  ...others
].map((operation) => ({ ...operation, ...irregular[operation.id] }))
