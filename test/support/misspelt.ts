import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Sallyport from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Cluster from "sallyport/cluster"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Fmc from "sallyport/fmc"
import * as Plugin from "sallyport/plugin"
import * as Promises from "sallyport/promises"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

const { Collection, Credentials, Devices, Fleet, Inventory, Retry, Session, Target, TokenStore, Workflow } =
  Sallyport

// biome-ignore lint/suspicious/noExplicitAny: there are no types in JavaScript.
type Any = any
const any = (given: unknown): Any => given
const wrong: Any = { misspelt: 1 }
/** `slip` is like an option: whatever else stands beside a target, the plugin may know. */
const slip: Any = { logRequestss: 1 }

const workflow = Workflow.make({
  name: "nothing",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: () => Effect.void
})
const secret = Redacted.make("hunter2")
const account = { username: "api", password: secret }
const document = {
  swagger: "2.0",
  basePath: "/api/fdm/v6",
  paths: {
    "/object/networks": {
      get: {
        tags: ["Network"],
        operationId: "list",
        parameters: [],
        responses: { 200: { description: "all" } }
      }
    }
  }
}

/** `opened` is what options can be given to. `folder` is for journals and files. */
export const opened = (folder: string) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 1 })
    const { cdfmc, fdm: onFdm, fmc: onFmc } = sandbox
    const fmc = yield* Fmc.make(onFmc)
    const fdm = yield* Fdm.make({ ...onFdm, apiVersion: "v6" })
    const plugins = { plugins: [Fmc.plugin] }
    const devices = { a: { kind: "fmc", url: sandbox.url, credentials: { env: "MISSPELT" } } } as const
    const inventory = yield* Effect.promise(() => Promises.Inventory.make({ devices }, plugins))
    const { report: fleet } = yield* Fleet.run(workflow, { a: onFmc }, {}, { folder })
    return {
      ...{ sandbox, onFmc, onFdm, cdfmc, fmc, fdm, plugins, fleet, folder },
      domain: yield* fmc.domain("Global"),
      api: yield* Api.fromDocument(fdm, document),
      entry: yield* Effect.promise(() => inventory.get("a")),
      plan: yield* Workflow.plan(workflow, { fmc: onFmc }, {}),
      report: (yield* Workflow.run(workflow, { fmc: onFmc }, {}, { folder })).report,
      fleetPlan: yield* Fleet.plan(workflow, { a: onFmc }, {}),
      failed: any({ ...fleet, devices: fleet.devices.map((one) => ({ ...one, outcome: "failed" })) })
    }
  })

type Opened = Effect.Effect.Success<ReturnType<typeof opened>>

/** `Call` is a call as JavaScript lets a script write it: it gives an Effect, a stream, a layer, a promise or a value. */
export type Call = (opened: Opened) => unknown

const kind = ({ domain }: Opened) => ({
  ...{ rest: domain.rest, targetName: "device", path: "/object/hosts" },
  ...{ schema: Schema.Struct({ id: Schema.String }), written: (one: unknown) => one }
})
const backend = (opened: Opened) => ({
  ...Collection.restVerbs(any(kind(opened))),
  ...{ list: () => Stream.empty, find: () => Effect.void },
  ...{ createEach: () => Effect.void, removeEach: () => Effect.void }
})
const change = ({ fmc }: Opened) => ({
  ...{ on: fmc, path: "/a", before: Effect.void, after: () => ({}), apply: () => Effect.void },
  ...{ look: () => Effect.void, undo: () => Effect.void }
})
const job = ({ fmc }: Opened) => ({
  ...{ on: fmc, path: "/a", what: "a job", submit: Effect.void, find: Effect.void, poll: () => Effect.void },
  ...{ phase: () => "running", cannot: "it is done" }
})
const at = { url: "https://fmc.example", credentials: Credentials.fromEnv("MISSPELT") }
const rules = { cron: "0 22 * * *", length: "1 hour", zone: "UTC" }

/**
 * `calls` are calls with an option that there is not, of each parameter that takes options, by the names of
 * `optionParameters`; and of what stands in options.
 */
export const calls: Readonly<Record<string, ReadonlyArray<Call>>> = {
  "sallyport.Credentials.password(account)": [() => Credentials.password({ ...account, ...wrong })],
  "sallyport.Credentials.once(account)": [() => Credentials.once({ ...account, ...wrong })],
  "sallyport.Credentials.fromFile(given)": [
    () => Credentials.fromFile({ username: "api", path: "/dev/null", ...wrong })
  ],
  "sallyport.Credentials.fromPrompt(given)": [() => Credentials.fromPrompt({ username: "api", ...wrong })],
  "sallyport.Credentials.fromCommand(given)": [
    () => Credentials.fromCommand({ username: "api", command: ["true"], ...wrong })
  ],
  "sallyport.Session.make(asked)": [
    ({ onFmc }) =>
      Effect.provide(
        Effect.flatMap(Plugin.AuthProvider.AuthProvider, (provider) => Session.make(provider, wrong)),
        Fmc.provider(onFmc)
      )
  ],
  "sallyport.Session.layer(options)": [
    ({ onFmc }) => Effect.provide(Effect.void, Session.layer(wrong)).pipe(Effect.provide(Fmc.provider(onFmc)))
  ],
  "sallyport.TokenStore.disk(options)": [() => TokenStore.disk(wrong)],
  "sallyport.Collection.restVerbs(kind)": [
    (opened) => Collection.restVerbs(any({ ...kind(opened), ...wrong }))
  ],
  "sallyport.Collection.make(backend)": [(opened) => Collection.make(any({ ...backend(opened), ...wrong }))],
  "sallyport.Collection.Collection#upsert(options)": [
    ({ domain }) => domain.hosts.upsert({ name: "a", value: "192.0.2.1" }, wrong)
  ],
  "sallyport.Collection.Collection#upsertAll(options)": [
    ({ domain }) => domain.hosts.upsertAll([{ name: "a", value: "192.0.2.1" }], wrong),
    ({ domain }) => domain.hosts.upsertAll([], wrong)
  ],
  "sallyport.Fleet.fleetMarkdown(how)": [({ fleet }) => Fleet.fleetMarkdown(fleet, wrong)],
  "sallyport.Fleet.drift(given)": [({ onFmc }) => Fleet.drift(workflow, { a: onFmc }, {}, wrong)],
  "sallyport.Fleet.plan(options)": [
    ({ onFmc }) => Fleet.plan(workflow, { a: onFmc }, {}, wrong),
    ({ onFmc }) => Fleet.plan(workflow, { a: onFmc }, {}, { perDevice: wrong })
  ],
  "sallyport.Fleet.fleetPlanText(options)": [({ fleetPlan }) => Fleet.fleetPlanText(fleetPlan, wrong)],
  "sallyport.Fleet.recorded(options)": [() => Fleet.recorded(wrong)],
  "sallyport.Fleet.reportOf(options)": [() => Fleet.reportOf("a", wrong)],
  "sallyport.Fleet.rerun(options)": [
    ({ failed, onFmc }) => Fleet.rerun(workflow, { a: onFmc }, {}, failed, wrong)
  ],
  "sallyport.Fleet.resume(options)": [
    ({ fleet, onFmc }) => Fleet.resume(workflow, { a: onFmc }, fleet.fleet, wrong)
  ],
  "sallyport.Fleet.run(options)": [
    ({ onFmc }) => Fleet.run(workflow, { a: onFmc }, {}, wrong),
    ({ onFmc }) => Fleet.run(workflow, { a: onFmc }, {}, { perDevice: wrong }),
    ({ onFmc }) => Fleet.run(workflow, { a: onFmc }, {}, { perDevice: { undo: wrong } })
  ],
  "sallyport.Fleet.stream(options)": [({ onFmc }) => Fleet.stream(workflow, { a: onFmc }, {}, wrong)],
  "sallyport.Fleet.fleetText(options)": [({ fleet }) => Fleet.fleetText(fleet, wrong)],
  "sallyport.Fleet.undo(options)": [
    ({ fleet, onFmc }) => Fleet.undo(workflow, { a: onFmc }, fleet.fleet, wrong)
  ],
  "sallyport.Fleet.fleetHtml(how)": [({ fleet }) => Fleet.fleetHtml(fleet, wrong)],
  "sallyport.Inventory.fromFile(options)": [
    ({ folder, plugins }) => Inventory.fromFile(join(folder, "inventory.yaml"), { ...plugins, ...wrong })
  ],
  "sallyport.Inventory.make(given)": [
    ({ plugins }) => Inventory.make({ devices: {}, ...wrong }, plugins),
    ({ plugins }) => Inventory.make({ devices: {} }, { ...plugins, ...wrong })
  ],
  "sallyport.Devices.DeviceKinds#open(options)": [() => Devices.make([Fmc.plugin]).open({}, wrong)],
  "sallyport.Devices.DeviceKinds#openUnknown(options)": [
    () => Devices.make([Fmc.plugin]).openUnknown({}, wrong)
  ],
  "sallyport.Retry.withRetries(options)": [
    () => Retry.withRetries(Retry.none, Effect.succeed({ _tag: "Over", end: Effect.void } as const), wrong)
  ],
  "sallyport.Target.make(options)": [() => Target.make({ url: at.url, ...wrong })],
  "sallyport.Target.fromSource(given)": [
    () => Target.fromSource({ url: at.url, ...wrong }, { field: (name) => name, isSafeToShow: true })
  ],
  "sallyport.Trust.inspect(options)": [() => Sallyport.Trust.inspect({ host: "a", port: 1, ...wrong })],
  "sallyport.Workflow.runHtml(how)": [({ report }) => Workflow.runHtml(report, wrong)],
  "sallyport.Workflow.planPromise(options)": [
    ({ onFmc }) => Workflow.planPromise(workflow, { fmc: onFmc }, {}, wrong)
  ],
  "sallyport.Workflow.resumePromise(options)": [
    ({ onFmc, report }) => Workflow.resumePromise(workflow, { fmc: onFmc }, report.run, wrong)
  ],
  "sallyport.Workflow.change(given)": [
    (opened) => Workflow.change("a", any({ ...change(opened), ...wrong }))
  ],
  "sallyport.Workflow.asPlanned(options)": [({ plan }) => Workflow.asPlanned(plan, wrong)],
  "sallyport.Workflow.job(given)": [(opened) => Workflow.job("a", any({ ...job(opened), ...wrong }))],
  "sallyport.Workflow.planText(options)": [({ plan }) => Workflow.planText(plan, wrong)],
  "sallyport.Workflow.runMarkdown(how)": [({ report }) => Workflow.runMarkdown(report, wrong)],
  "sallyport.Workflow.runText(options)": [({ report }) => Workflow.runText(report, wrong)],
  "sallyport.Workflow.recorded(options)": [() => Workflow.recorded(wrong)],
  "sallyport.Workflow.reportOf(options)": [() => Workflow.reportOf("a", wrong)],
  "sallyport.Workflow.resume(options)": [
    ({ onFmc, report }) => Workflow.resume(workflow, { fmc: onFmc }, report.run, wrong)
  ],
  "sallyport.Workflow.run(options)": [
    ({ onFmc }) => Workflow.run(workflow, { fmc: onFmc }, {}, wrong),
    ({ onFmc }) => Workflow.runPromise(workflow, { fmc: onFmc }, {}, wrong),
    ({ onFmc }) => Workflow.run(workflow, { fmc: onFmc }, {}, { undo: wrong }),
    ({ onFmc }) => Workflow.run(workflow, { fmc: onFmc }, {}, { limit: wrong }),
    ({ onFmc }) => Workflow.run(workflow, { fmc: onFmc }, {}, { only: wrong }),
    ({ onFmc }) => Workflow.run(workflow, { fmc: onFmc }, {}, { window: { ...rules, ...wrong } })
  ],
  "sallyport.Workflow.undo(options)": [
    ({ onFmc, report }) => Workflow.undo(workflow, { fmc: onFmc }, report.run, wrong),
    ({ onFmc, report }) => Workflow.undoPromise(workflow, { fmc: onFmc }, report.run, wrong)
  ],
  "sallyport/fmc.Domain#objects(place)": [
    ({ domain }) => domain.objects("/object/hosts", wrong).create({ name: "a" })
  ],
  "sallyport/fmc.Domain#listDeployableDevices(options)": [
    ({ domain }) => domain.listDeployableDevices(wrong)
  ],
  "sallyport/fmc.Domain#listPendingChanges(options)": [({ domain }) => domain.listPendingChanges("a", wrong)],
  "sallyport/fmc.Domain#deploy(options)": [({ domain }) => domain.deploy(wrong)],
  "sallyport/fmc.Domain#listDeployments(options)": [({ domain }) => domain.listDeployments(wrong)],
  "sallyport/fmc.Domain#listHaPairs(options)": [({ domain }) => domain.listHaPairs(wrong)],
  "sallyport/fmc.Domain#listAuditRecords(options)": [({ domain }) => domain.listAuditRecords(wrong)],
  "sallyport/fmc.layer(options)": [({ onFmc }) => Fmc.layer({ ...onFmc, ...slip })],
  "sallyport/fmc.layerConfig(settings)": [() => Fmc.layerConfig("MISSPELT", wrong)],
  "sallyport/fmc.make(options)": [
    ({ onFmc }) => Fmc.make({ ...onFmc, ...slip }),
    () => Fmc.make({ ...at, ...wrong }),
    () => Fmc.make({ ...at, credentials: { ...account, ...wrong } }),
    () => Fmc.make({ env: "MISSPELT", ...wrong })
  ],
  "sallyport/fmc.open(given)": [
    ({ onFmc }) => Fmc.open({ ...onFmc, ...slip }),
    ({ onFmc }) => Fmc.open({ ...onFmc, poll: { seconds: 1, attempts: 1, ...wrong } })
  ],
  "sallyport/fmc.provider(options)": [({ onFmc }) => Fmc.provider({ ...onFmc, ...slip })],
  "sallyport/fmc.use(given)": [({ onFmc }) => Fmc.use({ ...onFmc, ...slip }, () => undefined)],
  "sallyport/fmc.DynamicObjects#listMappings(options)": [
    ({ domain }) => domain.dynamicObjects.listMappings("a", wrong)
  ],
  "sallyport/fmc.DynamicObjects#listBrief(options)": [({ domain }) => domain.hosts.listBrief(wrong)],
  "sallyport/fmc.DynamicObjects#list(options)": [
    ({ domain }) => domain.dynamicObjects.list(wrong),
    ({ domain }) => domain.hosts.list(wrong),
    ({ fdm }) => fdm.networks.list(wrong)
  ],
  "sallyport/fmc.NetworkGroups#addMembers(members)": [
    ({ domain }) => domain.networkGroups.addMembers("a", wrong)
  ],
  "sallyport/fmc.NetworkGroups#removeMembers(members)": [
    ({ domain }) => domain.networkGroups.removeMembers("a", wrong)
  ],
  "sallyport/fdm.client(options)": [
    ({ fdm }) => Fdm.client(fdm.session, wrong).rest.request("GET", "/object/networks")
  ],
  "sallyport/fdm.Fdm#customToken(request)": [
    ({ fdm }) => fdm.customToken({ subject: "a", expiresIn: 60, ...wrong })
  ],
  "sallyport/fdm.Fdm#listPendingChanges(options)": [({ fdm }) => fdm.listPendingChanges(wrong)],
  "sallyport/fdm.Fdm#deploy(options)": [({ fdm }) => fdm.deploy(wrong)],
  "sallyport/fdm.Fdm#listActiveSessions(options)": [({ fdm }) => fdm.listActiveSessions(wrong)],
  "sallyport/fdm.Fdm#upload(file)": [
    ({ fdm }) => fdm.upload("/action/uploadcert", { name: "a.pem", bytes: new Uint8Array(), ...wrong })
  ],
  "sallyport/fdm.Fdm#downloadTo(options)": [
    ({ fdm, folder }) => fdm.downloadTo("/action/a/1", join(folder, "a"), wrong)
  ],
  "sallyport/fdm.Fdm#uploadFrom(options)": [
    ({ fdm }) => fdm.uploadFrom("/action/uploadcert", "/dev/null", wrong)
  ],
  "sallyport/fdm.Fdm#listBackups(options)": [({ fdm }) => fdm.listBackups(wrong)],
  "sallyport/fdm.Fdm#backup(options)": [({ fdm }) => fdm.backup(wrong)],
  "sallyport/fdm.Fdm#downloadBackupTo(options)": [
    ({ fdm, folder }) => fdm.downloadBackupTo(any({ archiveName: "a.tar" }), join(folder, "a"), wrong)
  ],
  "sallyport/fdm.layer(options)": [({ onFdm }) => Fdm.layer({ ...onFdm, ...slip })],
  "sallyport/fdm.layerConfig(settings)": [() => Fdm.layerConfig("MISSPELT", wrong)],
  "sallyport/fdm.make(options)": [({ onFdm }) => Fdm.make({ ...onFdm, ...slip })],
  "sallyport/fdm.provider(options)": [({ onFdm }) => Fdm.provider({ ...onFdm, ...slip })],
  "sallyport/fdm/api.Api#call(options)": [({ api }) => api.call("Network", "list", {}, wrong)],
  "sallyport/cdfmc.layer(options)": [({ cdfmc }) => CdFmc.layer({ ...cdfmc, ...slip })],
  "sallyport/cdfmc.layerConfig(settings)": [() => CdFmc.layerConfig("MISSPELT", wrong)],
  "sallyport/cdfmc.make(options)": [({ cdfmc }) => CdFmc.make({ ...cdfmc, ...slip })],
  "sallyport/cdfmc.provider(options)": [({ cdfmc }) => CdFmc.provider({ ...cdfmc, ...slip })],
  "sallyport/sandbox.Fault.status(options)": [() => Sandbox.Fault.status(503, wrong)],
  "sallyport/sandbox.layer(options)": [() => Sandbox.layer(wrong)],
  "sallyport/sandbox.make(given)": [
    () => Sandbox.make(wrong),
    () => Sandbox.make({ ha: { nodeState: "SINGLE_NODE", ...wrong } }),
    () => Sandbox.make({ certificate: { cert: "", key: "", ...wrong } })
  ],
  "sallyport/sandbox.Sandbox#fail(fault)": [
    ({ sandbox }) => sandbox.fail({ how: Sandbox.Fault.hang, ...wrong })
  ],
  "sallyport/plugin.Backend.make(definition)": [
    () => Plugin.Backend.make(any({ ...Fmc.plugin, tag: Fmc.Fmc, subClients: {}, ...wrong }))
  ],
  "sallyport/plugin.FileTransfer.save(options)": [
    ({ fdm, folder }) => any(Plugin.FileTransfer).save(fdm.session, "/a", join(folder, "a"), wrong)
  ],
  "sallyport/plugin.Pages.byOptions()(options)": [
    () => Plugin.Pages.byOptions(["limit"], () => Stream.empty)(wrong)
  ],
  "sallyport/plugin.Rest.Rest#send(options)": [
    ({ domain }) => domain.rest.send("POST", "/object/hosts", Schema.Unknown, wrong)
  ],
  "sallyport/plugin.Rest.Rest#request(options)": [
    ({ domain }) => domain.rest.request("GET", "/object/hosts", wrong)
  ],
  "sallyport/plugin.Plugin.make(plugin)": [() => Plugin.Plugin.make(any({ ...Fmc.plugin, ...wrong }))],
  "sallyport/plugin.TargetConfig.fromEnv(credentials)": [
    () => Plugin.TargetConfig.fromEnv("MISSPELT", { username: "api", password: "hunter2", ...wrong })
  ],
  "sallyport/plugin.Promises.PromiseDeviceKinds#use(settings)": [
    () => Promises.devices([Fmc.plugin]).use({}, () => undefined, wrong)
  ],
  "sallyport/plugin.Promises.PromiseDeviceKinds#open(settings)": [
    () => Promises.devices([Fmc.plugin]).open({}, wrong)
  ],
  "sallyport/plugin.Promises.PromiseDeviceKinds#useUnknown(settings)": [
    () => Promises.devices([Fmc.plugin]).useUnknown({}, () => undefined, wrong)
  ],
  "sallyport/plugin.Promises.PromiseDeviceKinds#openUnknown(settings)": [
    () => Promises.devices([Fmc.plugin]).openUnknown({}, wrong)
  ],
  "sallyport/plugin.Transport.make(defaults)": [({ onFmc }) => Plugin.Transport.make(onFmc.target, wrong)],
  "sallyport/cluster.client(sharding)": [() => Cluster.client(wrong)],
  "sallyport/cluster.oneRunner(sharding)": [() => Cluster.oneRunner(wrong)],
  "sallyport/cluster.runner(options)": [
    () => Cluster.runner({ port: 1, ...wrong }),
    () => Cluster.runner({ port: 1, sharding: wrong })
  ],
  "sallyport/cluster.fleet(options)": [({ onFmc }) => Cluster.fleet(workflow, { a: onFmc }, {}, wrong)],
  "sallyport/cluster.resumeFleet(options)": [
    ({ fleet, onFmc }) => Cluster.resumeFleet(workflow, { a: onFmc }, fleet.fleet, wrong)
  ],
  "sallyport/cluster.journals(options)": [() => Cluster.journals(wrong)],
  "sallyport/cluster.run(options)": [() => Cluster.run(workflow, { fmc: "a" }, {}, wrong)],
  "sallyport/cluster.serve(options)": [({ onFmc }) => Cluster.serve(workflow, any({ a: onFmc }), wrong)],
  "sallyport/promises.Fleet.run(options)": [
    ({ onFmc }) => Promises.Fleet.run(workflow, { a: onFmc }, {}, wrong)
  ],
  "sallyport/promises.Fleet.stream(options)": [
    ({ onFmc }) => Promises.Fleet.stream(workflow, { a: onFmc }, {}, wrong)
  ],
  "sallyport/promises.Fleet.rerun(options)": [
    ({ failed, onFmc }) => Promises.Fleet.rerun(workflow, { a: onFmc }, {}, failed, wrong)
  ],
  "sallyport/promises.Fleet.resume(options)": [
    ({ fleet, onFmc }) => Promises.Fleet.resume(workflow, { a: onFmc }, fleet.fleet, wrong)
  ],
  "sallyport/promises.Fleet.undo(options)": [
    ({ fleet, onFmc }) => Promises.Fleet.undo(workflow, { a: onFmc }, fleet.fleet, wrong)
  ],
  "sallyport/promises.Fleet.plan(options)": [
    ({ onFmc }) => Promises.Fleet.plan(workflow, { a: onFmc }, {}, wrong)
  ],
  "sallyport/promises.Fleet.drift(options)": [
    ({ onFmc }) => Promises.Fleet.drift(workflow, { a: onFmc }, {}, wrong)
  ],
  "sallyport/promises.Fleet.recorded(options)": [() => Promises.Fleet.recorded(wrong)],
  "sallyport/promises.Fleet.reportOf(options)": [() => Promises.Fleet.reportOf("a", wrong)],
  "sallyport/promises.Inventory.PromiseEntry#use(repeats)": [
    ({ entry }) => entry.use(() => undefined, wrong)
  ],
  "sallyport/promises.Inventory.PromiseEntry#open(repeats)": [({ entry }) => entry.open(wrong)],
  "sallyport/promises.Inventory.make(given)": [
    ({ plugins }) => Promises.Inventory.make({ devices: {}, ...wrong }, plugins),
    ({ plugins }) => Promises.Inventory.make({ devices: {} }, { ...plugins, ...wrong })
  ],
  "sallyport/promises.Inventory.fromFile(options)": [
    ({ folder, plugins }) =>
      Promises.Inventory.fromFile(join(folder, "inventory.yaml"), { ...plugins, ...wrong })
  ],
  "sallyport/testing.contract(options)": [() => Testing.contract(any({ make: Effect.void, ...wrong }))]
}
