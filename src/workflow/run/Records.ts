import * as Effect from "effect/Effect"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import type { JournalOptions } from "../journal/JournalPlace.ts"
import * as RunStore from "../journal/RunStore.ts"
import type { RunReport } from "../report/RunReport.ts"
import * as Account from "./account/Account.ts"
import { checkJournals } from "./CheckOptions.ts"
import * as JournaledRun from "./JournaledRun.ts"

/**
 * `recorded` are the ids of the runs that have a journal, the one to which was added last first. Fails with
 * `JournalFailed` and `InvalidInput`.
 *
 * @example
 * const [last] = yield* Workflow.recorded()
 */
export const recorded = (
  options: JournalOptions = {}
): Effect.Effect<ReadonlyArray<string>, JournalFailed | InvalidInput> =>
  Effect.zipRight(
    checkJournals(options),
    Effect.suspend(() => RunStore.runs(options))
  )

/**
 * `reportOf` is the account of a run by its journal: of one that was killed or interrupted, too, and of one that goes
 * on. What was not written down, such as steps and notes, it does not have. Fails with `JournalFailed`, and with
 * `InvalidInput` for what is no id.
 *
 * @example
 * console.log(Workflow.runText(yield* Workflow.reportOf("20261129T013000Z-import-hosts-3f9a1c")))
 */
export const reportOf = (
  run: string,
  options: JournalOptions = {}
): Effect.Effect<RunReport, JournalFailed | InvalidInput> =>
  Effect.zipRight(
    checkJournals(options),
    Effect.suspend(() => Effect.map(JournaledRun.read(options, run), Account.reportOfJournal))
  )
