import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type { Fragment } from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/**
 * `make` makes the tables in which runs are written down, where they are missing: `sallyport_runs` says which runner has a
 * run to itself and until when, `sallyport_lines` has the lines of their journals, and `sallyport_devices` which run has
 * a device. For PostgreSQL and SQLite.
 */
export const make: Effect.Effect<void, SqlError, SqlClient.SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql.onDialectOrElse({
    sqlite: () => sql`PRAGMA synchronous = FULL`,
    pg: () => Effect.void,
    orElse: () =>
      Effect.dieMessage("sallyport/cluster keeps runs in PostgreSQL or SQLite, and in nothing else")
  })
  yield* sql`CREATE TABLE IF NOT EXISTS sallyport_runs (
    run TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    held_until DOUBLE PRECISION NOT NULL
  )`
  yield* sql`CREATE TABLE IF NOT EXISTS sallyport_lines (
    run TEXT NOT NULL,
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run, line)
  )`
  yield* sql`CREATE TABLE IF NOT EXISTS sallyport_devices (
    origin TEXT PRIMARY KEY,
    run TEXT NOT NULL
  )`
}).pipe(
  // Two runners that begin at once are in each other's way in PostgreSQL's own catalogue.
  Effect.retry(Schedule.intersect(Schedule.spaced("200 millis"), Schedule.recurs(5)))
)

/** `now` is the time of the database, in seconds: that of runners may differ. */
export const now = (sql: SqlClient.SqlClient): Fragment =>
  sql.onDialectOrElse({
    sqlite: () => sql.literal("((julianday('now') - 2440587.5) * 86400.0)"),
    orElse: () => sql.literal("extract(epoch from clock_timestamp())::float8")
  })
