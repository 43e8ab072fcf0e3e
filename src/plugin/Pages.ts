import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "../auth/AuthError.ts"
import type { Query, Rest } from "../auth/Rest.ts"

// The most that an FMC gives in one answer (Cisco's text); of an FDM it is unknown, and smaller pages are followed. Most
// is fewest requests of those that a device allows in a minute.
const most = 1000

/**
 * What a list holds, page by page as it is asked for: no more than a page is in memory, and a script that stops early
 * asks for no more. Each page is a request of its own, so a token that expires on the way is renewed between two. For
 * devices that answer with `items` and with the next page's address in `paging.next`, as FMC and FDM do.
 */
export const list = <A, I>(
  rest: Rest,
  path: string,
  item: Schema.Schema<A, I>,
  query: Query = {}
): Stream.Stream<A, SessionError> => {
  const Page = Schema.Struct({
    items: Schema.optional(Schema.NullOr(Schema.Array(item))),
    paging: Schema.optional(
      Schema.Struct({
        next: Schema.optional(Schema.NullOr(Schema.Array(Schema.String))),
        count: Schema.optional(Schema.Unknown)
      })
    )
  })
  const first: At = { path, query: { ...query, limit: query.limit ?? most } }
  return Stream.paginateChunkEffect(first, (at) => {
    const Whole = Page.pipe(
      Schema.filter((page) => isList(page) && !hides(at, page.items, page.paging?.count))
    )
    return Effect.map(rest.get(at.path, Whole, at.query), ({ items, paging }) => {
      const next = items?.length ? following(path, paging?.next?.[0]) : undefined
      // A device that points back would be read for ever.
      const goesOn = next !== undefined && offsetOf(next) > offsetOf(at)
      return [Chunk.fromIterable(items ?? []), goesOn ? Option.some(next) : Option.none()]
    })
  })
}

/** What is none, such as an error with status 200 or a single object, is not taken for an empty list. */
const isList = (page: object): boolean => {
  const fields = Object.keys(page)
  return fields.includes("items") || fields.includes("paging") || fields.every((field) => field === "links")
}

/** Nor is a list that says that it goes on, and shows nothing; what a device counts where it selects is its own matter. */
const hides = ({ query }: At, items: ReadonlyArray<unknown> | null | undefined, count: unknown): boolean =>
  !items?.length &&
  Object.keys(query).every(
    (key) => ["offset", "limit", "expanded"].includes(key) || query[key] === undefined
  ) &&
  Number(count ?? 0) > Number(query.offset ?? 0)

interface At {
  readonly path: string
  readonly query: Query
}

// It is an absolute URL, by whatever name and path the device knows itself, which behind a gateway are not those by which
// it is reached: the list is the same, so only the query is used.
const following = (path: string, url: string | undefined): At | undefined => {
  if (url === undefined || !URL.canParse(url, "https://device.invalid")) return undefined
  return { path, query: Object.fromEntries(new URL(url, "https://device.invalid").searchParams) }
}

const offsetOf = ({ query }: At): number => Number(query.offset ?? 0)
