// An undo that is disturbed.
//
// States of a request of an undo: not begun; begun, which the journal knows; answered; its answer lost; cut, since the
// device hangs. Races: the process is killed between the journal's line and the sending, or after it; the fiber is
// interrupted; somebody stops the undo; its time is over; the device allows no more requests in this minute.
//
// Invariants: no request is carried out twice · what hangs is cut, and the rest goes on · what was not reached, or nobody
// knows of, is told · a later undo goes on where the first one was ended.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { ReadBack } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import type { JournaledChange, TakenBack } from "../../../src/workflow/journal/JournaledChange.ts"
import type { UndoWork } from "../../../src/workflow/undo/UndoOptions.ts"
import { eventually, pause } from "../../support/eventually.ts"
import { recorded, undone } from "../../support/recordedRun.ts"

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const fdm = yield* Fdm.make(sandbox.fdm)
  const devices = { "sandbox-fmc": domain, "sandbox-fdm": fdm }
  const sent = (from = 0) =>
    sandbox.ledger.requests
      .filter(({ kind, method }) => kind === "call" && method !== "GET")
      .slice(from)
      .map(({ method }) => method)
  const undo = (changes: ReadonlyArray<JournaledChange>, options: Partial<UndoWork> = {}) =>
    undone(changes, devices, options)
  return { devices, domain, fdm, sandbox, sent, undo }
})

const soon = Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))
const host = (name: string, value = "192.0.2.7") => ({ name, value })
const hows = (all: ReadonlyArray<{ readonly result: TakenBack }>) => all.map(({ result }) => result.how)

/** What a run has done in each way, the removal last. */
const allWays = Effect.gen(function* () {
  const setting = yield* opened
  const { domain } = setting
  const updated = yield* domain.hosts.create(host("updated"))
  const removed = yield* domain.hosts.create(host("removed"))
  const changes = yield* recorded(
    Effect.gen(function* () {
      yield* domain.hosts.create(host("created"))
      yield* domain.hosts.update({ ...updated, value: "192.0.2.8" })
      yield* domain.hosts.remove(removed.id)
    })
  )
  const isUndone = Effect.gen(function* () {
    const { hosts } = domain
    const [created, update, removal] = yield* Effect.all(
      ["created", "updated", "removed"].map((name) => hosts.find(name))
    )
    return [
      created?._tag === "None",
      update?._tag === "Some" && update.value.value === "192.0.2.7",
      removal?._tag === "Some" && removal.value.value === "192.0.2.7"
    ]
  })
  return { ...setting, changes, isUndone, removedId: removed.id }
})

/** Where the fault lies, in the order of the undo. */
const steps = [
  ["POST", 0],
  ["PUT", 1],
  ["DELETE", 2]
] as const

describe("a request of an undo whose answer is lost", () => {
  it.scopedLive.each(steps)("is looked for, and not sent twice: %s", ([method]) =>
    Effect.gen(function* () {
      const { changes, isUndone, sandbox, sent, undo } = yield* allWays
      const before = sent().length
      yield* sandbox.fail({ method, path: /hosts/, how: Sandbox.Fault.loseAnswer })
      const { journal, result } = yield* soon(undo(changes))
      expect(hows(result)).toEqual(["undone", "undone", "undone"])
      expect(sent(before)).toEqual(["POST", "PUT", "DELETE"])
      expect(journal.map(([, , how]) => how)).toEqual([
        "begun",
        "undone",
        "begun",
        "undone",
        "begun",
        "undone"
      ])
      expect(yield* isUndone).toEqual([true, true, true])
    })
  )

  it.scopedLive.each(steps)(
    "and which has not come to the device is unknown, and not sent twice: %s",
    ([method, at]) =>
      Effect.gen(function* () {
        const { changes, sandbox, sent, undo } = yield* allWays
        const before = sent().length
        yield* sandbox.fail({ method, path: /hosts/, how: Sandbox.Fault.reset })
        const { result } = yield* soon(undo(changes))
        expect(hows(result)).toEqual(["undone", "undone", "undone"].with(at, "unknown"))
        expect(result[at]?.result.why).toContain("Looking for it showed no trace of that so far")
        expect(sent(before)).toEqual(["POST", "PUT", "DELETE"])
      })
  )

  it.scopedLive("tells the new id that was found", () =>
    Effect.gen(function* () {
      const { changes, domain, removedId, sandbox, undo } = yield* allWays
      yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.loseAnswer })
      const { result } = yield* soon(undo(changes))
      const { id } = yield* Effect.flatten(domain.hosts.find("removed"))
      expect(result[0]?.result.newId).toBe(id)
      expect(result[0]?.result.why).toContain(`the id ${id} now, in place of ${removedId}`)
    })
  )
})

describe("an undo that was killed", () => {
  const withTakenBack = (
    changes: ReadonlyArray<JournaledChange>,
    at: number,
    known: TakenBack | "begun"
  ): ReadonlyArray<JournaledChange> =>
    changes.map((one, index) =>
      index === changes.length - 1 - at ? { ...one, takenBack: new Map([[0, known]]) } : one
    )

  it.scopedLive.each(steps)("after a request had come to the device finds that: %s", ([method, at]) =>
    Effect.gen(function* () {
      const { changes, sent, undo } = yield* allWays
      // The first undo does it all; its journal ends at the one that was begun.
      yield* undo(changes)
      const before = sent().length
      const known = withTakenBack(changes, at, "begun")
      const { result } = yield* soon(undo(known))
      expect([hows(result)[at], result[at]?.change.action]).toEqual([
        "undone",
        { POST: "remove", PUT: "update", DELETE: "create" }[method]
      ])
      expect(sent(before)).toEqual([])
    })
  )

  it.scopedLive.each(steps)("before a request was sent sends it, once it was looked for: %s", ([, at]) =>
    Effect.gen(function* () {
      const { changes, isUndone, sent, undo } = yield* allWays
      const before = sent().length
      const { result } = yield* soon(undo(withTakenBack(changes, at, "begun")))
      expect(hows(result)).toEqual(["undone", "undone", "undone"])
      expect(sent(before)).toEqual(["POST", "PUT", "DELETE"])
      expect(yield* isUndone).toEqual([true, true, true])
    })
  )

  it.scopedLive("goes on with the rest, and knows the new ids that it gave", () =>
    Effect.gen(function* () {
      const { domain, sent, undo } = yield* opened
      const one = yield* domain.hosts.create(host("removed"))
      const changes = yield* recorded(
        Effect.zipRight(domain.hosts.update({ ...one, value: "192.0.2.8" }), domain.hosts.remove(one.id))
      )
      const first = yield* undo(changes.slice(1))
      const known = first.result[0]?.result as TakenBack
      const before = sent().length
      const { journal, result } = yield* undo(withTakenBack(changes, 0, known))
      expect([hows(result), sent(before)]).toEqual([["undone", "undone"], ["PUT"]])
      expect(journal.map(([number, , how]) => [number, how])).toEqual([
        [1, "begun"],
        [1, "undone"]
      ])
      expect((yield* domain.hosts.get(known.newId ?? "")).value).toBe("192.0.2.7")
    })
  )

  it.scopedLive.each(["failed", "changedSince", "unknown"] as const)("tries again what was %s", (how) =>
    Effect.gen(function* () {
      const { changes, isUndone, undo } = yield* allWays
      expect(hows((yield* undo(withTakenBack(changes, 1, { how }))).result)).toEqual([
        "undone",
        "undone",
        "undone"
      ])
      expect(yield* isUndone).toEqual([true, true, true])
    })
  )
})

describe("a device that hangs", () => {
  it.scopedLive.each(steps)("is cut, and the rest goes on: %s", ([method, at]) =>
    Effect.gen(function* () {
      const { changes, sandbox, sent, undo } = yield* allWays
      const before = sent().length
      yield* sandbox.fail({ method, path: /hosts/, how: Sandbox.Fault.hang })
      const { result } = yield* soon(undo(changes, { each: "500 millis" }))
      expect(hows(result)).toEqual(["undone", "undone", "undone"].with(at, "unknown"))
      expect(result[at]?.result.why).toContain("sandbox-fmc has not answered within 0.5 seconds")
      expect([...sent(before)].sort()).toEqual(["DELETE", "POST", "PUT"])
    })
  )

  it.scopedLive("while it is asked how something is gets no request for it", () =>
    Effect.gen(function* () {
      const { changes, isUndone, sandbox, sent, undo } = yield* allWays
      const before = sent().length
      yield* sandbox.fail({ method: "GET", path: /hosts/, how: Sandbox.Fault.hang, times: 1 })
      const { result } = yield* soon(undo(changes, { each: "500 millis" }))
      expect(hows(result)).toEqual(["failed", "undone", "undone"])
      expect(result[0]?.result.why).toContain("so nothing was sent")
      expect(sent(before)).toEqual(["PUT", "DELETE"])
      expect(yield* isUndone).toEqual([true, true, false])
    })
  )

  it.scopedLive("ends the undo when all its time is over, and the rest is told", () =>
    Effect.gen(function* () {
      const { changes, sandbox, undo } = yield* allWays
      yield* sandbox.fail({ path: /hosts/, how: Sandbox.Fault.hang, times: Number.POSITIVE_INFINITY })
      const { journal, result } = yield* undo(changes, { each: "300 millis", all: "500 millis" })
      expect(hows(result)).toEqual(["failed", "failed", "failed"])
      expect(result[2]?.result.why).toContain("was not reached")
      expect(journal.map(([number]) => number)).not.toContain(1)
    })
  )

  it.scoped("is not one that allows no more requests in this minute", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const target = { ...sandbox.fmc.target, requestsPerMinute: 20 }
      const domain = yield* Effect.flatMap(Fmc.make({ ...sandbox.fmc, target }), (fmc) =>
        fmc.domain("Global")
      )
      const rows = Array.from({ length: 24 }, (_, at) => host(`many-${at}`, `192.0.2.${at + 1}`))
      const changes = yield* recorded(domain.hosts.createAll(rows))
      const undoing = yield* Effect.fork(undone(changes, { "sandbox-fmc": domain }, { each: "30 seconds" }))
      let last = -1
      while (last < sandbox.ledger.requests.length) {
        last = sandbox.ledger.requests.length
        yield* pause(300)
      }
      expect(sandbox.ledger.requests.filter(({ method }) => method === "DELETE").length).toBeLessThan(20)
      yield* TestClock.adjust("61 seconds")
      const { result } = yield* Fiber.join(undoing)
      expect(new Set(hows(result))).toEqual(new Set(["undone"]))
    })
  )
})

describe("an undo", () => {
  it.scopedLive("goes on to its end where its fiber is interrupted", () =>
    Effect.gen(function* () {
      const { changes, isUndone, sandbox, undo } = yield* allWays
      const begun = yield* Deferred.make<void>()
      yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.slow("200 millis") })
      const undoing = yield* Effect.fork(undo(changes, { begin: () => Deferred.succeed(begun, undefined) }))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(undoing)
      expect(yield* isUndone).toEqual([true, true, true])
    })
  )

  it.scopedLive(
    "that is stopped ends after the request at hand, and the rest is told and left for later",
    () =>
      Effect.gen(function* () {
        const { changes, isUndone, sandbox, sent, undo } = yield* allWays
        const before = sent().length
        const stop = yield* Deferred.make<void>()
        yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.slow("200 millis") })
        const first = yield* undo(changes, {
          begin: () => Deferred.succeed(stop, undefined),
          stop: Deferred.await(stop)
        })
        expect(hows(first.result)).toEqual(["undone", "failed", "failed"])
        expect(first.result[1]?.result.why).toContain("was not reached: the undo was ended before")
        expect([first.journal.map(([number, , how]) => [number, how]), sent(before)]).toEqual([
          [[3, "undone"]],
          ["POST"]
        ])
        const [done] = first.result
        const known = changes.map((one) =>
          one.number === 3 ? { ...one, takenBack: new Map([[0, done?.result as TakenBack]]) } : one
        )
        expect(hows((yield* undo(known)).result)).toEqual(["undone", "undone", "undone"])
        expect(sent(before)).toEqual(["POST", "PUT", "DELETE"])
        expect(yield* isUndone).toEqual([true, true, true])
      })
  )

  it.scopedLive("whose journal breaks off sends nothing that is not in it, and goes on to its end", () =>
    Effect.gen(function* () {
      const { changes, sent, undo } = yield* allWays
      const before = sent().length
      const { result } = yield* undo(changes, {
        begin: ([first]) => (first?.change.number === 2 ? Effect.dieMessage("the disk is full") : Effect.void)
      })
      expect(hows(result)).toEqual(["undone", "unknown", "undone"])
      expect(sent(before)).toEqual(["POST", "DELETE"])
    })
  )

  it.scoped("looks for what was lost when the schedule says so, and no longer", () =>
    Effect.gen(function* () {
      const { domain, sandbox, undo } = yield* opened
      const changes = yield* recorded(domain.hosts.create(host("created")))
      yield* sandbox.fail({ method: "DELETE", path: /hosts/, how: Sandbox.Fault.reset })
      const undoing = yield* Effect.fork(undo(changes))
      for (const seconds of [2, 4, 8, 16]) {
        const before = sandbox.ledger.requests.length
        yield* eventually("it is looked for", () => sandbox.ledger.requests.length > before - 1)
        yield* pause(100)
        yield* TestClock.adjust(`${seconds} seconds`)
      }
      expect(hows((yield* Fiber.join(undoing)).result)).toEqual(["unknown"])
    })
  )
})
