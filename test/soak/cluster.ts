// Runs that several runners carry out on one PostgreSQL, and fleets by them, in rounds by a seed:
//
//     node --conditions=@sallyport/source --import tsx test/soak/cluster.ts [--rounds 20] [--seed 1] [--from 1]
//
// In each round of a run one or two runners are killed or interrupted at some request: before it is sent, while it is under
// way, or after it; in the run, or in its undo, which every other run comes to; or all connections to the database are
// broken there. In each fourth round it is whoever waits for a fleet that is killed. Prints a line per round, and what is
// wrong; exits with 1 if there is anything. Node only.
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { parseArgs } from "node:util"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Postgres from "../support/postgres.ts"
import { root } from "../support/runtime.ts"
import { fleetRound } from "./clusterFleets.ts"
import { runRound } from "./clusterRuns.ts"

// Here they find the packages of the project.
const bundles = join(root, "test/.scripts", String(process.pid))
mkdirSync(bundles, { recursive: true })
process.once("exit", () => rmSync(bundles, { recursive: true }))
process.env.SALLYPORT_TEST_SCRIPTS = bundles

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "1" }
  }
})
const [rounds, seed, from] = [Number(values.rounds), Number(values.seed), Number(values.from)]

let wrong = 0

const program = Effect.gen(function* () {
  const server = yield* Postgres.server
  for (let number = from; number < from + rounds; number++) {
    const since = Date.now()
    const database = `round_${number}`
    yield* Effect.flatMap(PgClient.PgClient, (sql) => sql`CREATE DATABASE ${sql(database)}`).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(server) }))
    )
    const url = server.replace(/[^/]+$/, database)
    const { faults, what } = yield* (number % 4 === 0 ? fleetRound : runRound)(url, number).pipe(
      Effect.scoped,
      // Each round by a seed of its own: it is the same alone.
      Effect.withRandom(Random.make(`${seed}/${number}`)),
      Effect.timeoutTo({
        duration: "5 minutes",
        onSuccess: (round) => round,
        onTimeout: () => ({ what: "a round", faults: ["never ends"] })
      }),
      Effect.catchAllCause((cause) =>
        Effect.succeed({ what: "a round", faults: [Cause.pretty(cause).slice(0, 2000)] })
      )
    )
    const seconds = Math.round((Date.now() - since) / 1000)
    console.log([`${number}: ${what} (${seconds} s)`, ...faults.map((one) => `WRONG: ${one}`)].join("\n    "))
    if (faults.length > 0) wrong += 1
  }
}).pipe(Effect.scoped)

Effect.runPromise(program).then(
  () => {
    console.log(`${rounds} rounds by seed ${seed}, ${wrong} wrong`)
    process.exit(wrong === 0 ? 0 : 1)
  },
  (error) => {
    console.error(error)
    process.exit(1)
  }
)
