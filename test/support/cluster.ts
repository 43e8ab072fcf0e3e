import type { SqlClient } from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { scriptFailed } from "./ScriptFailed.ts"

/** Hosts on an FMC, one after the other; then it may fail. */
export const hosts = Workflow.make({
  name: "hosts",
  input: Schema.Struct({ names: Schema.Array(Schema.String), fails: Schema.Boolean }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { fails, names }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Effect.forEach(names, (name, at) => hosts.create({ name, value: `192.0.2.${at + 1}` }))
      if (fails) return yield* Effect.fail(scriptFailed("the script was to fail"))
      return names.length
    })
})

/** The engine looks more often than it would. */
export const quick = {
  entityMessagePollInterval: "200 millis",
  entityReplyPollInterval: "50 millis",
  refreshAssignmentsInterval: "200 millis"
} as const

/** The database of a runner, as it is told of it: a file of SQLite, or where PostgreSQL listens. */
export const database = (place: string): Layer.Layer<SqlClient, unknown> =>
  place.startsWith("postgres:")
    ? PgClient.layer({ url: Redacted.make(place) })
    : SqliteClient.layer({ filename: place })
