// A plan that is kept in a file, and a run that is held to it.
//
// States of a device: as it was when it was planned · another by now · planned no more, since its plan could not be made.
// Races: somebody who changes a device between the plan and the run.
//
// Invariants: nobody is asked · where all is as wanted by then it is done · a run writes nothing where its plan shows anything else than the file, and tells what ·
// one device that is another by now keeps no other from what was planned there · a file that is no plan, or that of
// something else, is told before anything is sent.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Fleet, Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { call } from "../support/commandLine.ts"
import { inventoryOf } from "../support/fleetInventories.ts"
import { adding, all, type Device, fleetOf, input, told } from "../support/fleets.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const { exitCodes } = Main

const setHosts = Workflow.make({
  name: "set-hosts",
  input: Schema.Struct({ names: Schema.Array(Schema.String), value: Schema.String }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { names, value }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Effect.forEach(names, (name) => hosts.upsert({ name, value }))
    })
})

const started = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = yield* temporaryFolder
  const plan = join(folder, "plan.json")
  const words = (...names: ReadonlyArray<string>) => [
    ...names.flatMap((name) => ["--names", name]),
    "--value",
    "192.0.2.7"
  ]
  return {
    sandbox,
    folder,
    plan,
    words,
    call: (given: ReadonlyArray<string>, onDrift: "stop" | "write" = "stop") =>
      call(setHosts, { devices: { fmc: sandbox.fmc }, folder, onDrift }, given),
    put: (name: string, value: string) =>
      Effect.scoped(
        Effect.gen(function* () {
          const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
          yield* hosts.upsert({ name, value })
        })
      ),
    writes: () =>
      sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length
  }
})

describe("run --plan", () => {
  it.scopedLive("asks nobody, and does what a plan shows that is kept as JSON and as Markdown", () =>
    Effect.gen(function* () {
      const { call, folder, plan, words, writes } = yield* started
      const page = join(folder, "plan.md")
      const planned = yield* call(["plan", ...words("web-1", "web-2"), "--report", plan, "--report", page])
      expect([planned.code, writes()]).toEqual([exitCodes.done, 0])
      expect(readFileSync(page, "utf8")).toContain("| create | Host web-1 |")
      const ran = yield* call(["run", ...words("web-1", "web-2"), "--plan", plan])
      expect([ran.code, writes()]).toEqual([exitCodes.done, 2])
      // All is as it was planned: whoever runs it again finds nothing to do.
      const again = yield* call(["run", ...words("web-1", "web-2"), "--plan", plan])
      expect([again.code, writes()]).toEqual([exitCodes.done, 2])
    })
  )

  it.scopedLive("writes nothing where the device is another by now, or the input, and tells what", () =>
    Effect.gen(function* () {
      const { call, plan, put, sandbox, words, writes } = yield* started
      yield* put("web-2", "198.51.100.1")
      yield* call(["plan", ...words("web-1", "web-2"), "--report", plan])
      const more = yield* call(["run", ...words("web-1", "web-2", "web-3"), "--plan", plan])
      expect([more.code, writes()]).toEqual([exitCodes.failed, 1])
      expect(more.stdout).toMatch(/^set-hosts: refused\n/)
      expect(more.stdout).toContain("GuardRefused: The plan is another one by now than the one")
      expect(more.stdout).toContain('  Now, and not then: create Host "web-3" on ')
      yield* put("web-2", "198.51.100.2")
      const drifted = yield* call(["run", ...words("web-1", "web-2"), "--plan", plan])
      expect([drifted.code, writes()]).toEqual([exitCodes.failed, 2])
      expect(drifted.stdout).toMatch(
        /Then: update Host "web-2" on \S+ \(value "198\.51\.100\.1" -> .*\. Now: update Host "web-2" on \S+ \(value "198\.51\.100\.2" -> /
      )
      expect(drifted.stdout).not.toContain('web-1"')
      const written = yield* call(["run", ...words("web-1", "web-2"), "--plan", plan], "write")
      expect([written.code, writes(), sandbox.ledger.open]).toEqual([exitCodes.done, 4, 0])
    })
  )

  it.scopedLive("tells what is wrong with its file before anything is sent", () =>
    Effect.gen(function* () {
      const { call, folder, plan, sandbox, words } = yield* started
      const fleetPlan: Fleet.FleetPlan = {
        version: 1,
        workflow: "set-hosts",
        groups: [],
        failed: [],
        leftOut: [],
        hash: "1"
      }
      const said = (content: string) => {
        writeFileSync(plan, content)
        return Effect.map(call(["run", ...words("web-1"), "--plan", plan]), ({ code, stderr }) => [
          code,
          stderr.split("\n")[0]?.replace(plan, "plan.json")
        ])
      }
      yield* call(["plan", ...words("web-1"), "--report", plan])
      const foreign = readFileSync(plan, "utf8").replace('"set-hosts"', '"another"')
      const before = sandbox.ledger.requests.length
      expect([
        yield* said("{"),
        yield* said('{"version":1}'),
        yield* said(JSON.stringify(fleetPlan)),
        yield* said(foreign)
      ]).toEqual([
        [64, "--plan: plan.json: this is no plan; give the file that plan --report FILE.json has written."],
        [64, "--plan: plan.json: this is no plan; give the file that plan --report FILE.json has written."],
        [64, "--plan: plan.json: it is the plan of a fleet; give the --inventory that it was made with."],
        [64, '--plan: plan.json: it is a plan of the workflow "another", and this one is "set-hosts".']
      ])
      const missing = yield* call(["run", ...words("web-1"), "--plan", join(folder, "none.json")])
      expect([missing.code, missing.stderr]).toEqual([
        64,
        expect.stringMatching(/none\.json: there is no such file/)
      ])
      expect(sandbox.ledger.requests.length).toBe(before)
    })
  )
})

describe("run --plan of a fleet", () => {
  const fleet = (count: number) =>
    Effect.gen(function* () {
      const made = yield* fleetOf(count)
      const { devices, folder } = made
      const inventory = inventoryOf(folder, devices)
      const plan = join(folder, "plan.json")
      const report = join(folder, "report.json")
      return {
        ...made,
        plan,
        call: (command: string, ...more: ReadonlyArray<string>) =>
          call(adding, { folder }, [
            ...[command, "--inventory", inventory, "--value", input.value, "--report"],
            ...[command === "plan" ? plan : report, ...more]
          ]),
        reported: () => Schema.decodeUnknownSync(Fleet.FleetReport)(JSON.parse(readFileSync(report, "utf8")))
      }
    })

  const put = ({ sandbox }: Device, name: string) =>
    Effect.scoped(
      Effect.flatMap(Fdm.make(sandbox.fdm), ({ networks }) =>
        networks.upsert({ name, subType: "HOST", value: input.value })
      )
    )

  it.scopedLive("refuses the device that is another by now, and does what was planned on the others", () =>
    Effect.gen(function* () {
      const { call, device, open, plan, reported } = yield* fleet(4)
      yield* device("d4").sandbox.down()
      // The plan of one that is down is not made, and the fourth is told.
      expect((yield* call("plan", "--device", "!d1")).code).toBe(exitCodes.failed)
      yield* device("d4").sandbox.up()
      yield* put(device("d3"), "fleet-b")
      const ran = yield* call("run", "--plan", plan)
      expect(ran.code).toBe(exitCodes.failed)
      expect(told(reported())).toEqual(["d2 done done", "d3 refused untouched", "d4 refused untouched"])
      expect(ran.stdout).toMatch(
        /d3: refused, nothing changed\n {2}GuardRefused: The plan is another one .*\n {4}Then, and not now: create networkobject "fleet-b" on /
      )
      expect(ran.stdout).toContain("GuardRefused: Its plan could not be made when that of the fleet was")
      expect(yield* device("d2").has).toEqual(all)
      expect([yield* device("d1").has, yield* device("d3").has]).toEqual([[], ["fleet-b"]])
      expect(open()).toBe(0)
    })
  )

  it.scopedLive("is on the devices of the plan; any other that is selected is told", () =>
    Effect.gen(function* () {
      const { call, device, devices, plan, reported } = yield* fleet(2)
      yield* call("plan", "--device", "d2")
      const before = devices.map(({ sandbox }) => sandbox.ledger.requests.length)
      const more = yield* Effect.flip(call("run", "--plan", plan, "--device", "d*"))
      expect(more).toMatchObject({
        _tag: "InvalidInput",
        message: "plan: these are not in it: d1; leave them out, or make a plan that has them."
      })
      expect(devices.map(({ sandbox }) => sandbox.ledger.requests.length)).toEqual(before)
      expect((yield* call("run", "--plan", plan)).code).toBe(exitCodes.done)
      expect(told(reported())).toEqual(["d2 done done"])
      expect(yield* device("d1").has).toEqual([])
    })
  )
})
