import type * as Effect from "effect/Effect"
import type { Rest, SessionError } from "sallyport/plugin"
import type { ServerVersion } from "./ServerVersion.ts"

/** `DomainContext` is a domain, as what it is made of sees it. */
export interface DomainContext {
  readonly targetName: string
  readonly uuid: string
  /** `below` are the UUIDs of the domains below it, as far as the account has them. */
  readonly below: ReadonlyArray<string>
  readonly rest: Rest.Rest
  readonly version: Effect.Effect<ServerVersion, SessionError>
  /** `redact` makes the FMC's words safe for an error or a terminal: without this session's tokens, and cut. */
  readonly redact: Effect.Effect<(words: string) => string, SessionError>
}
