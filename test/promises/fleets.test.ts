// Fleets and inventories for scripts that await.
//
// States of a fleet: it goes on; it is over; it was ended, by a signal of the script, by a loop that is left, or by the
// process. Races: an end against what is under way on a device.
//
// Invariants: what is given to a script and what it gives are those of `Fleet` and `Inventory`, with promises for Effects ·
// whatever ends a fleet, what was under way is taken back and logged out before the promise rejects, or the loop is left ·
// nothing is opened before it is asked for · what is wrong rejects by its tag, at the line of the script.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import { Fleet, Inventory } from "sallyport/promises"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { inventoryOf } from "../support/fleetInventories.ts"
import { all, fleetOf, path, told } from "../support/fleets.ts"
import { start } from "../support/runtime.ts"

const input = { value: "192.0.2.1" }

/** Adds the networks of `support/fleets.ts`, and awaits. */
const adding = Workflow.promise({
  name: "add-networks",
  input: Schema.Struct({ value: Schema.String }),
  devices: { fdm: Fdm.plugin },
  run: async ({ fdm }, { value }) => {
    for (const name of all) await fdm.networks.upsert({ name, subType: "HOST", value })
    return all.length
  }
})

/** So many FDMs in an inventory, the first of which is a lab's. */
const given = (count: number) =>
  Effect.gen(function* () {
    const fleet = yield* fleetOf(count)
    const file = inventoryOf(fleet.folder, fleet.devices, (at) => [at === 0 ? "lab" : "branch"])
    const inventory = yield* Effect.promise(() => Inventory.fromFile(file, { plugins: [Fdm.plugin] }))
    return { ...fleet, file, inventory, options: { folder: fleet.folder } }
  })

/** What a promise came to: what it gives, or what it rejects with. */
const settled = <A>(promise: Promise<A>) =>
  Effect.promise(() =>
    promise.then(
      (value) => ({ value }),
      (error: Error) => ({ error })
    )
  )

describe("a fleet", () => {
  it.scopedLive("is planned, run, run again and undone, and its journal is read", () =>
    Effect.gen(function* () {
      const { device, devices, inventory, open, options } = yield* given(3)
      yield* device("d2").sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.status(422) })
      yield* Effect.promise(async () => {
        const plan = await Fleet.plan(adding, inventory, input, { select: ["tag:branch"] })
        expect(plan.groups.map(({ devices }) => devices)).toEqual([["d2", "d3"]])
        const seen: Array<string> = []
        const onProgress = ({ _tag }: Fleet.FleetEvent) => void seen.push(_tag)
        const first = await Fleet.run(adding, inventory, input, { ...options, onProgress, plan })
        expect(told(first.report).toSorted()).toEqual(["d2 failed undone", "d3 done done"])
        expect([...first.results]).toEqual([["d3", all.length]])
        expect([seen.at(0), seen.at(-1)]).toEqual(["Begun", "Ended"])
        expect(Fleet.unfinished(first.report)).toEqual(["d2"])
        const second = await Fleet.rerun(adding, inventory.entries, input, first.report, options)
        expect(told(second.report)).toEqual(["d2 done done"])
        expect(await Fleet.recorded(options)).toEqual([second.report.fleet, first.report.fleet])
        const read = await Fleet.reportOf(second.report.fleet, options)
        expect(told(read)).toEqual(["d2 done done"])
        const undone = await Fleet.undo(adding, inventory, second.report.fleet, options)
        expect(told(undone)).toEqual(["d2 done undone"])
        await expect(Fleet.resume(adding, inventory, first.report.fleet, options)).rejects.toMatchObject({
          _tag: "FleetOver"
        })
      })
      expect(yield* Effect.forEach(devices, ({ has }) => Effect.map(has, (there) => there.length))).toEqual([
        ...[0, 0, all.length]
      ])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("gives what becomes of each device as it comes, and each loop begins anew", () =>
    Effect.gen(function* () {
      const { given: byName, open, options } = yield* given(2)
      yield* Effect.promise(async () => {
        const list = Fleet.stream(adding, byName, input, { ...options, concurrency: 1 })
        const came: Array<readonly [string, number | undefined]> = []
        for await (const { device, result } of list) came.push([device.device, result])
        expect(came).toEqual([
          ["d1", all.length],
          ["d2", all.length]
        ])
        expect((await list.toArray()).map(({ device }) => device.outcome)).toEqual(["done", "done"])
        expect(await Fleet.recorded(options)).toHaveLength(2)
      })
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("is looked at again and again until the loop is left", () =>
    Effect.gen(function* () {
      const { device, inventory, open } = yield* given(2)
      const before = device("d1").sandbox.ledger.opened
      yield* Effect.promise(async () => {
        let looks = 0
        for await (const plan of Fleet.drift(adding, inventory, input, { every: "10 millis" })) {
          expect(Fleet.differs(plan)).toBe(true)
          looks += 1
          if (looks === 2) break
        }
        const once = await Fleet.drift(adding, inventory, input).toArray()
        expect(once).toHaveLength(1)
        await expect(
          Fleet.drift(adding, inventory, input, { every: "now and then" }).toArray()
        ).rejects.toMatchObject({ _tag: "InvalidInput", field: "every" })
      })
      // A look that had begun when the loop was left is ended.
      expect(device("d1").sandbox.ledger.opened - before).toBeLessThanOrEqual(4)
      yield* eventually("all are logged out", () => open() === 0, 20)
    })
  )

  it.scopedLive.each(["run", "stream"] as const)(
    "is ended by a signal as %s: what was changed is taken back before that rejects",
    (how) =>
      Effect.gen(function* () {
        const { device, inventory, open, options } = yield* given(2)
        const { sandbox } = device("d1")
        yield* sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.slow("200 millis") })
        const controller = new AbortController()
        const reason = new Error("enough")
        const all = { ...options, signal: controller.signal }
        const promise: Promise<unknown> =
          how === "run"
            ? Fleet.run(adding, inventory, input, all)
            : Fleet.stream(adding, inventory, input, all).toArray()
        const result = settled(promise)
        yield* eventually(
          "it has written",
          () => sandbox.ledger.requests.filter(({ method }) => method === "POST").length > 2,
          20
        )
        controller.abort(reason)
        const ended = yield* result
        expect("error" in ended && ended.error).toBe(reason)
        expect([open(), yield* device("d1").has]).toEqual([0, []])
      })
  )

  it.scopedLive("of which a loop is left ends what is under way", () =>
    Effect.gen(function* () {
      const { device, inventory, open, options } = yield* given(3)
      yield* device("d2").sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.slow("1 second") })
      yield* Effect.promise(async () => {
        for await (const { device } of Fleet.stream(adding, inventory, input, {
          ...options,
          concurrency: 3
        })) {
          expect(device.device).not.toBe("d2")
          break
        }
      })
      expect([open(), yield* device("d2").has]).toEqual([0, []])
    })
  )

  it.scopedLive("takes devices with options that a function of the script gives, when their turn comes", () =>
    Effect.gen(function* () {
      const { device, options } = yield* given(1)
      const { fdm } = device("d1").sandbox
      const asked: Array<string> = []
      const entry = {
        name: "one",
        kind: "fdm",
        options: async () => {
          asked.push("one")
          return fdm
        }
      }
      const refused = { name: "two", kind: "fdm", options: () => Promise.reject(new Error("no such vault")) }
      const { report } = yield* Effect.promise(() => Fleet.run(adding, [entry, refused], input, options))
      expect(asked).toEqual(["one"])
      expect(told(report).toSorted()).toEqual(["one done done", "two failed untouched"])
      expect(report.devices.find(({ device }) => device === "two")?.errors[0]?.message).toContain(
        "no such vault"
      )
    })
  )

  it.scopedLive("that cannot be begun rejects at the line of the script", () =>
    Effect.gen(function* () {
      const { inventory } = yield* given(1)
      const wrong = yield* settled(Fleet.run(adding, inventory, input, { select: "nothing-*" }))
      expect(wrong).toMatchObject({ error: { _tag: "InvalidInput" } })
      expect("error" in wrong && wrong.error.stack).toMatch(/fleets\.test\.ts/)
      const signal = yield* settled(Fleet.plan(adding, inventory, input, { signal: "now" as never }))
      expect(signal).toMatchObject({ error: { _tag: "InvalidInput", field: "signal" } })
    })
  )

  it.scopedLive("is ended by Ctrl-C, and what was changed is taken back first", () =>
    Effect.gen(function* () {
      const { device, file, folder, open } = yield* given(2)
      const { sandbox } = device("d1")
      yield* sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.slow("1 second") })
      const running = start("test/scripts/promiseFleet.ts", { env: { INVENTORY: file, FOLDER: folder } })
      yield* eventually(
        "it has written",
        () => sandbox.ledger.requests.filter(({ method }) => method === "POST").length > 2,
        60
      )
      running.kill("SIGINT")
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect([code, stdout]).toEqual([130, ""])
      expect(stderr).toContain(
        "SIGINT: stopping, and taking back what was changed on the devices under way; those that are done stay as they are."
      )
      expect([open(), yield* device("d1").has]).toEqual([0, []])
    })
  )
})

describe("an inventory", () => {
  it.scopedLive("gives entries by filters and names, and opens none of them before it is asked to", () =>
    Effect.gen(function* () {
      const { device, file, inventory, open, opened } = yield* given(3)
      const before = opened()
      yield* Effect.promise(async () => {
        const branches = await inventory.select("tag:branch", "!d3")
        expect(branches.map(({ name, kind, tags }) => [name, kind, tags])).toEqual([
          ["d2", "fdm", ["branch"]]
        ])
        expect(branches[0]).toBe(await inventory.get("d2"))
        expect(inventory.entries.map(({ name }) => name)).toEqual(["d1", "d2", "d3"])
        expect(Inventory.showText(await inventory.show("d1"))).toContain(device("d1").sandbox.url)
        await expect(inventory.get("d4")).rejects.toMatchObject({ _tag: "InvalidInput" })
        await expect(inventory.select("tag:none")).rejects.toMatchObject({ _tag: "InvalidInput" })
        await expect(Inventory.fromFile(`${file}.yaml`, { plugins: [Fdm.plugin] })).rejects.toThrow(
          "there is no such file"
        )
      })
      expect(opened()).toEqual(before)
      yield* Effect.promise(async () => {
        const one = await inventory.get("d1")
        expect(await one.use((fdm) => fdm.apiVersion())).toMatch(/^v\d/)
        expect(open()).toBe(0)
        const fdm = await one.open()
        expect(open()).toBe(1)
        await fdm.close()
        expect(await Fdm.use(await one.options(), (fdm) => fdm.apiVersion())).toMatch(/^v\d/)
      })
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("comes from code, too", () =>
    Effect.gen(function* () {
      const { device } = yield* given(1)
      const { certificate, password, url, username } = device("d1").sandbox
      yield* Effect.promise(async () => {
        const inventory = await Inventory.make(
          {
            defaults: { credentials: { username, password: Redacted.value(password) } },
            devices: { one: { kind: "fdm", url, trust: { pin: certificate.sha256 } } }
          },
          { plugins: [Fdm.plugin] }
        ).catch((error: Error) => error.message)
        // A secret that is plain text is refused in code as in a file.
        expect(inventory).toMatch(/^defaults\.credentials\.password: /)
        const { entries } = await Inventory.make(
          {
            defaults: { credentials: { username, password } },
            devices: { one: { kind: "fdm", url, trust: { pin: certificate.sha256 } } }
          },
          { plugins: [Fdm.plugin] }
        )
        expect(await entries[0]?.use((fdm) => fdm.apiVersion())).toMatch(/^v\d/)
      })
    })
  )
})
