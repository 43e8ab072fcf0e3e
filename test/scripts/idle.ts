// A script that the tests start: it opens a session, uses it once and has nothing more to do, without Main.run and with
// the scope still open. Nothing of the library may keep the process.
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { Credentials, Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const script = Effect.gen(function* () {
  const scope = yield* Scope.make()
  if (process.env.BACKEND === "fdm") {
    const target = yield* Target.fromEnv("FDM")
    const credentials = Credentials.fromEnv("FDM")
    const { http } = yield* Scope.extend(Fdm.make({ target, credentials, apiVersion: "v6" }), scope)
    return (yield* http.get("/object/networks")).status
  }
  const target = yield* Target.fromEnv("FMC")
  const { session } = yield* Scope.extend(
    Fmc.make({ target, credentials: Credentials.fromEnv("FMC") }),
    scope
  )
  return (yield* session.http.get("/api/fmc_platform/v1/info/serverversion")).status
})

console.log(await Effect.runPromise(script))
