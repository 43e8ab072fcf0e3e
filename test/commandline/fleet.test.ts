// A command line on the devices of an inventory.
//
// Invariants: nothing is sent before the whole command line and the inventory are understood · the flags of a fleet are
// refused where there is none · the exit code is what the report says of all devices · each device is logged out.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { Fleet, Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as CommandLine from "../../src/commandline/CommandLine.ts"
import * as Client from "../plugins/sandbox/client.ts"
import { call, callerOf } from "../support/commandLine.ts"
import { eventually } from "../support/eventually.ts"
import { inventoryOf } from "../support/fleetInventories.ts"
import { adding, all, fleetOf, input, path } from "../support/fleets.ts"
import { screenOf } from "../support/screen.ts"

const { exitCodes } = Main

/** Three FDMs in an inventory, of which the first is a lab's, and the command line of a workflow for one. */
const given = Effect.gen(function* () {
  const fleet = yield* fleetOf(3)
  const { devices, folder } = fleet
  const inventory = inventoryOf(folder, devices, (at) => [at === 0 ? "lab" : "branch"])
  const words = (command: string, ...more: ReadonlyArray<string>) => [
    command,
    "--inventory",
    inventory,
    ...more
  ]
  return {
    ...fleet,
    inventory,
    run: (...more: ReadonlyArray<string>) =>
      call(adding, { folder }, words("run", "--yes", "--value", input.value, ...more)),
    say: (...more: ReadonlyArray<string>) => call(adding, { folder }, words(...(more as [string]))),
    hosts: () => Effect.forEach(devices, ({ has }) => Effect.map(has, (there) => there.length))
  }
})

const fleetIn = (text: string): string => /^Fleet (\S+),/m.exec(text)?.[1] ?? "none"

describe("run --inventory", () => {
  it.scopedLive("runs on each device, reports, and logs out", () =>
    Effect.gen(function* () {
      const { folder, hosts, open, run } = yield* given
      const report = join(folder, "report.json")
      const { code, stderr, stdout } = yield* run("--report", report)
      expect([code, stdout.split("\n")[0]]).toEqual([0, "add-networks: done; 3 of 3 devices are done"])
      expect(stderr).toContain("wave 1: 3 devices\n")
      expect(stderr).toContain("d2: done: 3 done; 0 as wanted already.\n")
      expect(Schema.is(Fleet.FleetReport)(JSON.parse(readFileSync(report, "utf8")))).toBe(true)
      expect(yield* hosts()).toEqual([all.length, all.length, all.length])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("takes names, tags and what they take away, waves, and prints JSON", () =>
    Effect.gen(function* () {
      const { hosts, run } = yield* given
      const { code, stdout } = yield* run("--tag", "branch", "--device", "!d3", "--json")
      expect(code).toBe(0)
      const events = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect(events.every(Schema.is(Fleet.FleetEvent))).toBe(true)
      expect(events.at(0)).toMatchObject({ _tag: "Begun", devices: 1 })
      expect(events.at(-1)).toMatchObject({ _tag: "Ended", report: { outcome: "done" } })
      expect(yield* hosts()).toEqual([0, all.length, 0])
    })
  )

  it.scopedLive(
    "stops behind a canary that is not well; the rest is run by --rerun, and undone by its id",
    () =>
      Effect.gen(function* () {
        const { device, folder, hosts, open, run, say } = yield* given
        yield* device("d1").sandbox.fail({ method: "POST", path, nth: 2, how: Sandbox.Fault.status(422) })
        const first = yield* run("--canary", "1", "--wave", "50%")
        expect(first.code).toBe(exitCodes.undone)
        expect(first.stdout).toMatch(/^add-networks: stopped; 0 of 3/)
        expect(first.stdout).toContain("Not reached: d2, d3.")
        expect(first.stdout).toContain(`is run again by script.ts run --rerun ${fleetIn(first.stdout)}. Give`)
        const second = yield* run("--rerun", fleetIn(first.stdout))
        expect([second.code, yield* hosts()]).toEqual([0, [all.length, all.length, all.length]])
        // Nothing is to change any more, and nothing to take back.
        const third = yield* run()
        expect([third.code, (yield* say("undo", "--yes", fleetIn(third.stdout))).code]).toEqual([0, 0])
        expect(yield* hosts()).toEqual([all.length, all.length, all.length])
        const undone = yield* say("undo", "--yes", fleetIn(second.stdout))
        expect([undone.code, yield* hosts(), open()]).toEqual([0, [0, 0, 0], 0])
        expect(undone.stderr.split("\n")).toEqual(
          expect.arrayContaining([
            `fleet ${fleetIn(second.stdout)}: 3 devices to be taken back`,
            "d2: taking back what was changed …",
            expect.stringMatching(/^d2: done, taken back/)
          ])
        )
        const listed = (yield* call(adding, { folder }, ["runs"])).stdout.split("\n")
        const [latest, earlier] = listed.filter((line) => line.includes("-fleet-"))
        expect(latest).toMatch(/-fleet-add-networks-\w+ +add-networks +d1, d2, d3 +\S+Z +done, undone$/)
        expect(earlier).toMatch(/-fleet-add-networks-\w+ .* done/)
        const shown = yield* call(adding, { folder }, ["runs", "show", fleetIn(first.stdout)])
        expect(shown.stdout).toMatch(/^add-networks: stopped; 0 of 3/)
        const again = yield* say("resume", fleetIn(second.stdout)).pipe(Effect.flip)
        expect(again).toMatchObject({ _tag: "FleetOver" })
      })
  )

  it.scopedLive("plans for all devices, and asks once for all of them", () =>
    Effect.gen(function* () {
      const { folder, hosts, inventory, say } = yield* given
      const words = ["--value", input.value, "--tag", "branch"]
      const page = join(folder, "plan.html")
      const planned = yield* say("plan", ...words, "--detailed-exitcode", "--report", page)
      expect(planned.code).toBe(exitCodes.changes)
      expect(planned.stdout).toMatch(/^add-networks: plan for 2 devices\n\n2 devices: d2, d3\n {2}\+ /)
      expect(readFileSync(page, "utf8")).toContain("<p>d2, d3</p>")
      expect(yield* hosts()).toEqual([0, 0, 0])
      const answered = (stdin: string) =>
        call(adding, { folder }, ["run", "--inventory", inventory, ...words], { isAtTerminal: true, stdin })
      const refused = yield* answered("n\n")
      expect([refused.code, yield* hosts()]).toEqual([exitCodes.failed, [0, 0, 0]])
      const done = yield* answered("y\n")
      expect([done.code, yield* hosts()]).toEqual([0, [0, all.length, all.length]])
    })
  )

  it.scopedLive("is refused as a whole for what cannot be understood, and nothing is sent", () =>
    Effect.gen(function* () {
      const { opened, run, say } = yield* given
      for (const [words, told] of [
        [["--wave", "0"], "--wave: 0 is no number of devices"],
        [["--canary", "200%"], "--canary: 200% is no number of devices"],
        [["--concurrency", "many"], "--concurrency: many is no number of devices"],
        [["--limit", "all"], "--limit: all is no number of objects"]
      ] as const) {
        const { code, stderr } = yield* run(...words)
        expect([code, stderr]).toEqual([exitCodes.wrongUsage, expect.stringContaining(told)])
      }
      const unasked = yield* say("run", "--value", input.value)
      expect([unasked.code, unasked.stderr]).toEqual([64, expect.stringContaining("there is nobody to ask")])
      const nobody = yield* run("--device", "d9").pipe(Effect.flip)
      expect(nobody).toMatchObject({ _tag: "InvalidInput", message: expect.stringContaining("d9") })
      expect(opened()).toEqual([0, 0, 0])
    })
  )
})

describe("what is told while a fleet goes on", () => {
  const stepped = Workflow.make({
    name: "stepped",
    input: Schema.Struct({}),
    devices: { fdm: Fdm.plugin },
    run: ({ fdm }) =>
      Workflow.step(
        "objects \u001b[31m",
        Effect.asVoid(fdm.networks.upsert({ name: "fleet-a", subType: "HOST", value: "192.0.2.1" }))
      )
  })
  const failing = Effect.gen(function* () {
    const fleet = yield* given
    yield* fleet.device("d2").sandbox.fail({ method: "POST", path, nth: 1, how: Sandbox.Fault.status(422) })
    return { ...fleet, words: ["run", "--yes", "--inventory", fleet.inventory] }
  })

  it.scopedLive("is a line for each device and step into a pipe, without a code", () =>
    Effect.gen(function* () {
      const { folder, words } = yield* failing
      const { code, stderr } = yield* call(stepped, { folder }, words, {
        env: { NO_COLOR: "", FORCE_COLOR: "1" }
      })
      expect(code).toBe(exitCodes.failed)
      const lines = stderr.split("\n")
      for (const device of ["d1", "d2", "d3"]) expect(lines).toContain(`${device}: objects �[31m …`)
      expect(lines).toContainEqual(expect.stringMatching(/^d2: failed, nothing changed: DeviceRefused: /))
      expect(stderr).not.toContain("\u001b")
    })
  )

  it.scopedLive("is drawn on a terminal, where failures and the report stay", () =>
    Effect.gen(function* () {
      const { device, folder, words } = yield* failing
      yield* device("d3").sandbox.fail({ method: "POST", path, nth: 1, how: Sandbox.Fault.slow("1 second") })
      const screen = screenOf(200, 40)
      const { output } = screen
      const { caller } = callerOf(words)
      expect(yield* CommandLine.main(stepped, { folder }, { ...caller, output, errors: output })).toBe(
        exitCodes.failed
      )
      expect(screen.written()).toMatch(/ {2}d3 {3}0:\d\d {2}objects �\[31m · create networkobject fleet-a\n/)
      expect(screen.written()).toMatch(/█░+ \d of 3 devices · 1 failed/)
      const lines = yield* screen.lines
      expect(lines.slice(0, 3)).toEqual([
        expect.stringMatching(/^fleet \S+: 3 devices$/),
        expect.stringMatching(/^d2: failed, nothing changed: DeviceRefused: /),
        "stepped: failed; 2 of 3 devices are done"
      ])
      expect(lines.filter((line) => /[█░]/.test(line))).toEqual([])
    })
  )
})

describe("what is told while the plan of a fleet is made", () => {
  it.scopedLive("is drawn on a terminal, and gone when it is there; nothing goes into a pipe", () =>
    Effect.gen(function* () {
      const { device, folder, inventory, say } = yield* given
      yield* device("d3").sandbox.fail({ method: "GET", path, nth: 1, how: Sandbox.Fault.slow("1 second") })
      const words = ["plan", "--inventory", inventory, "--value", input.value]
      const screen = screenOf(200, 40)
      const { output } = screen
      const { caller } = callerOf(words)
      expect(yield* CommandLine.main(adding, { folder }, { ...caller, output, errors: output })).toBe(0)
      expect(screen.written()).toMatch(/█░+ 2 of 3 devices planned/)
      const lines = yield* screen.lines
      expect(lines[0]).toBe("add-networks: plan for 3 devices")
      expect(lines.filter((line) => /[█░]/.test(line))).toEqual([])
      expect((yield* say("plan", "--value", input.value)).stderr).toBe("")
    })
  )
})

describe("an inventory for other workflows", () => {
  const both = Workflow.make({
    name: "both",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
    run: ({ fdm }) =>
      Effect.asVoid(fdm.networks.upsert({ name: "fleet-a", subType: "HOST", value: "192.0.2.1" }))
  })

  it.scopedLive("has the devices of their parts by name", () =>
    Effect.gen(function* () {
      const { device, folder, inventory } = yield* given
      const fmc = yield* Sandbox.make()
      const words = ["run", "--yes", "--inventory", inventory, "--device", "fdm=d2"]
      const { code, stdout } = yield* call(both, { folder, devices: { fmc: fmc.fmc } }, words)
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^both: done\n/)])
      expect(yield* device("d2").has).toEqual(["fleet-a"])
      const wrong = yield* call(both, { folder, devices: { fmc: fmc.fmc } }, [...words, "--tag", "lab"])
      expect(wrong.stderr).toContain("--tag: it is for a workflow of one part")
      const strange = yield* call(both, { folder, devices: { fmc: fmc.fmc } }, [
        "plan",
        ...["--inventory", inventory, "--device", "fdm=d22"]
      ])
      expect([strange.code, strange.stderr]).toEqual([
        64,
        expect.stringContaining('there is no device "d22"')
      ])
    })
  )

  it.scopedLive("is what the flags of a fleet need", () =>
    Effect.gen(function* () {
      const { folder, given: devices } = yield* given
      const { code, stderr } = yield* call(adding, { folder, devices: { fdm: devices.d1 ?? "FDM" } }, [
        "run",
        ...["--yes", "--value", "192.0.2.1", "--wave", "1"]
      ])
      expect([code, stderr]).toEqual([64, expect.stringContaining("give --inventory FILE")])
    })
  )

  it.scopedLive("gives one device a plan", () =>
    Effect.gen(function* () {
      const { hosts, say } = yield* given
      const { code, stdout } = yield* say("plan", "--value", "192.0.2.1", "--device", "d1")
      expect([code, stdout]).toEqual([0, expect.stringContaining("1 to change, 0 as wanted already.")])
      expect(yield* hosts()).toEqual([0, 0, 0])
    })
  )
})

describe("drift", () => {
  it.scopedLive("says by its exit code whether a device differs, keeps a report, and changes nothing", () =>
    Effect.gen(function* () {
      const { device, folder, hosts, open, run, say } = yield* given
      const report = join(folder, "drift.json")
      const drift = (...more: ReadonlyArray<string>) => say("drift", "--value", input.value, ...more)
      const differing = yield* drift("--tag", "branch", "--report", report)
      expect(differing).toMatchObject({ code: exitCodes.changes, stderr: "" })
      expect(differing.stdout).toContain("\n2 devices: d2, d3\n  + networkobject")
      expect(
        Schema.decodeUnknownSync(Fleet.FleetPlan)(JSON.parse(readFileSync(report, "utf8")))
      ).toMatchObject({
        groups: [{ devices: ["d2", "d3"] }]
      })
      expect(yield* hosts()).toEqual([0, 0, 0])
      yield* run()
      expect(yield* drift()).toMatchObject({ code: exitCodes.done, stderr: "" })
      yield* device("d1").sandbox.down()
      expect((yield* drift("--device", "d1")).code).toBe(exitCodes.failed)
      expect(open()).toBe(0)
    })
  )

  it.scopedLive(
    "with --every looks again and again, and shows the plan where that has something to change",
    () =>
      Effect.gen(function* () {
        const { device, folder, inventory, open, run } = yield* given
        yield* run("--device", "d1")
        const words = ["drift", "--inventory", inventory, "--device", "d1", "--value", input.value]
        const { caller, got } = callerOf([...words, "--every", "100 millis"])
        const fiber = yield* Effect.fork(CommandLine.main(adding, { folder }, caller))
        yield* eventually(
          "it is well, twice",
          () => (got.stderr.match(/Z: all is as wanted\n/g) ?? []).length > 1,
          20
        )
        expect(got.stdout).toBe("")
        // By plain HTTPS: while a plan is made, nothing in this process can write by the library.
        const { sandbox } = device("d1")
        const client = yield* Client.make(sandbox)
        const { json } = yield* Client.fdmLogin(client, sandbox)
        const signed = Client.bearer(json.access_token)
        const networks = "/api/fdm/v6/object/networks"
        const there = yield* client.send("GET", `${networks}?limit=100`, signed)
        const { id } = there.json.items.find(({ name }: { readonly name: string }) => name === "fleet-b")
        yield* client.send("DELETE", `${networks}/${id}`, signed)
        yield* eventually(
          "it differs",
          () => /^\S+Z\nadd-networks: plan for 1 device\n/m.test(got.stdout),
          20
        )
        expect(got.stdout).toMatch(/\n {2}\+ networkobject fleet-b\n/)
        yield* Fiber.interrupt(fiber)
        // Its own.
        expect(open()).toBe(1)
        for (const when of ["often", "0 seconds", "99 * * * *"]) {
          const { code, stderr } = yield* call(adding, { folder }, [...words, "--every", when])
          expect([code, stderr.split(";")[0]]).toEqual([64, `--every: ${when} says no time`])
        }
      })
  )
})
