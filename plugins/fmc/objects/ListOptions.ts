import type * as Stream from "effect/Stream"
import { Pages, type SessionError } from "sallyport/plugin"

/** `ListOptions` say how objects are listed. */
export interface ListOptions extends Pages.PageOptions {
  /**
   * `filter` is as the FMC has it for the kind, such as `nameOrValue:10.1.` or `unusedOnly:true`.
   *
   * @default all are listed
   */
  readonly filter?: string | undefined
}

/** `byOptions` gives a list by them, and by no others. */
export const byOptions = <A>(list: (options: ListOptions) => Stream.Stream<A, SessionError>) =>
  Pages.byOptions<ListOptions, A>(["filter", "limit"], list)
