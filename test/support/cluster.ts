import type { SqlClient } from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqliteClient from "@effect/sql-sqlite-node/SqliteClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Credentials, Target, Trust, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import type * as Sandbox from "sallyport/sandbox"
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

/** One of several runners that is killed is missed soon. */
export const several = {
  ...quick,
  shardLockExpiration: "6 seconds",
  runnerHealthCheckInterval: "1 second"
} as const

/** The database of a runner, as it is told of it: a file of SQLite, or where PostgreSQL listens. */
export const database = (place: string): Layer.Layer<SqlClient, unknown> =>
  place.startsWith("postgres:")
    ? PgClient.layer({ url: Redacted.make(place) })
    : SqliteClient.layer({ filename: place })

const Places = Schema.parseJson(
  Schema.Record({
    key: Schema.String,
    value: Schema.Struct({
      url: Schema.String,
      pin: Schema.String,
      username: Schema.String,
      password: Schema.String
    })
  })
)

/** Sandboxes by name, as a process is told of them by its environment. */
export const placesOf = (sandboxes: Readonly<Record<string, Sandbox.Sandbox>>): string =>
  Schema.encodeSync(Places)(
    Record.map(sandboxes, ({ certificate, password, url, username }) => ({
      url,
      pin: certificate.sha256,
      username,
      password: Redacted.value(password)
    }))
  )

/** What a process that was told of them opens. */
export const devicesOf = (places: string): Readonly<Record<string, Fmc.Options>> =>
  Record.map(Schema.decodeSync(Places)(places), ({ password, pin, url, username }, name) => ({
    target: Target.make({ url, name, trust: Trust.pin(pin) }),
    credentials: Credentials.password({ username, password: Redacted.make(password) })
  }))
