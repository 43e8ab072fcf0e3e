import type { Call, Route } from "../appliance/Call.ts"
import { plain } from "./Catalogue.ts"
import { type Schema, schemaOf } from "./Field.ts"
import type { Kind } from "./Kind.ts"
import { models } from "./Models.ts"
import { type Operation, operations } from "./Operations.ts"
import { accessRules } from "./RuleKind.ts"

/** `route` is `/api/api-explorer/fmc.json`: Swagger 2.0, and all that this management centre can do. */
export const route: Route = {
  path: /^\/api\/api-explorer\/fmc\.json$/,
  verbs: { GET: () => ({ status: 200, body: description() }) }
}

/** `operationOf` gives the name of a request's operation, where it has one. */
export const operationOf = ({ method, path }: Pick<Call, "method" | "path">): string | undefined => {
  const verb = method === "HEAD" ? "get" : method.toLowerCase()
  return matchers.find((one) => one.operation.verb === verb && one.path.test(path))?.operation.id
}

const matchers = operations.map((operation) => ({
  operation,
  path: new RegExp(`^${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`)
}))

const description = () => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.verb]: described(operation) }
  }
  return {
    swagger: "2.0",
    info: { title: "Sallyport Sandbox Open API Specification", version: "1.0.0" },
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    paths,
    definitions: complete({ ...Object.fromEntries([...plain, accessRules].map(modelOf)), ...models }),
    parameters
  }
}

// Named once and referred to, as in the document.
const parameters = {
  domainUUID: { name: "domainUUID", in: "path", description: "Domain UUID", required: true, type: "string" },
  offset: { name: "offset", in: "query", required: false, type: "integer" },
  limit: { name: "limit", in: "query", required: false, type: "integer" },
  expanded: { name: "expanded", in: "query", required: false, type: "boolean" }
}

const described = ({ gives, id, path, query = [], tag, takes, verb }: Operation) => {
  const isList = typeof gives !== "string"
  const answered = { description: "OK", schema: reference(isList ? `${gives.listOf}ListContainer` : gives) }
  return {
    tags: [tag],
    operationId: id,
    parameters: [
      ...query.map(queried),
      ...(takes === undefined
        ? []
        : [{ in: "body", name: "body", required: true, schema: reference(takes) }]),
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => placed(name ?? "")),
      ...(isList ? ["offset", "limit", "expanded"].map((name) => ({ $ref: `#/parameters/${name}` })) : [])
    ],
    responses: {
      [verb === "post" ? (id === "createDeploymentRequest" ? 202 : 201) : 200]: answered,
      default: { description: "Error", schema: reference("ErrorResponse") }
    }
  }
}

const queried = (given: string) => {
  const name = given.replace("!", "")
  return { name, in: "query", required: given !== name, type: name === "bulk" ? "boolean" : "string" }
}

const placed = (name: string) =>
  name === "domainUUID"
    ? { $ref: "#/parameters/domainUUID" }
    : { name, in: "path", required: true, type: "string" }

const reference = (name: string): Schema => ({ $ref: `#/definitions/${name}` })

const text = { type: "string" }

const modelOf = ({ fields, model }: Kind): [string, Schema] => {
  const own = schemaOf(fields)
  const common = {
    id: text,
    name: text,
    type: text,
    links: reference("ILinks"),
    metadata: reference("IMetadata")
  }
  return [model, { ...own, properties: { ...common, ...(own.properties as object) } }]
}

/**
 * `complete` adds the lists of the models, and whatever is referred to and named nowhere else: something with an id.
 */
const complete = (given: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> => {
  const lists = operations.flatMap(({ gives }): ReadonlyArray<[string, Schema]> => {
    if (typeof gives === "string") return []
    const properties = {
      links: reference("ILinks"),
      paging: reference("PagingContainer"),
      items: { type: "array", items: reference(gives.listOf) }
    }
    return [[`${gives.listOf}ListContainer`, { type: "object", properties }]]
  })
  const all = { ...given, ...Object.fromEntries(lists) }
  const named = [...JSON.stringify(all).matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name ?? "")
  const missing = [...named, ...operations.map(({ gives }) => gives).filter((one) => typeof one === "string")]
  const something = { type: "object", properties: { id: text, name: text, type: text } }
  return {
    ...Object.fromEntries(missing.map((name) => [name, something])),
    ...all
  }
}
