// A device below a path of a gateway: all goes there, logins and logouts too, and nothing beside it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { TokenStore } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { gateway } from "../support/gateway.ts"

describe("behind a gateway, below a path of it,", () => {
  it.scopedLive("an FMC is logged in to, read page by page, changed and logged out of", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ objects: 60 })
      const { asked, target } = yield* gateway(sandbox.fmc.target, "/tenants/7")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const fmc = yield* Fmc.make({ ...sandbox.fmc, target: target("/tenants/7/") })
          const domain = yield* fmc.domain("Global")
          const hosts = yield* Stream.runCollect(domain.hosts.list({ limit: 10 }))
          expect(new Set([...hosts].map(({ id }) => id)).size).toBeGreaterThan(10)
          const { id } = yield* domain.hosts.create({ name: "behind", value: "192.0.2.9" })
          yield* domain.hosts.remove(id)
          const whole = `${fmc.session.target.origin}/tenants/7/api/fmc_platform/v1/info/serverversion`
          expect((yield* fmc.session.http.get(whole)).status).toBe(200)
        })
      )
      expect(asked[0]).toBe("POST /tenants/7/api/fmc_platform/v1/auth/generatetoken")
      expect(asked.at(-1)).toBe("POST /tenants/7/api/fmc_platform/v1/auth/revokeaccess")
      expect(asked.filter((one) => !one.includes(" /tenants/7/api/"))).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("an FMC that is not there is told with the path that may be wrong", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { target } = yield* gateway(sandbox.fmc.target, "/tenants/7")
      const error = yield* Effect.flip(Fmc.make({ ...sandbox.fmc, target: target("/ui/login") }))
      expect(error.message).toMatch(/check the address https:\/\/\S+\/ui\/login/)
    })
  )

  it.scopedLive("an FDM is spoken to in its version, and logged out of", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { asked, target } = yield* gateway(sandbox.fdm.target, "/fdm")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const fdm = yield* Fdm.make({ ...sandbox.fdm, target: target("/fdm") })
          yield* Stream.runDrain(fdm.networks.list({ limit: 1 }))
          const { subject } = yield* fdm.customToken({ subject: "job", expiresIn: 600 })
          yield* fdm.revokeSubject(subject)
        })
      )
      expect(asked.filter((one) => !one.includes(" /fdm/api/"))).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive.each(["/firewall", "/firewall/", "/firewall/v1", "/firewall/v1/cdfmc"])(
    "a cdFMC is found by %s",
    (path) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ objects: 60 })
        const { asked, target } = yield* gateway(sandbox.cdfmc.target, "/firewall/v1/cdfmc")
        const cdfmc = yield* CdFmc.make({ ...sandbox.cdfmc, target: target(path) })
        const { hosts } = yield* cdfmc.domain("Global")
        expect(yield* Stream.runCount(hosts.list({ limit: 10 }))).toBeGreaterThan(10)
        expect(asked.length).toBeGreaterThan(1)
        expect(asked.filter((one) => !one.includes(" /firewall/v1/cdfmc/api/fmc_config/"))).toEqual([])
      })
  )

  it.scopedLive("nothing is sent to what lies beside the path, whatever a script asks for", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { asked, target } = yield* gateway(sandbox.fmc.target, "/a")
      const { session } = yield* Fmc.make({ ...sandbox.fmc, target: target("/a") })
      const { origin } = session.target
      const before = asked.length
      for (const url of [
        `${origin}/`,
        `${origin}/b/api/x`,
        `${origin}/ab/api/x`,
        `${origin}/a/../b/api/x`,
        `${origin}/a/%2e%2e/b/api/x`,
        `${origin}/a%2f..%2fb/x`,
        "/../b/api/x",
        "/api/../../b/x",
        "/%2e%2e/b/x",
        "/..%5cb/x"
      ]) {
        expect([url, yield* Effect.flip(session.http.get(url))]).toMatchObject([
          url,
          { _tag: "InvalidInput" }
        ])
      }
      expect(asked.length).toBe(before)
      yield* session.http.get("/api/x")
      expect(asked.at(-1)).toBe("GET /a/api/x")
    })
  )

  it.scopedLive("two devices at one host have logins of their own, kept in places of their own", () =>
    Effect.gen(function* () {
      const keys: Array<TokenStore.Key> = []
      const slot: TokenStore.Service["openSlot"] = (key) => {
        keys.push(key)
        return Effect.dieMessage("it was told what is to be kept")
      }
      const sandbox = yield* Sandbox.make()
      const { target } = yield* gateway(sandbox.fmc.target, "/a")
      for (const path of ["/a", "/b", "/a/"]) {
        const at = { ...target(path), name: "fmc" }
        yield* Effect.exit(Effect.scoped(Fmc.make({ ...sandbox.fmc, target: at }))).pipe(
          Effect.provideService(TokenStore.TokenStore, { openSlot: slot })
        )
      }
      expect(keys).toHaveLength(3)
      expect(keys[0]).toEqual(keys[2])
      expect(keys[0]).not.toEqual(keys[1])
    })
  )
})
