import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import { TimerLength } from "../validation/TimerLength.ts"
import { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import { checkRun, type JournalHome } from "../workflow/journal/JournalPlace.ts"
import { RunHeld } from "../workflow/journal/RunHeld.ts"
import { RunStore, type Store } from "../workflow/journal/RunStore.ts"
import * as DevicesHeld from "./DevicesHeld.ts"
import * as SqlJournal from "./SqlJournal.ts"
import * as Tables from "./Tables.ts"

/** `JournalsOptions` say how long a process that is not heard of has a run to itself. */
export interface JournalsOptions {
  /** `lease` is that time. @default 15 seconds */
  readonly lease?: Duration.DurationInput | undefined
}

const journalsOptions = Schema.Struct({ lease: Schema.optional(TimerLength) })

/**
 * `journals` puts the database in place of the files of this machine, for the functions of `Workflow` and `Fleet`: they tell
 * of the runs that were carried out by runners, take them back and go on with them, from wherever the database and the
 * devices can be reached; and what they begin themselves is kept there, too, and has its devices to itself among all who
 * share the database. A run that a runner or another process has at hand is `RunHeld`.
 *
 * Fails with `InvalidInput`, and with `SqlError` where the database takes no tables.
 *
 * @example
 * const takenBack = Workflow.undo(addHosts, { fmc: "FMC" }, "CHG0031337").pipe(
 *   Effect.provide(Cluster.journals()),
 *   Effect.provide(database)
 * )
 */
export const journals = (
  options: JournalsOptions = {}
): Layer.Layer<never, InvalidInput | SqlError, SqlClient.SqlClient> =>
  Layer.effect(
    RunStore,
    Effect.gen(function* () {
      yield* InputSchema.check(journalsOptions, options, "Cluster.journals")
      yield* Tables.make
      return storeIn(yield* SqlClient.SqlClient, Duration.decode(options.lease ?? "15 seconds"))
    })
  )

/** `storeIn` is the store that a database is. */
const storeIn = (sql: SqlClient.SqlClient, lease: Duration.Duration): Store => {
  const here = Effect.provideService(SqlClient.SqlClient, sql)
  const take = (home: JournalHome, run: string) => {
    const row = rowOf(home, run)
    const holder = { run, pid: undefined, host: undefined, since: undefined }
    const held = new RunHeld({ run, holder, path: SqlJournal.pathOf(row) })
    return SqlJournal.take(row, lease, Effect.fail(held))
  }
  const isThere = (home: JournalHome, run: string) =>
    Effect.zipRight(checkRun(run), SqlJournal.read(rowOf(home, run)))
  return {
    create: (home, run) =>
      Effect.gen(function* () {
        yield* checkRun(run)
        const exists = new JournalFailed({ reason: "Exists", path: SqlJournal.pathOf(rowOf(home, run)) })
        const journal = yield* Effect.catchTag(take(home, run), "RunHeld", () => exists)
        return journal.lines.length === 0 ? journal : yield* exists
      }).pipe(here),
    reopen: (home, run) => here(Effect.zipRight(isThere(home, run), take(home, run))),
    read: (home, run) => here(isThere(home, run)),
    runs: (home) => Effect.map(here(SqlJournal.list), (rows) => rows.flatMap((row) => idOf(home, row) ?? [])),
    hold: (devices, options) =>
      DevicesHeld.hold(devices, options, () => false).pipe(
        Effect.catchTag("SqlError", SqlJournal.failedOf(options.run, "Unusable")),
        here
      ),
    isShared: false,
    isLeft: () => false
  }
}

/** `rowOf` is by what the database knows a journal: no id has a slash. */
const rowOf = ({ of = "runs" }: JournalHome, id: string): string => (of === "runs" ? id : `${of}/${id}`)

/** `idOf` is the id of a journal of this kind; `undefined` where it is of another. */
const idOf = (home: JournalHome, row: string): string | undefined => {
  const id = row.split("/").at(-1) ?? row
  return rowOf(home, id) === row ? id : undefined
}
