// The plan of a fleet, and its approval.
//
// States of a device: planned · its plan not made · approved · another one by now. Races: a device that somebody changes
// between the approval and its run.
//
// Invariants: a plan writes nothing · devices are in one group only where the plan shows the same for them · one that
// cannot be planned keeps no other from it · nobody is asked twice · without approval nothing is begun · no run does
// anything else than was approved.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Fleet, type Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Plan from "../../src/workflow/plan/Plan.ts"
import * as PlanLikeness from "../../src/workflow/plan/PlanLikeness.ts"
import { adding, all, type Device, fleetOf, input, told } from "../support/fleets.ts"

const writes = (devices: ReadonlyArray<Device>) =>
  devices.map(
    ({ sandbox }) =>
      sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length
  )

const put = ({ sandbox }: Device, name: string) =>
  Effect.scoped(
    Effect.flatMap(Fdm.make(sandbox.fdm), ({ networks }) =>
      networks.upsert({ name, subType: "HOST", value: input.value })
    )
  ).pipe(Effect.orDie)

describe("the plan of a fleet", () => {
  it.scopedLive(
    "shows what is the same on many devices once, writes nothing, and tells what it cannot plan",
    () =>
      Effect.gen(function* () {
        const { device, devices, given, open } = yield* fleetOf(4)
        yield* put(device("d2"), "fleet-a")
        yield* device("d4").sandbox.down()
        const before = writes(devices)
        const events: Array<Fleet.FleetEvent> = []
        const onProgress = (event: Fleet.FleetEvent) => void events.push(event)
        const plan = yield* Fleet.plan(adding, given, input, { onProgress })
        expect(events).toHaveLength(5)
        expect(events.every(Schema.is(Fleet.FleetEvent))).toBe(true)
        expect(events[0]).toEqual({ _tag: "PlanBegun", devices: 4 })
        expect(events).toContainEqual({ _tag: "DevicePlanned", device: "d2", changes: 2, errors: [] })
        expect(events).toContainEqual(
          expect.objectContaining({ device: "d4", changes: 0, errors: [expect.anything()] })
        )
        expect(Schema.is(Fleet.FleetPlan)(JSON.parse(JSON.stringify(plan)))).toBe(true)
        expect(
          plan.groups.map(({ devices, plan }) => [devices, plan.changes.map(({ name }) => name)])
        ).toEqual([
          [["d1", "d3"], all],
          [["d2"], all.slice(1)]
        ])
        expect(plan.failed.map(({ device, errors }) => [device, errors[0]?.tag])).toEqual([
          ["d4", "DeviceUnreachable"]
        ])
        expect(Fleet.differs(plan)).toBe(true)
        expect([writes(devices), open()]).toEqual([before, 0])
        const text = Fleet.fleetPlanText(plan, { colors: false })
        expect(text).toMatch(
          /^add-networks: plan for 4 devices\n\n2 devices: d1, d3\n {2}\+ networkobject fleet-a/
        )
        expect(text).toContain("\n1 device: d2\n  + networkobject")
        expect(text).toContain("\nd4: its plan could not be made\n  DeviceUnreachable: ")
        expect(text).toMatch(/\n3 to change, 0 as wanted already, 1 without a plan\. Plan [0-9a-f]{12}\.$/)
        expect(Fleet.fleetPlanMarkdown(plan)).toContain("| create | networkobject fleet-b | ")
      })
  )

  it.scopedLive("is made again by a schedule: what differs is the drift", () =>
    Effect.gen(function* () {
      const { device, folder, given } = yield* fleetOf(2)
      yield* Fleet.run(adding, given, input, { folder })
      const schedule = Schedule.spaced("10 millis")
      const looks = yield* Fleet.drift(adding, given, input, { schedule }).pipe(
        Stream.tap((plan) => Effect.when(put(device("d2"), "fleet-z"), () => !Fleet.differs(plan))),
        Stream.take(2),
        Stream.runCollect
      )
      expect([...looks].map(Fleet.differs)).toEqual([false, false])
      yield* Effect.scoped(
        Effect.flatMap(Fdm.make(device("d2").sandbox.fdm), ({ networks }) =>
          networks.upsert({ name: "fleet-c", subType: "HOST", value: "198.51.100.1" })
        )
      )
      const [drifted] = yield* Stream.runCollect(Fleet.drift(adding, given, input))
      expect(
        drifted?.groups.map(({ devices, plan }) => [devices, plan.changes.map(({ action }) => action)])
      ).toEqual([
        [["d1"], []],
        [["d2"], ["update"]]
      ])
    })
  )
})

describe("the approval of a fleet", () => {
  it.scopedLive("is asked for once, with the plan of all; without it nothing is begun", () =>
    Effect.gen(function* () {
      const { devices, folder, given, open } = yield* fleetOf(2)
      const asked: Array<Fleet.FleetPlan> = []
      const approve = (answer: boolean) => (plan: Fleet.FleetPlan) => {
        asked.push(plan)
        return answer
      }
      const refused = yield* Fleet.run(adding, given, input, { folder, approve: approve(false) })
      expect([refused.report.outcome, refused.report.journal]).toEqual(["refused", undefined])
      expect(refused.report.errors[0]?.message).toContain("was not approved, and nothing was written")
      expect(told(refused.report)).toEqual(["d1 notReached untouched", "d2 notReached untouched"])
      expect(writes(devices)).toEqual([0, 0])
      const streamed = yield* Stream.runCollect(
        Fleet.stream(adding, given, input, { folder, approve: approve(false) })
      )
      expect([...streamed].map(({ device }) => device.outcome)).toEqual(["notReached", "notReached"])
      const { report } = yield* Fleet.run(adding, given, input, { folder, approve: approve(true) })
      expect([report.outcome, asked.length]).toEqual(["done", 3])
      expect(asked[2]?.hash).toBe(asked[0]?.hash)
      expect(writes(devices)).toEqual([3, 3])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive(
    "holds each device to its plan: one that is another by now, or was never made, is refused",
    () =>
      Effect.gen(function* () {
        const { device, folder, given } = yield* fleetOf(3)
        yield* device("d3").sandbox.down()
        const approve = () =>
          Effect.as(
            Effect.zipRight(put(device("d2"), "fleet-b"), Effect.orDie(device("d3").sandbox.up())),
            true
          )
        const { report } = yield* Fleet.run(adding, given, input, { folder, approve })
        expect(told(report)).toEqual(["d1 done done", "d2 refused untouched", "d3 refused untouched"])
        expect(report.devices.slice(1).map(({ errors }) => errors[0]?.message)).toEqual([
          expect.stringContaining("another one by now"),
          expect.stringContaining("could not be made")
        ])
        expect(yield* device("d2").has).toEqual(["fleet-b"])
        expect(yield* device("d3").has).toEqual([])
      })
  )
})

describe("plans of two devices", () => {
  const change = (more: Partial<Workflow.PlannedChange>): Workflow.PlannedChange => ({
    device: "d1",
    step: "",
    action: "update",
    kind: "Group",
    path: "/groups",
    name: "web",
    id: "1",
    fields: [],
    undo: "yes",
    ...more
  })
  const planOf = (...changes: ReadonlyArray<Workflow.PlannedChange>) =>
    Plan.make({ workflow: "w", changes, unchanged: 0, notes: [], complete: true })
  const isSame = (one: Partial<Workflow.PlannedChange>, other: Partial<Workflow.PlannedChange>) =>
    PlanLikeness.keyOf(planOf(change(one))) === PlanLikeness.keyOf(planOf(change(other)))
  const members = (...added: ReadonlyArray<unknown>) => ({ fields: [{ field: "objects", added }] })

  it("are the same where only the device differs, and the ids that it gave to what has a name", () => {
    expect(isSame({}, { device: "d2", id: "2" })).toBe(true)
    expect(isSame(members({ id: "7", name: "a" }), members({ id: "8", name: "a" }))).toBe(true)
  })

  it("differ by a name, a field, what was there before, and an id without a name", () => {
    expect(isSame({}, { name: "db" })).toBe(false)
    expect(isSame(members({ id: "7", name: "a" }), members({ id: "7", name: "b" }))).toBe(false)
    expect(isSame(members({ id: "7" }), members({ id: "8" }))).toBe(false)
    expect(isSame({ path: "/groups/7" }, { path: "/groups/8" })).toBe(false)
    const from = (before: string) => ({ fields: [{ field: "value", before, after: "3" }] })
    expect(isSame(from("1"), from("2"))).toBe(false)
    expect(isSame({ place: { section: "mandatory" } }, { place: { section: "default" } })).toBe(false)
    expect(isSame({}, { undoLoses: "its place in the list" })).toBe(false)
  })

  it("are the same where what both create has its id from the plan", () => {
    const created = (id: string) =>
      PlanLikeness.keyOf(
        planOf(change({ action: "create", id }), change({ name: "all", ...members({ id }) }))
      )
    expect(created("sallyport-planned-000000000001")).toBe(created("sallyport-planned-000000000002"))
  })

  it("are the same where what both do has no name, and its id from the plan", () => {
    const deployed = (id: string, kind = "deployment") =>
      PlanLikeness.keyOf(planOf(change({ action: "deploy", kind, id, name: undefined })))
    const [one, other] = ["sallyport-planned-000000000001", "sallyport-planned-000000000002"]
    expect(deployed(one)).toBe(deployed(other))
    expect(deployed(one)).not.toBe(deployed(other, "backup"))
  })
})
