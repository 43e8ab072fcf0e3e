// People paste passwords into the wrong variable: what is configured is told by its name, never by what stands there.
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Devices } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { evidence } from "../support/canaries.ts"

// As people have them: of letters alone, with what a URL, a path or a list of pins would be cut at, as a URL.
const secrets = [
  "Zeisig7f3a",
  "Zeisig,7f3a:b9@x/y#z",
  "http://Zeisig7f3a",
  "zeisig:7f3a",
  `ab${"cd".repeat(20)}`
]

const layers: ReadonlyArray<readonly [string, Layer.Layer<never, unknown>]> = [
  ["FMC", Fmc.layerConfig("FMC")],
  ["FDM", Fdm.layerConfig("FDM")],
  ["CDFMC", CdFmc.layerConfig("CDFMC")]
]

describe("a secret in the wrong place", () => {
  for (const [prefix, layer] of layers) {
    it.scopedLive(
      `of the environment is not told: ${prefix}_URL, ${prefix}_PIN, ${prefix}_CA_FILE, ${prefix}_PROXY`,
      () =>
        Effect.gen(function* () {
          const told = evidence()
          const usual = {
            [`${prefix}_URL`]: "https://127.0.0.1:1",
            [`${prefix}_USERNAME`]: "api",
            [`${prefix}_PASSWORD`]: "x",
            [`${prefix}_TOKEN`]: "x"
          }
          for (const secret of secrets) {
            told.plant(Redacted.make(secret))
            for (const variable of ["URL", "PIN", "CA_FILE", "PROXY"]) {
              // A proxy that there may be.
              if (variable === "PROXY" && secret.includes(":") && !secret.includes(",")) continue
              const variables = new Map(Object.entries({ ...usual, [`${prefix}_${variable}`]: secret }))
              const exit = yield* told.watch(
                variable,
                Effect.scoped(Layer.build(layer)).pipe(
                  Effect.flip,
                  Effect.withConfigProvider(ConfigProvider.fromMap(variables))
                )
              )
              expect(`${exit}`).toContain(`${prefix}_${variable}`)
            }
          }
          expect(told.found()).toEqual([])
        })
    )
  }

  it.scopedLive("of a configuration is not told, in whatever field it stands", () =>
    Effect.gen(function* () {
      const told = evidence()
      const kinds = Devices.make([Fmc.plugin, Fdm.plugin, CdFmc.plugin])
      const good = {
        kind: "fmc",
        url: "https://127.0.0.1:1",
        credentials: { username: "api", password: "x" }
      }
      for (const secret of secrets) {
        told.plant(Redacted.make(secret))
        const wrong: ReadonlyArray<object> = [
          { kind: secret },
          { url: secret },
          { trust: secret },
          { trust: { pin: secret } },
          { trust: { pin: [secret] } },
          { trust: { ca: secret } },
          { trust: { caFile: secret } },
          { serverName: `${secret} x` },
          { proxy: `${secret} x` },
          { userAgent: `${secret}\n` },
          { minTlsVersion: secret },
          { maxConnections: secret },
          { connectTimeout: secret },
          { tokenLifetime: secret },
          { credentials: secret },
          { credentials: { username: "api", passwort: secret } },
          { credentials: { username: "api", passwordFile: `/${secret}` } }
        ]
        for (const fields of wrong) {
          const devices = Effect.flatMap(kinds.openUnknown({ hq: { ...good, ...fields } }), (all) =>
            all.get("hq")
          )
          const exit = yield* told.watch(Object.keys(fields).join(), Effect.flip(Effect.scoped(devices)))
          expect(`${exit}`).toContain("InvalidInput")
        }
      }
      expect(told.found()).toEqual([])
    })
  )
})
