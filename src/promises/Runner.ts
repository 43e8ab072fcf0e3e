import type * as Effect from "effect/Effect"
import type { CallSite } from "./CallSite.ts"

/** `Runner` runs the calls of a script. */
export interface Runner {
  readonly promise: <A, E>(
    effect: Effect.Effect<A, E>,
    options: { readonly site: CallSite; readonly signal?: AbortSignal }
  ) => Promise<A>
}
