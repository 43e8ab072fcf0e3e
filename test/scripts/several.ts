// Several scripts in one process. How they end is in WAY; each has a session, and says so when it is over.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const script = (name: string, work: Effect.Effect<unknown>) =>
  Main.run(
    Effect.provide(
      Effect.zipRight(
        Fmc.Fmc,
        Effect.zipRight(
          work,
          Effect.sync(() => console.log(`${name} is over`))
        )
      ),
      Fmc.layerConfig("FMC")
    )
  )
const slowly = (work: () => unknown) => Effect.andThen(Effect.sleep("700 millis"), work)
const leaves = Effect.sync(() => process.exit(3))

const ways: Record<string, () => unknown> = {
  end: () => {
    script("the first", Effect.void)
    script(
      "the second",
      slowly(() => undefined)
    )
  },
  "an exit in one": () => {
    script("the first", Effect.never)
    script(
      "the second",
      slowly(() => process.exit(3))
    )
  },
  "a failure of one": () => {
    script("the first", Effect.never)
    script("the second", Effect.andThen(Effect.sleep("700 millis"), Effect.dieMessage("a bug")))
  },
  "one inside the other": () =>
    script(
      "the first",
      Effect.zipRight(
        Effect.sync(() => script("the second", leaves)),
        Effect.never
      )
    ),
  "an exit in one without Effect, inside one with it": () =>
    script(
      "the first",
      Effect.promise(() => Fdm.use("FDM", () => process.exit(3)))
    ),
  "an exit in one with Effect, inside one without it": () =>
    Fdm.use("FDM", () => {
      script("the second", leaves)
      return new Promise(() => {})
    }),
  "the end of one that has opened another without Effect": () =>
    script(
      "the first",
      Effect.promise(() => Fdm.open("FDM"))
    )
}

await ways[process.env.WAY ?? ""]?.()
