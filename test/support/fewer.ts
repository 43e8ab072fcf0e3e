import { inject } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    /** `isSmoke` is true where Bun or Deno run their part of `npm test`. */
    readonly isSmoke: boolean
  }
}

/**
 * `fewer` is the first of some that a runtime does not tell apart, such as backends whose processes get signals, where
 * Bun or Deno run their part of `npm test`; otherwise it is all of them.
 */
export const fewer = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  inject("isSmoke") ? all.slice(0, 1) : all

/** `inFull` is false there: `it.runIf(inFull)` has a case that takes of a runtime what another of its file takes, too. */
export const inFull = !inject("isSmoke")
