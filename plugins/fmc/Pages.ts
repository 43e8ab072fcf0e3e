import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import type { Query, Rest } from "sallyport/Rest"

// Cisco's text: at most so many in one answer. Most is fewest requests of the 120 in a minute.
const most = 1000

/**
 * What a list holds, page by page as it is asked for: no more than a page is in memory, and a script that stops early
 * asks for no more. Each page is a request of its own, so a token that expires on the way is renewed between two.
 */
export const list = <A, I>(
  rest: Rest,
  path: string,
  item: Schema.Schema<A, I>,
  query: Query = {}
): Stream.Stream<A, SessionError> => {
  const Page = Schema.Struct({
    items: Schema.optional(Schema.Array(item)),
    paging: Schema.optional(Schema.Struct({ next: Schema.optional(Schema.Array(Schema.String)) }))
  })
  const first: At = { path, query: { ...query, limit: query.limit ?? most } }
  return Stream.paginateChunkEffect(first, (at) =>
    Effect.map(rest.get(at.path, Page, at.query), ({ items = [], paging }) => {
      const next = items.length === 0 ? undefined : following(paging?.next?.[0])
      // A device that points back to the same page would be read for ever.
      const goesOn = next !== undefined && !isSame(next, at)
      return [Chunk.fromIterable(items), goesOn ? Option.some(next) : Option.none()]
    })
  )
}

interface At {
  readonly path: string
  readonly query: Query
}

// It is an absolute URL, by whatever name the FMC knows itself: only path and query are used.
const following = (url: string | undefined): At | undefined => {
  if (url === undefined || !URL.canParse(url, "https://fmc.invalid")) return undefined
  const { pathname, searchParams } = new URL(url, "https://fmc.invalid")
  return { path: pathname, query: Object.fromEntries(searchParams) }
}

const isSame = (one: At, other: At): boolean =>
  String(one.query.offset ?? 0) === String(other.query.offset ?? 0)
