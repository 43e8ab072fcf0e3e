// Two identities share nothing but what is said to be shared: two hosts with one user, and one host with two users.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Credentials } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { make as device, type Heard } from "../support/device.ts"
import { untilSpent } from "../support/times.ts"

describe.each(backends)("$name: two hosts with one user", (backend) => {
  it.scoped("have tokens, renewals and evictions of their own, even under one name", () =>
    Effect.gen(function* () {
      const password = Redacted.make(`shared by two ${backend.name}s`)
      const here = yield* Sandbox.make({ password })
      const there = yield* Sandbox.make({ password })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const [one, two] = [yield* backend.open(here), yield* backend.open(there)]
          const first = yield* two.token
          expect(Redacted.value((yield* one.token).access)).not.toBe(Redacted.value(first.access))
          yield* here.evict()
          yield* TestClock.adjust("2 minutes")
          expect((yield* read(one, backend)).status).toBe(200)
          expect(yield* two.token).toBe(first)
          yield* there.fail({ kind: "refresh", how: Sandbox.Fault.status(503) })
          yield* TestClock.adjust(untilSpent)
          expect((yield* Effect.flip(two.token))._tag).toBe("DeviceBusy")
          // Whose back-off it is, it is not this one's.
          expect((yield* read(one, backend)).status).toBe(200)
        })
      )
      for (const sandbox of [here, there]) expect(backend.tally(sandbox).open).toBe(0)
      // What neither gave was never sent to it.
      for (const sandbox of [here, there])
        expect(
          sandbox.ledger.requests.filter(({ kind, status }) => kind === "call" && status === 401).length
        ).toBeLessThanOrEqual(1)
      expect(backend.tally(here)).toMatchObject({ logins: 2 })
      expect(backend.tally(there)).toMatchObject({ logins: 1 })
    })
  )
})

describe("one host with two users", () => {
  const token = (heard: Heard) => String(heard.headers.authorization).replace("Bearer ", "")

  it.scoped("authorizes each request with its own user's token, and renews and ends each by itself", () =>
    Effect.gen(function* () {
      let tokens = 0
      const fake = yield* device(({ fields, path }) => {
        if (!path.endsWith("/fdm/token")) return { body: { items: [] } }
        if (fields.grant_type === "revoke_token") return { body: { message: "OK" } }
        const user = fields.username ?? String(fields.refresh_token).split("-")[0]
        return {
          body: {
            access_token: `${user}-access-${++tokens}`,
            refresh_token: `${user}-refresh-${tokens}`,
            expires_in: 1800,
            refresh_expires_in: 2400
          }
        }
      })
      const { target } = fake
      const user = (username: string) =>
        Fdm.make({
          target,
          apiVersion: "v6",
          credentials: Credentials.password({ username, password: fake.password })
        })
      const path = (username: string, turn: number) => `/api/fdm/v6/object/${username}?turn=${turn}`
      yield* Effect.scoped(
        Effect.gen(function* () {
          const users = [
            { name: "alice", fdm: yield* user("alice") },
            { name: "bob", fdm: yield* user("bob") }
          ]
          for (let turn = 0; turn < 3; turn++) {
            yield* Effect.forEach(users, ({ fdm, name }) => fdm.session.http.get(path(name, turn)), {
              concurrency: "unbounded"
            })
            yield* TestClock.adjust(untilSpent)
          }
        })
      )
      const calls = fake.heard.filter(({ path }) => !path.endsWith("/fdm/token"))
      expect(calls).toHaveLength(6)
      for (const call of calls)
        expect(token(call).split("-")[0]).toBe(call.path.includes("alice") ? "alice" : "bob")
      expect(fake.asked("password").map(({ fields }) => fields.username)).toEqual(["alice", "bob"])
      const refreshed = fake
        .asked("refresh_token")
        .map(({ fields }) => String(fields.refresh_token).split("-")[0])
      expect([...refreshed].sort()).toEqual(["alice", "alice", "bob", "bob"])
    })
  )

  it.scopedLive("of whom one is refused lets the other in", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ username: "alice" })
      const open = (username: string) =>
        Effect.scoped(
          Fdm.make({
            ...sandbox.fdm,
            apiVersion: "v6",
            // The same password: only the name makes the difference.
            credentials: Credentials.password({ username, password: sandbox.password })
          })
        )
      expect((yield* Effect.flip(open("bob")))._tag).toBe("CredentialsRefused")
      yield* open("alice")
      expect((yield* Effect.flip(open("bob")))._tag).toBe("CredentialsRefused")
      expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, loginsRefused: 1, open: 0 })
    })
  )
})
