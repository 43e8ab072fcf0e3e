import { inject, it } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    /** `isPart` is true in `npm test`, which leaves some of the tests to `npm run test:rest`. */
    readonly isPart: boolean
  }
}

/** `itInRest` is `it` for a case that takes long on each runtime: `npm test` leaves it to `npm run test:rest`. */
export const itInRest = it.skipIf(inject("isPart"))

/** `fewest` is the first of several cases that take long on each runtime, in `npm test`; otherwise it is all of them. */
export const fewest = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  inject("isPart") ? all.slice(0, 1) : all
