// Canaries: a password and tokens that are looked for in everything that is printed when something fails.
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Credentials, Trust } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { evidence, password } from "../support/canaries.ts"
import { fewest } from "../support/long.ts"
import { open } from "./session.ts"

const { Fault } = Sandbox

const faults: ReadonlyArray<readonly [string, Sandbox.Fault.How]> = [
  ...[204, 302, 400, 401, 404, 408, 422, 429, 500, 503].map(
    (code) => [`status ${code}`, Fault.status(code)] as const
  ),
  ["a reset", Fault.reset],
  ["no answer", Fault.hang],
  ["a lost answer", Fault.loseAnswer],
  ["half an answer", Fault.truncated],
  ["garbage", Fault.garbage()],
  ["text", Fault.status(200, { body: "<html>no device</html>" })],
  ["other JSON", Fault.status(200, { body: { access_token: 17, items: "none" } })],
  ["no token", Fault.dropHeader("x-auth-access-token", "x-auth-refresh-token")],
  ["a redirect", Fault.redirect("https://127.0.0.1:1/elsewhere")]
]

describe("what is searched", () => {
  it("is found where it is: plain, escaped, encoded, as bytes, at any depth", () => {
    const secret = password()
    const value = Redacted.value(secret)
    const spelled: ReadonlyArray<unknown> = [
      value,
      new Error(value),
      { a: { b: [{ c: value }] } },
      JSON.stringify(JSON.stringify(value)),
      encodeURIComponent(value),
      `Basic ${Buffer.from(`api:${value}`).toString("base64")}`,
      `x${Buffer.from(`some:${value}`).toString("base64url")}`,
      { body: new TextEncoder().encode(JSON.stringify({ password: value })) },
      Buffer.from(value).toString("hex")
    ]
    for (const each of spelled) {
      const found = evidence()
      found.plant(secret)
      found.print("here", each)
      expect([each, found.found().length > 0]).toEqual([each, true])
    }
    const clean = evidence()
    clean.plant(secret)
    clean.print("here", { secret, nested: [secret] })
    expect(clean.found()).toEqual([])
  })

  it.effect("is what loggers, spans and causes say", () =>
    Effect.gen(function* () {
      const secret = password()
      const value = Redacted.value(secret)
      const told: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        Effect.logDebug(value),
        Effect.annotateLogs(Effect.logInfo("x"), "token", value),
        Effect.annotateCurrentSpan("token", value),
        Effect.withSpan(Effect.void, value),
        Effect.fail({ value }),
        Effect.die(new Error("x", { cause: value }))
      ]
      for (const each of told) {
        const found = evidence()
        found.plant(secret)
        yield* found.watch("here", each)
        expect(found.found()).not.toEqual([])
      }
    })
  )
})

describe.each(fewest(backends))("$name: no secret is told", (backend) => {
  it.scopedLive.each(["login", "refresh", "revoke", "call"] as const)(
    "when a %s fails in any way that the sandbox can",
    (kind) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ password: password() })
        const told = evidence()
        told.plant(sandbox.password)
        const outcomes: Array<string> = []
        for (const [name, how] of faults) {
          // Each its own: one that was refused is not tried again.
          yield* sandbox.setPassword(password())
          told.plant(sandbox.password)
          yield* sandbox.fail({ kind, how, times: 2 })
          const steps = Effect.scoped(
            Effect.gen(function* () {
              const session = yield* open(backend.name, sandbox, told)
              const step = (what: string, work: Effect.Effect<unknown, unknown>) =>
                Effect.map(told.watch(`${name}: ${what}`, work), (exit) => outcomes.push(outcome(exit)))
              yield* step("read", read(session, backend))
              yield* step(
                "JSON",
                Effect.flatMap(read(session, backend), (response) => response.json)
              )
              yield* step("write", session.http.post(backend.readable, { body: HttpBody.unsafeJson({}) }))
              if (kind === "refresh") yield* step("renew", session.renew)
            })
          )
          outcomes.push(outcome(yield* told.watch(name, steps)))
          yield* sandbox.clearFaults()
        }
        expect(told.found()).toEqual([])
        if (kind === "revoke") expect(backend.tally(sandbox).revokesRefused).toBeGreaterThan(5)
        else expect(new Set(outcomes).size).toBeGreaterThan(2)
        const { secrets, spans } = told.size()
        // A password each, and where logins work two tokens.
        expect(secrets).toBeGreaterThan((kind === "login" ? 1 : 3) * faults.length)
        expect(spans).toBeGreaterThan(faults.length)
      }),
    120_000
  )

  it.scopedLive("when the credentials are refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const told = evidence()
      const wrong = password()
      told.plant(wrong)
      const credentials = Credentials.password({ username: "api", password: wrong })
      const login = Effect.scoped(open(backend.name, sandbox, told, { credentials }))
      expect(outcome(yield* told.watch("first", login))).toBe("CredentialsRefused")
      expect(outcome(yield* told.watch("latched", login))).toBe("CredentialsRefused")
      expect(backend.tally(sandbox).loginsRefused).toBe(1)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("when the certificate is another, or nobody is there", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const attempt = (where: string, options: Parameters<typeof open>[3]) =>
        Effect.map(told.watch(where, Effect.scoped(open(backend.name, sandbox, told, options))), outcome)
      expect(yield* attempt("pin", { trust: Trust.pin("ab".repeat(32)) })).toBe("TrustRefused")
      expect(yield* attempt("system", { trust: Trust.system })).toBe("TrustRefused")
      expect(yield* attempt("nobody", { url: "https://127.0.0.1:1" })).toBe("DeviceUnreachable")
      expect(yield* attempt("no such name", { url: "https://sallyport.invalid" })).toBe("DeviceUnreachable")
      expect(sandbox.ledger.requests).toEqual([])
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("when the device redirects, and the other place hears nothing at all", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const other = yield* Sandbox.make({ password: sandbox.password })
      const told = evidence()
      told.plant(sandbox.password)
      for (const kind of ["login", "refresh", "revoke", "call"] as const) {
        for (const status of [301, 302, 307, 308]) {
          const headers = { location: `${other.url}${backend.readable}` }
          const how = Fault.status(status, { headers, body: "" })
          yield* sandbox.fail({ kind, how })
          const steps = Effect.scoped(
            Effect.gen(function* () {
              const session = yield* open(backend.name, sandbox, told)
              yield* Effect.either(told.watch("read", read(session, backend)))
              yield* session.renew
            })
          )
          const exit = yield* told.watch(`${kind} ${status}`, steps)
          expect(outcome(exit)).toBe(kind === "login" ? "DeviceRefused" : "done")
          expect(backend.tally(sandbox).open).toBe(kind === "revoke" ? backend.tally(sandbox).open : 0)
          yield* sandbox.evict()
          yield* sandbox.clearFaults()
        }
      }
      expect(other.ledger.requests).toEqual([])
      expect(other.ledger.connections.max).toBe(0)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("when the script goes wrong by itself", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const mistake = (
        where: string,
        work: (session: Effect.Effect.Success<ReturnType<typeof open>>) => Effect.Effect<unknown, unknown>,
        how?: Sandbox.Fault.How
      ) =>
        Effect.gen(function* () {
          yield* sandbox.clearFaults()
          if (how !== undefined) yield* sandbox.fail({ kind: "call", how, times: 2 })
          const all = Effect.scoped(Effect.flatMap(open(backend.name, sandbox, told), work))
          return outcome(yield* told.watch(where, all))
        })
      const Wrong = Schema.Struct({ nothing: Schema.Number })
      const decode = HttpClientResponse.schemaBodyJson(Wrong)
      const body = HttpBody.unsafeJson({ name: "x" })
      expect(yield* mistake("schema", (s) => Effect.flatMap(read(s, backend), decode))).toBe("ParseError")
      expect(
        yield* mistake("JSON", (s) => Effect.flatMap(read(s, backend), (r) => r.json), Fault.garbage())
      ).toBe("ResponseError")
      expect(
        yield* mistake("headers", (s) =>
          Effect.flatMap(
            read(s, backend),
            HttpClientResponse.schemaHeaders(Schema.Struct({ "x-nothing": Schema.String }))
          )
        )
      ).toBe("ParseError")
      expect(
        yield* mistake("status", (s) =>
          Effect.flatMap(s.http.get("/api/nowhere"), HttpClientResponse.filterStatusOk)
        )
      ).toBe("ResponseError")
      expect(yield* mistake("origin", (s) => s.http.get("//evil.example/x"))).toBe("InvalidInput")
      expect(yield* mistake("user info", (s) => s.http.get("https://a:b@evil.example/x"))).toBe(
        "InvalidInput"
      )
      expect(yield* mistake("lost", (s) => s.http.post(backend.readable, { body }), Fault.loseAnswer)).toBe(
        "OutcomeUnknown"
      )
      expect(yield* mistake("defect", () => Effect.die(new Error("a bug")))).toBe("a bug")
      expect(yield* mistake("time", (s) => Effect.timeout(read(s, backend), "100 millis"), Fault.hang)).toBe(
        "TimeoutException"
      )
      expect(yield* mistake("interruption", () => Effect.interrupt)).toBe("interrupted")
      expect(
        yield* mistake("twice", (s) => Effect.zipRight(read(s, backend), read(s, backend)), Fault.status(401))
      ).toBe("TokenRejected")
      expect(told.found()).toEqual([])
      expect(backend.tally(sandbox).open).toBe(0)
    })
  )

  it.scopedLive("when what gives the credentials breaks with the password in its hands", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const broken = new Error(`vault said ${Redacted.value(sandbox.password)}`)
      for (const credentials of [
        Effect.die(broken),
        Effect.sync(() => {
          throw broken
        })
      ]) {
        const exit = yield* told.watch(
          "vault",
          Effect.scoped(open(backend.name, sandbox, told, { credentials }))
        )
        expect(Exit.isFailure(exit)).toBe(true)
      }
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("when a hook of the script breaks with a password in its words", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const broken = new Error(`jump host said ${Redacted.value(sandbox.password)}`)
      for (const hooks of [
        { connect: () => Effect.die(broken) },
        { connect: () => Effect.fail(broken) },
        { onEvent: () => Effect.die(broken) },
        { onEvent: () => Effect.fail(broken) }
      ]) {
        const exit = yield* told.watch("hook", Effect.scoped(open(backend.name, sandbox, told, hooks)))
        expect(Exit.isFailure(exit)).toBe("connect" in hooks)
      }
      expect(told.found()).toEqual([])
    })
  )
})

const outcome = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.match(exit, {
    onSuccess: () => "done",
    onFailure: (cause) => {
      if (Cause.isInterruptedOnly(cause)) return "interrupted"
      const error = Option.getOrElse(Cause.failureOption(cause), () => Cause.squash(cause))
      const { _tag, message } = error as { readonly _tag?: string; readonly message?: string }
      return _tag ?? message ?? "?"
    }
  })
