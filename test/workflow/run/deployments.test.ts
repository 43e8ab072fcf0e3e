// Deployments that end badly, in runs.
//
// States of a deployment, as devices call them: under way · good · bad, in one of several words · in a word that nobody
// listed, which is neither. Races: none.
//
// Invariants: a run whose deployment has ended badly has failed, whatever the word, and is not waited for · what can be
// taken back is, and the deployment is told as what cannot · a run that is left so deploys anew when it is resumed · a
// word that nobody listed is no success.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Deployment, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const onFmc = Workflow.make({
  name: "deploy",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }) =>
    Effect.gen(function* () {
      const domain = yield* fmc.domain("Global")
      yield* domain.hosts.create({ name: "a", value: "198.51.100.9" })
      yield* domain.deploy()
    })
})

const onFdm = Workflow.make({
  name: "deploy",
  input: Schema.Struct({}),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }) =>
    Effect.gen(function* () {
      yield* fdm.networks.create({
        name: "a",
        value: "198.51.100.9",
        subType: "HOST" as const,
        type: "networkobject"
      })
      yield* fdm.deploy()
    })
})

interface Clients {
  readonly domain: Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>
  readonly fdm: Fdm.Fdm
}

const polling = <A, E, R>(effect: Effect.Effect<A, E, R>, times: number) =>
  Effect.provideService(
    effect,
    Deployment.PollSchedule,
    Schedule.intersect(Schedule.spaced("10 millis"), Schedule.recurs(times))
  )

const statesOf = ({ changes }: Workflow.RunReport) => changes.map(({ action, state }) => `${action} ${state}`)

describe("a run whose deployment ends badly has failed, and takes back what can be", () => {
  it.scopedLive.each(["DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"] as const)("on an FDM: %s", (state) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ fdmDeployment: state, deployTime: "50 millis" })
      const folder = yield* temporaryFolder
      const run = Workflow.run(onFdm, { fdm: sandbox.fdm }, {}, { folder })
      const { report } = yield* polling(run, 10_000)
      expect(report.errors.map(({ tag }) => tag)).toEqual(["DeploymentFailed"])
      expect(report.errors[0]?.message).toContain(state)
      expect(statesOf(report)).toEqual(["create undone", "deploy left"])
      expect(report.undo).toEqual({ state: "incomplete", left: 1 })
    })
  )

  it.scopedLive.each(["FAILED", "ABORTED", "CANCELLED", "PARTIALLY_SUCCEEDED"])("on an FMC: %s", (state) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ deployedState: state, deployTime: "50 millis" })
      const folder = yield* temporaryFolder
      const run = Workflow.run(onFmc, { fmc: sandbox.fmc }, {}, { folder })
      const { report } = yield* polling(run, 10_000)
      expect(report.errors.map(({ tag }) => tag)).toEqual(["DeploymentFailed"])
      expect(report.errors[0]?.message).toContain(state)
      expect(statesOf(report)).toEqual(["create undone", "deploy left"])
    })
  )
})

describe("a run that is left after its deployment has ended badly", () => {
  it.scopedLive("deploys anew when it is resumed, and sends nothing else again", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ deployTime: "50 millis" })
      const folder = yield* temporaryFolder
      yield* sandbox.failDeployment("ftd-1", "No space left.")
      const devices = { fmc: sandbox.fmc }
      const first = yield* polling(Workflow.run(onFmc, devices, {}, { folder, onFailure: "leave" }), 10_000)
      expect(first.report.errors.map(({ tag }) => tag)).toEqual(["DeploymentFailed"])
      const before = sandbox.ledger.requests.length
      const { report } = yield* polling(Workflow.resume(onFmc, devices, first.report.run, { folder }), 10_000)
      expect([report.outcome, statesOf(report)]).toEqual([
        "done",
        ["create done", "deploy unknown", "deploy done"]
      ])
      const sent = sandbox.ledger.requests
        .slice(before)
        .filter(({ kind, method }) => kind === "call" && method === "POST")
        .map(({ path }) => path.replace(/.*\//, ""))
      expect(sent).toEqual(["deploymentrequests"])
    })
  )
})

describe("a run that is left behind a deployment with nothing to do", () => {
  for (const [backend, deploy] of [
    ["fmc", ({ domain }: Clients) => Effect.asVoid(domain.deploy())],
    ["fdm", ({ fdm }: Clients) => Effect.asVoid(fdm.deploy())]
  ] as const)
    it.scopedLive(`goes past it, whatever it has changed since: ${backend}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ deployTime: "50 millis" })
        const folder = yield* temporaryFolder
        let isMended = false
        const idle = Workflow.make({
          name: "idle",
          input: Schema.Struct({}),
          devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
          run: ({ fdm, fmc }) =>
            Effect.gen(function* () {
              const domain = yield* fmc.domain("Global")
              yield* deploy({ domain, fdm })
              yield* domain.hosts.create({ name: "a", value: "198.51.100.9" })
              yield* fdm.networks.create({ name: "a", value: "198.51.100.9", subType: "HOST" })
              if (!isMended) return yield* Effect.fail(scriptFailed("later"))
              yield* deploy({ domain, fdm })
            })
        })
        const devices = { fmc: sandbox.fmc, fdm: sandbox.fdm }
        const first = yield* polling(Workflow.run(idle, devices, {}, { folder, onFailure: "leave" }), 10_000)
        expect(statesOf(first.report)).toEqual(["create done", "create done"])
        isMended = true
        const { report } = yield* polling(
          Workflow.resume(idle, devices, first.report.run, { folder }),
          10_000
        )
        expect([report.outcome, report.errors]).toEqual(["done", []])
        expect(statesOf(report)).toEqual(["create done", "create done", "deploy done"])
      })
    )
})

describe("a run whose plan ends early, behind a deployment", () => {
  /** What is done without a plan ends it. `isOther` lets the script do something that its plan does not have. */
  const planned = Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ deployTime: "50 millis" })
    const folder = yield* temporaryFolder
    const asks = { isOther: false }
    const workflow = Workflow.make({
      name: "early",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) =>
        Effect.gen(function* () {
          const { deploy, hosts } = yield* fmc.domain("Global")
          const create = (name: string) => hosts.create({ name, value: "198.51.100.9" })
          yield* deploy()
          yield* create("a")
          if (asks.isOther) yield* create("other")
          yield* deploy()
          yield* Workflow.unplanned("by hand", Effect.void)
          yield* create("b")
        })
    })
    const devices = { fmc: sandbox.fmc }
    const fmc = yield* Fmc.make(sandbox.fmc)
    const domain = yield* fmc.domain("Global")
    const deployed = polling(domain.deploy(), 10_000)
    const plan = polling(Workflow.plan(workflow, devices, {}), 10_000)
    const run = (plan: Workflow.Plan) =>
      Effect.map(
        polling(Workflow.run(workflow, devices, {}, { folder, plan }), 10_000),
        ({ report }) => report
      )
    return { asks, deployed, domain, plan, run }
  })

  it.scopedLive("goes on behind that where it finds nothing to deploy any more", () =>
    Effect.gen(function* () {
      const { deployed, domain, plan, run } = yield* planned
      yield* domain.hosts.create({ name: "pending", value: "198.51.100.8" })
      const made = yield* plan
      expect(made.changes.map(({ action }) => action)).toEqual(["deploy", "create", "deploy"])
      expect(made.complete).toBe(false)
      yield* deployed
      const report = yield* run(made)
      expect([report.outcome, report.errors]).toEqual(["done", []])
      expect(statesOf(report)).toEqual(["create done", "deploy done", "create done", "deploy notReached"])
    })
  )

  it.scopedLive("is held to what comes before it, though an earlier one had nothing to do", () =>
    Effect.gen(function* () {
      const { asks, plan, run } = yield* planned
      const made = yield* plan
      expect(made.changes.map(({ action }) => action)).toEqual(["create", "deploy"])
      asks.isOther = true
      const report = yield* run(made)
      expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["refused", ["PlanOutdated"]])
      expect(report.errors[0]?.message).toContain("other")
    })
  )
})

describe("a deployment in a state that nobody listed", () => {
  it.scopedLive("is no success of a run: it is not over when the schedule is", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ deployedState: "NEARLY_THERE", deployTime: "10 millis" })
      const folder = yield* temporaryFolder
      const { report } = yield* polling(Workflow.run(onFmc, { fmc: sandbox.fmc }, {}, { folder }), 5)
      expect(report.errors.map(({ tag }) => tag)).toEqual(["DeploymentUnfinished"])
      expect(statesOf(report)).toEqual(["create undone", "deploy left"])
    })
  )
})
