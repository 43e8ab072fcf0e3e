// What a script has to do with each request that goes out, logins and logouts included: its headers, its log, its name.
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { Devices, Retry, Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import manifest from "../../package.json" with { type: "json" }
import * as UserAgent from "../../src/transport/UserAgent.ts"
import { granting } from "../plugins/fdm/granting.ts"
import { backends, read } from "../support/backends.ts"
import { evidence, password } from "../support/canaries.ts"
import { make as makeDevice } from "../support/device.ts"
import { environmentOf, run } from "../support/example.ts"
import { runtime } from "../support/runtime.ts"

const device = makeDevice(granting({ access_token: "access-1", refresh_token: "refresh-1" }))
const versions = "/api/versions"

describe("a User-Agent", () => {
  it.scopedLive(
    "says the library, its version and the runtime in every request, logins and logouts too",
    () =>
      Effect.gen(function* () {
        const { heard, ...place } = yield* device
        yield* Effect.scoped(Effect.flatMap(Fdm.make(place), ({ session }) => session.http.get(versions)))
        const usual = `sallyport/${manifest.version} (${runtime}/${process.versions[runtime]})`
        expect(heard.map(({ headers }) => headers["user-agent"])).toEqual(heard.map(() => usual))
        expect(heard.map(({ fields }) => fields.grant_type)).toEqual([
          undefined,
          "password",
          undefined,
          "revoke_token"
        ])
        expect(UserAgent.defaultUserAgent()).toBe(usual)
      })
  )

  it.scopedLive("is the target's where it has one, and a request's own where it has one", () =>
    Effect.gen(function* () {
      const { heard, target, ...place } = yield* device
      const named = Target.make({ ...options(target), userAgent: "change-4711/2.0" })
      const own = { headers: { "User-Agent": "mine" } }
      yield* Effect.scoped(
        Effect.flatMap(Fdm.make({ ...place, target: named, apiVersion: "v6" }), ({ session }) =>
          session.http.get(versions, own)
        )
      )
      expect(heard.map(({ headers }) => headers["user-agent"])).toEqual([
        "change-4711/2.0",
        "mine",
        "change-4711/2.0"
      ])
    })
  )
})

const options = ({ name, origin, trust }: Target.Target) => ({ name, url: origin, trust })

describe("transformClient", () => {
  it.scopedLive("adds its headers to every request, and none of it reaches what puts the token on", () =>
    Effect.gen(function* () {
      const { heard, ...place } = yield* device
      const transformClient = HttpClient.mapRequest((request) =>
        request.pipe(
          HttpClientRequest.setHeaders({ "x-change": "CHG-1", authorization: "Bearer stolen" }),
          HttpClientRequest.setUrl("https://elsewhere.example/x"),
          HttpClientRequest.bodyText("another body")
        )
      )
      yield* Effect.scoped(
        Effect.flatMap(Fdm.make({ ...place, transformClient }), ({ session }) => session.http.get(versions))
      )
      expect(heard.map(({ headers }) => headers["x-change"])).toEqual(heard.map(() => "CHG-1"))
      expect(heard.map(({ path }) => path)).toEqual([versions, token, versions, token])
      expect(heard[2]).toMatchObject({ text: "", headers: { authorization: "Bearer access-1" } })
    })
  )

  for (const backend of backends) {
    it.scopedLive(
      `sees logins, requests, refreshes and logouts as often as they go out: ${backend.name}`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make({ password: password() })
          const told = evidence()
          told.plant(sandbox.password)
          const seen: Array<string> = []
          const transformClient = (client: HttpClient.HttpClient) =>
            client.pipe(
              HttpClient.tapRequest((request) => Effect.sync(() => told.print("request", request))),
              HttpClient.tap((response) =>
                Effect.sync(() => {
                  told.print("response", response)
                  seen.push(`${response.request.method} ${response.status}`)
                })
              )
            )
          const steps = Effect.gen(function* () {
            const session = yield* backend.open(sandbox, { transformClient })
            const plant = Effect.tap(session.token, ({ access, refresh }) => {
              told.plant(access)
              told.plant(refresh)
            })
            yield* plant
            yield* sandbox.fail({
              kind: "call",
              how: Sandbox.Fault.status(429, { headers: { "retry-after": "0" } })
            })
            yield* read(session, backend)
            yield* session.renew
            yield* plant
          })
          yield* told.watch("session", Effect.scoped(steps))
          expect(seen.filter((one) => !one.startsWith("GET"))).toHaveLength(3)
          expect(seen).toContain("GET 429")
          expect(seen).toContain("GET 200")
          expect(sandbox.ledger.open).toBe(0)
          expect(told.found()).toEqual([])
        })
    )

    it.scopedLive(`that breaks, hangs or executes twice changes nothing that goes out: ${backend.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const odd: ReadonlyArray<(client: HttpClient.HttpClient) => HttpClient.HttpClient> = [
          HttpClient.tap(() => Effect.die("a bug of the script")),
          HttpClient.tap(() => Effect.never),
          HttpClient.filterStatus((status) => status === 999),
          HttpClient.transform((effect) => Effect.zipRight(effect, effect))
        ]
        for (const transformClient of odd) {
          const before = sandbox.ledger.requests.length
          const session = backend.open(sandbox, { transformClient })
          const { status } = yield* Effect.scoped(Effect.flatMap(session, (open) => read(open, backend)))
          expect(status).toBe(200)
          expect(sandbox.ledger.open).toBe(0)
          expect(count(sandbox, before)).toEqual([1, 1, 1])
        }
      })
    )

    it.scopedLive(
      `that sends nothing is told of a request, and keeps no login or logout back: ${backend.name}`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make()
          const transformClient = () => HttpClient.make(() => Effect.die("nothing goes out"))
          const open = Effect.flatMap(
            backend.open(sandbox, { transformClient, retry: Retry.none }),
            (session) => Effect.flip(read(session, backend))
          )
          expect(yield* Effect.scoped(open)).toMatchObject({ _tag: "InvalidInput", field: "transformClient" })
          expect(sandbox.ledger.open).toBe(0)
          expect(backend.tally(sandbox)).toMatchObject({ logins: 1, revokes: 1 })
        })
    )
  }

  it.scopedLive("goes with what is interrupted", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const [, fdm] = backends
      if (fdm === undefined) throw new Error("no backend")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* fdm.open(sandbox, { transformClient: (client) => client })
          yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.hang })
          const hanging = yield* Effect.fork(read(session, fdm))
          yield* Effect.sleep("50 millis")
          expect(Exit.isInterrupted(yield* Fiber.interrupt(hanging))).toBe(true)
        })
      )
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("holds for all devices that are opened with it", () =>
    Effect.gen(function* () {
      const { heard, target, credentials } = yield* device
      const scope = yield* Scope.make()
      const { url, ...rest } = options(target)
      const devices = yield* Devices.make([Fdm.plugin])
        .open(
          { edge: { kind: "fdm", url, credentials, trust: { ca: pemOf(rest.trust) } } },
          {
            transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("x-change", "CHG-1"))
          }
        )
        .pipe(Scope.extend(scope))
      yield* devices.get("edge")
      yield* Scope.close(scope, Exit.void)
      expect(heard.map(({ headers }) => headers["x-change"])).toEqual(["CHG-1", "CHG-1", "CHG-1"])
    })
  )
})

const pemOf = (trust: Target.Target["trust"]): string => (trust._tag === "Ca" ? trust.pem.join("\n") : "")
const token = "/api/fdm/v6/fdm/token"

/** Logins, reads and logouts since. */
const count = ({ ledger }: Sandbox.Sandbox, before: number): ReadonlyArray<number> => {
  const kinds = ledger.requests.slice(before).map(({ kind }) => kind)
  return (["login", "call", "revoke"] as const).map((kind) => kinds.filter((one) => one === kind).length)
}

describe("the request log", () => {
  for (const backend of backends) {
    it.scopedLive(`has a line for each request, logins and logouts too, and no secret: ${backend.name}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ password: password() })
        const told = evidence()
        told.plant(sandbox.password)
        const lines: Array<string> = []
        const usual = yield* Effect.console
        const error = (line: unknown) => Effect.sync(() => void lines.push(String(line)))
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = yield* backend.open(sandbox, { logRequests: true, retry: Retry.none })
            const { access, refresh } = yield* session.token
            told.plant(access)
            told.plant(refresh)
            yield* session.http.get(`${backend.readable.split("?")[0]}?filter=name:hunter2`)
            yield* sandbox.fail({ kind: "call", how: Sandbox.Fault.reset })
            yield* Effect.flip(read(session, backend))
          })
        ).pipe(Effect.withConsole({ ...usual, error }))
        const [path = ""] = backend.readable.split("?")
        expect(lines).toHaveLength(4)
        expect(lines[0]).toMatch(/^\S+Z sallyport \S+ POST \/api\/\S+ 20[04] \d+ ms$/)
        expect(lines[1]).toContain(` GET ${path} 200 `)
        expect(lines[2]).toContain(` GET ${path} DeviceUnreachable `)
        expect(lines[3]).toMatch(/ POST \/api\/\S+ 20[04] \d+ ms$/)
        told.note("the log", lines.join("\n"))
        expect(told.found()).toEqual([])
        expect(lines.join()).not.toContain("hunter2")
      })
    )
  }

  it.scopedLive("is written to standard error where the environment asks for it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...environmentOf(sandbox, "FMC"), BACKEND: "fmc", ENDING: "success" }
      const [silent, logged] = yield* Effect.all([
        run("test/scripts/session.ts", { env }),
        run("test/scripts/session.ts", { env: { ...env, SALLYPORT_LOG: "requests" } })
      ])
      expect([silent.code, logged.code]).toEqual([0, 0])
      expect(silent.stderr).not.toContain("generatetoken")
      expect(logged.stderr).toMatch(/ POST \/api\/fmc_platform\/v1\/auth\/generatetoken 204 /)
      expect(logged.stderr).toMatch(/ POST \/api\/fmc_platform\/v1\/auth\/revokeaccess 204 /)
      expect(logged.stdout).toBe(silent.stdout)
    })
  )
})
