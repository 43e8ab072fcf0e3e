// What a script is told that Deno lets reach a device and nothing else: one line for each thing that it may not do.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Devices, Target, TokenStore } from "sallyport"
import * as Fmc from "sallyport/fmc"

const target = Target.make({ url: "https://127.0.0.1:9" })
const credentials = Credentials.password({ username: "api", password: Redacted.make("Passw0rd") })
const placed = (fields: object) =>
  Devices.make([Fmc.plugin]).openUnknown({ hq: { kind: "fmc", url: "https://127.0.0.1:9", ...fields } })
const account = { username: "api", password: "Passw0rd" }

const asked: ReadonlyArray<Effect.Effect<unknown, { readonly message: string }>> = [
  Effect.scoped(Fmc.make({ target, credentials: Credentials.fromEnv("FMC") })),
  Effect.scoped(placed({ credentials: account, trust: { caFile: "/etc/hosts" } })),
  Effect.scoped(
    Fmc.make({ target, credentials: Credentials.fromFile({ username: "api", path: "/etc/hosts" }) })
  ),
  Effect.provideService(
    Effect.scoped(Fmc.make({ target, credentials })),
    TokenStore.TokenStore,
    TokenStore.disk({ folder: "/etc/sallyport" })
  ),
  Effect.scoped(Fmc.make("HQ"))
]

for (const one of asked) console.log((await Effect.runPromise(Effect.flip(one))).message)
