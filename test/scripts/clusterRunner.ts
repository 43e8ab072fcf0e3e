// A runner as a process of its own. In its environment: DATABASE, PORT (where PostgreSQL has several runners); DEVICES, its
// inventory (`placesOf`); RUN, NAMES and FAILS: the run on `hq` that it also asks for, where there is one. Says what that
// came to, and goes on. With TELLS it says what happens in runs, too.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Main, type Workflow } from "sallyport"
import * as Cluster from "sallyport/cluster"
import { database, devicesOf, hosts, quick, several } from "../support/cluster.ts"
import { soon } from "../support/crashes/crashing.ts"

const { FAILS, DATABASE = "", DEVICES = "{}", PORT, NAMES = "", RUN, TELLS } = process.env

const tell = (event: Workflow.RunEvent) => {
  if (event._tag === "ChangeBegun") console.log(`change ${event.number}`)
  else if (event._tag !== "Ended") console.log(event._tag)
}

const runner = Cluster.serve(hosts, devicesOf(DEVICES), {
  lease: "1 second",
  ...(TELLS !== undefined && { onProgress: tell })
}).pipe(
  Layer.provideMerge(
    PORT === undefined
      ? Cluster.oneRunner(quick)
      : Cluster.runner({ host: "127.0.0.1", port: Number(PORT), sharding: several })
  ),
  Layer.provide(database(DATABASE))
)

const asked =
  RUN === undefined
    ? Effect.void
    : Effect.flatMap(
        Cluster.run(hosts, { fmc: "hq" }, { names: NAMES.split(","), fails: FAILS === "yes" }, { run: RUN }),
        (report) => Effect.sync(() => console.log(JSON.stringify(report)))
      )

Main.run(soon(Effect.provide(Effect.zipRight(asked, Effect.never), runner)))
