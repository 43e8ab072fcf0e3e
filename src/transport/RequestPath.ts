import { hasDotSegment, hasEmptySegment } from "../validation/PathSegment.ts"

/** `withoutQuery` gives the path of a URL or of a path: a query may hold what is nobody's business, such as a secret. */
export const withoutQuery = (url: string): string => url.split(/[?#]/, 1)[0] ?? ""

/** `operationOf` is what errors and spans call a request: its method, and its path without the query. */
export const operationOf = ({ method, url }: { readonly method: string; readonly url: string }): string =>
  `${method} ${withoutQuery(url)}`

/**
 * `fault` is why the path of a request may reach something else than what is meant, as a sentence without its field, or
 * `undefined` where it does not: `.` or `..` in whatever spelling, half a character, and where the request changes
 * something, a fragment, which is never sent, or a segment that is missing: an id that is empty would stand for the
 * whole collection.
 */
export const fault = (method: string, url: string): string | undefined => {
  const path = withoutQuery(url)
  if (hasDotSegment(path))
    return "it has . or .. between its slashes, by which it leads elsewhere; write the path that is meant."
  // A URL parser puts another sign in its place.
  if (/\p{Cs}/u.test(url))
    return "it has half a character in it (a lone surrogate); write the path that is meant."
  if (!changing.has(method)) return undefined
  if (url.includes("#"))
    return `it has a fragment, which is never sent, so that this ${method} would reach something else; encode the sign (%23).`
  const own = path.replace(/^https:\/\/[^/]+/i, "").replace(/^\/+/, "/")
  return hasEmptySegment(own)
    ? `it lacks a segment, so that this ${method} would reach all of a collection; fill in the id that is missing.`
    : undefined
}

const changing = new Set(["PUT", "PATCH", "DELETE"])
