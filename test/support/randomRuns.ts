import { inject } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    /** `isThorough` is true where all random cases are tried. */
    readonly isThorough: boolean
  }
}

/**
 * `randomRuns` is how many of so many random cases a test tries: a tenth, or another part of those that take long, and
 * all in `npm run test:rest` on Node.
 */
export const randomRuns = (all: number, part = 1 / 10): number =>
  inject("isThorough") ? all : Math.ceil(all * part)
