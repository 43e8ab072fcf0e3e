import { type Answer, type Call, RefusedAnswer } from "../appliance/Call.ts"
import * as Paging from "../appliance/Paging.ts"

export type Key = "General" | "Validation" | "Deployment"

/** `failure` gives an error in the device's envelope (FDM OpenAPI, ErrorWrapper). */
export const failure = (
  status: number,
  description: string,
  of: { readonly key?: Key; readonly code?: string; readonly location?: string } = {}
): Answer => ({
  status,
  body: {
    error: {
      severity: "ERROR",
      key: of.key ?? "General",
      messages: [{ description, code: of.code ?? "", location: of.location ?? "" }]
    }
  }
})

export const refuse = (...of: Parameters<typeof failure>): RefusedAnswer => new RefusedAnswer(failure(...of))

/** `invalid` is a 422, as validation errors come. */
export const invalid = (description: string, code: string, location: string): RefusedAnswer =>
  refuse(422, description, { key: "Validation", code, location })

/**
 * `absent` is what is said of an object that does not exist: 404 where it is read; 422 where it is changed or deleted,
 * which declare no other status (FDM OpenAPI).
 */
export const absent = ({ method }: Pick<Call, "method">): RefusedAnswer =>
  method === "GET" || method === "HEAD"
    ? refuse(404, "The object does not exist.", { code: "objectNotFound" })
    : invalid("Validation failed due to an invalid UUID", "invalidUuid", "id")

/** `notFound` is a path that does not exist, a wrong version too (seen on real devices). */
export const notFound: Answer = {
  status: 404,
  body: {
    code: 404,
    contactEmail: null,
    description: "The server has not found anything matching the request URI",
    homeRef: "/",
    reasonPhrase: "Not Found",
    uri: "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5"
  }
}

/** `linksTo` are the links of what lies at a path, in the version of the API in which it was asked for. */
export const linksTo = (call: Call, path: string) => ({
  self: `${call.origin}/api/fdm/${call.path.split("/")[3]}${path}`
})

/**
 * `list` gives a list: `items`, `next` and `prev` are always there, empty where there is nothing in them (FDM OpenAPI,
 * Paging). A limit of 0 asks for everything, as public clients do, and others ask for 9000 at once: the most that a
 * device gives is unknown.
 */
export const list = (call: Call, all: ReadonlyArray<unknown>): Answer => {
  const page =
    call.query.get("limit") === "0"
      ? Paging.page(unlimited(call), all, { usual: Math.max(1, all.length), most: Number.POSITIVE_INFINITY })
      : Paging.page(call, all, { usual: 10, most: Number.POSITIVE_INFINITY })
  if (page === undefined) throw invalid("offset or limit is out of bounds.", "invalidPaging", "limit")
  const { items, next, prev, offset, limit, count, pages } = page
  return {
    status: 200,
    body: {
      items,
      paging: {
        prev: prev === undefined ? [] : [prev],
        next: next === undefined ? [] : [next],
        limit,
        offset,
        count,
        pages
      }
    }
  }
}

const unlimited = (call: Call): Call => {
  const query = new URLSearchParams(call.query)
  query.delete("limit")
  return { ...call, query }
}
