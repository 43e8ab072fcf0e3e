import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Order from "effect/Order"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { JournalFailed, type JournalReason } from "../workflow/journal/JournalFailed.ts"
import type { JournalFile } from "../workflow/journal/JournalFile.ts"
import { textOf } from "../workflow/journal/JournalLines.ts"
import * as Turns from "../workflow/journal/Turns.ts"
import { now } from "./Tables.ts"

/**
 * `take` goes on with the journal of a run, or begins it, which this process has to itself until the scope closes. Where
 * another one has it, and has been heard of in the time of its lease, `whileHeld` is done, and then it is tried again:
 * it may wait, or fail. Whoever it was taken from adds nothing any more. Fails with `JournalFailed`.
 */
export const take = <E = never>(
  run: string,
  lease: Duration.Duration,
  whileHeld: Effect.Effect<void, E> = Effect.sleep("200 millis")
): Effect.Effect<JournalFile, JournalFailed | E, Scope.Scope | SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const path = pathOf(run)
    const until = sql`${now(sql)} + ${Duration.toSeconds(lease)}`
    const epoch = yield* held(sql, run, until, whileHeld)
    const stay = sql`UPDATE sallyport_runs SET held_until = ${until} WHERE run = ${run} AND epoch = ${epoch}`
    yield* Effect.forkScoped(
      Effect.repeat(Effect.ignore(stay), Schedule.spaced(Duration.times(lease, 1 / 4)))
    )
    const lines = yield* linesOf(run)
    const turn = yield* Turns.make(undefined)
    /** `add` adds nothing where somebody has taken the run meanwhile: its row is locked until the line is there. */
    const add = (text: string) =>
      sql.withTransaction(
        Effect.gen(function* () {
          const [row] = yield* sql<{ readonly lines: number }>`UPDATE sallyport_runs SET lines = lines + 1
            WHERE run = ${run} AND epoch = ${epoch} RETURNING lines`
          if (row === undefined) return yield* new JournalFailed({ reason: "LockLost", path })
          yield* sql`INSERT INTO sallyport_lines (run, line, text) VALUES (${run}, ${row.lines}, ${text})`
        })
      )
    return {
      path,
      lines,
      append: (line) =>
        Effect.suspend(() => {
          const text = textOf(line)
          if (text === undefined) return new JournalFailed({ reason: "NotJson", path })
          const adding = Effect.exit(
            add(text).pipe(
              Effect.catchTag("SqlError", failedOf(run, "Unwritten")),
              // As such a transaction tells that its end went wrong: a connection that breaks would be a run's own end.
              Effect.catchSomeDefect((defect) =>
                isSqlError(defect) ? Option.some(failedOf(run, "Unwritten")(defect)) : Option.none()
              )
            )
          )
          return Effect.flatten(turn(() => Effect.map(adding, (exit) => [exit, undefined])))
        })
    } satisfies JournalFile
  }).pipe(Effect.catchIf(isSqlError, failedOf(run, "Unusable")))

/** `read` gives the lines of a run's journal as they are now. Fails with `JournalFailed`. */
export const read = (
  run: string
): Effect.Effect<Pick<JournalFile, "path" | "lines">, JournalFailed, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const lines = yield* linesOf(run)
    if (lines.length === 0) return yield* new JournalFailed({ reason: "Missing", path: pathOf(run) })
    return { path: pathOf(run), lines }
  }).pipe(Effect.catchTag("SqlError", failedOf(run, "Unusable")))

/** `failedOf` tells what goes wrong with the database by its code alone. */
export const failedOf =
  (run: string, reason: JournalReason) =>
  ({ cause }: SqlError): Effect.Effect<never, JournalFailed> =>
    Effect.fail(new JournalFailed({ reason, path: pathOf(run), code: codeOf(cause) }))

const codeOf = (cause: unknown): string | undefined =>
  Predicate.hasProperty(cause, "code") ? String(cause.code) : undefined

const isSqlError = (error: unknown): error is SqlError => Predicate.isTagged(error, "SqlError")

/** `pathOf` is where the journal of a run is, for a person. */
export const pathOf = (run: string): string => `sallyport_lines, run ${run}, in the database`

/** `held` gives the number of the go that has the run from now on. The wait is interruptible. */
const held = <E>(
  sql: SqlClient.SqlClient,
  run: string,
  until: ReturnType<SqlClient.SqlClient["unsafe"]>,
  whileHeld: Effect.Effect<void, E>
) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      yield* sql`INSERT INTO sallyport_runs (run, epoch, lines, held_until) VALUES (${run}, 0, 0, 0)
        ON CONFLICT (run) DO NOTHING`
      for (;;) {
        const [row] = yield* sql<{ readonly epoch: number }>`UPDATE sallyport_runs
          SET epoch = epoch + 1, held_until = ${until}
          WHERE run = ${run} AND held_until < ${now(sql)} RETURNING epoch`
        if (row !== undefined) {
          const letGo = sql`UPDATE sallyport_runs SET held_until = 0 WHERE run = ${run} AND epoch = ${row.epoch}`
          yield* Effect.addFinalizer(() => Effect.ignore(letGo))
          return row.epoch
        }
        yield* restore(whileHeld)
      }
    })
  )

/** `list` gives those that have a line, the one to which was added last first. Fails with `JournalFailed`. */
export const list: Effect.Effect<ReadonlyArray<string>, JournalFailed, SqlClient.SqlClient> = Effect.gen(
  function* () {
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql<{ readonly run: string; readonly text: string }>`SELECT sallyport_runs.run, text
      FROM sallyport_runs JOIN sallyport_lines
      ON sallyport_lines.run = sallyport_runs.run AND line = lines`
    return Arr.sortWith(rows, ({ text }) => timeOf(text), Order.reverse(Order.string)).map(({ run }) => run)
  }
).pipe(
  Effect.catchTag("SqlError", ({ cause }) => {
    const [path, code] = ["sallyport_runs, in the database", codeOf(cause)]
    return new JournalFailed({ reason: "Unusable", path, code })
  })
)

/** `timeOf` is when a line was written. */
const timeOf = (text: string): string =>
  Option.match(decodeTimed(text), { onNone: () => "", onSome: ({ at }) => at })
const decodeTimed = Schema.decodeOption(Schema.parseJson(Schema.Struct({ at: Schema.String })))

const linesOf = (
  run: string
): Effect.Effect<ReadonlyArray<unknown>, SqlError | JournalFailed, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql<{ readonly text: string }>`SELECT text FROM sallyport_lines
      WHERE run = ${run} ORDER BY line`
    return yield* Effect.forEach(rows, ({ text }, at) =>
      Effect.try({
        try: (): unknown => JSON.parse(text),
        catch: () => new JournalFailed({ reason: "Damaged", path: pathOf(run), line: at + 1 })
      })
    )
  })
