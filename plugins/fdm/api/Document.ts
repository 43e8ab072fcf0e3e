import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Operation from "./Operation.ts"
import * as Reference from "./Reference.ts"

/** `Document` is a Swagger 2.0 document, as far as it was understood. */
export interface Document {
  readonly root: unknown
  /** `basePath` has no slash at its end. */
  readonly basePath: string
  /** `tags` hold the operations by tag, then by `operationId`: in maps, since a document may name one `__proto__`. */
  readonly tags: ReadonlyMap<string, ReadonlyMap<string, Operation.Described>>
}

export const parse = (text: string): Either.Either<Document, string> => {
  try {
    return read(JSON.parse(text))
  } catch {
    return Either.left("no JSON")
  }
}

/** `read` gives as Left what it is instead, in words that hold nothing of it. */
export const read = (root: unknown): Either.Either<Document, string> => {
  if (!Predicate.isRecord(root)) return Either.left("no object")
  if (Reference.field(root, "swagger") !== "2.0") {
    return Either.left(
      Reference.field(root, "openapi") === undefined
        ? `an object without "swagger": "2.0"`
        : "an OpenAPI document of version 3 or later"
    )
  }
  const basePath = Reference.field(root, "basePath")
  return Either.right({
    root,
    basePath: typeof basePath === "string" ? basePath.replace(/\/+$/, "") : "",
    tags: tagsOf(root)
  })
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const

const tagsOf = (root: unknown): Document["tags"] => {
  const tags = new Map<string, Map<string, Operation.Described>>()
  // In the order in which the document names them; those that it does not name come last.
  for (const tag of [Reference.field(root, "tags")].flat()) {
    const name = Reference.field(tag, "name")
    if (typeof name === "string") tags.set(name, new Map())
  }
  for (const [path, item] of Object.entries(Reference.fields(Reference.field(root, "paths")))) {
    for (const method of methods) {
      for (const described of Operation.read(root, path, item, method)) {
        const { id, tag } = described.operation
        const operations = tags.get(tag) ?? new Map<string, Operation.Described>()
        tags.set(tag, operations)
        if (!operations.has(id)) operations.set(id, described)
      }
    }
  }
  return new Map([...tags].filter(([, operations]) => operations.size > 0))
}
