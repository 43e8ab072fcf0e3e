import * as comparing from "./comparing.ts"
import * as concurrency from "./concurrency.ts"
import * as deployments from "./deployments.ts"
import * as documents from "./documents.ts"
import * as endings from "./endings.ts"
import * as fleet from "./fleet.ts"
import * as guards from "./guards.ts"
import * as inventory from "./inventory.ts"
import * as leaving from "./leaving.ts"
import * as logins from "./logins.ts"
import * as paths from "./paths.ts"
import * as planning from "./planning.ts"
import * as progress from "./progress.ts"
import * as promises from "./promises.ts"
import * as renewal from "./renewal.ts"
import * as replay from "./replay.ts"
import * as resuming from "./resuming.ts"
import * as running from "./running.ts"
import * as sharing from "./sharing.ts"
import * as undoing from "./undoing.ts"
import * as ways from "./ways.ts"
import * as wording from "./wording.ts"
import * as writes from "./writes.ts"

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
  ...fleet.mutants,
  ...inventory.mutants,
  ...replay.mutants,
  ...leaving.mutants,
  ...sharing.mutants,
  ...paths.mutants,
  ...writes.mutants,
  ...endings.mutants,
  ...deployments.mutants,
  ...comparing.mutants,
  ...logins.mutants,
  ...promises.mutants,
  ...wording.mutants,
  ...ways.mutants,
  ...documents.mutants,
  ...planning.mutants,
  ...guards.mutants,
  ...progress.mutants,
  ...running.mutants,
  ...resuming.mutants,
  ...undoing.mutants
]
