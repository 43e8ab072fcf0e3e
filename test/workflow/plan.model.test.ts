// What a plan says, against what the same script then does.
//
// States of an object: not there; on the device before; planned to be created, to be changed, to be removed, or to be
// created anew after its removal, each in another spelling of its name. Verbs: create, update, upsert, upsertAll, remove,
// find, list, addMembers, one after the other, on an FMC and on an FDM.
//
// Invariants: a plan writes nothing · in a plan the script is answered as it then is by the device · the writes are those
// of the plan, in its order · what the device has afterwards is what was there with the plan's changes put to it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import type { Collection } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"

const names = ["model-a", "model-b", "Model-A"]
const values = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]

const row = fc.record({
  name: fc.constantFrom(...names),
  value: fc.constantFrom(...values),
  description: fc.constantFrom(undefined, "one", "other")
})
type Row = typeof row extends fc.Arbitrary<infer A> ? A : never

const step = fc.oneof(
  fc.record({ verb: fc.constantFrom("create", "update", "upsert", "replace"), row }),
  fc.record({ verb: fc.constantFrom("remove", "find", "list", "addMembers"), row }),
  fc.record({ verb: fc.constant("upsertAll"), row, other: row })
)
type Step = typeof step extends fc.Arbitrary<infer A> ? A : never

/** What a script sees of a device, the same for both kinds. */
interface Lists {
  readonly hosts: Collection.Collection<Collection.Entry, Row, never>
  readonly addMember: (value: string) => Effect.Effect<ReadonlyArray<string>, unknown>
}

const script = ({ addMember, hosts }: Lists, steps: ReadonlyArray<Step>) =>
  Effect.forEach(steps, (one) =>
    Effect.gen(function* () {
      const { row, verb } = one
      const there = Option.getOrUndefined(yield* hosts.find(row.name))
      switch (verb) {
        case "create":
          return there === undefined ? seen(yield* hosts.create(row)) : "there"
        case "update":
          // One that changes nothing is sent without a workflow, and is none in a plan.
          return there === undefined || there.value === row.value
            ? "none"
            : seen(yield* hosts.update({ ...there, value: row.value }))
        case "replace":
          if (there !== undefined) yield* hosts.remove(there.id)
          return seen(yield* hosts.create(row))
        case "upsert":
          return (yield* hosts.upsert(row)).change
        case "remove":
          return there === undefined ? "none" : yield* Effect.as(hosts.remove(there.id), "removed")
        case "find":
          return there === undefined ? "none" : seen(there)
        case "addMembers":
          return yield* addMember(row.value)
        case "list":
          return [...(yield* Stream.runCollect(hosts.list()))].filter(isOurs).map(seen)
        default: {
          const rows =
            "other" in one && one.other.name.toLowerCase() !== row.name.toLowerCase()
              ? [row, one.other]
              : [row]
          return (yield* hosts.upsertAll(rows)).map(({ change }) => change)
        }
      }
    })
  )

const isOurs = ({ name }: Collection.Entry) => name !== undefined && /^model/i.test(name)

/** What counts of an object: an FMC writes a space for no description. */
const seen = ({ description, name, value }: Collection.Entry) => ({
  name,
  value: String(value),
  description: typeof description === "string" ? description.trim() : ""
})

const fmcLists = (fmc: Fmc.Fmc) =>
  Effect.map(
    fmc.domain("Global"),
    ({ hosts, networkGroups }): Lists => ({
      hosts: hosts as unknown as Lists["hosts"],
      addMember: (value) =>
        Effect.gen(function* () {
          const literals = [{ type: "Host", value }]
          const group = Option.getOrUndefined(yield* networkGroups.find("model-group"))
          const { literals: all = [] } =
            group === undefined
              ? yield* networkGroups.create({ name: "model-group", literals })
              : yield* networkGroups.addMembers(group.id, { literals })
          return all.map(({ value }) => value).sort()
        })
    })
  )

const fdmLists = ({ networks }: Fdm.Fdm): Effect.Effect<Lists> => {
  const host = (row: Row) => ({ ...row, subType: "HOST" })
  const hosts = networks as unknown as Lists["hosts"]
  return Effect.succeed({
    hosts: {
      ...hosts,
      create: (row) => hosts.create(host(row)),
      upsert: (row: Row) => hosts.upsert(host(row)),
      upsertAll: (rows: Iterable<Row>) => hosts.upsertAll([...rows].map(host))
    } as Lists["hosts"],
    addMember: () => Effect.succeed([])
  })
}

const stateOf = ({ hosts }: Lists) =>
  Effect.map(
    Stream.runCollect(hosts.list()),
    (all) => new Map([...all].filter(isOurs).map((one) => [String(one.name).toLowerCase(), seen(one)]))
  )

/** What a state becomes by the changes of a plan. */
const changed = (state: ReadonlyMap<string, ReturnType<typeof seen>>, { changes }: Workflow.Plan) => {
  const after = new Map(state)
  for (const { action, fields, name = "", path } of changes) {
    if (path.endsWith("groups")) continue
    const key = name.toLowerCase()
    if (action === "remove") after.delete(key)
    else {
      const given = Object.fromEntries(fields.map(({ after, field }) => [field, after]))
      after.set(key, seen({ name, ...after.get(key), ...given }))
    }
  }
  return after
}

const methods: Readonly<Record<string, string>> = { create: "POST", update: "PUT", remove: "DELETE" }

/** Without repetitions: an FMC creates many by one request. */
const inTurn = (all: ReadonlyArray<string | undefined>) => all.filter((one, at) => one !== all[at - 1])

const agrees = (kind: "fmc" | "fdm", first: ReadonlyArray<Row>, steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const lists =
      kind === "fmc"
        ? yield* fmcLists(yield* Fmc.make(sandbox.fmc))
        : yield* fdmLists(yield* Fdm.make(sandbox.fdm))
    for (const one of first) yield* lists.hosts.upsert({ ...one })
    const before = yield* stateOf(lists)
    const written = () =>
      sandbox.ledger.requests
        .filter(({ kind, method }) => kind === "call" && method !== "GET")
        .map(({ method }) => method)
    const begun = written().length

    let answers: unknown
    const run = (opened: Lists) =>
      Effect.map(script(opened, steps), (given) => {
        answers = given
      })
    const workflow = Workflow.make({
      name: "model",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
      run: ({ fdm, fmc }) => Effect.flatMap(kind === "fmc" ? fmcLists(fmc) : fdmLists(fdm), run)
    })
    const plan = yield* Workflow.plan(workflow, { fmc: sandbox.fmc, fdm: sandbox.fdm }, {})
    expect(written().length).toBe(begun)
    expect(plan.complete).toBe(true)
    expect(yield* stateOf(lists)).toEqual(before)

    expect(yield* script(lists, steps)).toEqual(answers)
    expect(inTurn(written().slice(begun))).toEqual(inTurn(plan.changes.map(({ action }) => methods[action])))
    expect(yield* stateOf(lists)).toEqual(changed(before, plan))
  })

describe.each(["fmc", "fdm"] as const)("a plan on an %s", (kind) => {
  it("is what the script then does", { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 2 }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        (first, steps) => Effect.runPromise(Effect.scoped(agrees(kind, first, steps)))
      ),
      { numRuns: 12, endOnFailure: false }
    )
  )
})
