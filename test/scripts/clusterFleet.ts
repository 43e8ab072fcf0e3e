// Whoever waits for a fleet by runners, as a process of its own. In its environment: DATABASE, DEVICES (`placesOf`), NAMES.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Cluster from "sallyport/cluster"
import { database, devicesOf, hosts, several } from "../support/cluster.ts"

const { DATABASE = "", DEVICES = "{}", NAMES = "" } = process.env

Main.run(
  Cluster.fleet(
    hosts,
    devicesOf(DEVICES),
    { names: NAMES.split(","), fails: false },
    { concurrency: 2 }
  ).pipe(
    Effect.flatMap(({ report }) => Effect.sync(() => console.log(report.outcome))),
    Effect.provide(Cluster.client(several)),
    Effect.provide(database(DATABASE))
  )
)
