// Deployments over real sockets: what is sent, what is waited for, and how a failure is told from slowness.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { Deployment } from "sallyport"

import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../../support/eventually.ts"
import { impatient, open, request } from "./deploying.ts"

describe("deployable devices", () => {
  it.scopedLive("are listed whole, with what would be deployed to each", () =>
    Effect.gen(function* () {
      const { asked, change, domain } = yield* open()
      expect(yield* Stream.runCollect(domain.listDeployableDevices())).toHaveLength(0)
      const { id, name } = yield* change
      asked()
      const [device] = [...(yield* Stream.runCollect(domain.listDeployableDevices()))]
      expect(device).toMatchObject({
        name: "ftd-1",
        version: expect.stringMatching(/^\d+$/),
        canBeDeployed: true,
        isDeploying: false,
        trafficInterruption: "NO",
        type: "DeployableDevice"
      })
      const changes = [...(yield* Stream.runCollect(domain.listPendingChanges(device?.id ?? "")))]
      expect(changes).toMatchObject([{ entityUUID: id, entityName: name, action: "ADD" }])
      expect(asked()).toHaveLength(2)
      const nobody = yield* Effect.flip(Stream.runCollect(domain.listPendingChanges("nobody")))
      expect(nobody).toMatchObject({ _tag: "DeviceRefused", status: 404 })
    })
  )
})

describe("a deployment", () => {
  it.scopedLive.each([
    [{ device: "ftd-1" }, "device"],
    [{ devices: "ftd-1" }, "devices"],
    [{ devices: null }, "devices"],
    [{ devices: ["ftd-1"], force: "no" }, "force"],
    [{ ignorewarnings: true }, "ignorewarnings"],
    [{ wait: 0 }, "wait"],
    [{ note: 4711 }, "note"]
  ] as const)("with an option that is none, as %j, sends nothing to any device", ([options, field]) =>
    Effect.gen(function* () {
      const { asked, change, domain } = yield* open()
      yield* change
      asked()
      const error = yield* Effect.flip(domain.deploy(options as never))
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect(asked()).toEqual([])
    })
  )

  it.scopedLive("goes to all that is out of date, unforced, and is waited for", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open({ deployedState: "Succeeded" })
      yield* change
      yield* sandbox.hangDeployment("ftd-2")
      asked()
      const deploying = yield* Effect.fork(impatient(1000)(domain.deploy({ note: "Change 4711" })))
      const isAskedAgain = () =>
        sandbox.ledger.requests.filter(({ path }) => /taskstatuses/.test(path)).length > 2
      yield* eventually("it is asked again", isAskedAgain)
      yield* sandbox.releaseDeployment("ftd-2")
      const { devices, leftOut, tasks } = yield* Fiber.join(deploying)
      expect(devices).toMatchObject([
        { device: "ftd-1", id: expect.any(String), state: "Succeeded", message: "Done" },
        { device: "ftd-2", state: "Succeeded" }
      ])
      expect({ leftOut, tasks }).toEqual({ leftOut: [], tasks: [expect.any(String)] })
      const sent = asked()
      const task = `GET /job/taskstatuses/${tasks[0]}`
      expect(sent.slice(0, 4)).toEqual([
        "GET /deployment/deployabledevices",
        "GET /deployment/jobhistories",
        request,
        task
      ])
      // It was not over at once, and all that was asked meanwhile is the task.
      expect(new Set(sent.slice(4))).toEqual(new Set([task]))
      expect(sandbox.ledger.requests.filter(({ path }) => /taskstatuses.*\?/.test(path))).toEqual([])
      const [job] = [...(yield* Stream.runCollect(domain.listDeployments()))]
      expect(job).toMatchObject({
        jobStatus: "DEPLOYED",
        deploymentNote: "Change 4711",
        deviceList: [{ deviceName: "ftd-1" }, { deviceName: "ftd-2" }]
      })
    })
  )

  it.scopedLive("of nothing sends nothing", () =>
    Effect.gen(function* () {
      const { asked, change, domain } = yield* open()
      asked()
      expect(yield* domain.deploy()).toEqual({ devices: [], leftOut: [], tasks: [] })
      yield* change
      expect(yield* domain.deploy({ devices: [] })).toEqual({ devices: [], leftOut: [], tasks: [] })
      const list = "GET /deployment/deployabledevices"
      expect(asked()).toEqual([list, "POST /object/hosts", list])
    })
  )

  it.scopedLive("is one request for each version", () =>
    Effect.gen(function* () {
      const devices = [
        { name: "a", version: 7 },
        { name: "b", version: 9 },
        { name: "c", version: 7 }
      ]
      const { asked, domain } = yield* open({ devices })
      asked()
      const done = yield* impatient(10)(domain.deploy())
      expect(done.devices.map(({ device }) => device)).toEqual(["a", "c", "b"])
      expect(done.tasks).toHaveLength(2)
      expect(asked().filter((one) => one === request)).toHaveLength(2)
    })
  )

  it.scopedLive("can be narrowed to devices by name or id, and leaves the others alone", () =>
    Effect.gen(function* () {
      const { change, domain } = yield* open({ devices: 3 })
      yield* change
      const listed = [...(yield* Stream.runCollect(domain.listDeployableDevices()))]
      const id = listed[2]?.id ?? ""
      const { devices } = yield* impatient(10)(domain.deploy({ devices: ["FTD-1", id] }))
      expect(devices.map(({ device }) => device)).toEqual(["ftd-1", "ftd-3"])
      const left = yield* Stream.runCollect(domain.listDeployableDevices())
      expect([...left].map(({ name }) => name)).toEqual(["ftd-2"])
      // One that is up to date by now is no mistake.
      const again = yield* domain.deploy({ devices: ["ftd-1"] })
      expect(again).toMatchObject({ devices: [], leftOut: [{ device: "ftd-1", state: "UP_TO_DATE" }] })
    })
  )

  it.scopedLive("to a name that nobody has is invalid, and lists what is deployable", () =>
    Effect.gen(function* () {
      const { asked, change, domain } = yield* open()
      yield* change
      asked()
      const error = yield* Effect.flip(domain.deploy({ devices: ["ftd-1", "ftd-9"] }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "devices", value: "ftd-9" })
      expect(error.message).toContain('"ftd-1", "ftd-2"')
      expect(yield* Effect.flip(domain.deploy({ note: "n".repeat(513) }))).toMatchObject({ field: "note" })
      expect(asked()).not.toContain(request)
    })
  )

  it.scopedLive(
    "leaves out what cannot be deployed to, and says so; naming that one fails before anything is sent",
    () =>
      Effect.gen(function* () {
        const devices = [{ name: "good" }, { name: "shut", canBeDeployed: false }, { name: "slow" }]
        const { asked, change, domain, sandbox } = yield* open({ devices })
        yield* change
        yield* sandbox.hangDeployment("slow")
        yield* domain.deploy({ devices: ["slow"], wait: false })
        asked()
        const named = yield* Effect.flip(domain.deploy({ devices: ["good", "shut", "slow"] }))
        expect(named).toMatchObject({
          _tag: "DeploymentFailed",
          devices: [
            { device: "shut", state: "CANNOT_BE_DEPLOYED" },
            { device: "slow", state: "ALREADY_DEPLOYING", message: expect.stringContaining("in progress") }
          ]
        })
        expect(asked()).not.toContain(request)
        // One that something else is being deployed to is waited for, and not done until it is free.
        expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({
          _tag: "DeploymentUnfinished",
          devices: [
            { device: "good", state: "DEPLOYED" },
            { device: "slow", state: "ALREADY_DEPLOYING" },
            { device: "shut", state: "CANNOT_BE_DEPLOYED" }
          ]
        })
        yield* sandbox.releaseDeployment("slow")
        const all = yield* impatient(10)(domain.deploy())
        expect(all.leftOut.map(({ device }) => device)).toEqual(["shut"])
      })
  )

  it.scopedLive("that fails names each device with its own state and words", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open({ devices: 2 })
      yield* change
      yield* sandbox.failDeployment("ftd-2", "No space left.\u001b[2J")
      const error = yield* Effect.flip(impatient(10)(domain.deploy()))
      expect(error).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [
          { device: "ftd-1", state: "DEPLOYED" },
          { device: "ftd-2", state: "FAILED", message: "No space left. [2J" }
        ]
      })
      expect(error.message).toContain("ftd-2 FAILED (No space left.")
    })
  )

  it.scopedLive("that is merely slow is unfinished, and told so when the schedule ends", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.hangDeployment("ftd-2")
      const error = yield* Effect.flip(impatient(3)(domain.deploy()))
      expect(error).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [{ state: "DEPLOYED" }, { device: "ftd-2", state: "DEPLOYING" }]
      })
    })
  )

  it.scopedLive("with a failed device and a slow one waits for the slow one, and is then failed", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open({ devices: 3 })
      yield* change
      yield* sandbox.failDeployment("ftd-1", "No space left.")
      yield* sandbox.hangDeployment("ftd-2")
      const deploying = yield* Effect.fork(Effect.flip(impatient(1000)(domain.deploy())))
      yield* Effect.sleep("150 millis")
      expect(yield* Fiber.poll(deploying)).toMatchObject({ _tag: "None" })
      yield* sandbox.releaseDeployment("ftd-2")
      expect(yield* Fiber.join(deploying)).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ state: "FAILED" }, { state: "DEPLOYED" }, { state: "DEPLOYED" }]
      })
      // One that is still slow when the schedule ends hides no failure.
      yield* change
      yield* sandbox.failDeployment("ftd-1")
      yield* sandbox.hangDeployment("ftd-2")
      expect(yield* Effect.flip(impatient(3)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ state: "FAILED" }, { state: "DEPLOYING" }, { state: "DEPLOYED" }]
      })
    })
  )

  it.scopedLive("in a state that nobody listed goes on, and never counts as success", () =>
    Effect.gen(function* () {
      const { change, domain } = yield* open({ deployedState: "NEARLY_THERE" })
      yield* change
      expect(yield* Effect.flip(impatient(3)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [{ state: "NEARLY_THERE" }, { state: "NEARLY_THERE" }]
      })
    })
  )

  it.scopedLive("that is not waited for can be looked at by its task", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.hangDeployment("ftd-1")
      asked()
      const { devices, tasks } = yield* domain.deploy({ wait: false })
      expect(devices.map(({ state }) => state)).toEqual(["REQUESTED", "REQUESTED"])
      expect(asked()).toHaveLength(3)
      const [task = ""] = tasks
      expect(yield* domain.deployment(task)).toMatchObject({ id: task, phase: "running", state: "DEPLOYING" })
      yield* sandbox.releaseDeployment("ftd-1")
      expect(yield* domain.deployment(task)).toMatchObject({
        phase: "deployed",
        devices: [{ device: "ftd-1", state: "DEPLOYED" }, { device: "ftd-2" }]
      })
    })
  )

  it.scopedLive("that the FMC refuses with 500 is refused, with its words, and sent once", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.fail({
        method: "POST",
        path: /deploymentrequests/,
        how: invalid("Interface has no name.")
      })
      asked()
      const error = yield* Effect.flip(impatient(10)(domain.deploy()))
      expect(error).toMatchObject({
        _tag: "DeviceRefused",
        status: 500,
        messages: ["Interface has no name."]
      })
      expect(asked().filter((one) => one === request)).toHaveLength(1)
    })
  )

  it.scopedLive("of which the FMC refuses one version is still waited for, and failed", () =>
    Effect.gen(function* () {
      const devices = [
        { name: "a", version: 7 },
        { name: "b", version: 9 }
      ]
      const { domain, sandbox } = yield* open({ devices })
      yield* sandbox.fail({
        method: "POST",
        path: /deploymentrequests/,
        how: invalid("Interface has no name.")
      })
      const error = yield* Effect.flip(impatient(10)(domain.deploy()))
      if (!(error instanceof Deployment.DeploymentFailed)) throw error
      expect(error.devices).toMatchObject([
        { device: "b", state: "DEPLOYED" },
        { device: "a", state: "REFUSED", message: "Interface has no name." }
      ])
    })
  )
})

const invalid = (description: string): Sandbox.Fault.How =>
  Sandbox.Fault.status(500, {
    body: { error: { category: "VALIDATION", messages: [{ description }], severity: "ERROR" } }
  })
