// What is particular to a cdFMC: a token in place of a login. What holds for every session is in test/auth.
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Credentials, Session, type SessionError, type SessionEvent } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Canaries from "../../support/canaries.ts"

const global = { name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }
const version = "/api/fmc_platform/v1/info/serverversion"
const tokenOf = (name: string) => Redacted.make(`${name}-${crypto.randomUUID()}`)

/** A cdFMC with whatever token is put in the box. */
const box = (first: Redacted.Redacted) => {
  const held = { token: first }
  return { held, credentials: Effect.suspend(() => Credentials.token(held.token)) }
}

describe("a cdFMC", () => {
  it.scopedLive("gives the FMC's client, with one domain that nothing is asked for", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const cdfmc = yield* CdFmc.make(sandbox.cdfmc)
      expect([...(yield* Stream.runCollect(cdfmc.listDomains()))]).toEqual([global])
      const domain = yield* cdfmc.domain("global")
      expect(sandbox.ledger.requests).toEqual([])

      const response = yield* domain.http.get("/object/hosts", { urlParams: { limit: 2 } })
      const page = yield* Effect.flatMap(cdfmc.filterStatusOk(response), ({ json }) => json)
      expect(page).toMatchObject({ items: [{ type: "Host" }, { type: "Host" }], paging: { limit: 2 } })
      expect(yield* Effect.flip(cdfmc.domain("Global/Branch"))).toMatchObject({ _tag: "InvalidInput" })
    })
  )

  it.scopedLive("is sent the token and nothing else: no login, no refresh, no logout", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { session } = yield* CdFmc.make(sandbox.cdfmc)
          yield* session.http.get(version)
          yield* session.renew
          yield* session.http.get(version)
          expect(yield* session.token).toMatchObject({
            refresh: undefined,
            expiresAt: undefined,
            refreshesLeft: 0,
            revocable: false
          })
        })
      )
      expect(sandbox.ledger.requests.map(({ kind, path, status }) => [kind, path, status])).toEqual([
        ["call", version, 200],
        ["call", version, 200]
      ])
      expect(sandbox.ledger).toMatchObject({ opened: 0, logins: 0, revokes: 0 })
    })
  )

  it.scopedLive("tells words of a refusal as an FMC does", () =>
    Effect.gen(function* () {
      const cdfmc = yield* CdFmc.make((yield* Sandbox.make()).cdfmc)
      const { http } = yield* cdfmc.domain("Global")
      const error = yield* Effect.flip(Effect.flatMap(http.get("/object/hosts/none"), cdfmc.filterStatusOk))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
      expect(error.message).toContain("does not exist")
    })
  )

  it.scopedLive.each([
    [
      "an account",
      Credentials.password({ username: "api", password: Redacted.make("secret-of-the-account") })
    ],
    ["a token after the word Bearer", Credentials.token(Redacted.make("Bearer secret-of-the-account"))],
    ["a token with a line break in it", Credentials.token(Redacted.make("secret-of-the\n-account"))]
  ] as const)("sends nothing to a device for %s in place of a token", ([, credentials]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const error = yield* Effect.flip(CdFmc.make({ ...sandbox.cdfmc, credentials }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "credentials" })
      expect(error.message).toContain("Credentials.token(…)")
      expect(error.message).not.toContain("secret-of-the")
      expect(sandbox.ledger.requests).toEqual([])
    })
  )
})

describe("an empty token", () => {
  it.scopedLive("is told as that, before anything is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const credentials = Credentials.token(Redacted.make(""))
      const error = yield* Effect.flip(CdFmc.make({ ...sandbox.cdfmc, credentials }))
      expect([error._tag, error.message]).toEqual([
        "InvalidInput",
        "token: it is empty; look at where it is kept."
      ])
      expect(sandbox.ledger.requests).toEqual([])
    })
  )
})

describe("a token that the cdFMC refuses", () => {
  it.scopedLive("is TokenRejected, says what to do, and is not sent again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const credentials = Credentials.token(tokenOf("wrong"))
      const { session } = yield* CdFmc.make({
        ...sandbox.cdfmc,
        credentials,
        backOff: () => "1 millis"
      })
      const read = session.http.get(version)
      const works: ReadonlyArray<Effect.Effect<unknown, SessionError>> = [
        read,
        read,
        session.token,
        session.renew
      ]
      for (const work of works) {
        const error = yield* Effect.flip(work)
        expect(error._tag).toBe("TokenRejected")
        expect(error.message).toMatch(/Make a new API token for an API-only user/)
        expect(error.message).not.toMatch(/password|clock|someone else/)
      }
      expect(sandbox.ledger.requests.map(({ status }) => status)).toEqual([401])
    })
  )

  it.scopedLive("in the middle of the work is so too, for all who wait, and is an event", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const credentials = yield* Effect.map(sandbox.cdfmc.credentials, Effect.succeed)
      const events: Array<SessionEvent.SessionEvent["_tag"]> = []
      const onEvent = ({ _tag }: SessionEvent.SessionEvent) => events.push(_tag)
      const { session } = yield* CdFmc.make({ ...sandbox.cdfmc, credentials, onEvent })
      yield* session.http.get(version)
      yield* sandbox.setApiToken(tokenOf("another"))
      const errors = yield* Effect.all(
        Array.from({ length: 16 }, () => Effect.flip(session.http.get(version))),
        { concurrency: 16 }
      )
      expect(new Set(errors.map(({ _tag }) => _tag))).toEqual(new Set(["TokenRejected"]))
      expect(events).toContain("Evicted")
      expect(sandbox.ledger.requests.length).toBeLessThanOrEqual(17)
    })
  )

  it.scopedLive(
    "is replaced by another that the credentials give by then, and the request goes through",
    () =>
      Effect.gen(function* () {
        const old = tokenOf("old")
        const sandbox = yield* Sandbox.make({ apiToken: old })
        const { credentials, held } = box(old)
        const { session } = yield* CdFmc.make({ ...sandbox.cdfmc, credentials })
        yield* session.http.get(version)
        held.token = tokenOf("new")
        yield* sandbox.setApiToken(held.token)
        expect((yield* session.http.get(version)).status).toBe(200)
        expect(sandbox.ledger.requests.map(({ status }) => status)).toEqual([200, 401, 200])
      })
  )

  it.scopedLive("is nobody else's affair: a hundred sessions with tokens of their own", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const good = yield* CdFmc.make(sandbox.cdfmc)
      const bad = yield* Effect.forEach(
        Array.from({ length: 99 }),
        () => CdFmc.make({ ...sandbox.cdfmc, credentials: Credentials.token(tokenOf("bad")) }),
        { concurrency: 99 }
      )
      const errors = yield* Effect.forEach(bad, ({ session }) => Effect.flip(session.http.get(version)), {
        concurrency: 20
      })
      expect(new Set(errors.map(({ _tag }) => _tag))).toEqual(new Set(["TokenRejected"]))
      expect((yield* good.session.http.get(version)).status).toBe(200)
      const late = yield* CdFmc.make(sandbox.cdfmc)
      expect((yield* late.session.http.get(version)).status).toBe(200)
    })
  )

  it.scopedLive("is printed nowhere, nor is a good one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const evidence = Canaries.evidence()
      const good = yield* sandbox.cdfmc.credentials
      const bad = tokenOf("bad")
      for (const secret of [good.password, bad]) evidence.plant(secret)
      for (const credentials of [Effect.succeed(good), Credentials.token(bad)]) {
        const work = Effect.scoped(
          Effect.gen(function* () {
            const onEvent = (event: SessionEvent.SessionEvent) => evidence.print("an event", event)
            const cdfmc = yield* CdFmc.make({ ...sandbox.cdfmc, credentials, onEvent })
            const { http } = yield* cdfmc.domain("Global")
            evidence.print("the client", cdfmc)
            evidence.print("the token", yield* cdfmc.session.token)
            const response = yield* http.get("/object/hosts")
            evidence.print("the response", response)
            evidence.print("the request", response.request)
          })
        )
        evidence.print("what came of it", yield* evidence.watch("a script", work))
      }
      evidence.print("the sandbox", sandbox)
      expect(evidence.size().texts).toBeGreaterThan(50)
      expect(evidence.found()).toEqual([])
    })
  )
})

describe("a cdFMC from the environment", () => {
  const environment = (variables: Readonly<Record<string, string>>) =>
    Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))

  it.scopedLive("is a layer under a tag of its own, beside that of an FMC", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { password } = yield* sandbox.cdfmc.credentials
      const both = Layer.merge(CdFmc.layerConfig("CLOUD"), Fmc.layerConfig("FMC")).pipe(
        Layer.provide(
          environment({
            CLOUD_URL: sandbox.url,
            CLOUD_TOKEN: Redacted.value(password),
            CLOUD_PIN: sandbox.certificate.sha256,
            FMC_URL: sandbox.url,
            FMC_USERNAME: sandbox.username,
            FMC_PASSWORD: Redacted.value(sandbox.password),
            FMC_PIN: sandbox.certificate.sha256
          })
        )
      )
      yield* Effect.gen(function* () {
        const cdfmc = yield* CdFmc.CdFmc
        const fmc = yield* Fmc.Fmc
        expect((yield* cdfmc.session.http.get(version)).status).toBe(200)
        expect(yield* Stream.runCount(cdfmc.listDomains())).toBe(1)
        expect(yield* Stream.runCount(fmc.listDomains())).toBe(2)
      }).pipe(Effect.provide(both))
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("names all that is missing at once", () =>
    Effect.gen(function* () {
      const layer = Layer.provide(CdFmc.layerConfig("CDFMC"), environment({}))
      const error = yield* Effect.flip(Layer.build(layer))
      expect(String(error)).toContain("CDFMC_URL")
      expect(String(error)).toContain("CDFMC_TOKEN")
    })
  )

  it.scopedLive(
    "reads the token again when the one it has is refused: the new one, or the name that is missing",
    () =>
      Effect.gen(function* () {
        const old = tokenOf("old")
        const next = tokenOf("next")
        const sandbox = yield* Sandbox.make({ apiToken: old })
        const set = (name: string, value: string | undefined) => {
          if (value === undefined) delete process.env[`ROTATED_CDFMC_${name}`]
          else process.env[`ROTATED_CDFMC_${name}`] = value
        }
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            for (const name of ["URL", "TOKEN", "PIN"]) set(name, undefined)
          })
        )
        set("URL", sandbox.url)
        set("TOKEN", Redacted.value(old))
        set("PIN", sandbox.certificate.sha256)
        yield* Effect.gen(function* () {
          const { session } = yield* CdFmc.CdFmc
          yield* session.http.get(version)
          set("TOKEN", Redacted.value(next))
          // Nothing asks for the new one while the old one is good.
          expect((yield* session.token).access).toEqual(old)
          yield* sandbox.setApiToken(next)
          expect((yield* session.http.get(version)).status).toBe(200)
          expect((yield* session.token).access).toEqual(next)

          set("TOKEN", undefined)
          yield* sandbox.setApiToken(tokenOf("last"))
          expect(yield* Effect.flip(session.http.get(version))).toMatchObject({
            _tag: "InvalidInput",
            field: "ROTATED_CDFMC_TOKEN"
          })
        }).pipe(Effect.provide(CdFmc.layerConfig("ROTATED_CDFMC")))
      })
  )

  it.scopedLive("is a provider too, for a workflow on any session", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const status = yield* Effect.flatMap(Session.Session, ({ http }) => http.get(version)).pipe(
        Effect.map((response) => response.status),
        Effect.provide(Layer.provide(Session.layer(), CdFmc.provider(sandbox.cdfmc)))
      )
      expect(status).toBe(200)
    })
  )
})
