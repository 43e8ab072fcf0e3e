import * as concurrency from "./concurrency.ts"
import * as leaving from "./leaving.ts"
import * as renewal from "./renewal.ts"
import * as replay from "./replay.ts"
import * as sharing from "./sharing.ts"

/** A fault that is put back into the sources, and the tests that must fail with it. */
export interface Mutant {
  readonly name: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** A file below `test`, a colon, and words of the test's name: each must fail. */
  readonly tests: ReadonlyArray<string>
}

export const mutants: ReadonlyArray<Mutant> = [
  ...renewal.mutants,
  ...concurrency.mutants,
  ...replay.mutants,
  ...leaving.mutants,
  ...sharing.mutants
]
