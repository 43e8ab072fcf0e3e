import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

const token = () => Redacted.make(`token-${crypto.randomUUID()}`)

Testing.authProvider("cdfmc", {
  make: Effect.gen(function* () {
    const apiToken = token()
    const sandbox = yield* Sandbox.make({ apiToken })
    return {
      provider: CdFmc.provider({ ...sandbox.cdfmc, credentials: Credentials.token(apiToken) }),
      request: "/api/fmc_platform/v1/info/serverversion",
      counts: Effect.sync(() => sandbox.ledger.fmc),
      evict: Effect.suspend(() => sandbox.setApiToken(token())),
      failNext: (status) => sandbox.fail({ how: Sandbox.Fault.status(status) }),
      ages: true,
      plugin: { plugin: CdFmc.plugin },
      byId: (session, id) =>
        Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) => hosts.remove(id)),
      change: (session) =>
        Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) =>
          hosts.create({ name: "contract", value: "192.0.2.1" })
        )
    }
  })
})
