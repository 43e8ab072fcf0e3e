import * as Effect from "effect/Effect"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

Testing.authProvider("fmc", {
  make: Effect.map(Sandbox.make(), (sandbox) => ({
    provider: Fmc.provider(sandbox.fmc),
    request: "/api/fmc_platform/v1/info/serverversion",
    counts: Effect.sync(() => sandbox.ledger.fmc),
    evict: sandbox.evict(),
    failNext: (status) => sandbox.fail({ how: Sandbox.Fault.status(status) }),
    ages: true,
    plugin: { plugin: Fmc.plugin, config: { tokenLifetime: "30 minutes" } },
    byId: (session, id) =>
      Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) => hosts.remove(id)),
    change: (session) =>
      Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) =>
        hosts.create({ name: "contract", value: "192.0.2.1" })
      )
  }))
})
