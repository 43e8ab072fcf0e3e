// Every verb of every client, in a plan.
//
// Invariants: nothing is written · what a verb changes stands in the plan · a plan ends only at verbs whose answer nobody
// can know · no verb is missing here.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Credentials, Workflow } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Fmc from "sallyport/fmc"
import type { Collection } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>
type AnyCollection = Collection.Collection<Collection.Entry, Collection.Unnamed, never>

interface Clients {
  readonly domain: Domain
  readonly cloud: Domain
  readonly fdm: Fdm.Fdm
}

type Row = readonly [
  actions: ReadonlyArray<string>,
  ends: boolean,
  script: (clients: Clients) => Effect.Effect<unknown, unknown>
]

/** What a kind takes beside a name. */
const bodies: Readonly<Record<string, object>> = {
  hosts: { value: "192.0.2.7" },
  networks: { value: "192.0.2.0/24", subType: "NETWORK" },
  ranges: { value: "192.0.2.1-192.0.2.9" },
  fqdns: { value: "www.example.com" },
  networkGroups: { literals: [{ type: "Host", value: "192.0.2.7" }] },
  ports: { port: "8080", protocol: "TCP" },
  udpPorts: { port: "8080" }
}

/** What each verb of a kind changes, with names of its own. */
const verbsOf = (given: unknown, kind: string): Readonly<Record<string, Planned>> => {
  const all = given as AnyCollection
  const wanted = (name: string) => ({ name, ...bodies[kind] })
  const made = (name: string) => Effect.map(all.create(wanted(name)), ({ id }) => String(id))
  return {
    create: [["create"], made("c-1")],
    createAll: [["create", "create"], all.createAll(["ca-1", "ca-2"].map(wanted))],
    update: [
      ["create", "update"],
      Effect.flatMap(made("up-1"), (id) => all.update({ ...wanted("up-2"), id }))
    ],
    remove: [["create", "remove"], Effect.flatMap(made("r-1"), all.remove)],
    removeAll: [["create", "remove"], Effect.flatMap(made("ra-1"), (id) => all.removeAll([id]))],
    upsert: [["create"], all.upsert(wanted("u-1"))],
    upsertAll: [["create", "create"], all.upsertAll(["ua-1", "ua-2"].map(wanted))]
  }
}
type Planned = readonly [actions: ReadonlyArray<string>, script: Effect.Effect<unknown, unknown>]
const collectionReads = ["list", "listBrief", "get", "find", "listMappings", "overrides"]

const literals = [{ type: "Host", value: "192.0.2.8" }]
const mappings = ["192.0.2.9"]
const dynamic = { name: "set-1", objectType: "IP" as const }
const secret = (text: string) => Redacted.make(text)

const onDomain = (of: (clients: Clients) => Domain): Readonly<Record<string, Row>> => ({
  "networkGroups.addMembers": [
    ["create", "update"],
    false,
    (clients) => {
      const { networkGroups } = of(clients)
      return Effect.flatMap(networkGroups.create({ name: "g", ...bodies.networkGroups }), ({ id }) =>
        networkGroups.addMembers(id, { literals })
      )
    }
  ],
  "networkGroups.removeMembers": [
    ["create", "update"],
    false,
    (clients) => {
      const { networkGroups } = of(clients)
      return Effect.flatMap(
        networkGroups.create({ name: "g", literals: [...literals, { type: "Host", value: "192.0.2.10" }] }),
        ({ id }) => networkGroups.removeMembers(id, { literals })
      )
    }
  ],
  "dynamicObjects.addMappings": [
    ["create", "update"],
    false,
    (clients) => {
      const { dynamicObjects } = of(clients)
      return Effect.flatMap(dynamicObjects.create(dynamic), ({ id }) =>
        dynamicObjects.addMappings(id, mappings)
      )
    }
  ],
  // What is only planned has nothing mapped to it.
  "dynamicObjects.removeMappings": [
    ["create"],
    false,
    (clients) => {
      const { dynamicObjects } = of(clients)
      return Effect.flatMap(dynamicObjects.create(dynamic), ({ id }) =>
        dynamicObjects.removeMappings(id, mappings)
      )
    }
  ],
  // An FMC has overrides of what it has.
  "hosts.overrides.set": [
    ["create"],
    true,
    (clients) => {
      const { hosts } = of(clients)
      return Effect.flatMap(hosts.create({ name: "o", value: "192.0.2.7", overridable: true }), ({ id }) =>
        hosts.overrides.set(id, { id: "device-1", type: "Device" }, { value: "192.0.2.8" })
      )
    }
  ],
  "hosts.overrides.remove": [
    ["create"],
    true,
    (clients) => {
      const { hosts } = of(clients)
      return Effect.flatMap(hosts.create({ name: "o", value: "192.0.2.7" }), ({ id }) =>
        hosts.overrides.remove(id, "device-1")
      )
    }
  ],
  deploy: [
    ["create", "deploy"],
    false,
    (clients) => {
      const { deploy, hosts } = of(clients)
      return Effect.zipRight(hosts.create({ name: "pending-1", value: "192.0.2.77" }), deploy())
    }
  ]
})

const fdmVerbs: Readonly<Record<string, Row>> = {
  "api.call": [
    [],
    true,
    ({ fdm }) =>
      Effect.flatMap(Api.make(fdm), (api) =>
        api.call("NetworkObject", "addNetworkObject", {
          body: { name: "web-1", subType: "HOST", value: "192.0.2.1", type: "networkobject" }
        })
      )
  ],
  upload: [
    ["upload"],
    true,
    ({ fdm }) => fdm.upload("/action/uploaddiskfile", { name: "a.txt", bytes: new Uint8Array(3) })
  ],
  uploadFrom: [["upload"], true, ({ fdm }) => fdm.uploadFrom("/action/uploaddiskfile", "package.json")],
  backup: [["back up"], true, ({ fdm }) => fdm.backup()],
  deploy: [["deploy"], false, ({ fdm }) => fdm.deploy({ evenIfUnchanged: true })],
  customToken: [
    ["create"],
    true,
    ({ fdm }) => fdm.customToken({ subject: "monitoring", expiresIn: 3600, refreshCount: 0 })
  ],
  revokeSubject: [["revoke"], false, ({ fdm }) => fdm.revokeSubject("monitoring")],
  revokeToken: [["revoke"], false, ({ fdm }) => fdm.revokeToken(secret("a-token"))],
  endSession: [["end"], false, ({ fdm }) => fdm.endSession("1")],
  provision: [
    ["provision"],
    false,
    ({ fdm }) =>
      fdm.provision({
        currentPassword: secret("Admin123"),
        newPassword: secret("New-pw-1!"),
        acceptEula: true
      })
  ],
  changePassword: [
    ["create", "update"],
    false,
    ({ fdm }) =>
      Effect.zipRight(
        fdm.users.create({ name: "ops", type: "user" }),
        fdm.changePassword({ username: "ops", from: secret("old-1"), to: secret("New-pw-1!") })
      )
  ]
}
const notVerbs = new Set([
  ...[
    "session",
    "apiVersion",
    "filterStatusOk",
    "http",
    "rest",
    "haStatus",
    "provisioning",
    "objects",
    "overrides"
  ],
  ...[
    "listPendingChanges",
    "listActiveSessions",
    "listBackups",
    "downloadBackup",
    "downloadBackupTo",
    "download"
  ],
  ...["downloadTo", "name", "uuid", "listDeployableDevices", "deployment", "listDeployments", "listHaPairs"],
  ...["fmcHaStatus", "listAuditRecords"]
])

const isCollection = (one: unknown): one is object =>
  typeof one === "object" && one !== null && "upsertAll" in one

const opened = Effect.gen(function* () {
  const apiToken = secret("an-api-token")
  const sandbox = yield* Sandbox.make({ apiToken })
  const cloud = { target: { ...sandbox.fmc.target, name: "cloud" }, credentials: Credentials.token(apiToken) }
  return { sandbox, devices: { fmc: sandbox.fmc, fdm: sandbox.fdm, cloud } }
})

const plannedBy = <A, E>(
  { devices }: Effect.Effect.Success<typeof opened>,
  script: (clients: Clients) => Effect.Effect<A, E>
) =>
  Workflow.plan(
    Workflow.make({
      name: "verbs",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin, fdm: Fdm.plugin, cloud: CdFmc.plugin },
      run: ({ cloud, fdm, fmc }) =>
        Effect.flatMap(Effect.all([fmc.domain("Global"), cloud.domain("Global")]), ([domain, above]) =>
          script({ domain, fdm, cloud: above })
        )
    }),
    devices,
    {}
  )

const written = (sandbox: Sandbox.Sandbox) =>
  sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET")

const tables = {
  "an FMC": onDomain(({ domain }) => domain),
  "a cdFMC": onDomain(({ cloud }) => cloud),
  "an FDM": fdmVerbs
}

describe.each(Object.entries(tables))("a verb of %s in a plan is described, and not sent:", (_, verbs) => {
  it.scopedLive.each(Object.entries(verbs))("%s", ([, [actions, ends, script]]) =>
    Effect.gen(function* () {
      const setting = yield* opened
      const plan = yield* plannedBy(setting, script)
      expect(written(setting.sandbox)).toEqual([])
      expect([plan.changes.map(({ action }) => action), plan.end]).toEqual([
        actions,
        ends ? expect.anything() : undefined
      ])
    })
  )
})

const clients = {
  "an FMC": ({ domain }: Clients) => domain,
  "a cdFMC": ({ cloud }: Clients) => cloud,
  "an FDM": ({ fdm }: Clients) => fdm
}

describe.each(Object.entries(clients))("the objects of %s", (name, of) => {
  it.scopedLive("are planned, each kind by each verb, and no verb of the client is forgotten", () =>
    Effect.gen(function* () {
      const setting = yield* opened
      const known = tables[name as keyof typeof tables]
      const expected = new Map<string, ReadonlyArray<string>>()
      const plan = yield* plannedBy(setting, (all) =>
        Effect.forEach(Object.entries(of(all)), ([kind, one]) => {
          if (!isCollection(one)) {
            expect(notVerbs.has(kind) || Object.hasOwn(known, kind), kind).toBe(true)
            return Effect.void
          }
          const verbs = verbsOf(one, kind)
          for (const verb of Object.keys(one)) {
            const isRead = collectionReads.includes(verb)
            expect(
              isRead || Object.hasOwn(verbs, verb) || Object.hasOwn(known, `${kind}.${verb}`),
              verb
            ).toBe(true)
          }
          return Effect.forEach(Object.entries(verbs), ([verb, [actions, script]]) => {
            expected.set(`${kind}.${verb}`, actions)
            return Workflow.step(`${kind}.${verb}`, script)
          })
        })
      )
      expect(written(setting.sandbox)).toEqual([])
      expect(plan.end).toBe(undefined)
      const actions = new Map([...expected.keys()].map((step) => [step, actionsOf(plan, step)]))
      expect(expected.size).toBeGreaterThanOrEqual(70)
      expect(actions).toEqual(expected)
    })
  )
})

const actionsOf = ({ changes }: Workflow.Plan, step: string) =>
  changes.filter((one) => one.step === step).map(({ action }) => action)
