// The door for scripts that don't write Effect, each in a process of its own: whatever ends it, 0 sessions stay open.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "./support/eventually.ts"
import { environmentOf } from "./support/example.ts"
import { start } from "./support/runtime.ts"

const script = (sandbox: Sandbox.Sandbox, how: string, env: Record<string, string> = {}) =>
  start("test/scripts/door.ts", { env: { ...environmentOf(sandbox, "FMC"), ...env, HOW: how } })

const ended = (running: ReturnType<typeof start>) => Effect.promise(() => running.ended)

const left = (sandbox: Sandbox.Sandbox) => ({ opened: sandbox.ledger.opened, open: sandbox.ledger.open })

describe("a script that doesn't write Effect", () => {
  it.scopedLive("has promises for effects, for await over lists, and undefined for what is not there", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ objects: 20 })
      const { code, stderr, stdout } = yield* ended(script(sandbox, "use"))
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const told: unknown = JSON.parse(stdout)
      expect(told).toMatchObject({ version: "7.4.2 (build 172)", none: true, raw: "object", made: "created" })
      expect(told).toHaveProperty("names", expect.any(Number))
      expect(left(sandbox)).toEqual({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("catches the same errors, by their tags, as exceptions", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stdout } = yield* ended(script(sandbox, "caught"))
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toEqual({ _tag: "InvalidInput", field: "domain", isError: true })
      expect(left(sandbox)).toEqual({ opened: 1, open: 0 })
    })
  )

  it.scopedLive.each([
    ["open", 0, ""],
    ["throws", 1, "the script's own"],
    ["forgets", 0, ""],
    ["forgetsAndThrows", 1, "the script's own"],
    ["timer", 1, "in a timer"],
    ["exits", 7, ""],
    ["exitsInTry", 7, ""],
    ["exitsInMain", 0, ""]
  ] as const)("that %s exits with %i, logged out", ([how, code, words]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* ended(script(sandbox, how))
      expect(result.stderr).toContain(words)
      expect({ code: result.code, ...left(sandbox) }).toEqual({ code, opened: 1, open: 0 })
    })
  )

  it.scopedLive.each([
    ["waits", "SIGINT", 130],
    ["waitsBesideSignalExit", "SIGINT", 130],
    ["waits", "SIGTERM", 143],
    ["requests", "SIGINT", 130],
    ["catchesAndExits", "SIGTERM", 143],
    ["triesOn", "SIGTERM", 143]
  ] as const)("that %s and gets %s exits with %i, logged out", ([how, signal, code]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = script(sandbox, how)
      yield* eventually("it is open", () => running.output() !== "", 20)
      running.kill(signal)
      const result = yield* ended(running)
      expect({ code: result.code, ...left(sandbox) }).toEqual({ code, opened: 1, open: 0 })
      expect(result.stderr).not.toContain("SessionClosed")
    })
  )

  it.scopedLive("that goes on with the next device after a signal opens none: SessionClosed", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "revoke", how: Sandbox.Fault.slow("1 second") })
      const running = script(sandbox, "goesOn")
      yield* eventually("it is open", () => running.output() !== "", 20)
      running.kill("SIGTERM")
      const result = yield* ended(running)
      expect({ code: result.code, ...left(sandbox) }).toEqual({ code: 143, opened: 1, open: 0 })
      expect(result.stdout).toBe("open\nSessionClosed\n")
    })
  )

  it.scopedLive.each([
    ["closes", "drains", 5, "open\ndrained 2\n"],
    ["calls process.exit", "drainsAndExits", 6, "open\n"]
  ] as const)("that listens to SIGTERM itself has its sessions until it %s", ([, how, code, stdout]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = script(sandbox, how)
      yield* eventually("it is open", () => running.output() !== "", 20)
      running.kill("SIGTERM")
      const result = yield* ended(running)
      expect({ ...result, ...left(sandbox) }).toMatchObject({ code, stdout, stderr: "", opened: 1, open: 0 })
    })
  )

  it.scopedLive.each([
    ["unhandledRejection", "rejection"],
    ["uncaughtException", "exception"],
    ["uncaughtException", "rejection"]
  ] as const)("that listens to %s itself lives on after its %s", ([event, thrown]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* ended(script(sandbox, "serves", { EVENT: event, THROWN: thrown }))
      const stdout = "host: Error: somewhere\nlives 2\n"
      expect({ ...result, ...left(sandbox) }).toMatchObject({
        code: 0,
        stdout,
        stderr: "",
        opened: 1,
        open: 0
      })
    })
  )

  it.scopedLive("that gets Ctrl-C in the middle of its login logs out what arrives", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.slow("1 second") })
      const running = script(sandbox, "late")
      yield* eventually("the login is under way", () => sandbox.ledger.opened === 1, 20)
      running.kill("SIGINT")
      const result = yield* ended(running)
      expect({ code: result.code, ...left(sandbox) }).toEqual({ code: 130, opened: 1, open: 0 })
      expect(result.stdout).not.toContain("open")
    })
  )
})

describe("the door", () => {
  it.scopedLive("takes targets and credentials as they are, too, and leaves the process as it was", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { exit } = process
      const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("uncaughtException")
      const before = listeners()
      const names = yield* Effect.promise(() =>
        Fmc.use(sandbox.fmc, async (fmc) => {
          expect(listeners()).toBeGreaterThan(before)
          return (await fmc.domains()).map(({ name }) => name)
        })
      )
      expect(names).toEqual(["Global", "Global/ Branch"])
      expect({ ...left(sandbox), listeners: listeners(), isSame: process.exit === exit }).toEqual({
        opened: 1,
        open: 0,
        listeners: before,
        isSame: true
      })
    })
  )

  it.scopedLive("is there for an FDM too, by an account or by a custom token, which is not revoked", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const trust = { pin: sandbox.certificate.sha256 }
      const { username, url } = sandbox
      const credentials = { username, password: Redacted.value(sandbox.password) }
      const token = yield* Effect.promise(() =>
        Fdm.use({ url, trust, credentials, apiVersion: "v6" }, async (fdm) => {
          const seen: Array<string> = []
          for await (const { name } of fdm.networks.list()) seen.push(name)
          expect(seen).toContain("any-ipv4")
          expect(await fdm.apiVersion()).toBe("v6")
          return fdm.customToken({ subject: "monitoring", expiresIn: 60 })
        })
      )
      const revokes = sandbox.ledger.revokes
      const fdm = yield* Effect.promise(() => Fdm.open({ target: sandbox.fdm.target, token }))
      expect(yield* Effect.promise(() => fdm.networks.find("any-ipv4"))).toMatchObject({ name: "any-ipv4" })
      yield* Effect.promise(() => fdm.close())
      yield* Effect.promise(() => fdm.close())
      const closed = yield* Effect.promise(() => fdm.networks.find("any").catch((error: unknown) => error))
      expect(closed).toMatchObject({ _tag: "SessionClosed" })
      expect({ before: revokes, after: sandbox.ledger.revokes }).toEqual({ before: 1, after: 1 })
    })
  )

  it.scopedLive("rejects with the error itself, and what is no configuration with the field's name", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ fmc: false })
      const refused = yield* Effect.promise(() => Fmc.open(sandbox.fmc).catch((error: unknown) => error))
      expect(refused).toMatchObject({ _tag: "DeviceRefused", status: 404 })
      const given = { url: "http://fmc.example", credentials: { env: "FMC" } }
      const wrong = yield* Effect.promise(() => Fmc.open(given).catch((error: unknown) => error))
      expect(wrong).toMatchObject({ _tag: "InvalidInput", field: "url" })
      expect(process.listenerCount("SIGINT")).toBe(0)
    })
  )
})
