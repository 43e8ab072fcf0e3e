import * as Effect from "effect/Effect"
import type { JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import * as Records from "../workflow/run/Records.ts"
import { type DeviceState, stateOf } from "./DeviceRun.ts"

/** `Standing` is how a device stands by the journal of a run that may have begun there. */
export interface Standing {
  readonly state: DeviceState
  readonly report?: RunReport
}

/** `byJournal` reads it: a run without a journal has changed nothing, and of one that cannot be read nobody knows. */
export const byJournal = (run: string, { folder }: JournalOptions): Effect.Effect<Standing> =>
  Effect.match(Records.reportOf(run, { folder }), {
    onSuccess: (report) => ({ state: stateOf(report), report }),
    onFailure: (error) => ({
      state: error._tag === "JournalFailed" && error.reason === "Missing" ? "untouched" : "left"
    })
  })

/** `hasBegun` says whether a run came so far that its journal has something in it; of one that cannot be read it may. */
export const hasBegun = (run: string, { folder }: JournalOptions): Effect.Effect<boolean> =>
  Effect.match(JournaledRun.read({ folder }, run), {
    onSuccess: ({ history }) => history.begun() !== undefined,
    onFailure: (error) => !(error._tag === "JournalFailed" && error.reason === "Missing")
  })
