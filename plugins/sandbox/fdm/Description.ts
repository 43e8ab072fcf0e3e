import type { Call, Route } from "../appliance/Call.ts"
import { definitions, reference } from "./Definitions.ts"
import type { Kind } from "./Kind.ts"

/** `Operation` is what can be done at a path, with the tag and the operation id that devices give it. */
interface Operation {
  readonly path: string
  readonly verb: "get" | "post" | "put" | "delete"
  readonly tag: string
  readonly id: string
  /** `takes` is the model of a JSON body, or a form with a file. */
  readonly takes?: string
  /** `gives` is what it answers: a model by name, a page of a list, a file, or nothing. */
  readonly gives: string | { readonly listOf: string } | "file" | "nothing"
}

/** `route` is `/apispec/ngfw.json`: Swagger 2.0, and all that this device can do. */
export const route = (kinds: ReadonlyArray<Kind>, apiVersions: ReadonlyArray<string>): Route => {
  const answer = () => ({ status: 200, body: description(kinds, apiVersions) })
  return { path: /^\/apispec\/ngfw\.json$/, verbs: { GET: answer } }
}

const description = (kinds: ReadonlyArray<Kind>, apiVersions: ReadonlyArray<string>) => {
  const all = [...kinds.flatMap(ofKind), ...others]
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.verb]: described(operation) }
  }
  return {
    swagger: "2.0",
    info: { title: "Sallyport Sandbox REST API", version: "1.0.0" },
    basePath: `/api/fdm/${newest(apiVersions)}`,
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    tags: [...new Set(all.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths,
    definitions: definitions(kinds)
  }
}

/** `operationOf` gives the name of a request's operation, where it has one. */
export const operationOf = (kinds: ReadonlyArray<Kind>) => {
  let matchers: ReadonlyArray<Matcher> | undefined
  return ({ method, path }: Call): string | undefined => {
    const verb = method === "HEAD" ? "get" : method.toLowerCase()
    matchers ??= [...kinds.flatMap(ofKind), ...others].map(matcherOf)
    return matchers.find((one) => one.operation.verb === verb && one.path.test(path))?.operation.id
  }
}

interface Matcher {
  readonly operation: Operation
  readonly path: RegExp
}

const matcherOf = (operation: Operation): Matcher => ({
  operation,
  path: new RegExp(`^/api/fdm/[^/]+${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`)
})

const ofKind = (kind: Kind): ReadonlyArray<Operation> => {
  const { path: all, tag, model, operations = model, verbs } = kind
  const one = `${all}/{objId}`
  const gives = `${model}Wrapper`
  const has = { create: true, update: true, delete: true }
  for (const verb of ["create", "update", "delete"] as const) has[verb] = verbs?.includes(verb) ?? true
  return [
    { path: all, verb: "get", tag, id: `get${operations}List`, gives: { listOf: model } },
    ...some(has.create, { path: all, verb: "post", tag, id: `add${model}`, takes: model, gives }),
    ...some(!kind.isListOnly, { path: one, verb: "get", tag, id: `get${operations}`, gives }),
    ...some(has.update, { path: one, verb: "put", tag, id: `edit${model}`, takes: model, gives }),
    ...some(has.delete, { path: one, verb: "delete", tag, id: `delete${model}`, gives: "nothing" })
  ]
}

const some = (isThere: boolean, operation: Operation): ReadonlyArray<Operation> =>
  isThere ? [operation] : []

const list = (path: string, tag: string, model: string): Operation => ({
  path,
  verb: "get",
  tag,
  id: `get${model}List`,
  gives: { listOf: model }
})

const one = (path: string, tag: string, model: string): Operation => ({
  path: `${path}/{objId}`,
  verb: "get",
  tag,
  id: `get${model}`,
  gives: `${model}Wrapper`
})

const removal = (path: string, tag: string, model: string): Operation => ({
  path: `${path}/{objId}`,
  verb: "delete",
  tag,
  id: `delete${model}`,
  gives: "nothing"
})

const added = (path: string, tag: string, model: string, takes: { readonly takes?: string }): Operation => ({
  path,
  verb: "post",
  tag,
  id: `add${model}`,
  ...takes,
  gives: `${model}Wrapper`
})

const form = "form"

const sent = (name: string): Operation => ({
  path: `/action/${name}`,
  verb: "post",
  tag: "Upload",
  id: `post${name}`,
  takes: form,
  gives: "FileUploadStatusWrapper"
})

const fetched = (name: string): Operation => ({
  path: `/action/${name}/{objId}`,
  verb: "get",
  tag: "Download",
  id: `get${name}`,
  gives: "file"
})

const others: ReadonlyArray<Operation> = [
  {
    path: "/fdm/token",
    verb: "post",
    tag: "Token",
    id: "token",
    takes: "TokenPayloadUnion",
    gives: "TokenResponseUnion"
  },
  one("/operational/systeminfo", "SystemInformation", "SystemInformation"),
  list("/operational/pendingchanges", "BaseEntityDiff", "BaseEntityDiff"),
  // The names of this one are irregular on devices too.
  { ...list("/operational/deploy", "Deployment", "DeploymentStatus"), id: "getDeploymentList" },
  { ...added("/operational/deploy", "Deployment", "DeploymentStatus", {}), id: "addDeployment" },
  { ...one("/operational/deploy", "Deployment", "DeploymentStatus"), id: "getDeployment" },
  list("/action/activeusersessions", "ActiveUserSessions", "ActiveUserSessions"),
  one("/action/activeusersessions", "ActiveUserSessions", "ActiveUserSessions"),
  removal("/action/activeusersessions", "ActiveUserSessions", "ActiveUserSessions"),
  one("/devices/default/operational/ha/status", "HAStatus", "HAStatus"),
  list("/devices/default/action/provision", "UnlockBox", "InitialProvision"),
  added("/devices/default/action/provision", "UnlockBox", "InitialProvision", { takes: "InitialProvision" }),
  one("/devices/default/action/provision", "InitialProvision", "InitialProvision"),
  list("/object/users", "User", "User"),
  one("/object/users", "User", "User"),
  {
    path: "/object/users/{objId}",
    verb: "put",
    tag: "User",
    id: "editUser",
    takes: "User",
    gives: "UserWrapper"
  },
  sent("uploaddiskfile"),
  sent("uploadbackup"),
  fetched("downloaddiskfile"),
  fetched("downloadbackup"),
  list("/action/backup", "BackupImmediate", "BackupImmediate"),
  added("/action/backup", "BackupImmediate", "BackupImmediate", { takes: "BackupImmediate" }),
  one("/action/backup", "BackupImmediate", "BackupImmediate"),
  list("/jobs/deployments", "Job", "JobHistoryDeployment"),
  one("/jobs/deployments", "Job", "JobHistoryDeployment"),
  list("/jobs/backups", "Job", "JobHistoryBackup"),
  one("/jobs/backups", "Job", "JobHistoryBackup"),
  ...["Join", "Break"].map((name) =>
    list(`/devices/default/action/ha/${name.toLowerCase()}`, `${name}HAStatus`, `${name}HAStatus`)
  ),
  list("/managedentity/archivedbackups", "ArchivedBackup", "ArchivedBackup"),
  one("/managedentity/archivedbackups", "ArchivedBackup", "ArchivedBackup"),
  removal("/managedentity/archivedbackups", "ArchivedBackup", "ArchivedBackup"),
  // Behind the lists of jobs of one kind, whose names look like ids.
  list("/jobs", "Job", "JobHistoryEntity"),
  one("/jobs", "Job", "JobHistoryEntity")
]

const described = (operation: Operation) => {
  const { path, tag, id, takes, gives } = operation
  return {
    tags: [tag],
    operationId: id,
    ...(takes === form && { consumes: ["multipart/form-data"] }),
    ...(gives === "file" && { produces: ["application/octet-stream"] }),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        type: "string"
      })),
      ...(typeof gives === "string" ? [] : paging),
      ...parametersFor(takes)
    ],
    responses: { ...success(gives), ...refusals(operation) }
  }
}

const paging = [
  { name: "offset", in: "query", required: false, type: "integer" },
  { name: "limit", in: "query", required: false, type: "integer" },
  { name: "sort", in: "query", required: false, type: "string" },
  { name: "filter", in: "query", required: false, type: "string" }
]

const parametersFor = (takes: string | undefined) => {
  if (takes === undefined) return []
  return takes === form
    ? [{ name: "fileToUpload", in: "formData", required: true, type: "file" }]
    : [{ name: "body", in: "body", required: true, schema: reference(takes) }]
}

const success = (gives: Operation["gives"]) => {
  if (gives === "nothing") return { 204: { description: "" } }
  if (gives === "file") return { 200: { description: "", schema: { type: "file" } } }
  if (typeof gives === "string") return { 200: { description: "", schema: reference(gives) } }
  const properties = {
    items: { type: "array", items: reference(`${gives.listOf}Wrapper`) },
    paging: reference("Paging")
  }
  const schema = { type: "object", title: `${gives.listOf}List`, required: ["items", "paging"], properties }
  return { 200: { description: "", schema } }
}

const refusals = ({ path, verb }: Operation) => {
  if (path === "/fdm/token") return { 400: { description: "", schema: reference("TokenStatus") } }
  const refused = { description: "", schema: reference("ErrorWrapper") }
  // Only what reads one object declares a 404.
  if (verb === "get") return path.endsWith("{objId}") ? { 404: refused } : {}
  return { 422: refused }
}

/** `newest` compares versions as numbers; it is `latest` where there is no other. */
const newest = (apiVersions: ReadonlyArray<string>): string => {
  const numbers = apiVersions.flatMap((version) => /^v(\d+)$/.exec(version)?.[1] ?? []).map(Number)
  return numbers.length === 0 ? "latest" : `v${Math.max(...numbers)}`
}
