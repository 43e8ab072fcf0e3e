// The contract bites: a plugin that is wrong in one thing breaks the clause that is about it. Races are the
// session's own (test/auth); here it is what a provider can get wrong.
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Fmc from "sallyport/fmc"
import { AuthProvider } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"
import { type Broken, broken } from "./broken.ts"

const request = "/api/fmc_platform/v1/info/serverversion"

/** An FMC in the sandbox, with a provider that is spoilt. */
const spoilt = ({ spoil = () => ({}), subject = () => ({}) }: Partial<Broken> = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const good = Context.get(yield* Layer.build(Fmc.provider(sandbox.fmc)), AuthProvider.AuthProvider)
    const whole: Testing.Subject = {
      provider: { ...good, ...spoil(good) },
      request,
      failNext: (status) => sandbox.fail({ how: Sandbox.Fault.status(status) }),
      evict: sandbox.evict(),
      ages: true,
      plugin: { plugin: Fmc.plugin },
      byId: (session, id) =>
        Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) => hosts.remove(id)),
      change: (session) =>
        Effect.flatMap(Fmc.client(session).domain("Global"), ({ hosts }) =>
          hosts.create({ name: "contract", value: "192.0.2.1" })
        )
    }
    return { ...whole, ...subject(whole) }
  })

/** What came of these clauses: `Kept`, why it was skipped, or what was found. */
const outcomes = (make: Testing.Options["make"], clauses?: ReadonlyArray<string>) =>
  Effect.forEach(
    Testing.contract({ make }).filter(({ name }) => clauses?.includes(name) ?? true),
    ({ name, run }) =>
      Effect.match(run, {
        onSuccess: (outcome) => ({
          name,
          tag: outcome._tag,
          said: outcome._tag === "Skipped" ? outcome.because : ""
        }),
        onFailure: (error) => ({ name, tag: error._tag, said: error.message })
      }),
    { concurrency: 4 }
  )

describe("a plugin breaks the contract that", () => {
  for (const { caughtBy, fault, ...wrong } of broken) {
    it.live(fault, () =>
      Effect.gen(function* () {
        const all = yield* outcomes(spoilt(wrong), caughtBy)
        expect(all.map(({ name, tag }) => [name, tag])).toEqual(
          caughtBy.map((name) => [name, "ContractBroken"])
        )
        for (const { name, said } of all) expect(said.startsWith(`${name}: `)).toBe(true)
      })
    )
  }
})

it.live("a good plugin keeps it, and each clause is tried", () =>
  Effect.gen(function* () {
    const all = yield* outcomes(spoilt())
    expect(all.filter(({ tag }) => tag === "ContractBroken")).toEqual([])
    expect(all.filter(({ tag }) => tag === "Skipped").map(({ said }) => said)).toEqual([
      "a login brings another token"
    ])
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  })
)

describe("a token whose second secret is no refresh token", () => {
  it.live("is not refreshed by any clause: it has no refreshes left", () =>
    Effect.gen(function* () {
      const name = "a target's path is kept by logins, requests, refreshes and logouts"
      const refresh = () => Effect.dieMessage("it is not refreshed")
      const plugin: typeof Fmc.plugin = {
        ...Fmc.plugin,
        backend: (config, device) =>
          Effect.map(Fmc.plugin.backend(config, device), ({ client, provider }) => ({
            client,
            provider: { ...provider, refresh }
          }))
      }
      const make = spoilt({
        spoil: ({ login }) => ({
          login: (account) => Effect.map(login(account), (given) => ({ ...given, refreshesLeft: 0 })),
          refresh
        }),
        subject: () => ({ plugin: { plugin } })
      })
      expect(yield* outcomes(make, [name])).toEqual([{ name, tag: "Kept", said: "" }])
    })
  )
})
