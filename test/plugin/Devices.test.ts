// Sessions by device name. States of a device: not asked for, being opened, open, closed. Races: many ask at once; who
// asks is interrupted; opening fails; the scope closes while it opens. Whatever happens, each name has one session at a
// time, what was opened is closed, and closing takes as long as the slowest device alone.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Credentials, Devices } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Plugin, Promises, Traffic } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { root } from "../support/runtime.ts"

const kinds = Devices.make([Fmc.plugin, Fdm.plugin, CdFmc.plugin])

const sandboxed = (options: Sandbox.Options = {}) =>
  Effect.map(Sandbox.make(options), (sandbox) => {
    const trust = { pin: sandbox.certificate.sha256 }
    const at = { url: sandbox.url, trust, requestsPerMinute: 10_000 }
    return { sandbox, at, account: { ...at, credentials: sandbox.fmc.credentials } }
  })

describe("devices by their names", () => {
  it.scopedLive("have the client of their kind, are opened when asked for, and logged out together", () =>
    Effect.gen(function* () {
      const { account, at, sandbox } = yield* sandboxed()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const devices = yield* kinds.open({
            hq: { kind: "fmc", ...account },
            edge: { kind: "fdm", ...account, apiVersion: "v6" },
            cloud: { kind: "cdfmc", ...at, credentials: sandbox.cdfmc.credentials },
            spare: { kind: "fmc", ...account }
          })
          expect(devices.names).toEqual(["hq", "edge", "cloud", "spare"])
          expect(sandbox.ledger.logins).toBe(0)
          expect(yield* Stream.runCount((yield* devices.get("hq")).listDomains())).toBe(2)
          expect(yield* (yield* devices.get("edge")).apiVersion).toBe("v6")
          expect((yield* (yield* devices.get("cloud")).domain("Global")).name).toBe("Global")
          expect((yield* devices.session("hq")).target.name).toBe("hq")
          expect(yield* devices.kind("edge")).toBe("fdm")
          expect(sandbox.ledger.logins).toBe(2)
        })
      )
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 2, open: 0 })
    })
  )

  it.scopedLive("are opened once, however many ask at once and are interrupted meanwhile", () =>
    Effect.gen(function* () {
      const { account, sandbox } = yield* sandboxed({ latency: "100 millis" })
      const devices = yield* kinds.open({ hq: { kind: "fmc", ...account } })
      const first = yield* Effect.fork(devices.get("hq"))
      yield* Effect.sleep("20 millis")
      const others = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 50 }, () => devices.get("hq")),
          { concurrency: "unbounded" }
        )
      )
      yield* Fiber.interrupt(first)
      const clients = yield* Fiber.join(others)
      expect(new Set(clients).size).toBe(1)
      expect(sandbox.ledger.logins).toBe(1)
    })
  )

  it.scopedLive(
    "of which one cannot be opened leave the others alone, and it is tried again when asked for",
    () =>
      Effect.gen(function* () {
        const { account, sandbox } = yield* sandboxed()
        const devices = yield* kinds.open({ a: { kind: "fmc", ...account }, b: { kind: "fmc", ...account } })
        yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.status(500) })
        expect(yield* Effect.flip(devices.get("a"))).toMatchObject({ _tag: "DeviceRefused", targetName: "a" })
        yield* devices.get("b")
        yield* devices.get("a")
        expect(sandbox.ledger.open).toBe(2)
      })
  )

  it.scopedLive(
    "that are asked for after the end are SessionClosed, and one that is being opened is logged out",
    () =>
      Effect.gen(function* () {
        const { account, sandbox } = yield* sandboxed({ latency: "50 millis" })
        const scope = yield* Scope.make()
        const devices = yield* kinds
          .open({ a: { kind: "fmc", ...account }, b: { kind: "fmc", ...account } })
          .pipe(Scope.extend(scope))
        yield* devices.get("a")
        const late = yield* Effect.fork(Effect.exit(devices.get("b")))
        yield* Effect.sleep("20 millis")
        yield* Scope.close(scope, Exit.void)
        expect(yield* Effect.flip(devices.get("a"))).toMatchObject({ _tag: "SessionClosed", targetName: "a" })
        expect(Exit.isFailure(yield* Fiber.join(late))).toBe(true)
        yield* Effect.sleep("300 millis")
        expect(sandbox.ledger.open).toBe(0)
      })
  )

  // One after the other they would take five thousand seconds, and this test its time.
  it.scopedLive(
    "are closed side by side: a thousand logouts that hang take no longer than one",
    () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const names = Array.from({ length: 1000 }, (_, index) => `device-${index}`)
        const config = names.map(
          (name) => [name, { kind: "hanging", url: `https://${name}.example`, credentials: account }] as const
        )
        const devices = yield* Devices.make([hanging])
          .openUnknown(Object.fromEntries(config))
          .pipe(Scope.extend(scope))
        yield* Effect.forEach(names, (name) => devices.get(name), { concurrency: "unbounded" })
        const closed = yield* Effect.timeoutOption(Scope.close(scope, Exit.void), "60 seconds")
        expect(Option.isSome(closed)).toBe(true)
      }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger))),
    90_000
  )
})

const account = Credentials.password({ username: "api", password: Redacted.make("secret") })

/** Logs in at once and never out. */
const hanging = Plugin.make({
  id: "hanging",
  version: "1.0.0",
  pluginInterface: 1,
  capabilities: [],
  config: Schema.Struct({}),
  backend: (_, { credentials, target }) =>
    Effect.succeed({
      provider: {
        name: "hanging",
        transport: {
          target,
          exchange: () => Effect.never,
          withPermit: () => Effect.never,
          exchangeAuth: () => Effect.never,
          http: undefined as never, // nobody asks for it
          limits: Traffic.makeTargetLimits(Number.POSITIVE_INFINITY)
        },
        credentials,
        login: () => Effect.succeed({ access: Redacted.make("token"), lifetime: "1 hour" as const }),
        refresh: () => Effect.never,
        revoke: () => Effect.never,
        authorize: (request) => request,
        judge: () => "Fine" as const
      },
      client: (session) => Effect.succeed({ session })
    })
})

describe("the options of their sessions", () => {
  it.scopedLive("may be none; one that there is not is told by its name, with promises too", () =>
    Effect.gen(function* () {
      const { account } = yield* sandboxed()
      const devices = { hq: { kind: "fmc", ...account } } as const
      const plain = Promises.devices([Fmc.plugin])
      const onEvnt = () => undefined
      for (const none of [undefined, null as never]) {
        expect((yield* kinds.open(devices, none)).names).toEqual(["hq"])
        expect(yield* Effect.promise(() => plain.use(devices, ({ names }) => names, none))).toEqual(["hq"])
      }
      const options = { onEvnt, poll: { seconds: 1, attempts: 1 } } as never
      for (const error of [
        yield* Effect.flip(kinds.open(devices, { onEvnt } as never)),
        yield* Effect.promise(() =>
          plain.use(devices, () => undefined, options).catch((error: unknown) => error)
        )
      ]) {
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "onEvnt" })
      }
    })
  )
})

describe("a configuration from a file", () => {
  const good = { kind: "fmc", url: "https://fmc.example", credentials: { env: "FMC" } }
  const refused = (given: unknown) => Effect.flip(kinds.openUnknown(given))
  const secret = "hunter2-secret"

  it.scopedLive("opens devices whose names and kinds are known at run time alone", () =>
    Effect.gen(function* () {
      const { at, sandbox } = yield* sandboxed()
      const { username } = sandbox
      const password = Redacted.value(sandbox.password)
      const given: unknown = JSON.parse(
        JSON.stringify({ hq: { kind: "fmc", ...at, credentials: { username, password } } })
      )
      const devices = yield* kinds.openUnknown(given)
      expect(yield* Stream.runCount((yield* devices.as(Fmc.plugin, "hq")).listDomains())).toBe(2)
      expect(yield* Effect.flip(devices.as(Fdm.plugin, "hq"))).toMatchObject({
        _tag: "InvalidInput",
        message: expect.stringMatching(/"hq" is of kind "fmc", not "fdm"/)
      })
      expect(yield* Effect.flip(devices.as(Fmc.plugin, "nowhere"))).toMatchObject({
        message: expect.stringContaining("one of the devices: hq")
      })
    })
  )

  for (const [what, given, field, words] of [
    ["no object", 5, "devices", /an object of devices/],
    ["a device that is none", { hq: 5 }, "devices.hq", /kind, url and credentials/],
    ["an unknown kind", { hq: { ...good, kind: "asa" } }, "devices.hq.kind", /"fmc", "fdm", "cdfmc"/],
    ["no kind", { hq: { url: good.url } }, "devices.hq.kind", /"fmc", "fdm", "cdfmc"/],
    [
      "a field of another kind",
      { hq: { ...good, apiVersion: "v6" } },
      "devices.hq.apiVersion",
      /a device of kind "fmc" has no such field/
    ],
    [
      "a slip in a device whose kind has no fields of its own",
      { hq: { ...good, kind: "cdfmc", tokenLifetime: 5 } },
      "devices.hq.tokenLifetime",
      /a device of kind "cdfmc" has no such field/
    ],
    [
      "a slip in a field",
      { hq: { ...good, tokenLifetme: 5 } },
      "devices.hq.tokenLifetme",
      /has no such field; leave it out/
    ],
    ["no address", { hq: { ...good, url: undefined } }, "devices.hq.url", /./],
    ["an address that is none", { hq: { ...good, url: "fmc.example" } }, "devices.hq.url", /https: origin/],
    ["no encryption", { hq: { ...good, url: "http://fmc.example" } }, "devices.hq.url", /https:/],
    ["a pin that is none", { hq: { ...good, trust: { pin: "AB" } } }, "devices.hq.trust", /./],
    [
      "a file that is not there",
      { hq: { ...good, trust: { caFile: "/none" } } },
      "devices.hq.trust",
      /may read/
    ],
    [
      "credentials of which a part cannot be used",
      { hq: { ...good, credentials: { username: "api", password: 12345 } } },
      "devices.hq.credentials",
      /what stands there cannot be used; give an object with env/
    ],
    ["a duration that is none", { hq: { ...good, tokenLifetime: "soon" } }, "devices.hq.tokenLifetime", /./]
  ] as const) {
    it.scopedLive(`with ${what} is refused by the path of the field`, () =>
      Effect.gen(function* () {
        const error = yield* refused(given)
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(error.message).toMatch(words)
      })
    )
  }

  it.scopedLive("is refused without a word of what stands in it", () =>
    Effect.gen(function* () {
      for (const given of [
        secret,
        { hq: secret },
        { hq: { ...good, kind: secret } },
        { hq: { ...good, url: `https://api:${secret}@fmc.example` } },
        { hq: { ...good, url: secret } },
        { hq: { ...good, trust: secret } },
        { hq: { ...good, credentials: secret } },
        { hq: { ...good, credentials: { username: "api", password: secret, more: 1 } } },
        { hq: { ...good, credentials: { username: "api", passwort: secret } } },
        { hq: { ...good, tokenLifetime: secret } },
        { hq: { ...good, requestsPerMinute: secret } }
      ]) {
        const error = yield* refused(given)
        expect(error._tag).toBe("InvalidInput")
        expect(`${error.message}${JSON.stringify(error)}${String(error)}`).not.toContain(secret)
      }
    })
  )
})

describe("a plugin", () => {
  it.scopedLive("has a configuration that takes no field that it does not know, whatever its schema", () =>
    Effect.gen(function* () {
      const empty = Schema.Struct({})
      const at = { kind: "hanging", url: "https://hq.example", credentials: account }
      for (const [config, given, field] of [
        [empty, { extra: 1 }, "extra"],
        [empty, { extra: undefined }, "extra"],
        [Schema.Struct({ deep: empty }), { deep: { extra: 1 } }, "deep.extra"],
        [Schema.Struct({ deep: Schema.optional(empty) }), { deep: { extra: 1 } }, "deep.extra"],
        [Schema.Struct({ all: Schema.Array(empty) }), { all: [{}, { extra: 1 }] }, "all.1.extra"],
        [
          Schema.Struct({ one: Schema.Union(Schema.NonEmptyString, empty) }),
          { one: { extra: 1 } },
          "one.extra"
        ],
        [empty.pipe(Schema.filter(() => true)), { extra: 1 }, "extra"],
        [
          Schema.Struct({ a: Schema.optionalWith(Schema.Number, { default: () => 1 }) }),
          { extra: 1 },
          "extra"
        ]
      ] as const) {
        const kinds = Devices.make([{ ...hanging, config: config as Schema.Schema.AnyNoContext }])
        const error = yield* Effect.flip(kinds.openUnknown({ hq: { ...at, ...given } }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: `devices.hq.${field}` })
      }
      const open = Schema.Struct({}, { key: Schema.String, value: Schema.Unknown })
      for (const config of [open, Schema.Struct({ extra: Schema.Unknown })]) {
        const kinds = Devices.make([{ ...hanging, config: config as Schema.Schema.AnyNoContext }])
        expect((yield* kinds.openUnknown({ hq: { ...at, extra: { a: 1 } } })).names).toEqual(["hq"])
      }
    })
  )

  for (const [pluginInterface, words] of [
    [Plugin.interfaceVersion + 1, /written for plugin interface 2; this sallyport has 1. Upgrade sallyport/],
    [Plugin.interfaceVersion - 1, /Upgrade the plugin "hanging"/]
  ] as const) {
    it.scopedLive(`of interface ${pluginInterface} is refused, and the message says what to upgrade`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Devices.make([{ ...hanging, pluginInterface }]).openUnknown({}))
        expect(error._tag).toBe("PluginMismatch")
        expect(error.message).toMatch(words)
      })
    )
  }

  it("says the version that is published", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    for (const plugin of [Fmc.plugin, Fdm.plugin, CdFmc.plugin]) expect(plugin.version).toBe(version)
  })

  it("is given once", () => {
    const twice = () => Devices.make([Fmc.plugin, Fmc.plugin])
    expect(twice).toThrow(expect.objectContaining({ _tag: "InvalidInput", field: "plugins", value: "fmc" }))
  })
})
