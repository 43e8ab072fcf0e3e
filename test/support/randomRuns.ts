import { inject } from "vitest"

declare module "vitest" {
  export interface ProvidedContext {
    /** `isThorough` is true where all random cases are tried. */
    readonly isThorough: boolean
  }
}

/** `randomRuns` is how many of so many random cases a test tries: a fifth, or all in `npm run test:rest` on Node. */
export const randomRuns = (all: number): number => (inject("isThorough") ? all : Math.ceil(all / 5))
