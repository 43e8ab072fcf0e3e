import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Lenient } from "sallyport/plugin"
import * as Reference from "./Reference.ts"

/** `Operation` is what a device offers to do. */
export interface Operation {
  /** `tag` is the group of operations that it is in. */
  readonly tag: string
  /** `id` is the `operationId`. */
  readonly id: string
  /** `method` is in capital letters. */
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
  /** `path` begins below the document's `basePath`, with names of parameters in braces. */
  readonly path: string
  readonly summary: string | undefined
  readonly parameters: ReadonlyArray<Parameter>
}

/** `Parameter` is what a call can be given, as the device describes it. */
export interface Parameter {
  /** `name` is its name in a call. */
  readonly name: string
  /** `in` says how it travels. */
  readonly in: "path" | "query" | "header" | "formData" | "body"
  readonly required: boolean
  /** `type` is `string`, `integer`, `array`, `file` and so on; `undefined` for a body, whose `schema` says it. */
  readonly type: string | undefined
  readonly description: string | undefined
  /**
   * `schema` is as it stands in the document: for a body its schema, for others the parameter with `type`, `enum`,
   * `items`.
   */
  readonly schema: unknown
}

/** `Described` is an operation with what a call needs to know besides. */
export interface Described {
  readonly operation: Operation
  readonly isMultipart: boolean
  /** `responseSchema` is the schema of what comes back when all is well, as it stands in the document. */
  readonly responseSchema: unknown
}

const Head = Schema.Struct({
  operationId: Schema.NonEmptyString,
  tags: Lenient.field(Schema.NonEmptyArray(Schema.NonEmptyString)),
  summary: Lenient.field(Schema.String),
  consumes: Lenient.field(Schema.Array(Schema.String))
})

const Named = Schema.Struct({
  name: Schema.NonEmptyString,
  in: Schema.Literal("path", "query", "header", "formData", "body"),
  required: Lenient.field(Schema.Boolean),
  type: Lenient.field(Schema.String),
  description: Lenient.field(Schema.String)
})

const decodeHead = Schema.decodeUnknownOption(Head)
const decodeParameter = Schema.decodeUnknownOption(Named)

/** `read` gives the operation of a path and a method, once for each of its tags; none where it cannot be understood. */
export const read = (
  root: unknown,
  path: string,
  item: unknown,
  method: Operation["method"]
): ReadonlyArray<Described> => {
  const raw = Reference.field(item, method.toLowerCase())
  const head = Option.getOrUndefined(decodeHead(raw))
  // The operation's own parameters take the place of its path's.
  const parameters = parametersOf(root, [
    Reference.field(item, "parameters"),
    Reference.field(raw, "parameters")
  ])
  if (head === undefined || parameters === undefined || !isConsistent(path, parameters)) return []
  const consumes = head.consumes ?? [Reference.field(root, "consumes")].flat()
  return [...new Set(head.tags ?? ["default"])].map((tag) => ({
    operation: { tag, id: head.operationId, method, path, summary: head.summary, parameters },
    isMultipart: parameters.some(({ type }) => type === "file") || consumes.includes("multipart/form-data"),
    responseSchema: responseSchemaOf(root, raw)
  }))
}

const parametersOf = (root: unknown, lists: ReadonlyArray<unknown>): ReadonlyArray<Parameter> | undefined => {
  const found = new Map<string, Parameter>()
  for (const given of lists.flatMap((list) => (Array.isArray(list) ? list : []))) {
    const reference = Reference.of(given)
    const raw = reference === undefined ? given : Reference.resolve(root, reference)
    const parameter = Option.getOrUndefined(decodeParameter(raw))
    // Without one of its parameters an operation would be called wrongly.
    if (parameter === undefined) return undefined
    const { description, name, required, type } = parameter
    found.set(`${parameter.in} ${name}`, {
      name,
      in: parameter.in,
      required: required === true || parameter.in === "path",
      type: parameter.in === "body" ? undefined : type,
      description,
      schema: parameter.in === "body" ? Reference.field(raw, "schema") : raw
    })
  }
  return [...found.values()].filter(
    (one) => one.in !== "header" || !sessionHeaders.has(one.name.toLowerCase())
  )
}

// The session authorizes, and the body says what it is.
const sessionHeaders = new Set(["authorization", "content-type", "accept"])

/** `isConsistent` says that each name says where it goes, and that each place in the path has a name. */
const isConsistent = (path: string, parameters: ReadonlyArray<Parameter>): boolean => {
  const names = new Set(parameters.map(({ name }) => name))
  const inPath = parameters.filter((one) => one.in === "path").map(({ name }) => name)
  const places = [...path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "")
  return (
    path.startsWith("/") &&
    names.size === parameters.length &&
    parameters.filter((one) => one.in === "body").length <= 1 &&
    places.every((place) => inPath.includes(place)) &&
    inPath.every((name) => places.includes(name))
  )
}

const responseSchemaOf = (root: unknown, raw: unknown): unknown => {
  const responses = Object.entries(Reference.fields(Reference.field(raw, "responses")))
  const response = responses.find(([status]) => /^2\d\d$/.test(status))?.[1]
  const reference = Reference.of(response)
  return Reference.field(reference === undefined ? response : Reference.resolve(root, reference), "schema")
}
