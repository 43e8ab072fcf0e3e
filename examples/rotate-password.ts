// Changes the password of the account that a script uses on an FDM, and logs in with the new one to prove it. Neither
// password is ever an argument, which others on the machine could read, and neither is printed.
//
//   rotate-password.ts
//
// The FDM is that of FDM_URL, FDM_USERNAME, FDM_PASSWORD, and FDM_PIN or FDM_CA_FILE; the new password is that of
// FDM_NEW_PASSWORD.

import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { Credentials, Main, type SessionEvent } from "sallyport"
import * as Fdm from "sallyport/fdm"

const onEvent = ({ _tag }: SessionEvent.SessionEvent) => {
  if (_tag === "LoggedIn") console.log("logged in")
  if (_tag === "LoggedOut") console.log("logged out")
}

const script = Effect.gen(function* () {
  // Before anything is sent: what is missing is told by its name.
  const [{ password: from, username }, to] = yield* Config.all([
    Credentials.config("FDM"),
    Config.redacted(Config.nonEmptyString("FDM_NEW_PASSWORD"))
  ])
  const change = Effect.flatMap(Fdm.Fdm, (fdm) => fdm.changePassword({ username, from, to }))
  // The change is followed by a login with the new password: when that is refused, so is this.
  yield* Effect.provide(change, Fdm.layerConfig("FDM", { onEvent }))
  console.log(`${username} has the new password: put it into FDM_PASSWORD, wherever that is kept`)
})

Main.run(
  Effect.tapErrorTag(script, "CredentialsRefused", () =>
    Effect.sync(() =>
      console.error(
        "If an earlier run has changed the password, FDM_PASSWORD has to be the new one from now on."
      )
    )
  )
)
