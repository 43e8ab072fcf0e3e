// Deployments, over real sockets: what is sent, what is waited for, and how they end.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Deployment, ReadBack } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { make } from "../../support/device.ts"
import { eventually } from "../../support/eventually.ts"
import { opened } from "./opened.ts"

const host = { name: "h", subType: "HOST", value: "192.0.2.1" } as const

/** A device with one change that is not deployed. */
const changed = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const device = yield* opened(options)
    yield* device.fdm.networks.create(host)
    const posts = () => device.sent().filter((one) => one === "POST /operational/deploy")
    const pending = Stream.runCollect(device.fdm.listPendingChanges())
    return { ...device, posts, pending }
  })

const quickly = Effect.provideService(Deployment.PollSchedule, Schedule.spaced("20 millis"))
const briefly = Effect.provideService(Deployment.PollSchedule, Schedule.recurs(2))

it.scopedLive("what is pending is listed, deployed, and pending no more", () =>
  Effect.gen(function* () {
    const { fdm, pending, posts } = yield* changed({ deployTime: "200 millis" })
    expect([...(yield* pending)]).toMatchObject([{ entityName: "h", type: "entitycreate" }])
    const job = yield* quickly(fdm.deploy())
    expect(Option.getOrThrow(job)).toMatchObject({ state: "DEPLOYED", type: "deploymentstatus" })
    expect(posts()).toHaveLength(1)
    expect(yield* pending).toHaveLength(0)
  })
)

it.scopedLive("nothing is deployed where nothing is pending, unless it is asked for", () =>
  Effect.gen(function* () {
    const { fdm, sent, writes } = yield* opened()
    expect(yield* fdm.deploy()).toEqual(Option.none())
    expect(sent()).toEqual(["GET /operational/pendingchanges", "GET /operational/deploy"])
    expect(Option.isSome(yield* fdm.deploy({ evenIfUnchanged: true }))).toBe(true)
    expect(writes()).toEqual(["POST /operational/deploy"])
  })
)

it.scopedLive.each(["DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"] as const)(
  "one that ends as %s has failed, however long it was waited for",
  (fdmDeployment) =>
    Effect.gen(function* () {
      const { fdm, pending } = yield* changed({ fdmDeployment, deployTime: "100 millis" })
      const error = yield* Effect.flip(quickly(fdm.deploy()))
      expect(error).toMatchObject({ _tag: "DeploymentFailed", devices: [{ state: fdmDeployment }] })
      expect(yield* pending).toHaveLength(1)
    })
)

it.scopedLive("one in a state that nobody listed goes on, and never counts as success", () =>
  Effect.gen(function* () {
    // A word of another version than those that are known.
    const fdmDeployment = "NEARLY_THERE" as "DEPLOYED"
    const { fdm } = yield* changed({ fdmDeployment, deployTime: "10 millis" })
    expect(yield* Effect.flip(briefly(fdm.deploy()))).toMatchObject({ _tag: "DeploymentUnfinished" })
  })
)

it.scopedLive("one that fails tells the device's words", () =>
  Effect.gen(function* () {
    const { fdm, sandbox } = yield* changed()
    yield* sandbox.failDeployment("fdm", "interface outside has no address")
    const error = yield* Effect.flip(fdm.deploy())
    expect(error.message).toContain("sandbox-fdm DEPLOY_FAILED (interface outside has no address)")
  })
)

it.scopedLive("one that is slow is told from one that failed, and can be waited for again", () =>
  Effect.gen(function* () {
    const { fdm, pending, posts, sandbox, sent } = yield* changed()
    yield* sandbox.hangDeployment("fdm")
    const error = yield* Effect.flip(briefly(fdm.deploy()))
    expect(error).toMatchObject({ _tag: "DeploymentUnfinished", devices: [{ device: "sandbox-fdm" }] })
    // Another one is not begun beside it.
    expect(yield* Effect.flip(briefly(fdm.deploy()))).toMatchObject({ _tag: "DeploymentUnfinished" })
    const before = sent().length
    const waiting = yield* Effect.fork(quickly(fdm.deploy()))
    yield* eventually("it has asked again and again", () => sent().length > before + 5)
    yield* sandbox.releaseDeployment("fdm")
    expect(yield* Fiber.join(waiting)).toEqual(Option.none())
    expect(yield* pending).toHaveLength(0)
    expect(posts()).toHaveLength(1)
  })
)

it.scopedLive("is not waited for where that is not wanted", () =>
  Effect.gen(function* () {
    const { fdm, sandbox } = yield* changed()
    yield* sandbox.hangDeployment("fdm")
    const job = yield* fdm.deploy({ wait: false })
    expect(Option.getOrThrow(job).state).toBe("QUEUED")
  })
)

it.scopedLive("one that cannot be scheduled yet is asked for again", () =>
  Effect.gen(function* () {
    const { fdm, posts, sandbox } = yield* changed()
    const body = { error: { messages: [{ description: "Failed to schedule deployment job" }] } }
    yield* sandbox.fail({ method: "POST", path: /deploy$/, how: Sandbox.Fault.status(422, { body }) })
    expect(Option.getOrThrow(yield* fdm.deploy()).state).toBe("DEPLOYED")
    expect(posts()).toHaveLength(2)
  })
)

it.scopedLive("one whose answer is lost is found among the jobs, and never sent twice", () =>
  Effect.gen(function* () {
    const { fdm, pending, posts, sandbox } = yield* changed()
    const earlier = Option.getOrThrow(yield* fdm.deploy())
    yield* fdm.networks.create({ ...host, name: "another" })
    yield* sandbox.fail({ method: "POST", path: /deploy$/, how: Sandbox.Fault.loseAnswer })
    const job = Option.getOrThrow(yield* fdm.deploy())
    expect(job.state).toBe("DEPLOYED")
    expect(job.id).not.toBe(earlier.id)
    expect(yield* pending).toHaveLength(0)
    expect(posts()).toHaveLength(2)
  })
)

it.scopedLive(
  "one that is lost before it arrives is OutcomeUnknown, and says that no trace of it was found",
  () =>
    Effect.gen(function* () {
      const { fdm, posts, sandbox } = yield* changed()
      yield* fdm.deploy()
      yield* fdm.networks.create({ ...host, name: "another" })
      yield* sandbox.fail({ method: "POST", path: /deploy$/, how: Sandbox.Fault.reset })
      const error = yield* fdm
        .deploy()
        .pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1)), Effect.flip)
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(posts()).toHaveLength(2)
    })
)

it.scopedLive("nothing is pending while another one is under way: that is waited for, and may fail", () =>
  Effect.gen(function* () {
    for (const state of ["DEPLOYED", "DEPLOY_FAILED"]) {
      let looks = 0
      const device = yield* make(({ path }) => {
        if (path.includes("/fdm/token")) return { body: { access_token: "access-1", expires_in: 1800 } }
        if (path.endsWith("/versions")) return { body: { supportedVersions: ["v6"] } }
        if (!path.includes("/operational/deploy")) return { body: { items: [] } }
        return { body: { items: [null, { id: "j-1", state: ++looks < 4 ? "DEPLOYING" : state }] } }
      })
      const fdm = yield* Fdm.make(device)
      expect(Option.getOrThrow(yield* fdm.deploy({ wait: false }))).toMatchObject({ state: "DEPLOYING" })
      const done = yield* Effect.either(quickly(fdm.deploy()))
      expect(done).toMatchObject(
        state === "DEPLOYED"
          ? { right: Option.none() }
          : { left: { _tag: "DeploymentFailed", devices: [{ id: "j-1", state }] } }
      )
      expect(looks).toBe(4)
      expect(device.heard.filter(({ method, path }) => method === "POST" && /deploy/.test(path))).toEqual([])
    }
  })
)
