import { type Answer, type Call, RefusedAnswer } from "../appliance/Call.ts"
import * as Paging from "../appliance/Paging.ts"

export type Category = "FRAMEWORK" | "VALIDATION" | "OTHER"

/** `failure` gives an error in the FMC's envelope. */
export const failure = (status: number, description: string, category: Category = "FRAMEWORK"): Answer => ({
  status,
  body: { error: { category, messages: [{ description }], severity: "ERROR" } }
})

export const refuse = (status: number, description: string, category?: Category): RefusedAnswer =>
  new RefusedAnswer(failure(status, description, category))

/**
 * `list` gives one page of a list, shown item by item: `items`, `next` and `prev` are absent where there is nothing in
 * them, and all links keep the other parameters (seen on real devices).
 */
export const list = <A>(
  call: Call,
  all: ReadonlyArray<A>,
  show: (item: A) => unknown = (item) => item,
  given?: number
): Answer => {
  const page = Paging.page(call, all, { usual: 25, most: 1000, given })
  if (page === undefined) throw refuse(400, "Invalid offset or limit: the limit is 1 to 1000.", "VALIDATION")
  const { items, next, prev, offset, limit, count, pages } = page
  const self = new URLSearchParams(call.query)
  self.delete("offset")
  self.delete("limit")
  const others = self.size > 0 ? `&${self}` : ""
  return {
    status: 200,
    body: {
      links: { self: `${call.origin}${call.path}?offset=${offset}&limit=${limit}${others}` },
      ...(items.length > 0 && { items: items.map(show) }),
      paging: {
        offset,
        limit,
        count,
        ...(next !== undefined && { next: [next] }),
        ...(prev !== undefined && { prev: [prev] }),
        pages
      }
    }
  }
}
