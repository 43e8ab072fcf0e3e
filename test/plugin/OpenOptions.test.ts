// Where a device is can be said in several ways; all of them mean the same, and what cannot be is told by its name.
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { Session } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { TargetConfig } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

/** A value that the types refuse and JavaScript does not. */
const odd = (given: unknown) => given as never
const under = <A, E, R>(effect: Effect.Effect<A, E, R>, variables: Readonly<Record<string, string>>) =>
  Effect.withConfigProvider(effect, ConfigProvider.fromMap(new Map(Object.entries(variables))))
// What each gives is of no matter here.
const backends = [Fmc, Fdm, CdFmc] as unknown as ReadonlyArray<typeof Fmc>
const rejected = (work: () => Promise<unknown>) =>
  Effect.promise(() =>
    work().then(
      () => expect.unreachable(),
      (error: unknown) => error
    )
  )

describe("a device", () => {
  it.scopedLive("is where data, the environment, a configuration or a Target say that it is", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { certificate, url, username } = sandbox
      const trust = { pin: certificate.sha256 }
      const password = Redacted.value(sandbox.password)
      const variables = { HQ_URL: url, HQ_PIN: trust.pin, HQ_USERNAME: username, HQ_PASSWORD: password }
      for (const given of [
        { url, trust, credentials: { username, password } },
        { url: new URL(url), trust: "insecure", credentials: { username, password: sandbox.password } },
        { url, trust: sandbox.fmc.target.trust, credentials: sandbox.fmc.credentials },
        { url, trust, credentials: { env: "HQ" } },
        { env: "HQ" },
        "HQ",
        sandbox.fmc
      ] as const) {
        const opened = Effect.all([
          Effect.map(Fmc.make(given), ({ session }) => session),
          Effect.map(Fdm.make(given), ({ session }) => session),
          Effect.map(Layer.build(Fmc.layer(given)), () => undefined),
          Effect.provide(Session.Session, Layer.provide(Session.layer(), Fdm.provider(given)))
        ])
        const [{ target }] = yield* Effect.scoped(under(opened, variables))
        expect(`${target.origin}/`).toBe(new URL(url).href)
        if (typeof given === "object" && "url" in given)
          yield* Effect.promise(() =>
            Fmc.use({ ...given, credentials: sandbox.fmc.credentials }, (fmc) => fmc.serverVersion())
          )
      }
      const token = yield* sandbox.cdfmc.credentials
      const cloud = { CLOUD_TOKEN: Redacted.value(token.password) }
      const given = { url, trust, credentials: { tokenEnv: "CLOUD_TOKEN" } }
      const asked = Effect.flatMap(CdFmc.make(given), (cdfmc) => cdfmc.serverVersion)
      expect(yield* Effect.scoped(under(asked, cloud))).toHaveProperty("serverVersion")
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.effect("has the same target and credentials, however they are said", () =>
    Effect.gen(function* () {
      const data = yield* TargetConfig.decode(
        {
          url: "https://hq.example",
          proxy: "http://proxy.example:3128",
          connectTimeout: "3 seconds",
          credentials: { env: "HQ" }
        },
        "devices.hq"
      )
      const variables = {
        HQ_URL: "https://hq.example",
        HQ_PROXY: "http://proxy.example:3128",
        HQ_CONNECT_TIMEOUT: "3000",
        HQ_USERNAME: "api",
        HQ_PASSWORD: "hunter2"
      }
      const environment = yield* under(TargetConfig.fromEnv("HQ"), variables)
      expect(environment.target).toEqual(data.target)
      expect(yield* under(environment.credentials, variables)).toEqual(
        yield* under(data.credentials, variables)
      )
    })
  )

  it.scopedLive("has the settings of its kind and of its session beside, from the environment too", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const events: Array<string> = []
      const onEvent = ({ _tag }: { readonly _tag: string }) => events.push(_tag)
      const at = { url: sandbox.url, trust: "insecure", credentials: sandbox.fmc.credentials } as const
      const variables = {
        HQ_URL: sandbox.url,
        HQ_PIN: sandbox.certificate.sha256,
        HQ_USERNAME: sandbox.username,
        HQ_PASSWORD: Redacted.value(sandbox.password),
        HQ_TOKEN_LIFETIME: "5 minutes",
        HQ_API_VERSION: "v5"
      }
      const lifetime = (fmc: Effect.Effect<Fmc.Fmc, unknown, Scope.Scope>) =>
        under(Effect.scoped(Effect.flatMap(fmc, ({ session }) => session.token)), variables).pipe(
          Effect.map((token) => Duration.toMinutes(token.lifetime ?? 0))
        )
      expect(yield* lifetime(Fmc.make({ ...at, tokenLifetime: "10 minutes", onEvent }))).toBe(10)
      expect(events).toEqual(["LoggedIn", "LoggedOut"])
      expect(yield* lifetime(Fmc.make({ ...at, tokenLifetime: undefined }))).toBe(30)
      expect(yield* lifetime(Fmc.make("HQ"))).toBe(5)
      expect(yield* lifetime(Fmc.make({ env: "HQ", tokenLifetime: "10 minutes" }))).toBe(10)
      const version = (layer: Layer.Layer<Fdm.Fdm, unknown>) =>
        under(
          Effect.provide(
            Effect.flatMap(Fdm.Fdm, ({ apiVersion }) => apiVersion),
            layer
          ),
          variables
        )
      expect(yield* version(Fdm.layer({ ...at, apiVersion: "v6" }))).toBe("v6")
      expect(yield* version(Fdm.layerConfig("HQ"))).toBe("v5")
      expect(yield* version(Fdm.layerConfig("HQ", { apiVersion: "v6", onEvent }))).toBe("v6")
      const wrong = { ...variables, HQ_TOKEN_LIFETIME: "hunter2" }
      expect(yield* Effect.flip(under(Fmc.make("HQ"), wrong))).toMatchObject({
        field: "HQ_TOKEN_LIFETIME",
        message: expect.stringContaining("give a duration")
      })
    })
  )
})

describe("options that cannot be", () => {
  const url = "https://fmc.example"
  const good = { url, credentials: { env: "NOBODYS" } }
  const misuses: ReadonlyArray<readonly [given: unknown, field: string, words: RegExp]> = [
    [undefined, "options", /there are none; give an object such as \{ url: /],
    [null, "options", /there are none; give an object/],
    [7, "options", /there are none; give an object/],
    [[], "options", /there are none; give an object/],
    [() => good, "options", /there are none; give an object/],
    ["", "env", /give one such as "FMC"/],
    [{ env: 7 }, "env", /give one such as "FMC"/],
    [{}, "url", /it is missing, and a device needs it; give the address/],
    [{ url }, "credentials", /it is missing, and a device needs it; give an object with env/],
    [{ url, credentials: undefined }, "credentials", /it is missing/],
    [
      { ...good, maxConnection: 5 },
      "maxConnection",
      /has no such field; leave it out, .*: did you mean maxConnections\?$/
    ],
    [
      { ...good, onEvnt: () => undefined },
      "onEvnt",
      /has no such field; leave it out, .*: did you mean onEvent\?$/
    ],
    [{ env: "NOBODYS", maxConnections: 5 }, "maxConnections", /cannot stand beside env/],
    [{ ...good, credentials: "hunter2" }, "credentials", /cannot be used; give an object with env/],
    [{ ...good, trust: { pin: "hunter2" } }, "trust", /no SHA-256 fingerprint/],
    [{ ...good, proxy: "hunter2" }, "proxy", /no URL of a proxy/],
    [{ ...good, onEvent: 7 }, "onEvent", /it is no function/],
    [{ target: undefined }, "target", /give Target.make/],
    [{ target: url, credentials: good.credentials }, "target", /give Target.make/],
    ["NOBODYS", "NOBODYS_URL", /NOBODYS_URL is not set or empty.*; set what is missing/]
  ]

  it.scoped.each([undefined, null, "", 7])(
    "such as the prefix %j are InvalidInput in a layerConfig too",
    (prefix) =>
      Effect.gen(function* () {
        for (const { layerConfig } of backends) {
          const error = yield* Effect.flip(Layer.build(layerConfig(odd(prefix))))
          expect(error).toMatchObject({ _tag: "InvalidInput", field: "env" })
        }
        const settings = odd({ tokenLifetme: "10 minutes" })
        const given = { NOBODYS_URL: url, NOBODYS_USERNAME: "api", NOBODYS_PASSWORD: "hunter2" }
        const error = yield* Effect.flip(under(Layer.build(Fmc.layerConfig("NOBODYS", settings)), given))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "tokenLifetme" })
      })
  )

  it.scopedLive.each(misuses)(
    "such as %j are InvalidInput, which says what to give",
    ([given, field, words]) =>
      Effect.gen(function* () {
        for (const { layer, make, open, provider, use } of backends) {
          const errors = [
            yield* Effect.flip(make(odd(given))),
            yield* Effect.flip(Layer.build(layer(odd(given)))),
            // Of a session's options it knows nothing but their names.
            ...(field === "onEvent" ? [] : [yield* Effect.flip(Layer.build(provider(odd(given))))]),
            yield* rejected(() => open(odd(given))),
            yield* rejected(() => use(odd(given), () => undefined))
          ]
          for (const error of errors) {
            expect(error).toMatchObject({
              _tag: "InvalidInput",
              field,
              message: expect.stringMatching(words)
            })
            expect(JSON.stringify([error, String(error)])).not.toContain("hunter2")
          }
        }
      })
  )
})
