import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Devices from "../plugin/Devices.ts"
import * as SendOptions from "../transport/SendOptions.ts"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import { type Rule, rule } from "./Rule.ts"

const gateway = "/contract/gateway"

/** `oddIds` are what no path may be made of: nothing, the folder itself, the one above it, half a letter. */
const oddIds = ["", ".", "..", "\ud800"]

export const plugins: ReadonlyArray<Rule> = [
  rule("a target's path is kept by logins, requests, refreshes and logouts", (fixture) =>
    Effect.gen(function* () {
      const provider = yield* behindGateway(fixture)
      const token = yield* fixture.login
      const operations = [
        ["a request", provider.transport.exchange(provider.authorize(fixture.request, token))],
        ["a login", fixture.isGivenToken(token) ? Effect.void : provider.login(fixture.account)],
        ["a refresh", token.refreshesLeft > 0 ? provider.refresh(token) : Effect.void],
        ["a logout", token.revocable ? provider.revoke(token) : Effect.void]
      ] as const
      for (const [what, operation] of operations) {
        const { lines, result } = yield* logged(operation)
        yield* Expect.holds(
          result._tag === "Right" || !Predicate.isTagged(result.left, "InvalidInput"),
          `${what} below ${gateway}: it is no path of the target: give paths such as /api/x, without its origin`
        )
        // Of a path that holds a token, only that it was sent is known.
        const beside = lines.filter((line) => !line.includes("…") && !line.includes(` ${gateway}/`))
        yield* Expect.equals(`${what} below ${gateway}: what was sent beside it`, beside.join("; "), "")
      }
    })
  ),

  rule("a field of a configuration that the plugin does not have is refused by its name", (fixture) =>
    Effect.gen(function* () {
      const { config, plugin } = yield* Expect.needed(fixture.subject.plugin, "plugin")
      const secret = "nobody-shall-see-this"
      const device = {
        ...config,
        kind: plugin.id,
        url: "https://device.example",
        credentials: { username: "api", password: secret }
      }
      const open = (fields: object) =>
        Effect.scoped(Devices.make([plugin]).openUnknown({ device: { ...device, ...fields } }))
      yield* open({})
      const error = yield* Expect.failure("a wrong field", open({ noSuchField: secret }), "InvalidInput")
      if (error._tag !== "InvalidInput") return
      yield* Expect.equals("the field that is told", error.field, "devices.device.noSuchField")
      yield* Expect.holds(!error.message.includes(secret), "the message shows what stands there")
    })
  ),

  rule(
    "an id that stands for nothing, or for another path, is InvalidInput before anything is sent",
    (fixture) =>
      Effect.gen(function* () {
        const byId = yield* Expect.needed(fixture.subject.byId, "byId")
        const session = yield* fixture.open()
        for (const id of oddIds) {
          yield* Expect.failure(`the id ${JSON.stringify(id)}`, byId(session, id), "InvalidInput")
        }
        yield* Expect.equals("requests", fixture.spy.sent.length, 0)
      })
  ),

  rule("a login that breaks off, or fails with nothing, is a typed error and hangs nobody", (fixture) =>
    Effect.gen(function* () {
      const nothing: Effect.Effect<never> = Effect.flatMap(Effect.void, () => Effect.fail(undefined as never))
      for (const [what, login] of [
        ["fails with nothing", nothing],
        ["breaks off", Effect.die(new Error("a bug of a plugin"))]
      ] as const) {
        const broken = { ...fixture.provider, login: () => login }
        yield* Expect.failure(`a login that ${what}`, fixture.open({}, broken), "ProtocolViolation")
      }
      const token = yield* fixture.login
      if (fixture.isGivenToken(token) || fixture.subject.failNext === undefined) return
      for (const status of [400, 404, 500, 503]) {
        yield* fixture.subject.failNext(status)
        const exit = yield* Effect.exit(fixture.provider.login(fixture.account))
        yield* Expect.holds(isTyped(exit), `a login that is answered ${status} ends with ${endOf(exit)}`)
      }
    })
  )
]

const behindGateway = (fixture: Fixture) =>
  Effect.gen(function* () {
    const { config, plugin } = yield* Expect.needed(fixture.subject.plugin, "plugin")
    const { credentials, transport } = fixture.provider
    yield* Expect.applies(fixture.request.url.startsWith("/"), "the subject's request is no path")
    const target = { ...transport.target, basePath: gateway }
    // The subject's configuration is this plugin's own.
    const backend = yield* plugin.backend((config ?? {}) as never, { target, credentials })
    return backend.provider
  })

/** `logged` gives what comes of an exchange, and the lines of its requests in the log. */
const logged = <A, E>(work: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const usual = yield* Effect.console
    const error = (line: unknown) => Effect.sync(() => void lines.push(String(line)))
    const result = yield* Effect.either(work).pipe(
      SendOptions.withSendOptions({ logRequests: true }),
      Effect.withConsole({ ...usual, error })
    )
    return { lines, result }
  })

const isTyped = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Cause.isFailType(exit.cause) && Predicate.hasProperty(exit.cause.error, "_tag")

const endOf = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isSuccess(exit)
    ? "success"
    : Cause.isFailType(exit.cause)
      ? `${String(exit.cause.error)}, which is no error of AuthError`
      : "a defect"
