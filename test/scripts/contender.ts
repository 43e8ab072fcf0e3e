// A script that the tests start twice for one account: it uses its session without a pause, until someone else has
// taken the account from it for good. What it does is in its environment: BACKEND (fmc, fdm) and GIVE_WAY.
import process from "node:process"
import * as Effect from "effect/Effect"
import type { SessionError } from "sallyport/AuthError"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Main from "sallyport/Main"
import type * as Session from "sallyport/Session"

const work = (session: Session.Session, path: string): Effect.Effect<never, SessionError> => {
  let served = 0
  return session.http.get(path).pipe(
    Effect.tap(() =>
      Effect.sync(() => {
        served += 1
        if (served % 20 === 0) console.log(`served ${served}`)
      })
    ),
    // A new token can be taken away before its first use: the next use waits its back-off.
    Effect.catchTag("TokenRejected", () => Effect.sync(() => console.log("rejected"))),
    Effect.zipRight(Effect.sleep("10 millis")),
    Effect.forever
  )
}

const giveWay = process.env.GIVE_WAY === "1"

Main.run(
  process.env.BACKEND === "fdm"
    ? Effect.provide(
        Effect.flatMap(Fdm.Fdm, ({ session }) => work(session, "/api/fdm/v6/object/networks?limit=1")),
        Fdm.layerConfig("FDM", { apiVersion: "v6", giveWay })
      )
    : Effect.provide(
        Effect.flatMap(Fmc.Fmc, ({ session }) => work(session, "/api/fmc_platform/v1/info/serverversion")),
        Fmc.layerConfig("FMC", { giveWay })
      )
)
