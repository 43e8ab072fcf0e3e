// An undo of many, which goes in bulk where the device takes that.
//
// States of one of them when its batch is sent: as the run has left it; changed since; gone; in use, or refused for
// another reason; begun by an earlier undo, and done or not. States of the batch: done, in part, refused, failed at, its
// answer lost before the work or behind it; not taken in bulk at all. Races: the process is killed behind the line that
// announces a batch, sent or not; the undo is stopped while a batch is halved; somebody changes one while those before
// it are taken back.
//
// Invariants: what cannot be taken back is left and told, and all the rest is taken back · no request is carried out
// twice · what is created anew stands where it stood, and what refers to it has its new id · what lies in a batch is
// looked at by its list.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { ReadBack } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import type { JournaledChange, TakenBack } from "../../../src/workflow/journal/JournaledChange.ts"
import type { UndoDevice } from "../../../src/workflow/undo/UndoDevice.ts"
import type { UndoWork } from "../../../src/workflow/undo/UndoOptions.ts"
import { recorded, undone } from "../../support/recordedRun.ts"

const opened = (options: Parameters<typeof Sandbox.make>[0] = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
    const sent = (from = 0) =>
      sandbox.ledger.requests
        .slice(from)
        .filter(({ kind, method }) => kind === "call" && method !== "GET")
        .map(({ method, path }) => `${method}${path.includes("bulk=true") ? " bulk" : ""}`)
    /** What it sends, and how many times it reads. */
    const undo = (
      changes: ReadonlyArray<JournaledChange>,
      options: Partial<UndoWork> & { readonly rest?: UndoDevice["rest"] } = {}
    ) =>
      Effect.gen(function* () {
        const from = sandbox.ledger.requests.length
        const { rest = domain.rest, ...work } = options
        const { journal, result } = yield* Effect.provideService(
          undone(changes, { "sandbox-fmc": { rest } }, work),
          ReadBack.ReadBackSchedule,
          Schedule.recurs(1)
        )
        const reads = sandbox.ledger.requests.slice(from).filter(({ method }) => method === "GET").length
        return { result, journal, reads, sent: sent(from), counts: countsOf(result) }
      })
    return { domain, sandbox, undo }
  })

const countsOf = (all: ReadonlyArray<{ readonly result: TakenBack }>) => {
  const counts: Record<string, number> = {}
  for (const { result } of all) counts[result.how] = (counts[result.how] ?? 0) + 1
  return counts
}

const host = (name: string, value = "192.0.2.7") => ({ name, value })
const hosts = (count: number) =>
  Array.from({ length: count }, (_, at) => host(`t-${at}`, `192.0.2.${at + 1}`))
const namesOf = (list: Stream.Stream<{ readonly name?: string | undefined }, unknown>) =>
  Effect.map(Stream.runCollect(list), (all) => [...all].map(({ name }) => name ?? ""))
const ours = (domain: Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>) =>
  Effect.map(namesOf(domain.hosts.list()), (all) => all.filter((name) => name.startsWith("t-")).sort())

/** As the journal of an undo that was killed has it: these requests of a change are begun. */
const begun = (changes: ReadonlyArray<JournaledChange>, requests: ReadonlyArray<number>) =>
  changes.map((one) => ({
    ...one,
    takenBack: new Map(requests.map((request) => [request, "begun" as const]))
  }))

describe("the undo of many creations", () => {
  it.scopedLive("is one removal, by one list", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(20)))
      const { counts, reads, sent } = yield* undo(changes)
      expect([counts, reads, sent]).toEqual([{ undone: 20 }, 1, ["DELETE bulk"]])
      expect(yield* ours(domain)).toEqual([])
    })
  )

  it.scopedLive("is one removal where each was created by a request of its own", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const changes = yield* recorded(Effect.forEach(hosts(8), (one) => domain.hosts.create(one)))
      const { counts, sent } = yield* undo(changes)
      expect([counts, sent]).toEqual([{ undone: 8 }, ["DELETE bulk"]])
    })
  )

  it.scopedLive("leaves those that somebody has changed or uses, and takes back the rest", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(20)))
      const all = yield* Stream.runCollect(domain.hosts.list())
      const idOf = (name: string) => [...all].find((one) => one.name === name)?.id ?? ""
      for (const name of ["t-2", "t-3", "t-4", "t-5"])
        yield* domain.hosts.update({ ...host(name, "192.0.2.99"), type: "Host", id: idOf(name) })
      yield* domain.hosts.remove(idOf("t-9"))
      yield* domain.networkGroups.create({ name: "g", objects: [{ type: "Host", id: idOf("t-12") }] })
      const { counts, reads, result } = yield* undo(changes)
      expect(counts).toEqual({ undone: 14, goneAlready: 1, changedSince: 4, failed: 1 })
      expect(yield* ours(domain)).toEqual(["t-12", "t-2", "t-3", "t-4", "t-5"])
      const why = result.map(({ result }) => result.why ?? "").join("\n")
      expect(why).toContain('Host "t-4" is not as this run left it: somebody has changed value since')
      expect(why).toContain('Host "t-12" is still there:')
      expect(reads).toBeLessThan(6)
    })
  )

  it.scopedLive("takes back all but those that are in use, however many those are", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const wanted = hosts(64)
      const changes = yield* recorded(domain.hosts.createAll(wanted))
      const all = yield* Stream.runCollect(domain.hosts.list())
      const objects = [...all]
        .filter(({ name }) => wanted.some((one, at) => at % 2 === 0 && one.name === name))
        .map(({ id }) => ({ type: "Host", id }))
      yield* domain.networkGroups.create({ name: "g", objects })
      const { counts, result } = yield* undo(changes)
      expect(counts).toEqual({ undone: 32, failed: 32 })
      expect(yield* ours(domain)).toHaveLength(32)
      const why = result.flatMap(({ result }) => result.why ?? [])
      expect(why.filter((one) => one.includes("is still there:"))).toHaveLength(32)
    })
  )

  it.scopedLive("takes back groups that hold one another", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const { networkGroups } = domain
      const literals = [{ type: "Host", value: "192.0.2.1" }]
      const changes = yield* recorded(
        Effect.gen(function* () {
          const names = Array.from({ length: 5 }, (_, at) => ({ name: `in-${at}`, literals }))
          const inner = yield* networkGroups.createAll(names)
          const held = inner.map(({ id, name }) => ({ id, name, type: "NetworkGroup" }))
          yield* networkGroups.createAll(held.map((one) => ({ name: `out-of-${one.name}`, objects: [one] })))
        })
      )
      const { counts } = yield* undo(changes)
      expect(counts).toEqual({ undone: 10 })
      expect(yield* namesOf(networkGroups.list())).not.toContain("in-0")
    })
  )

  it.scopedLive("goes one by one where the device fails at that", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(8)))
      yield* sandbox.fail({ method: "DELETE", path: /bulk=true/, how: Sandbox.Fault.status(500) })
      const { counts, sent } = yield* undo(changes)
      expect(counts).toEqual({ undone: 8 })
      expect(sent).toEqual(["DELETE bulk", ...Array.from({ length: 8 }, () => "DELETE")])
    })
  )

  it.scopedLive("does not believe an answer that names some of them", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(8)))
      const ids = new Map(
        [...(yield* Stream.runCollect(domain.hosts.list()))].map(({ id, name }) => [name, id])
      )
      const named = { ...host("t-0"), type: "Host", id: ids.get("t-0") }
      const body = JSON.stringify({ items: [named] })
      // Nothing was removed, and one is said to be.
      yield* sandbox.fail({ method: "DELETE", path: /bulk=true/, how: Sandbox.Fault.status(200, { body }) })
      const { counts, result } = yield* undo(changes)
      expect(counts).toEqual({ undone: 1, failed: 7 })
      expect(result[0]?.result.why).toContain('Host "t-7" is still there')
    })
  )

  it.scopedLive("ends with the request at hand where it is stopped while a batch is halved", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(8)))
      const [one] = [...(yield* Stream.runCollect(domain.hosts.list()))].filter(({ name }) => name === "t-3")
      const objects = [{ type: "Host", id: one?.id ?? "" }]
      const group = yield* domain.networkGroups.create({ name: "g", objects })
      const stopped = yield* Deferred.make<void>()
      const send: UndoDevice["rest"]["send"] = (...request) =>
        Effect.ensuring(
          domain.rest.send(...request),
          // Whoever waits for it sees it.
          Effect.zipRight(Deferred.succeed(stopped, undefined), Effect.sleep("10 millis"))
        )
      const stop = Deferred.await(stopped)
      const { counts, journal, result, sent } = yield* undo(changes, { stop, rest: { ...domain.rest, send } })
      expect([counts, sent]).toEqual([{ failed: 8 }, ["DELETE bulk"]])
      expect(result[0]?.result.why).toContain("was not reached: the undo was ended before")
      expect(journal.map(([, , how]) => how)).toEqual(Array.from({ length: 8 }, () => "begun"))
      // The next one goes on where it was ended.
      yield* domain.networkGroups.remove(group.id)
      const all = Array.from({ length: 8 }, (_, at) => at)
      expect((yield* undo(begun(changes, all))).counts).toEqual({ undone: 8 })
    })
  )

  it.scoped("looks anew at those whose list has become old while others were taken back", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      // More than one removal takes.
      const changes = yield* recorded(domain.hosts.createAll(hosts(250)))
      let isLater = false
      const begin = () =>
        Effect.gen(function* () {
          if (isLater) return
          isLater = true
          const [one] = [...(yield* Stream.runCollect(domain.hosts.list()))].filter(
            ({ name }) => name === "t-1"
          )
          yield* domain.hosts.update({ ...host("t-1", "203.0.113.1"), type: "Host", id: one?.id ?? "" })
          yield* TestClock.adjust("40 seconds")
        }).pipe(Effect.orDie)
      const { counts, result, sent } = yield* undo(changes, { begin })
      expect([counts, sent.slice(-2)]).toEqual([
        { undone: 249, changedSince: 1 },
        ["DELETE bulk", "DELETE bulk"]
      ])
      expect(result.find(({ result }) => result.how === "changedSince")?.result.why).toContain('Host "t-1"')
    })
  )

  it.scopedLive("goes one by one where the device has no such removal", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened({ serverVersion: "7.2.5 (build 208)" })
      const changes = yield* recorded(domain.hosts.createAll(hosts(5)))
      const { counts, sent } = yield* undo(changes)
      expect(counts).toEqual({ undone: 5 })
      expect(sent).toEqual(["DELETE bulk", ...Array.from({ length: 5 }, () => "DELETE")])
    })
  )

  it.scopedLive.each([
    ["behind the work", Sandbox.Fault.loseAnswer, { undone: 20 }],
    ["before the work", Sandbox.Fault.reset, { unknown: 20 }]
  ] as const)("is looked for where its answer is lost %s, and not sent again", ([, how, expected]) =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(20)))
      yield* sandbox.fail({ method: "DELETE", path: /bulk=true/, how })
      const { counts, sent } = yield* undo(changes)
      expect([counts, sent]).toEqual([expected, ["DELETE bulk"]])
    })
  )

  it.scopedLive("sends again what an earlier undo had begun, and not sent, once it was looked for", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const changes = yield* recorded(domain.hosts.createAll(hosts(20)))
      const all = [...(yield* Stream.runCollect(domain.hosts.list()))]
      const half = hosts(20).slice(10)
      yield* domain.hosts.removeAll(
        half.flatMap(({ name }) => all.find((one) => one.name === name)?.id ?? [])
      )
      const { counts, reads, sent } = yield* undo(
        begun(
          changes,
          Array.from({ length: 20 }, (_, at) => at)
        )
      )
      expect([counts, sent]).toEqual([{ undone: 20 }, ["DELETE bulk"]])
      expect(reads).toBeLessThan(12)
    })
  )
})

describe("the undo of many removals", () => {
  it.scopedLive("is one creation, and tells each its new id", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const made = yield* domain.hosts.createAll(hosts(20))
      const changes = yield* recorded(domain.hosts.removeAll(made.map(({ id }) => id)))
      const { counts, result, sent } = yield* undo(changes)
      expect([counts, sent]).toEqual([{ undone: 20 }, ["POST bulk"]])
      for (const { change, request, result: end } of result) {
        const asked = "cannot" in change.undo ? undefined : change.undo[request ?? 0]
        expect((yield* domain.hosts.get(end.newId ?? "")).name).toBe(asked?.find)
      }
    })
  )

  it.scopedLive("finds what an earlier undo had created, and creates the rest", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const made = yield* domain.hosts.createAll(hosts(20))
      const changes = yield* recorded(domain.hosts.removeAll(made.map(({ id }) => id)))
      yield* domain.hosts.createAll(hosts(8))
      const all = Array.from({ length: 20 }, (_, at) => at)
      const { counts, result, sent } = yield* undo(begun(changes, all))
      expect([counts, sent]).toEqual([{ undone: 20 }, ["POST bulk"]])
      expect(new Set(result.map(({ result }) => result.newId)).size).toBe(20)
      expect(yield* ours(domain)).toHaveLength(20)
    })
  )

  it.scopedLive("leaves a name that somebody has given away, and creates the others", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened()
      const made = yield* domain.hosts.createAll(hosts(20))
      const changes = yield* recorded(domain.hosts.removeAll(made.map(({ id }) => id)))
      yield* domain.hosts.create(host("t-7", "192.0.2.99"))
      // A kind of another list, which the look does not see.
      yield* domain.networks.create({ name: "t-8", value: "192.0.2.0/24" })
      expect(sandbox.ledger.requests.length).toBeGreaterThan(0)
      const { counts, result } = yield* undo(changes)
      expect(counts).toEqual({ undone: 18, changedSince: 1, failed: 1 })
      expect(result.find(({ result }) => result.how === "failed")?.result.why).toContain('Host "t-8"')
    })
  )

  it.scopedLive("creates groups that hold one another with the new ids", () =>
    Effect.gen(function* () {
      const { domain, undo } = yield* opened()
      const { networkGroups } = domain
      const literals = [{ type: "Host", value: "192.0.2.1" }]
      const inner = yield* networkGroups.createAll(
        Array.from({ length: 5 }, (_, at) => ({ name: `in-${at}`, literals }))
      )
      const outer = yield* networkGroups.createAll(
        inner.map(({ id, name }) => ({
          name: `out-of-${name}`,
          objects: [{ id, name, type: "NetworkGroup" }]
        }))
      )
      const changes = yield* recorded(
        Effect.zipRight(
          networkGroups.removeAll(outer.map(({ id }) => id)),
          networkGroups.removeAll(inner.map(({ id }) => id))
        )
      )
      const { counts, sent } = yield* undo(changes)
      expect([counts, sent]).toEqual([{ undone: 10 }, ["POST bulk", "POST bulk"]])
      const [now] = [...(yield* Stream.runCollect(networkGroups.list()))].filter(
        ({ name }) => name === "out-of-in-3"
      )
      const [held] = [...(yield* Stream.runCollect(networkGroups.list()))].filter(
        ({ name }) => name === "in-3"
      )
      expect(now?.objects).toMatchObject([{ id: held?.id }])
    })
  )
})

describe("the undo of many rules", () => {
  const withRules = Effect.gen(function* () {
    const setting = yield* opened()
    const { domain } = setting
    const path = "/policy/accesspolicies"
    const policy = yield* domain
      .objects(path)
      .create({ name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } })
    const rules = domain.objects(`${path}/${policy.id}/accessrules`)
    const made = yield* rules.createAll(
      Array.from({ length: 12 }, (_, at) => ({
        name: `r-${at}`,
        type: "AccessRule",
        action: "ALLOW",
        enabled: true
      }))
    )
    return { ...setting, rules, made }
  })
  const all = Array.from({ length: 12 }, (_, at) => `r-${at}`)

  it.scopedLive("that were removed puts them where they stood, those that stood together as one", () =>
    Effect.gen(function* () {
      const { made, rules, undo } = yield* withRules
      const gone = [...made.slice(1, 6), ...made.slice(8, 9)]
      const changes = yield* recorded(rules.removeAll(gone.map(({ id }) => id ?? "")))
      const { counts, sent } = yield* undo(changes)
      expect([counts, sent]).toEqual([{ undone: 6 }, ["POST bulk", "POST"]])
      expect(yield* namesOf(rules.list())).toEqual(all)
    })
  )

  it.scopedLive("that were removed goes one by one where the device refuses one of them", () =>
    Effect.gen(function* () {
      const { made, rules, sandbox, undo } = yield* withRules
      const changes = yield* recorded(rules.removeAll(made.slice(1, 6).map(({ id }) => id ?? "")))
      yield* sandbox.fail({ method: "POST", path: /bulk=true/, how: Sandbox.Fault.status(400) })
      const { counts, sent } = yield* undo(changes)
      expect(counts).toEqual({ undone: 5 })
      expect(sent).toEqual(["POST bulk", ...Array.from({ length: 5 }, () => "POST")])
      expect(yield* namesOf(rules.list())).toEqual(all)
    })
  )

  it.scopedLive("that were changed is one change, and each is as it was", () =>
    Effect.gen(function* () {
      const { made, rules, undo } = yield* withRules
      const changes = yield* recorded(
        Effect.forEach(made, (one) => rules.update({ ...one, id: one.id ?? "", enabled: false }))
      )
      const { counts, reads, sent } = yield* undo(changes)
      expect([counts, sent, reads]).toEqual([{ undone: 12 }, ["PUT bulk"], 1])
      const now = yield* Stream.runCollect(rules.list())
      expect(new Set([...now].map(({ enabled }) => enabled))).toEqual(new Set([true]))
    })
  )
})
