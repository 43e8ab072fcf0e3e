// What is done with a fleet when it is over, or its process was killed: the rest, the undo, the way on.
//
// States of a device when a process is killed: not begun · its run told, and no journal of it, or nothing in it · its run under way · its
// run ended, and that not told · told. Of a fleet: killed · over · undone.
//
// Invariants: what is done is not done again: nothing is written to it · what was under way is gone on with by its
// journal · a rerun is on what is not done, and on no other · an undo takes back what is there, and what it cannot take
// back keeps no other from it, and it tells how each device stands where it is interrupted, too · a fleet that is over or
// undone is not resumed.
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Fleet, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import * as SignalWords from "../../src/process/SignalWords.ts"
import * as UndoStops from "../../src/workflow/run/undo/UndoStops.ts"
import { eventually } from "../support/eventually.ts"
import { adding, all, type Device, fleetOf, input, path, told } from "../support/fleets.ts"

const ofFleet: UndoStops.Undoing = { stage: "underWay", isOfFleet: true }

const writesTo = ({ sandbox }: Device) =>
  sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length

/** Leaves of a file what is before a line. */
const cutBefore = (
  file: string,
  isLine: (line: { readonly _tag: string; readonly device?: string }) => boolean
) => {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n")
  const at = lines.findIndex((line) => isLine(JSON.parse(line)))
  expect(at).toBeGreaterThan(0)
  writeFileSync(
    file,
    lines
      .slice(0, at)
      .map((line) => `${line}\n`)
      .join("")
  )
}

/** A fleet of three that was done, of which the journals know as much as a process that was killed at the second. */
const killedBy = (run: (devices: Record<string, Sandbox.Endpoint>, options: Fleet.FleetOptions) => Ran) =>
  Effect.gen(function* () {
    const own = yield* fleetOf(3)
    const { folder, given } = own
    const { report } = yield* run(given, { folder, concurrency: 1 })
    const journalOf = (at: number) => join(folder, `${report.devices[at]?.run}.jsonl`)
    cutBefore(report.journal ?? "", ({ _tag, device }) => _tag === "ended" && device === "d2")
    rmSync(journalOf(2))
    return { ...own, fleet: report.fleet, journalOf }
  })

type Ran = Effect.Effect<Fleet.FleetRan<unknown>, Fleet.FleetFault>

const killedAtSecond = killedBy((devices, options) => Fleet.run(adding, devices, input, options))

describe("a fleet whose process was killed", () => {
  it.scopedLive.each<[string, (journal: string) => void]>([
    ["whose run was under way", (journal) => cutBefore(journal, ({ _tag }) => _tag === "ended")],
    ["whose run had ended", () => {}],
    ["whose run had no journal yet", (journal) => rmSync(journal)],
    ["whose run's journal had no line yet", (journal) => writeFileSync(journal, "")]
  ])("is gone on with, and nothing of it is done twice: one %s", ([, kill]) =>
    Effect.gen(function* () {
      const { devices, fleet, folder, given, journalOf, open } = yield* killedAtSecond
      kill(journalOf(1))
      const killed = yield* Fleet.reportOf(fleet, { folder })
      expect([killed.outcome, told(killed)[0], told(killed)[2]]).toEqual([
        "interrupted",
        "d1 done done",
        "d3 notReached untouched"
      ])
      const asked = devices.map(({ sandbox }) => sandbox.ledger.requests.length)
      const { report } = yield* Fleet.resume(adding, given, fleet, { folder })
      expect([report.outcome, report.fleet]).toEqual(["done", fleet])
      expect(told(report)).toEqual(["d1 done done", "d2 done done", "d3 done done"])
      expect(report.devices.map(({ report }) => report?.outcome)).toEqual(["done", "done", "done"])
      expect(devices.map(writesTo)).toEqual([3, 3, 3])
      expect(devices[0]?.sandbox.ledger.requests.length).toBe(asked[0])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive(
    "tells of a run that cannot be gone on with what its journal has: nobody takes it for untouched",
    () =>
      Effect.gen(function* () {
        const { devices, device, fleet, folder, given, journalOf } = yield* killedAtSecond
        cutBefore(journalOf(1), ({ _tag }) => _tag === "ended")
        const { credentials, target } = device("d2").sandbox.fdm
        const d2 = { credentials, target: { ...target, name: "another" } }
        const { report } = yield* Fleet.resume(adding, { ...given, d2 }, fleet, { folder })
        expect(told(report)).toEqual(["d1 done done", "d2 failed left", "d3 done done"])
        expect(report.devices[1]?.errors.map(({ tag }) => tag)).toEqual(["RunOver"])
        expect(report.devices[1]?.report?.changes.map(({ state }) => state)).toEqual(["done", "done", "done"])
        expect(devices.map(writesTo)).toEqual([3, 3, 3])
      })
  )

  it.scopedLive(
    "is gone on with by its input once more, where that holds a secret, for what was under way too",
    () =>
      Effect.gen(function* () {
        const withSecret = Workflow.make({
          ...adding,
          input: Schema.Struct({ value: Schema.String, key: Schema.RedactedFromSelf(Schema.String) }),
          run: (clients, { value }) => adding.run(clients, { value })
        })
        const secret = { ...input, key: Redacted.make("canary-of-a-fleet") }
        const { devices, fleet, folder, given, journalOf } = yield* killedBy((devices, options) =>
          Fleet.run(withSecret, devices, secret, options)
        )
        cutBefore(journalOf(1), ({ _tag }) => _tag === "ended")
        const error = yield* Effect.flip(Fleet.resume(withSecret, given, fleet, { folder }))
        expect(error.message).toMatch(/^input: .*give it once more\.$/)
        const { report } = yield* Fleet.resume(withSecret, given, fleet, { folder, input: secret })
        expect(told(report)).toEqual(["d1 done done", "d2 done done", "d3 done done"])
        expect(devices.map(writesTo)).toEqual([3, 3, 3])
        expect(readFileSync(journalOf(1), "utf8")).not.toContain("canary-of-a-fleet")
      })
  )

  it.scopedLive("is not gone on with once it is over, nor with other devices or another workflow", () =>
    Effect.gen(function* () {
      const { fleet, folder, given } = yield* killedAtSecond
      const resumed = (...[workflow, devices]: [typeof adding, typeof given]) =>
        Effect.flip(Fleet.resume(workflow, devices, fleet, { folder }))
      const { d3: _d3, ...fewer } = given
      expect((yield* resumed(adding, fewer)).message).toContain(
        "1 of the fleet are not among them; give these too: d3."
      )
      expect((yield* resumed({ ...adding, name: "another" }, given)).message).toContain(
        '"add-networks"; give that one'
      )
      yield* Fleet.resume(adding, given, fleet, { folder })
      const error = yield* resumed(adding, given)
      expect([error._tag, error.message]).toEqual([
        "FleetOver",
        expect.stringContaining("it is done; there is nothing")
      ])
    })
  )
})

describe("the rest of a fleet", () => {
  it.scopedLive("is what failed or was never reached, and no other device is asked for anything", () =>
    Effect.gen(function* () {
      const { device, devices, folder, given } = yield* fleetOf(4)
      yield* device("d2").sandbox.fail({ method: "POST", path, how: Sandbox.Fault.status(422) })
      const first = yield* Fleet.run(adding, given, input, { folder, waves: [2], concurrency: 1 })
      expect(told(first.report).map((one) => one.split(" ").slice(0, 2).join(" "))).toEqual([
        "d1 done",
        "d2 failed",
        "d3 notReached",
        "d4 notReached"
      ])
      expect(told(yield* Fleet.reportOf(first.report.fleet, { folder }))).toEqual(told(first.report))
      const asked = device("d1").sandbox.ledger.requests.length
      const kept = JSON.parse(JSON.stringify(first.report))
      const { report } = yield* Fleet.rerun(adding, given, input, kept, { folder })
      expect([report.outcome, report.rerunOf]).toEqual(["done", first.report.fleet])
      expect(told(report)).toEqual(["d2 done done", "d3 done done", "d4 done done"])
      expect(device("d1").sandbox.ledger.requests.length).toBe(asked)
      for (const { has } of devices) expect(yield* has).toEqual(all)
      const error = yield* Effect.flip(Fleet.rerun(adding, given, input, report, { folder }))
      expect(error.message).toContain("there is nothing to do again")
    })
  )
})

describe("the undo of a fleet", () => {
  it.scopedLive("takes back what is there, and leaves what somebody has changed since", () =>
    Effect.gen(function* () {
      const { device, folder, given, open } = yield* fleetOf(3)
      yield* device("d3").sandbox.fail({ method: "POST", path, how: Sandbox.Fault.status(422) })
      const { report } = yield* Fleet.run(adding, given, input, { folder })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { networks } = yield* Fdm.make(device("d2").sandbox.fdm)
          yield* networks.upsert({ name: "fleet-b", subType: "HOST", value: "198.51.100.77" })
        })
      )
      const events: Array<Fleet.FleetEvent> = []
      const onProgress = (event: Fleet.FleetEvent) => void events.push(event)
      const undone = yield* Fleet.undo(adding, given, report.fleet, { folder, concurrency: 1, onProgress })
      expect(events.map(({ _tag }) => _tag).filter((tag) => tag !== "DeviceTold")).toEqual([
        "UndoBegun",
        ...["DeviceBegun", "DeviceUndone", "DeviceBegun", "DeviceUndone"],
        "Ended"
      ])
      expect(events).toContainEqual(
        expect.objectContaining({
          device: "d1",
          event: expect.objectContaining({ _tag: "TakenBack", how: "undone", names: ["fleet-a"] })
        })
      )
      expect(events.at(-1)).toEqual({ _tag: "Ended", report: undone })
      expect(told(undone)).toEqual(["d1 done undone", "d2 done left", told(report)[2]])
      expect(yield* device("d1").has).toEqual([])
      expect(yield* device("d2").has).toEqual(["fleet-b"])
      expect(undone.devices[1]?.report?.undo).toEqual({ state: "incomplete", left: 1 })
      expect(open()).toBe(0)
      const asked = device("d1").sandbox.ledger.requests.length
      expect(told(yield* Fleet.undo(adding, given, report.fleet, { folder }))).toEqual(told(undone))
      expect(device("d1").sandbox.ledger.requests.length).toBe(asked)
      const error = yield* Effect.flip(Fleet.resume(adding, given, report.fleet, { folder }))
      expect([error._tag, Fleet.unfinished(undone)]).toEqual(["FleetOver", ["d1", "d2", "d3"]])
    })
  )

  it.scopedLive(
    "that is interrupted ends with the device at hand, tells how each stands, and is gone on with",
    () =>
      Effect.gen(function* () {
        const { device, devices, folder, given, open } = yield* fleetOf(3)
        const { report } = yield* Fleet.run(adding, given, input, { folder })
        yield* device("d1").sandbox.fail({ method: "DELETE", path, how: Sandbox.Fault.slow("500 millis") })
        const events: Array<Fleet.FleetEvent> = []
        const onProgress = (event: Fleet.FleetEvent) => void events.push(event)
        const undoing = Fleet.undo(adding, given, report.fleet, { folder, concurrency: 1, onProgress })
        // The words are those of the whole process, in which crash.test.ts may have left runs that are as good as dead.
        const isAlone = UndoStops.undoing() === undefined
        const fiber = yield* Effect.fork(undoing)
        const isUnderWay = () =>
          device("d1").sandbox.ledger.requests.some(
            ({ method, kind }) => kind === "call" && method === "DELETE"
          )
        yield* eventually("the first is taken back", isUnderWay)
        const words = SignalWords.stopping("SIGINT", isAlone ? UndoStops.undoing() : ofFleet)
        const exit = yield* Fiber.interrupt(fiber)
        expect(words).toMatch(
          /^SIGINT: the devices whose undo is under way are taken back to the end of it, and no others\. /
        )
        expect(Exit.isInterrupted(exit)).toBe(true)
        const ended = events.at(-1)
        expect(ended?._tag === "Ended" && [told(ended.report), ended.report.undo]).toEqual([
          ["d1 done undone", "d2 done done", "d3 done done"],
          { state: "stopped", left: 2 }
        ])
        expect([open(), ...devices.map(writesTo)]).toEqual([0, 6, 3, 3])
        const rest = yield* Fleet.undo(adding, given, report.fleet, { folder })
        expect(told(rest)).toEqual(["d1 done undone", "d2 done undone", "d3 done undone"])
        expect(devices.map(writesTo)).toEqual([6, 6, 6])
      })
  )
})
