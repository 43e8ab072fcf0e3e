// What a script in JavaScript gives that cannot be right: a misspelt option, or a thing of another form.
//
// Invariants: it is InvalidInput, which names the field and says what to give · nothing is sent to the device, and
// nothing is done in its place · what holds a secret is never shown.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  Credentials,
  Devices,
  Fleet,
  InvalidInput,
  Inventory,
  Target,
  TokenStore,
  Trust,
  Workflow
} from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Change, Pages, Plugin } from "sallyport/plugin"
import * as Promises from "sallyport/promises"
import * as Sandbox from "sallyport/sandbox"
import { call } from "./support/commandLine.ts"
import { temporaryFolder } from "./support/temporaryFolder.ts"

const workflow = Workflow.make({
  name: "nothing",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: () => Effect.void
})

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 1 })
  const fmc = yield* Fmc.make(sandbox.fmc)
  const fdm = yield* Fdm.make({ ...sandbox.fdm, apiVersion: "v6" })
  const domain = yield* fmc.domain("Global")
  const group = yield* domain.networkGroups.create({
    name: "servers",
    literals: [{ type: "Host", value: "192.0.2.1" }]
  })
  const devices = { a: { kind: "fmc", url: sandbox.url, credentials: { env: "OPTIONS" } } } as const
  const inventory = yield* Effect.promise(() =>
    Promises.Inventory.make({ devices }, { plugins: [Fmc.plugin] })
  )
  const folder = yield* temporaryFolder
  return {
    ...{ sandbox, fmc, fdm, domain, id: group.id ?? "" },
    plan: yield* Workflow.plan(workflow, { fmc: sandbox.fmc }, {}),
    report: (yield* Workflow.run(workflow, { fmc: sandbox.fmc }, {}, { folder })).report,
    fleetPlan: yield* Fleet.plan(workflow, { a: sandbox.fmc }, {}),
    fleet: (yield* Fleet.run(workflow, { a: sandbox.fmc }, {}, { folder })).report,
    entry: yield* Effect.promise(() => inventory.get("a"))
  }
})
type Opened = Effect.Effect.Success<typeof opened>

/** What JavaScript lets a script give. */
// biome-ignore lint/suspicious/noExplicitAny: there are no types in JavaScript.
const any = (given: unknown): any => given

/** A part of a script in JavaScript. It may give an Effect, a Stream or nothing, and throw. */
type Part = (opened: Opened) => unknown

const { make, promise } = any(Workflow)
const asMade = { name: "x", input: Schema.Struct({}), devices: {}, run: () => Effect.void }
const { run: _run, ...withoutRun } = asMade
const main = (options: unknown, ...words: ReadonlyArray<string>) => call(workflow, any(options), words)

const wrong: Readonly<Record<string, Readonly<Record<string, readonly [field: string, part: Part]>>>> = {
  "the members of a group": {
    "as a list": ["members", ({ domain, id }) => domain.networkGroups.addMembers(id, any([{ id: "a" }]))],
    "as text": ["members", ({ domain, id }) => domain.networkGroups.removeMembers(id, any("192.0.2.1"))],
    "that are not given": [
      "members",
      ({ domain, id }) => domain.networkGroups.addMembers(id, any(undefined))
    ],
    "of neither kind": ["members", ({ domain, id }) => domain.networkGroups.addMembers(id, {})],
    "of neither kind, to be removed": [
      "members",
      ({ domain, id }) => domain.networkGroups.removeMembers(id, { objects: undefined })
    ],
    misspelt: [
      "members.object",
      ({ domain, id }) => domain.networkGroups.addMembers(id, any({ object: [] }))
    ],
    "one by itself": [
      "members.objects",
      ({ domain, id }) => domain.networkGroups.addMembers(id, any({ objects: { id: "a", type: "Host" } }))
    ],
    "without a type": [
      "members.literals",
      ({ domain, id }) => domain.networkGroups.removeMembers(id, any({ literals: ["192.0.2.1"] }))
    ]
  },
  "the verbs of objects": {
    "createAll with options": ["bulk", ({ domain }) => any(domain.hosts).createAll([], { bulk: true })],
    "create with options": ["ignore", ({ fdm }) => any(fdm.networks).create({}, { ignore: 1 })],
    "upsert with a misspelt one": ["kye", ({ domain }) => domain.hosts.upsert(any({}), any({ kye: 1 }))],
    "list with a misspelt one": ["limt", ({ domain }) => domain.hosts.list(any({ limt: 1 }))],
    "list by text": ["options", ({ domain }) => domain.hosts.list(any("web"))],
    "list by a number": ["options", ({ domain }) => domain.hosts.list(any(5))],
    "list by a day": ["options", ({ fdm }) => fdm.networks.list(any(new Date()))],
    "upsertAll by a function": [
      "options",
      ({ domain }) =>
        domain.hosts.upsert(
          any({ name: "a" }),
          any(() => "a")
        )
    ],
    "list with a limit in words": ["limit", ({ fdm }) => fdm.networks.list(any({ limit: "ten" }))],
    "an override for a misspelt target": [
      "target",
      ({ domain, id }) => domain.networkGroups.overrides.set(id, any("device-1"), { value: "10.0.0.1" })
    ],
    "an override for a target of no type": [
      "target.type",
      ({ domain, id }) => domain.networkGroups.overrides.set(id, any({ id: "a", kind: "Device" }), {})
    ],
    "an override without fields": [
      "fields",
      ({ domain, id }) => domain.networkGroups.overrides.set(id, { id: "a", type: "Device" }, any(undefined))
    ],
    "a place that is misspelt": [
      "place.sectoin",
      ({ domain }) => domain.objects("/policy/x/rules", any({ sectoin: "mandatory" })).create({ name: "a" })
    ],
    "a place by text": [
      "place",
      ({ domain }) => domain.objects("/policy/x/rules", any("mandatory")).createAll([{ name: "a" }])
    ],
    "mappings of a dynamic object": [
      "limt",
      ({ domain, id }) => domain.dynamicObjects.listMappings(id, any({ limt: 1 }))
    ]
  },
  "requests of one's own": {
    "the path of nothing": ["path", ({ domain }) => domain.rest.at(any(undefined))],
    params: [
      "params",
      ({ domain }) => domain.rest.request("GET", "/object/hosts", any({ params: { limit: 1 } }))
    ],
    data: ["data", ({ fdm }) => fdm.rest.request("POST", "/object/networks", any({ data: {} }))],
    "a query as text": ["query", ({ fmc }) => fmc.rest.request("GET", "/api", { query: any("limit=1") })],
    "a query of objects": [
      "query.filter",
      ({ fmc }) => fmc.rest.request("GET", "/api", { query: any({ filter: { name: "web" } }) })
    ],
    "a method in small letters": ["method", ({ fmc }) => fmc.rest.request(any("delete"), "/api")],
    "get without a Schema": ["answer", ({ fmc }) => fmc.rest.get("/api", any({ limit: 1 }))]
  },
  "what an FMC does": {
    "deploy by a Map": ["options", ({ domain }) => domain.deploy(any(new Map([["devices", ["a"]]])))],
    "deploy by a day": ["options", ({ domain }) => domain.deploy(any(new Date()))],
    "open, beside a target": [
      "requestsPerMinute",
      ({ sandbox }) => Fmc.make(any({ ...sandbox.fmc, requestsPerMinute: 10 }))
    ],
    "open, misspelt beside a target": [
      "tokenLifetim",
      ({ sandbox }) => Fmc.make(any({ ...sandbox.fmc, tokenLifetim: "1 minute" }))
    ],
    "open, misspelt of a session beside a target": [
      "logRequest",
      ({ sandbox }) => Fdm.make(any({ ...sandbox.fdm, logRequest: true }))
    ],
    deploy: ["devics", ({ domain }) => domain.deploy(any({ devics: ["a"] }))],
    "deploy to one": ["devices", ({ domain }) => domain.deploy({ devices: any("a") })],
    listDeployments: ["limt", ({ domain }) => domain.listDeployments(any({ limt: 1 }))],
    listDeployableDevices: ["limt", ({ domain }) => domain.listDeployableDevices(any({ limt: 1 }))],
    listPendingChanges: ["limt", ({ domain }) => domain.listPendingChanges("a", any({ limt: 1 }))],
    listHaPairs: ["limt", ({ domain }) => domain.listHaPairs(any({ limt: 1 }))],
    listAuditRecords: ["sinc", ({ domain }) => domain.listAuditRecords(any({ sinc: "today" }))]
  },
  "what an FDM does": {
    deploy: ["evenIfUnchangd", ({ fdm }) => fdm.deploy(any({ evenIfUnchangd: true }))],
    backup: ["nme", ({ fdm }) => fdm.backup(any({ nme: "nightly" }))],
    uploadFrom: ["nme", ({ fdm }) => fdm.uploadFrom("/action/uploadcert", "a.pem", any({ nme: "b" }))],
    downloadTo: ["replce", ({ fdm }) => fdm.downloadTo("/action/x/1", "a.pem", any({ replce: true }))],
    "customToken with a misspelt field": [
      "expireIn",
      ({ fdm }) => fdm.customToken(any({ subject: "a", expireIn: 60 }))
    ],
    "customToken in words": [
      "expiresIn",
      ({ fdm }) => fdm.customToken(any({ subject: "a", expiresIn: "1 hour" }))
    ],
    "customToken of nothing": ["options", ({ fdm }) => fdm.customToken(any(undefined))],
    "changePassword by two texts": ["options", ({ fdm }) => any(fdm).changePassword("hunter2", "hunter3")],
    "changePassword with a misspelt field": [
      "form",
      ({ fdm }) => fdm.changePassword(any({ username: "admin", form: "hunter2", to: "hunter3" }))
    ],
    "Fdm.client": [
      "apiVersoin",
      ({ fdm }) => Fdm.client(fdm.session, any({ apiVersoin: "v6" })).rest.request("GET", "/object/networks")
    ],
    provision: ["acceptEULA", ({ fdm }) => fdm.provision(any({ acceptEULA: true }))]
  },
  "where a device is": {
    trust: ["trust.pni", () => Target.make({ url: "https://fmc.example", trust: any({ pni: "AB" }) })],
    credentials: [
      "credentials.pasword",
      () =>
        Fmc.make({ url: "https://fmc.example", credentials: any({ username: "api", pasword: "hunter2" }) })
    ],
    "a password file of nobody": ["username", () => Credentials.fromFile(any({ path: "/dev/null" }))],
    "a command of nobody": ["username", () => Credentials.fromCommand(any(null))],
    "a prompt for nobody's password": ["username", () => Credentials.fromPrompt(any("admin"))],
    "a password file by a number": ["path", () => Credentials.fromFile(any({ username: "a", path: 5 }))],
    "a password file by a misspelt path": [
      "pth",
      () => Credentials.fromFile(any({ username: "a", pth: "x" }))
    ],
    "a command with a misspelt time": [
      "timeout",
      () => Credentials.fromCommand(any({ username: "a", command: ["true"], timeout: 1 }))
    ],
    "a prompt with a label that is none": [
      "label",
      () => Credentials.fromPrompt(any({ username: "a", label: 5 }))
    ],
    "a prefix that is none": ["prefix", () => Credentials.fromEnv(any(undefined))],
    "a target by a prefix that is none": ["prefix", () => Target.fromEnv(any(5))],
    "a store on disk by text": ["options", () => any(TokenStore).disk("/tmp/tokens")],
    "a store on disk, misspelt": ["foldre", () => any(TokenStore).disk({ foldre: "/tmp/tokens" })],
    "a store that is none": ["store", () => any(TokenStore).layer("/tmp/tokens")],
    "a store that is the function that makes one": ["store", () => any(TokenStore).layer(TokenStore.disk)],
    "Trust.inspect by a connect that is none": [
      "connect",
      () => Trust.inspect(any({ host: "fmc.example", port: 443, connect: "jump" }))
    ],
    "Trust.inspect": ["timeOut", () => Trust.inspect(any({ host: "fmc.example", port: 443, timeOut: 1 }))],
    "Inventory.fromFile": ["options", () => any(Inventory).fromFile("inventory.yaml")],
    "Inventory.make": ["plugin", () => any(Inventory).make({ devices: {} }, { plugin: [] })]
  },
  "a workflow": {
    "Workflow.undo of nothing": ["workflow", () => Workflow.undo(any(null), {}, "a")],
    "Workflow.change of a name alone": ["change", () => Workflow.change("a", any(undefined))],
    "Workflow.change of no device": ["change.on", () => Workflow.change("a", any({ path: "/a" }))],
    "Workflow.job of a name alone": ["job", () => Workflow.job("a", any(undefined))],
    "Workflow.make": ["workflow.rnu", () => make({ ...withoutRun, rnu: asMade.run })],
    "Workflow.make without a function": ["workflow.run", () => make(withoutRun)],
    "Workflow.make of an input that is none": ["workflow.input", () => make({ ...asMade, input: {} })],
    "Workflow.promise": ["workflow.rnu", () => promise({ ...withoutRun, rnu: asMade.run })],
    "Workflow.promise of a name that is none": ["workflow.name", () => promise({ ...asMade, name: 1 })],
    "Workflow.promise without parts": ["workflow.devices", () => promise({ ...asMade, devices: undefined })],
    "Workflow.run": ["limit.chnages", ({ sandbox }) => run(sandbox, { limit: { chnages: 1 } })],
    "Fleet.run": ["limt", ({ sandbox }) => any(Fleet).run(workflow, { a: sandbox.fmc }, {}, { limt: 1 })],
    "a step of a function": [
      "step",
      () =>
        Workflow.step(
          "a",
          any(() => Effect.void)
        )
    ],
    "a step of a promise": [
      "step",
      () => Workflow.step("a", any(Promise.reject(new Error("of the promise"))))
    ],
    "a step without a name": ["step.name", () => Workflow.step(any(Effect.void), any(undefined))],
    "a plugin's change with a misspelt field": [
      "secert",
      () => Workflow.plan(Workflow.make({ ...asMade, run: () => changed({ secert: ["psk"] }) }), {}, {})
    ],
    unplanned: [
      "unplanned",
      () =>
        Workflow.unplanned(
          "a",
          any(() => Effect.void)
        )
    ]
  },
  "what is printed of plans and reports": {
    planText: ["colours", ({ plan }) => Workflow.planText(plan, any({ colours: false }))],
    "planText of nothing": ["options", ({ plan }) => Workflow.planText(plan, any(null))],
    "planText in words": ["colors", ({ plan }) => Workflow.planText(plan, any({ colors: "never" }))],
    runText: ["scirpt", ({ report }) => Workflow.runText(report, any({ scirpt: "a.ts" }))],
    runMarkdown: ["colours", ({ report }) => Workflow.runMarkdown(report, any({ colours: true }))],
    runHtml: ["script", ({ report }) => Workflow.runHtml(report, any({ script: 1 }))],
    fleetText: ["scirpt", ({ fleet }) => Fleet.fleetText(fleet, any({ scirpt: "a.ts" }))],
    fleetMarkdown: ["options", ({ fleet }) => Fleet.fleetMarkdown(fleet, any("a.ts"))],
    fleetHtml: ["scirpt", ({ fleet }) => Fleet.fleetHtml(fleet, any({ scirpt: "a.ts" }))],
    fleetPlanText: ["colours", ({ fleetPlan }) => Fleet.fleetPlanText(fleetPlan, any({ colours: true }))]
  },
  "what was done, and what it is held to": {
    asPlanned: ["ondrift", ({ plan }) => Workflow.asPlanned(plan, any({ ondrift: "write" }))],
    "asPlanned in words": ["onDrift", ({ plan }) => Workflow.asPlanned(plan, any({ onDrift: "ignore" }))],
    "Workflow.resultOf of what a promise gives": [
      "ran",
      ({ report }) => Workflow.resultOf(any({ report, result: undefined }))
    ],
    "Workflow.resultOf of a run that was not carried out": [
      "ran",
      ({ sandbox }) => Workflow.resultOf(any(run(sandbox, {})))
    ],
    "Workflow.recorded": ["foldre", () => Workflow.recorded(any({ foldre: "/tmp" }))],
    "Workflow.reportOf": ["options", () => Workflow.reportOf("x", any("/tmp"))],
    "Workflow.undo": [
      "options",
      ({ sandbox }) => Workflow.undo(workflow, { fmc: sandbox.fmc }, "x", any(null))
    ],
    "Fleet.recorded by a day": [
      "options",
      () =>
        Effect.tryPromise({ try: () => Promises.Fleet.recorded(any(new Date())), catch: (error) => error })
    ],
    "Fleet.recorded": ["options", () => Fleet.recorded(any(null))],
    "Fleet.reportOf": ["foldre", () => Fleet.reportOf("x", any({ foldre: "/tmp" }))],
    "Fleet.undo": ["options", () => Fleet.undo(workflow, {}, "x", any("/tmp"))],
    "Fleet.drift": ["options", () => Fleet.drift(workflow, {}, {}, any(null))]
  },
  "a time that cannot be right": {
    "maxRetryAfter of no number": [
      "maxRetryAfter",
      ({ sandbox }) => session(sandbox, { maxRetryAfter: Number.NaN })
    ],
    "maxRetryAfter below 0": ["maxRetryAfter", ({ sandbox }) => session(sandbox, { maxRetryAfter: -1 })],
    "maxRetryAfter below 0, in words": [
      "maxRetryAfter",
      ({ sandbox }) => session(sandbox, { maxRetryAfter: "-1 minutes" })
    ],
    "tokenLifetime below 0": [
      "tokenLifetime",
      ({ sandbox }) => session(sandbox, { tokenLifetime: "-1 hours" })
    ],
    "a command's timeOut": [
      "command",
      () => Credentials.fromCommand({ username: "a", command: ["true"], timeOut: Number.NaN })
    ],
    "timeOut of a run": ["timeOut", ({ sandbox }) => run(sandbox, { timeOut: Number.NaN })],
    "undo.each of a run": ["undo.each", ({ sandbox }) => run(sandbox, { undo: { each: -1 } })],
    "closing of a window": [
      "window.closing",
      ({ sandbox }) =>
        run(sandbox, { window: { cron: "0 22 * * *", length: "1 hour", zone: "UTC", closing: -1 } })
    ],
    "only as a day": ["only", ({ sandbox }) => run(sandbox, { only: new Date() })]
  },
  "the devices of a program": {
    "Devices.make of one": ["plugins", () => Devices.make(any(Fmc.plugin))],
    "Devices.make of nothing": ["plugins", () => Devices.make(any(undefined))],
    "Promises.devices of one": ["plugins", () => Promises.devices(any(Fmc.plugin))],
    "Plugin.make of nothing": ["plugin", () => Plugin.make(any(undefined))],
    "Plugin.make of a plugin without a backend": [
      "plugin.backend",
      () => Plugin.make(any({ ...Fmc.plugin, backend: undefined }))
    ],
    "Pages.byOptions of names that are none": [
      "names",
      () => Pages.byOptions(any("limit"), () => Stream.empty)
    ],
    "Pages.byOptions without a list": ["list", () => Pages.byOptions(["limit"], any(undefined))],
    "Inventory.jsonSchema of one": ["plugins", () => Inventory.jsonSchema(any(Fmc.plugin))],
    "a device's opening, misspelt": [
      "pol",
      ({ entry }) => opening(entry, { pol: { seconds: 1, attempts: 3 } })
    ],
    "a device's opening in words": ["poll", ({ entry }) => opening(entry, { poll: "10 seconds" })],
    "a device's opening by text": ["options", ({ entry }) => opening(entry, "10 seconds")]
  },
  "a command line": {
    "a store of tokens that is none": [
      "tokenStore",
      ({ sandbox }) => main({ devices: { fmc: sandbox.fmc }, tokenStore: "/tmp" }, "plan")
    ],
    "no options but null": ["options", () => main(null, "--help")],
    "run with a misspelt guard": [
      "limt",
      ({ sandbox }) => main({ devices: { fmc: sandbox.fmc }, limt: 1 }, "run", "--yes")
    ],
    "plan with a misspelt guard": ["windw", () => main({ windw: {} }, "plan")],
    "plan with a guard of a misspelt field": ["limit.chnages", () => main({ limit: { chnages: 1 } }, "plan")],
    "undo with a misspelt guard": ["only.nams", () => main({ only: { nams: [] } }, "undo", "x")],
    "options that are none": ["options", () => main("FMC", "plan")],
    "show that is no function": ["show", () => main({ show: "all" }, "plan")],
    "an option of a run that is none here": ["plan", () => main({ plan: undefined }, "plan")]
  }
}

const changed = (beside: object) =>
  Change.make(
    Effect.succeed({
      ...{ targetName: "device", path: "/api/vpn", kind: "vpn", action: "update" },
      ...{ objects: [{ name: "vpn", after: { psk: "hunter2" } }], planned: () => undefined, undo: () => [] },
      ...beside
    }),
    Effect.void
  )

const opening = (entry: Opened["entry"], repeats: unknown) =>
  Effect.tryPromise({ try: () => entry.open(any(repeats)), catch: (error) => error })

const session = (sandbox: Sandbox.Sandbox, options: object) =>
  Effect.scoped(Fmc.make(any({ ...sandbox.fmc, ...options })))

const run = (sandbox: Sandbox.Sandbox, options: unknown) =>
  Workflow.run(workflow, { fmc: sandbox.fmc }, {}, any(options))

/** What a part fails with: by throwing, as an Effect or as a stream. */
const fault = (part: Part, opened: Opened): Effect.Effect<unknown, never, Scope.Scope> =>
  Effect.suspend(() => {
    const given = part(opened)
    if (Effect.isEffect(given)) return given as Effect.Effect<unknown, unknown, Scope.Scope>
    return Stream.runDrain(given as Stream.Stream<unknown, unknown>)
  }).pipe(
    Effect.exit,
    Effect.map((exit) => (Exit.isFailure(exit) ? Cause.squash(exit.cause) : "done without a word"))
  )

for (const [what, parts] of Object.entries(wrong)) {
  describe(what, () => {
    it.scopedLive("that cannot be right is InvalidInput, which names the field, and nothing is sent", () =>
      Effect.gen(function* () {
        const all = yield* opened
        const sent = () => all.sandbox.ledger.requests.length
        const before = sent()
        for (const [name, [field, part]] of Object.entries(parts)) {
          const error = yield* fault(part, all)
          expect(error, name).toBeInstanceOf(InvalidInput)
          const { field: told, message } = error as InvalidInput
          expect({ name, told }).toEqual({ name, told: field })
          expect(message).toMatch(/^[^ ]+: .*(give|leave it out)/)
          expect(message).not.toContain("hunter")
          expect(sent(), name).toBe(before)
        }
      })
    )
  })
}

describe("a step that is given its work in the place of a function", () => {
  it.scopedLive("says what to write, and does not end the process", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const unhandled: Array<unknown> = []
      const note = (reason: unknown) => void unhandled.push(reason)
      process.on("unhandledRejection", note)
      const script = Workflow.promise({
        ...asMade,
        devices: { fmc: Fmc.plugin },
        run: async ({ fmc }, _, { step }) => {
          const { hosts } = await fmc.domain("Global")
          await step("a", any(hosts.upsert({ name: "web-1", value: "192.0.2.1" })))
        }
      })
      const error = yield* Effect.flip(Workflow.plan(script, { fmc: sandbox.fmc }, {}))
      yield* Effect.sleep(20)
      process.off("unhandledRejection", note)
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "step" })
      expect(String(error)).toContain('as in step("…", async () => …)')
      expect(unhandled).toEqual([])
    })
  )
})

it("a call whose await is missing is told so, where its session is closed", async () => {
  const rejected = await Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(Sandbox.make(), (sandbox) =>
        Effect.promise(() => {
          const left: { domain?: Promise<unknown> } = {}
          return Fmc.use(any(sandbox.fmc), async (fmc) => {
            left.domain = Promise.resolve()
              .then(() => new Promise((go) => setTimeout(go, 50)))
              .then(() => fmc.domain("Global"))
            left.domain.catch(() => undefined)
          }).then(() => left.domain?.catch((error: unknown) => error))
        })
      )
    )
  )
  expect(rejected).toMatchObject({ _tag: "SessionClosed" })
  expect(String(rejected)).toContain("an await that is missing")
})
