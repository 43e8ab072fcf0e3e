// Deployments to pairs and clusters, which an FMC deploys to as one, and to devices that are not listed as deployable:
// nothing that a script named is ever taken for up to date because it was not found.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, make } from "../../support/device.ts"
import { eventually } from "../../support/eventually.ts"
import { impatient, open, request } from "./deploying.ts"

const units = {
  devices: 6,
  haPairs: [{ name: "edge", primary: "ftd-1", secondary: "ftd-2" }],
  clusters: [{ name: "core", members: ["ftd-3", "ftd-4"] }]
}

const domain = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const headers = {
  "X-auth-access-token": "access-1",
  "X-auth-refresh-token": "refresh-1",
  DOMAINS: JSON.stringify([{ name: "Global", uuid: domain }])
}

/** An FMC that answers with these lists, by a part of their paths; any other list does not exist. */
const lists = (by: Readonly<Record<string, ReadonlyArray<unknown> | Answer>>) =>
  Effect.gen(function* () {
    const device = yield* make(({ method, path }): Answer => {
      if (path.includes("/auth/")) return { status: 204, headers }
      if (path.includes("/taskstatuses/")) return { body: { status: "DEPLOYED" } }
      if (method === "POST") return { status: 202, body: { metadata: { task: { id: "1" } } } }
      const [, answer] = Object.entries(by).find(([part]) => path.includes(part)) ?? []
      if (answer === undefined) return { status: 404, body: {} }
      return "length" in answer ? { body: { items: answer } } : answer
    })
    const fmc = yield* Fmc.make(device)
    const sent = () =>
      device.heard.flatMap(({ fields, path }) => (path.includes("requests") ? [fields.deviceList] : []))
    return { domain: yield* fmc.domain("Global"), sent }
  })

const edge = { name: "edge", version: "7", device: { id: "p-1", name: "edge", type: "DeviceHAPair" } }
const record = (id: string, name: string, containerDetails?: object) => ({
  id,
  name,
  type: "Device",
  metadata: { isPartOfContainer: containerDetails !== undefined, containerDetails }
})

describe("a deployment to a member", () => {
  it.scopedLive.each(["ftd-1", " FTD-2 ", "edge", "Edge"])(
    "of a pair is one to the pair, by whatever it is called: %j",
    (name) =>
      Effect.gen(function* () {
        const { change, domain } = yield* open(units)
        yield* change
        const { devices, leftOut } = yield* impatient(10)(domain.deploy({ devices: [name] }))
        expect(devices).toMatchObject([{ device: "edge", state: "DEPLOYED" }])
        expect(leftOut).toEqual([])
        const left = yield* Stream.runCollect(domain.listDeployableDevices())
        expect([...left].map((one) => one.name)).toEqual(["core", "ftd-5", "ftd-6"])
      })
  )

  it.scopedLive("of a cluster is one to the cluster, and two members are one deployment", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open(units)
      yield* change
      const { devices } = yield* impatient(10)(
        domain.deploy({ devices: ["ftd-4", "ftd-3", "core", "ftd-4"] })
      )
      expect(devices).toMatchObject([{ device: "core", state: "DEPLOYED" }])
      expect(asked().filter((one) => one === request)).toHaveLength(1)
      yield* change
      yield* sandbox.failDeployment("ftd-3", "No space left.")
      expect(yield* Effect.flip(impatient(10)(domain.deploy({ devices: ["ftd-4"] })))).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "core", state: "FAILED", message: "No space left." }]
      })
    })
  )

  it.scopedLive("of a pair that has got it all is none, and says so of the member by its own name", () =>
    Effect.gen(function* () {
      const { asked, domain } = yield* open(units)
      asked()
      expect(yield* domain.deploy({ devices: ["ftd-1", "core"] })).toMatchObject({
        devices: [],
        leftOut: [
          { device: "ftd-1", state: "UP_TO_DATE" },
          { device: "core", state: "UP_TO_DATE" }
        ]
      })
      expect(asked()).not.toContain(request)
    })
  )

  it.scopedLive("is found by whatever tells of it: the member, the pair, or the list of deployables", () =>
    Effect.gen(function* () {
      const container = { id: "p-1", name: "edge", type: "DeviceHAPair" }
      const members = { primary: { id: "m-1" }, secondary: { id: "m-2" } }
      const ways = [
        { records: [record("m-1", "left", container), record("m-2", "right", container)] },
        { records: [record("m-1", "left", { name: "edge" })] },
        {
          records: [{ id: "m-1", name: "left" }],
          ftddevicehapairs: [{ id: "p-1", name: "edge", ...members }]
        },
        {
          records: [null, { id: "m-1", name: "left" }, 7],
          ftddevicecluster: [
            { id: "p-1", name: "edge", controlDevice: { id: "m-9" }, dataDevices: [null, { id: "m-1" }] }
          ]
        },
        // The list is silent, the record by itself is not.
        {
          records: [{ id: "m-1", name: "left" }],
          "devicerecords/m-1": { body: record("m-1", "left", container) }
        },
        // The pair has another id among the pairs than among what is deployable.
        { records: [record("m-1", "left", { id: "other", name: "Edge" })] }
      ]
      for (const { records, ...others } of ways) {
        const { domain, sent } = yield* lists({
          ...others,
          devicerecords: records,
          deployabledevices: [edge]
        })
        const { devices } = yield* impatient(10)(domain.deploy({ devices: ["left"] }))
        expect(devices).toMatchObject([{ device: "edge", state: "DEPLOYED" }])
        expect(sent()).toEqual([["p-1"]])
      }
    })
  )
})

describe("a name", () => {
  it.scopedLive("that nobody has is invalid, also where nothing is deployable, and lists what could be", () =>
    Effect.gen(function* () {
      const { asked, change, domain } = yield* open(units)
      asked()
      for (const none of ["", " "]) {
        expect(yield* Effect.flip(domain.deploy({ devices: [none] }))).toMatchObject({ _tag: "InvalidInput" })
      }
      const idle = yield* Effect.flip(domain.deploy({ devices: ["ftd-5", "ftd-7"] }))
      expect(idle).toMatchObject({ _tag: "InvalidInput", field: "devices", value: "ftd-7" })
      expect(idle.message).toContain('"edge", "ftd-1", "ftd-2", "core"')
      yield* change
      const busy = yield* Effect.flip(domain.deploy({ devices: ["ftd-7"] }))
      expect(busy.message).toContain('"edge", "core", "ftd-5", "ftd-6"')
      expect(asked()).not.toContain(request)
    })
  )

  it.scopedLive("that two devices have is invalid, and each of them can be named by its id", () =>
    Effect.gen(function* () {
      const { domain, sent } = yield* lists({
        devicerecords: [record("m-1", "left"), record("m-2", "Left")],
        deployabledevices: [{ ...edge, name: "left", device: { id: "m-2" } }]
      })
      const error = yield* Effect.flip(domain.deploy({ devices: ["LEFT"] }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "devices", value: "LEFT" })
      expect(error.message).toMatch(/m-1.*m-2/)
      expect((yield* domain.deploy({ devices: ["m-1"] })).leftOut).toMatchObject([{ state: "UP_TO_DATE" }])
      yield* impatient(10)(domain.deploy({ devices: ["m-2"] }))
      expect(sent()).toEqual([["m-2"]])
    })
  )

  it.scopedLive("of a member of what the FMC does not name is invalid, not up to date", () =>
    Effect.gen(function* () {
      const { domain } = yield* lists({
        devicerecords: [{ id: "m-1", name: "left", metadata: { isPartOfContainer: true } }],
        deployabledevices: [edge]
      })
      const error = yield* Effect.flip(domain.deploy({ devices: ["left"] }))
      expect(error).toMatchObject({ _tag: "InvalidInput", value: "left" })
      expect(error.message).toContain('"edge"')
    })
  )

  it.scopedLive("that may be among what cannot be read is the error of the reading", () =>
    Effect.gen(function* () {
      const { domain } = yield* lists({ devicerecords: { status: 403, body: {} }, deployabledevices: [edge] })
      expect(yield* Effect.flip(domain.deploy({ devices: ["left"] }))).toMatchObject({
        _tag: "DeviceRefused",
        status: 403
      })
      expect((yield* impatient(10)(domain.deploy({ devices: ["edge"] }))).devices).toHaveLength(1)
    })
  )
})

describe("a device that is not listed as deployable", () => {
  const job = (deploymentStatus: string) => ({
    id: "j-1",
    jobStatus: deploymentStatus,
    deviceList: [{ deviceUUID: "m-1", containerUUID: "p-1", deploymentStatus }]
  })
  const records = [record("m-1", "left", { id: "p-1", name: "edge" }), record("m-2", "right")]

  it.scopedLive("is not up to date while the job histories tell of a deployment to it", () =>
    Effect.gen(function* () {
      const { domain, sent } = yield* lists({
        devicerecords: records,
        deployabledevices: [],
        jobhistories: [null, job("DEPLOYING")]
      })
      expect((yield* domain.deploy({ devices: ["right"] })).leftOut).toMatchObject([{ state: "UP_TO_DATE" }])
      expect(yield* Effect.flip(impatient(2)(domain.deploy({ devices: ["left"] })))).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [{ device: "left", state: "ALREADY_DEPLOYING" }]
      })
      expect(sent()).toEqual([])
    })
  )

  it.scopedLive("is not up to date where its last deployment failed", () =>
    Effect.gen(function* () {
      const { domain } = yield* lists({
        devicerecords: records,
        deployabledevices: [],
        jobhistories: [job("FAILED"), job("SUCCEEDED")]
      })
      const error = yield* Effect.flip(domain.deploy({ devices: ["left"] }))
      expect(error).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "left", state: "FAILED" }]
      })
    })
  )
})

describe("a deployment that is under way already", () => {
  it.scopedLive("is waited for, and what was changed meanwhile is deployed after it", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open(units)
      yield* change
      yield* sandbox.hangDeployment("edge")
      yield* domain.deploy({ devices: ["ftd-1"], wait: false })
      yield* change
      asked()
      const deploying = yield* Effect.fork(impatient(1000)(domain.deploy({ devices: ["ftd-2", "ftd-5"] })))
      yield* eventually("the other one is deployed to", () => asked().includes(request))
      yield* eventually("it looks again", () => asked().includes("GET /deployment/deployabledevices"))
      expect(yield* Fiber.poll(deploying)).toMatchObject({ _tag: "None" })
      yield* sandbox.releaseDeployment("ftd-1")
      expect((yield* Fiber.join(deploying)).devices).toMatchObject([
        { device: "ftd-5", state: "DEPLOYED" },
        { device: "edge", state: "DEPLOYED" }
      ])
      expect(asked().filter((one) => one === request)).toHaveLength(1)
    })
  )

  it.scopedLive("and that brings it all leaves nothing to deploy; one that does not end is unfinished", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open({ devices: 1 })
      yield* change
      yield* sandbox.hangDeployment("ftd-1")
      yield* domain.deploy({ wait: false })
      asked()
      for (const devices of [undefined, ["ftd-1"]]) {
        expect(yield* Effect.flip(impatient(2)(domain.deploy({ devices })))).toMatchObject({
          _tag: "DeploymentUnfinished",
          devices: [
            { device: "ftd-1", state: "ALREADY_DEPLOYING", message: expect.stringContaining("in progress") }
          ]
        })
      }
      expect(asked()).not.toContain(request)
      const deploying = yield* Effect.fork(impatient(1000)(domain.deploy()))
      yield* eventually("it looks", () => asked().length > 0)
      yield* sandbox.releaseDeployment("ftd-1")
      expect(yield* Fiber.join(deploying)).toMatchObject({
        devices: [],
        leftOut: [{ device: "ftd-1", state: "UP_TO_DATE" }]
      })
      expect(asked()).not.toContain(request)
    })
  )

  it.scopedLive("is told where it is not waited for, and fails what was named before anything is sent", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open(units)
      yield* change
      yield* sandbox.hangDeployment("edge")
      yield* domain.deploy({ devices: ["edge"], wait: false })
      asked()
      const error = yield* Effect.flip(domain.deploy({ devices: ["ftd-1", "core"], wait: false }))
      expect(error).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "edge", state: "ALREADY_DEPLOYING" }]
      })
      expect(error.message).toContain("Nothing was sent")
      expect(asked()).not.toContain(request)
      const { devices, leftOut } = yield* domain.deploy({ wait: false })
      expect(devices.map(({ device }) => device)).toEqual(["core", "ftd-5", "ftd-6"])
      expect(leftOut).toMatchObject([{ device: "edge", state: "ALREADY_DEPLOYING" }])
    })
  )

  it.scopedLive("is seen also where the FMC says of the device only that it cannot be deployed to", () =>
    Effect.gen(function* () {
      const shut = { ...edge, canBeDeployed: false, message: "Not now." }
      const running = { id: "j", jobStatus: "DEPLOYING", deviceList: [{ deviceName: "edge" }] }
      const seen = yield* lists({ deployabledevices: [shut], jobhistories: [running] })
      expect(yield* Effect.flip(impatient(1)(seen.domain.deploy()))).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [{ device: "edge", state: "ALREADY_DEPLOYING", message: "Not now." }]
      })
      const silent = yield* lists({ deployabledevices: [shut] })
      expect((yield* silent.domain.deploy()).leftOut).toMatchObject([{ state: "CANNOT_BE_DEPLOYED" }])
    })
  )
})

describe("a deployment whose warnings are not ignored", () => {
  it.scopedLive("says how they could be, whether it is refused at once or fails later", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open({ devices: 1 })
      const words = { error: { messages: [{ description: "Warning: the rule Any is shadowed." }] } }
      const status = Sandbox.Fault.status(500, { body: words })
      yield* change
      yield* sandbox.fail({ method: "POST", path: /deploymentrequests/, times: 2, how: status })
      expect((yield* Effect.flip(domain.deploy())).message).toMatch(/shadowed\. .*ignoreWarnings/)
      expect((yield* Effect.flip(domain.deploy({ ignoreWarnings: true }))).message).not.toMatch(
        /ignoreWarnings/
      )
      yield* sandbox.failDeployment("ftd-1", "Warning: the rule Any is shadowed.")
      expect((yield* Effect.flip(impatient(9)(domain.deploy()))).message).toMatch(
        /shadowed\)\. .*ignoreWarnings/
      )
    })
  )
})
