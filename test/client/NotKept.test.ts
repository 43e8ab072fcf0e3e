// Devices that answer a change as done and did not keep all of it: what is told, and what is no such thing.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Bulk, Collection } from "sallyport"
import * as Keeping from "../support/keepingDevice.ts"

type Fields = Readonly<Record<string, unknown>>

const rules = "/policy/accesspolicies/p/accessrules"
const source = { objects: [{ id: "n", type: "Network", name: "inside" }] }
const rule = { name: "allow", type: "AccessRule", action: "ALLOW", sourceNetworks: source }
const without =
  (...dropped: ReadonlyArray<string>) =>
  (sent: Fields): Fields =>
    Object.fromEntries(Object.entries(sent).filter(([field]) => !dropped.includes(field)))

describe("a device that drops a rule's source networks, so that it matches any", () => {
  const dropping = (items: ReadonlyArray<Fields> = []) =>
    Keeping.fmc({ items: { [rules]: items }, keeps: without("sourceNetworks") })
  const told = { _tag: "NotKept", objectName: "allow", fields: ["sourceNetworks"] }

  it.scopedLive("is NotKept when the rule is created, and says that it is there", () =>
    Effect.gen(function* () {
      const { domain, there, writes } = yield* dropping()
      const error = yield* Effect.flip(domain.objects(rules).create(rule))
      expect(error).toMatchObject({ ...told, id: "id-1", operation: `POST ${rules}` })
      expect(error.message).toMatch(
        /carried out on "allow", but .* did not keep sourceNetworks: the change is there/
      )
      if (!(error instanceof Collection.NotKept)) throw error
      expect(error.item).toMatchObject({ id: "id-1", action: "ALLOW" })
      // What stands in it may be a secret.
      expect(JSON.stringify(error) + inspect(error, { depth: 9 })).not.toContain("ALLOW")
      expect(there(rules)).toHaveLength(1)
      expect(writes()).toHaveLength(1)
    })
  )

  it.scopedLive("and when it is updated, also by an upsert of something else", () =>
    Effect.gen(function* () {
      const { domain } = yield* dropping([{ ...rule, id: "1" }])
      const { update, upsert } = domain.objects(rules)
      expect(yield* Effect.flip(upsert({ name: "Allow", enabled: true }))).toMatchObject(told)
      expect(yield* Effect.flip(update({ ...rule, id: "1" }))).toMatchObject(told)
    })
  )

  it.scopedLive("and for each one of many, while the others go on", () =>
    Effect.gen(function* () {
      const { domain, there } = yield* dropping()
      const other = { name: "block", type: "AccessRule", action: "BLOCK" }
      const error = yield* Effect.flip(domain.objects(rules).createAll([rule, other]))
      if (!(error instanceof Bulk.BulkIncomplete)) throw error
      expect(error.items).toMatchObject([{ _tag: "Failed", error: told }, { _tag: "Done" }])
      const again = yield* Effect.flip(domain.objects(rules).upsertAll([other, rule]))
      expect(again).toMatchObject({ items: [{ _tag: "Done" }, { _tag: "Failed", error: told }] })
      expect(there(rules)).toHaveLength(2)
    })
  )

  it.scopedLive("as an FDM too", () =>
    Effect.gen(function* () {
      const path = "/object/networks"
      const { fdm } = yield* Keeping.fdm({
        items: { [path]: [] },
        keeps: (sent) => ({ ...sent, value: "10.0.0.9" })
      })
      const host = { name: "h", subType: "HOST", value: "10.0.0.1" } as const
      expect(yield* Effect.flip(fdm.networks.create(host))).toMatchObject({
        _tag: "NotKept",
        fields: ["value"]
      })
      const error = yield* Effect.flip(fdm.networks.createAll([host]))
      expect(error).toMatchObject({ items: [{ _tag: "Failed", error: { _tag: "NotKept" } }] })
    })
  )
})

describe("a literal that comes back with another type", () => {
  it.scopedLive("is not kept: written back, it emptied the element on one version", () =>
    Effect.gen(function* () {
      const path = "/object/networkgroups"
      const { domain } = yield* Keeping.fmc({
        items: { [path]: [{ id: "g", name: "g", type: "NetworkGroup" }] },
        keeps: (sent) => ({ ...sent, literals: [{ type: "Host", value: "10.0.0.0/8" }] })
      })
      const literals = [{ type: "Network", value: "10.0.0.0/8" }]
      const told = { _tag: "NotKept", fields: ["literals"] }
      expect(yield* Effect.flip(domain.networkGroups.create({ name: "h", literals }))).toMatchObject(told)
      expect(yield* Effect.flip(domain.networkGroups.addMembers("g", { literals }))).toMatchObject(told)
    })
  )
})

describe("a member that was to be added or removed", () => {
  it.scopedLive("and was not is NotKept", () =>
    Effect.gen(function* () {
      const path = "/object/networkgroups"
      const group = { id: "g", name: "g", type: "NetworkGroup", objects: [{ id: "1", type: "Host" }] }
      const { domain } = yield* Keeping.fmc({ items: { [path]: [group] }, keeps: () => group })
      const { addMembers, removeMembers } = domain.networkGroups
      const told = { _tag: "NotKept", id: "g", fields: ["objects"] }
      expect(yield* Effect.flip(addMembers("g", { objects: [{ id: "2", type: "Host" }] }))).toMatchObject(
        told
      )
      expect(yield* Effect.flip(removeMembers("g", { objects: [{ id: "1", type: "Host" }] }))).toMatchObject(
        told
      )
    })
  )
})

describe("an answer in a short form", () => {
  const path = "/object/hosts"
  const short = ({ id, name, type }: Fields) => ({ id, name, type })
  const host = { name: "h", value: "10.0.0.1", description: "d" }

  it.scopedLive("is no loss: the object is read once more", () =>
    Effect.gen(function* () {
      const { domain, heard, writes } = yield* Keeping.fmc({ items: { [path]: [] }, answers: short })
      const { hosts } = domain
      const made = yield* hosts.create(host)
      expect(made).toMatchObject(host)
      expect(heard.filter(({ method }) => method === "GET")).toHaveLength(1)
      expect(yield* hosts.update({ ...made, value: "10.0.0.2" })).toMatchObject({ value: "10.0.0.2" })
      const many = yield* hosts.createAll(["a", "b", "c", "d", "e"].map((name) => ({ ...host, name })))
      expect(many.map(({ value }) => value)).toEqual(Array.from({ length: 5 }, () => host.value))
      expect(writes()).toHaveLength(3)
    })
  )

  it.scopedLive.each([undefined, {}, [], { accepted: true }, { id: 7 }, "<html>"])(
    "or in one that nobody can read is no reason to lose what was done: %j",
    (odd) =>
      Effect.gen(function* () {
        const { domain, writes } = yield* Keeping.fmc({ items: { [path]: [] }, answers: () => odd ?? "" })
        const made = yield* domain.hosts.create(host)
        expect(made).toMatchObject({ ...host, id: "id-1" })
        expect(yield* domain.hosts.update({ ...made, value: "10.0.0.2" })).toMatchObject({
          value: "10.0.0.2"
        })
        expect(yield* domain.hosts.createAll([{ ...host, name: "i" }])).toMatchObject([{ id: "id-2" }])
        expect(writes()).toHaveLength(3)
      })
  )

  it.scopedLive("and of what cannot be found is told as that: it was answered as done", () =>
    Effect.gen(function* () {
      const { domain, there, writes } = yield* Keeping.fmc({
        items: { [path]: [] },
        keeps: (sent) => (sent.name === "gone" ? { type: "Host" } : sent),
        answers: () => ({})
      })
      const error = yield* Effect.flip(domain.objects(path).createAll([host, { ...host, name: "gone" }]))
      expect(error).toMatchObject({
        items: [
          { _tag: "Done" },
          { _tag: "Failed", error: { _tag: "NotKept", objectName: "gone", item: undefined } }
        ]
      })
      expect(error.message).toMatch(/answered as done, but "gone" is not there/)
      const one = yield* Effect.flip(domain.objects(path).create({ ...host, name: "gone" }))
      expect(one).toMatchObject({ _tag: "NotKept", objectName: "gone", item: undefined })
      expect(writes()).toHaveLength(2)
      expect(there(path)).toHaveLength(3)
    })
  )

  it.scopedLive("of a device that will be registered by and by is handed back as it is", () =>
    Effect.gen(function* () {
      const records = "/devices/devicerecords"
      const { domain } = yield* Keeping.fmc({
        items: { [records]: [] },
        answers: ({ name }) => ({ name, type: "Device", metadata: { task: { id: "t" } } })
      })
      const made = yield* domain.objects(records).create({ name: "edge", hostName: "192.0.2.1", regKey: "k" })
      expect(made).toMatchObject({ name: "edge", metadata: { task: { id: "t" } } })
      expect(made.id).toBeUndefined()
    })
  )
})

describe("a secret that a device masks", () => {
  const path = "/object/radiusservers"

  it.scopedLive("is kept for all that anybody knows, and is never written back as its mask", () =>
    Effect.gen(function* () {
      const { bodies, domain } = yield* Keeping.fmc({
        items: { [path]: [{ id: "1", name: "old", host: "a", sharedKey: "******" }] },
        keeps: (sent) => ({ ...sent, ...("sharedKey" in sent && { sharedKey: "******" }) })
      })
      const { create, upsert } = domain.objects(path)
      yield* create({ name: "r", sharedKey: "k", password: "p", nested: { passPhrase: "q" } })
      yield* upsert({ name: "old", host: "b" })
      expect(bodies()[1]).toEqual({ id: "1", name: "old", host: "b" })
      // Nobody can see whether it is the same one.
      expect((yield* upsert({ name: "r", sharedKey: "k" })).change).toBe("updated")
    })
  )
})
