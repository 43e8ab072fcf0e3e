// What is refused before anything is sent says so in one sentence that can stand alone on a terminal.
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Credentials, Devices, InvalidInput, Target, Trust, Workflow } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { description } from "../plugins/fdm/api/description.ts"
import { runtime } from "../support/runtime.ts"

type Slip = readonly [what: string, slip: Effect.Effect<unknown, unknown, Scope.Scope>]

/** A value that the types refuse and JavaScript does not. */
const odd = (given: unknown) => given as never
const thrown = (make: () => unknown) => Effect.catchAllDefect(Effect.sync(make), Effect.fail)
const password = Redacted.make("hunter2")

const good = { kind: "fmc", url: "https://fmc.example", credentials: { env: "FMC" } }
const kinds = Devices.make([Fmc.plugin, Fdm.plugin])
const file = (given: unknown) => kinds.openUnknown(given)
const hq = (fields: object) => file({ hq: { ...good, ...fields } })
const under = (variables: Record<string, string>) =>
  Effect.withConfigProvider(
    Target.fromEnv("FMC"),
    ConfigProvider.fromMap(new Map(Object.entries({ FMC_URL: good.url, ...variables })))
  )

/** What needs no device. */
const alone: ReadonlyArray<Slip> = [
  ...["fmc", "http://fmc.example", "https://api:x@fmc.example", "https://fmc.example?a=b", ""].map(
    (url): Slip => [`the URL "${url}"`, thrown(() => Target.make({ url }))]
  ),
  ...Object.entries({
    maxConnections: 0,
    maxBodyBytes: Number.NaN,
    requestsPerMinute: -1,
    connectTimeout: "soon",
    handshakeTimeout: {},
    responseTimeout: "25 days",
    idleTimeout: 0,
    serverName: "a b"
  }).map(([name, given]): Slip => [name, thrown(() => Target.make(odd({ url: good.url, [name]: given })))]),
  ["no pin", thrown(() => Trust.pin())],
  ["a SHA-1", thrown(() => Trust.pin("ab".repeat(20)))],
  ["a pin of other letters", thrown(() => Trust.pin("hunter2"))],
  ["a CA that is none", thrown(() => Trust.ca("x"))],
  ["a URL in place of a prefix", Fmc.make("https://api:hunter2@fmc.example")],
  [
    "a URL in place of a target",
    Fmc.make(odd({ target: good.url, credentials: Credentials.fromEnv("FMC") }))
  ],
  ["a module in place of a plugin", thrown(() => Devices.make(odd([Fmc])))],
  ["a host with a scheme", Trust.inspect({ host: "https://x", port: 443 })],
  ["a port out of bounds", Trust.inspect({ host: "fmc.example", port: 0 })],
  ["a patience that is none", Trust.inspect({ host: "fmc.example", port: 1, timeout: 0 })],
  ["nothing to inspect", Trust.inspect(odd({ host: 5, port: "x" }))],
  ["no variable", Credentials.fromEnv("NOBODYS")],
  ["no password file", Credentials.fromFile({ username: "api", path: "/nowhere/at/all" })],
  ["no FMC_URL that is one", under({ FMC_URL: "x" })],
  ["no FMC_PIN that is one", under({ FMC_PIN: "x" })],
  ["no FMC_CA_FILE that can be read", under({ FMC_CA_FILE: "/nowhere/at/all" })],
  ["FMC_CA_FILE of something else", under({ FMC_CA_FILE: "package.json" })],
  ["both FMC_PIN and FMC_CA_FILE", under({ FMC_CA_FILE: "package.json", FMC_PIN: "ab".repeat(32) })],
  ["no devices", file(5)],
  ["a device that is none", file({ hq: 5 })],
  ["no kind", hq({ kind: undefined })],
  ["a program without kinds", Devices.make([]).openUnknown({ hq: good })],
  ["a plugin that is given twice", thrown(() => Devices.make([Fmc.plugin, Fmc.plugin]))],
  ["no URL", hq({ url: undefined })],
  ["a field that nobody has", hq({ nope: 1 })],
  ["a field of another kind", hq({ apiVersion: "v6" })],
  ...Object.entries({
    url: "http://x",
    name: 5,
    trust: { pin: "x" },
    credentials: {},
    requestsPerMinute: 0,
    maxConnections: "many",
    maxBodyBytes: 0.5,
    connectTimeout: "soon",
    handshakeTimeout: 0,
    responseTimeout: "-1 seconds",
    serverName: "a b",
    minTlsVersion: "TLSv1.1",
    tokenLifetime: "soon"
  }).map(([name, given]): Slip => [`${name} in a file`, hq({ [name]: given })]),
  ["a CA in a file that is none", hq({ trust: { ca: "x" } })],
  ["a CA file that is not there", hq({ trust: { caFile: "/nowhere/at/all" } })],
  ["credentials with more", hq({ credentials: { env: "FMC", more: 1 } })],
  ["a device that is not there", Effect.flatMap(file({ hq: good }), (devices) => devices.get("hp"))],
  ["a device where there is none", Effect.flatMap(file({}), (devices) => devices.get("hp"))],
  ["a device of another kind", Effect.flatMap(file({ hq: good }), (all) => all.as(Fdm.plugin, "hq"))],
  [
    "a token with white space",
    CdFmc.make({
      target: Target.make({ url: good.url }),
      credentials: Credentials.token(Redacted.make("a b"))
    })
  ],
  ...(
    [
      ["fail", Effect.fail(odd("hunter2"))],
      ["die", Effect.die("hunter2")]
    ] as const
  ).map(
    ([what, credentials]): Slip => [
      `credentials that ${what}`,
      Fmc.make({ target: Target.make({ url: good.url }), credentials })
    ]
  ),
  [
    "a lifetime that is none",
    Fmc.make(odd({ target: Target.make({ url: good.url }), tokenLifetime: "soon" }))
  ],
  [
    "a user name with a colon",
    Fmc.make({
      target: Target.make({ url: good.url }),
      credentials: Credentials.password({ username: "a:b", password })
    })
  ],
  ["neither credentials nor token", Fdm.make(odd({ target: Target.make({ url: good.url }) }))],
  ["a version that is none", Fdm.make(odd({ target: Target.make({ url: good.url }), apiVersion: "../v6" }))]
]

const request = (
  change: (blank: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest
) => change(HttpClientRequest.get("/api/versions"))

const workflow = Workflow.make({
  name: "mistaken",
  input: Schema.Struct({ name: Schema.String }),
  devices: { fmc: Fmc.plugin },
  run: () => Effect.void
})
const plan = (given: object | undefined, devices: unknown = { fmc: "FMC" }, input: unknown = { name: "x" }) =>
  Workflow.plan(odd(given && { ...workflow, ...given }), odd(devices), odd(input))

/** What is wrong with a workflow, or with what it is planned for. */
const workflows: ReadonlyArray<Slip> = [
  ["no workflow", plan(undefined)],
  ["a workflow without input", plan({ input: undefined })],
  ["a workflow without a script", plan({ run: undefined })],
  ["a workflow without parts", plan({ devices: undefined })],
  ["a module in place of a part's plugin", plan({ devices: { fmc: Fmc } })],
  ["a workflow of no device whose function awaits", plan({ devices: {}, run: async () => {} }, {})],
  ["no devices", plan({}, null)],
  ["devices without the part", plan({}, {})],
  ["a part that there is not", plan({}, { fmc: "FMC", fdm: "FDM" })],
  ["a part of a workflow that has none", plan({ devices: {} }, { fdm: "FDM" })],
  ["no input", plan({}, undefined, null)],
  ["an input that is missing a field", plan({}, undefined, {})],
  ["an input of another type", plan({}, undefined, { name: 7 })],
  ["an Effect in place of a plan", thrown(() => Workflow.planText(odd(plan({}))))],
  ["no plan", thrown(() => Workflow.planMarkdown(odd(undefined)))]
]

/** What needs a session. */
const open = ({ session, ...fdm }: Fdm.Fdm, fmc: Fmc.Fmc, api: Api.Api): ReadonlyArray<Slip> => [
  ...[
    ["another origin", HttpClientRequest.get("https://elsewhere.example/")],
    ["an authority", HttpClientRequest.get("//elsewhere.example/")],
    ["a scheme", HttpClientRequest.get("ftp://x/")],
    ["a backslash", HttpClientRequest.get("/a\\b")],
    ["an odd method", request((blank) => ({ ...blank, method: odd("get it") }))],
    ["a header of the transport", request(HttpClientRequest.setHeader("host", "x"))],
    ["a header's odd name", request(HttpClientRequest.setHeader("a b", "x"))],
    ["a header's line break", request(HttpClientRequest.setHeader("x-a", "hunter2\n"))],
    ["a raw body", request(HttpClientRequest.setBody(HttpBody.raw(odd(5))))],
    ["a stream that fails", request(HttpClientRequest.bodyStream(Stream.fail("hunter2")))],
    [
      "a stream without end",
      request(HttpClientRequest.bodyStream(Stream.repeatValue(new Uint8Array(4 * 1024 * 1024))))
    ]
  ].map(([what, slip]): Slip => [what as string, session.http.execute(odd(slip))]),
  ["a body in a circle", fmc.rest.send("POST", "/api/x", Schema.Unknown, { body: 1n })],
  ["a domain that is not there", fmc.domain("Globe")],
  ...(
    [
      ["hosts by a misspelt filter", ({ hosts }) => Stream.runDrain(hosts.list(odd({ fliter: "x" })))],
      ["their brief form", ({ hosts }) => Stream.runDrain(hosts.listBrief(odd({ sort: "name" })))],
      [
        "a misspelt rename",
        ({ hosts }) => hosts.upsert({ name: "a", value: "10.0.0.1" }, odd({ renam: true }))
      ]
    ] satisfies ReadonlyArray<readonly [string, (domain: Fmc.Domain) => Effect.Effect<unknown, unknown>]>
  ).map(
    ([what, slip]): Slip => [what, Effect.flatMap(fmc.domain("Global"), (domain): Slip[1] => slip(domain))]
  ),
  ["networks by a misspelt filter", Stream.runDrain(fdm.networks.list(odd({ fliter: "x" })))],
  ["backups by a misspelt filter", Stream.runDrain(fdm.listBackups(odd({ fliter: "x" })))],
  ...(
    [
      { subject: " ", expiresIn: 60 },
      { subject: "x", expiresIn: 0 },
      { subject: "x", expiresIn: 60, refreshCount: 1 },
      { subject: "x", expiresIn: 60, refreshCount: -1 },
      { subject: "x", expiresIn: 60, refreshCount: 1, refreshExpiresIn: 60 }
    ] as const
  ).map((wish): Slip => [`the custom token ${JSON.stringify(wish)}`, fdm.customToken(wish)]),
  ["no subject", fdm.revokeSubject("")],
  ["no token", fdm.revokeToken(Redacted.make(""))],
  [
    "a licence that nobody accepted",
    fdm.provision(odd({ currentPassword: password, newPassword: password }))
  ],
  ["nobody's password", fdm.changePassword({ username: "nobody", from: password, to: password })],
  ["no document", Api.fromDocument({ session }, { openapi: "3.0.1" })],
  ["a tag that is none", api.call("NetworkObjct", "x")],
  ["an operation that is none", api.call("NetworkObject", "getNetworkObjet")],
  ["a parameter that is none", api.call("NetworkObject", "getNetworkObjectList", { limits: 1 })],
  ["a parameter out of bounds", api.call("NetworkObject", "getNetworkObjectList", { limit: 0 })],
  ["a parameter that is missing", api.call("NetworkObject", "getNetworkObject", {})],
  ["dots in a path", api.call("NetworkObject", "getNetworkObject", { objId: ".." })],
  ...[
    { name: "r" },
    { name: 7, ports: [80] },
    { name: "r", ports: [80], colour: "x" },
    { name: "r", ports: [80], sealed: { b: 1 } },
    { name: "r", ports: [80], shape: {} },
    { name: "r", ports: [80], filter: 1n }
  ].map((body): Slip => [`the rule ${Object.keys(body)}`, api.call("Odd", "addRule", { body })])
]

const sentences = (slips: ReadonlyArray<Slip>) =>
  Effect.forEach(slips, ([what, slip]) =>
    Effect.map(Effect.either(Effect.scoped(slip)), (result) => {
      if (result._tag === "Right") throw new Error(`${what} was accepted`)
      expect(result.left, what).toBeInstanceOf(InvalidInput)
      return [what, result.left as InvalidInput] as const
    })
  )

/** What is wrong with the form of a sentence. */
const flaws = ({ field, message }: InvalidInput): ReadonlyArray<string> => {
  const sentence = message.slice(`${field}: `.length)
  return [
    !message.startsWith(`${field}: `) && "does not begin with its field",
    !/[^.,;: ]\.$|: did you mean [^?]+\?$/.test(message) && "does not end with a full stop",
    /^(must|left|given|not|one of|at least|should)\b/.test(sentence) && "has no subject",
    /must be[^.;]*must be|; their|undefined|\[object|\n| {2}/.test(message) && "is glued",
    !/[;.] |must be/.test(sentence) && "does not say what to do",
    message.length > 400 && "is too long for a terminal",
    message.includes("hunter2") && "shows a secret"
  ].filter((flaw) => flaw !== false)
}

// The same code on all three: once is enough.
describe.runIf(runtime === "node")("what is refused before it is sent", () => {
  it.scopedLive("says in one sentence what is wrong and what to do, wherever it is found", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const fdm = yield* Fdm.make(sandbox.fdm)
      const fmc = yield* Fmc.make(sandbox.fmc)
      const api = yield* Api.fromDocument(fdm, description)
      const before = sandbox.ledger.requests.length
      const found = yield* sentences([...alone, ...workflows, ...open(fdm, fmc, api)])
      expect(
        found.flatMap(([what, error]) => flaws(error).map((flaw) => `${what}: ${flaw}: ${error.message}`))
      ).toEqual([])
      const changes = sandbox.ledger.requests.slice(before).filter(({ method }) => method !== "GET")
      expect(changes).toEqual([])
    })
  )

  for (const [what, make] of [
    ["Target.make", () => Target.make({ url: "x" })],
    ["Trust.pin", () => Trust.pin("x")],
    ["Trust.ca", () => Trust.ca("x")],
    ["Workflow.planText", () => Workflow.planText(odd({}))],
    ["Workflow.planMarkdown", () => Workflow.planMarkdown(odd({}))]
  ] as const) {
    it.effect(`is told at the line that called ${what}`, () =>
      Effect.gen(function* () {
        const { stack } = (yield* Effect.flip(thrown(make))) as Error
        expect(stack?.match(/^ +at .*/m)?.[0]).toContain("InvalidInput.test.ts")
      })
    )
  }
})
