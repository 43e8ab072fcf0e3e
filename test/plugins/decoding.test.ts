// What Cisco's documents allow in an answer, read by each verb that has a shape of its own: fields that are missing or
// null, fields that nobody knows, numbers as text and the other way round, lists without items and without a next page.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { make } from "../support/device.ts"
import { runtime } from "../support/runtime.ts"
import * as Specs from "../support/specs.ts"

type Form = "least" | "nulls" | "whole" | "crossed"
const forms: ReadonlyArray<Form> = ["least", "nulls", "whole", "crossed"]

type Fields = Readonly<Record<string, unknown>>

/** What stands behind a reference, or is made of several. */
const resolved = (document: Specs.Swagger, schema: Specs.Schema): Specs.Schema => {
  const name = schema.$ref?.split("/").at(-1)
  const own = name === undefined ? schema : (document.definitions[name] ?? {})
  const parts = (own.allOf ?? []).map((part) => resolved(document, part))
  return parts.length === 0
    ? own
    : {
        required: parts.flatMap(({ required = [] }) => required),
        properties: Object.assign({}, ...parts.map(({ properties }) => properties))
      }
}

// The documents require none of these in an answer, and without them a thing would be none: a host is its value.
const essential = [
  "id",
  "name",
  "type",
  "value",
  "url",
  "archiveName",
  "protocol",
  "serverVersion",
  "uuid",
  "mapping"
]

/** A value that a schema allows, in this form; below the third level nothing but what has to be there. */
const valueOf = (document: Specs.Swagger, given: Specs.Schema, form: Form, depth: number): unknown => {
  const { enum: words, items, properties, required = [], type } = resolved(document, given)
  if (words !== undefined) return words[0]
  if (properties !== undefined) {
    const named = [...essential, ...required].filter((name) => name in properties)
    const names = form === "least" || depth > 2 ? named : Object.keys(properties)
    const fields = names.map((name) => [
      name,
      form === "nulls" && !named.includes(name)
        ? null
        : valueOf(document, properties[name] ?? {}, form, depth + 1)
    ])
    return { ...Object.fromEntries(fields), ...(form === "whole" && { unheardOf: { of: ["here"] } }) }
  }
  const isCrossed = form === "crossed"
  if (type === "array") return depth > 2 ? [] : [valueOf(document, items ?? {}, form, depth + 1)]
  if (type === "integer" || type === "number") return isCrossed ? "7" : 7
  if (type === "boolean") return isCrossed ? "true" : true
  return type === "object" ? {} : isCrossed ? 7 : "7"
}

/** What the document has of a GET: an answer of this form, and whether it is a list. */
const answerOf = (document: Specs.Swagger, path: string, form: Form): unknown => {
  const fits = (template: string) =>
    new RegExp(`^${(document.basePath ?? "") + template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path)
  const [, item] = Object.entries(document.paths).find(([template]) => fits(template)) ?? []
  const schema = resolved(document, item?.get?.responses?.["200"]?.schema ?? {})
  const items = schema.properties?.items?.items
  if (items === undefined) return valueOf(document, schema, form, 0)
  const one = valueOf(document, items, form, 0)
  return form === "least"
    ? { items: [one] }
    : { items: [one], paging: { offset: 0, limit: 25, count: 1, pages: 1 } }
}

const domain = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const tokens = {
  "X-auth-access-token": "access",
  "X-auth-refresh-token": "refresh",
  DOMAINS: JSON.stringify([{ name: "Global", uuid: domain }])
}

/** An FMC that answers each read in a form of the document, or with these fields alone. */
const fmcOf = (form: Form, instead?: Fields) =>
  Effect.gen(function* () {
    const document = Specs.fmc()
    const device = yield* make(({ path }) =>
      path.includes("/auth/")
        ? { status: 204, headers: tokens }
        : { body: instead ?? answerOf(document, path.split("?")[0] ?? "", form) }
    )
    const fmc = yield* Fmc.make(device)
    return { fmc, branch: yield* fmc.domain("Global") }
  })

const fdmOf = (form: Form, instead?: Fields) =>
  Effect.gen(function* () {
    const document = Specs.fdm()
    const device = yield* make(({ method, path }) => {
      if (path.endsWith("/fdm/token"))
        return {
          body: { access_token: "access", expires_in: 1800, refresh_token: "r", refresh_expires_in: 2400 }
        }
      if (path === "/api/versions") return { body: { supportedVersions: ["v2"] } }
      return { body: method === "GET" ? (instead ?? answerOf(document, path.split("?")[0] ?? "", form)) : {} }
    })
    return yield* Fdm.make(device)
  })

const listsOfFmc = ({ branch, fmc }: Effect.Effect.Success<ReturnType<typeof fmcOf>>) => ({
  ...Object.fromEntries(
    (["hosts", "networks", "ranges", "fqdns", "networkGroups", "urls", "urlGroups", "ports"] as const).map(
      (kind) => [kind, branch[kind].list()]
    )
  ),
  portGroups: branch.portGroups.list(),
  zones: branch.zones.list(),
  dynamicObjects: branch.dynamicObjects.list(),
  brief: branch.hosts.listBrief(),
  rules: branch.objects("/policy/accesspolicies/p/accessrules").list(),
  deployable: branch.listDeployableDevices(),
  pending: branch.listPendingChanges("d"),
  deployments: branch.listDeployments(),
  pairs: branch.listHaPairs(),
  audit: branch.listAuditRecords(),
  domains: fmc.listDomains()
})

const listsOfFdm = (fdm: Fdm.Fdm) => ({
  networks: fdm.networks.list(),
  networkGroups: fdm.networkGroups.list(),
  ports: fdm.ports.list(),
  udpPorts: fdm.udpPorts.list(),
  portGroups: fdm.portGroups.list(),
  urls: fdm.urls.list(),
  urlGroups: fdm.urlGroups.list(),
  zones: fdm.zones.list(),
  interfaces: fdm.interfaces.list(),
  users: fdm.users.list(),
  rules: fdm.objects("/policy/accesspolicies/p/accessrules").list(),
  pending: fdm.listPendingChanges(),
  sessions: fdm.listActiveSessions(),
  backups: fdm.listBackups()
})

/** How many each list gives, or what became of it. */
const counts = (lists: Readonly<Record<string, Stream.Stream<unknown, unknown>>>) =>
  Effect.forEach(Object.entries(lists), ([name, list]) =>
    Stream.runCount(list).pipe(
      Effect.catchAll((error) => Effect.succeed(String(error))),
      Effect.map((count) => [name, count] as const)
    )
  )

const each = (lists: object, count: number) => Object.keys(lists).map((name) => [name, count])

describe.skipIf(!Specs.areThere || runtime !== "node")(
  "what the documents allow in an answer (skipped without ../shared/specs)",
  () => {
    it.scopedLive.each(forms)("of an FMC is read, in the form %s", (form) =>
      Effect.gen(function* () {
        const opened = yield* fmcOf(form)
        const lists = listsOfFmc(opened)
        expect(yield* counts(lists)).toEqual(each(lists, 1))
        expect((yield* opened.fmc.serverVersion).serverVersion).toBe("7")
        expect(Option.isSome(yield* opened.branch.fmcHaStatus)).toBe(true)
        expect(yield* opened.branch.deployment("t")).toMatchObject({ id: "t" })
      })
    )

    it.scopedLive.each(forms)("of an FDM is read, in the form %s", (form) =>
      Effect.gen(function* () {
        const fdm = yield* fdmOf(form)
        const lists = listsOfFdm(fdm)
        expect(yield* counts(lists)).toEqual(each(lists, 1))
        expect(yield* fdm.haStatus).toBeTypeOf("object")
        expect(yield* fdm.provisioning).toBeDefined()
      })
    )

    it.scopedLive.each([
      {},
      { items: null },
      { items: [], paging: null },
      { items: [], paging: { count: "0" } }
    ])("is an empty list where there is none in it: %j", (answer) =>
      Effect.gen(function* () {
        const { domains: _, ...fmc } = listsOfFmc(yield* fmcOf("least", answer))
        expect(yield* counts(fmc)).toEqual(each(fmc, 0))
        const fdm = listsOfFdm(yield* fdmOf("least", answer))
        expect(yield* counts(fdm)).toEqual(each(fdm, 0))
      })
    )
  }
)
