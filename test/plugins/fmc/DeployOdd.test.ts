// Deployments at FMCs that answer in other ways than the sandbox.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import { type Answer, make } from "../../support/device.ts"
import { impatient } from "./deploying.ts"

const tokens = {
  "X-auth-access-token": "access-1",
  "X-auth-refresh-token": "refresh-1",
  DOMAINS: JSON.stringify([{ name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }])
}

/** An FMC with these deployable devices, whose deployment has a task that answers in turn; the last answer stays. */
const opened = (items: ReadonlyArray<object>, ...tasks: ReadonlyArray<object>) =>
  Effect.gen(function* () {
    let asked = 0
    const answer = (method: string, path: string): Answer => {
      if (path.includes("/auth/")) return { status: 204, headers: tokens }
      if (path.includes("/deployabledevices")) return { body: { items } }
      if (path.includes("/taskstatuses/")) return { body: tasks[Math.min(asked++, tasks.length - 1)] }
      return method === "POST" ? { status: 201, body: { metadata: { task: { id: 4711 } } } } : { body: {} }
    }
    const device = yield* make(({ method, path }) => answer(method, path))
    const fmc = yield* Fmc.make(device)
    const domain = yield* fmc.domain("Global")
    const sent = () => device.heard.flatMap(({ fields, path }) => (path.includes("request") ? [fields] : []))
    return { domain, sent, asked: () => asked }
  })

const one = { name: "ftd", version: 1597825642070, canBeDeployed: true, device: { id: "id-1" } }

describe("a deployable device", () => {
  it.scopedLive(
    "may have its id in the device alone, and a number as its version, which is sent as text",
    () =>
      Effect.gen(function* () {
        const { domain, sent } = yield* opened([one], { status: "Deployed" })
        const done = yield* impatient(10)(domain.deploy())
        expect(done).toEqual({
          devices: [{ device: "ftd", id: "id-1", state: "Deployed" }],
          leftOut: [],
          tasks: ["4711"]
        })
        expect(sent()).toEqual([
          {
            type: "DeploymentRequest",
            version: "1597825642070",
            forceDeploy: false,
            ignoreWarning: false,
            deviceList: ["id-1"]
          }
        ])
      })
  )

  it.scopedLive(
    "that is up to date is deployed to by force alone, and warnings are ignored on demand alone",
    () =>
      Effect.gen(function* () {
        const { domain, sent } = yield* opened([{ ...one, upToDate: true }], { status: "DEPLOYED" })
        const left = yield* domain.deploy({ ignoreWarnings: true })
        expect(left).toMatchObject({ devices: [], leftOut: [{ id: "id-1", state: "UP_TO_DATE" }] })
        expect(sent()).toEqual([])
        yield* impatient(10)(domain.deploy({ force: true }))
        yield* impatient(10)(domain.deploy({ force: true, ignoreWarnings: true }))
        expect(sent()).toMatchObject([
          { forceDeploy: true, ignoreWarning: false },
          { forceDeploy: true, ignoreWarning: true }
        ])
      })
  )

  it.scopedLive("that is being deployed to is not deployed to, although it is said that it can be", () =>
    Effect.gen(function* () {
      const { domain, sent } = yield* opened([
        { ...one, isDeploying: true, message: "Another is in progress." }
      ])
      const device = {
        device: "ftd",
        id: "id-1",
        state: "ALREADY_DEPLOYING",
        message: "Another is in progress."
      }
      expect((yield* domain.deploy({ wait: false })).leftOut).toEqual([device])
      expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [device]
      })
      expect(sent()).toEqual([])
    })
  )

  it.scopedLive("without any id is a violation", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened([{ name: "ftd", version: "1" }])
      const error = yield* Effect.flip(Stream.runCollect(domain.listDeployableDevices()))
      expect(error).toMatchObject({ _tag: "ProtocolViolation", detail: expect.stringContaining("no id") })
    })
  )

  it.scopedLive("that is a pair is called by its members too, and the worst of them counts", () =>
    Effect.gen(function* () {
      const pair = {
        ...one,
        name: "core",
        deviceMembers: [
          { id: "m-1", name: "left" },
          { id: "m-2", name: "right" }
        ]
      }
      const { domain, sent } = yield* opened([pair], {
        status: "DEPLOYED",
        subTasks: [
          { target: { id: "m-1" }, status: "DEPLOYED" },
          { target: { name: "right" }, status: "Failed", message: "No space left." }
        ]
      })
      const error = yield* Effect.flip(impatient(10)(domain.deploy({ devices: ["Right"] })))
      expect(error).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "core", id: "id-1", state: "Failed", message: "No space left." }]
      })
      expect(sent()).toMatchObject([{ deviceList: ["id-1"] }])
    })
  )
})

describe("a task", () => {
  const of = (status: string) => ({ target: { id: "id-1", name: "ftd" }, status })

  it.scopedLive("that failed, though each device of it went well, has failed", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened([one], {
        status: "ABORTED",
        message: "Stopped.",
        subTasks: [of("SUCCESS")]
      })
      expect(yield* Effect.flip(impatient(10)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ state: "ABORTED", message: "Stopped." }]
      })
    })
  )

  it.scopedLive("of which something failed that nobody asked for has failed", () =>
    Effect.gen(function* () {
      const other = { target: { name: "other" }, status: "FAILED", message: "No space left." }
      const { domain } = yield* opened([one], { status: "DEPLOYED", subTasks: [of("DEPLOYED"), other] })
      expect(yield* Effect.flip(impatient(10)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "ftd" }, { device: "other", state: "FAILED" }]
      })
    })
  )

  it.scopedLive("that failed has failed even if a device of it seems to go on for ever", () =>
    Effect.gen(function* () {
      const { asked, domain } = yield* opened([one], { status: "FAILED", subTasks: [of("PENDING")] })
      expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentFailed",
        devices: [{ device: "ftd", state: "FAILED" }]
      })
      expect(asked()).toBe(3)
    })
  )

  it.scopedLive("goes on as long as it or one of its devices does", () =>
    Effect.gen(function* () {
      const { asked, domain } = yield* opened(
        [one],
        {},
        { status: "RUNNING", subTasks: [of("DEPLOYED")] },
        { status: "DEPLOYED", subTasks: [of("in_progress")] },
        { status: "completed", subTasks: [of("DEPLOYED")] }
      )
      expect((yield* impatient(10)(domain.deploy())).devices).toMatchObject([{ state: "DEPLOYED" }])
      expect(asked()).toBe(4)
    })
  )

  it.scopedLive("and its words are told without tokens and control characters", () =>
    Effect.gen(function* () {
      const { domain } = yield* opened([{ ...one, name: "ftd\u001b[2J" }], {
        status: "FAILED",
        message: `access-1\u202e ${"x".repeat(5000)}`
      })
      const { message } = yield* Effect.flip(impatient(1)(domain.deploy()))
      expect(message).not.toMatch(/access-1|[\u0000-\u001f\u202e]/)
      expect(message.length).toBeLessThan(1000)
    })
  )

  const listed = {
    deployed: ["DEPLOYED", "SUCCESS", "SUCCEEDED", "COMPLETED"],
    failed: ["FAILED", "ABORTED", "CANCELLED", "PARTIALLY_SUCCEEDED"],
    running: ["PENDING", "RUNNING", "IN_PROGRESS", "DEPLOYING", "UNKNOWN"]
  }
  const spelt = FastCheck.constantFrom(...Object.values(listed).flat()).chain((state) =>
    FastCheck.array(FastCheck.boolean(), { minLength: state.length, maxLength: state.length }).map((up) =>
      [...state].map((letter, at) => (up[at] ? letter : letter.toLowerCase())).join("")
    )
  )

  it.scopedLive("is over in the listed states alone, in whatever case, and in any other goes on", () =>
    Effect.gen(function* () {
      const states = FastCheck.sample(FastCheck.oneof(spelt, FastCheck.string()), { numRuns: 60, seed: 4711 })
      const { domain } = yield* opened([one], ...states.map((status) => ({ status })))
      for (const state of states) {
        const [phase = "running"] = (["deployed", "failed"] as const).filter((phase) =>
          listed[phase].includes(state.trim().toUpperCase())
        )
        expect({ state, phase: (yield* domain.deployment("4711")).phase }).toEqual({ state, phase })
      }
    })
  )
})
