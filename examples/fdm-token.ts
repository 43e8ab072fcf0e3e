// The four grants of an FDM's token operation, and what they are for: a password grant for the script itself, its
// refresh, a custom token for a monitoring job that must not know the password, and the revoking of both.
//
// Runs against an embedded sandbox, or with FDM_URL, FDM_USERNAME, FDM_PASSWORD (FDM_PIN or FDM_CA_FILE) against a
// device.

import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Main } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"

const subject = "monitoring"

const grants = Effect.gen(function* () {
  const fdm = yield* Fdm.Fdm
  const { target } = fdm.session
  console.log(`password grant: logged in to ${target.name}, API ${yield* fdm.apiVersion}`)

  yield* fdm.session.renew
  console.log("refresh_token grant: a new pair of tokens")

  const token = yield* fdm.customToken({ subject, expiresIn: 3600, refreshExpiresIn: 7200, refreshCount: 1 })
  const hours = Math.round((token.expiresAt - Date.now()) / 360_000) / 10
  console.log(
    `custom_token grant: for "${subject}", good for ${hours} hours and ${token.refreshesLeft} refresh`
  )

  const read = Effect.gen(function* () {
    const job = yield* Fdm.make({ target, token })
    return (yield* job.http.get("/object/networks", { urlParams: { limit: 1 } })).status
  })
  console.log(`the monitoring job reads with it: status ${yield* Effect.scoped(read)}`)

  yield* fdm.revokeSubject(subject)
  console.log(`revoke_token grant: the tokens of "${subject}" are revoked`)
  const refused = yield* Effect.flip(Effect.scoped(read))
  console.log(`the monitoring job is refused: ${refused._tag}`)
})

const embedded = Layer.unwrapScoped(Effect.map(Sandbox.make(), (sandbox) => Fdm.layer(sandbox.fdm)))

Main.run(
  Effect.gen(function* () {
    const url = yield* Config.option(Config.string("FDM_URL"))
    if (Option.isSome(url)) yield* Effect.provide(grants, Fdm.layerConfig("FDM"))
    else yield* Effect.provide(grants, embedded)
    console.log("logged out: the script's own token is revoked")
  })
)
