// A script that the tests start: it leaves in the middle, as scripts do that know no better way to set their exit code.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const leave = Effect.sync(() => process.exit(3))

Main.run(
  process.env.BACKEND === "fdm"
    ? Effect.provide(Effect.zipRight(Fdm.Fdm, leave), Fdm.layerConfig("FDM"))
    : Effect.provide(Effect.zipRight(Fmc.Fmc, leave), Fmc.layerConfig("FMC"))
)
