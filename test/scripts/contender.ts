// A script that the tests start twice for one account: it uses its session without a pause, until someone else has
// taken the account from it for good. What it does is in its environment: BACKEND (fmc, fdm) and GIVE_WAY.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Credentials, Main, type Session, type SessionError, Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

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

// The sandbox counts nobody's requests, and a fight is over sooner without a pause.
const target = (prefix: string) =>
  Effect.map(Target.fromEnv(prefix), (given) => ({ ...given, requestsPerMinute: Number.POSITIVE_INFINITY }))

Main.run(
  Effect.scoped(
    process.env.BACKEND === "fdm"
      ? Effect.gen(function* () {
          const credentials = Credentials.fromEnv("FDM")
          const fdm = yield* Fdm.make({
            target: yield* target("FDM"),
            credentials,
            apiVersion: "v6",
            giveWay
          })
          return yield* work(fdm.session, "/api/fdm/v6/object/networks?limit=1")
        })
      : Effect.gen(function* () {
          const credentials = Credentials.fromEnv("FMC")
          const fmc = yield* Fmc.make({ target: yield* target("FMC"), credentials, giveWay })
          return yield* work(fmc.session, "/api/fmc_platform/v1/info/serverversion")
        })
  )
)
