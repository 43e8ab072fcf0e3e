// Deployments of which an answer, or a task, is lost: they are never sent again, but looked for.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Sandbox from "sallyport/sandbox"
import { impatient, open, request } from "./deploying.ts"

const path = /deploymentrequests/
const lost = { method: "POST", path, how: Sandbox.Fault.loseAnswer }
const answeredWithout = (body: unknown) => ({
  method: "POST",
  path,
  how: Sandbox.Fault.status(202, { body })
})

describe("a deployment whose answer is lost", () => {
  it.scopedLive("and that is over by the time it is looked for is done", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.fail(lost)
      asked()
      const { devices, tasks } = yield* impatient(10)(domain.deploy())
      expect(devices).toMatchObject([
        { device: "ftd-1", state: "SUCCEEDED" },
        { device: "ftd-2", state: "SUCCEEDED" }
      ])
      expect(tasks).toEqual([])
      expect(asked().filter((one) => one === request)).toHaveLength(1)
    })
  )

  it.scopedLive("and that goes on is waited for by its devices", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.fail(lost)
      yield* sandbox.hangDeployment("ftd-1")
      yield* sandbox.hangDeployment("ftd-2")
      asked()
      expect(yield* Effect.flip(impatient(3)(domain.deploy()))).toMatchObject({
        _tag: "DeploymentUnfinished",
        devices: [{ state: "DEPLOYING" }, { state: "DEPLOYING" }]
      })
      yield* sandbox.releaseDeployment("ftd-1")
      yield* sandbox.releaseDeployment("ftd-2")
      yield* change
      yield* sandbox.fail(lost)
      yield* sandbox.hangDeployment("ftd-1")
      yield* sandbox.hangDeployment("ftd-2")
      const deploying = yield* Effect.fork(impatient(1000)(domain.deploy()))
      yield* Effect.sleep("150 millis")
      expect(yield* Fiber.poll(deploying)).toMatchObject({ _tag: "None" })
      yield* sandbox.releaseDeployment("ftd-1")
      yield* sandbox.releaseDeployment("ftd-2")
      expect((yield* Fiber.join(deploying)).devices).toHaveLength(2)
      expect(asked().filter((one) => one === request)).toHaveLength(2)
    })
  )

  it.scopedLive("and that fails has failed, whatever failed before it", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.failDeployment("ftd-2")
      yield* sandbox.fail(lost)
      const failed = { _tag: "DeploymentFailed", devices: [{ state: "SUCCEEDED" }, { state: "FAILED" }] }
      expect(yield* Effect.flip(impatient(10)(domain.deploy()))).toMatchObject(failed)
      // The job that failed is in the history by now, and is not taken for the next one.
      yield* sandbox.fail({ ...lost, how: Sandbox.Fault.reset })
      expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({ _tag: "OutcomeUnknown" })
    })
  )

  it.scopedLive("and that left no trace is OutcomeUnknown, and not sent again", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.fail({ ...lost, how: Sandbox.Fault.reset })
      asked()
      const error = yield* Effect.flip(impatient(2)(domain.deploy()))
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(asked().filter((one) => one === request)).toHaveLength(1)
      expect(yield* Stream.runCollect(domain.listDeployableDevices())).toHaveLength(2)
    })
  )

  it.scopedLive("is not mistaken for an old one where the history could not be read before", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.failDeployment("ftd-1")
      yield* sandbox.failDeployment("ftd-2")
      yield* Effect.flip(impatient(10)(domain.deploy()))
      yield* sandbox.fail({ path: /jobhistories/, how: Sandbox.Fault.status(403) })
      yield* sandbox.fail({ ...lost, how: Sandbox.Fault.reset })
      expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({ _tag: "OutcomeUnknown" })
    })
  )

  it.scopedLive("is looked for also where the FMC has no job histories", () =>
    Effect.gen(function* () {
      const { change, domain, sandbox } = yield* open()
      yield* change
      yield* sandbox.fail({
        path: /jobhistories/,
        times: Number.POSITIVE_INFINITY,
        how: Sandbox.Fault.status(404)
      })
      yield* sandbox.fail(lost)
      expect((yield* impatient(10)(domain.deploy())).devices).toMatchObject([
        { state: "DEPLOYED" },
        { state: "DEPLOYED" }
      ])
    })
  )
})

describe("a deployment whose task", () => {
  it.scopedLive.each([{}, { metadata: { task: { id: "../../x" } } }, undefined])(
    "is not named is waited for by its devices: %j",
    (body) =>
      Effect.gen(function* () {
        const { asked, change, domain, sandbox } = yield* open()
        yield* change
        yield* sandbox.fail(answeredWithout(body ?? ""))
        asked()
        // In truth the sandbox has never begun it.
        expect(yield* Effect.flip(impatient(2)(domain.deploy()))).toMatchObject({
          _tag: "DeploymentUnfinished",
          devices: [{ device: "ftd-1", state: "UNKNOWN" }, { state: "UNKNOWN" }]
        })
        const sent = asked()
        expect(sent.filter((one) => one === request)).toHaveLength(1)
        expect(sent.filter((one) => one.includes("taskstatuses"))).toEqual([])
      })
  )

  it.scopedLive("is not known for a moment is asked for again, and not for ever", () =>
    Effect.gen(function* () {
      const { asked, change, domain, sandbox } = yield* open()
      const missing = (times: number) =>
        sandbox.fail({ path: /taskstatuses/, times, how: Sandbox.Fault.status(404) })
      yield* change
      yield* missing(3)
      expect((yield* impatient(100)(domain.deploy())).devices).toHaveLength(2)
      yield* change
      yield* missing(Number.POSITIVE_INFINITY)
      asked()
      const error = yield* Effect.flip(impatient(100)(domain.deploy()))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status: 404 })
      expect(asked().filter((one) => one.includes("taskstatuses"))).toHaveLength(6)
    })
  )
})
