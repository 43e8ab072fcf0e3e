// A plugin whose device gives one object in another form than its list does, as the client's `rest.list` says.
//
// Invariants: an undo compares an object in the form in which the verbs give it, however few there are · what has a version
// is written back with that of then.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { Bulk, Collection, Pages, Plugin, type Rest } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const raw = { name: Schema.String, value: Schema.String }
const Item = Schema.transform(
  Schema.Struct({ id: Schema.String, ...raw }),
  Schema.Struct({ id: Schema.String, version: Schema.String, ...raw }),
  { strict: true, decode: (item) => ({ ...item, version: `of ${item.value}` }), encode: (item) => item }
)
type Item = typeof Item.Type
type Wanted = Collection.Wanted & Pick<Item, "value">

/** It is an FMC whose objects have a version, which goes with a change beside its body. */
const versioned = (versions: Array<unknown>) =>
  Plugin.make({
    ...Fmc.plugin,
    id: "versioned",
    subClients: { rest: {}, hosts: {} },
    backend: (config, device) =>
      Effect.map(Fmc.plugin.backend(config, device), ({ client, provider }) => ({
        provider,
        client: (session) =>
          Effect.gen(function* () {
            const fmc = yield* client(session)
            const path = yield* Effect.orDie(
              Effect.flatMap(fmc.domain("Global"), (domain) => domain.rest.at("/object/hosts"))
            )
            const listed = (at: string) => Pages.list(fmc.rest, at, Item, { expanded: true })
            const rest: Rest.Rest = {
              ...fmc.rest,
              send: (method, at, answer, options = {}) => {
                const { version, ...body } = (options.body ?? {}) as Readonly<Record<string, unknown>>
                if (method === "PUT") versions.push(version)
                return fmc.rest.send(method, at, answer, { ...options, body })
              },
              list: listed
            }
            const targetName = session.target.name
            const hosts: Collection.Collection<Item, Wanted, void> = Collection.make<Item, Wanted, void>({
              ...Collection.restVerbs({ rest, targetName, path, schema: Item, written: (item) => item }),
              targetName,
              path,
              type: "Host",
              list: () => listed(path),
              find: (name) => Stream.runHead(Stream.filter(listed(path), (one) => one.name === name)),
              createEach: (wanted, create) => Bulk.sequentially(wanted, create),
              removeEach: (ids, remove) => Bulk.sequentially(ids, remove)
            })
            return { rest, hosts }
          })
      }))
  })

describe("an undo on a device that gives one object in a form of its own", () => {
  it.scopedLive("compares it as its verbs give it, and writes it back with the version of then", () =>
    Effect.gen(function* () {
      const { fmc } = yield* Sandbox.make()
      const folder = yield* temporaryFolder
      const versions: Array<unknown> = []
      const workflow = Workflow.make({
        name: "own-form",
        input: Schema.Struct({}),
        devices: { fmc: versioned(versions) },
        run: ({ fmc: { hosts } }) =>
          Effect.gen(function* () {
            const there = Option.getOrThrow(yield* hosts.find("host-001"))
            yield* hosts.update({ ...there, value: "203.0.113.5" })
            return there.value
          })
      })
      const { report, result } = yield* Workflow.run(workflow, { fmc }, {}, { folder })
      expect(report.errors).toEqual([])
      const before = Option.getOrThrow(result)
      const undone = yield* Workflow.undo(workflow, { fmc }, report.run, { folder })
      expect(undone.changes.map(({ state }) => state)).toEqual(["undone"])
      expect(versions).toEqual([`of ${before}`, "of 203.0.113.5"])
    })
  )
})
