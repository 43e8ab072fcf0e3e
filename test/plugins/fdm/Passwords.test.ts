// Passwords that a session changes itself, and how it goes on with the new one.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { Credentials } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"

const factory = Redacted.make("Factory-1234")
const fresh = Redacted.make("Canary-5678")

/** A client whose credentials stay what they were, as those in a file or in the environment do. */
const opened = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ ...options, password: factory })
    const { username } = sandbox
    const credentials = Credentials.password({ username, password: factory })
    const fdm = yield* Fdm.make({ ...sandbox.fdm, credentials, retry: Schedule.recurs(3) })
    const writes = () =>
      sandbox.ledger.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/fdm/token"))
    return { sandbox, fdm, username, writes }
  })

const setUp = { currentPassword: factory, newPassword: fresh, acceptEula: true } as const

const isNew = (sandbox: Sandbox.Sandbox) => Redacted.value(sandbox.password) === Redacted.value(fresh)

/** Those of before are logged out beside the session. */
const onlyOneIsOpen = ({ ledger }: Sandbox.Sandbox) =>
  Effect.sleep("10 millis").pipe(
    Effect.repeat({ until: () => ledger.open === 1, times: 200 }),
    Effect.zipRight(Effect.sync(() => expect(ledger.open).toBe(1)))
  )

const secrets = [factory, fresh].map(Redacted.value)
const tells = (error: unknown) => {
  const shown = `${inspect(error, { depth: 10 })} ${JSON.stringify(error)} ${String(error)}`
  return secrets.filter((secret) => shown.includes(secret))
}

describe("the first-time set-up", () => {
  it.scopedLive("changes the password of the factory, logs in with the new one, and goes on", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened({ firstBoot: true })
      expect(yield* Effect.flip(fdm.haStatus)).toMatchObject({ _tag: "DeviceRefused", status: 403 })
      expect((yield* fdm.provisioning).acceptEULA).toBe(false)
      yield* fdm.provision(setUp)
      expect(isNew(sandbox)).toBe(true)
      expect((yield* fdm.haStatus).nodeState).toBe("SINGLE_NODE")
      // The whole session, not only its first hour: its credentials still have the old one.
      yield* sandbox.evict()
      yield* fdm.haStatus
      expect(sandbox.ledger.loginsRefused).toBe(0)
      yield* onlyOneIsOpen(sandbox)
    })
  )

  it.scopedLive("sends no token that the device has ended by it", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened({ firstBoot: true })
      yield* fdm.provision(setUp)
      yield* fdm.haStatus
      expect(sandbox.ledger.requests.filter(({ kind, status }) => kind === "call" && status === 401)).toEqual(
        []
      )
    })
  )

  it.scopedLive("is not sent without the licence being accepted", () =>
    Effect.gen(function* () {
      const { fdm, writes } = yield* opened({ firstBoot: true })
      const setup = { ...setUp, acceptEula: false as unknown as true } // as JavaScript could
      const error = yield* Effect.flip(fdm.provision(setup))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "acceptEula" })
      expect(writes()).toEqual([])
    })
  )

  it.scopedLive("that is refused leaves the session as it was, and tells no password", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened({ firstBoot: true })
      const description = `password ${Redacted.value(fresh)} resembles ${Redacted.value(factory)}`
      const body = { error: { messages: [{ description }] } }
      yield* sandbox.fail({ method: "POST", path: /provision/, how: Sandbox.Fault.status(422, { body }) })
      const error = yield* Effect.flip(fdm.provision(setUp))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 422 })
      expect(error.message).toContain("password *** resembles ***")
      expect(tells(error)).toEqual([])
      yield* fdm.provision(setUp)
      expect(isNew(sandbox)).toBe(true)
    })
  )

  it.scopedLive("whose answer is lost is found to be done by one login, and never sent twice", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened({ firstBoot: true })
      yield* sandbox.fail({ method: "POST", path: /provision/, how: Sandbox.Fault.loseAnswer })
      yield* fdm.provision(setUp)
      yield* fdm.haStatus
      expect(writes()).toHaveLength(1)
      expect(sandbox.ledger.loginsRefused).toBe(0)
      yield* onlyOneIsOpen(sandbox)
    })
  )
})

describe("a password that is changed", () => {
  it.scopedLive(
    "is the one that the session logs in with from then on, once more after a second change",
    () =>
      Effect.gen(function* () {
        const { fdm, sandbox, username, writes } = yield* opened()
        const { logins } = sandbox.ledger
        yield* fdm.changePassword({ username, from: factory, to: fresh })
        expect(isNew(sandbox)).toBe(true)
        expect(sandbox.ledger.logins).toBe(logins + 1)
        const third = Redacted.make("Third-9012")
        yield* fdm.changePassword({ username, from: fresh, to: third })
        yield* fdm.haStatus
        // Those of before are logged out.
        yield* onlyOneIsOpen(sandbox)
        yield* sandbox.evict()
        yield* fdm.haStatus
        expect(sandbox.ledger.loginsRefused).toBe(0)
        expect(writes()).toHaveLength(2)
      })
  )

  it.scopedLive("may be given as text", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, username } = yield* opened()
      yield* fdm.changePassword({ username, from: Redacted.value(factory), to: "Third-9012" })
      yield* fdm.haStatus
      yield* sandbox.evict()
      yield* fdm.haStatus
      expect(sandbox.ledger.loginsRefused).toBe(0)
    })
  )

  it.scopedLive("does no harm where the source of the credentials has the new one already", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: factory })
      // The sandbox's own credentials always are those of now.
      const fdm = yield* Fdm.make(sandbox.fdm)
      yield* fdm.changePassword({ username: sandbox.username, from: factory, to: fresh })
      yield* fdm.haStatus
      yield* sandbox.setPassword(Redacted.make("By-hand-3456"))
      yield* sandbox.evict()
      yield* fdm.haStatus
      expect(sandbox.ledger.loginsRefused).toBe(0)
    })
  )

  it.scopedLive("stays what it was where the old one is given wrongly, and the session goes on", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, username } = yield* opened()
      const wrong = { username, from: Redacted.make("Wrong-0000"), to: fresh }
      const error = yield* Effect.flip(fdm.changePassword(wrong))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 422 })
      expect(tells(error)).toEqual([])
      yield* sandbox.evict()
      yield* fdm.haStatus
      expect(isNew(sandbox)).toBe(false)
    })
  )

  it.scopedLive("is looked for by one login where the answer was lost: done, or not", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, username, writes } = yield* opened()
      const change = { username, from: factory, to: fresh }
      yield* sandbox.fail({ method: "PUT", how: Sandbox.Fault.reset })
      const error = yield* Effect.flip(fdm.changePassword(change))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(tells(error)).toEqual([])
      expect(sandbox.ledger.loginsRefused).toBe(1)
      // The refusal was none of the session's, which goes on, by a login too.
      yield* sandbox.evict()
      yield* fdm.haStatus
      yield* sandbox.fail({ method: "PUT", how: Sandbox.Fault.loseAnswer })
      yield* fdm.changePassword(change)
      expect(isNew(sandbox)).toBe(true)
      expect(writes()).toHaveLength(2)
      expect(sandbox.ledger.loginsRefused).toBe(1)
      yield* onlyOneIsOpen(sandbox)
    })
  )

  it.scopedLive("must be that of an account that the device has", () =>
    Effect.gen(function* () {
      const { fdm, writes } = yield* opened()
      const error = yield* Effect.flip(fdm.changePassword({ username: "nobody", from: factory, to: fresh }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "username", value: "nobody" })
      expect(writes()).toEqual([])
    })
  )
})
