import * as Reference from "./Reference.ts"

// How the models of a document are built on each other. A model is named by its reference, `#/definitions/Host`.

/** `parts` gives the models that a schema is made of at the same place: by `$ref`, or by the parts of its `allOf`. */
const parts = (raw: unknown): ReadonlyArray<string> => {
  const reference = Reference.of(raw)
  if (reference !== undefined) return [reference]
  const all = Reference.field(raw, "allOf")
  return Array.isArray(all) ? all.flatMap(parts) : []
}

/** `basesOf` gives all models that a schema is made of, itself not included unless it is made of itself. */
export const basesOf = (root: unknown, raw: unknown): ReadonlySet<string> => {
  const found = new Set<string>()
  const open = [...parts(raw)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...parts(Reference.resolve(root, next)))
  }
  return found
}

/** `fieldsOf` gives the names of the fields that a schema has, by all that it is made of. */
export const fieldsOf = (root: unknown, raw: unknown): ReadonlyArray<string> => {
  const own = (schema: unknown): ReadonlyArray<string> => {
    const all = Reference.field(schema, "allOf")
    return [
      ...Object.keys(Reference.fields(Reference.field(schema, "properties"))),
      ...(Array.isArray(all) ? all.flatMap(own) : [])
    ]
  }
  const bases = [...basesOf(root, raw)].map((base) => Reference.resolve(root, base))
  return [...new Set([raw, ...bases].flatMap(own))]
}

/** `subtypesOf` gives the models that are built on a model, with the name under which each stands in the document. */
export const subtypesOf = (root: unknown, base: string): ReadonlyArray<readonly [string, string]> =>
  Object.entries(Reference.fields(Reference.field(root, "definitions")))
    .filter(([, raw]) => basesOf(root, raw).has(base))
    .map(([name]) => [name, `#/definitions/${escaped(name)}`] as const)
    .filter(([, reference]) => reference !== base)

export const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1)

const escaped = (name: string): string => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))
