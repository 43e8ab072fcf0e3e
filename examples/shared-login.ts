// One login for many runs of a script: each is a session of its own, but the login is kept on disk for the next, which
// goes on with it. For scripts that are started every minute. The last run here ends the login.
//
// Runs against an embedded sandbox, or with FMC_URL, FMC_USERNAME, FMC_PASSWORD (FMC_PIN or FMC_CA_FILE) against an
// FMC. Keeps the login in a folder of its own, which it removes.

import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Main, type SessionEvent, TokenStore } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const onEvent = (event: SessionEvent.SessionEvent) => {
  switch (event._tag) {
    case "LoggedIn":
      return console.log("  logged in")
    case "Adopted":
      return console.log("  goes on with the login that it found")
    case "Kept":
      return console.log("  left the login for the next run")
    case "LoggedOut":
      return console.log("  logged out")
    case "StoreFailed":
      return console.log(`  ${event.message}`)
  }
}

const run = Effect.flatMap(Fmc.Fmc, ({ session }) =>
  session.http.get("/api/fmc_platform/v1/info/serverversion")
)

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "sallyport-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const runs = <E>(fmc: Layer.Layer<Fmc.Fmc, E>) =>
  Effect.gen(function* () {
    const path = yield* folder
    for (const name of ["First run", "Second run", "Last run"]) {
      console.log(name)
      const store = TokenStore.disk({
        folder: path,
        whenLastCloses: name === "Last run" ? "logOut" : "keep"
      })
      yield* Effect.provide(run, Layer.provide(fmc, TokenStore.layer(store)))
    }
  })

Main.run(
  Effect.gen(function* () {
    const url = yield* Config.option(Config.string("FMC_URL"))
    if (Option.isSome(url)) return yield* runs(Fmc.layerConfig("FMC", { onEvent }))
    const sandbox = yield* Sandbox.make()
    yield* runs(Fmc.layer({ ...sandbox.fmc, onEvent }))
    const { open, opened } = sandbox.ledger
    console.log(`Ledger: ${opened} session opened, ${open} left open`)
  }).pipe(Effect.scoped)
)
