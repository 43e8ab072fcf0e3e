import { inject, it } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    /**
     * `ofLong` says which are tried of cases that take long on each runtime: the first in `npm test`, and the others where
     * Node runs the rest, which on Bun and Deno is all of them.
     */
    readonly ofLong: "first" | "others" | "all"
  }
}

const ofLong = inject("ofLong")

/** `itInRest` is `it` for a case that takes long on each runtime: `npm test` leaves it to `npm run test:rest`. */
export const itInRest = it.skipIf(ofLong === "first")

/** `inRest` is false there: `it.scoped.runIf(inRest)` is such a case that is an Effect. */
export const inRest = ofLong !== "first"

/**
 * `fewest` is the first of several cases that take long on each runtime, such as backends whose processes get signals, in
 * `npm test`; the others where Node runs `npm run test:rest`; otherwise it is all of them.
 */
export const fewest = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  ofLong === "first" ? all.slice(0, 1) : ofLong === "others" ? all.slice(1) : all
