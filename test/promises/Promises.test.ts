// Scripts that don't write Effect, each in a process of its own: whatever ends it, 0 sessions stay open.
import { types } from "node:util"
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Promises } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf } from "../support/example.ts"
import { fewer } from "../support/fewer.ts"
import { runtime, start } from "../support/runtime.ts"

const script = (
  sandbox: Sandbox.Sandbox,
  how: string,
  env: Record<string, string> = {},
  tellsLines = false
) =>
  start("test/scripts/promises.ts", {
    env: { ...environmentOf(sandbox, "FMC"), ...env, HOW: how },
    tellsLines
  })

const ended = (running: ReturnType<typeof start>) => Effect.promise(() => running.ended)

type Ending = readonly [how: string, code: number, words: string]
type Signalled = readonly [how: string, signal: "SIGINT" | "SIGTERM", code: number]

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

  it.scopedLive.each<Ending>([
    ...fewer<Ending>([
      ["forgets", 0, ""],
      ["open", 0, ""],
      ["fromEnvironment", 0, ""]
    ]),
    ...fewer<Ending>([
      ["forgetsAndThrows", 1, "the script's own"],
      ["throws", 1, "the script's own"]
    ]),
    ["timer", 1, "in a timer"],
    ...fewer<Ending>([
      ["exitsInTry", 7, ""],
      ["exits", 7, ""],
      ["exitsInMain", 0, ""]
    ]),
    ...fewer<Ending>([
      ["exitsByName", 7, ""],
      ["exitsTakenApart", 7, ""]
    ])
  ])("that %s exits with %i, logged out", ([how, code, words]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const result = yield* ended(script(sandbox, how))
      expect(result.stderr).toContain(words)
      expect({ code: result.code, ...left(sandbox) }).toEqual({ code, opened: 1, open: 0 })
    })
  )

  it.scopedLive.each<Signalled>([
    ...fewer<Signalled>([
      ["requests", "SIGINT", 130],
      ["waits", "SIGINT", 130],
      ["plans", "SIGINT", 130]
    ]),
    ["waitsBesideSignalExit", "SIGINT", 130],
    ...fewer<Signalled>([
      ["catchesAndExits", "SIGTERM", 143],
      ["waits", "SIGTERM", 143],
      ["triesOn", "SIGTERM", 143]
    ])
  ])("that %s and gets %s exits with %i, logged out", ([how, signal, code]) =>
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

  it.scopedLive("whose reader goes away, as in `script | head -1`, ends early and quietly, logged out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const running = script(sandbox, "talks")
      yield* eventually("it is open", () => running.output() !== "", 20)
      running.stopReading()
      const { code, stderr } = yield* ended(running)
      expect({ code, stderr, ...left(sandbox) }).toEqual({ code: 141, stderr: "", opened: 1, open: 0 })
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

describe("an error that nobody catches", () => {
  it.scopedLive.each([
    ["distrusts", "TrustRefused: ", "SelfSigned", 0],
    ["refuses", "InvalidInput: ", "domain", 1]
  ] as const)(
    "of a script that %s is told by tag, message, facts and the script's line",
    ([how, tag, fact, opened]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const { code, stderr, stdout } = yield* ended(script(sandbox, how, {}, true))
        expect({ code, stdout, ...left(sandbox) }).toEqual({ code: 1, stdout: "", opened, open: 0 })
        // Bun calls every error "error", and shows its tag among its facts.
        expect(stderr).toContain(runtime === "bun" ? "error: " : tag)
        // Deno shows no facts.
        if (runtime !== "deno") expect(stderr).toContain(fact)
        const frames = stderr.split("\n").filter((line) => /^ +at /.test(line))
        expect(frames[0]).toMatch(/promises\.ts/)
        expect(stderr).not.toMatch(/node_modules\/effect|\[object|Symbol\(/)
      })
  )

  it.scopedLive("is told in one block while something is open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr } = yield* ended(script(sandbox, "refusesOpen", {}, true))
      expect({ code, ...left(sandbox) }).toEqual({ code: 1, opened: 1, open: 0 })
      expect(stderr).toMatch(/^\nInvalidInput: domain: .*\n +at .*promises\.ts.*\n\nSALLYPORT_DEBUG/)
    })
  )

  it.scopedLive("says which variables are missing", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* ended(script(yield* Sandbox.make(), "nothingSet"))
      expect(code).toBe(1)
      expect(stderr).toMatch(/NOWHERE_URL is not set or empty.*NOWHERE_USERNAME is not set or empty/)
    })
  )
})

describe("an error of the promises", () => {
  it.scopedLive(
    "is the one that was made, can be copied, and has a stack that begins at the script's line",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const caught = (work: () => Promise<unknown>) =>
          Effect.promise(() =>
            work().then(
              () => expect.unreachable(),
              (error: unknown) => error as Error
            )
          )
        // Within a span, which a script may have of its own, Effect puts an error into another object.
        const transformClient = HttpClient.transformResponse(Effect.withSpan("mine"))
        const fmc = yield* Effect.promise(() => Fmc.open({ ...sandbox.fmc, transformClient }))
        const { hosts, objects, rest } = yield* Effect.promise(() => fmc.domain("Global"))
        const odd = { url: sandbox.url, trust: { pin: "AB".repeat(32) }, credentials: { env: "FMC" } }
        const twice = { name: "twice", value: "192.0.2.1" }
        const some = [twice, { name: "odd", value: "no address" }]
        const busy = Sandbox.Fault.status(429, { headers: { "retry-after": "86400" } })
        yield* sandbox.fail({ method: "GET", path: /ranges/, how: busy })
        const fdm = yield* Effect.promise(() => Fdm.open(sandbox.fdm))
        const incomplete = yield* caught(
          async () => await fdm.networks.createAll(some.map((one) => ({ ...one, subType: "HOST" })))
        )
        const errors = [
          yield* caught(async () => await Fmc.open(odd)),
          yield* caught(async () => await Fmc.use(odd, () => undefined)),
          yield* caught(async () => await fmc.domain("Nowhere")),
          yield* caught(async () => await rest.request("GET", "/object/nothings")),
          yield* caught(async () => {
            for await (const _ of objects("/object/nothings").list()) expect.unreachable()
          }),
          yield* caught(async () => await fmc.rest.request("GET", "https://elsewhere.example/")),
          yield* caught(async () => await rest.request("GET", "/object/ranges")),
          incomplete,
          yield* Effect.promise(() => fmc.close()).pipe(
            Effect.zipRight(caught(async () => await hosts.get("1")))
          ),
          yield* caught(async () => await hosts.list().toArray())
        ]
        yield* Effect.promise(() => fdm.close())
        for (const error of errors) {
          expect([error, types.isProxy(error)]).toEqual([error, false])
          expect(error).toBeInstanceOf(Error)
          expect(types.isNativeError(error)).toBe(true)
          const { message, stack = "" } = structuredClone(error)
          expect(message).toBe(error.message)
          expect(stack).toContain(error.message)
          expect(error.stack?.split("\n").find((line) => /^ +at /.test(line))).toContain("Promises.test.ts")
        }
        const { items } = incomplete as unknown as {
          readonly items: ReadonlyArray<{ readonly error?: unknown }>
        }
        expect(items.map(({ error }) => types.isProxy(error))).toEqual([false, false])
        expect(items.some(({ error }) => error instanceof Error)).toBe(true)
      })
  )
})

describe("the devices of a program", () => {
  it.scopedLive("are opened by name, shared, and logged out together, with promises", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { certificate, password, url, username } = sandbox
      const credentials = { username, password: Redacted.value(password) }
      const place = { url, trust: { pin: certificate.sha256 }, credentials }
      const kinds = Promises.devices([Fmc.plugin, Fdm.plugin])
      const names = yield* Effect.promise(() =>
        kinds.use({ hq: { kind: "fmc", ...place }, edge: { kind: "fdm", ...place } }, async (devices) => {
          const [hq, edge] = await Promise.all([devices.get("hq"), devices.get("edge")])
          await devices.get("hq")
          const { hosts } = await hq.domain("Global")
          expect(await hosts.find("nobody")).toBeUndefined()
          expect((await edge.networks.find("any-ipv4"))?.name).toBe("any-ipv4")
          return [devices.names, await devices.kind("edge")]
        })
      )
      expect(names).toEqual([["hq", "edge"], "fdm"])
      expect(left(sandbox)).toEqual({ opened: 2, open: 0 })
      const file: unknown = { hq: { kind: "fmc", ...place } }
      const opened = yield* Effect.promise(() => kinds.openUnknown(file))
      const hq = yield* Effect.promise(() => opened.as(Fmc.plugin, "hq"))
      expect(yield* Effect.promise(() => hq.listDomains().toArray())).toHaveLength(2)
      const unknown = yield* Effect.promise(() => opened.get("nope").catch((error: unknown) => error))
      expect(unknown).toMatchObject({ _tag: "InvalidInput", field: "device" })
      yield* Effect.promise(() => opened[Symbol.asyncDispose]())
      expect(left(sandbox)).toEqual({ opened: 3, open: 0 })
    })
  )
})

describe("the promises", () => {
  it.scopedLive("waits by numbers: for a deployment, and for a change whose answer was lost", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ deployTime: "1 hour" })
      const waits = { poll: { seconds: 0.01, attempts: 2 }, readBack: { seconds: 0.01, attempts: 1 } }
      const fdm = yield* Effect.promise(() => Fdm.open({ ...sandbox.fdm, ...waits }))
      yield* Effect.promise(() => fdm.networks.create({ name: "one", subType: "HOST", value: "192.0.2.1" }))
      const unfinished = yield* Effect.promise(() => fdm.deploy().catch((error: unknown) => error))
      expect(unfinished).toMatchObject({ _tag: "DeploymentUnfinished" })
      yield* Effect.promise(() => fdm.close())
      const odd = { ...sandbox.fdm, poll: { seconds: 1 } as never }
      const refused = yield* Effect.promise(() => Fdm.open(odd).catch((error: unknown) => error))
      expect(refused).toMatchObject({ _tag: "InvalidInput", field: "poll" })
    })
  )

  it.scopedLive.each([
    [undefined, "options"],
    [{}, "url"],
    [{ url: "", credentials: { env: "FMC" } }, "url"],
    ["", "env"],
    [{ env: "FMC", url: "https://fmc.example" }, "url"]
  ] as const)("that is given %o says what to give", ([given, field]) =>
    Effect.gen(function* () {
      const error = yield* Effect.promise(() => Fmc.open(given as never).catch((error: unknown) => error))
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect((error as Error).message).toMatch(/; (give|leave) .*\.$/)
    })
  )

  it.scopedLive("that is given no function to work with what is opened says so, and opens nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const use = () => Fmc.use(sandbox.fmc, undefined as never)
      const error = yield* Effect.promise(() => use().catch((error: unknown) => error))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "body" })
      expect((error as Error).stack).toMatch(/^InvalidInput: .*\n +at .*Promises\.test\.ts/)
      expect(sandbox.ledger.opened).toBe(0)
    })
  )

  it.scopedLive.each([
    ["an Effect", (fmc: { serverVersion: () => Promise<unknown> }) => Effect.promise(fmc.serverVersion)],
    ["a generator", function* () {}],
    ["a generator", async function* () {}]
  ] as const)("whose function gives %s, which does nothing, says so and is logged out", ([what, body]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const use = () => Fmc.use(sandbox.fmc, body as never)
      const error = yield* Effect.promise(() => use().catch((error: unknown) => error))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "body" })
      expect((error as Error).message).toContain(`it gives ${what}, which does nothing by itself`)
      expect(left(sandbox)).toEqual({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("takes targets and credentials as they are, too, and leaves the process as it was", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { exit } = process
      const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("uncaughtException")
      const before = listeners()
      const names = yield* Effect.promise(() =>
        Fmc.use(sandbox.fmc, async (fmc) => {
          expect(listeners()).toBeGreaterThan(before)
          return (await fmc.listDomains().toArray()).map(({ name }) => name)
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
