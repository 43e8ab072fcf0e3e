// A script whose login is kept on disk. In its environment: BACKEND (fmc, fdm), FOLDER, LAST and LEFT (policies of the
// store), READS (how many, 200 ms apart) and LIFETIME (of the device's tokens, in seconds). Says "opened", each event
// and the status of each read.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main, type Session, type SessionEvent, TokenStore } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const { BACKEND, FOLDER, LAST, LEFT, LIFETIME, READS } = process.env

const use = (session: Session.Session, path: string) =>
  Effect.gen(function* () {
    console.log("opened")
    for (let reads = 0; reads < Number(READS ?? 0); reads++) {
      const { status } = yield* session.http.get(path)
      console.log(`read ${status}`)
      yield* Effect.sleep("200 millis")
    }
    console.log("done")
  })

const onEvent = ({ _tag }: SessionEvent.SessionEvent) => console.log(`event ${_tag}`)

const script =
  BACKEND === "fdm"
    ? Effect.flatMap(Fdm.Fdm, ({ session }) => use(session, "/api/fdm/v6/object/networks?limit=1")).pipe(
        Effect.provide(Fdm.layerConfig("FDM", { onEvent, apiVersion: "v6" }))
      )
    : Effect.flatMap(Fmc.Fmc, ({ session }) => use(session, "/api/fmc_platform/v1/info/serverversion")).pipe(
        Effect.provide(
          Fmc.layerConfig("FMC", { onEvent, tokenLifetime: `${Number(LIFETIME ?? 1800)} seconds` })
        )
      )

Main.run(
  Effect.provide(
    script,
    TokenStore.layer(
      TokenStore.disk({
        folder: FOLDER,
        whenLastCloses: LAST === "logOut" ? "logOut" : "keep",
        leftBehind: LEFT === "logOut" ? "logOut" : "adopt"
      })
    )
  )
)
