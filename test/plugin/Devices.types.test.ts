// What does not compile: each line below an @ts-expect-error is a mistake that the types find.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Scope } from "effect/Scope"
import { Devices } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const kinds = Devices.make([Fmc.plugin, Fdm.plugin, CdFmc.plugin])
const url = "https://device.example"
const credentials = { env: "FMC" }
const fmc = { kind: "fmc", url, credentials } as const

it.scoped(
  "the types of a configuration find an unknown kind, a field of another kind and an unknown device",
  () =>
    Effect.gen(function* () {
      const devices = yield* kinds.open({
        hq: { kind: "fmc", url, credentials, tokenLifetime: "10 minutes" },
        edge: { kind: "fdm", url, trust: { pin: "AB".repeat(32) }, credentials, apiVersion: "v6" }
      })
      const typed = {
        hq: (): Effect.Effect<Fmc.Fmc, unknown> => devices.get("hq"),
        edge: (): Effect.Effect<Fdm.Fdm, unknown> => devices.get("edge"),
        // @ts-expect-error an FDM's client is no FMC's
        wrong: (): Effect.Effect<Fmc.Fmc, unknown> => devices.get("edge"),
        // @ts-expect-error there is no such device
        none: () => devices.get("nowhere")
      }
      const refused: ReadonlyArray<Effect.Effect<unknown, unknown, Scope>> = [
        // @ts-expect-error there is no such kind
        kinds.open({ hq: { kind: "asa", url, credentials } }),
        // @ts-expect-error an FMC has no API version
        kinds.open({ hq: { kind: "fmc", url, credentials, apiVersion: "v6" } }),
        // @ts-expect-error an FDM has no token lifetime
        kinds.open({ a: fmc, b: { kind: "fdm", url, credentials, tokenLifetime: 1 } }),
        // @ts-expect-error it has no address
        kinds.open({ hq: { kind: "fmc", credentials } }),
        // @ts-expect-error it has no credentials
        kinds.open({ hq: { kind: "fmc", url } })
      ]
      // What the types refuse is refused at run time too, where there are none.
      for (const attempt of refused) {
        expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "InvalidInput" })
      }
      expect(Object.keys(typed)).toHaveLength(4)
    })
)
