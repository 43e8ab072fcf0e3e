// Whether a change has happened, by what is on the device.
//
// States of an object: as the change leaves it; as it was before; neither, since somebody has changed it; what nobody can
// look for. Races: the device is still at it.
//
// Invariants: nothing is written · what is not there yet is looked for again, by the schedule of read-back.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import { ReadBack } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { look } from "../../../src/workflow/undo/Look.ts"
import { eventually, pause } from "../../support/eventually.ts"
import { recorded } from "../../support/recordedRun.ts"

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const fdm = yield* Fdm.make(sandbox.fdm)
  return { sandbox, domain, fdm }
})

const soon = Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(0))
const hows = <A extends { readonly how: string }>(all: ReadonlyArray<A>) => all.map(({ how }) => how)
const host = (name: string, value = "192.0.2.7") => ({ name, value })

describe("a change is looked for", () => {
  it.scopedLive("by the names of what was to be created", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened
      const [change] = yield* recorded(
        domain.hosts.createAll(["a-1", "a-2", "a-3"].map((name) => host(name)))
      )
      const there = yield* domain.hosts.find("a-1")
      yield* domain.hosts.upsert(host("A-2", "192.0.2.8"))
      yield* Effect.flatMap(domain.hosts.find("a-3"), (one) =>
        domain.hosts.remove(one._tag === "Some" ? one.value.id : "")
      )
      const seen = yield* look(domain, change as never).pipe(soon)
      expect(hows(seen)).toEqual(["happened", "changedSince", "notHappened"])
      expect(seen[0]).toMatchObject({ item: { id: there._tag === "Some" && there.value.id, name: "a-1" } })
    })
  )

  it.scopedLive("by the id of what was updated, also where it only took something away", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened
      const { id, type } = yield* domain.hosts.create({ ...host("u-1"), description: "words" })
      const [change] = yield* recorded(domain.hosts.update({ ...host("u-1"), id, type }))
      const seen = look(domain, change as never).pipe(soon)
      expect(hows(yield* seen)).toEqual(["happened"])
      yield* domain.hosts.update({ ...host("u-1"), id, type, description: "words" })
      expect(hows(yield* seen)).toEqual(["notHappened"])
      yield* domain.hosts.update({ ...host("u-1"), id, type, description: "others" })
      expect(hows(yield* seen)).toEqual(["changedSince"])
      yield* domain.hosts.remove(id)
      expect(yield* seen).toEqual([{ how: "changedSince", item: undefined }])
    })
  )

  it.scopedLive("by the id of what was removed", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened
      const { id } = yield* fdm.networks.create({ ...host("r-1"), subType: "HOST" })
      const [change] = yield* recorded(fdm.networks.remove(id))
      expect(hows(yield* look(fdm, change as never).pipe(soon))).toEqual(["happened"])
      const { id: kept } = yield* fdm.networks.create({ ...host("r-1"), subType: "HOST" })
      const again = JSON.parse(JSON.stringify(change).replaceAll(id, kept))
      expect(hows(yield* look(fdm, again).pipe(soon))).toEqual(["notHappened"])
    })
  )

  it.scopedLive("by its members, whatever else a group has", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened
      const literal = (value: string) => ({ type: "Host", value })
      const { id } = yield* domain.networkGroups.create({ name: "g", literals: [literal("192.0.2.1")] })
      const [change] = yield* recorded(
        domain.networkGroups.addMembers(id, { literals: [literal("192.0.2.2")] })
      )
      yield* domain.networkGroups.addMembers(id, { literals: [literal("192.0.2.3")] })
      const seen = look(domain, change as never).pipe(soon)
      expect(hows(yield* seen)).toEqual(["happened"])
      yield* domain.networkGroups.removeMembers(id, { literals: [literal("192.0.2.2")] })
      expect(hows(yield* seen)).toEqual(["notHappened"])
    })
  )

  it.scoped("again while it is not there yet, since the device may still be at it", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* opened
      const [change] = yield* recorded(domain.hosts.create(host("late")))
      const { id } = yield* Effect.flatten(domain.hosts.find("late"))
      yield* domain.hosts.remove(id)
      const before = sandbox.ledger.requests.length
      const looking = yield* Effect.fork(look(domain, change as never))
      yield* eventually("it is looked for", () => sandbox.ledger.requests.length > before)
      yield* pause(20)
      yield* domain.hosts.create(host("late"))
      yield* TestClock.adjust("2 seconds")
      expect(hows(yield* Fiber.join(looking))).toEqual(["happened"])
      const sent = sandbox.ledger.requests.slice(before)
      expect(sent.filter(({ method }) => method !== "GET").map(({ method }) => method)).toEqual(["POST"])
    })
  )

  it.scopedLive("not at all where no object shows it", () =>
    Effect.gen(function* () {
      const { domain, sandbox } = yield* opened
      yield* domain.hosts.create(host("d-1"))
      const [change] = yield* recorded(domain.deploy())
      const before = sandbox.ledger.requests.length
      expect(hows(yield* look(domain, change as never))).toEqual(["unknown"])
      expect(sandbox.ledger.requests.length).toBe(before)
    })
  )
})
