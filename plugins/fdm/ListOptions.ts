import type * as Stream from "effect/Stream"
import { Pages, type SessionError } from "sallyport/plugin"

/** `ListOptions` say how objects are listed. */
export interface ListOptions extends Pages.PageOptions {
  /**
   * `filter` is `{field}{operator}{value}`, joined by `;`, such as `name:web` or `value~10.1.`; which fields there are
   * depends on the kind.
   *
   * @default all are listed
   */
  readonly filter?: string | undefined
  /** `sort` is a field to sort by: `name`, or `-name` for the other direction. @default the device's own order */
  readonly sort?: string | undefined
}

/** `byOptions` gives a list by them, and by no others. */
export const byOptions = <A>(list: (options: ListOptions) => Stream.Stream<A, SessionError>) =>
  Pages.byOptions<ListOptions, A>(["filter", "limit", "sort"], list)
