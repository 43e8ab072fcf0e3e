import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as Needed from "../../validation/Needed.ts"
import * as OptionNames from "../../validation/OptionNames.ts"
import * as Pending from "../../validation/Pending.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import type { Query, Rest } from "./Rest.ts"

/** `PageOptions` say how a list is read. */
export interface PageOptions {
  /**
   * `limit` counts entries in one answer, 1 to 1000 of an FMC (as Cisco documents it); the most that an FDM takes is
   * unknown.
   *
   * @default 1000
   */
  readonly limit?: number | undefined
}

/**
 * `byOptions` gives a list by a script's options. One that there is not, such as a misspelt `filter`, is `InvalidInput`:
 * else all would be listed.
 */
export const byOptions = <Options extends PageOptions, A>(
  names: ReadonlyArray<keyof Options & string>,
  list: (options: Partial<Options>) => Stream.Stream<A, SessionError>
): ((options?: Options) => Stream.Stream<A, SessionError>) => {
  Needed.list("names", names)
  Needed.fn("list", list)
  return (options) => {
    const fault = OptionNames.faultOf("a list", options, names) ?? faultOfLimit(options?.limit)
    return Pending.stream(fault === undefined ? list(options ?? {}) : Stream.fail(fault))
  }
}

const faultOfLimit = (limit: unknown): InvalidInput | undefined =>
  limit === undefined || (Number.isInteger(limit) && Number(limit) > 0)
    ? undefined
    : refuseInput("limit", "what stands there cannot be used; give a whole number, 1 or more.")

// Most is fewest requests of those that a device allows in a minute; smaller pages are followed.
const maxPageSize = 1000

/**
 * `list` gives what a list holds, page by page as it is asked for: no more than a page is in memory, and a script that
 * stops early asks for no more. Each page is a request of its own, so a token that expires on the way is renewed
 * between two. For devices that answer with `items` and with the next page's address in `paging.next`, as FMC and FDM
 * do. Fails as `Rest.get` does, and with `ProtocolViolation` for what is no list.
 */
export const list = <A, I>(
  rest: Rest,
  path: string,
  item: Schema.Schema<A, I>,
  query: Query = {}
): Stream.Stream<A, SessionError> => {
  Needed.object("rest", rest, "what Rest.make gives")
  Needed.text("path", path)
  Needed.schema("item", item)
  const Page = pageOf(item)
  const first: PageRequest = { path, query: { ...query, limit: query.limit ?? maxPageSize } }
  return Stream.paginateChunkEffect(first, (at) => {
    const Whole = Page.pipe(
      Schema.filter(
        (page) =>
          isList(page) &&
          !hidesItems(at, page.items, page.paging?.count) &&
          !hidesNext(page.items ?? [], page.paging) &&
          !repeats(at, page.items ?? [], page.paging)
      )
    )
    return Effect.map(rest.get(at.path, Whole, at.query), ({ items, paging }) => {
      // A device that counts nothing and gives the page before once more heeds no offset: that was all.
      const all = at.isGuess && mark(items ?? []) === at.before ? [] : (items ?? [])
      const next = all.length === 0 ? undefined : (nextPage(at, paging) ?? missing(at, all, paging))
      return [
        Chunk.unsafeFromArray(all),
        next === undefined ? Option.none() : Option.some({ ...next, before: mark(all) })
      ]
    })
  })
}

const makePage = <A, I>(item: Schema.Schema<A, I>) =>
  Schema.Struct({
    items: Schema.optional(Schema.NullOr(Schema.Array(item))),
    paging: Schema.optional(
      Schema.NullOr(
        Schema.Struct({
          next: Schema.optional(
            Schema.NullOr(Schema.Union(Schema.Array(Schema.NullOr(Schema.String)), Schema.String))
          ),
          count: Schema.optional(Schema.Unknown)
        })
      )
    )
  })

// To make a schema takes longer than to read a short list by it.
const pages = new WeakMap<object, unknown>()

const pageOf = <A, I>(item: Schema.Schema<A, I>): ReturnType<typeof makePage<A, I>> => {
  const known = pages.get(item) ?? makePage(item)
  pages.set(item, known)
  return known as ReturnType<typeof makePage<A, I>> // that of this item
}

/**
 * `isList` keeps what is none, such as an error with status 200 or a single object, from being taken for an empty list.
 */
const isList = (page: object): boolean => {
  const fields = Object.keys(page)
  return fields.includes("items") || fields.includes("paging") || fields.every((field) => field === "links")
}

/**
 * `hidesItems` says of a list that it goes on and shows nothing, so that it is not taken for an empty one; what a
 * device counts where it selects is its own matter.
 */
const hidesItems = (
  at: PageRequest,
  items: ReadonlyArray<unknown> | null | undefined,
  count: unknown
): boolean => !items?.length && !at.isGuess && isUnselected(at) && Number(count ?? 0) > offsetOf(at)

const isUnselected = ({ query }: PageRequest): boolean =>
  Object.keys(query).every((key) => ["offset", "limit", "expanded"].includes(key) || query[key] === undefined)

interface PageRequest {
  readonly path: string
  readonly query: Query
  /** `before` is the mark of the page before. */
  readonly before?: string | undefined
  /** `isNamed` says that the device has named the page: it names none behind its last one. */
  readonly isNamed?: boolean | undefined
  /** `isGuess` says that the device has not named the page: there may be nothing. */
  readonly isGuess?: boolean | undefined
}

/**
 * `repeats` says that a device heeds no offset: it gives its first page for all, and says that the list goes on or how
 * long it is.
 */
const repeats = (at: PageRequest, items: ReadonlyArray<unknown>, paging: Paging): boolean =>
  at.before !== undefined &&
  mark(items) === at.before &&
  (isCounted(paging) || nextPage(at, paging) !== undefined || hasUnreadableNext(paging))

type Paging =
  | {
      readonly count?: unknown
      readonly next?: ReadonlyArray<string | null> | string | null | undefined
    }
  | null
  | undefined

const isCounted = (paging: Paging): boolean => paging?.count !== undefined && paging.count !== null

/**
 * `hidesNext` says of a page that it names a next one in a way that cannot be read, and has nothing by which one could
 * tell whether a device heeds an offset.
 */
const hidesNext = (items: ReadonlyArray<unknown>, paging: Paging): boolean =>
  items.length > 0 && mark(items) === undefined && hasUnreadableNext(paging)

/** `mark` is what tells a page from others; of one that could be like the next, nothing does. */
const mark = (items: ReadonlyArray<unknown>): string | undefined => {
  const [first] = items
  if (Predicate.hasProperty(first, "id") && typeof first.id === "string") return first.id
  return items.length > 1 ? JSON.stringify(items) : undefined
}

/**
 * `missing` gives the rest of a list that counts more than it has shown, or counts nothing and has filled the page, and
 * names no next page, or names it without an offset that can be read: it goes on where it stopped.
 */
const missing = (at: PageRequest, items: ReadonlyArray<unknown>, paging: Paging): PageRequest | undefined => {
  const offset = offsetOf(at) + items.length
  const isLonger = isCounted(paging)
    ? isUnselected(at) && Number(paging?.count) > offset
    : !at.isNamed && !paging?.next && mark(items) !== undefined && items.length >= Number(at.query.limit)
  return isLonger || hasUnreadableNext(paging)
    ? { path: at.path, query: { ...at.query, offset }, isGuess: true }
    : undefined
}

// It is an absolute URL, by whatever name and path the device knows itself, which behind a gateway are not those by
// which it is reached: the list is the same, so only the query is used.
const nextPage = (at: PageRequest, paging: Paging): PageRequest | undefined => {
  const query = nextQuery(paging)
  if (query === undefined || offsetIn(query) === undefined) return undefined
  const next = { path: at.path, isNamed: true, query }
  // A device that points back would be read for ever.
  return offsetOf(next) > offsetOf(at) ? next : undefined
}

/** `hasUnreadableNext` says of a list that it goes on, and of where that nobody can tell. */
const hasUnreadableNext = (paging: Paging): boolean => {
  const query = nextQuery(paging)
  return query !== undefined && offsetIn(query) === undefined
}

/** `nextQuery` gives the query of the next page's address; `undefined` where there is none. */
const nextQuery = (paging: Paging): Query | undefined => {
  const urls = paging?.next
  const url = typeof urls === "string" ? urls : urls?.[0]
  if (!url) return undefined
  // Some gateways escape it as HTML has it.
  const plain = url.replace(/&amp;/g, "&")
  if (!URL.canParse(plain, "https://device.invalid")) return {}
  const parameters = new URL(plain, "https://device.invalid").searchParams
  return Object.fromEntries(
    [...parameters].map(([name, value]) => [
      /^(offset|limit)$/i.test(name) ? name.toLowerCase() : name,
      value
    ])
  )
}

const offsetIn = ({ offset }: Query): number | undefined =>
  /^\d+$/.test(String(offset ?? "")) ? Number(offset) : undefined

const offsetOf = ({ query }: PageRequest): number => Number(query.offset ?? 0)
