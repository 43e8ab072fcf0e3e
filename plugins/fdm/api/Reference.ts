import * as Predicate from "effect/Predicate"

type Fields = Readonly<Record<string, unknown>>

/** `fields` gives an object of a document; what is none has no fields. */
export const fields = (value: unknown): Fields => (Predicate.isRecord(value) ? (value as Fields) : {})

/** `field` gives a field that the document itself has: `constructor` and the like are nobody's. */
export const field = (value: unknown, name: string): unknown =>
  (Predicate.isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined

/** `of` is what `$ref` says; `undefined` where there is none. */
export const of = (value: unknown): string | undefined => {
  const reference = field(value, "$ref")
  return typeof reference === "string" ? reference : undefined
}

/** `resolve` gives what a reference such as `#/definitions/NetworkObject` points at. Other documents are never read. */
export const resolve = (root: unknown, reference: string): unknown => {
  if (!reference.startsWith("#/")) return undefined
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((value, token) => field(value, unescaped(token)), root)
}

/** `target` is what a schema is in the end, however many references lead there. */
export const target = (root: unknown, value: unknown): unknown => {
  let found = value
  // As many as any document has in a row; they may go round in a circle.
  for (let hops = 0; hops < 20; hops++) {
    const reference = of(found)
    if (reference === undefined) break
    found = resolve(root, reference)
  }
  return found
}

const unescaped = (token: string): string => percentDecoded(token).replaceAll("~1", "/").replaceAll("~0", "~")

const percentDecoded = (token: string): string => {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}
