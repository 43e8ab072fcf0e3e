// Logins, refreshes, logouts and requests of both backends, under answers of any kind.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { Credentials, Retry } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { LoginGuard } from "sallyport/plugin"
import { randomRuns } from "../support/randomRuns.ts"
import { anyBytes } from "./answers.ts"
import { encoded, oddJson, oddObject, oddToken } from "./bodies.ts"
import { judged, noneEscapes, plainlySaid } from "./outcome.ts"
import { type Asked, type Bytes, plain, rawDevice } from "./rawDevice.ts"
import { ways } from "./ways.ts"

type Step = "login" | "refresh" | "revoke" | "call"

/** In the secrets of each kind: nothing else has it, and what prints one of them prints this. */
const canary = "Zeisig7041"
const access = `eyJhbGci.${canary}.access`
const refresh = `eyJhbGci.${canary}.refresh`
const password = `${canary}-password`

const fmcHeaders = { "X-auth-access-token": access, "X-auth-refresh-token": refresh, DOMAINS: "[]" }
const fdmBody = { access_token: access, refresh_token: refresh, expires_in: 1800, refresh_expires_in: 2400 }

const backends = {
  fmc: {
    stepOf: ({ path }: Asked): Step =>
      path.includes("generatetoken")
        ? "login"
        : path.includes("refreshtoken")
          ? "refresh"
          : path.includes("revokeaccess")
            ? "revoke"
            : "call",
    good: (step: Step) => (step === "call" ? plain(200, "{}") : plain(204, "", fmcHeaders)),
    open: (options: Fmc.Options) => Fmc.make(options)
  },
  fdm: {
    stepOf: ({ body, path }: Asked): Step =>
      !path.endsWith("/fdm/token")
        ? "call"
        : body.includes('"refresh_token"')
          ? "refresh"
          : body.includes("revoke_token")
            ? "revoke"
            : "login",
    good: (step: Step) => plain(200, step === "call" ? "{}" : JSON.stringify(fdmBody)),
    open: (options: Fmc.Options) => Fdm.make({ ...options, apiVersion: "v6" })
  }
} as const

const status = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(200, 204) },
  fc.integer({ min: 200, max: 599 }),
  fc.constantFrom(400, 401, 403, 408, 422, 423, 429, 500, 503)
)

const quoted = (text: string) => JSON.stringify(text)
const maybeOdd = (good: string) => fc.oneof(fc.constant(good), oddToken(good)).map(quoted)

/** The words of a device that repeats what it was sent. */
const echo = (step: Step) =>
  step === "login"
    ? fc.constantFrom(
        password,
        `\u001b[2J${password}\u0007 no`,
        Buffer.from(`api:${password}`).toString("base64")
      )
    : fc.constantFrom(access, refresh, `token ${access}\u0085\u2028${refresh}`)

const errorBody = (step: Step) =>
  fc
    .tuple(echo(step), oddJson)
    .chain(([words, odd]) =>
      fc.constantFrom(
        `{"error":{"messages":[{"description":${quoted(words)}},${odd}],"severity":"ERROR"}}`,
        `{"error":{"messages":[{"description":${quoted(words)}},{"description":${quoted(words)}}]}}`,
        `{"message":${quoted(words)},"status_code":400}`,
        `{"message":${odd},"error":${odd}}`,
        `{"error":${odd}}`
      )
    )

const tokenBody = oddObject({
  access_token: maybeOdd(access),
  refresh_token: maybeOdd(refresh),
  expires_in: fc.constant("1800"),
  refresh_expires_in: fc.constant("2400")
})

const noBreaks = (text: string) => text.replace(/[\r\n]+/g, "")

const headers = fc
  .record(
    {
      "X-auth-access-token": fc.oneof(fc.constant(access), oddToken(access)).map(noBreaks),
      "x-auth-refresh-token": fc.oneof(fc.constant(refresh), oddToken(refresh)).map(noBreaks),
      DOMAINS: oddJson.map((json) => json.slice(0, 30_000)),
      "retry-after": fc.constantFrom(
        "1",
        "-1",
        "0.5",
        "9".repeat(306),
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "soon"
      )
    },
    { requiredKeys: [] }
  )
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))

const structured = (step: Step): fc.Arbitrary<Bytes> =>
  fc
    .tuple(status, headers, encoded(fc.oneof(tokenBody, errorBody(step), oddJson)))
    .map(([code, more, { body, headers }]) => plain(code, body, { ...headers, ...more }))

/** A refused password is remembered for the process: here each case has a memory of its own. */
const fresh = <A, E, R>(script: Effect.Effect<A, E, R>) =>
  script.pipe(
    Effect.provideService(LoginGuard.LoginGuard, LoginGuard.make()),
    // Logouts that fail are warned about: here their events are looked at.
    Effect.provide(Logger.remove(Logger.defaultLogger))
  )

const answer = (step: Step) =>
  fc.oneof({ weight: 4, arbitrary: structured(step) }, { weight: 1, arbitrary: anyBytes })

for (const [name, backend] of Object.entries(backends)) {
  describe(`whatever an ${name.toUpperCase()} answers`, () => {
    for (const step of ["login", "refresh", "revoke", "call"] as const) {
      it.scopedLive(
        `to a ${step}, it ends in time as a success or a documented error`,
        () =>
          Effect.gen(function* () {
            yield* noneEscapes
            let bad: Bytes | undefined
            const said: Array<{ readonly _tag: string; readonly message: unknown }> = []
            const device = yield* rawDevice((asked) => {
              const now = backend.stepOf(asked)
              if (now !== step || bad === undefined) return backend.good(now)
              const once = bad
              // A login that follows a refresh that was refused has to work.
              bad = undefined
              return once
            })
            const { closed, connect } = ways()
            const options = {
              target: device.target({ responseTimeout: 250, maxBodyBytes: 3_000_000, connect }),
              credentials: Credentials.password({ username: "api", password: Redacted.make(password) }),
              retry: Retry.none,
              onEvent: (event: object) => {
                if ("message" in event) said.push({ _tag: "ProtocolViolation", message: event.message })
              }
            }
            const script = Effect.gen(function* () {
              const { session } = yield* backend.open(options)
              yield* step === "refresh" ? session.renew : session.token
              if (step === "call") yield* Effect.flatMap(session.http.get("/api/x"), ({ text }) => text)
            })
            yield* Effect.promise(() =>
              fc.assert(
                fc.asyncProperty(answer(step), async (bytes) => {
                  bad = bytes
                  said.length = 0
                  const exit = await judged(fresh(script), [canary])
                  // A logout that fails is an event, and never the script's failure; a busy machine may delay the login.
                  if (step === "revoke" && Exit.isFailure(exit))
                    expect(String(exit.cause)).toContain("Timeout")
                  for (const event of said) plainlySaid(event, [canary])
                }),
                { numRuns: randomRuns(25) }
              )
            )
            yield* closed
          }),
        120_000
      )
    }
  })
}
