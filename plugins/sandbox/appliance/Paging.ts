import type { Call } from "./Call.ts"

/** `Page` is one page of a list, with the absolute URLs of its neighbours where there are any. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly offset: number
  readonly limit: number
  readonly count: number
  readonly pages: number
  readonly next: string | undefined
  readonly prev: string | undefined
}

export interface Limits {
  readonly usual: number
  readonly most: number
  /** `given` is the most that one answer holds, whatever was asked for; the next page is then as long as what is left. */
  readonly given?: number | undefined
}

/** `page` gives `undefined` when `offset` or `limit` is not a number in bounds. */
export const page = <A>(call: Call, all: ReadonlyArray<A>, limits: Limits): Page<A> | undefined => {
  const offset = whole(call.query.get("offset") ?? "0")
  const asked = whole(call.query.get("limit") ?? String(limits.usual))
  if (offset === undefined || asked === undefined || asked < 1 || asked > limits.most) return undefined
  const limit = Math.min(asked, limits.given ?? asked)
  const urlAt = (at: number) => {
    const query = new URLSearchParams(call.query)
    query.set("offset", String(at))
    query.set("limit", String(limits.given === undefined ? limit : Math.min(limit, all.length - at)))
    return `${call.origin}${call.path}?${query}`
  }
  return {
    items: all.slice(offset, offset + limit),
    offset,
    limit,
    count: all.length,
    pages: Math.ceil(all.length / limit),
    next: offset + limit < all.length ? urlAt(offset + limit) : undefined,
    prev: offset > 0 ? urlAt(Math.max(0, offset - limit)) : undefined
  }
}

const whole = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
