// Logins that outlive their scripts. States and invariants: test/auth/sharing.model.test.ts.
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { basename, join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { type AuthError, Credentials, type SessionEvent, Target, TokenStore, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../../support/backends.ts"
import { make as device } from "../../support/device.ts"
import { eventually, settled } from "../../support/eventually.ts"
import { fewer, inFull } from "../../support/fewer.ts"
import { fewest } from "../../support/long.ts"
import { fileIn, folder, keptIn, openKept } from "../../support/storedTokens.ts"
import { untilDue, untilSpent } from "../../support/times.ts"

for (const backend of fewer(backends)) {
  describe(`'${backend.name}': a store on disk`, () => {
    const open = openKept.bind(undefined, backend)

    it.scoped("lets scripts that follow each other reuse one login", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        const events: Array<SessionEvent.SessionEvent> = []
        for (let run = 0; run < 3; run++) {
          yield* Effect.scoped(
            Effect.gen(function* () {
              const session = yield* open(sandbox, { folder: path }, events)
              expect((yield* read(session, backend)).status).toBe(200)
            })
          )
        }
        expect(events.map(({ _tag }) => _tag)).toEqual([
          "LoggedIn",
          "Kept",
          "Adopted",
          "Kept",
          "Adopted",
          "Kept"
        ])
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 1, revokes: 0 })
        yield* Effect.scoped(open(sandbox, { folder: path, whenLastCloses: "logOut" }))
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 0, revokes: 1 })
        expect(readdirSync(path)).toEqual([])
      })
    )

    it.scoped("shares one login among sessions that are open at once; the last one out logs out", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        const options = { folder: path, whenLastCloses: "logOut" } as const
        const first = yield* Scope.make()
        const second = yield* Scope.make()
        const one = yield* Scope.extend(open(sandbox, options), first)
        const other = yield* Scope.extend(open(sandbox, options), second)
        expect((yield* one.token).access).toEqual((yield* other.token).access)
        yield* Scope.close(first, Exit.void)
        expect((yield* read(other, backend)).status).toBe(200)
        yield* Scope.close(second, Exit.void)
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 0, revokes: 1 })
      })
    )

    it.scoped("lets one session renew for all: the others take over what they find", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const options = { folder: yield* folder, whenLastCloses: "logOut" } as const
        const events: Array<SessionEvent.SessionEvent> = []
        yield* Effect.scoped(
          Effect.gen(function* () {
            const one = yield* open(sandbox, options)
            const other = yield* open(sandbox, options, events)
            yield* TestClock.adjust(untilSpent)
            expect((yield* read(one, backend)).status).toBe(200)
            expect((yield* read(other, backend)).status).toBe(200)
            // The device ended what the other one held, when the first refreshed it: no eviction.
            yield* one.renew
            expect((yield* read(other, backend)).status).toBe(200)
          })
        )
        expect(events.map(({ _tag }) => _tag)).not.toContain("Evicted")
        expect(backend.tally(sandbox)).toMatchObject({
          logins: 1,
          refreshes: 2,
          open: 0,
          expiredTokensSent: { expiry: 0 }
        })
      })
    )

    it.scoped("renews what a run left long ago, and does not log in", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        yield* Effect.scoped(open(sandbox, { folder: path }))
        yield* TestClock.adjust(untilDue)
        yield* Effect.scoped(
          Effect.flatMap(open(sandbox, { folder: path }), (session) => read(session, backend))
        )
        yield* TestClock.adjust("1 minutes")
        yield* Effect.scoped(
          Effect.flatMap(open(sandbox, { folder: path }), (session) => read(session, backend))
        )
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, expiredTokensSent: { expiry: 0 } })
        expect(backend.tally(sandbox).refreshes).toBeGreaterThan(0)
      })
    )

    it.scoped("writes files that only their user can read", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = join(yield* folder, "new", "tokens")
        yield* Effect.scoped(open(sandbox, { folder: path }))
        expect(readdirSync(path).map((name) => statSync(join(path, name)).mode & 0o777)).toEqual([0o600])
        expect(statSync(path).mode & 0o777).toBe(0o700)
        expect(keptIn(path)).toMatchObject({ sallyport: "token", refreshing: false, holders: [] })
      })
    )

    it.scoped("goes on with what a killed process has left, or ends it, as the policy says", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        // Kept with a holder that is gone: this machine's, and no process has this number.
        let ownName = ""
        const leave = Effect.gen(function* () {
          yield* Effect.scoped(
            Effect.tap(open(sandbox, { folder: path }), () =>
              Effect.sync(() => {
                ownName = keptIn(path).holders[0].name
              })
            )
          )
          const kept = keptIn(path)
          // As this process names itself, but that no process has the number.
          const name = `${ownName.replace(/\/\d+\//, "/4194999/")}/session`
          writeFileSync(fileIn(path), JSON.stringify({ ...kept, holders: [{ name, until: 2 ** 50 }] }))
        })
        yield* leave
        yield* Effect.scoped(open(sandbox, { folder: path, leftBehind: "adopt" }))
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, revokes: 0, open: 1 })
        yield* leave
        yield* Effect.scoped(open(sandbox, { folder: path, leftBehind: "logOut" }))
        expect(backend.tally(sandbox)).toMatchObject({ logins: 2, revokes: 1, open: 1 })
        expect(keptIn(path).holders).toEqual([])
      })
    )

    it.scoped("logs in where a refresh was begun whose end nobody knows", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        yield* Effect.scoped(open(sandbox, { folder: path }))
        writeFileSync(fileIn(path), JSON.stringify({ ...keptIn(path), refreshing: true }))
        yield* Effect.scoped(
          Effect.flatMap(open(sandbox, { folder: path }), (session) => read(session, backend))
        )
        // The one before it is logged out.
        expect(backend.tally(sandbox)).toMatchObject({ logins: 2, refreshes: 0, revokes: 1, open: 1 })
        expect(keptIn(path).refreshing).toBe(false)
      })
    )

    it.scoped("recovers from a kept login that someone else has ended: one login more", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        const events: Array<SessionEvent.SessionEvent> = []
        yield* Effect.scoped(open(sandbox, { folder: path }))
        yield* sandbox.evict()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = yield* open(sandbox, { folder: path }, events)
            expect((yield* read(session, backend)).status).toBe(200)
          })
        )
        expect(events.map(({ _tag }) => _tag)).toEqual(["Adopted", "LoggedIn", "Kept"])
        expect(backend.tally(sandbox)).toMatchObject({ logins: 2, open: 1 })
      })
    )

    it.scoped("takes no end that came between two runs for someone else with the account", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const store = TokenStore.disk({ folder: yield* folder })
        const run = Effect.scoped(
          Effect.flatMap(backend.open(sandbox, { giveWay: true }), (session) => read(session, backend))
        ).pipe(Effect.provideService(TokenStore.TokenStore, store))
        yield* run
        yield* sandbox.evict()
        expect((yield* run).status).toBe(200)
      })
    )

    const alsoLong = it.scopedLive.runIf(inFull && fewest(backends).includes(backend))
    alsoLong("lets the last one out log out, also where one closes while another renews", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const options = { folder: yield* folder, whenLastCloses: "logOut" } as const
        const first = yield* Scope.make()
        yield* Scope.extend(open(sandbox, options), first)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const other = yield* open(sandbox, options)
            yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.slow("7 seconds") })
            const renewal = yield* Effect.fork(other.renew)
            yield* eventually("it renews", () =>
              sandbox.ledger.requests.some(({ kind }) => kind === "refresh")
            )
            yield* Scope.close(first, Exit.void)
            yield* Fiber.join(renewal)
            yield* settled
          })
        )
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 0 })
      })
    )

    it.scoped(
      "that is gone in the middle leaves the session on its own: it renews, says so, and logs out",
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make()
          const path = yield* folder
          const events: Array<SessionEvent.SessionEvent> = []
          yield* Effect.scoped(
            Effect.gen(function* () {
              const session = yield* open(sandbox, { folder: path, whenLastCloses: "logOut" }, events)
              rmSync(path, { recursive: true })
              yield* TestClock.adjust(untilSpent)
              expect((yield* read(session, backend)).status).toBe(200)
            })
          )
          expect(events.map(({ _tag }) => _tag)).toEqual(["LoggedIn", "StoreFailed", "LoggedIn", "LoggedOut"])
          expect(backend.tally(sandbox)).toMatchObject({ logins: 2, open: 0 })
        })
    )

    it.scoped("that is gone when the session closes is no reason not to log out", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        const gone = Effect.sync(() => rmSync(path, { recursive: true }))
        yield* Effect.scoped(Effect.zipLeft(open(sandbox, { folder: path, whenLastCloses: "logOut" }), gone))
        expect(backend.tally(sandbox).open).toBe(0)
      })
    )

    it.scoped("is not kept out by a lock in which anything stands, once it is old", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const path = yield* folder
        yield* Effect.scoped(open(sandbox, { folder: path }))
        const lock = `${fileIn(path)}.lock`
        for (const rubbish of ["\0\0\0\0", "x".repeat(5000), "../../elsewhere/1/2/3", ""]) {
          writeFileSync(lock, rubbish)
          utimesSync(lock, new Date(0), new Date(0))
          yield* Effect.scoped(open(sandbox, { folder: path }))
        }
        expect(backend.tally(sandbox).logins).toBe(1)
        expect(readdirSync(path)).toEqual([basename(fileIn(path))])
      })
    )

    it.scoped("ends in SessionContested when someone else takes the account again and again", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const session = yield* open(sandbox, { folder: yield* folder })
        for (let times = 0; times < 2; times++) {
          yield* sandbox.evict()
          expect((yield* read(session, backend)).status).toBe(200)
        }
        yield* sandbox.evict()
        const error = yield* Effect.flip(read(session, backend))
        expect(error).toMatchObject({ _tag: "SessionContested", evictions: 3, username: sandbox.username })
        expect(yield* Effect.flip(session.token)).toBe(error)
        expect(backend.tally(sandbox).logins).toBe(3)
      })
    )

    it.scoped("keeps a login through a logout that fails, for the next run to end", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const options = { folder: yield* folder, whenLastCloses: "logOut" } as const
        const events: Array<SessionEvent.SessionEvent> = []
        yield* Effect.scoped(
          Effect.zipRight(
            open(sandbox, options, events),
            sandbox.fail({ kind: "revoke", times: 1, how: Sandbox.Fault.status(500) })
          )
        )
        expect(events.map(({ _tag }) => _tag)).toEqual(["LoggedIn", "LogoutFailed", "Kept"])
        yield* Effect.scoped(open(sandbox, options, events))
        expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 0 })
      })
    )
  })
}

it.scoped("two accounts, two backends, two ways to trust and two nodes never share a login", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const path = yield* folder
    const store = TokenStore.disk({ folder: path })
    const { credentials, target } = sandbox.fdm
    const open = (login: Effect.Effect<unknown, AuthError, Scope.Scope>) =>
      Effect.scoped(Effect.provideService(login, TokenStore.TokenStore, store))
    const other = Target.make({ url: target.origin, trust: Trust.pin(sandbox.certificate.sha256) })
    const logins: ReadonlyArray<Effect.Effect<unknown, AuthError, Scope.Scope>> = [
      Fmc.make(sandbox.fmc),
      Fdm.make(sandbox.fdm),
      Fdm.make({ target: other, credentials }),
      Fdm.make({ target, credentials, node: "standby" })
    ]
    yield* Effect.forEach([...logins, ...logins], open)
    expect(sandbox.ledger).toMatchObject({ logins: logins.length, opened: logins.length })
    // Another user name is not even asked for: nobody of that name has logged in.
    const stranger = Credentials.password({ username: "stranger", password: sandbox.password })
    const refused = yield* Effect.flip(open(Fdm.make({ target, credentials: stranger })))
    expect(refused._tag).toBe("CredentialsRefused")
    expect(readdirSync(path).length).toBe(logins.length)
  })
)

it.scoped("two devices behind jump hosts, at one address, share no login unless the targets have names", () =>
  Effect.gen(function* () {
    const path = yield* folder
    const sites = [yield* Sandbox.make(), yield* Sandbox.make()]
    const events: Array<SessionEvent.SessionEvent> = []
    const run = (name?: string) =>
      Effect.forEach(sites, (site, index) => {
        const target = Target.make({
          url: "https://10.0.0.1",
          trust: Trust.insecure,
          connect: () => Effect.sync(() => connect(site.port, "127.0.0.1")),
          ...(name === undefined ? {} : { name: `${name} ${index}` })
        })
        const { credentials } = site.fmc
        return Effect.scoped(
          Fmc.make({ target, credentials, onEvent: (event) => void events.push(event) })
        ).pipe(Effect.provideService(TokenStore.TokenStore, TokenStore.disk({ folder: path })))
      })
    yield* run()
    expect(readdirSync(path)).toEqual([])
    expect(events.flatMap((event) => (event._tag === "StoreFailed" ? [event.message] : []))).toEqual(
      sites.map(() => expect.stringContaining("Give the target a name of its own"))
    )
    yield* run("site")
    yield* run("site")
    expect(readdirSync(path).length).toBe(2)
    expect(sites.map(({ ledger }) => ledger.fmc.logins)).toEqual([2, 2])
  })
)

it.scoped("a custom token that was given is not kept: it has no account", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const path = yield* folder
    yield* Effect.scoped(
      Effect.gen(function* () {
        const fdm = yield* Fdm.make(sandbox.fdm)
        const token = yield* fdm.customToken({
          subject: "monitoring",
          expiresIn: 600,
          refreshExpiresIn: 1200,
          refreshCount: 1
        })
        yield* Effect.provideService(
          Effect.flatMap(Fdm.make({ target: sandbox.fdm.target, token }), ({ session }) => session.token),
          TokenStore.TokenStore,
          TokenStore.disk({ folder: path })
        )
      })
    )
    expect(readdirSync(path)).toEqual([])
  })
)

it.scoped("credentials that become another account's end the sharing: its tokens are the session's own", () =>
  Effect.gen(function* () {
    const path = yield* folder
    let tokens = 0
    const fake = yield* device(({ fields }) => {
      if (fields.grant_type === "revoke_token") return { body: { message: "OK" } }
      const access_token = `${fields.username}-${++tokens}`
      return { body: { access_token, refresh_token: "never used", expires_in: 1800, refresh_expires_in: 1 } }
    })
    let username = "alice"
    const credentials = Effect.sync(() => ({ username, password: fake.password }))
    const open = Fdm.make({ target: fake.target, apiVersion: "v6", credentials }).pipe(
      Effect.provideService(TokenStore.TokenStore, TokenStore.disk({ folder: path })),
      Effect.map(({ session }) => ({
        token: Effect.map(session.token, ({ access }) => Redacted.value(access)),
        renew: Effect.map(session.renew, ({ access }) => Redacted.value(access))
      }))
    )
    yield* Effect.scoped(
      Effect.gen(function* () {
        const [one, other] = [yield* open, yield* open]
        expect([yield* one.token, yield* other.token]).toEqual(["alice-1", "alice-1"])
        yield* TestClock.adjust(untilSpent)
        username = "bob"
        expect(yield* one.token).toBe("bob-2")
        username = "alice"
        expect(yield* other.token).toBe("alice-3")
        username = "bob"
        // What alice's others have put into the place is not for it.
        expect(yield* one.renew).toBe("bob-4")
      })
    )
    expect(readdirSync(path).length).toBe(1)
    expect(fake.asked("revoke_token").map(({ fields }) => fields.token_to_revoke)).toEqual(["bob-2", "bob-4"])
  })
)
