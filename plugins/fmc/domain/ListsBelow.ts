import * as Effect from "effect/Effect"
import type { SessionError } from "sallyport/plugin"
import type { DomainContext } from "./DomainContext.ts"

/**
 * `listsBelow` are the lists of the domains below that may show what a list of this domain has: objects and policies are
 * handed down, and read-only there (FMC OpenAPI, the reason `DOMAIN` of `readOnly`).
 */
export const listsBelow = (
  { below, rest, uuid }: Pick<DomainContext, "below" | "rest" | "uuid">,
  path: string
): Effect.Effect<ReadonlyArray<string>, SessionError> =>
  below.length > 0 && /^\/(object|policy)\/[^/]+$/.test(path)
    ? Effect.map(rest.at(path), (at) => below.map((one) => at.replace(uuid, one)))
    : Effect.succeed([])
