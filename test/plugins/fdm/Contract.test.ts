import * as Effect from "effect/Effect"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

const apiVersion = "v6"
const request = "/api/fdm/v6/object/networks?limit=1"

const byPassword = () =>
  Testing.authProvider("fdm", {
    make: Effect.map(Sandbox.make(), (sandbox) => ({
      provider: Fdm.provider({ ...sandbox.fdm, apiVersion }),
      request,
      counts: Effect.sync(() => sandbox.ledger.fdm),
      evict: sandbox.evict(),
      failNext: (status) => sandbox.fail({ how: Sandbox.Fault.status(status) }),
      ages: true,
      plugin: { plugin: Fdm.plugin, config: { apiVersion } },
      byId: (session, id) => Fdm.client(session, { apiVersion }).networks.remove(id),
      change: (session) =>
        Fdm.client(session, { apiVersion }).networks.create({
          name: "contract",
          subType: "HOST",
          value: "192.0.2.1"
        })
    }))
  })

const byCustomToken = () =>
  Testing.authProvider("fdm on a custom token", {
    make: Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const maker = yield* Fdm.make({ ...sandbox.fdm, apiVersion })
      const token = yield* maker.customToken({
        subject: "contract",
        expiresIn: 3600,
        refreshCount: 2,
        refreshExpiresIn: 7200
      })
      return {
        provider: Fdm.provider({ target: sandbox.fdm.target, token, apiVersion }),
        request,
        evict: sandbox.evict(),
        failNext: (status: number) => sandbox.fail({ how: Sandbox.Fault.status(status) }),
        ages: true
      }
    })
  })

const byBareCustomToken = () =>
  Testing.authProvider("fdm on a bare custom token", {
    make: Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const maker = yield* Fdm.make({ ...sandbox.fdm, apiVersion })
      const { access: token } = yield* maker.customToken({ subject: "contract", expiresIn: 3600 })
      return {
        provider: Fdm.provider({ target: sandbox.fdm.target, token, apiVersion }),
        request,
        evict: sandbox.evict()
      }
    })
  })

for (const contract of [byPassword, byCustomToken, byBareCustomToken]) contract()
