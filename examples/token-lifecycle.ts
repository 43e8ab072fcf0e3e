// The life of an FMC's tokens: a login is good for three refreshes, so the fourth renewal is a login again. Scripts
// need none of this: a session renews itself when it is due. Here it is made to, to be seen.
//
// Runs against an embedded sandbox, or with FMC_URL, FMC_USERNAME, FMC_PASSWORD (FMC_PIN or FMC_CA_FILE) against an
// FMC.

import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Main, type SessionEvent } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const lifecycle = Effect.gen(function* () {
  const { session } = yield* Fmc.Fmc
  for (let renewal = 1; renewal <= 4; renewal++) {
    console.log(`Renewal ${renewal}`)
    yield* session.renew
  }
})

const onEvent = (event: SessionEvent.SessionEvent) => {
  switch (event._tag) {
    case "LoggedIn":
      return console.log(`  login: good for ${event.refreshesLeft} refreshes`)
    case "Refreshed":
      return console.log(`  refresh: ${event.refreshesLeft} left`)
    case "LoggedOut":
      return console.log("Logged out: the token is revoked, and so was that of the first login")
    case "LogoutFailed":
      return console.log(`A token could not be revoked: ${event.message}`)
  }
}

const embedded = Layer.unwrapScoped(
  Effect.map(Sandbox.make(), (sandbox) => Fmc.layer({ ...sandbox.fmc, onEvent }))
)

Main.run(
  Effect.gen(function* () {
    const url = yield* Config.option(Config.string("FMC_URL"))
    if (Option.isSome(url)) return yield* Effect.provide(lifecycle, Fmc.layerConfig("FMC", { onEvent }))
    return yield* Effect.provide(lifecycle, embedded)
  })
)
