// Lifetimes of nothing, of less than nothing and of a year, and clocks that jump both ways while something waits.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { DeviceBusy, Session, Target } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { type AuthProvider, Background, LoginGuard, type Token, Traffic } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { make as device } from "../support/device.ts"
import { pause } from "../support/eventually.ts"
import { VirtualTime } from "../support/virtualTime.ts"

const minutes = 60_000
const year = 365 * 24 * 60 * minutes

describe.each(backends)("$name: a token", (backend) => {
  const open = (sandbox: Sandbox.Sandbox, tokenLifetime: number) =>
    backend.name === "fmc"
      ? Effect.map(
          Fmc.make({ ...sandbox.fmc, tokenLifetime: Duration.millis(tokenLifetime) }),
          ({ session }) => session
        )
      : Effect.map(Fdm.make({ ...sandbox.fdm, apiVersion: "v6" }), ({ session }) => session)
  const renewals = (sandbox: Sandbox.Sandbox) => {
    const { logins, loginsRefused, refreshes, refreshesRefused } = backend.tally(sandbox)
    return logins + loginsRefused + refreshes + refreshesRefused - 1
  }

  it.scopedLive("that is dead on arrival ends in a typed error after a few attempts, and does not loop", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: 0 })
      const session = yield* open(sandbox, 0)
      const error = yield* Effect.flip(read(session, backend)).pipe(Effect.timeout("20 seconds"))
      expect(error._tag).toBe("TokenRejected")
      expect(renewals(sandbox)).toBeLessThanOrEqual(3)
    })
  )

  it.scoped("of a year is renewed in its last five minutes and not before", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: year, refreshLifetime: year + 5 * minutes })
      const session = yield* open(sandbox, year)
      for (const later of [1, year - 6 * minutes - 1]) {
        yield* TestClock.adjust(later)
        expect((yield* read(session, backend)).status).toBe(200)
      }
      yield* pause(50)
      expect(renewals(sandbox)).toBe(0)
      yield* TestClock.adjust(2 * minutes)
      expect((yield* read(session, backend)).status).toBe(200)
      yield* Effect.flatMap(Background.Background, ({ settled }) => settled)
      expect(renewals(sandbox)).toBe(1)
      expect(backend.tally(sandbox).expiredTokensSent.total).toBe(0)
    })
  )

  it.scopedLive("of a year sets no timer that fires at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: year, refreshLifetime: 2 * year })
      const session = yield* open(sandbox, year)
      for (let use = 0; use < 3; use++) {
        expect((yield* read(session, backend)).status).toBe(200)
        yield* pause(50)
      }
      expect(renewals(sandbox)).toBe(0)
    })
  )
})

describe("an FDM that says", () => {
  it.scopedLive.each([0, -1, -1800])(
    "expires_in %i is logged in to once for each use, and does not make a loop",
    (expires_in) =>
      Effect.gen(function* () {
        let tokens = 0
        const fake = yield* device(({ path, fields }) => {
          if (!path.endsWith("/fdm/token")) return { body: { items: [] } }
          if (fields.grant_type === "revoke_token") return { body: { message: "OK" } }
          return { body: { access_token: `access-${++tokens}`, expires_in } }
        })
        const { target, credentials } = fake
        const { session } = yield* Fdm.make({ target, credentials, apiVersion: "v6" })
        for (let use = 1; use <= 3; use++) {
          expect((yield* session.http.get("/api/fdm/v6/object/networks")).status).toBe(200)
          expect(fake.asked("password").length).toBeLessThanOrEqual(use + 1)
        }
      })
  )
})

describe("a wall clock that is set while a session waits for its next attempt", () => {
  // In memory, since only there the two clocks can part: a renewal that is busy once.
  const busyOnce = () => {
    const asked = { logins: 0, refreshes: 0, revokes: 0 }
    const facts = (): Token.TokenResponse => ({
      access: Redacted.make(`access-${asked.logins}-${asked.refreshes}`),
      refresh: Redacted.make("refresh"),
      lifetime: 30 * minutes
    })
    const exchange = () => Effect.dieMessage("nothing is asked with the token")
    const provider: AuthProvider.AuthProvider = {
      name: "memory",
      transport: {
        target: Target.make({ url: "https://memory.example" }),
        exchange,
        withPermit: (_, use) => use(exchange),
        exchangeAuth: exchange,
        limits: Traffic.makeTargetLimits(Number.POSITIVE_INFINITY),
        http: undefined as never // nobody asks for it
      },
      credentials: Effect.succeed({ username: "api", password: Redacted.make("x") }),
      login: () =>
        Effect.sync(() => {
          asked.logins += 1
          return facts()
        }),
      refresh: () =>
        Effect.suspend(() => {
          asked.refreshes += 1
          return asked.refreshes === 1
            ? Effect.fail(
                new DeviceBusy({
                  targetName: "memory.example",
                  operation: "refresh",
                  status: 503,
                  retryAfter: undefined,
                  sent: "maybe"
                })
              )
            : Effect.succeed(facts())
        }),
      revoke: () =>
        Effect.sync(() => {
          asked.revokes += 1
        }),
      authorize: (request) => request,
      judge: () => "Fine"
    }
    return { asked, provider }
  }

  const play = (jump: number) => {
    const time = new VirtualTime(1, 0)
    const { asked, provider } = busyOnce()
    const scope = Effect.runSync(Scope.make())
    const opened = time
      .fork(
        Session.make(provider).pipe(
          Scope.extend(scope),
          Effect.provideService(Background.Background, Background.make()),
          Effect.provideService(LoginGuard.LoginGuard, LoginGuard.make())
        )
      )
      .unsafePoll()
    if (opened === null || Exit.isFailure(opened)) throw new Error("it did not open")
    const session = opened.value
    time.advance(31 * minutes)
    const failed = time.fork(session.token).unsafePoll()
    time.wallOffset += jump
    const waiting = time.fork(session.token)
    // The wait is a second, more or less by a fifth.
    time.advance(700)
    const early = waiting.unsafePoll()
    time.advance(600)
    const late = waiting.unsafePoll()
    time.fork(Scope.close(scope, Exit.void))
    return { failed, early, late, asked }
  }

  it.each([
    ["back by an hour", -60 * minutes],
    ["ahead by an hour", 60 * minutes],
    ["back by a year", -year]
  ])("%s makes that wait neither longer nor shorter", (_, jump) => {
    const { asked, early, failed, late } = play(jump)
    expect(failed !== null && Exit.isFailure(failed)).toBe(true)
    expect(early).toBeNull()
    expect(late !== null && Exit.isSuccess(late)).toBe(true)
    expect(asked).toEqual({ logins: 1, refreshes: 2, revokes: 1 })
  })
})
