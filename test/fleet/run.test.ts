// A workflow on a fleet: each device's run is its own, over real sockets.
//
// States of a device: not begun · its run told in the fleet's journal · its run's journal begun · at work · taking back ·
// over. Of the fleet: begun · in a wave · stopped · interrupted · over. Races: an interruption while some are at work,
// some undo and some log in; a time-out at a login, which goes on by itself.
//
// Invariants: what becomes of one is its own · a time-out is a failure, never a success · a run stands in the fleet's
// journal before its own begins · the report has each device once, and says how it stands · when it is over no session is
// open, also of what went on by itself · nothing is sent to a device that was not reached.
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Fleet, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { adding, all, type Device, fleetOf, input, path, told } from "../support/fleets.ts"
import { linesIn } from "../support/journals.ts"

/** A login, and what is added. */
const postsOf = ({ sandbox }: Device) =>
  sandbox.ledger.requests.filter(({ method }) => method === "POST").length

describe("a fleet", () => {
  it.scopedLive("runs the workflow on each device, with a journal and a report of its own", () =>
    Effect.gen(function* () {
      const { device, folder, given, open } = yield* fleetOf(3)
      const { report, results } = yield* Fleet.run(adding, given, input, { folder })
      expect(Schema.is(Fleet.FleetReport)(JSON.parse(JSON.stringify(report)))).toBe(true)
      expect(report.outcome).toBe("done")
      expect(told(report)).toEqual(["d1 done done", "d2 done done", "d3 done done"])
      expect([...results]).toEqual([
        ["d1", 3],
        ["d2", 3],
        ["d3", 3]
      ])
      expect(yield* device("d2").has).toEqual(all)
      const runs = report.devices.map(({ run }) => `${run}.jsonl`)
      expect(
        readdirSync(folder)
          .filter((name) => name.endsWith(".jsonl"))
          .toSorted()
      ).toEqual(runs.toSorted())
      expect(report.devices[1]?.run).toMatch(/^\d{8}T\d{6}Z-d2-add-networks-[0-9a-f]{6}$/)
      expect(report.devices[1]?.report?.changes).toHaveLength(3)
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("tells of each run in its own journal before that run begins", () =>
    Effect.gen(function* () {
      const { folder, given } = yield* fleetOf(2)
      const { report } = yield* Fleet.run(adding, given, input, { folder, concurrency: 1 })
      expect(report.journal).toBe(join(folder, "fleets", `${report.fleet}.jsonl`))
      const lines = linesIn(report.journal ?? "") as ReadonlyArray<Record<string, unknown>>
      expect(lines.map(({ _tag, device }) => `${_tag} ${device ?? ""}`)).toEqual([
        "begun ",
        "started d1",
        "ended d1",
        "started d2",
        "ended d2",
        "over "
      ])
      const [begun] = linesIn(join(folder, `${report.devices[0]?.run}.jsonl`)) as ReadonlyArray<{
        at: string
      }>
      expect(Date.parse(String(lines[1]?.at))).toBeLessThanOrEqual(Date.parse(begun?.at ?? ""))
    })
  )

  it.scopedLive("leaves each failure to its device: down, refusing a password, refusing a change", () =>
    Effect.gen(function* () {
      const { device, folder, given, open } = yield* fleetOf(4)
      yield* device("d1").sandbox.down()
      yield* device("d2").sandbox.setPassword(Redacted.make("another"))
      const refusing = { ...device("d2").sandbox.fdm, credentials: device("d4").sandbox.fdm.credentials }
      yield* device("d3").sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.status(422) })
      const { report, results } = yield* Fleet.run(adding, { ...given, d2: refusing }, input, { folder })
      expect(report.outcome).toBe("failed")
      expect(told(report)).toEqual([
        "d1 failed untouched",
        "d2 failed untouched",
        "d3 failed undone",
        "d4 done done"
      ])
      expect(report.devices.map(({ errors }) => errors.map(({ tag }) => tag).join())).toEqual([
        "DeviceUnreachable",
        "CredentialsRefused",
        "DeviceRefused",
        ""
      ])
      expect([...results.keys()]).toEqual(["d4"])
      expect(yield* device("d3").has).toEqual([])
      expect(open()).toBe(0)
    })
  )

  it.scoped("counts a run whose time is over as a failure, and begins no further wave", () =>
    Effect.gen(function* () {
      const { device, folder, given, open, opened } = yield* fleetOf(3)
      yield* device("d1").sandbox.fail({ path: /fdm\/token/, how: Sandbox.Fault.slow("2 seconds") })
      const options = { folder, waves: 1, perDevice: { timeOut: "20 seconds" } } as const
      const fiber = yield* Effect.fork(Fleet.run(adding, given, input, options))
      yield* eventually("it logs in", () => postsOf(device("d1")) === 1, 30)
      yield* TestClock.adjust("20 seconds")
      const { report } = yield* Fiber.join(fiber)
      expect([report.outcome, report.stop]).toEqual(["stopped", { why: "wave", failed: 1 }])
      expect(told(report)).toEqual([
        "d1 failed untouched",
        "d2 notReached untouched",
        "d3 notReached untouched"
      ])
      // The login goes on by itself. When the fleet is over, so is that: without a further wait.
      expect([opened(), open()]).toEqual([[1, 0, 0], 0])
    })
  )

  it.scopedLive("sends nothing to any other device where its canary fails", () =>
    Effect.gen(function* () {
      const { device, folder, given, opened } = yield* fleetOf(3)
      yield* device("d3").sandbox.fail({ method: "POST", path, how: Sandbox.Fault.status(422) })
      const { report } = yield* Fleet.run(adding, given, input, { folder, canary: ["d3"], stopAfter: "100%" })
      expect([report.outcome, report.stop, report.waves, report.hasCanary]).toEqual([
        "stopped",
        { why: "canary", failed: 1 },
        [1, 2],
        true
      ])
      expect(told(report).map((one) => one.split(" ").slice(0, 2).join(" "))).toEqual([
        "d3 failed",
        "d1 notReached",
        "d2 notReached"
      ])
      expect(opened().slice(0, 2)).toEqual([0, 0])
    })
  )

  it.scopedLive("that is interrupted takes back what is under way, and logs out everywhere", () =>
    Effect.gen(function* () {
      const { device, devices, folder, given, open } = yield* fleetOf(4)
      const slow = { method: "POST", path, nth: 3, how: Sandbox.Fault.slow("1 second") }
      yield* device("d2").sandbox.fail(slow)
      yield* device("d3").sandbox.fail({ path: /fdm\/token/, how: Sandbox.Fault.slow("2 seconds") })
      const events: Array<Fleet.FleetEvent> = []
      const onProgress = (event: Fleet.FleetEvent) => void events.push(event)
      const fiber = yield* Effect.fork(
        Fleet.run(adding, given, input, { folder, concurrency: 3, onProgress })
      )
      // A login and three changes.
      yield* eventually("one is at its last change", () => postsOf(device("d2")) === 4)
      const exit = yield* Fiber.interrupt(fiber)
      expect(Exit.isInterrupted(exit)).toBe(true)
      expect(open()).toBe(0)
      const [report] = events.flatMap((event) => (event._tag === "Ended" ? [event.report] : []))
      expect(report?.outcome).toBe("interrupted")
      const states = Object.fromEntries(report?.devices.map((one) => [one.device, one]) ?? [])
      expect([states.d2?.outcome, states.d2?.state]).toEqual(["interrupted", "undone"])
      expect([states.d3?.outcome, states.d3?.state]).toEqual([
        "interrupted",
        expect.stringMatching(/untouched|undone/)
      ])
      for (const { has, name } of devices)
        expect([name, yield* has]).toEqual([name, states[name]?.state === "done" ? all : []])
    })
  )

  it.scopedLive("tells whoever asks what happens, and in the end of the report", () =>
    Effect.gen(function* () {
      const { device, folder, given } = yield* fleetOf(2)
      yield* device("d2").sandbox.fail({ method: "POST", path, how: Sandbox.Fault.status(422) })
      const events: Array<Fleet.FleetEvent> = []
      const onProgress = (event: Fleet.FleetEvent) => void events.push(event)
      const { report } = yield* Fleet.run(adding, given, input, { folder, canary: 1, onProgress })
      const tags = events.map((event) => ("wave" in event ? `${event._tag} ${event.wave}` : event._tag))
      expect(tags.filter((tag) => tag !== "DeviceTold")).toEqual([
        "Begun",
        "WaveBegun 1",
        "DeviceBegun 1",
        "DeviceEnded",
        "WaveEnded 1",
        "WaveBegun 2",
        "DeviceBegun 2",
        "DeviceEnded",
        "WaveEnded 2",
        "Ended"
      ])
      expect(tags).toContain("DeviceTold")
      expect(events.at(-1)).toEqual({ _tag: "Ended", report })
    })
  )
})

describe("the stream of a fleet", () => {
  it.scopedLive("gives each device once, those that were not reached at the end", () =>
    Effect.gen(function* () {
      const { device, folder, given, open } = yield* fleetOf(3)
      yield* device("d1").sandbox.fail({ method: "POST", path, how: Sandbox.Fault.status(422) })
      const options = { folder, waves: [1], concurrency: 1 } as const
      const results = yield* Stream.runCollect(Fleet.stream(adding, given, input, options))
      expect([...results].map(({ device: { device, outcome } }) => `${device} ${outcome}`)).toEqual([
        "d1 failed",
        "d2 notReached",
        "d3 notReached"
      ])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("that is left early ends what is under way, and its journal says so", () =>
    Effect.gen(function* () {
      const { folder, given, open } = yield* fleetOf(3)
      const options = { folder, concurrency: 1 }
      yield* Stream.runDrain(Stream.take(Fleet.stream(adding, given, input, options), 1))
      expect(open()).toBe(0)
      const [name = ""] = readdirSync(join(folder, "fleets")).filter((one) => one.endsWith(".jsonl"))
      expect(linesIn(join(folder, "fleets", name)).at(-1)).toMatchObject({
        _tag: "over",
        outcome: "interrupted"
      })
    })
  )
})

describe("the devices of a fleet", () => {
  const naming = Workflow.make({
    name: "add-host",
    input: Schema.Struct({ name: Schema.String }),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }, { name }) =>
      Effect.flatMap(fmc.domain("Global"), ({ hosts }) => hosts.upsert({ name, value: "192.0.2.9" }))
  })

  it.scopedLive("of other kinds are left out, and told; each may have its own input", () =>
    Effect.gen(function* () {
      const { device, folder } = yield* fleetOf(2)
      const entries = [
        { name: "hq", kind: "fmc", options: Effect.succeed(device("d1").sandbox.fmc) },
        { name: "edge", kind: "fdm", options: device("d2").sandbox.fdm }
      ]
      const asked: Array<ReadonlyArray<string>> = []
      const inventory = {
        select: (...filters: ReadonlyArray<string>) => {
          asked.push(filters)
          return Effect.succeed(entries)
        }
      }
      const own = ({ name }: Fleet.FleetDevice) => ({ name: `of-${name}` })
      const { report } = yield* Fleet.run(naming, inventory, own, { folder, select: "tag:prod" })
      expect(told(report)).toEqual(["hq done done"])
      expect(report.leftOut).toEqual([{ name: "edge", kind: "fdm" }])
      expect(report.devices[0]?.report?.changes.map(({ name }) => name)).toEqual(["of-hq"])
      expect(asked).toEqual([["tag:prod"]])
      expect(device("d2").sandbox.ledger.opened).toBe(0)
    })
  )

  it.effect.each<[string, () => Effect.Effect<unknown, { readonly message: string }>]>([
    ["devices: there is none of kind", () => Fleet.run(adding, {}, input)],
    ["devices: there are two of the name", () => Fleet.run(adding, [edge, edge], input)],
    ["devices.0: this is no device", () => Fleet.run(adding, [{} as typeof edge], input)],
    ["select: filters are for an inventory", () => Fleet.run(adding, [edge], input, { select: "a*" })],
    ['canary: the fleet has no device "x"', () => Fleet.run(adding, [edge], input, { canary: ["x"] })],
    ["stopAfter: 0 cannot be used", () => Fleet.run(adding, [edge], input, { stopAfter: 0 })],
    ["waves: ", () => Fleet.run(adding, [edge], input, { waves: [1, "0%"] })],
    ["concurrency: ", () => Fleet.run(adding, [edge], input, { concurrency: 0 })],
    ["timeOut: ", () => Fleet.run(adding, [edge], input, { perDevice: { timeOut: -1 } })],
    ["perDevice.folder: ", () => Fleet.run(adding, [edge], input, { perDevice: { folder: "x" } as object })],
    ["value", () => Fleet.run(adding, [edge], {} as typeof input)],
    [
      "workflow.devices: a fleet runs a workflow for one device",
      () => Fleet.run(pair as never, [edge], input)
    ]
  ])("and options are looked at before anything is begun: %s", ([words, run]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(run())
      expect(error.message).toContain(words)
    })
  )
  const edge = { name: "edge", kind: "fdm", options: "EDGE" }
  const pair = { ...naming, devices: { one: Fmc.plugin, other: Fmc.plugin } }
})
