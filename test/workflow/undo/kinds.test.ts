// The undo of the verbs of every kind of objects, from what a journal has of it.
//
// Invariants: what the run has changed is as it was before, but for the ids of what is created anew · what nothing takes
// back is told, and nothing is sent for it · each request is begun in the journal before it is sent.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Credentials, Pages, type Rest } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { own, recorded, undone } from "../../support/recordedRun.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const opened = Effect.gen(function* () {
  const apiToken = Redacted.make("an-api-token")
  const sandbox = yield* Sandbox.make({ apiToken })
  const fmc = yield* Fmc.make(sandbox.fmc)
  const fdm = yield* Fdm.make(sandbox.fdm)
  const cloud = yield* CdFmc.make({ target: sandbox.cdfmc.target, credentials: Credentials.token(apiToken) })
  const devices = {
    "sandbox-fmc": { rest: (yield* fmc.domain("Global")).rest },
    "sandbox-fdm": { rest: fdm.rest },
    "sandbox-cdfmc": { rest: (yield* cloud.domain("Global")).rest }
  }
  return {
    sandbox,
    devices,
    fdm,
    domain: yield* fmc.domain("Global"),
    cloud: yield* cloud.domain("Global")
  }
})

/** What a device has in a list, without what it gives by itself. */
const stateOf = (rest: Rest.Rest, path: string, query: Rest.Query = {}) =>
  Effect.map(Stream.runCollect(Pages.list(rest, path, Schema.Unknown, query)), (items) =>
    [...items]
      .map(own)
      .map((one) => JSON.stringify(one))
      .sort()
  )

type AnyCollection = {
  readonly create: (wanted: object) => Effect.Effect<{ readonly id?: string | undefined }, unknown>
  readonly createAll: (wanted: ReadonlyArray<object>) => Effect.Effect<unknown, unknown>
  readonly update: (item: object) => Effect.Effect<unknown, unknown>
  readonly upsert: (wanted: object) => Effect.Effect<unknown, unknown>
  readonly upsertAll: (wanted: ReadonlyArray<object>) => Effect.Effect<unknown, unknown>
  readonly remove: (id: string) => Effect.Effect<unknown, unknown>
  readonly removeAll: (ids: ReadonlyArray<string>) => Effect.Effect<unknown, unknown>
  readonly get: (id: string) => Effect.Effect<Record<string, unknown>, unknown>
}

/** A kind, two states of an object of it, and where it is. The members are of the sandbox's own. */
interface Kind {
  readonly path: string
  readonly before: object
  readonly after: object
}

const fmcKinds = (host: string, port: string, url: string): Readonly<Record<string, Kind>> => ({
  hosts: { path: "hosts", before: { value: "192.0.2.7" }, after: { value: "192.0.2.8", description: "x" } },
  networks: { path: "networks", before: { value: "192.0.2.0/24" }, after: { value: "192.0.2.0/25" } },
  ranges: {
    path: "ranges",
    before: { value: "192.0.2.1-192.0.2.9", description: "as before" },
    after: { value: "192.0.2.1-192.0.2.8" }
  },
  fqdns: {
    path: "fqdns",
    before: { value: "www.example.com", dnsResolution: "IPV4_ONLY" },
    after: { value: "www.example.com", dnsResolution: "IPV6_ONLY" }
  },
  networkGroups: {
    path: "networkgroups",
    before: { literals: [{ type: "Host", value: "192.0.2.7" }], objects: [{ type: "Host", id: host }] },
    after: { literals: [{ type: "Host", value: "192.0.2.8" }] }
  },
  ports: {
    path: "protocolportobjects",
    before: { port: "8080", protocol: "TCP" },
    after: { port: "8081", protocol: "UDP" }
  },
  portGroups: {
    path: "portobjectgroups",
    before: { objects: [{ type: "ProtocolPortObject", id: port }] },
    after: { objects: [{ type: "ProtocolPortObject", id: port }], description: "x" }
  },
  urls: { path: "urls", before: { url: "https://a.example" }, after: { url: "https://b.example" } },
  urlGroups: {
    path: "urlgroups",
    before: { literals: [{ type: "Url", url: "https://a.example" }] },
    after: { objects: [{ type: "Url", id: url }] }
  },
  zones: {
    path: "securityzones",
    before: { interfaceMode: "ROUTED" },
    after: { interfaceMode: "ROUTED", description: "x" }
  },
  dynamicObjects: {
    path: "dynamicobjects",
    before: { objectType: "IP" },
    after: { objectType: "IP", description: "x" }
  }
})

const fdmKinds = (network: object, port: object, url: object): Readonly<Record<string, Kind>> => ({
  networks: {
    path: "networks",
    before: { value: "192.0.2.0/24", subType: "NETWORK" },
    after: { value: "192.0.2.0/25", subType: "NETWORK", description: "x" }
  },
  networkGroups: {
    path: "networkgroups",
    before: { objects: [network] },
    after: { objects: [network], description: "x" }
  },
  ports: { path: "tcpports", before: { port: "8080" }, after: { port: "8081" } },
  udpPorts: { path: "udpports", before: { port: "8080" }, after: { port: "8081" } },
  portGroups: {
    path: "portgroups",
    before: { objects: [port] },
    after: { objects: [port], description: "x" }
  },
  urls: { path: "urls", before: { url: "a.example" }, after: { url: "b.example" } },
  urlGroups: { path: "urlgroups", before: { objects: [url] }, after: { objects: [url], description: "x" } },
  zones: { path: "securityzones", before: { mode: "ROUTED" }, after: { mode: "ROUTED", description: "x" } }
})

/** Each verb of a kind, on an object `there` that is there already, and on one of its own. */
const verbsOf = (all: AnyCollection, { after, before }: Kind, ids: ReadonlyArray<string>) => ({
  create: all.create({ name: "c-1", ...before }),
  createAll: all.createAll(["ca-1", "ca-2"].map((name) => ({ name, ...before }))),
  update: Effect.flatMap(all.get(ids[0] ?? ""), (there) => all.update({ ...there, ...after })),
  replace: Effect.flatMap(all.get(ids[0] ?? ""), ({ id, name, type, version }: Record<string, unknown>) =>
    all.update({ id, name, type, version, ...after })
  ),
  rename: Effect.flatMap(all.get(ids[0] ?? ""), (there) => all.update({ ...there, name: "There-1" })),
  upsertAll: all.upsertAll(["there-1", "there-2", "u-1"].map((name) => ({ name, ...after }))),
  remove: all.remove(ids[0] ?? ""),
  removeAll: all.removeAll(ids),
  "all of them": Effect.gen(function* () {
    yield* all.upsertAll(["there-1", "u-1", "u-2"].map((name) => ({ name, ...after })))
    yield* all.upsert({ name: "there-1", ...before })
    yield* all.upsert({ name: "u-1", ...before })
    yield* all.removeAll(ids)
    yield* all.create({ name: "there-1", ...after })
  })
})

const of = (client: unknown, kind: string) =>
  (client as Readonly<Record<string, AnyCollection>>)[kind] as AnyCollection

const made = (client: unknown, kind: string, body: object) =>
  Effect.map(
    of(client, kind).create({ name: `used-by-${kind}`, ...body }),
    ({ id = "", name, type }: Record<string, unknown>) => ({ id: String(id), name, type })
  )

const systems = {
  "an FMC": ({ domain }: Setting) => ({ client: domain as unknown, rest: domain.rest }),
  "a cdFMC": ({ cloud }: Setting) => ({ client: cloud as unknown, rest: cloud.rest }),
  "an FDM": ({ fdm }: Setting) => ({ client: fdm as unknown, rest: fdm.rest })
}
type Setting = Effect.Effect.Success<typeof opened>

const kindNames = {
  "an FMC": Object.keys(fmcKinds("", "", "")),
  "a cdFMC": ["hosts", "networkGroups"],
  "an FDM": Object.keys(fdmKinds({}, {}, {}))
}

describe.each(Object.entries(systems))("what the verbs of a kind change on %s", (system, systemOf) => {
  it.scopedLive.each(kindNames[system as keyof typeof systems])("is taken back: %s", (name) =>
    Effect.gen(function* () {
      const setting = yield* opened
      const { client, rest } = systemOf(setting)
      const isFdm = system === "an FDM"
      const [network, port, url] = yield* isFdm
        ? Effect.all([
            made(client, "networks", { value: "192.0.2.99", subType: "HOST" }),
            made(client, "ports", { port: "99" }),
            made(client, "urls", { url: "used.example" })
          ])
        : Effect.all([
            made(client, "hosts", { value: "192.0.2.99" }),
            made(client, "ports", { port: "99", protocol: "TCP" }),
            made(client, "urls", { url: "https://used.example" })
          ])
      const kinds = isFdm ? fdmKinds(network, port, url) : fmcKinds(network.id, port.id, url.id)
      const kind = kinds[name] as Kind
      const all = of(client, name)
      const state = stateOf(rest, `/object/${kind.path}`, isFdm ? {} : { expanded: true })
      for (const verb of Object.keys(verbsOf(all, kind, []))) {
        const ids: Array<string> = []
        for (const one of ["there-1", "there-2"])
          ids.push((yield* all.create({ name: one, ...kind.before })).id ?? "")
        const before = yield* state
        const changes = yield* recorded(verbsOf(all, kind, ids)[verb as "create"])
        expect(
          changes.map(({ outcome }) => outcome),
          verb
        ).toEqual(changes.map(() => "done"))
        expect(yield* state, `${verb} changes something`).not.toEqual(before)
        const { result } = yield* undone(changes, setting.devices)
        expect(
          result.filter(({ result }) => result.how !== "undone").map(({ result }) => result),
          verb
        ).toEqual([])
        expect(yield* state, verb).toEqual(before)
        for (const one of ["there-1", "there-2"]) {
          const there = yield* (all as unknown as Domain["hosts"]).find(one)
          yield* all.remove(Option.getOrThrow(there).id)
        }
      }
    })
  )
})
