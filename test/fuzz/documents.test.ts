// What else the library reads from a device: versions, domains, custom tokens, words in refusals.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { Credentials, Retry } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { randomRuns } from "../support/randomRuns.ts"
import { encoded, oddJson, oddObject, oddToken } from "./bodies.ts"
import { judged, noneEscapes } from "./outcome.ts"
import { type Asked, type Bytes, plain, rawDevice } from "./rawDevice.ts"
import { ways } from "./ways.ts"

const canary = "Zeisig7042"
const access = `eyJhbGci.${canary}.access`

const login = plain(204, "", { "X-auth-access-token": access, "X-auth-refresh-token": `${access}.refresh` })
const token = plain(200, JSON.stringify({ access_token: access, refresh_token: `${access}.refresh` }))

const quoted = (text: string) => JSON.stringify(text)

/** Words that repeat the token, with all that a terminal obeys. */
const words = fc.oneof(
  fc.constantFrom(access, `\u001b]0;${access}\u0007\u202e${access}\u2029`, `${"w".repeat(20_000)}${access}`),
  fc.string({ unit: "binary", maxLength: 40 }),
  oddToken(access)
)

const statuses = fc.constantFrom(200, 200, 200, 204, 302, 400, 404, 408, 422, 429, 500, 503)

const domain = oddObject({
  name: words.map(quoted),
  uuid: fc.oneof(fc.constantFrom('"../../x"', '".."', '"a/b"', '"\\ud800"', '"e276abec"'), words.map(quoted))
})
const domains = fc.oneof(
  fc.array(domain, { maxLength: 4 }).map((all) => `{"items":[${all.join(",")}]}`),
  domain.map((one) => `{"items":[${Array.from({ length: 300 }, () => one.slice(0, 300)).join(",")}]}`),
  oddObject({ items: oddJson }),
  oddJson
)

const versions = fc.oneof(
  oddObject({ supportedVersions: oddJson }),
  oddJson.map((odd) => `{"supportedVersions":[${odd},"v6"]}`),
  oddJson
)

const refusals = fc
  .tuple(words, oddJson)
  .chain(([said, odd]) =>
    fc.constantFrom(
      `{"error":{"messages":[{"description":${quoted(said)}}]}}`,
      `{"error":{"messages":[{"description":${quoted(said)}},${odd}]},"message":${odd}}`,
      `{"message":${quoted(said)},"description":${quoted(said)}}`
    )
  )

const customTokens = oddObject({
  access_token: words.map(quoted),
  refresh_token: words.map(quoted),
  expires_in: oddJson
})

interface Reading {
  readonly what: string
  readonly texts: fc.Arbitrary<string>
  readonly isIt: (asked: Asked) => boolean
  readonly good: Bytes
  readonly script: (options: Fmc.Options) => Effect.Effect<unknown, unknown, Scope.Scope>
}

const fdm =
  (use: (open: Fdm.Fdm) => Effect.Effect<unknown, unknown>, apiVersion?: string): Reading["script"] =>
  (options) =>
    Effect.flatMap(Fdm.make({ ...options, apiVersion }), use)

const readings: ReadonlyArray<Reading> = [
  {
    what: "an FDM's list of versions",
    texts: versions,
    isIt: ({ path }) => path === "/api/versions",
    good: token,
    script: fdm((open) => Effect.zipRight(open.apiVersion, open.http.get("/object/networks")))
  },
  {
    what: "an FMC's list of domains",
    texts: domains,
    isIt: ({ path }) => path.includes("/info/domain"),
    good: login,
    script: (options) =>
      Effect.gen(function* () {
        const fmc = yield* Fmc.make(options)
        const all = [...(yield* Stream.runCollect(fmc.listDomains()))]
        const first = all[0] ?? { name: "none" }
        const found = yield* fmc.domain(first.name)
        const response = yield* found.http.get("/object/hosts")
        expect(response.request.url).toMatch(/^\/api\/fmc_config\/v1\/domain\/[\w-]+\/object\/hosts$/)
        yield* fmc.domain("there is none of this name")
      })
  },
  {
    what: "an FMC's refusal",
    texts: refusals,
    isIt: ({ path }) => path === "/api/x",
    good: login,
    script: (options) =>
      Effect.flatMap(Fmc.make(options), (fmc) =>
        Effect.flatMap(fmc.session.http.get("/api/x"), fmc.filterStatusOk)
      )
  },
  {
    what: "an FDM's refusal",
    texts: refusals,
    isIt: ({ path }) => path === "/api/x",
    good: token,
    script: fdm((open) => Effect.flatMap(open.session.http.get("/api/x"), open.filterStatusOk), "v6")
  },
  {
    what: "an FDM's custom token",
    texts: customTokens,
    isIt: ({ body }) => body.includes("custom_token"),
    good: token,
    script: fdm(
      (open) =>
        Effect.map(
          open.customToken({ subject: "x", expiresIn: 60, refreshExpiresIn: 120, refreshCount: 1 }),
          (made) => {
            expect(Redacted.value(made.access)).toMatch(/^[!-~]+$/)
            expect(new Date(made.expiresAt).getTime()).not.toBeNaN()
          }
        ),
      "v6"
    )
  }
]

describe("whatever is read as", () => {
  for (const { good, isIt, script, texts, what } of readings) {
    it.scopedLive(
      `${what}, it ends in time as a success or a documented error`,
      () =>
        Effect.gen(function* () {
          yield* noneEscapes
          let bad = plain(200)
          const device = yield* rawDevice((asked) => (isIt(asked) ? bad : good))
          const { closed, connect } = ways()
          const options = {
            target: device.target({ responseTimeout: 400, connect }),
            credentials: Credentials.password({
              username: "api",
              password: Redacted.make(`${canary}-password`)
            }),
            retry: Retry.none
          }
          const quiet = Effect.provide(script(options), Logger.remove(Logger.defaultLogger))
          yield* Effect.promise(() =>
            fc.assert(
              fc.asyncProperty(statuses, encoded(texts), async (status, { body, headers }) => {
                bad = plain(status, body, headers)
                await judged(quiet, [canary])
              }),
              { numRuns: randomRuns(20) }
            )
          )
          yield* closed
        }),
      120_000
    )
  }
})
