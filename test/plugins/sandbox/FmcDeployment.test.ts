import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import type * as Sandbox from "sallyport/sandbox"
import { signedIn } from "./signedIn.ts"

const deployables = "/deployment/deployabledevices"

/** A client that can change something and deploy it. */
const prepared = (options?: Sandbox.Options, domain = 0) =>
  Effect.gen(function* () {
    const signed = yield* signedIn(options, domain)
    const { send } = signed
    const change = (name: string) => send("POST", "/object/hosts", { name, value: "192.0.2.1" })
    const outOfDate = Effect.map(send("GET", `${deployables}?expanded=true`), ({ json }) => json.items ?? [])
    const names = Effect.map(outOfDate, (items) => items.map(({ name }: { name: string }) => name))
    const request = (fields: object) =>
      send("POST", "/deployment/deploymentrequests", { type: "DeploymentRequest", ...fields })
    /** Deploys to all that is out of date, and hands back the path of its task. */
    const deploy = Effect.gen(function* () {
      const items = yield* outOfDate
      const deviceList = items.map(({ id }: { id: string }) => id)
      const { json } = yield* request({ version: items[0].version, deviceList })
      return `/job/taskstatuses/${json.metadata.task.id}`
    })
    const stateOf = (task: string) => Effect.map(send("GET", task), ({ json }) => json.status)
    return { ...signed, change, outOfDate, names, request, deploy, stateOf }
  })

it.scoped("devices are listed, and none is out of date before a change", () =>
  Effect.gen(function* () {
    const { change, outOfDate, send, base } = yield* prepared()
    const records = yield* send("GET", "/devices/devicerecords?expanded=true")
    expect(records.json.items).toMatchObject([
      { name: "ftd-1", type: "Device", sw_version: "7.4.2" },
      { name: "ftd-2", type: "Device" }
    ])
    // Required of a Device, and in the example of getDevice (FMC OpenAPI).
    expect(records.json.items[0]).toMatchObject({
      license_caps: expect.arrayContaining(["BASE"]),
      metadata: {
        sruVersion: expect.any(String),
        snortEngine: "SNORT3",
        deviceSerialNumber: expect.stringMatching(/^9S/)
      }
    })
    const { id } = records.json.items[0]
    expect((yield* send("GET", `/devices/devicerecords/${id}`)).json.name).toBe("ftd-1")
    expect(yield* outOfDate).toEqual([])
    yield* change("h")
    const first = (yield* outOfDate)[0]
    expect(first).toMatchObject({
      type: "DeployableDevice",
      name: "ftd-1",
      version: expect.stringMatching(/^\d+$/),
      upToDate: false,
      canBeDeployed: true,
      trafficInterruption: "NO",
      // A firewall's type is another here than elsewhere (FMC OpenAPI, getDeployableDevice, its examples).
      device: { id, name: "ftd-1", type: "SENSOR", keepLocalEvents: false },
      deviceMembers: [{ id, name: "ftd-1", type: "SENSOR" }],
      domain: { uuid: base.split("/").at(-1), name: "Global", type: "Domain" }
    })
    const brief = yield* send("GET", `${deployables}?limit=1`)
    expect(Object.keys(brief.json.items[0]).sort()).toEqual(["id", "links", "name", "type"])
    expect(brief.json.paging.next[0]).toContain(`${base}${deployables}?`)
  })
)

it.scoped("a change concerns the devices of its domain and of those below", () =>
  Effect.gen(function* () {
    const devices = [{ name: "top" }, { name: "low", domain: "Global/Branch" }]
    const { base, change, names, send } = yield* prepared({ devices }, 1)
    const domains = yield* send("GET", "/api/fmc_platform/v1/info/domain")
    const top = base.replace(domains.json.items[1].uuid, domains.json.items[0].uuid)
    yield* change("below")
    expect(yield* names).toEqual(["low"])
    expect((yield* send("GET", `${top}${deployables}`)).json).not.toHaveProperty("items")
    yield* send("POST", `${top}/object/hosts`, { name: "above", value: "192.0.2.1" })
    const above = (yield* send("GET", `${top}${deployables}`)).json.items
    expect(above).toMatchObject([{ name: "top" }])
    const itsOwn = yield* send("GET", `${top}${deployables}/${above[0].id}/pendingchanges`)
    expect(itsOwn.json.items).toMatchObject([{ entityName: "above" }])
    const { id } = (yield* send("GET", deployables)).json.items[0]
    const pending = yield* send("GET", `${deployables}/${id}/pendingchanges`)
    expect(pending.json.items).toMatchObject([{ entityName: "below" }, { entityName: "above" }])
  })
)

it.scoped("pending changes name each object once, by what became of it", () =>
  Effect.gen(function* () {
    const { change, outOfDate, send, sandbox } = yield* prepared()
    const kept = (yield* change("kept")).json
    yield* send("PUT", `/object/hosts/${kept.id}`, { ...kept, name: "renamed" })
    yield* send("DELETE", `/object/hosts/${(yield* change("gone")).json.id}`)
    const { id } = (yield* send("GET", "/object/hosts")).json.items[0]
    yield* send("DELETE", `/object/hosts/${id}`)
    const device = (yield* outOfDate)[0]
    const pending = yield* send("GET", `${deployables}/${device.id}/pendingchanges`)
    const lastUpdatedByUsers = [sandbox.username]
    expect(pending.json.items).toEqual([
      { entityUUID: kept.id, entityName: "renamed", entityType: "Host", action: "ADD", lastUpdatedByUsers },
      { entityUUID: id, entityName: "host-001", entityType: "Host", action: "DELETE", lastUpdatedByUsers }
    ])
    expect((yield* send("GET", `${deployables}/nothing/pendingchanges`)).status).toBe(404)
  })
)

it.scoped("without a deploy time the first look at the task is final, and the devices are up to date", () =>
  Effect.gen(function* () {
    const { change, deploy, names, send, sandbox } = yield* prepared()
    yield* change("h")
    const task = yield* deploy
    expect((yield* send("GET", task)).json).toMatchObject({
      type: "TaskStatus",
      taskType: "DEVICE_DEPLOYMENT",
      status: "DEPLOYED",
      subTasks: [
        { target: { name: "ftd-1" }, status: "DEPLOYED" },
        { target: { name: "ftd-2" }, status: "DEPLOYED" }
      ]
    })
    expect((yield* send("GET", `${task}?limit=10`)).status).toBe(400)
    expect((yield* send("GET", "/job/taskstatuses/1")).status).toBe(404)
    expect(yield* names).toEqual([])
    const history = yield* send("GET", "/deployment/jobhistories?expanded=true")
    expect(history.json.items).toMatchObject([
      {
        type: "JobHistory",
        jobStatus: "DEPLOYED",
        user: sandbox.username,
        deviceList: [
          { deviceName: "ftd-1", deploymentStatus: "SUCCEEDED" },
          { deviceName: "ftd-2", deploymentStatus: "SUCCEEDED" }
        ]
      }
    ])
  })
)

it.scoped("a deployment takes its time through the states, and what is changed meanwhile stays pending", () =>
  Effect.gen(function* () {
    const { change, deploy, names, outOfDate, request, send, stateOf } = yield* prepared({
      deployTime: "100 seconds",
      deployedState: "Succeeded",
      deployingState: "IN_PROGRESS"
    })
    yield* change("h")
    const task = yield* deploy
    const seen = [yield* stateOf(task)]
    for (let step = 0; step < 3; step++) {
      yield* TestClock.adjust("30 seconds")
      seen.push(yield* stateOf(task))
    }
    expect(seen).toEqual(["PENDING", "RUNNING", "IN_PROGRESS", "IN_PROGRESS"])
    yield* change("meanwhile")
    const [device] = yield* outOfDate
    // Both are true in the first example of getDeployableDevice (FMC OpenAPI).
    expect(device).toMatchObject({ isDeploying: true, canBeDeployed: true })
    const again = yield* request({ version: device.version, deviceList: [device.id] })
    expect(again.status).toBe(500)
    expect(again.json.error.messages[0].description).toContain("another deployment is in progress")
    expect((yield* send("GET", "/deployment/jobhistories")).json).not.toHaveProperty("items")
    yield* TestClock.adjust("10 seconds")
    expect(yield* stateOf(task)).toBe("Succeeded")
    expect(yield* names).toEqual(["ftd-1", "ftd-2"])
    const pending = yield* send("GET", `${deployables}/${device.id}/pendingchanges`)
    expect(pending.json.items).toMatchObject([{ entityName: "meanwhile" }])
    const [{ startTime, endTime }] = (yield* send("GET", "/deployment/jobhistories")).json.items
    expect(Date.parse(endTime) - Date.parse(startTime)).toBe(100_000)
  })
)

it.scoped("a device that fails and one that hangs are told from each other", () =>
  Effect.gen(function* () {
    const { sandbox, change, deploy, names, send, stateOf } = yield* prepared({ devices: 3 })
    yield* sandbox.failDeployment("ftd-1", "No space left.")
    yield* sandbox.hangDeployment("ftd-2")
    yield* change("h")
    const task = yield* deploy
    yield* TestClock.adjust("20 minutes")
    const slow = yield* send("GET", task)
    expect(slow.json).toMatchObject({
      status: "DEPLOYING",
      subTasks: [
        { target: { name: "ftd-1" }, status: "FAILED", message: "No space left." },
        { target: { name: "ftd-2" }, status: "DEPLOYING" },
        { target: { name: "ftd-3" }, status: "DEPLOYED" }
      ]
    })
    yield* sandbox.releaseDeployment("ftd-2")
    expect((yield* send("GET", task)).json).toMatchObject({
      status: "FAILED",
      message: "ftd-1: No space left."
    })
    expect(yield* names).toEqual(["ftd-1"])
    const history = yield* send("GET", "/deployment/jobhistories")
    expect(history.json.items).toMatchObject([{ jobStatus: "FAILED" }])
    // Only the next deployment was to fail.
    expect(yield* stateOf(yield* deploy)).toBe("DEPLOYED")
    const newestFirst = yield* send("GET", "/deployment/jobhistories")
    expect(newestFirst.json.items).toMatchObject([{ jobStatus: "DEPLOYED" }, { jobStatus: "FAILED" }])
    const unknown = Effect.catchAllDefect(sandbox.failDeployment("ftd-9"), (defect) =>
      Effect.succeed(String(defect))
    )
    expect(yield* unknown).toContain("no device ftd-9")
  })
)

it.scoped(
  "a request's version may be older than a device's, or the time of now, and goes for several devices",
  () =>
    Effect.gen(function* () {
      const { change, outOfDate, request, names } = yield* prepared()
      for (const version of ["1", "1999999999999"]) {
        yield* change(`h${version}`)
        const deviceList = (yield* outOfDate).map(({ id }: { id: string }) => id)
        expect(deviceList).toHaveLength(2)
        expect((yield* request({ version, deviceList })).status).toBe(202)
        expect(yield* names).toEqual([])
      }
      yield* change("h")
      expect(yield* names).toHaveLength(2)
    })
)

it.scoped("a deployment is refused with words where version, devices or their state do not fit", () =>
  Effect.gen(function* () {
    const devices = [{ name: "good" }, { name: "shut", canBeDeployed: false }, { name: "own", version: 7 }]
    const { change, outOfDate, request, names } = yield* prepared({ devices })
    // One may have a version of its own, and be out of date from the start.
    const [own] = yield* outOfDate
    expect(own).toMatchObject({ name: "own", version: "7" })
    expect((yield* request({ version: "7", deviceList: [own.id] })).status).toBe(202)
    const idle = yield* request({ version: "7", deviceList: [own.id] })
    expect(idle.json.error.messages[0].description).toContain("nothing to deploy")
    expect((yield* request({ version: "7", deviceList: [own.id], forceDeploy: true })).status).toBe(202)
    yield* change("h")
    const [good, shut] = yield* outOfDate
    const { id, version } = good
    const refused: ReadonlyArray<readonly [status: number, words: string, fields: object]> = [
      [500, "cannot be deployed", { version, deviceList: [id, shut.id] }],
      [400, "does not exist", { version, deviceList: [id, "nothing"] }],
      [400, "deviceList", { version, deviceList: [] }],
      [400, "version", { deviceList: [id] }],
      [400, "type", { type: "Deployment", version, deviceList: [id] }]
    ]
    for (const [status, words, fields] of refused) {
      const answer = yield* request(fields)
      expect(answer.status).toBe(status)
      expect(answer.json.error.messages[0].description).toContain(words)
    }
    expect(yield* names).toEqual(["good", "shut", "own"])
  })
)

it.scoped(
  "a pair and a cluster are deployed to as one, and only their members' records say of whom they are",
  () =>
    Effect.gen(function* () {
      const { change, deploy, outOfDate, request, send, sandbox, names } = yield* prepared({
        devices: 4,
        haPairs: [{ name: "edge", primary: "ftd-1", secondary: "ftd-2" }],
        clusters: [{ name: "core", members: ["ftd-3"] }]
      })
      yield* change("h")
      const [edge, core] = yield* outOfDate
      expect(yield* names).toEqual(["edge", "core", "ftd-4"])
      expect(edge).toMatchObject({ device: { name: "edge", type: "DeviceHAPair" } })
      expect(edge).not.toHaveProperty("deviceMembers")
      const records = (yield* send("GET", "/devices/devicerecords?expanded=true")).json.items
      expect(records.map(({ metadata }: { metadata: object }) => metadata)).toMatchObject([
        { isPartOfContainer: true, containerDetails: { id: edge.id, name: "edge", type: "DeviceHAPair" } },
        { containerDetails: { name: "edge" } },
        { containerDetails: { id: core.id, name: "core", type: "DeviceCluster" } },
        { isPartOfContainer: false }
      ])
      const clusters = yield* send("GET", "/deviceclusters/ftddevicecluster?expanded=true")
      expect(clusters.json.items).toMatchObject([{ id: core.id, masterDevice: { id: records[2].id } }])
      expect((yield* request({ version: edge.version, deviceList: [records[0].id] })).status).toBe(400)
      yield* sandbox.failDeployment("ftd-2", "No space left.")
      yield* deploy
      expect(yield* names).toEqual(["edge"])
      const [job] = (yield* send("GET", "/deployment/jobhistories?expanded=true")).json.items
      expect(job.deviceList).toMatchObject([
        { deviceName: "ftd-1", containerUUID: edge.id, containerName: "edge", deploymentStatus: "FAILED" },
        { deviceName: "ftd-2", containerUUID: edge.id, deploymentStatus: "FAILED" },
        { deviceName: "ftd-3", containerUUID: core.id, deploymentStatus: "SUCCEEDED" },
        { deviceName: "ftd-4" }
      ])
    })
)
