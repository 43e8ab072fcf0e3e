// What rounds of runs and of fleets have in common: runners, and what the database knows.
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import type * as Sandbox from "sallyport/sandbox"
import * as Postgres from "../support/postgres.ts"
import { type Running, start } from "../support/runtime.ts"

export interface Round {
  readonly what: string
  readonly faults: ReadonlyArray<string>
}

export const chosen = <A>(...all: ReadonlyArray<A>) =>
  Effect.map(Random.nextIntBetween(0, all.length), (at) => all[at] as A)

/** What a sandbox has got to write. */
export const writesOf = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests.filter(({ method, path }) => method !== "GET" && path.includes("/object/hosts"))

export const inTime = (is: () => boolean) =>
  Effect.map(Effect.timeoutOption(Postgres.until(is), "90 seconds"), Option.isSome)

/** Waits until it is time, and gives the runner that has the run: the last one of which anything was heard. */
export const atOnce = (is: () => boolean, runners: ReadonlyArray<Running>) =>
  Effect.promise(async () => {
    const heard = new Map<Running, number>()
    let last: Running | undefined
    const until = Date.now() + 90_000
    for (;;) {
      for (const runner of runners) {
        const length = runner.output().replace(/^timestamp.*$/gm, "").length
        if (length > (heard.get(runner) ?? 0)) last = runner
        heard.set(runner, length)
      }
      if (is()) return last
      if (Date.now() > until) return undefined
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  })

/** Starts a process that is gone when the round is over. */
export const started = (script: string, env: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.map(Postgres.freePort, (port) => start(script, { env: { ...env, PORT: String(port) } })),
    gone
  )

/** Ends processes, and says which do not end. */
export const endAll = (runners: ReadonlyArray<Running>) =>
  Effect.forEach(runners, (runner) =>
    Effect.suspend(() => {
      if (runner.isEnded()) return Effect.succeed([])
      runner.kill("SIGTERM")
      const wrong = () => [`a runner does not end: ${runner.output().slice(-500)}`]
      return Effect.map(inTime(runner.isEnded), (isSo) => (isSo ? [] : wrong()))
    })
  ).pipe(Effect.map((all) => all.flat()))

const gone = ({ ended, isEnded, kill }: Running) =>
  Effect.promise(() => {
    if (!isEnded()) kill("SIGKILL")
    return ended
  })

/** What the database knows where a round stalls. */
export const stateOf = (url: string) =>
  Effect.flatMap(PgClient.PgClient, (sql) =>
    Effect.forEach(
      [
        "SELECT id, shard_id, tag, kind, left(payload, 60) payload, processed, last_reply_id, last_read, now() FROM cluster_messages",
        "SELECT id, request_id, kind, left(payload, 300) payload FROM cluster_replies",
        "SELECT address, healthy, last_heartbeat, now() FROM cluster_runners",
        "SELECT *, extract(epoch from clock_timestamp()) now FROM sallyport_runs",
        "SELECT line, left(text, 100) text FROM sallyport_lines ORDER BY line",
        "SELECT pid, state, wait_event, left(query, 100) query FROM pg_stat_activity WHERE datname = current_database()",
        "SELECT pid, count(*) FROM pg_locks WHERE locktype = 'advisory' GROUP BY pid"
      ],
      (query) =>
        Effect.map(sql.unsafe(query), (rows) =>
          [query, ...rows.map((row) => `  ${JSON.stringify(row)}`)].join("\n")
        )
    )
  ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })))

/** What is still held when all is over. */
export const heldIn = (url: string) =>
  Effect.flatMap(
    PgClient.PgClient,
    (sql) => sql<{ devices: number; runs: number }>`SELECT
      (SELECT count(*)::int FROM sallyport_devices) AS devices,
      (SELECT count(*)::int FROM sallyport_runs WHERE held_until > extract(epoch from clock_timestamp())) AS runs`
  ).pipe(
    Effect.map(([held]) =>
      held?.devices === 0 && held.runs === 0 ? [] : [`is held: ${JSON.stringify(held)}`]
    ),
    Effect.provide(PgClient.layer({ url: Redacted.make(url) }))
  )

/** Breaks the connections of all others to the database. */
export const breakConnections = (url: string) =>
  Effect.flatMap(
    PgClient.PgClient,
    (sql) => sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
  ).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })))
