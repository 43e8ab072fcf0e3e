// What does not compile: each line below an @ts-expect-error is a mistake that the types find.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Scope } from "effect/Scope"
import { Credentials, Target, Trust } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const url = "https://device.example"
const data = { url, credentials: { env: "NOBODYS" } }
const target = Target.make({ url })
const credentials = Credentials.password({ username: "api", password: Redacted.make("secret") })

it.scoped("the types of options take every form, and find what is missing, misspelt or of another kind", () =>
  Effect.gen(function* () {
    // Not run: they would be sent.
    const taken = () => [
      Fmc.make({ target, credentials, tokenLifetime: "10 minutes", giveWay: true }),
      Fmc.make({ ...data, tokenLifetime: "10 minutes", giveWay: true }),
      Fmc.make({ ...data, trust: { pin: ["AB", "CD"] }, connectTimeout: 5, name: "hq" }),
      Fmc.make({ url: new URL(url), trust: Trust.system, credentials }),
      Fmc.layer({ ...data, trust: "insecure" }),
      Fmc.provider({ ...data, trust: { caFile: "ca.pem" } }),
      Fmc.use({ ...data, poll: { seconds: 1, attempts: 1 } }, (fmc) => fmc.serverVersion()),
      Fdm.make({ ...data, apiVersion: "v6", node: "primary" }),
      Fdm.make({ target, token: Redacted.make("token") }),
      Fdm.open({ env: "FDM", apiVersion: "v6" }),
      CdFmc.make({ url, credentials: { tokenEnv: "CDFMC_TOKEN" } }),
      CdFmc.use("CDFMC", (cdfmc) => cdfmc.serverVersion())
    ]
    const refused: ReadonlyArray<Effect.Effect<unknown, unknown, Scope>> = [
      // @ts-expect-error it has no address
      Fmc.make({ credentials }),
      // @ts-expect-error it has no credentials
      Fmc.make({ url }),
      // @ts-expect-error it is misspelt
      Fmc.make({ ...data, maxConnection: 5 }),
      // @ts-expect-error an FMC has no API version
      Fmc.make({ ...data, apiVersion: "v6" }),
      // @ts-expect-error an FDM has no token lifetime
      Fdm.make({ ...data, tokenLifetime: 1 }),
      // @ts-expect-error a fingerprint is text
      Fmc.make({ ...data, trust: { pin: 7 } }),
      // @ts-expect-error a cdFMC has neither
      CdFmc.make({ ...data, tokenLifetime: 1 }),
      // @ts-expect-error where it is stands in the environment
      Fmc.make({ env: "NOBODYS", url }),
      // @ts-expect-error there is nothing
      Fmc.make(undefined),
      // @ts-expect-error there is no prefix
      Fmc.make(7)
    ]
    // What the types refuse is refused at run time too, where there are none.
    for (const attempt of refused) {
      expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "InvalidInput" })
    }
    expect(taken).toBeTypeOf("function")
  })
)
