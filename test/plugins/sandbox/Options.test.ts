// What a test in JavaScript gives a sandbox that cannot be right.
//
// Invariants: it is InvalidInput, which names the field and says what to give · no secret is shown · nothing listens.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { InvalidInput } from "sallyport"
import * as Sandbox from "sallyport/sandbox"

/** What JavaScript lets a test give. */
// biome-ignore lint/suspicious/noExplicitAny: there are no types in JavaScript.
const any = (given: unknown): any => given

const wrong: ReadonlyArray<readonly [field: string, options: unknown]> = [
  ["options", 5],
  ["options", "8443"],
  ["options", []],
  ["options", new Date()],
  ["options", Promise.resolve({})],
  ["tokenLifetim", { tokenLifetim: 1 }],
  ["tokenLifetime", { tokenLifetime: Number.NaN }],
  ["tokenLifetime", { tokenLifetime: -1 }],
  ["tokenLifetime", { tokenLifetime: "-5 minutes" }],
  ["tokenLifetime", { tokenLifetime: "soon" }],
  ["latency", { latency: [Number.NaN, 0] }],
  ["deployTime", { deployTime: -1n }],
  ["refreshGrace", { refreshGrace: new Date() }],
  ["refreshLimit", { refreshLimit: -1 }],
  ["refreshLimit", { refreshLimit: 1.5 }],
  ["objects", { objects: Number.NaN }],
  ["objects", { objects: "30" }],
  ["rules", { rules: 1e12 }],
  ["port", { port: 65_536 }],
  ["port", { port: "8443" }],
  ["host", { host: "" }],
  ["password", { password: "hunter2" }],
  ["password", { password: Redacted.make("") }],
  ["apiToken", { apiToken: Redacted.make(5) }],
  ["fdmSessionLimit", { fdmSessionLimit: 0 }],
  ["requestsPerMinute", { requestsPerMinute: Number.NaN }],
  ["connectionLimit", { connectionLimit: "10" }],
  ["domains", { domains: [] }],
  ["domains", { domains: "Global" }],
  ["devices", { devices: -1 }],
  ["devices", { devices: ["ftd-1"] }],
  ["devices", { devices: [{ name: "ftd-1", domain: 5 }] }],
  ["haPairs", { haPairs: [{ name: "pair", primary: "ftd-1" }] }],
  ["clusters", { clusters: [{ name: "cluster", members: "ftd-1" }] }],
  ["haPairs", { haPairs: [{ name: "pair", primary: "ftd-1", secondary: "ftd-3" }] }],
  ["haPairs", { devices: 0, haPairs: [{ name: "pair", primary: "ftd-1", secondary: "ftd-2" }] }],
  ["clusters", { clusters: [{ name: "cluster", members: ["ftd-1", "ftd-3"] }] }],
  ["devices", { devices: [{ name: "ftd-1", domain: "Global/Brnach" }] }],
  ["devices", { domains: ["Global"], devices: [{ name: "ftd-1", domain: "Global/Branch" }] }],
  ["fmcHa", { fmcHa: "good" }],
  ["ha", { ha: "HA_STANDBY_NODE" }],
  ["apiVersions", { apiVersions: "v6" }],
  ["fmc", { fmc: "no" }],
  ["certificate", { certificate: "cert.pem" }],
  ["onRequest", { onRequest: true }]
]

describe("an option of a sandbox that cannot be right", () => {
  it.scopedLive.each(wrong)("is InvalidInput that names %s: %o", ([field, options]) =>
    Effect.gen(function* () {
      const started = [Sandbox.make(any(options)), Layer.build(Sandbox.layer(any(options)))] as const
      for (const failed of started.map(
        Effect.flip<unknown, Sandbox.SandboxFailed | InvalidInput, Scope.Scope>
      )) {
        const error = yield* failed
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(error.message).toMatch(/^[^ ]+: .*(give|leave it out|await it first)/)
        expect(error.message).not.toContain("hunter")
      }
    })
  )
})

it.scopedLive("null stands for no options", () =>
  Effect.map(Sandbox.make(any(null)), ({ ledger }) => expect(ledger.opened).toBe(0))
)

describe("what a running sandbox is told, and cannot do,", () => {
  const told: ReadonlyArray<
    readonly [field: string, tell: (sandbox: Sandbox.Sandbox) => Effect.Effect<void>]
  > = [
    ["how", ({ fail }) => fail(any({}))],
    ["how", ({ fail }) => fail({ how: any(Sandbox.Fault.status) })],
    ["how", ({ fail }) => fail({ how: Sandbox.Fault.status(99) })],
    ["how", ({ fail }) => fail({ how: Sandbox.Fault.status(any("503")) })],
    ["how", ({ fail }) => fail({ how: Sandbox.Fault.redirect(any(undefined)) })],
    ["after", ({ fail }) => fail({ how: Sandbox.Fault.slow(Number.NaN) })],
    ["kind", ({ fail }) => fail({ kind: any("logn"), how: Sandbox.Fault.reset })],
    ["paht", ({ fail }) => fail(any({ paht: "/api", how: Sandbox.Fault.reset }))],
    ["nth", ({ fail }) => fail({ nth: 0, how: Sandbox.Fault.reset })],
    ["options", ({ fail }) => fail(any("reset"))],
    ["password", ({ setPassword }) => setPassword(any(5))],
    ["token", ({ setApiToken }) => setApiToken(any(undefined))]
  ]
  it.scopedLive.each(told)("is a defect that is InvalidInput, and names %s", ([field, tell]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ objects: 0 })
      const exit = yield* Effect.exit(Effect.suspend(() => tell(sandbox)))
      const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      expect(defect).toMatchObject({ _tag: "InvalidInput", field })
    })
  )
})

it.live("a command that is given no list of words says so", () =>
  Effect.gen(function* () {
    for (const args of [undefined, null, 5, "--port", {}, [null], Promise.resolve([])]) {
      const error = yield* Effect.flip(Sandbox.command(any(args)))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "args" })
    }
  })
)
