// A runner as a process of its own. In its environment: DATABASE, PORT (where PostgreSQL
// has several runners), URL, PIN, USERNAME_ and PASSWORD_ of the FMC
// that it knows as `hq`, RUN, NAMES and FAILS: the run that it also asks for. Says what that came to, and goes on.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Credentials, Main, Target, Trust } from "sallyport"
import * as Cluster from "sallyport/cluster"
import { database, hosts, quick } from "../support/cluster.ts"
import { soon } from "../support/crashes/crashing.ts"

const {
  FAILS,
  DATABASE = "",
  PORT,
  NAMES = "",
  PASSWORD_ = "",
  PIN = "",
  RUN = "",
  URL: url = "",
  USERNAME_ = ""
} = process.env
const credentials = Credentials.password({ username: USERNAME_, password: Redacted.make(PASSWORD_) })
const hq = { target: Target.make({ url, name: "hq", trust: Trust.pin(PIN) }), credentials }

const runner = Cluster.serve(hosts, { hq }, { lease: "1 second" }).pipe(
  Layer.provideMerge(
    PORT === undefined ? Cluster.oneRunner(quick) : Cluster.runner({ port: Number(PORT), sharding: quick })
  ),
  Layer.provide(database(DATABASE))
)

const asked = Effect.flatMap(
  Cluster.run(hosts, { fmc: "hq" }, { names: NAMES.split(","), fails: FAILS === "yes" }, { run: RUN }),
  (report) => Effect.sync(() => console.log(JSON.stringify(report)))
)

Main.run(soon(Effect.provide(Effect.zipRight(asked, Effect.never), runner)))
